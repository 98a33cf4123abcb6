"""Puts a drawn plate into a picture in perspective; cuts a plate out of a picture by four corners."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Pixels

Quad = npt.NDArray[np.float32]
"""Four corners (x, y), pixels: top left, top right, bottom right, bottom left as the plate is read."""


def rectangle(width: float, height: float) -> Quad:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def random_view(plate_wh: tuple[int, int], width_px: float, rng: np.random.Generator, tilt: float = 1.0) -> Quad:
    """Corners of a plate seen by a camera somewhere in front of it, ``width_px`` wide, its centre at (0, 0).

    A flat plate is turned about all three axes (``tilt`` scales the angles) and projected through a pinhole.
    """
    yaw, pitch, roll = np.radians(rng.normal(0, (22 * tilt, 12 * tilt, 6 * tilt))).clip(-1.0, 1.0)
    w, h = plate_wh[0] / plate_wh[0], plate_wh[1] / plate_wh[0]
    flat = np.array([[-w, -h, 0], [w, -h, 0], [w, h, 0], [-w, h, 0]]) / 2
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    turn = (
        np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        @ np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    )
    world = flat @ turn.T
    distance = rng.uniform(2.5, 8)
    seen = world[:, :2] * distance / (distance + world[:, 2:])
    return np.asarray(seen * width_px, np.float32)


def paste(picture: Pixels, plate: Pixels, quad: Quad) -> Pixels:
    """A copy of ``picture`` with ``plate`` at ``quad``, edges smooth, small plates averaged down."""
    size = (picture.shape[1], picture.shape[0])
    wide = max(float(np.linalg.norm(quad[1] - quad[0])), 8.0)
    shrink = min(1.0, 1.3 * wide / plate.shape[1])
    small = cv2.resize(plate, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    turn = cv2.getPerspectiveTransform(rectangle(small.shape[1], small.shape[0]), quad)
    warped = cv2.warpPerspective(small, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(quad * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    alpha = (mask.astype(np.float32) / 255)[..., None]
    return (picture * (1 - alpha) + warped * alpha).astype(np.uint8)


def cut(picture: Pixels, quad: Quad, size: tuple[int, int]) -> Pixels:
    """The plate at ``quad`` made flat, ``size`` = (width, height); outside the picture the edge is repeated."""
    turn = cv2.getPerspectiveTransform(quad.astype(np.float32), rectangle(*size))
    flags = cv2.INTER_LINEAR
    return np.asarray(cv2.warpPerspective(picture, turn, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)
