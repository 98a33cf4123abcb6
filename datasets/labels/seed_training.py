"""`python -m datasets.labels.seed_training --data DATA --boxes FILE`: training boxes of vehicles, before anyone looks.

The seed detector (COCO) finds the box of a vehicle on our photos well but calls cars trucks and gives some a score of
only .1. So: boxes of all kinds suppress one another; the vehicle that the photo is about counts from .1, others from
.35; in damage/ and cars/ a vehicle is a car unless the seed is sure of something else; a close-up without a large box
is the visible part of one car. Writes vehicles_train.csv with source ``seed``; rows that somebody looked at are kept.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np

from datasets.labels.training import COLUMNS, TABLE, TrainingVehicle, load_training_vehicles
from datasets.splits import SplitRow, rows
from datasets.training.samples import main_box
from datasets.view_labels import load
from vision.geometry import area, iou
from vision.models.yolo import suppress
from vision.types import Box

KINDS = {1: "bicycle", 2: "car", 3: "motorcycle", 5: "bus", 7: "truck"}
OTHERS, SURE = 0.35, 0.75

Seed = list[tuple[Box, str, float]]


def merged(found: list[list[float]]) -> Seed:
    """Boxes of all kinds after suppressing one another."""
    if not found:
        return []
    kept = suppress(np.array([b[:4] for b in found]), np.array([b[5] for b in found]), 0.6)
    return [((f[0], f[1], f[2], f[3]), KINDS[int(f[4])], f[5]) for f in (found[i] for i in kept)]


def of_one_car(seed: Seed, size_wh: tuple[int, int], closeup: bool) -> list[tuple[str, Box]]:
    """Vehicles of a photo that is about one car."""
    whole = (0.0, 0.0, float(size_wh[0]), float(size_wh[1]))
    if closeup and not any(s >= 0.3 and area(b) > 0.5 * area(whole) for b, _, s in seed):
        return [("car", whole)]
    main = main_box([(b, s) for b, _, s in seed], size_wh)
    kept = [(b, k, s) for b, k, s in seed if s >= OTHERS or iou(b, main) > 0.9]
    return [(k if s >= SURE else "car", b) for b, k, s in kept] or [("car", whole)]


def of_street(seed: Seed) -> list[tuple[str, Box]]:
    return [(k, b) for b, k, s in seed if s >= 0.3]


def part_unions(data: Path) -> dict[str, Box]:
    """File name -> box around all part polygons of the one car."""
    read = json.loads((data / "parts/train/annotations.coco.json").read_text())
    names = {i["id"]: i["file_name"] for i in read["images"]}
    out: dict[str, Box] = {}
    for note in read["annotations"]:
        x, y, w, h = note["bbox"]
        a = out.get(names[note["image_id"]], (x, y, x + w, y + h))
        out[names[note["image_id"]]] = (min(a[0], x), min(a[1], y), max(a[2], x + w), max(a[3], y + h))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--boxes", type=Path, required=True, help="JSON: sha256 -> wh, boxes [x0 y0 x1 y1 class score]")
    args = parser.parse_args()
    seeds, unions = json.loads(args.boxes.read_text()), part_unions(args.data)
    looked = [v for v in load_training_vehicles() if v.source != "seed"] if TABLE.exists() else []
    done = {v.sha256 for v in looked}
    framing = {x.photo.sha256: x.framing for x in load(args.data)}
    out = list(looked)

    def add(row: SplitRow, found: list[tuple[str, Box]], source: str) -> None:
        out.extend(TrainingVehicle(row.sha256, row.folder, row.file, k, b, source) for k, b in found)

    for folder in ("damage/train", "cars", "parts/train", "street"):
        for row in rows(folder):
            kind = framing.get(row.sha256, "")
            if row.split == "test" or row.sha256 in done or kind in ("interior", "document"):
                continue
            seed, size = merged(seeds[row.sha256]["boxes"]), tuple(seeds[row.sha256]["wh"])
            if folder == "parts/train":
                add(row, [("car", unions[row.file])] if row.file in unions else [], "drawn")
            else:
                add(row, of_street(seed) if folder == "street" else of_one_car(seed, size, kind == "closeup"), "seed")
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows((v.sha256, v.folder, v.file, v.kind, *(round(x) for x in v.box_xyxy), v.source) for v in out)
    print(f"{len(out)} boxes on {len({v.sha256 for v in out})} photos")


if __name__ == "__main__":
    main()
