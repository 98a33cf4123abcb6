"""``python -m datasets.cases.compare DETECTOR.onnx CASES``: the panoramas of cases under a detector of real photos.

How real do the rendered vehicles look? The shipped detector has learnt from rendered scooters too, so this is asked of
one that never saw a rendering: YOLO11n of COCO, as its authors export it (float NCHW, RGB / 255, 80 classes). Nothing
is learnt from it. Writes `REAL_DETECTOR`, which `kuaizheng evaluate cases` reads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from datasets.cases.intervals import share
from datasets.cases.make import TrueCase
from datasets.cases.outcome import true_cases
from datasets.cases.single_roles import FOUND_IOU, PANORAMAS, REAL_DETECTOR, whole_vehicles
from datasets.cases.truth_views import Say, usable
from vision.errors import InputError
from vision.geometry import iou, letterbox
from vision.image import decode
from vision.models import yolo
from vision.models.session import Session
from vision.types import Box, Photo

COCO: Final = {1: "bicycle", 2: "car", 3: "motorcycle", 5: "bus", 7: "truck"}
SIDE, LEAST, OVERLAP = 640, 0.25, 0.7
"""Least score and overlap are the defaults of ultralytics."""


def boxes(session: Session, path: Path) -> list[Box]:
    """Vehicles on a picture, pixels xyxy of the picture as it is shown upright."""
    photo = decode(path.read_bytes(), path.name)
    if not isinstance(photo, Photo):
        raise InputError(f"{path}: not readable, so no picture of a case")
    pixels = photo.pixels
    square, placed = letterbox(pixels, SIDE)
    (raw,) = session.run(square.transpose(2, 0, 1)[None].astype(np.float32) / 255)
    rows = raw[0][[0, 1, 2, 3, *(4 + number for number in COCO)]]
    size_wh = (pixels.shape[1], pixels.shape[0])
    found = yolo.decode(rows, tuple(COCO.values()), placed, size_wh, OVERLAP)
    return [one.box_xyxy for one in found if one.score >= LEAST]


def compared(session: Session, cases: Iterable[tuple[Path, TrueCase]]) -> dict[str, Any]:
    """Of the parties' vehicles that are whole on a panorama without a planned fault: the share found, by kind."""
    known: set[bytes] = set()
    hits: list[tuple[str, str, bool]] = []
    for folder, true in cases:
        for picture in true.case.pictures:
            path = folder / picture.name
            if picture.seen.role not in PANORAMAS or usable(picture) is not Say.MET or path.read_bytes() in known:
                continue
            known.add(path.read_bytes())
            found = boxes(session, path)
            for one in whole_vehicles(picture):
                hit = any(iou(one.box_xyxy, box) >= FOUND_IOU for box in found)
                hits.append((one.kind, true.plan.scene, hit))
    by_kind = {kind: _share([hit for hit in hits if hit[0] == kind]) for kind in sorted({kind for kind, _, _ in hits})}
    return {"vehicles_found_in_panoramas": _share(hits), "by_kind": by_kind}


def _share(hits: Sequence[tuple[str, str, bool]]) -> dict[str, Any]:
    """Of kind, scene and whether it is found: one scene's pictures show the same vehicles."""
    return share([hit for _, _, hit in hits], [scene for _, scene, _ in hits])


def main(detector: Path, data: Path) -> None:
    table = {"detector": detector.stem} | compared(Session(detector, provider="cpu"), true_cases(data))
    text = json.dumps(table, ensure_ascii=False, indent=1)
    print(text)
    REAL_DETECTOR.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
