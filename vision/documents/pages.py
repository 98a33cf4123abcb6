"""Which pages are on a picture, and which lines belong to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vision.documents.anchors import Anchor, find
from vision.documents.copies import by_paper
from vision.documents.layouts import LAYOUTS, Label, Layout
from vision.documents.signs import Piece, height_of, row_of
from vision.documents.strangers import is_stranger
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
    """Pages of the known layouts on one picture, one that two papers bear twice; empty where none is recognised."""
    marks = find(pieces, _MARKS).anchors
    present = [(layout, _evidence(layout, marks)) for layout in LAYOUTS]
    present = [(layout, seen) for layout, seen in present if _is_there(layout, seen)]
    untitled = [mark for _, seen in present for mark in seen if not _titled(seen)]
    if untitled and is_stranger(pieces, min(mark.v for mark in untitled)):
        present = [(layout, seen) for layout, seen in present if _titled(seen)]
    present = _each_paper(_without_rivals(_without_shadows(present), marks), marks, pieces)
    shares = _shared_out(pieces, [seen for _, seen in present])
    return tuple(
        SeenPage(layout, share, tuple(seen), _titled(seen))
        for (layout, seen), share in zip(present, shares, strict=True)
    )


def _marks() -> tuple[Label, ...]:
    titles = {title for layout in LAYOUTS for title in layout.titles}
    texts = {text for layout in LAYOUTS for label in layout.labels for text in label.texts}
    return (*(Label(TITLE, (title,)) for title in sorted(titles)), *(Label(None, (text,)) for text in sorted(texts)))


_MARKS = _marks()


def _evidence(layout: Layout, marks: Sequence[Anchor]) -> list[Anchor]:
    """Titles and own labels of a page; of one read twice (准驾车型 in a record too) the one nearest the rest."""
    seen = [
        mark for mark in marks if (mark.text in layout.titles if mark.label.key == TITLE else mark.text in layout.own)
    ]
    texts = [mark.text for mark in seen]
    middle = float(np.median([mark.v for mark in seen if texts.count(mark.text) == 1] or [0.0]))
    nearest = {mark.text: mark for mark in sorted(seen, key=lambda mark: -abs(mark.v - middle))}
    return [mark for mark in seen if nearest[mark.text] is mark]


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


def _without_rivals(
    present: list[tuple[Layout, list[Anchor]]], marks: Sequence[Anchor]
) -> list[tuple[Layout, list[Anchor]]]:
    """Drops an untitled page where a page of another kind, with more of its labels read, lies on the same place."""
    texts = {mark.text for mark in marks}
    known = [sum(not texts.isdisjoint(label.texts) for label in layout.labels) for layout, _ in present]
    boxes = [_bounds(seen) for _, seen in present]

    def beaten(i: int) -> bool:
        return any(
            present[i][0].kind is not present[j][0].kind
            and known[j] > known[i]
            and bool((np.minimum(boxes[i][2:], boxes[j][2:]) > np.maximum(boxes[i][:2], boxes[j][:2])).all())
            for j in range(len(present))
        )

    return [one for i, one in enumerate(present) if _titled(one[1]) or not beaten(i)]


def _each_paper(
    present: list[tuple[Layout, list[Anchor]]], marks: Sequence[Anchor], pieces: Sequence[Piece]
) -> list[tuple[Layout, list[Anchor]]]:
    """The pages, one that was found on several papers once for each of them."""
    alone = len(present) == 1
    parts = [(layout, seen, by_paper(layout, marks, pieces, alone=alone)) for layout, seen in present]
    return [(layout, part) for layout, seen, found in parts for part in (found if len(found) > 1 else [seen])]


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
