"""Vehicles cut from training photos of intact cars along their part polygons. Used in memory at training time only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.splits import rows
from datasets.training.samples import rgb
from vision.types import Pixels

FOLDER = "parts/train"


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    pixels: Pixels
    mask: npt.NDArray[np.float32]
    """0..1, soft at the border."""


def cutouts(data: Path, most: int) -> tuple[Cutout, ...]:
    """The first ``most`` cars of the training split."""
    read = json.loads((data / FOLDER / "annotations.coco.json").read_text())
    photos = {r.file: r for r in rows(FOLDER, "train")}
    names = {i["id"]: i["file_name"] for i in read["images"] if i["file_name"] in photos}
    outlines: dict[str, list[npt.NDArray[np.int32]]] = {}
    for note in read["annotations"]:
        if note["image_id"] in names:
            polygons = [np.array(p, np.float32).reshape(-1, 2).round().astype(np.int32) for p in note["segmentation"]]
            outlines.setdefault(names[note["image_id"]], []).extend(polygons)
    return tuple(_cut(rgb(photos[file].path(data)), outlines[file]) for file in sorted(outlines)[:most])


def _cut(pixels: Pixels, outlines: list[npt.NDArray[np.int32]]) -> Cutout:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for outline in outlines:
        cv2.fillPoly(mask, [outline], 255)
    # Gaps between the parts, for fenders have no polygon of their own.
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8)), np.uint8)
    ys, xs = np.nonzero(mask)
    window = slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1)
    soft = cv2.GaussianBlur(mask, (5, 5), 1.2)[window].astype(np.float32) / np.float32(255)
    return Cutout(np.ascontiguousarray(pixels[window]), np.asarray(soft, np.float32))
