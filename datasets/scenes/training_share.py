"""Training sets of rendered pictures: ``python -m datasets.scenes.training_share SCENES.json --cache CACHE --out DIR``.

Only scenes of `scene_list.training_scenes` may train; those that cases are drawn from are refused. What is rendered so
far is taken, each picture with the look of a phone. DIR then holds ``pictures/``, the detector sets ``damage/``
(boxes), ``damage_outlines/``, ``parts/`` and ``vehicle/`` in the layout of `datasets.training.detection_sets`, and
``view/`` with crops for `view_samples`. ``--real damage=SET`` writes ``damage/with_real.yaml``: it trains on both sets
and validates on real photos alone.
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets.scenes.phone import jpeg_bytes, phone_photo, quality_of
from datasets.scenes.phone_warp import Warp
from datasets.scenes.plan import Scene
from datasets.scenes.render_store import SAMPLES, stored
from datasets.scenes.scene_file import read_scenes, scaled
from datasets.scenes.scene_list import TRAINING, rows
from datasets.scenes.seen import Box, Seen, SeenVehicle
from datasets.training.detection_sets import DAMAGE_LABELS, PART_LABELS, VEHICLE_LABELS, line, outline
from datasets.training.samples import Sample, rgb
from datasets.training.views import LABELS as VIEW_LABELS

SETS: Final = {
    "damage": DAMAGE_LABELS, "damage_outlines": DAMAGE_LABELS, "parts": PART_LABELS, "vehicle": VEHICLE_LABELS,
}  # fmt: skip
SMALLEST_DAMAGE: Final = 0.0008
"""Share of the picture; smaller ones nobody would draw a box round."""
SMALLEST_VEHICLE_PX, SMALLEST_VIEW_PX, SMALLEST_PART_PX = 8.0, 72.0, 8.0
SEEN_FOR_VIEW = 0.35
"""Share of a vehicle's side that has to be visible for a view to be told."""
CROP_MARGIN = 0.25
VIEW_TABLE, COLUMNS = "views.csv", ("file", "view", "x0", "y0", "x1", "y1")


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished picture with a phone's look: ``name`` of its file, ``warp`` from the rendering to it."""

    name: str
    path: Path
    seen: Seen
    warp: Warp


def for_training(scenes: Iterable[Scene]) -> tuple[Scene, ...]:
    """The same scenes. Raises ValueError where one is measured by the cases."""
    measured = {seed for _, seed, *_ in rows()}
    kept = tuple(scenes)
    wrong = [s.name for s in kept if not s.name.startswith(f"{TRAINING}-") or s.seed in measured]
    if wrong:
        raise ValueError(f"not for training: {', '.join(wrong)}")
    return kept


def take(scenes: Iterable[Scene], cache: Path, out: Path, samples: int, scale: float = 1.0) -> Iterator[Taken]:
    """Writes the finished pictures of ``scenes`` to ``out`` as JPEG."""
    out.mkdir(parents=True, exist_ok=True)
    for scene in scenes:
        for shot in scene.shots:
            place = stored(cache, scene, scaled(shot, scale), samples)
            if not (place.drawn() and place.truth.exists()):
                continue
            name, seen = place.picture.stem[:16], place.seen()
            seed = zlib.crc32(name.encode())
            photo = phone_photo(rgb(place.picture), seen.light, seed)
            path = out / f"{name}.jpg"
            path.write_bytes(jpeg_bytes(photo.pixels, quality_of(seed), None))
            yield Taken(name, path, seen, photo.warp)


def lines_of(role: str, taken: Taken) -> list[str]:
    """Label lines of one of `SETS`."""
    size = taken.warp.to_wh
    if role == "vehicle":
        boxes = ((VEHICLE_LABELS.index(v.kind), taken.warp.box(v.box_xyxy)) for v in taken.seen.vehicles)
        return [line((label, box), size) for label, box in boxes if box and _side(box) >= SMALLEST_VEHICLE_PX]
    if role == "parts":
        parts = (part for vehicle in taken.seen.vehicles for part in vehicle.parts)
        boxes = ((PART_LABELS.index(part.kind), taken.warp.box(part.box_xyxy)) for part in parts)
        return [line((label, box), size) for label, box in boxes if box and _side(box) >= SMALLEST_PART_PX]
    found = []
    for damage in (damage for vehicle in taken.seen.vehicles for damage in vehicle.damages):
        label, box = DAMAGE_LABELS.index(damage.kind), taken.warp.box(damage.box_xyxy)
        if box is None or _area(damage.polygons, damage.box_xyxy) < SMALLEST_DAMAGE * size[0] * size[1]:
            continue
        if role == "damage":
            found.append(line((label, box), size))
            continue
        for polygon in damage.polygons:
            if _area((polygon,), damage.box_xyxy) >= SMALLEST_DAMAGE * size[0] * size[1]:
                moved = np.clip(taken.warp.points(np.array(polygon)), 0, np.array(size))
                found.append(outline((label, tuple(float(v) for v in moved.ravel())), size))
    return found


