"""`python -m datasets.plates.seed_labels SEED.onnx OUT.csv.gz`: corners of plates on photos, by the seed model.

The seed (HyperLPR's y5fu, Apache-2.0) runs on the whole picture and on overlapping tiles at 320 px; answers are
merged. Bare plate crops get a grey border first. The labels are looked at as contact sheets and the wrong ones
(stamped dates, dealers' strips, grilles, halves of plates) listed in labels/rejected.csv by photo and centre. Only
train and val photos are labelled, never test.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.splits import rows, shared_folder
from vision.geometry import bounds, from_letterbox, iou, letterbox
from vision.models.session import Session
from vision.types import Pixels

SIDE = 320
FOLDERS = ("damage/train", "cars", "parts/train", "cars_views", "street", "plates/crops_train")
KEEP = 0.05
LABELS = Path(__file__).with_name("labels") / "seed.csv.gz"
REJECTED = Path(__file__).with_name("labels") / "rejected.csv"
LOOKED_FOLDERS = ("damage/train", "cars", "parts/train", "street")
LOOKED_ABOVE = 0.5
"""Every answer on photos of these folders above this score was looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class SeedPlate:
    score: float
    corners: npt.NDArray[np.float64]
    """(4, 2): top left, top right, bottom right, bottom left, pixels."""
    double: bool


def read_rgb(path: Path) -> Pixels:
    image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"not readable: {path}")
    return np.ascontiguousarray(image[..., ::-1], np.uint8)


def _infer(seed: Session, pixels: Pixels) -> list[SeedPlate]:
    square, box = letterbox(pixels, SIDE)
    (out,) = seed.run(square.transpose(2, 0, 1)[None].astype(np.float32) / 255)
    found = out[0][out[0][:, 4] > KEEP]
    plates = []
    for row in found:
        score = float(row[4] * row[13:15].max())
        if score > KEEP:
            corners = from_letterbox(row[5:13].reshape(4, 2), box)
            plates.append(SeedPlate(score, corners, bool(row[14] > row[13])))
    return plates


def _tiles(width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Whole picture and, where it is larger than the model's input, 2 x 2 and 3 x 3 overlapping parts."""
    tiles = [(0, 0, width, height)]
    for parts in (2, 3) if max(width, height) > 1.2 * SIDE else ():
        w, h = int(width * 1.3 / parts), int(height * 1.3 / parts)
        for i in range(parts):
            for j in range(parts):
                x, y = round(i * (width - w) / (parts - 1)), round(j * (height - h) / (parts - 1))
                tiles.append((x, y, x + w, y + h))
    return tiles


def find(seed: Session, pixels: Pixels) -> list[SeedPlate]:
    """Plates on the picture, best first, one for each place."""
    height, width = pixels.shape[:2]
    border = height < 80
    pad = round(0.5 * height) if border else 0
    padded = cv2.copyMakeBorder(pixels, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    found: list[SeedPlate] = []
    for x0, y0, x1, y1 in _tiles(width + 2 * pad, height + 2 * pad):
        for plate in _infer(seed, np.asarray(padded[y0:y1, x0:x1], np.uint8)):
            found.append(SeedPlate(plate.score, plate.corners + np.array([x0 - pad, y0 - pad]), plate.double))
    kept: list[SeedPlate] = []
    for plate in sorted(found, key=lambda p: -p.score):
        if all(iou(bounds(plate.corners), bounds(k.corners)) < 0.3 for k in kept):
            kept.append(plate)
    return kept


def _rejected(path: Path) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["sha256"], []).append((float(row["x"]), float(row["y"])))
    return found


def read_labels(path: Path = LABELS, rejected: Path = REJECTED) -> dict[str, list[SeedPlate]]:
    """sha256 of the photo to its plates without the rejected; one looked at without a find has an empty list."""
    labels: dict[str, list[SeedPlate]] = {}
    wrong = _rejected(rejected)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            plates = labels.setdefault(row["sha256"], [])
            if row["score"]:
                corners = np.array([float(v) for v in row["corners"].split()]).reshape(4, 2)
                centre = corners.mean(0)
                if all(np.abs(centre - w).max() > 0.2 for w in wrong.get(row["sha256"], [])):
                    plates.append(SeedPlate(float(row["score"]), corners, row["double"] == "1"))
    return labels


def main(model: Path, out: Path) -> None:
    seed, data = Session(model), shared_folder() / "data"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["sha256", "folder", "score", "double", "corners"])
    for row in (r for folder in FOLDERS for r in rows(folder) if r.split != "test"):
        plates = find(seed, read_rgb(row.path(data)))
        if not plates:
            writer.writerow([row.sha256, row.folder, "", "", ""])
        for p in plates:
            corners = " ".join(f"{v:.1f}" for v in p.corners.ravel())
            writer.writerow([row.sha256, row.folder, f"{p.score:.3f}", int(p.double), corners])
    # No time stamp inside: the same labels give the same bytes.
    out.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
