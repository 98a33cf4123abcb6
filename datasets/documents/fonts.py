"""Font families for drawn documents. Those in `HELD_OUT` are never looked at while the reader is tuned."""

from __future__ import annotations

import functools
from pathlib import Path

from PIL import ImageFont

FOLDER = Path("/usr/share/fonts")
FAMILIES: dict[str, tuple[str, int]] = {
    # Debian packages: fonts-noto-cjk, fonts-arphic-ukai, fonts-arphic-uming, fonts-wqy-zenhei, fonts-lxgw-wenkai
    "noto-sans": ("opentype/noto/NotoSansCJK-Regular.ttc", 2),
    "noto-serif": ("opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    "wqy-microhei": ("truetype/wqy/wqy-microhei.ttc", 0),
    "uming": ("truetype/arphic/uming.ttc", 0),
    "wqy-zenhei": ("truetype/wqy/wqy-zenhei.ttc", 0),
    "wenkai": ("truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
}
TUNING = ("noto-sans", "noto-serif", "wqy-microhei")
HELD_OUT = ("wqy-zenhei", "uming", "wenkai")


@functools.lru_cache(maxsize=256)
def font(family: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Font of a family at a size; `OSError` names the file when its package is not installed."""
    file, index = FAMILIES[family]
    return ImageFont.truetype(str(FOLDER / file), max(4, size_px), index=index)


def installed() -> tuple[str, ...]:
    """Families whose files are there."""
    return tuple(name for name, (file, _) in FAMILIES.items() if (FOLDER / file).is_file())
