"""Wrongly decided cases as small proof sheets: their photos, the decision given and due, and where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np
from PIL import Image, ImageDraw

from datasets.cases.outcome import Outcome, disagreements
from datasets.evaluation.sheets import ANSWER, Case, font
from datasets.training.samples import rgb
from vision.types import Box, Pixels

SIDE = 840
FEW = 16
"""Photos that four columns have room for; of more there are five columns."""
LINE_PX = 17
LETTERS = 130
"""Of a line of words."""
WRONG_COMPLETE = 1000.0
"""Worse than any error of the score."""


def case(one: Outcome) -> Case:
    """Wrong ``complete`` first, then other wrong decisions, by how far the score is off."""
    badness = 1 + one.score_error + (WRONG_COMPLETE if one.wrong_complete else 0)
    truth, found = one.true.truth, one.found
    faults = ", ".join(map(str, one.true.plan.faults)) or "no fault"
    words = (
        f"{one.folder.name} {one.true.plan.standard}, {faults}: due is {truth.decision} {truth.score:g}",
        f"given is {found.decision.value} {found.score:g}",
    )
    return Case(badness if one.wrong else 0.0, partial(proof, one), words)


def proof(one: Outcome) -> Pixels:
    """The case's photos, `SIDE` pixels wide, framed where a finding in dispute rests on them, and the disputes."""
    disputes = disagreements(one)
    names = {dispute.split(":")[0] for dispute in disputes}
    cited: dict[str, list[Box]] = {}
    for finding in one.found.findings:
        for evidence in finding.evidence if finding.requirement in names else ():
            cited.setdefault(evidence.photo, []).extend(evidence.boxes)
    photos = [picture.name for picture in one.true.case.pictures] + [paper.name for paper in one.true.case.papers]
    columns = 4 if len(photos) <= FEW else 5
    width, height = SIDE // columns, SIDE * 3 // (4 * columns)
    whole = Image.new("RGB", (SIDE, SIDE), (25, 25, 25))
    for k, name in enumerate(photos):
        small = _small(rgb(one.folder / name), name, cited.get(name), (width, height))
        whole.paste(Image.fromarray(small), (k % columns * width, k // columns * height))
    pen, letters, below = ImageDraw.Draw(whole), font(13), -(-len(photos) // columns) * height + 4
    for k, line in enumerate(_lines(disputes)):
        pen.text((4, below + k * LINE_PX), line, (235, 235, 235), letters)
    return np.asarray(whole, np.uint8)


def _small(pixels: Pixels, name: str, boxes: Sequence[Box] | None, size_wh: tuple[int, int]) -> Pixels:
    """One photo with its name; boxes and a frame where it is cited."""
    width, height = size_wh
    scale = min((width - 4) / pixels.shape[1], (height - 4) / pixels.shape[0])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cell = Image.new("RGB", size_wh, (25, 25, 25))
    cell.paste(Image.fromarray(np.asarray(small, np.uint8)), (2, 2))
    pen = ImageDraw.Draw(cell)
    for x0, y0, x1, y1 in boxes or ():
        pen.rectangle((2 + x0 * scale, 2 + y0 * scale, 2 + x1 * scale, 2 + y1 * scale), outline=ANSWER)
    if boxes is not None:
        pen.rectangle((0, 0, width - 1, height - 1), outline=ANSWER, width=2)
    pen.text(
        (4, height - 14), name.removesuffix(".jpg"), (255, 230, 60), font(10), stroke_width=1, stroke_fill=(0, 0, 0)
    )
    return np.asarray(cell, np.uint8)


def _lines(disputes: Sequence[str]) -> list[str]:
    """Each dispute on lines of its own."""
    return [one[k : k + LETTERS] for one in disputes for k in range(0, len(one), LETTERS)]
