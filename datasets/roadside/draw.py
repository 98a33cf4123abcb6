"""Real photos with drawn things put on them: lights, signs on posts, poles, trunks, bollards, rails, shop boards."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from datasets.lanes.lights import draw_light
from datasets.roadside.posts import bollard, guard_rail, pole, trunk
from datasets.roadside.sign_faces import board, sign_face
from datasets.roadside.sprites import Floats, Sprite, brightness, cut, put, squeezed
from vision.geometry import area, overlap
from vision.models.roadside import LABELS
from vision.types import Box, Pixels

Boxes = tuple[tuple[int, Box], ...]
"""Index of the label in `LABELS`, box in pixels."""
LEAST_PX = 6.0


@dataclass(slots=True)
class Canvas:
    """A picture that is being drawn on, and what was put there."""

    base: Floats
    boxes: list[tuple[str, Box]]

    def free(self, box: Box) -> bool:
        return all(overlap(box, other) < 0.15 * min(area(box), area(other)) for _, other in self.boxes)

    def told(self, label: str, box: Box | None) -> None:
        if box is not None and max(box[2] - box[0], box[3] - box[1]) >= LEAST_PX:
            self.boxes.append((label, box))


def drawn_on(pixels: Pixels, random: np.random.Generator) -> tuple[Pixels, Boxes]:
    """A photo (h, w, 3) with one to five things more, and their boxes."""
    canvas = Canvas(pixels.astype(np.float32), [])
    if random.random() < 0.18:
        canvas.told("guard_rail", guard_rail(canvas.base, random, brightness(canvas.base, (0, 0, 9999, 9999))))
    if random.random() < 0.35:
        _board(canvas, random)
    steps = (_sign, _light, _standing, _bollard)
    for _ in range(int(random.integers(1, 5))):
        steps[int(random.choice(4, p=(0.35, 0.25, 0.22, 0.18)))](canvas, random)
    blurred = cv2.GaussianBlur(canvas.base, (0, 0), 0.4)
    out = np.clip(blurred, 0, 255).astype(np.uint8)
    return out, tuple((LABELS.index(name), box) for name, box in canvas.boxes)


def _spot(
    canvas: Canvas, random: np.random.Generator, size: tuple[float, float], low: float, high: float
) -> Box | None:
    """A free place (w, h in pixels) whose middle lies between shares ``low`` and ``high`` of the picture's height."""
    h, w = canvas.base.shape[:2]
    for _ in range(5):
        x, y = random.uniform(0, w), h * random.uniform(low, high)
        box = (x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
        if canvas.free(box):
            return box
    return None


def _longer(canvas: Canvas, random: np.random.Generator, least: float, most: float) -> float:
    """A size in pixels, small ones as often as large ones."""
    return float(max(canvas.base.shape) * np.exp(random.uniform(np.log(least), np.log(most))))


def _lit(sprite: Sprite, canvas: Canvas, box: Box) -> Sprite:
    return Sprite(sprite.colours * brightness(canvas.base, box), sprite.cover)


def _sign(canvas: Canvas, random: np.random.Generator) -> None:
    face, group = sign_face(random)
    face = cut(squeezed(face, random, 0.45 if group != "guide" else 0.8, 12))
    high = _longer(canvas, random, 0.02, 0.15)
    wide = high * face.cover.shape[1] / face.cover.shape[0]
    box = _spot(canvas, random, (wide, high), 0.05, 0.5)
    if box is None:
        return
    if random.random() < 0.75:
        _post_below(canvas, random, box)
    canvas.told("traffic_sign", put(canvas.base, _lit(face, canvas, box), box[0], box[1], high))
    if random.random() < 0.2:  # a second one below it
        more = cut(squeezed(sign_face(random)[0], random, 0.6, 6))
        top = box[3] + high * 0.08
        place = (box[0], top, box[2], top + high * 0.8)
        canvas.told("traffic_sign", put(canvas.base, _lit(more, canvas, place), box[0], top, high * 0.8))


def _post_below(canvas: Canvas, random: np.random.Generator, face: Box) -> None:
    """The post that carries a sign."""
    wide, top = (face[3] - face[1]) * random.uniform(0.06, 0.16), face[1] + 0.3 * (face[3] - face[1])
    foot = face[3] + (face[3] - face[1]) * random.uniform(1.5, 3.5)
    x = (face[0] + face[2]) / 2 - wide / 2
    post = pole(random, max((foot - top) / max(wide, 1.5), 2))
    seen = put(canvas.base, _lit(post, canvas, (x, top, x + 4, foot)), x, top, foot - top)
    if seen is not None:
        canvas.told("pole", (seen[0], max(seen[1], min(face[3], seen[3] - 1)), seen[2], seen[3]))


def _light(canvas: Canvas, random: np.random.Generator) -> None:
    high = _longer(canvas, random, 0.02, 0.15)
    light = draw_light(random, int(max(high, 8)))
    border = max(int(max(high, 8)) // 5, 1)
    h, w = light.mask.shape
    box = _spot(canvas, random, (w, h), 0.02, 0.5)
    if box is None:
        return
    if random.random() < 0.6:  # an arm from a side, or a post below
        grey, y = random.uniform(40, 150), (box[1] + box[3]) / 2
        if random.random() < 0.7:
            end = (0, int(y)) if random.random() < 0.5 else (canvas.base.shape[1], int(y + random.uniform(-9, 9)))
            cv2.line(canvas.base, (int(box[0] + w / 2), int(y)), end, [grey] * 3, max(int(high * 0.08), 1), cv2.LINE_AA)
        else:
            _post_below(canvas, random, box)
    put(canvas.base, Sprite(light.pixels.astype(np.float32), light.mask), box[0], box[1], h)
    inner = (round(box[0]) + border, round(box[1]) + border, round(box[0]) + w - border, round(box[1]) + h - border)
    canvas.told("traffic_light", _inside(inner, canvas))


def _standing(canvas: Canvas, random: np.random.Generator) -> None:
    """A pole or a trunk with its foot on the ground."""
    high = _longer(canvas, random, 0.15, 1.0)
    tree = random.random() < 0.5
    slender = random.uniform(3, 9) if tree else random.uniform(9, 35)
    box = _spot(canvas, random, (high / slender, high), 0.0, 0.0)
    if box is None:
        return
    foot = canvas.base.shape[0] * random.uniform(0.45, 0.98)
    box = (box[0], foot - high, box[2], foot)
    sprite = _lit((trunk if tree else pole)(random, slender), canvas, box)
    if canvas.free(box):
        canvas.told("tree" if tree else "pole", put(canvas.base, sprite, box[0], box[1], high))


def _bollard(canvas: Canvas, random: np.random.Generator) -> None:
    """One, or a few in a row."""
    sprite, high = bollard(random), _longer(canvas, random, 0.05, 0.45)
    wide = high * sprite.cover.shape[1] / sprite.cover.shape[0]
    box = _spot(canvas, random, (wide, high), 0.45, 0.85)
    for _ in range(1 if random.random() < 0.6 else 3):
        if box is not None and canvas.free(box):
            canvas.told("bollard", put(canvas.base, _lit(sprite, canvas, box), box[0], box[1], box[3] - box[1]))
            shift = high * random.uniform(1.0, 2.5)
            box = (box[0] + shift, box[1], box[2] + shift, box[3])


def _board(canvas: Canvas, random: np.random.Generator) -> None:
    """Not told: it is no traffic sign."""
    sprite, high = squeezed(board(random), random, 0.6, 4), _longer(canvas, random, 0.03, 0.12)
    wide = high * sprite.cover.shape[1] / sprite.cover.shape[0]
    box = _spot(canvas, random, (wide, high), 0.05, 0.5)
    if box is not None:
        put(canvas.base, _lit(sprite, canvas, box), box[0], box[1], high)


def _inside(box: Box, canvas: Canvas) -> Box | None:
    h, w = canvas.base.shape[:2]
    x0, y0, x1, y1 = max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(w)), min(box[3], float(h))
    return (x0, y0, x1, y1) if x1 - x0 > 2 and y1 - y0 > 2 else None
