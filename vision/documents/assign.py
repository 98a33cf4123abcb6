"""Values to labels: what stands to the right of a label on its row, and below for fields of several rows."""

from __future__ import annotations

from collections.abc import Sequence

from vision.documents.anchors import Anchor, Found
from vision.documents.signs import Piece, height_of, row_of, rows_of, text_of

ROW_TOLERANCE = 0.8
"""How far a value may stand above or below its label, in line heights."""
NEXT_ROW = (0.55, 2.0)
"""How far below the last row a further one stands, in line heights."""
DV_WEIGHT = 4.0
"""A wrong row is worse than a wide gap: heights count so many times widths."""


def assign(found: Found) -> dict[str, Piece]:
    """Value of each field key whose label was found; an empty piece where nothing stands beside the label."""
    rows: dict[int, list[Piece]] = {i: [a.tail] if a.tail else [] for i, a in enumerate(found.anchors)}
    loose: list[Piece] = []
    for piece in found.free:
        owner = _owner(piece, found.anchors)
        if owner is None:
            loose.append(piece)
        else:
            rows[owner].append(piece)
    values: dict[str, Piece] = {}
    done: set[str] = set()
    order = sorted(range(len(found.anchors)), key=lambda i: (not found.anchors[i].leads, found.anchors[i].v))
    for index in order:
        anchor = found.anchors[index]
        if anchor.label.key is None or values.get(anchor.label.key) or anchor.text in done:
            continue
        # A page prints its labels once: the same one again may be another paper's, whose value fills nothing here.
        done.add(anchor.text)
        signs = _in_line(rows[index])
        for _ in range(anchor.label.rows - 1):
            below = _below(signs, anchor, loose)
            loose = [piece for piece in loose if piece not in below]
            signs += _in_line(below)
        values[anchor.label.key] = _without_label(_from_first_word(signs), anchor)
    return values


def unassigned(found: Found) -> tuple[Piece, ...]:
    """Lines that stand beside no label: seals, titles, prints under a portrait."""
    return tuple(piece for piece in found.free if _owner(piece, found.anchors) is None)


def _owner(piece: Piece, anchors: Sequence[Anchor]) -> int | None:
    best: tuple[float, int] | None = None
    for index, anchor in enumerate(anchors):
        height = max(anchor.height, height_of(piece))
        gap, drop = piece[0].u0 - anchor.u1, abs(row_of(piece) - anchor.v)
        if gap < -0.6 * height or drop > ROW_TOLERANCE * height:
            continue
        cost = gap + DV_WEIGHT * drop
        if best is None or cost < best[0]:
            best = cost, index
    return None if best is None else best[1]


def _in_line(pieces: Sequence[Piece]) -> Piece:
    """Signs in reading order: a label in the middle of two rows has both beside it."""
    rows = (sorted(row, key=lambda piece: piece[0].u0) for row in rows_of(pieces))
    return tuple(sign for row in rows for piece in row for sign in piece)


def _from_first_word(signs: Piece) -> Piece:
    """Without colons, brackets and dashes before the value; nothing where there is nothing else."""
    first = next((index for index, sign in enumerate(signs) if sign.text.isalnum() or sign.text in "¥￥"), len(signs))
    dashes = text_of(signs).strip(":.·_ ")
    return signs if dashes and not dashes.strip("-—") else signs[first:]


def _without_label(signs: Piece, anchor: Anchor) -> Piece:
    """Drops the end of the Chinese label that stands before the value where only the English one was found."""
    text = text_of(signs)
    if anchor.text in anchor.label.texts:
        return signs
    ends = [word[cut:] for word in anchor.label.texts for cut in range(1, len(word))]
    end = max((end for end in ends if text.startswith(end) and len(text) > len(end)), key=len, default="")
    return signs[len(end) :]


def _below(signs: Piece, anchor: Anchor, loose: Sequence[Piece]) -> list[Piece]:
    """Lines of the next row of a value: under its last row, beginning about where it begins."""
    if not signs:
        return []
    last = max(sign.v for sign in signs)
    height = max(anchor.height, height_of(signs))
    left = min(sign.u0 for sign in signs)
    found = []
    for piece in loose:
        drop = row_of(piece) - last
        starts_there = abs(piece[0].u0 - left) < 1.5 * height
        if NEXT_ROW[0] * height < drop < NEXT_ROW[1] * height and starts_there and text_of(piece).strip("-_.·"):
            found.append(piece)
    return sorted(found, key=row_of)[:1]
