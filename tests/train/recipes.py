"""Each role's recipe, from photos to a weight file, with as little of everything as it takes."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

import datasets.torchvision_cpu  # noqa: F401  (must come before ultralytics: it makes torchvision importable)

# isort: split
import numpy as np

from datasets import (
    cut_vehicle,
    export,
    pseudo,
    quality_export,
    splits,
    train,
    train_colour,
    train_damage_part,
    train_quality,
)
from datasets.lanes import export as lanes_export
from datasets.lanes import train as lanes_train
from datasets.plates import (
    export_reader,
    make_corner_set,
    make_detector_set,
    make_reader_set,
    reader_samples,
    train_corners,
    train_reader,
    unpack_reader,
)
from datasets.roadside import train as roadside_train
from vision.models.card import card_of
from vision.models.plate_reader import CANVAS_WH
from vision.models.session import Session

PHOTOS = {"train": 8, "val": 4, "test": 0}
"""Of each folder."""
SIDE = 64
FEW = 24
"""Drawn plates of a set."""


def same_answers(one: Path, other: Path) -> None:
    """Raises ValueError where two plate readers part on noise."""
    noise = np.random.default_rng(0).integers(0, 256, (8, CANVAS_WH[1], CANVAS_WH[0], 3), np.uint8)
    answers = [Session(file, provider="cpu").run(noise) for file in (one, other)]
    if not all(np.allclose(a, b, atol=0.01) for a, b in zip(*answers, strict=True)):
        raise ValueError(f"{other.name} was unpacked and exported again and answers otherwise than {one.name}")


def few(out: Path) -> Path:
    """A table of splits with the first few photos of each folder and part."""
    taken: Counter[tuple[str, str]] = Counter()
    with out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("sha256", "folder", "file", "split"))
        for row in splits.rows():
            if taken[row.folder, row.split] < PHOTOS[row.split]:
                taken[row.folder, row.split] += 1
                table.writerow((row.sha256, row.folder, row.file, row.split))
    return out


def call(main: Callable[[], None], *words: object) -> None:
    """A command as it is called from a shell."""
    with mock.patch.object(sys, "argv", [main.__module__, *map(str, words)]):
        main()


class Recipes:
    """One method a role; each gives the ONNX file."""

    def __init__(self, shared: Path, folder: Path) -> None:
        self.shared, self.data, self.folder = shared, shared / "data", folder
        self.init = shared / "weights/init/yolo11n_coco_dequant.pt"

    def _detector(self, role: str, *more: object) -> Path:
        out = self.folder / role
        words = ("--data", self.data, "--init", self.init, "--out", out, "--epochs", 1, "--imgsz", SIDE, "--batch", 4)
        call(train.main, role, *words, *more)
        call(export.main, role, "--weights", out / "run/weights/last.pt", "--imgsz", SIDE, "--out", out)
        return out / f"{role}.onnx"

    def _classifier(self, role: str) -> Path:
        out, boxes = self.folder / role, self.folder / "boxes.json"
        if not boxes.exists():
            call(pseudo.main, "--data", self.data, "--out", boxes)
        words = ("--data", self.data, "--init", self.init, "--boxes", boxes, "--out", out, "--epochs", 1)
        call(train.main, role, *words)
        call(export.main, role, "--weights", *(out / f"{role}.pt",) * 2, "--out", out)
        return out / f"{role}.onnx"

    def vehicle(self) -> Path:
        cut = self.folder / "vehicle_init.pt"
        call(cut_vehicle.main, "--init", self.init, "--out", cut)
        return self._detector("vehicle", "--init", cut, "--same-head")

    def damage(self) -> Path:
        model = "yolo11n-seg" if "-seg" in card_of("damage").recipe else "yolo11n"
        return self._detector("damage", "--model", model)

    def parts(self) -> Path:
        return self._detector("parts")

    def damage_part(self) -> Path:
        file = self.folder / "damage_part.onnx"
        with mock.patch.multiple(train_damage_part, BATCH=4, EPOCHS=1, PLACES=8):
            call(train_damage_part.main, "--data", self.data, "--init", self.init, "--out", file)
        return file

    def plate_detector(self) -> Path:
        made = self.folder / "plate_set"
        call(make_detector_set.main, "--shared", self.shared, "--out", made, "--count", FEW, "--side", SIDE)
        return self._detector("plate_detector", "--model", "yolo11n-pose", "--set", made / "data.yaml")

    def view(self) -> Path:
        return self._classifier("view")

    def photo(self) -> Path:
        return self._classifier("photo")

    def plate_reader(self) -> Path:
        sets, corners, out = self.folder / "reader_set", self.folder / "corner_set", self.folder / "plate_reader"
        for name, split in (("train_00", "train"), ("val", "val")):
            drawn = reader_samples.make(reader_samples.stock(self.shared, split), FEW, 0)
            make_reader_set.save(sets / name, drawn)
            store, random = reader_samples.stock(self.shared, split), np.random.default_rng(0)
            name = name.replace("00", "0")
            make_corner_set.save(corners / name, [make_corner_set.sample(store, random) for _ in range(FEW)])
        make_reader_set.save(sets / "train_real", reader_samples.repeated(self.shared, 1, 0))
        real = [
            reader_samples.Sample(reader_samples.framed(p, q), t, k)
            for p, q, t, k in reader_samples.real_crops(self.shared, "val")
        ]
        make_reader_set.save(sets / "real_val", real)
        for name, split in (("train_real", "train"), ("real_val", "val")):
            make_corner_set.save(corners / name, make_corner_set.real(self.shared, split, 1, 0))
        call(train_reader.main, "--set", sets, "--out", out / "first", "--steps", 3)
        call(train_reader.main, "--set", sets, "--out", out, "--steps", 2, "--init", out / "first" / "reader.pt")
        call(train_corners.main, "--set", corners, "--out", out, "--steps", 3)
        file = out / "plate_reader.onnx"
        weights = ("--weights", out / "reader.pt", "--corners", out / "corners.pt")
        call(export_reader.main, "--set", corners, *weights, "--out", file)
        again = out / "again"
        call(unpack_reader.main, "--weights", file, "--set", sets, "--out", again)
        weights = ("--weights", again / "reader.pt", "--corners", again / "corners.pt")
        call(export_reader.main, "--set", corners, *weights, "--out", again / "plate_reader.onnx")
        same_answers(file, again / "plate_reader.onnx")
        return file

    def roadside(self) -> Path:
        out = self.folder / "roadside"
        words = ("--data", self.data, "--init", self.init, "--out", out, "--photos", 8, "--steps", 3)
        call(roadside_train.main, *words)
        call(export.main, "roadside", "--weights", out / "roadside.pt", "--imgsz", SIDE, "--out", out)
        return out / "roadside.onnx"

    def lane(self) -> Path:
        out = self.folder / "lane"
        call(lanes_train.main, "--data", self.data, "--out", out, "--roads", 4, "--photos", 8, "--epochs", 1)
        call(lanes_export.main, "--weights", out / "lane.pt", "--out", out)
        return out / "lane.onnx"

    def colour(self) -> Path:
        file = self.folder / "colour.onnx"
        call(train_colour.main, "--data", self.data, "--out", file, "--photos", 8, "--epochs", 1)
        return file

    def quality(self) -> Path:
        file = self.folder / "quality.onnx"
        with mock.patch.object(train_quality, "export", partial(quality_export.export, path=file)):
            train_quality.main(self.data, 4, self.folder / "quality")
        return file


ROLES = ("vehicle", "damage", "parts", "damage_part", "plate_detector", "view", "photo", "plate_reader", "roadside",
         "lane", "colour", "quality")  # fmt: skip
