"""The truth of a picture, found by rays through the built scene instead of further render passes.

Cutouts (leaves, wheel openings) stop rays as full faces; window panes do too: what is behind a pane counts as hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasets.scenes.built import BuiltScene, Thing
from datasets.scenes.look_truth_framing import framing
from datasets.scenes.look_truth_rays import Solid, Trees
from datasets.scenes.look_truth_road import seen_contact, seen_lines, seen_thing
from datasets.scenes.look_truth_vehicle import seen_vehicle
from datasets.scenes.pinhole import Pinhole, pinhole
from datasets.scenes.plan import Scene, Shot
from datasets.scenes.seen import Box, Seen, SeenVehicle

SIGNAL_PX, SIGN_PX, OBJECT_PX = 8.0, 10.0, 12.0
OBJECT_SHARE = 0.12
"""The vehicle that hit it stands before it, and half of it faces away."""


def look(scene: Scene, built: BuiltScene, trees: Trees, shot: Shot) -> Seen:
    """What ``shot`` shows of the scene as it stands now (B driven back already, if it has to be)."""
    camera = pinhole(shot)
    every = trees.every
    vehicles = _vehicles(camera, built, trees)
    contact = np.array(scene.contact)
    signal = _largest(camera, built.signals, every, SIGNAL_PX)
    signs = [(sign.kind, seen_thing(camera, sign, every, SIGN_PX)) for sign in built.signs]
    hit = seen_thing(camera, built.object_hit, every, OBJECT_PX, OBJECT_SHARE) if built.object_hit else None
    return Seen(
        role=shot.role,
        size_wh=shot.size_wh,
        framing=framing(vehicles, shot.size_wh),
        vehicles=vehicles,
        lines=seen_lines(camera, scene.road, every),
        signal=scene.road.signal if signal else None,
        signal_xyxy=signal,
        signs=tuple((kind, box) for kind, box in signs if box),
        object_xyxy=hit,
        contact_xy=seen_contact(camera, contact, every),
        contact_m=round(float(np.linalg.norm(camera.eye - contact)), 2),
        light=scene.air.light,
    )


def _vehicles(camera: Pinhole, built: BuiltScene, trees: Trees) -> tuple[SeenVehicle, ...]:
    """The largest first."""
    found = []
    for own, solid in zip(built.vehicles, trees.vehicles, strict=True):
        seen = seen_vehicle(camera, own, solid, [other for other in trees.every if other is not solid])
        if seen is not None:
            found.append(seen)
    return tuple(sorted(found, key=lambda v: _area(v.box_xyxy), reverse=True))


def _largest(camera: Pinhole, things: Sequence[Thing], every: Sequence[Solid], least_px: float) -> Box | None:
    """The largest on the picture of those that can be seen."""
    boxes = [box for thing in things if (box := seen_thing(camera, thing, every, least_px))]
    return max(boxes, key=_area, default=None)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
