"""Pictures with plates whose corners are known: photos, photos with drawn plates warped into them, bare crops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.plates.draw import DrawnPlate, draw
from datasets.plates.glyphs import Glyphs
from datasets.plates.place import Quad, paste, random_view, rectangle
from datasets.plates.seed_labels import LOOKED_ABOVE, LOOKED_FOLDERS, SeedPlate, read_labels, read_rgb
from datasets.plates.texts import random_kind, random_text
from datasets.plates.wear import camera, dirty_train
from datasets.splits import rows
from vision.geometry import area, bounds, iou, overlap
from vision.types import Pixels

SURE, EMPTY = LOOKED_ABOVE, 0.15
"""The seed's answers above SURE are plates, below EMPTY nothing; what lies between gets a drawn plate over it."""


@dataclass(frozen=True, slots=True)
class Labelled:
    pixels: Pixels
    quads: tuple[tuple[Quad, bool], ...]
    """Corners and whether the plate has two rows."""


@dataclass(frozen=True, slots=True)
class Source:
    path: Path
    plates: tuple[SeedPlate, ...]
    doubtful: tuple[SeedPlate, ...]
    crop: bool


def _inside(a: SeedPlate, b: SeedPlate) -> bool:
    """Whether most of ``a`` lies on ``b``: a piece of a plate that a tile cut."""
    box = bounds(a.corners)
    return overlap(box, bounds(b.corners)) > 0.4 * area(box)


def sources(data: Path, split: str) -> tuple[Source, ...]:
    """Labelled photos and bare crops of ``split``."""
    labels = read_labels()
    found = []
    for row in (r for r in rows(split=split) if r.sha256 in labels):
        crop = row.folder == "plates/crops_train"
        least = SURE if row.folder in LOOKED_FOLDERS else 2.0
        sure = tuple(p for p in labels[row.sha256] if p.score > (0.4 if crop else least))
        rest = (p for p in labels[row.sha256] if p not in sure and p.score > EMPTY)
        doubtful = tuple(p for p in rest if not any(_inside(p, q) for q in sure))
        found.append(Source(row.path(data), sure, doubtful, crop))
    return tuple(found)


def drawn(glyphs: tuple[Glyphs, ...], rng: np.random.Generator, px_per_mm: float = 1.0) -> DrawnPlate:
    """A worn drawn plate of a random kind."""
    kind = random_kind(rng)
    chosen = glyphs[0] if rng.random() < 0.85 else glyphs[int(rng.integers(len(glyphs)))]
    plate = draw(random_text(kind, rng), kind, chosen, rng, px_per_mm)
    return replace(plate, pixels=dirty_train(plate.pixels, rng))


def _framed(pixels: Pixels, rng: np.random.Generator) -> tuple[Pixels, int]:
    """A holder around the plate; the new picture and its border in pixels."""
    border = int(pixels.shape[1] * rng.uniform(0.01, 0.05))
    tone = [int(v) for v in np.full(3, rng.integers(10, 200)) + rng.integers(-8, 9, 3)]
    return np.asarray(
        cv2.copyMakeBorder(pixels, border, border, border, border, cv2.BORDER_CONSTANT, value=tone)
    ), border


def _free_place(size: tuple[int, int], view: Quad, taken: list[Quad], rng: np.random.Generator) -> Quad | None:
    low, high = -view.min(0), np.array(size) - view.max(0)
    if (high <= low).any():
        return None
    for _ in range(6):
        quad = np.asarray(view + rng.uniform(low, high), np.float32)
        if all(iou(bounds(quad), bounds(t)) == 0 for t in taken):
            return quad
    return None


