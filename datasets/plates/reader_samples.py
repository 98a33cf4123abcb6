"""Flat plates as the reader gets them: drawn ones in photos, real crops, and what is no plate of ours."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets.plates.draw import DrawnPlate, draw
from datasets.plates.glyphs import Glyphs, glyph_sets
from datasets.plates.legible import legible
from datasets.plates.place import Quad, paste, random_view, rectangle
from datasets.plates.scenery import drawn
from datasets.plates.seed_labels import read_labels, read_rgb
from datasets.plates.wear import camera, dirty_train, shot
from datasets.splits import rows
from vision.geometry import bounds, crop, grow
from vision.types import Pixels, PlateKind

FRAME_WH: Final = (200, 88)
INNER: Final = np.array([(20, 12), (180, 12), (180, 76), (20, 76)], np.float32)
"""A sample is a plate with a margin: where its corners lie on that frame."""
ILLEGIBLE: Final = 0.25
"""Share kept of the plates that nobody could read: the reader must learn to doubt, not to guess them."""
KINDS: Final = tuple(PlateKind)
FOREIGN: Final = ("damage/train", "street")
"""Folders whose plates are not Chinese: Turkish and Vietnamese."""


@dataclass(frozen=True, slots=True)
class Sample:
    pixels: Pixels
    text: str
    kind: PlateKind


def framed(picture: Pixels, quad: Quad) -> Pixels:
    """The plate at ``quad`` made flat with its margin, (88, 200, 3); outside the picture the edge is repeated."""
    turn = cv2.getPerspectiveTransform(quad.astype(np.float32), INNER)
    made = cv2.warpPerspective(picture, turn, FRAME_WH, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, np.uint8)


def loose(quad: Quad, rng: np.random.Generator, error: float = 1.0) -> Quad:
    """The corners as a detector would give them: each a little off, the whole a little large."""
    width = float(np.linalg.norm(quad[1] - quad[0]))
    height = float(np.linalg.norm(quad[3] - quad[0]))
    right, down = (quad[1] - quad[0]) / width, (quad[3] - quad[0]) / height
    out = quad.astype(np.float64)
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    grow = rng.uniform(-0.02, 0.07, 2) * error
    for i, (sx, sy) in enumerate(signs):
        dx = width * (sx * grow[0] + rng.normal(0, 0.015) * error)
        dy = height * (sy * grow[1] + rng.normal(0, 0.035) * error)
        out[i] += right * dx + down * dy
    return out.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Stock:
    """What samples are made from."""

    glyphs: tuple[Glyphs, ...]
    backgrounds: tuple[Pixels, ...]
    foreign: tuple[tuple[Pixels, Quad], ...]

    def background(self, width: int, height: int, rng: np.random.Generator) -> Pixels:
        picture = self.backgrounds[int(rng.integers(len(self.backgrounds)))]
        h, w = picture.shape[:2]
        side = int(rng.uniform(0.15, 0.9) * min(h, w))
        x, y = int(rng.integers(0, w - side)), int(rng.integers(0, h - side))
        return np.asarray(cv2.resize(picture[y : y + side, x : x + side], (width, height)), np.uint8)

    def scene(self, plate: Pixels, rng: np.random.Generator) -> tuple[Pixels, Quad, float]:
        """The plate in a piece of a photo, small or large, its corners there, and how wide the blur is."""
        width = float(np.exp(rng.uniform(np.log(54), np.log(260)))) * (
            0.75 if plate.shape[1] < 3 * plate.shape[0] else 1
        )
        view = random_view((plate.shape[1], plate.shape[0]), width, rng, rng.uniform(0.2, 1.3))
        low, high = view.min(0), view.max(0)
        margin = 0.15 * width
        canvas = np.ceil(high - low + 2 * margin).astype(int)
        quad = (view - low + margin).astype(np.float32)
        picture, blur = shot(paste(self.background(int(canvas[0]), int(canvas[1]), rng), plate, quad), rng)
        return picture, quad, blur


def _around(picture: Pixels, quad: Quad) -> tuple[Pixels, Quad]:
    """The picture's part around a plate, and the plate's corners there."""
    part, origin = crop(picture, grow(bounds(quad), 0.8, (picture.shape[1], picture.shape[0])))
    return np.ascontiguousarray(part), np.asarray(quad - np.array(origin), np.float32)


def stock(shared: Path, split: str, limit: int = 160) -> Stock:
    labels, data = read_labels(), shared / "data"
    photos = [r for f in ("damage/train", "cars", "parts/train", "street") for r in rows(f, split)]
    rng = np.random.default_rng(1)
    chosen = [photos[i] for i in rng.permutation(len(photos))[:limit]]
    foreign = []
    for row in (r for folder in FOREIGN for r in rows(folder, split)):
        for plate in labels.get(row.sha256, []):
            if plate.score > 0.6:
                foreign.append(_around(read_rgb(row.path(data)), plate.corners.astype(np.float32)))
    return Stock(glyph_sets(shared), tuple(read_rgb(r.path(data)) for r in chosen), tuple(foreign))


def drawn_scene(store: Stock, rng: np.random.Generator) -> tuple[DrawnPlate, Pixels, Quad]:
    """A plate that can be read, or now and then one that cannot; its picture and its corners there."""
    while True:
        plate = drawn(store.glyphs, rng, rng.uniform(0.45, 0.8))
        scene, quad, blur = store.scene(plate.pixels, rng)
        if legible(scene, quad, plate.plan, blur) or rng.random() < ILLEGIBLE:
            return plate, scene, quad


def drawn_sample(store: Stock, rng: np.random.Generator) -> Sample:
    plate, scene, quad = drawn_scene(store, rng)
    return Sample(framed(scene, quad), plate.text, plate.kind)


def _foreign_drawn(store: Stock, rng: np.random.Generator) -> Pixels:
    """Latin letters and digits on a plate, as abroad; a blue strip on the left at times."""
    kind = PlateKind(
        rng.choice([PlateKind.BLUE, PlateKind.YELLOW_SINGLE, PlateKind.WHITE_POLICE, PlateKind.YELLOW_DOUBLE])
    )
    text = "".join(
        np.random.default_rng(rng.integers(1 << 30)).permutation(list("ABCDEFGHJKLMNPRSTUVWXYZ0123456789"))[:7]
    )
    glyphs = store.glyphs[int(rng.integers(len(store.glyphs)))]
    plate = draw(text, kind, glyphs, rng, 0.6).pixels.copy()
    if rng.random() < 0.5:
        plate[:, : int(plate.shape[1] * 0.1)] = (20, 60, 170)
    return dirty_train(plate, rng)


def other_sample(store: Stock, rng: np.random.Generator) -> Sample:
    """Something that a detector may propose and that has no text for us."""
    choice = rng.random()
    if choice < 0.35 and store.foreign:
        picture, quad = store.foreign[int(rng.integers(len(store.foreign)))]
        return Sample(framed(camera(picture, rng, 0.5), loose(quad, rng)), "", PlateKind.OTHER)
    if choice < 0.55:
        scene, quad, _ = store.scene(_foreign_drawn(store, rng), rng)
        return Sample(framed(scene, loose(quad, rng)), "", PlateKind.OTHER)
    if choice < 0.75:
        patch = store.background(*FRAME_WH, rng)
        return Sample(camera(patch, rng), "", PlateKind.OTHER)
    scene, quad, _ = store.scene(drawn(store.glyphs, rng, 0.6).pixels, rng)
    if choice < 0.85:
        return Sample(framed(scene, loose(quad[[2, 3, 0, 1]], rng)), "", PlateKind.OTHER)
    share = rng.uniform(0.3, 0.7)
    piece = quad.copy()
    if rng.random() < 0.5:
        piece[1], piece[2] = quad[0] + (quad[1] - quad[0]) * share, quad[3] + (quad[2] - quad[3]) * share
    else:
        piece[0], piece[3] = quad[1] + (quad[0] - quad[1]) * share, quad[2] + (quad[3] - quad[2]) * share
    return Sample(framed(scene, loose(piece, rng, 0.3)), "", PlateKind.OTHER)


def real_crops(shared: Path, split: str) -> list[tuple[Pixels, Quad, str, PlateKind]]:
    """Bare crops with text; where the seed saw the plate its corners, else the whole picture."""
    folder = shared / "data" / "plates"
    with (folder / "crops_train.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["file"]: row for row in csv.DictReader(file)}
    labels, found = read_labels(), []
    for row in rows("plates/crops_train", split):
        pixels, told = read_rgb(row.path(shared / "data")), truth[row.file]
        quad = rectangle(pixels.shape[1], pixels.shape[0])
        kind = PlateKind.YELLOW_SINGLE if told["plate_color"] == "yellow_single" else PlateKind.BLUE
        found.append((pixels, quad, told["plate_text"], kind))
        seen = labels.get(row.sha256, [])
        if seen and seen[0].score > 0.4:
            found.append((pixels, seen[0].corners.astype(np.float32), told["plate_text"], kind))
    return found


def make(store: Stock, count: int, seed: int) -> list[Sample]:
    """``count`` drawn samples, 8 % of them ``other``; the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [other_sample(store, rng) if rng.random() < 0.08 else drawn_sample(store, rng) for _ in range(count)]


def repeated(shared: Path, repeats: int, seed: int) -> list[Sample]:
    """Each real train crop ``repeats`` times, seen by other cameras, cut by other corners."""
    rng = np.random.default_rng(seed)
    return [
        Sample(framed(camera(pixels, rng, 0.5), loose(quad, rng, 0.6)), text, kind)
        for pixels, quad, text, kind in real_crops(shared, "train")
        for _ in range(repeats)
    ]
