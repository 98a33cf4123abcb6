"""Makes a flat drawing look photographed: on a table, tilted, shaded, with glare, blur, noise and JPEG."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from datasets.documents.paper import rounded
from datasets.documents.spoiled import on_screen, thumb
from datasets.documents.truth import Truth
from vision.types import Pixels

Plane = npt.NDArray[np.float32]
DEFECTS = ("tilt", "perspective", "shadow", "glare", "blur", "motion", "noise", "dark", "cropped", "jpeg")
"""Also ``screen`` and ``thumb`` (over ``at_xy``), `datasets.documents.spoiled`."""
"""``jpeg`` (quality 70-92) and a slight perspective are usual, the others are defects."""
USUAL = ("perspective", "shadow", "noise", "jpeg")
CARD_CORNER_01 = 1 / 22
"""Laminated cards are round at their corners; paper and what a screen shows are not."""


def photographed(
    pixels: Pixels,
    truth: Truth,
    seed: int,
    defects: Collection[str] = USUAL,
    *,
    size_wh: tuple[int, int] | None = None,
    fill: float | None = None,
    at_xy: tuple[float, float] | None = None,
    corner_01: float = CARD_CORNER_01,
    scale: float = 1.0,
) -> tuple[Pixels, Truth]:
    """The drawing as a phone would take it, RGB, and its truth moved along. The same seed gives the same picture.

    ``size_wh`` of the photo (default 2000 x 1500, upright and half as large again for pages of paper); ``fill``: share
    of the photo's width or height that the document takes (default from .62 to .92, for paper from .8); ``at_xy``: the
    point of the drawing that glare or a thumb lies over; ``corner_01``: radius of its corners, of its shorter side;
    ``scale``: makes the photo smaller than that, to be looked at.
    """
    rng = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    upright = height > width * 1.2
    width_px, height_px = size_wh or ((2250, 3000) if upright else (2000, 1500))
    size_wh = round(width_px * scale), round(height_px * scale)
    fill = fill or float(rng.uniform(0.8 if upright else 0.62, 0.94 if upright else 0.92))
    matrix = _placement((width, height), size_wh, fill, defects, rng)
    photo = _on_table(pixels, matrix, size_wh, rng, corner_01)
    apart = np.random.default_rng((seed, 1))
    if "screen" in defects:
        photo = on_screen(photo, matrix, (width, height), apart)
    light = _lit(photo.astype(np.float32), matrix, (width, height), defects, rng, at_xy)
    if "thumb" in defects and at_xy is not None:
        tip = cv2.perspectiveTransform(np.array([[at_xy]], np.float64), matrix)[0, 0]
        light = thumb(light, (float(tip[0]), float(tip[1])), min(size_wh) * apart.uniform(0.1, 0.16), apart)
    shot = _sensor(light, defects, rng)
    return shot, replace(truth.moved(matrix), defects=tuple(sorted(defects)))


def _placement(
    source_wh: tuple[int, int],
    size_wh: tuple[int, int],
    fill: float,
    defects: Collection[str],
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    width, height = source_wh
    turn = np.deg2rad(rng.uniform(-28, 28) if "tilt" in defects else rng.normal(0, 2.0))
    bound_w = width * abs(np.cos(turn)) + height * abs(np.sin(turn))
    bound_h = width * abs(np.sin(turn)) + height * abs(np.cos(turn))
    scale = fill * min(size_wh[0] / bound_w, size_wh[1] / bound_h)
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2 * scale
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = corners @ rotation.T
    if "perspective" in defects:
        corners *= 1 + rng.uniform(-0.055, 0.055, (4, 1))
    room = np.array([size_wh[0] - np.ptp(corners[:, 0]), size_wh[1] - np.ptp(corners[:, 1])]) / 2
    centre = np.array(size_wh) / 2 + rng.uniform(-0.7, 0.7, 2) * np.maximum(room, 0)
    if "cropped" in defects:
        centre[0] += float(rng.choice([-1, 1])) * (room[0] + size_wh[0] * rng.uniform(0.04, 0.12))
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, (corners + centre).astype(np.float32)), np.float64)


def _on_table(
    pixels: Pixels,
    matrix: npt.NDArray[np.float64],
    size_wh: tuple[int, int],
    rng: np.random.Generator,
    corner_01: float,
) -> Pixels:
    table = _table(size_wh, rng)
    shrink = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    source = cv2.GaussianBlur(pixels, (0, 0), 0.45 / shrink) if shrink < 0.9 else pixels
    flat = cv2.warpPerspective(source, matrix, size_wh, flags=cv2.INTER_LINEAR)
    mask = rounded((pixels.shape[1], pixels.shape[0]), corner_01)
    cover = cv2.warpPerspective(mask, matrix, size_wh, flags=cv2.INTER_LINEAR).astype(np.float32)
    drop = np.asarray(cv2.GaussianBlur(cover, (0, 0), size_wh[0] / 160), np.float32)
    drop = np.roll(drop, size_wh[1] // 150, axis=0)
    shaded = table * (1 - 0.45 * drop / 255)[..., None]
    alpha = (cover / 255)[..., None]
    return np.asarray(flat * alpha + shaded * (1 - alpha), np.float32).astype(np.uint8)


def _table(size_wh: tuple[int, int], rng: np.random.Generator) -> Plane:
    """Wood, cloth or a plain desk."""
    width, height = size_wh
    base = np.array([(120, 84, 56), (70, 74, 80), (176, 168, 156), (46, 60, 92), (150, 112, 80)][int(rng.integers(5))])
    shape = [(height // 4, 8), (height // 60, width // 60), (height // 4, width // 4)][int(rng.integers(3))]
    grain = cv2.resize(rng.normal(0, 1, shape).astype(np.float32), size_wh, interpolation=cv2.INTER_CUBIC)
    coloured = base + rng.uniform(4, 14) * np.asarray(grain, np.float32)[..., None]
    return np.asarray(np.clip(coloured, 0, 255), np.float32)


def _lit(
    photo: Plane,
    matrix: npt.NDArray[np.float64],
    source_wh: tuple[int, int],
    defects: Collection[str],
    rng: np.random.Generator,
    at_xy: tuple[float, float] | None = None,
) -> Plane:
    height, width = photo.shape[:2]
    ys, xs = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    if "shadow" in defects:
        angle, at = rng.uniform(0, 2 * np.pi), rng.uniform(-0.2, 0.35)
        along = ((xs / width - 0.5) * np.cos(angle) + (ys / height - 0.5) * np.sin(angle) - at) / rng.uniform(0.02, 0.3)
        photo = photo * _enlarged(1 - rng.uniform(0.2, 0.5) / (1 + np.exp(-along)), (width, height))
    warmth = 1 + rng.normal(0, 0.04, 3)
    photo = photo * warmth.astype(np.float32)
    if "glare" in defects:
        place = source_wh[0] * rng.uniform(0.2, 0.8), source_wh[1] * rng.uniform(0.2, 0.8)
        spot = matrix @ np.array([*(at_xy or place), 1.0])
        cx, cy = spot[0] / spot[2], spot[1] / spot[2]
        rx, ry, turn = width * rng.uniform(0.05, 0.11), height * rng.uniform(0.03, 0.08), rng.uniform(0, 3.14)
        u = ((xs - cx) * np.cos(turn) + (ys - cy) * np.sin(turn)) / rx
        w = (-(xs - cx) * np.sin(turn) + (ys - cy) * np.cos(turn)) / ry
        photo = photo + 330 * _enlarged(np.exp(-((u**2 + w**2) ** 1.5)), (width, height))
    if "dark" in defects:
        photo = photo * float(rng.uniform(0.25, 0.45))
    return photo.astype(np.float32)


def _sensor(photo: Plane, defects: Collection[str], rng: np.random.Generator) -> Pixels:
    unit = max(photo.shape[:2]) / 2000
    soft = rng.uniform(1.4, 2.2) if "blur" in defects else rng.uniform(0.3, 0.7)
    photo = cv2.GaussianBlur(photo, (0, 0), soft * unit).astype(np.float32)
    if "motion" in defects:
        length = max(3, round(rng.uniform(5, 9) * unit))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        centre, reach = (length - 1) / 2, (length - 1) / 2
        ends = [(round(centre + s * reach * np.cos(angle)), round(centre + s * reach * np.sin(angle))) for s in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], (1.0,), 1)
        photo = cv2.filter2D(photo, -1, kernel / kernel.sum()).astype(np.float32)
    if "noise" in defects:
        photo = photo + rng.normal(0, rng.uniform(2, 6), photo.shape).astype(np.float32)
    shot = np.clip(photo, 0, 255).astype(np.uint8)
    if "jpeg" not in defects:
        return shot
    _, data = cv2.imencode(".jpg", shot[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 93))])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[:, :, ::-1])


def _enlarged(plane: npt.NDArray[np.floating], size_wh: tuple[int, int]) -> Plane:
    return np.asarray(cv2.resize(plane.astype(np.float32), size_wh), np.float32)[..., None]
