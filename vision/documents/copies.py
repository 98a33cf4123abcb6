"""Papers of one kind side by side or one above the other: a page whose labels were found twice is on two papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vision.documents.anchors import Anchor
from vision.documents.layouts import Layout
from vision.documents.signs import Piece

SHARED = 2
"""So many labels of a page must stand on both sides of a border: one alone may be a word of running text."""
MOST = 2 / 3
"""Share of a page's own labels that must stand on both sides where not both titles were read."""
CROSSING_01 = 0.05
"""Share of lines that may lie across a border: readers join two papers' lines now and then, a page has many."""


def by_paper(layout: Layout, marks: Sequence[Anchor], pieces: Sequence[Piece], *, alone: bool) -> list[list[Anchor]]:
    """Titles and telling labels of a page, parted by the papers they stand on; one list where nothing parts them.

    ``alone``: no other page is on the picture, so that labels which others bear too tell the place of this one.
    """
    telling = {*layout.titles, *layout.own}
    if alone or not layout.own:
        telling |= {text for label in layout.labels if label.key is not None for text in label.texts}
    return _parted(layout, [mark for mark in marks if mark.text in telling], pieces)


def _parted(layout: Layout, marks: Sequence[Anchor], pieces: Sequence[Piece]) -> list[list[Anchor]]:
    found = [cut for axis in (0, 1) for cut in _cuts(layout, marks, pieces, axis)]
    if not found:
        return [list(marks)]
    _, _, before, behind = max(found, key=lambda cut: cut[:2])
    return [part for side in (before, behind) for part in _parted(layout, side, pieces)]


def _cuts(
    layout: Layout, marks: Sequence[Anchor], pieces: Sequence[Piece], axis: int
) -> Iterator[tuple[int, float, Sequence[Anchor], Sequence[Anchor]]]:
    """Borders across an axis: (labels on both sides, width of the gap, marks before it, marks behind it)."""
    order = sorted(marks, key=lambda mark: _span(mark, axis))
    for at in range(SHARED, len(order) - SHARED + 1):
        before, behind = order[:at], order[at:]
        if axis == 1 and before[-1].text in layout.titles:
            continue  # it stands above its own page
        low, high = max(_span(mark, axis)[1] for mark in before), _span(behind[0], axis)[0]
        shared = _shared(layout, before, behind)
        if low < high and shared and not (axis == 0 and _crossed(pieces, low, high)):
            yield shared, high - low, before, behind


def _span(mark: Anchor, axis: int) -> tuple[float, float]:
    return (mark.u0, mark.u1) if axis == 0 else (mark.v - mark.height / 2, mark.v + mark.height / 2)


def _shared(layout: Layout, before: Sequence[Anchor], behind: Sequence[Anchor]) -> int:
    """How many labels stand on both sides; 0 where they are too few, or no title is there twice, for two papers."""
    left, right = ({mark.text for mark in side} for side in (before, behind))
    titles = set(layout.titles)
    both = (left & right) - titles
    own = layout.own or both
    titled = bool(left & titles) and bool(right & titles)
    most = bool(layout.own) and len(both & own) >= MOST * len((left | right) & own)
    return len(both) if len(both & own) >= SHARED and (titled or most) else 0


def _crossed(pieces: Sequence[Piece], low: float, high: float) -> bool:
    """Whether lines run across every border that the gap has room for: then it lies within a page."""
    borders = [high, *(piece[0].u0 for piece in pieces if low < piece[0].u0 < high)]
    across = min(sum(piece[0].u0 < border < piece[-1].u1 for piece in pieces) for border in borders)
    return across > CROSSING_01 * len(pieces)
