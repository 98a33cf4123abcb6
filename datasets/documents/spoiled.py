"""Defects that `photographed` does not know: copies, screens, screenshots, fingers, curled and edited pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from datasets.documents.fonts import font
from datasets.documents.paper import rounded
from datasets.documents.truth import FieldTruth, Truth
from vision.types import Pixels

Plane: TypeAlias = npt.NDArray[np.float32]
Matrix: TypeAlias = npt.NDArray[np.float64]
PHONE_W = 1080


def photocopied(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Grey, steep tones, toner specks and streaks; still flat. RGB of three equal planes."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    middle, steep = rng.uniform(140, 180), rng.uniform(20, 38)
    copied = 235 / (1 + np.exp((middle - grey) / steep)) + 14
    copied += cv2.resize(
        rng.normal(0, 5, (grey.shape[0] // 3, grey.shape[1] // 3)).astype(np.float32), grey.shape[::-1]
    )
    copied[rng.random(grey.shape) < 0.0006] = 40
    for _ in range(int(rng.integers(0, 4))):
        column = int(rng.integers(grey.shape[1] - 3))
        copied[:, column : column + int(rng.integers(1, 4))] -= 14
    return np.repeat(np.clip(copied, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def curled(pixels: Pixels, truth: Truth, rng: np.random.Generator) -> tuple[Pixels, Truth]:
    """A page that bulges: lines bend by up to 2.5 % of its height; boxes move with their middles."""
    height, width = pixels.shape[:2]
    bend, phase = height * rng.uniform(0.012, 0.025) * rng.choice([-1, 1]), rng.uniform(-0.4, 0.4)

    def lift(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(bend * (np.sin(np.pi * (x / width + phase)) - np.sin(np.pi * (0.5 + phase))))

    xs, ys = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    bent = cv2.remap(pixels, xs.astype(np.float32), (ys + lift(xs)).astype(np.float32), cv2.INTER_LINEAR,
                     borderMode=cv2.BORDER_REPLICATE)  # fmt: skip

    def moved(field: FieldTruth) -> FieldTruth:
        x0, _, x1, _ = field.box_xyxy
        down = float(-lift(np.array([(x0 + x1) / 2]))[0])
        a, b, c, d = ((x, y + down) for x, y in field.corners)
        return replace(field, corners=(a, b, c, d))

    pages = tuple(replace(page, fields=tuple(map(moved, page.fields))) for page in truth.pages)
    return bent.astype(np.uint8), replace(truth, pages=pages)


def on_screen(photo: Pixels, matrix: Matrix, source_wh: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """A page shown on a display: its grid of sub-pixels beats against the camera's, a dark frame stands around it."""
    height, width = photo.shape[:2]
    corners = np.array([[0, 0], [source_wh[0], 0], [source_wh[0], source_wh[1]], [0, source_wh[1]]], np.float64)
    quad = cv2.perspectiveTransform(corners[None], matrix)[0]
    shown = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(shown, quad.astype(np.int32), (1.0,))
    bezel = round(min(source_wh) * rng.uniform(0.02, 0.06))
    device = rounded((source_wh[0] + 2 * bezel, source_wh[1] + 2 * bezel), 0.09)
    place = matrix @ np.array([[1.0, 0, -bezel], [0, 1.0, -bezel], [0, 0, 1.0]])
    frame = cv2.warpPerspective(device, place, (width, height))
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    inverse = np.linalg.inv(matrix)
    w = inverse[2, 0] * xs + inverse[2, 1] * ys + inverse[2, 2]
    u = (inverse[0, 0] * xs + inverse[0, 1] * ys + inverse[0, 2]) / w
    v = (inverse[1, 0] * xs + inverse[1, 1] * ys + inverse[1, 2]) / w
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    pitch = rng.uniform(1.05, 2.6) / scale
    depth = rng.uniform(0.12, 0.35)
    lines = 1 - 0.5 * depth * (1 - np.cos(2 * np.pi * v / pitch))
    lit = photo.astype(np.float32) * np.float32(0.92) + 10
    for channel in range(3):
        lit[..., channel] *= (lines * (1 - depth * (0.5 - 0.5 * np.cos(2 * np.pi * (u / pitch + channel / 3))))).astype(
            np.float32
        )
    lit *= np.float32(1 / (1 - 0.5 * depth)) * np.array([0.97, 1.0, 1.05], np.float32)
    dark = np.float32(rng.uniform(10, 34))
    out = np.where(frame[..., None] > 0, dark, photo.astype(np.float32))
    return np.clip(np.where(shown[..., None] > 0, lit, out), 0, 255).astype(np.uint8)


