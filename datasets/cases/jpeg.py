"""Pixels to a phone's JPEG and back."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from datasets.scenes.exif import Capture, exif_block
from vision.types import Pixels


def jpeg(pixels: Pixels, quality: int, capture: Capture | None) -> bytes:
    """RGB pixels as a JPEG with EXIF of ``capture``; null: without, as messengers send them."""
    out = io.BytesIO()
    more = {} if capture is None else {"exif": exif_block(capture)}
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, subsampling=2, optimize=True, **more)
    return out.getvalue()


def read_rgb(path: Path) -> Pixels:
    """Raises OSError where there is no picture."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise OSError(f"{path}: no picture")
    return np.ascontiguousarray(np.asarray(pixels, np.uint8)[..., ::-1])
