"""What an officer should know about a document's picture and its validity. Each flag with a score and a region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import cv2
import numpy as np

from vision.documents.flag_chances import with_chance
from vision.documents.flags_copy import copy_flags
from vision.documents.flags_cropped import cropped_flags
from vision.documents.flags_hidden import hidden_flags
from vision.documents.flags_source import source_flags
from vision.documents.signs import Piece, box_of, height_of
from vision.identifiers import PeriodState, end_state, period_state
from vision.types import Box, DocumentFlag, DocumentFlagKind, DocumentKind, Field, Page, Pixels

WANTED = (DocumentKind.DRIVING_LICENCE, DocumentKind.VEHICLE_LICENCE, DocumentKind.INSURANCE_POLICY)
SMALL_PX = 15.0
"""Height of a line's box below which strokes of Chinese characters run together."""
BLUR_LIMIT = 0.65
"""Steepest edges of the text, as a share of its contrast per 24th of the line height; sharp prints have .7 to 1.3."""
GLARE_LEVEL = 250
GLARE_SHARE = 0.1
"""Share of a field's box that is burnt out, above which the field lies under glare."""
OVER_USUAL = 3.0
"""By how many times the page's median share a field under glare exceeds it besides."""
FEW_FIELDS = 4
"""Of fewer fields no usual share can be told."""
PATCH_AREA = 3.0
"""Area of a burnt-out patch, in squares of the line height, that can hide a field."""


def flags_of(
    pixels: Pixels,
    kind: DocumentKind,
    fields: Mapping[str, Field],
    pieces: Sequence[Piece],
    on: date | None,
) -> tuple[DocumentFlag, ...]:
    """Flags of one document, each at most once a region; empty where all is well."""
    if kind not in WANTED:
        return (DocumentFlag(DocumentFlagKind.WRONG_KIND, 1.0),)
    source = tuple(source_flags(pixels, pieces))
    # A screenshot's white is no glare, and it has no frame around its page.
    taken = all(flag.kind is not DocumentFlagKind.SCREENSHOT for flag in source)
    raised = (
        *_validity(fields, on),
        *_picture(pixels, pieces),
        *(_glare(pixels, fields, pieces) if taken else ()),
        *cropped_flags(pixels, pieces, framed=taken),
        *source,
        *(copy_flags(pixels, pieces, _bears_colour(fields)) if taken else ()),
        *hidden_flags(pixels, pieces),
    )
    return tuple(map(with_chance, raised))


def _bears_colour(fields: Mapping[str, Field]) -> bool:
    """Whether a genuine paper has a seal or a portrait here: a second page by itself is black on a pale ground."""
    return any(field.page is not Page.SECOND for field in fields.values())


def _validity(fields: Mapping[str, Field], on: date | None) -> Iterator[DocumentFlag]:
    if on is None:
        return
    start, end = fields.get("valid_from"), fields.get("valid_to")
    state = period_state(start.text if start else None, end.text if end else None, on)
    if state is PeriodState.EXPIRED and end is not None:
        yield DocumentFlag(DocumentFlagKind.EXPIRED, end.score, end.box_xyxy)
    if state is PeriodState.NOT_YET_VALID and start is not None:
        yield DocumentFlag(DocumentFlagKind.NOT_YET_VALID, start.score, start.box_xyxy)
    inspected = fields.get("inspection_valid_to")
    if inspected is not None and inspected.text and end_state(inspected.text, on) is PeriodState.EXPIRED:
        yield DocumentFlag(DocumentFlagKind.EXPIRED, inspected.score, inspected.box_xyxy)


def _picture(pixels: Pixels, pieces: Sequence[Piece]) -> Iterator[DocumentFlag]:
    if not pieces:
        return
    height = float(np.median([height_of(piece) for piece in pieces]))
    if height < SMALL_PX:
        yield DocumentFlag(DocumentFlagKind.TOO_SMALL, min(1.0, 0.5 * SMALL_PX / height))
    sharpness = text_sharpness(pixels, pieces)
    if sharpness < BLUR_LIMIT:
        yield DocumentFlag(DocumentFlagKind.BLURRED, float(1 - 0.5 * sharpness / BLUR_LIMIT))


def text_sharpness(pixels: Pixels, pieces: Sequence[Piece]) -> float:
    """Steepest edges of the text over its contrast, per 24th of the line height; median over lines."""
    values = []
    for piece in pieces:
        x0, y0, x1, y1 = (int(v) for v in box_of(piece))
        crop = pixels[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1]
        if min(crop.shape[:2]) < 8:
            continue
        scale = 24 / height_of(piece)
        grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
        step = max(1, int(1 / scale))  # of large print every second or third pixel tells as much
        low, high = np.percentile(grey[::step, ::step], (2, 90))
        if high - low < 12:
            continue
        gx, gy = (cv2.Sobel(grey, cv2.CV_32F, *d, scale=1 / 8)[::step, ::step] for d in ((1, 0), (0, 1)))
        values.append(float(np.percentile(np.hypot(gx, gy), 98) / (high - low) / scale))
    return float(np.median(values)) if values else 1.0


def _glare(pixels: Pixels, fields: Mapping[str, Field], pieces: Sequence[Piece]) -> Iterator[DocumentFlag]:
    """Fields with burnt-out pixels; and burnt-out patches between the lines, which may hide a field altogether.

    White paper in strong light burns out under all its fields alike: that is no glare.
    """
    shares = [burnt_share(pixels, field.box_xyxy) for field in fields.values()]
    usual = float(np.median(shares)) if len(shares) >= FEW_FIELDS else 0.0
    over = [
        (share, field.box_xyxy)
        for share, field in zip(shares, fields.values(), strict=True)
        if share > GLARE_SHARE + OVER_USUAL * usual
    ]
    yield from (_glared(0.5 + share, box) for share, box in over)
    if over or usual > GLARE_SHARE / 2 or not pieces:
        return
    height = float(np.median([height_of(piece) for piece in pieces]))
    for area, box in burnt_patches(pixels, box_of([sign for piece in pieces for sign in piece])):
        if area > PATCH_AREA * height**2:
            yield _glared(0.6, box)


def _glared(score: float, box: Box) -> DocumentFlag:
    return DocumentFlag(DocumentFlagKind.GLARE_OVER_FIELD, min(1.0, score), box)


def burnt_patches(pixels: Pixels, within: Box) -> list[tuple[float, Box]]:
    """Area and box of connected burnt-out patches inside a box; none where the whole paper is burnt out."""
    x0, y0, x1, y1 = (int(v) for v in within)
    step = max(1, max(x1 - x0, y1 - y0) // 400)
    burnt = (pixels[max(0, y0) : y1 : step, max(0, x0) : x1 : step].min(axis=2) >= GLARE_LEVEL).astype(np.uint8)
    if burnt.size == 0 or burnt.mean() > 0.5:
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(burnt)
    return [
        (float(area * step**2), (x0 + x * step, y0 + y * step, x0 + (x + w) * step, y0 + (y + h) * step))
        for x, y, w, h, area in stats[1:].tolist()
    ]


def burnt_share(pixels: Pixels, box: Box) -> float:
    """Share of a box where all three colours are at their limit."""
    x0, y0, x1, y1 = (int(v) for v in box)
    crop = pixels[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1]
    if not crop.size:
        return 0.0
    burnt = cv2.inRange(crop, (GLARE_LEVEL,) * 3, (255,) * 3)
    return float(cv2.countNonZero(burnt) / burnt.size)