def write_set(role: str, taken: Sequence[Taken], out: Path, real: Path | None) -> None:
    """``out`` with images/train and labels/train; with ``real``, a folder of real photos, a yaml over both."""
    for part in ("images", "labels"):
        (out / part / "train").mkdir(parents=True, exist_ok=True)
    for item in taken:
        link = out / "images/train" / item.path.name
        if not link.is_symlink():
            link.symlink_to(item.path.resolve())
        (out / "labels/train" / f"{item.name}.txt").write_text("\n".join(lines_of(role, item)))
    if real is not None:
        names = "\n".join(f"  {i}: {name}" for i, name in enumerate(SETS[role]))
        train = f"[{real.resolve()}/images/train, {out.resolve()}/images/train]"
        text = f"path: {out.resolve()}\ntrain: {train}\nval: {real.resolve()}/images/val\nnames:\n{names}\n"
        (out / "with_real.yaml").write_text(text)


def write_views(taken: Sequence[Taken], out: Path) -> int:
    """Crops of the vehicles whose view can be told, with `VIEW_TABLE`; how many there are."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for item in taken:
        pixels = rgb(item.path)
        for number, vehicle in enumerate(item.seen.vehicles):
            box = item.warp.box(vehicle.box_xyxy)
            if box is None or not _view_told(vehicle, box):
                continue
            crop, inside = _cropped(pixels, box)
            name = f"{item.name}_{number}.jpg"
            (out / name).write_bytes(jpeg_bytes(crop, 92, None))
            made.append((name, vehicle.view, *(round(v, 1) for v in inside)))
    with (out / VIEW_TABLE).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *made])
    return len(made)


def view_samples(folder: Path) -> list[Sample]:
    """What `write_views` wrote, as `datasets.training.views.samples` gives real photos. Raises OSError."""
    with (folder / VIEW_TABLE).open(newline="", encoding="utf-8") as file:
        return [
            Sample(
                rgb(folder / row["file"]),
                (float(row["x0"]), float(row["y0"]), float(row["x1"]), float(row["y1"])),
                (VIEW_LABELS.index(row["view"]),),
            )
            for row in csv.DictReader(file)
        ]


def _view_told(vehicle: SeenVehicle, box: Box) -> bool:
    return vehicle.visible_01 >= SEEN_FOR_VIEW and _side(box) >= SMALLEST_VIEW_PX and vehicle.view in VIEW_LABELS


def _cropped(pixels: np.ndarray, box: Box) -> tuple[np.ndarray, Box]:
    """The box with `CROP_MARGIN` of it around, and where it lies therein."""
    height, width = pixels.shape[:2]
    dx, dy = (box[2] - box[0]) * CROP_MARGIN, (box[3] - box[1]) * CROP_MARGIN
    left, top = int(max(box[0] - dx, 0)), int(max(box[1] - dy, 0))
    right, bottom = int(min(box[2] + dx, width)), int(min(box[3] + dy, height))
    crop = np.ascontiguousarray(pixels[top:bottom, left:right])
    return crop, (box[0] - left, box[1] - top, box[2] - left, box[3] - top)


def _side(box: Box) -> float:
    return min(box[2] - box[0], box[3] - box[1])


def _area(polygons: Sequence[Sequence[tuple[float, float]]], box: Box) -> float:
    """Of the outlines, of the box where there are none, pixels."""
    if not polygons:
        return (box[2] - box[0]) * (box[3] - box[1])
    return float(sum(cv2.contourArea(np.array(polygon, np.float32)) for polygon in polygons))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, required=True, help="what `datasets.scenes.render` filled")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=SAMPLES, help="as they were rendered")
    parser.add_argument("--scale", type=float, default=1.0, help="as they were rendered")
    parser.add_argument("--real", action="append", default=[], help="ROLE=FOLDER of real photos, may come more often")
    options = parser.parse_args(arguments)
    real = {role: Path(folder) for role, folder in (text.split("=", 1) for text in options.real)}
    scenes = for_training(scene for path in options.scenes for scene in read_scenes(path))
    taken = tuple(take(scenes, options.cache, options.out / "pictures", options.samples, options.scale))
    for role in SETS:
        write_set(role, taken, options.out / role, real.get(role))
    views = write_views(taken, options.out / "view")
    print(f"{len(taken)} pictures of {len(scenes)} scenes, {views} views")


if __name__ == "__main__":
    main()