def _mirrored(corners: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    swapped = corners[[1, 0, 3, 2]]
    return np.stack([width - swapped[:, 0], swapped[:, 1]], 1)


def _grown(quad: npt.NDArray[np.floating], share: float) -> Quad:
    centre = quad.mean(0)
    return np.asarray(centre + (quad - centre) * share, np.float32)


def _covered(
    picture: Pixels, source: Source, mirror: bool, glyphs: tuple[Glyphs, ...], rng: np.random.Generator
) -> Labelled:
    """The photo with drawn plates over most of its own ones and over all that is doubtful."""
    quads: list[tuple[Quad, bool]] = []
    for plate in (*source.plates, *source.doubtful):
        corners = _mirrored(plate.corners, picture.shape[1]) if mirror else plate.corners
        if plate in source.plates and rng.random() < 0.25:
            quads.append((corners.astype(np.float32), plate.double))
            continue
        new, place = drawn(glyphs, rng), _grown(corners, rng.uniform(1.02, 1.2))
        picture = paste(picture, new.pixels, place)
        quads.append((place, new.double))
    return Labelled(picture, tuple(quads))


def composite(source: Source, glyphs: tuple[Glyphs, ...], rng: np.random.Generator) -> Labelled:
    """Drawn plates over the photo's own ones and at free places, any perspective."""
    picture, mirror = read_rgb(source.path), bool(rng.random() < 0.3)
    if mirror:
        picture = np.ascontiguousarray(picture[:, ::-1])
    covered = _covered(picture, source, mirror, glyphs, rng)
    picture, quads = covered.pixels, list(covered.quads)
    for _ in range(int(rng.integers(0 if quads else 1, 3))):
        plate = drawn(glyphs, rng)
        width = picture.shape[1] * float(np.exp(rng.uniform(np.log(0.04), np.log(0.45))))
        view = random_view((plate.pixels.shape[1], plate.pixels.shape[0]), width, rng, rng.uniform(0.3, 1.5))
        place = _free_place((picture.shape[1], picture.shape[0]), view, [q for q, _ in quads], rng)
        if place is None:
            continue
        if rng.random() < 0.5:
            picture = paste(
                picture, np.full((8, 8, 3), rng.integers(5, 200), np.uint8), _grown(place, rng.uniform(1.03, 1.15))
            )
        picture = paste(picture, plate.pixels, place)
        quads.append((place, plate.double))
    return Labelled(camera(picture, rng, 0.7), tuple(quads))


def photo(source: Source) -> Labelled:
    return Labelled(read_rgb(source.path), tuple((p.corners.astype(np.float32), p.double) for p in source.plates))


def bare(pixels: Pixels, quad: Quad, double: bool, rng: np.random.Generator) -> Labelled:
    """A crop as the photo: with no, little or much border, scaled up or not."""
    height = pixels.shape[0]
    if rng.random() < 0.6:
        left, right, top, bottom = (int(v) for v in rng.uniform(0, 0.5, 4) * height * rng.uniform(0.1, 1.5))
        mode = int(rng.choice([cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE]))
        tone = [int(v) for v in rng.integers(0, 256, 3)]
        pixels = np.asarray(cv2.copyMakeBorder(pixels, top, bottom, left, right, mode, value=tone), np.uint8)
        quad = quad + np.array([left, top], np.float32)
    scale = float(np.exp(rng.uniform(0, 1.5)))
    pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    return Labelled(camera(pixels, rng, 0.5), ((quad * scale, double),))


def real_crop(source: Source, rng: np.random.Generator) -> Labelled:
    pixels = read_rgb(source.path)
    height, width = pixels.shape[:2]
    quad = rectangle(width, height)
    if source.plates:
        quad = source.plates[0].corners.astype(np.float32)
    return bare(pixels, quad, False, rng)


def drawn_crop(glyphs: tuple[Glyphs, ...], rng: np.random.Generator) -> Labelled:
    plate = drawn(glyphs, rng, rng.uniform(0.3, 1.3))
    pixels, border = (_framed(plate.pixels, rng)) if rng.random() < 0.5 else (plate.pixels, 0)
    quad = rectangle(plate.pixels.shape[1], plate.pixels.shape[0]) + np.float32(border)
    return bare(pixels, quad, plate.double, rng)