def screenshot(pixels: Pixels, truth: Truth, rng: np.random.Generator) -> tuple[Pixels, Truth]:
    """The page as a phone's own picture of its screen: status bar, the page, a navigation bar. No camera."""
    scale = PHONE_W / pixels.shape[1]
    page = cv2.resize(pixels, (PHONE_W, round(pixels.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    bar, height = 84, int(rng.choice([2160, 2340, 2400]))
    canvas = Image.new("RGB", (PHONE_W, max(height, page.shape[0] + bar + 60)), (255, 255, 255))
    pen = ImageDraw.Draw(canvas)
    clock = f"{int(rng.integers(7, 22))}:{int(rng.integers(10, 60))}"
    pen.text((48, 42), clock, font=font("noto-sans", 38), fill=(20, 20, 20), anchor="lm")
    pen.text(
        (PHONE_W - 48, 42),
        f"5G {int(rng.integers(12, 99))}%",
        font=font("noto-sans", 34),
        fill=(20, 20, 20),
        anchor="rm",
    )
    canvas.paste(Image.fromarray(page.astype(np.uint8)), (0, bar))
    pen.rounded_rectangle(
        (PHONE_W / 2 - 180, canvas.height - 26, PHONE_W / 2 + 180, canvas.height - 16), 5, fill=(30, 30, 30)
    )
    shot = jpeg(np.asarray(canvas, np.uint8), int(rng.integers(82, 97)))
    moved = truth.moved(np.array([[scale, 0, 0], [0, scale, bar], [0, 0, 1.0]]))
    return shot, replace(moved, defects=("screenshot",))


def thumb(photo: Plane, at_xy: tuple[float, float], width: float, rng: np.random.Generator) -> Plane:
    """A finger from the nearest side edge with its tip over a point; softly shaded, with a nail."""
    size = photo.shape[:2]
    side = -1.0 if at_xy[0] < size[1] / 2 else 1.0
    lean = rng.uniform(-0.5, 0.5)
    start = np.array([size[1] / 2 + side * size[1], at_xy[1] + lean * size[1] / 2])
    mask = np.zeros(size, np.uint8)
    tip = tuple(int(v) for v in at_xy)
    cv2.line(mask, (int(start[0]), int(start[1])), tip, (255.0,), int(width))
    cv2.circle(mask, tip, int(width / 2), (255.0,), -1)
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), width / 40), np.float32)[..., None] / 255
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 3).astype(np.float32)[..., None]
    skin = np.array([(224, 172, 140), (205, 150, 118), (178, 124, 92)][int(rng.integers(3))], np.float32)
    shade = np.float32(0.68) + np.float32(0.32) * np.sqrt(np.minimum(inside / np.float32(width / 2), 1))
    finger = skin * shade * np.float32(photo.mean() / 190 + 0.2)
    nail = np.zeros(size, np.uint8)
    away = (start - at_xy) / np.linalg.norm(start - at_xy)
    place = (int(at_xy[0] + away[0] * width * 0.1), int(at_xy[1] + away[1] * width * 0.1))
    axes, turn = (int(width * 0.34), int(width * 0.26)), float(np.degrees(np.arctan2(away[1], away[0])))
    cv2.ellipse(nail, place, axes, turn, 0, 360, (255.0,), -1)
    bright = np.asarray(cv2.GaussianBlur(nail, (0, 0), width / 50), np.float32)[..., None] / 255
    finger = finger * (1 + 0.1 * bright) + bright * np.array([4, 4, 8], np.float32)
    return np.asarray(photo * (1 - soft) + finger * soft, np.float32)


def edited(photo: Pixels, field: FieldTruth, rng: np.random.Generator, family: str) -> Pixels:
    """The second half of a field painted over and set anew in another font: no noise, no blur, as an editor does it."""
    x0, y0, x1, y1 = field.box_xyxy
    out = photo.copy()
    left = int(x0 + (x1 - x0) * 0.5)
    box = (left, int(y0 - 2), int(x1 + 3), int(y1 + 2))
    patch = out[box[1] : box[3], box[0] : box[2]]
    paper = tuple(int(v) for v in np.percentile(patch.reshape(-1, 3), 80, axis=0))
    ink = tuple(int(v) for v in np.percentile(patch.reshape(-1, 3), 2, axis=0))
    image = Image.fromarray(out)
    pen = ImageDraw.Draw(image)
    pen.rectangle(box, fill=paper)
    shown = "".join(str(int(v)) for v in rng.integers(0, 10, max(3, len(field.text) // 2)))
    size = (y1 - y0) * 1.15
    while size > 8 and font(family, round(size)).getlength(shown) > x1 - left:
        size *= 0.95
    pen.text((left + 2, (y0 + y1) / 2), shown, font=font(family, round(size)), fill=ink, anchor="lm")
    return np.asarray(image, np.uint8)


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """The picture once through JPEG."""
    _, data = cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[:, :, ::-1])
