"""Masks of plate characters: the GA 36 glyph images where the shared data is at hand, and fonts of the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Mask = npt.NDArray[np.float32]

_NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
_LIBERATION = "/usr/share/fonts/truetype/liberation/{}.ttf"
_DEJAVU = "/usr/share/fonts/truetype/dejavu/{}.ttf"
FONT_PAIRS: tuple[tuple[str, str], ...] = (
    (_NOTO.format("Bold"), _LIBERATION.format("LiberationSansNarrow-Bold")),
    (_NOTO.format("Bold"), _NOTO.format("Bold")),
    (_NOTO.format("Regular"), _DEJAVU.format("DejaVuSansCondensed-Bold")),
    (_NOTO.format("Bold"), _DEJAVU.format("DejaVuSansCondensed")),
    (_NOTO.format("Regular"), _LIBERATION.format("LiberationSans-Regular")),
)
"""Fonts for Chinese characters and for letters and digits; a pair that is not installed is left out."""


def _tight(mask: Mask) -> Mask:
    rows, columns = np.nonzero(mask.max(1) > 0.3)[0], np.nonzero(mask.max(0) > 0.3)[0]
    if len(rows) == 0:
        raise ValueError("empty glyph")
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@dataclass(slots=True)
class FontGlyphs:
    """Glyphs of one pair of fonts, ink 0..1, cut to the ink."""

    hanzi: str
    latin: str
    _cache: dict[str, Mask] = field(default_factory=dict)

    def mask(self, char: str, style: str) -> Mask:
        """Ink of ``char``, float32 (height, width). ``style`` is of no use here: one font serves all rows."""
        if char not in self._cache:
            font = ImageFont.truetype(self.latin if char.isascii() else self.hanzi, 120)
            image = Image.new("L", (240, 240))
            ImageDraw.Draw(image).text((50, 20), char, font=font, fill=255)
            self._cache[char] = _tight(np.asarray(image, np.float32) / np.float32(255))
        return self._cache[char]


@dataclass(slots=True)
class StandardGlyphs:
    """GA 36 glyph images (``140_A.jpg``, ``220_up_A.jpg``, ``green_A.jpg``); missing characters come from a font."""

    folder: Path
    fallback: FontGlyphs
    _cache: dict[tuple[str, str], Mask] = field(default_factory=dict)

    def mask(self, char: str, style: str) -> Mask:
        """Ink of ``char``, float32. ``style`` is ``140``, ``220_up``, ``220_down`` or ``green``."""
        key = (char, style)
        if key not in self._cache:
            self._cache[key] = self._load(char, style)
        return self._cache[key]

    def _load(self, char: str, style: str) -> Mask:
        for name in (f"{style}_{char}", f"{style.split('_')[0]}_{char}", f"140_{char}"):
            path = self.folder / "font_model" / f"{name}.jpg"
            if path.exists():
                grey = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
                assert grey is not None, path
                return _tight(np.asarray(1 - grey / 255, np.float32))
        return self.fallback.mask(char, style)


Glyphs = FontGlyphs | StandardGlyphs


def glyph_sets(shared: Path | None) -> tuple[Glyphs, ...]:
    """Every glyph set at hand, the GA 36 one first. Raises FileNotFoundError when no font is installed."""
    fonts = tuple(FontGlyphs(h, lat) for h, lat in FONT_PAIRS if Path(h).exists() and Path(lat).exists())
    if not fonts:
        raise FileNotFoundError("no font: install fonts-noto-cjk and fonts-liberation")
    folder = None if shared is None else shared / "data" / "plates" / "glyphs"
    if folder is None or not folder.exists():
        return fonts
    return (StandardGlyphs(folder, fonts[0]), *fonts)
