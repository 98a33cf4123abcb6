"""Pieces to be put on pictures: colours with how much of each pixel they cover."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.types import Box

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """``colours`` (h, w, 3) 0..255 and ``cover`` (h, w) 0..1."""

    colours: Floats
    cover: Floats


def squeezed(sprite: Sprite, random: np.random.Generator, narrowest: float, most_turn_deg: float) -> Sprite:
    """As seen from aside and a little tilted."""
    h, w = sprite.cover.shape
    narrow, keystone = random.uniform(narrowest, 1.0), random.uniform(-0.08, 0.08)
    half, middle = w / 2 * narrow, (w / 2, h / 2)
    corners = np.array(
        [(-half, -h / 2), (half, -h / 2 * (1 - keystone)), (half, h / 2 * (1 - keystone)), (-half, h / 2)]
    )
    angle = np.deg2rad(random.normal(0, most_turn_deg / 2))
    turn = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    target = ((corners * 0.92) @ turn.T + middle).astype(np.float32)
    source = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = [np.asarray(cv2.warpPerspective(a, matrix, (w, h)), np.float32) for a in (sprite.colours, sprite.cover)]
    return Sprite(warped[0], warped[1])


def covered(sprite: Sprite) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of what is more than half covered, right and lower border exclusive."""
    ys, xs = np.nonzero(sprite.cover > 0.5)
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


def cut(sprite: Sprite) -> Sprite:
    """Without its empty border."""
    x0, y0, x1, y1 = covered(sprite)
    return Sprite(sprite.colours[y0:y1, x0:x1], sprite.cover[y0:y1, x0:x1])


def put(base: Floats, sprite: Sprite, left: float, top: float, height: float) -> Box | None:
    """Puts a sprite on a picture (h, w, 3), so high; its part in the picture, or null. ``base`` changes."""
    scale = height / sprite.cover.shape[0]
    h, w = max(round(height), 1), max(round(sprite.cover.shape[1] * scale), 1)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    colours = np.asarray(cv2.resize(sprite.colours, (w, h), interpolation=how), np.float32)
    cover = np.asarray(cv2.resize(sprite.cover, (w, h), interpolation=how), np.float32)
    x, y = round(left), round(top)
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, base.shape[1]), min(y + h, base.shape[0])
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    part = (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
    region, seen = base[y0:y1, x0:x1], cover[part][..., None]
    region[:] = region * (1 - seen) + colours[part] * seen
    return float(x0), float(y0), float(x1), float(y1)


def brightness(base: Floats, box: Box) -> float:
    """By which a piece has to be dimmed or lifted to look as if it stood there."""
    x0, y0, x1, y1 = (int(v) for v in box)
    region = base[max(y0, 0) : max(y1, 1), max(x0, 0) : max(x1, 1)]
    return float(np.clip((region.mean() if region.size else 110.0) / 115.0, 0.3, 1.25))
