"""Truth of the lane lines on rendered training scenes, pixel by pixel: the plan says where paint lies on the ground.

Vehicles hide it by their outlines; what else stands before it is found by looking whether the paint is light there.
No Blender here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.lanes.camera import Floats
from datasets.lanes.draw import Drawn
from datasets.lanes.markings import LABELS, OTHER, Classes
from datasets.lanes.paint import BESIDE, LEAST, Known, Mask, known, part_of
from datasets.scenes.phone import phone_photo
from datasets.scenes.phone_warp import Warp
from datasets.scenes.pinhole import pinhole, sight_lines
from datasets.scenes.plan import Road, Scene, Shot
from datasets.scenes.render_store import SAMPLES, stored
from datasets.scenes.road_lines import bay_stripes, stop_lines, stripes, zebra_spans
from datasets.scenes.scene_file import read_scenes
from datasets.scenes.seen import Seen
from datasets.scenes.training_share import for_training
from datasets.training.samples import rgb

REACH_M = 45.0


def ground_of(shot: Shot) -> tuple[Floats, Floats]:
    """x and y of the ground in metres under each pixel, each (h, w); not a number above the horizon and far away."""
    camera = pinhole(shot)
    w, h = shot.size_wh
    u, v = np.meshgrid(np.arange(w) + 0.5, np.arange(h) + 0.5)
    sight = sight_lines(camera, np.stack([u.ravel(), v.ravel()], 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(sight[:, 2] < -1e-3, -camera.eye[2] / sight[:, 2], np.nan)
    reach[~(reach < REACH_M)] = np.nan
    spots = camera.eye[:2] + reach[:, None] * sight[:, :2]
    return spots[:, 0].reshape(h, w).astype(np.float32), spots[:, 1].reshape(h, w).astype(np.float32)


def painted(road: Road, x: Floats, y: Floats) -> tuple[Classes, Mask]:
    """Class of the paint at each spot of the ground, and where zebras, arrows and their like may lie."""
    kinds, doubt = np.zeros(x.shape, np.uint8), np.zeros(x.shape, np.bool_)
    with np.errstate(invalid="ignore"):
        for x0, y0, x1, y1 in (*stop_lines(road), *bay_stripes(road)):
            kinds[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)] = OTHER
        for line, x0, y0, x1, y1 in stripes(road):
            kinds[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)] = LABELS.index(line.value)
        half = road.lanes * road.lane_m
        for x0, x1 in zebra_spans(road):
            doubt |= (x >= x0 - 0.2) & (x <= x1 + 0.2) & (abs(y) <= half)
        if road.arrows:
            doubt |= (abs(y) < half) & (np.abs(np.abs(y) % road.lane_m - road.lane_m / 2) < 1.1)
        if road.kind == "junction":
            # The crossing road's own zebras.
            doubt |= (abs(x - road.crossing_x) < half) & (abs(y) > half) & (abs(y) < half + 8)
    return kinds, doubt & (kinds == 0)


def truth_of(scene: Scene, shot: Shot, picture: Path, seen: Seen) -> Known:
    """A rendered picture with a phone's look, and its truth."""
    x, y = ground_of(shot)
    kinds, doubt = painted(scene.road, x, y)
    hidden = np.zeros(kinds.shape, np.uint8)
    for vehicle in seen.vehicles:
        for outline in vehicle.polygons:
            cv2.fillPoly(hidden, [np.array(outline, np.float32).round().astype(np.int32)], 1)
    photo = phone_photo(rgb(picture), seen.light, int(picture.stem[:8], 16))
    kinds[hidden > 0] = 0
    doubt = (doubt & (hidden == 0)) | (cv2.dilate(hidden, np.ones((3, 3), np.uint8)) > hidden)
    truth = known(photo.pixels)
    np.copyto(truth.kinds, _moved(kinds, photo.warp))
    light = cv2.dilate(truth.lighter, np.ones((2 * BESIDE + 1,) * 2, np.float32))
    covered = (truth.kinds > 0) & (light < LEAST)
    truth.ignored[covered | (_moved(doubt.astype(np.uint8), photo.warp) > 0)] = True
    near = cv2.dilate((truth.kinds > 0).astype(np.uint8), np.ones((BESIDE // 2,) * 2, np.uint8)) > 0
    truth.ignored[near & (truth.kinds == 0)] = True
    truth.kinds[covered] = 0
    return truth


def _moved(kinds: npt.NDArray[np.uint8], warp: Warp) -> npt.NDArray[np.uint8]:
    """Classes after a warp of the picture."""
    out = np.zeros((warp.to_wh[1], warp.to_wh[0]), np.uint8)
    for kind in np.unique(kinds[kinds > 0]):
        share = warp.picture(np.repeat((kinds == kind).astype(np.uint8)[..., None] * 255, 3, 2))[..., 0]
        out[share >= 128] = kind
    return out


def shots_of(lists: Iterable[Path], cache: Path, samples: int = SAMPLES) -> Iterator[tuple[Scene, Known]]:
    """Every finished picture of scenes that may train, with a road on it; its scene and truth."""
    for scene in for_training(scene for path in lists for scene in read_scenes(path)):
        for shot in scene.shots:
            place = stored(cache, scene, shot, samples)
            if place.drawn() and place.truth.exists() and place.seen().framing != "closeup":
                yield scene, truth_of(scene, shot, place.picture, place.seen())


def rendered(
    lists: Iterable[Path], cache: Path, each: int, random: np.random.Generator, samples: int = SAMPLES
) -> Iterator[Drawn]:
    """``each`` random parts of every finished picture."""
    for _, truth in shots_of(lists, cache, samples):
        for _ in range(each):
            yield part_of(truth, random)
