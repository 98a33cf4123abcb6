"""Draws a blue number plate with the measures of GA 36 (440 x 140 mm), for the texture of a rendered car."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

SIZE_MM = (440, 140)
CHAR_MM = (45.0, 90.0)
CHAR_X_MM = (15.5, 72.5, 151.5, 208.5, 265.5, 322.5, 379.5)
CHAR_Y_MM = 25.0
DOT_MM = (134.5, 70.0, 5.0)
BLUE = (6, 52, 158)
WHITE = (242, 243, 245)

_PROVINCE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
_LATIN_FONTS = (
    "/usr/share/fonts/truetype/liberation/LiberationSansNarrow-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
)


def draw_plate(text: str, px_per_mm: float = 2.0) -> npt.NDArray[np.uint8]:
    """RGB picture of a blue plate, shape (140 * px_per_mm, 440 * px_per_mm, 3).

    ``text`` is the province, a letter and five more characters, without the dot. Raises ValueError for other lengths.
    """
    if len(text) != len(CHAR_X_MM):
        raise ValueError(f"a blue plate has {len(CHAR_X_MM)} characters, not {len(text)}: {text!r}")
    k = px_per_mm
    image = Image.new("RGB", (round(SIZE_MM[0] * k), round(SIZE_MM[1] * k)), BLUE)
    pen = ImageDraw.Draw(image)
    frame = (3 * k, 3 * k, (SIZE_MM[0] - 3) * k, (SIZE_MM[1] - 3) * k)
    pen.rounded_rectangle(frame, 11 * k, outline=WHITE, width=max(1, round(2.5 * k)))
    for x in (110, 330):
        for y in (14, 126):
            _disc(pen, x * k, y * k, 4.5 * k, (150, 152, 155))
    _disc(pen, DOT_MM[0] * k, DOT_MM[1] * k, DOT_MM[2] * k, WHITE)
    for index, (character, x_mm) in enumerate(zip(text, CHAR_X_MM, strict=True)):
        glyph = _glyph(character, index == 0, k)
        left = x_mm * k + (CHAR_MM[0] * k - glyph.width) / 2
        image.paste(WHITE, (round(left), round(CHAR_Y_MM * k)), glyph)
    return np.asarray(image, dtype=np.uint8)


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _glyph(character: str, province: bool, k: float) -> Image.Image:
    """The character's ink stretched to its cell (a 1 keeps its narrowness), as a grey mask."""
    font = _font(_PROVINCE_FONTS if province else _LATIN_FONTS)
    canvas = Image.new("L", (600, 600), 0)
    ImageDraw.Draw(canvas).text((100, 60), character, font=font, fill=255)
    ink = canvas.crop(canvas.getbbox())
    width = CHAR_MM[0] * (0.36 if character == "1" else 1.0)
    return ink.resize((round(width * k), round(CHAR_MM[1] * k)), Image.Resampling.LANCZOS)


@cache
def _font(candidates: tuple[str, ...]) -> ImageFont.FreeTypeFont:
    for path in candidates:
        if Path(path).exists():
            return ImageFont.truetype(path, 360)
    raise FileNotFoundError("none of these fonts is installed: " + ", ".join(candidates))
