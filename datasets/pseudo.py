"""`python -m datasets.pseudo --data FOLDER --out FILE`: vehicle boxes of all photos, by the detector that ships.

Views and framing are trained on these boxes; their own labels are by hand. JSON: sha256 -> {"boxes": [[x0, y0, x1,
y1, score], ..]} in pixels of the photo. About 20 photos/s on two cores.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from datasets.splits import rows
from datasets.training.samples import rgb
from vision.models.card import card_of
from vision.models.session import open_model
from vision.models.yolo import Detector

FOLDERS = ("damage/train", "damage/val", "cars", "cars_views", "parts/train", "street")
FLOOR = 0.1


def boxes(detector: Detector, path: Path) -> list[list[float]]:
    (found,) = detector.detect((rgb(path),))
    return [[*(round(v, 1) for v in f.box_xyxy), round(f.score, 3)] for f in found if f.score >= FLOOR]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    # The network's own scores: what is trained on these boxes must not hang on a calibration.
    detector = Detector(open_model(card_of("vehicle")), calibrated=False)
    chosen = [r for folder in FOLDERS for r in rows(folder)]
    args.out.write_text(json.dumps({r.sha256: {"boxes": boxes(detector, r.path(args.data))} for r in chosen}))


if __name__ == "__main__":
    main()
