"""All layers of a car's half, painted: the one entry to `paint_panels` and `paint_faces`."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.body import BodyGrid
from datasets.scenes.canvas import Canvas, blank_canvas, make_maps
from datasets.scenes.paint_faces import paint_damage, paint_nose, paint_tail
from datasets.scenes.paint_panels import paint_arches, paint_grime, paint_panels
from datasets.scenes.spec import CarSpec, Impact

LAYERS = ("colour", "surface", "glow", "cover")
"""Colour; roughness, metal, coat; emitted light; glass, opacity, height."""


def paint_half(spec: CarSpec, grid: BodyGrid, impact: Impact | None, size_wh: tuple[int, int], seed: int) -> Canvas:
    """The canvas of one half; with ``impact`` the damaged one."""
    maps = make_maps(grid, spec.length, size_wh)
    canvas = blank_canvas(spec, size_wh)
    paint_panels(canvas, maps, spec)
    paint_nose(canvas, maps, spec)
    paint_tail(canvas, maps, spec)
    paint_arches(canvas, maps, spec)
    paint_grime(canvas, maps, seed)
    if impact is not None:
        paint_damage(canvas, maps, impact)
    return canvas


def save_layers(canvas: Canvas, folder: Path, stem: str) -> dict[str, Path]:
    """Writes `LAYERS` as PNG files (colour and glow in sRGB), bottom row first as Blender's UV wants; their paths."""
    height = cv2.GaussianBlur(canvas.height, (0, 0), 1.2)
    layers = {
        "colour": _srgb(canvas.colour),
        "surface": np.stack([canvas.rough, canvas.metal, canvas.coat], axis=-1),
        "glow": _srgb(canvas.glow),
        "cover": np.stack([canvas.glass, canvas.opaque, height], axis=-1),
    }
    paths = {}
    for name, values in layers.items():
        pixels = (np.clip(values[::-1], 0, 1) * 255 + 0.5).astype(np.uint8)
        path = folder / f"{stem}_{name}.png"
        if not cv2.imwrite(str(path), np.ascontiguousarray(pixels[..., ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 1]):
            raise OSError(f"cannot write {path}")
        paths[name] = path
    return paths


def _srgb(linear: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """IEC 61966-2-1's transfer curve, for values 0..1."""
    clipped = np.clip(linear, 0, 1)
    curve = 1.055 * np.power(np.maximum(clipped, 1e-8), 1 / 2.4) - 0.055
    return np.where(clipped <= 0.0031308, clipped * 12.92, curve).astype(np.float32)
