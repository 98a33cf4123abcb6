"""The red seal of a licence: whose text is the issuing authority."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from vision.documents.signs import Piece, box_of, height_of, row_of, rows_of, text_of
from vision.types import Pixels

REDNESS_01 = 0.12
"""By how much of the paper's brightness red must exceed green and blue in the reddest tenth of a line's pixels."""
ROW_PITCH = 1.7
"""Largest distance of a seal's rows, in line heights."""
AUTHORITY = re.compile(r"公安|交通|警察|支队|大队|总队|车辆管理|车管")


def seal_text(pixels: Pixels, pieces: Sequence[Piece], *, copied: bool = False) -> Piece:
    """Signs of the lines that make up a red seal, top to bottom; empty where there is none.

    ``pieces``: lines that belong to no label. Grown from the red lines that name an authority, row by row: a row in
    the shade is not red enough to be told by colour, but stands in the column. ``copied``: the page is a copy without
    colour, on which a seal is told by its words alone.
    """
    seal = [piece for piece in pieces if AUTHORITY.search(text_of(piece)) and (copied or _is_red(pixels, piece))]
    rest = [piece for piece in pieces if piece not in seal]
    while seal and (more := [piece for piece in rest if _belongs(piece, seal)]):
        seal += more
        rest = [piece for piece in rest if piece not in more]
    return tuple(sign for row in rows_of(seal) for piece in sorted(row, key=lambda p: p[0].u0) for sign in piece)


def _belongs(piece: Piece, seal: Sequence[Piece]) -> bool:
    """Inside the seal's column, on one of its rows or on the next."""
    left, right = min(p[0].u0 for p in seal), max(p[-1].u1 for p in seal)
    height = max(height_of(p) for p in seal)
    inside = piece[0].u0 > left - 0.7 * height and piece[-1].u1 < right + 0.7 * height
    near = any(abs(row_of(piece) - row_of(p)) < ROW_PITCH * height for p in seal)
    return inside and near and height_of(piece) > 0.6 * height


def _is_red(pixels: Pixels, piece: Piece) -> bool:
    x0, y0, x1, y1 = (int(v) for v in box_of(piece))
    crop = pixels[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1].astype(np.float32)
    if crop.size == 0:
        return False
    excess = crop[..., 0] - (crop[..., 1] + crop[..., 2]) / 2
    # Against the paper's own tint and light: a warm lamp makes everything a little red, a shadow nothing very red.
    contrast = np.percentile(excess, 90) - np.percentile(excess, 20)
    return bool(contrast > REDNESS_01 * max(1.0, float(np.percentile(crop.max(axis=2), 80))))
