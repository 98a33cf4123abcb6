"""Number plates on a vehicle: their pictures, bent with the skin they hang on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from datasets.plates.draw import draw
from datasets.plates.glyphs import glyph_sets
from datasets.scenes.blender import BlenderObject, mesh, picture_material
from datasets.scenes.body import Floats
from datasets.scenes.fittings import Trim
from vision.types import PlateKind

PX_PER_MM = 1.6


def plate_picture(text: str, kind: PlateKind, seed: int, path: Path) -> tuple[float, float]:
    """Writes the picture; the plate's width and height in metres. Raises what `datasets.plates.draw.draw` raises."""
    rng = np.random.default_rng([seed, 41])
    drawn = draw(text, kind, glyph_sets(None)[0], rng, PX_PER_MM)
    if not cv2.imwrite(str(path), drawn.pixels[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1]):
        raise OSError(f"cannot write {path}")
    height, width = drawn.pixels.shape[:2]
    return width / PX_PER_MM / 1000, height / PX_PER_MM / 1000


def plate_corners(centre: tuple[float, float, float], size: tuple[float, float], facing: int) -> Floats:
    """Corners (4, 3) from the top left as it is read; ``facing`` 1 looks ahead, -1 back."""
    x, y, z = centre
    w, h = facing * size[0] / 2, size[1] / 2
    return np.array([(x, y - w, z + h), (x, y + w, z + h), (x, y + w, z - h), (x, y - w, z - h)])


def add_plate(name: str, corners: Floats, picture: Path, trim: Trim, root: BlenderObject) -> BlenderObject:
    """The plate and a frame behind it."""
    uv = [(0, 1), (1, 1), (1, 0), (0, 0)]
    made = mesh(name, corners, [(3, 2, 1, 0)], picture_material(name, picture, 0.42), uv=uv, parent=root)
    middle = corners.mean(axis=0)
    normal = np.cross(corners[3] - corners[0], corners[1] - corners[0])
    normal /= np.linalg.norm(normal)
    grown = middle + (corners - middle) * np.array([1.0, 1.045, 1.12])
    points = np.concatenate([grown - normal * 0.002, grown - normal * 0.02])
    faces = [(3, 2, 1, 0), *((k, (k + 1) % 4, 4 + (k + 1) % 4, 4 + k) for k in range(4))]
    mesh("frame_of_plate", points, faces, trim.plastic, parent=root)
    return made


def rear_kind(kind: PlateKind, heavy: bool) -> PlateKind:
    """Lorries and buses bear a plate of two rows behind."""
    return PlateKind.YELLOW_DOUBLE if heavy and kind is PlateKind.YELLOW_SINGLE else kind
