"""Backgrounds, seals and portraits: what makes a licence hard to read."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from datasets.documents.fonts import font
from datasets.documents.sheet import RED, Colour, Sheet
from datasets.documents.truth import FieldTruth, corners_of
from vision.types import Pixels


def guilloche(size_px: tuple[int, int], paper: Colour, ink: Colour, rng: np.random.Generator) -> Pixels:
    """Security background: bundles of shifted sine waves, faintly inked, on tinted paper. RGB (H, W, 3)."""
    width, height = size_px
    canvas = np.empty((height, width, 3), np.uint8)
    canvas[:] = paper
    lines = canvas.copy()
    xs = np.arange(0, width + 4, 4)
    for _ in range(5):
        amplitude, period = rng.uniform(0.05, 0.16) * height, rng.uniform(0.15, 0.6) * width
        phase, base, gap = rng.uniform(0, 6.28), rng.uniform(0, height), height * 0.014
        for index in range(26):
            swell = amplitude * (1 + 0.03 * index)
            ys = base + index * gap + swell * np.sin(xs / period * 2 * math.pi + phase + index * 0.06) - 13 * gap
            points = np.stack([xs, ys], axis=1).astype(np.int32).reshape(-1, 1, 2)
            cv2.polylines(lines, [points], False, ink, 1, cv2.LINE_AA)
    strength = float(rng.uniform(0.35, 0.75))
    return cv2.addWeighted(lines, strength, canvas, 1 - strength, 0).astype(np.uint8)


def square_seal(
    sheet: Sheet, x: float, y: float, side: float, text: str, key: str | None = "issuing_authority"
) -> None:
    """The red square seal of a licence's authority, its text in rows; noted as a field unless ``key`` is None."""
    rows = _rows(text, 3 if len(text) <= 15 else 4)
    layer = Image.new("RGBA", sheet.image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    colour = (*RED, int(sheet.rng.integers(150, 235)))
    box = tuple(sheet.px(v) for v in (x, y, x + side, y + side))
    pen.rectangle(box, outline=colour, width=max(2, round(sheet.px(0.5))))
    pitch = side / len(rows)
    for index, row in enumerate(rows):
        size = min(pitch * 0.78, side * 0.9 / max(map(len, rows)))
        sheet.text(x + side * 0.06, y + pitch * (index + 0.5), row, size, colour=colour, width=side * 0.88, pen=pen)  # type: ignore[arg-type]
    _stamp(sheet, layer)
    if key:
        sheet.fields.append(FieldTruth(key, text, corners_of(box), sheet.page))  # type: ignore[arg-type]


def round_seal(sheet: Sheet, x: float, y: float, radius: float, text: str) -> None:
    """A company's round red seal with its name along the rim and a star; not a field."""
    layer = Image.new("RGBA", sheet.image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    colour = (*RED, int(sheet.rng.integers(120, 200)))
    cx, cy, r = sheet.px(x), sheet.px(y), sheet.px(radius)
    pen.ellipse((cx - r, cy - r, cx + r, cy + r), outline=colour, width=max(2, round(r * 0.05)))
    star = [
        (cx + r * k * math.sin(a), cy - r * k * math.cos(a))
        for i in range(10)
        for k, a in [((0.32, 0.13)[i % 2], i * math.pi / 5)]
    ]
    pen.polygon(star, fill=colour)
    face = font(sheet.label_font, round(r * 0.24))
    for index, sign in enumerate(text):
        angle = math.radians(-130 + 260 * (index + 0.5) / len(text))
        glyph = Image.new("RGBA", (round(r * 0.34),) * 2, (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((r * 0.17, r * 0.17), sign, font=face, fill=colour, anchor="mm")
        glyph = glyph.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        place = (cx + r * 0.78 * math.sin(angle) - r * 0.17, cy - r * 0.78 * math.cos(angle) - r * 0.17)
        layer.alpha_composite(glyph, (max(0, round(place[0])), max(0, round(place[1]))))
    _stamp(sheet, layer)


def portrait(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """A drawn head and shoulders: no real face."""
    box = tuple(round(sheet.px(v)) for v in (x, y, x + width, y + height))
    pen = sheet.pen
    pen.rectangle(box, fill=tuple(int(v) for v in sheet.rng.integers(225, 255, 3)))
    cx, w, h = (box[0] + box[2]) / 2, box[2] - box[0], box[3] - box[1]
    skin = (int(sheet.rng.integers(205, 235)), int(sheet.rng.integers(165, 195)), int(sheet.rng.integers(135, 165)))
    coat = tuple(int(v) for v in sheet.rng.integers(20, 140, 3))
    pen.pieslice((cx - w * 0.45, box[1] + h * 0.66, cx + w * 0.45, box[3] + h * 0.34), 180, 360, fill=coat)
    pen.rectangle((cx - w * 0.1, box[1] + h * 0.5, cx + w * 0.1, box[1] + h * 0.72), fill=skin)
    pen.ellipse((cx - w * 0.24, box[1] + h * 0.16, cx + w * 0.24, box[1] + h * 0.62), fill=skin)
    pen.chord((cx - w * 0.26, box[1] + h * 0.1, cx + w * 0.26, box[1] + h * 0.5), 180, 360, fill=(30, 26, 26))


def barcode(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    at = x
    while at < x + width:
        bar = float(sheet.rng.choice([0.2, 0.35, 0.5]))
        sheet.pen.rectangle(tuple(sheet.px(v) for v in (at, y, at + bar, y + height)), fill=(30, 30, 30))
        at += bar + float(sheet.rng.choice([0.2, 0.35, 0.5]))


def rounded(size_px: tuple[int, int], corner_01: float) -> Pixels:
    """Mask (H, W), 0 or 255, of a page whose corners have a radius of ``corner_01`` of its shorter side."""
    width, height = size_px
    radius = max(2, int(min(size_px) * corner_01))
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (radius, radius), (width - radius, height - radius), (255.0,), -1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(mask, disc), np.uint8)


def plastic(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """What a clear sleeve does to what is in it: a milky veil and two slanted streaks of light."""
    height, width = pixels.shape[:2]
    ys, xs = np.mgrid[0:height:4, 0:width:4].astype(np.float32)
    along = xs / width + rng.uniform(-0.5, 0.5) * ys / height
    sheen = sum(np.exp(-(((along - rng.uniform(0, 1.2)) / rng.uniform(0.02, 0.08)) ** 2)) for _ in range(2))
    veil = cv2.resize((0.03 + 0.09 * np.asarray(sheen)).astype(np.float32), (width, height))[..., None]
    return np.asarray(pixels + veil * (np.float32(255) - pixels), np.uint8)


def _rows(text: str, count: int) -> list[str]:
    size = math.ceil(len(text) / count)
    return [text[start : start + size] for start in range(0, len(text), size)]


def _stamp(sheet: Sheet, layer: Image.Image) -> None:
    """Ink that is slightly turned, soft and uneven."""
    turned = layer.filter(ImageFilter.GaussianBlur(sheet.px(0.02)))
    noise = sheet.rng.uniform(0.75, 1.0, (layer.height // 6 + 1, layer.width // 6 + 1)).astype(np.float32)
    patchy = cv2.resize(noise, (layer.width, layer.height))
    alpha = (np.asarray(turned.getchannel("A"), np.float32) * patchy).astype(np.uint8)
    turned.putalpha(Image.fromarray(alpha))
    sheet.image = Image.alpha_composite(sheet.image.convert("RGBA"), turned).convert("RGB")
    sheet.pen = ImageDraw.Draw(sheet.image)
