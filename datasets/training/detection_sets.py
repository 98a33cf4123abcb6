"""Training folders for the detectors, in the layout that ultralytics reads: links to photos and label text files.

Only the `train` and `val` parts of the splits are written. A label file's line is ``class cx cy w h`` in shares of
the picture; an empty file is a picture on which nothing of the kind is to be seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from datasets.labels.training import load_training_parts, load_training_vehicles
from datasets.splits import SplitRow, rows
from vision.types import Box, DamageKind, PartKind, VehicleKind

DAMAGE_LABELS = tuple(k.value for k in DamageKind)
PART_LABELS = tuple(k.value for k in PartKind)
VEHICLE_LABELS = tuple(k.value for k in VehicleKind)


@dataclass(frozen=True, slots=True)
class Labelled:
    photo: SplitRow
    size_wh: tuple[int, int]
    boxes: tuple[tuple[int, Box], ...]
    outlines: tuple[tuple[int, tuple[float, ...]], ...] = ()
    """(class, (x, y, x, y, ..)) in pixels; a set has boxes or outlines, never both."""


def coco(data: Path, folder: str, labels: Sequence[str]) -> tuple[Labelled, ...]:
    """A folder with ``annotations.coco.json``; categories that are not in ``labels`` are left out."""
    read = json.loads((data / folder / "annotations.coco.json").read_text())
    names = {c["id"]: c["name"] for c in read["categories"]}
    by_image: dict[int, list[tuple[int, Box]]] = {}
    for note in read["annotations"]:
        if names[note["category_id"]] in labels:
            x, y, w, h = note["bbox"]
            item = (labels.index(names[note["category_id"]]), (x, y, x + w, y + h))
            by_image.setdefault(note["image_id"], []).append(item)
    photos = {r.file: r for r in rows(folder)}
    return tuple(
        Labelled(photos[i["file_name"]], (i["width"], i["height"]), tuple(by_image.get(i["id"], ())))
        for i in read["images"]
        if i["file_name"] in photos
    )


def intact(folder: str, every: int, sizes: Mapping[str, tuple[int, int]]) -> tuple[Labelled, ...]:
    """Every n-th photo of a folder of cars without damage."""
    return tuple(Labelled(r, sizes.get(r.sha256, (1, 1)), ()) for r in rows(folder)[::every])


def damage(data: Path) -> tuple[Labelled, ...]:
    """Claim photos, close-ups of scratches, and intact cars as negatives.

    The inspection photos stay out: their marks are far finer than what a party's phone is asked to show.
    """
    return (
        *coco(data, "damage/train", DAMAGE_LABELS),
        *coco(data, "damage_scratch_closeups", DAMAGE_LABELS),
        *intact("parts/train", 2, {}),
        *intact("cars", 6, {}),
        *intact("cars_views", 20, {}),
    )


def parts(data: Path) -> tuple[Labelled, ...]:
    """Whole cars with polygons, and claim photos of parts of cars with boxes drawn by hand."""
    drawn = load_training_parts()
    return (
        *coco(data, "parts/train", PART_LABELS),
        *(
            Labelled(
                row, size_wh(row.path(data)), tuple((PART_LABELS.index(kind), box) for kind, box in drawn[row.sha256])
            )
            for row in rows("damage/train", "train")
            if row.sha256 in drawn
        ),
    )


def vehicles(data: Path) -> tuple[Labelled, ...]:
    """Seeded boxes, part of them corrected by eye; see `datasets.labels.training`."""
    photos = {r.sha256: r for r in rows()}
    by_photo: dict[str, list[tuple[int, Box]]] = {}
    for item in load_training_vehicles():
        by_photo.setdefault(item.sha256, []).append((VEHICLE_LABELS.index(item.kind), item.box_xyxy))
    return tuple(Labelled(photos[sha], size_wh(photos[sha].path(data)), tuple(b)) for sha, b in by_photo.items())


def size_wh(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def line(item: tuple[int, Box], size_wh: tuple[int, int]) -> str:
    label, (x0, y0, x1, y1) = item
    w, h = size_wh
    return f"{label} {(x0 + x1) / 2 / w:.6f} {(y0 + y1) / 2 / h:.6f} {(x1 - x0) / w:.6f} {(y1 - y0) / h:.6f}"


def outline(item: tuple[int, tuple[float, ...]], size_wh: tuple[int, int]) -> str:
    label, points = item
    return " ".join([str(label), *(f"{v / size_wh[i % 2]:.6f}" for i, v in enumerate(points))])


def write(items: Iterable[Labelled], labels: Sequence[str], data: Path, out: Path) -> Path:
    """Writes the folder and returns its ``data.yaml``."""
    for split in ("train", "val"):
        (out / "images" / split).mkdir(parents=True, exist_ok=True)
        (out / "labels" / split).mkdir(parents=True, exist_ok=True)
    for item in items:
        if item.photo.split == "test":
            continue
        name = item.photo.sha256[:16]
        link = out / "images" / item.photo.split / f"{name}{Path(item.photo.file).suffix}"
        if not link.is_symlink():
            link.symlink_to(item.photo.path(data).resolve())
        notes = [line(b, item.size_wh) for b in item.boxes] + [outline(o, item.size_wh) for o in item.outlines]
        (out / "labels" / item.photo.split / f"{name}.txt").write_text("\n".join(notes))
    names = "\n".join(f"  {i}: {name}" for i, name in enumerate(labels))
    (out / "data.yaml").write_text(f"path: {out.resolve()}\ntrain: images/train\nval: images/val\nnames:\n{names}\n")
    return out / "data.yaml"


def make(role: str, data: Path, out: Path) -> Path:
    """Writes the training folder of ``damage``, ``parts`` or ``vehicle`` and returns its ``data.yaml``."""
    if role == "damage":
        return write(damage(data), DAMAGE_LABELS, data, out)
    if role == "parts":
        return write(parts(data), PART_LABELS, data, out)
    if role == "vehicle":
        return write(vehicles(data), VEHICLE_LABELS, data, out)
    raise ValueError(f"{role} has no folder of its own; give one")
