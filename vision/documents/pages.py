"""Which pages are on a picture, and which lines belong to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vision.documents.anchors import Anchor, find
from vision.documents.layouts import LAYOUTS, OTHER_TITLES, Label, Layout
from vision.documents.signs import Piece, height_of, row_of
from vision.types import Page

TITLE = "title"


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page found on the picture, with its lines. ``evidence``: titles and labels of its own that were found."""

    layout: Layout
    pieces: tuple[Piece, ...]
    evidence: tuple[Anchor, ...]
    titled: bool

    @property
    def score(self) -> float:
        """How sure kind and page are: grows with each title and label, 1 is never reached."""
        return float(1 - 0.5 ** (len(self.evidence) + 2 * self.titled))


def find_pages(pieces: Sequence[Piece]) -> tuple[SeenPage, ...]:
    """Pages of the known layouts on one picture; empty where none is recognised."""
    marks = find(pieces, _MARKS).anchors
    present = [(layout, _evidence(layout, marks)) for layout in LAYOUTS]
    present = [(layout, seen) for layout, seen in present if _is_there(layout, seen)]
    present = _without_shadows(present)
    shares = _shared_out(pieces, [seen for _, seen in present])
    return tuple(
        SeenPage(layout, share, tuple(seen), _titled(seen))
        for (layout, seen), share in zip(present, shares, strict=True)
    )


def other_title(pieces: Sequence[Piece]) -> bool:
    """Whether a title of a paper that is none of ours is on the picture."""
    return bool(find(pieces, [Label(TITLE, OTHER_TITLES)]).anchors)


def _marks() -> tuple[Label, ...]:
    titles = {title for layout in LAYOUTS for title in layout.titles}
    texts = {text for layout in LAYOUTS for label in layout.labels for text in label.texts}
    return (*(Label(TITLE, (title,)) for title in sorted(titles)), *(Label(None, (text,)) for text in sorted(texts)))


_MARKS = _marks()


def _evidence(layout: Layout, marks: Sequence[Anchor]) -> list[Anchor]:
    return [
        mark for mark in marks if (mark.text in layout.titles if mark.label.key == TITLE else mark.text in layout.own)
    ]


def _titled(seen: Sequence[Anchor]) -> bool:
    return any(mark.label.key == TITLE for mark in seen)


def _is_there(layout: Layout, seen: Sequence[Anchor]) -> bool:
    return _titled(seen) or len({mark.text for mark in seen}) >= layout.needed


def _without_shadows(present: list[tuple[Layout, list[Anchor]]]) -> list[tuple[Layout, list[Anchor]]]:
    """Drops pages that only seem to be there because another page of the kind prints the same labels."""
    pages = {(layout.kind, layout.page) for layout, _ in present}
    strong = {(layout.kind, layout.page) for layout, seen in present if _titled(seen)}
    kept = []
    for layout, seen in present:
        kind, page = layout.kind, layout.page
        shadow = (page in (Page.MAIN, Page.SECOND) and (kind, Page.ELECTRONIC) in pages) or (
            page is Page.POLICY and (kind, Page.CARD) in strong and (kind, page) not in strong
        )
        if not shadow:
            kept.append((layout, seen))
    return kept


def _shared_out(pieces: Sequence[Piece], evidence: Sequence[Sequence[Anchor]]) -> list[tuple[Piece, ...]]:
    """Each line goes to the page whose evidence it is nearest to, along the axis that parts the pages best."""
    if len(evidence) <= 1:
        return [tuple(pieces)] * len(evidence)
    boxes = [_bounds(seen) for seen in evidence]
    shares: list[list[Piece]] = [[] for _ in boxes]
    for piece in pieces:
        at = np.array([(piece[0].u0 + piece[-1].u1) / 2, row_of(piece)])
        away = [np.maximum(np.maximum(box[:2] - at, at - box[2:]), 0) for box in boxes]
        # Pages lie one above the other or side by side: distance along the parting axis decides.
        axis = _parting_axis(boxes)
        shares[int(np.argmin([float(a[axis]) * 1e6 + float(a.sum()) for a in away]))].append(piece)
    return [tuple(share) for share in shares]


def _bounds(seen: Sequence[Anchor]) -> np.ndarray:
    return np.array(
        [
            min(mark.u0 for mark in seen),
            min(mark.v - mark.height for mark in seen),
            max(mark.u1 for mark in seen),
            max(mark.v + mark.height for mark in seen),
        ]
    )


def _parting_axis(boxes: Sequence[np.ndarray]) -> int:
    """0 where pages lie side by side, 1 where one above the other: the axis on which they overlap less."""
    overlap = np.zeros(2)
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            shared = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
            overlap += shared / np.maximum(1.0, np.minimum(a[2:] - a[:2], b[2:] - b[:2]))
    return int(np.argmin(overlap))


def line_height(pieces: Sequence[Piece]) -> float:
    """Median height of lines, pixels."""
    return float(np.median([height_of(piece) for piece in pieces])) if pieces else 0.0
