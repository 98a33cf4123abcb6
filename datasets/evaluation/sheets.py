"""A sheet of the worst answers, to be looked at. It shows other people's photos: it stays out of the repository."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from datasets.documents.fonts import TUNING, installed
from datasets.documents.fonts import font as drawn_font
from datasets.training.samples import rgb
from vision.types import Box, Pixels

WORST = 40
SHEET_WH = (1700, 1800)
CELL, STRIP = 340, 46
LETTER_PX = 5.6
"""Mean width of a letter of the words beneath."""
TRUTH, ANSWER = (40, 220, 60), (240, 50, 40)


@dataclass(frozen=True, slots=True)
class Case:
    """One answer: the larger ``badness``, the worse. ``words`` are two short lines, the truth and the answer."""

    badness: float
    picture: Path | Callable[[], Pixels]
    words: tuple[str, str]
    truth: Sequence[tuple[str, Box]] = field(default=())
    answer: Sequence[tuple[str, Box]] = field(default=())


def worst(cases: Sequence[Case], count: int = WORST) -> list[Case]:
    """The worst first; those that are not bad at all (0 or less) are no case."""
    return sorted((c for c in cases if c.badness > 0), key=lambda c: -c.badness)[:count]


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font that knows Chinese where one is installed; plate texts are in it."""
    name = next((n for n in TUNING if n in installed()), None)
    return drawn_font(name, size) if name else ImageFont.load_default(size)


def cell(case: Case, side: int = CELL) -> Pixels:
    """The picture, ``side`` pixels on its longer side, with truth in green and answer in red, the words beneath."""
    pixels = rgb(case.picture) if isinstance(case.picture, Path) else case.picture()
    scale = side / max(pixels.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    whole = Image.new("RGB", (side, side + STRIP), (25, 25, 25))
    whole.paste(Image.fromarray(small), (0, 0))
    pen, letters = ImageDraw.Draw(whole), font(13)
    for colour, boxes in ((TRUTH, case.truth), (ANSWER, case.answer)):
        for name, box in boxes:
            x0, y0, x1, y1 = (round(v * scale) for v in box)
            pen.rectangle((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), outline=colour, width=2)
            pen.text((x0 + 3, y0 + (1 if colour == TRUTH else 14)), name, colour, letters)
    pen.text((4, side + 3), case.words[0][: int(side / LETTER_PX)], TRUTH, letters)
    pen.text((4, side + 24), case.words[1][: int(side / LETTER_PX)], ANSWER, letters)
    return np.asarray(whole, np.uint8)


def write(cases: Sequence[Case], folder: Path, name: str, side: int = CELL) -> list[Path]:
    """Writes ``name_1.png``, ``name_2.png``, ... of as many cells as fit (20 of the usual ones); returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = [cell(c, side) for c in worst(cases)]
    files = []
    columns = max(SHEET_WH[0] // side, 1)
    each = columns * max(SHEET_WH[1] // (side + STRIP), 1)
    for start in range(0, len(cells), each):
        part = cells[start : start + each]
        part += [np.zeros_like(part[0])] * (-len(part) % columns)
        lines = [np.concatenate(part[k : k + columns], 1) for k in range(0, len(part), columns)]
        file = folder / f"{name}_{start // each + 1}.png"
        cv2.imwrite(str(file), np.concatenate(lines)[:, :, ::-1])
        files.append(file)
    return files
