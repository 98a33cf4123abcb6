"""Writes the painted layers of a car's half as the pictures that its material reads."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.scenes.canvas import Canvas

LAYERS = ("colour", "surface", "glow", "cover")
"""Colour; roughness, metal, coat; emitted light; glass, opacity, height."""


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
