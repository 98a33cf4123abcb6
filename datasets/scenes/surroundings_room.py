"""Where posts and trees may stand: not in a vehicle, nor in what it hit, nor before a camera. No Blender here."""

from __future__ import annotations

import cv2
import numpy as np

from datasets.scenes.arrange_single import object_outline
from datasets.scenes.footprints import outline, thick
from datasets.scenes.plan import Scene

SIGHT_M = 0.3
"""Width of the lines of sight that are kept clear, and of the room round a camera."""


def is_free(scene: Scene, x: float, y: float, radius: float) -> bool:
    """Whether something of ``radius`` metres can stand at a place."""
    taken = [outline(vehicle) for vehicle in scene.vehicles]
    if scene.object_hit and scene.vehicles:
        taken.append(object_outline(scene.object_hit, scene.object_xy, scene.vehicles[0].heading_deg))
    for shot in scene.shots:
        sight = np.array([shot.eye[:2], shot.target[:2]])
        if np.linalg.norm(sight[1] - sight[0]) > 0.1:
            taken.append(thick(sight, SIGHT_M))
    return all(cv2.pointPolygonTest(area.astype(np.float32), (x, y), True) < -radius for area in taken)
