"""A door that stands open: the skin's door swung about its front edge, with trim inside."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from datasets.scenes.blender import BlenderObject, Material, empty, mesh
from datasets.scenes.body import BELT
from datasets.scenes.fittings import Trim
from datasets.scenes.vehicle_skin import Skin, border

OPEN_DEG = 58.0
_THICK = 0.07


def add_open_door(
    root: BlenderObject, skin: Skin, chosen: npt.NDArray[np.bool_], hinge_x: float, surface: Material, trim: Trim
) -> None:
    """``chosen`` faces of ``skin`` are the door; it turns about the upright line at ``hinge_x``."""
    faces = skin.faces[chosen]
    if not len(faces):
        return
    used, flat = np.unique(faces, return_inverse=True)
    local = flat.reshape(-1, 4)
    points = skin.points.reshape(-1, 3)[used]
    pivot = np.array([hinge_x, skin.side * float(np.abs(points[:, 1]).max()), 0.0])
    hinge = empty("door", root)
    hinge.location = tuple(pivot)
    hinge.rotation_euler = (0, 0, -skin.side * math.radians(OPEN_DEG))
    outer = points - pivot
    mesh("door_skin", outer, local, surface, smooth=True, uv=skin.uv[used], parent=hinge)
    inner = outer - np.array([0, skin.side * _THICK, 0])
    metal = skin.grid.section.ravel()[used] < BELT + 0.8
    mesh("door_trim", inner, local[metal[local].all(axis=1)][:, ::-1], trim.interior, smooth=True, parent=hinge)
    edges = border(local)
    n = len(outer)
    rim = np.stack([edges[:, 1], edges[:, 0], edges[:, 0] + n, edges[:, 1] + n], axis=-1)
    low = metal[edges].all(axis=1)
    thin = np.concatenate([outer, inner])
    mesh("door_rim", thin, rim[low], trim.plastic, parent=hinge)
