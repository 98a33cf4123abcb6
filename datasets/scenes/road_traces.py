"""What an accident leaves on the road: skid marks, and splinters round where it happened."""

from __future__ import annotations

import math

import numpy as np

from datasets.scenes.blender import material
from datasets.scenes.plan import AccidentType, PlannedVehicle, Scene
from datasets.scenes.road_mesh import Heap
from datasets.scenes.road_surfaces import Ground

BRAKED = {
    AccidentType.REAR_END: ("B",),
    AccidentType.INTERSECTION: ("A", "B"),
    AccidentType.WRONG_WAY: ("A", "B"),
    AccidentType.SINGLE_VEHICLE: ("A", "B"),
}
"""Whose wheels may have locked."""
SKID_Z = 0.0045


def build_traces(scene: Scene, ground: Ground) -> None:
    """Objects named skid_marks and debris."""
    rng = np.random.default_rng([51, scene.seed])
    _debris(scene, rng)
    braked = [v for v in scene.vehicles if v.party and v.party in BRAKED.get(scene.accident_type, ())]
    if braked and not (scene.road.wet or scene.air.rain):
        heap = Heap(ground.skid("rubber"))
        for vehicle in braked:
            if rng.random() < 0.6:
                _skid(heap, vehicle, float(rng.uniform(4, 11)))
        heap.build("skid_marks")


def _skid(heap: Heap, vehicle: PlannedVehicle, length: float) -> None:
    """Two tracks behind the rear wheels, slightly bowed."""
    way = math.radians(vehicle.heading_deg)
    ahead, left = np.array([math.cos(way), math.sin(way)]), np.array([-math.sin(way), math.cos(way)])
    steps = np.linspace(-1.2, -1.2 - length, 13)
    for side in (-0.75, 0.75):
        bow = side + 0.012 * (steps + 1.2) ** 2
        for wheel in (-0.055, 0.055):  # a locked tyre marks most under its shoulders
            for i in range(12):
                a = np.asarray(vehicle.xy) + ahead * steps[i] + left * (bow[i] + wheel)
                b = np.asarray(vehicle.xy) + ahead * steps[i + 1] + left * (bow[i + 1] + wheel)
                half = left * 0.042 * (1 - (i / 12) ** 3)
                heap.polygon(
                    [(*(a - half), SKID_Z), (*(b - half), SKID_Z), (*(b + half), SKID_Z), (*(a + half), SKID_Z)]
                )


def _debris(scene: Scene, rng: np.random.Generator) -> None:
    """Splinters of lamps, bumper and glass; more the harder it was. None where nothing broke."""
    broken = any(
        blow.broken_lamp or blow.cracked_glass or blow.depth > 0.05 for v in scene.vehicles for blow in v.blows
    )
    deepest = max((blow.depth for vehicle in scene.vehicles for blow in vehicle.blows), default=0.0)
    if not broken:
        return
    paints = [blow.transfer for vehicle in scene.vehicles for blow in vehicle.blows][:2] or [(0.4, 0.4, 0.4)]
    heap = Heap(
        material("splinter_clear", (0.45, 0.47, 0.49), 0.1, 0.3, 1),
        material("splinter_red", (0.35, 0.01, 0.01), 0.15, 0, 1),
        material("splinter_black", (0.015, 0.015, 0.016), 0.5),
        *(material("splinter_paint", p, 0.3, 0, 1) for p in paints),
    )  # fmt: skip
    kinds = 3 + len(paints)
    for _ in range(int(50 + 900 * min(deepest, 0.25))):
        size = rng.uniform(0.003, 0.012) * (4 if rng.random() < 0.06 else 1)
        spot = np.array([*(scene.contact[:2] + rng.normal(0, 0.45, 2)), 0.004])
        corners = rng.uniform(0.4, 1.0, (4, 1)) * [(-1, -1, 0), (1, -0.6, 0.15), (0.7, 1, 0.3), (-0.8, 0.5, 0.2)] * size
        turn = rng.uniform(0, 2 * math.pi)
        x, y = (
            corners[:, 0] * math.cos(turn) - corners[:, 1] * math.sin(turn),
            corners[:, 0] * math.sin(turn) + corners[:, 1] * math.cos(turn),
        )
        heap.polygon(np.stack([x, y, corners[:, 2]], axis=1) + spot, surface=int(rng.integers(kinds)))
    heap.build("debris")
