"""What is timed: photos of an example case, two of them made as large as a phone's."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from service.case_folder import open_case

PHONE_WH = (4000, 3000)
NOISE = 3.0
"""Grey levels of sensor noise: a picture that was only scaled up is smaller as a JPEG, and sooner decoded, than a
phone's."""
QUALITY = 90


def uploads(case: Path) -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of each photo of a case folder."""
    folder = open_case(case)
    return tuple((folder.photo_name(path), path.read_bytes()) for path in folder.photos)


def as_phone_photo(data: bytes) -> bytes:
    """The same picture as a JPEG of 12 megapixels (turned, if it stands, so that it lies: no pixel is cut away)."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None, "an example photo that is none"
    size_wh = PHONE_WH if picture.shape[1] >= picture.shape[0] else PHONE_WH[::-1]
    large = np.asarray(cv2.resize(picture, size_wh, interpolation=cv2.INTER_CUBIC), np.float32)
    noisy = large + np.random.default_rng(0).normal(0, NOISE, large.shape)
    told, coded = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert told
    return coded.tobytes()
