"""A sheet of paper to print on, measured in millimetres, that remembers where each field was printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw

from datasets.documents.fonts import font
from datasets.documents.truth import FieldTruth, PageTruth, corners_of
from vision.types import Box, DocumentKind, Page, Pixels

Colour: TypeAlias = tuple[int, int, int]
LABEL: Colour = (52, 52, 60)
INK: Colour = (28, 28, 34)
RED: Colour = (214, 46, 52)


@dataclass(slots=True)
class Sheet:
    """Mutable while a page is drawn; coordinates in mm from the top left."""

    size_mm: tuple[float, float]
    px_per_mm: float
    background: Pixels
    label_font: str
    value_font: str
    rng: np.random.Generator
    page: Page
    fields: list[FieldTruth] = field(default_factory=list)
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.fromarray(self.background)
        self.pen = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> float:
        return mm * self.px_per_mm

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: Colour = LABEL,
        family: str | None = None,
        width: float | None = None,
        anchor: str = "lm",
        pen: ImageDraw.ImageDraw | None = None,
    ) -> Box:
        """Prints one line around the height ``y``; with ``width``, its characters are spread over so many mm."""
        face = font(family or self.label_font, round(self.px(size)))
        pen = pen or self.pen
        if width is None or len(text) < 2:
            pen.text((self.px(x), self.px(y)), text, font=face, fill=colour, anchor=anchor)
            return tuple(pen.textbbox((self.px(x), self.px(y)), text, font=face, anchor=anchor))  # type: ignore[return-value]
        step = (self.px(width) - face.getlength(text[-1])) / (len(text) - 1)
        boxes = []
        for index, sign in enumerate(text):
            place = (self.px(x) + index * step, self.px(y))
            pen.text(place, sign, font=face, fill=colour, anchor="lm")
            boxes.append(pen.textbbox(place, sign, font=face, anchor="lm"))
        return union(boxes)

    def label(
        self, x: float, y: float, zh: str, en: str = "", *, width: float | None = None, size: float = 2.4
    ) -> None:
        """A bilingual label: Chinese above, small English below."""
        self.text(x, y, zh, size, width=width)
        if en:
            self.text(x, y + size * 1.08, en, size * 0.74)

    def value(
        self,
        keys: str | tuple[str, ...],
        x: float,
        y: float,
        shown: str,
        canonical: str | tuple[str, ...],
        *,
        size: float = 3.1,
        wrap: float | None = None,
        family: str | None = None,
    ) -> None:
        """Prints a value with a printer's jitter and notes the truth; several keys may share one print."""
        if not shown:
            return
        x += float(self.rng.normal(0, 0.25))
        y += float(self.rng.normal(0, 0.15))
        face = family or self.value_font
        boxes = [
            self.text(x, y + row * size * 1.25, line, size, colour=INK, family=face)
            for row, line in enumerate(self._lines(shown, size, face, wrap))
        ]
        corners = corners_of(union(boxes))
        pairs = [(keys, canonical)] if isinstance(keys, str) else zip(keys, canonical, strict=True)
        self.fields.extend(FieldTruth(str(key), str(text), corners, self.page) for key, text in pairs)

    def _lines(self, text: str, size: float, family: str, wrap: float | None) -> list[str]:
        face = font(family, round(self.px(size)))
        lines = [""]
        for sign in text:
            if wrap is not None and face.getlength(lines[-1] + sign) > self.px(wrap):
                lines.append("")
            lines[-1] += sign
        return lines

    def rule(self, x0: float, x1: float, y: float, *, dashed: bool = False, colour: Colour = (150, 150, 150)) -> None:
        thickness = max(1, round(self.px(0.12)))
        step = 1.4 if dashed else x1 - x0
        at = x0
        while at < x1 - 1e-6:
            end = min(at + step * (0.6 if dashed else 1), x1)
            self.pen.line((self.px(at), self.px(y), self.px(end), self.px(y)), fill=colour, width=thickness)
            at += step

    def frame(self, x0: float, y0: float, x1: float, y1: float, *, colour: Colour = (90, 90, 90)) -> None:
        box = (self.px(x0), self.px(y0), self.px(x1), self.px(y1))
        self.pen.rectangle(box, outline=colour, width=max(1, round(self.px(0.15))))

    def done(self, kind: DocumentKind) -> tuple[Pixels, PageTruth]:
        pixels = np.asarray(self.image.convert("RGB"), dtype=np.uint8)
        whole = corners_of((0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0])))
        return pixels, PageTruth(kind, self.page, whole, tuple(self.fields))


def union(boxes: list[tuple[float, float, float, float]]) -> Box:
    """Smallest box around boxes."""
    return (
        float(min(box[0] for box in boxes)),
        float(min(box[1] for box in boxes)),
        float(max(box[2] for box in boxes)),
        float(max(box[3] for box in boxes)),
    )


def shown_moment(text: str) -> str:
    """``2026-05-01T08:21:12`` as a screen shows it; any other text as it is."""
    return text.replace("T", " ") if len(text) == 19 and text[10] == "T" else text
