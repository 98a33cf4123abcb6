"""Finds printed labels inside lines: whole, spread over several boxes, merged with their value, or a little misread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import ne

from vision.documents.layouts import Label
from vision.documents.signs import Piece, height_of, row_of, text_of

JOIN_GAP = 5.0
"""Widest gap, in line heights, over which a label's characters are spread (住    址)."""
SAME_ROW = 0.5
"""Largest difference of height, in line heights, of boxes on one row."""
SENTENCE = re.compile("[。；]|，.{4}")
ENGLISH_LIKENESS = 0.78
ENGLISH_RISE = 0.85
"""Values stand higher than the small English under their label, by this many heights of it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label found on the picture, and what follows it in the same line."""

    label: Label
    text: str
    u0: float
    u1: float
    v: float
    height: float
    tail: Piece = ()
    leads: bool = True
    """Whether its line begins with a label: else it may be a word of running text."""


@dataclass(frozen=True, slots=True)
class Found:
    anchors: tuple[Anchor, ...]
    free: tuple[Piece, ...]
    """Lines and parts of lines that hold no label."""


def find(pieces: Sequence[Piece], labels: Iterable[Label]) -> Found:
    """Anchors of all labels, longest first where labels contain each other, and the lines that are left."""
    table = sorted(((text, label) for label in labels for text in label.texts), key=lambda item: -len(item[0]))
    words = [text for text, _ in table]
    anchors: list[Anchor] = []
    free: list[Piece] = []
    for piece in joined(pieces, words):
        spans = _labels_in(text_of(piece), table)
        ends = [start for start, _, _, _ in spans[1:]] + [len(piece)]
        if head := piece[: spans[0][0]] if spans else piece:
            free.append(head)
        for (start, end, text, label), stop in zip(spans, ends, strict=True) if spans else ():
            signs = piece[start:end]
            tail = piece[end:stop]
            place = signs[0].u0, signs[-1].u1, row_of(signs), height_of(signs)
            anchors.append(Anchor(label, text, *place, tail, leads=spans[0][0] == 0))
    return _with_english(anchors, free, labels)


def joined(pieces: Sequence[Piece], words: Sequence[str]) -> list[Piece]:
    """Boxes put together whose texts, left and right on one row, begin one label (住 + 址..., 所 + 有人)."""
    rest = sorted(pieces, key=lambda piece: piece[0].u0)
    done: list[Piece] = []
    while rest:
        piece = rest.pop(0)
        while (partner := _partner(piece, rest, words)) is not None:
            rest.remove(partner)
            piece = piece + partner
        done.append(piece)
    return sorted(done, key=lambda piece: (row_of(piece), piece[0].u0))


def _partner(piece: Piece, rest: Sequence[Piece], words: Sequence[str]) -> Piece | None:
    text, height = text_of(piece), height_of(piece)
    longer = [word for word in words if len(word) > len(text) and word.startswith(text)]
    if not longer:
        return None
    for other in rest:
        whole = text + text_of(other)
        close = 0 < other[0].u0 - piece[-1].u1 + height < (JOIN_GAP + 1) * height
        level = abs(row_of(other) - row_of(piece)) < SAME_ROW * max(height, height_of(other))
        if close and level and any(whole.startswith(word) or word.startswith(whole) for word in longer):
            return other
    return None


def _labels_in(text: str, table: Sequence[tuple[str, Label]]) -> list[tuple[int, int, str, Label]]:
    """Labels of a line; in a sentence only the one it begins with, other label words there are just words."""
    spans = _spans(text, table)
    return [span for span in spans if span[0] == 0] if SENTENCE.search(text) else spans


def _spans(text: str, table: Sequence[tuple[str, Label]]) -> list[tuple[int, int, str, Label]]:
    """Labels inside a line: (start, end, word, label). Whole words first, then misread ones, then cut ones."""
    taken = [False] * len(text)
    spans = []
    for places in (_exactly, _misread, _cut):
        for word, label in table:
            for start, end in places(text, word):
                if not any(taken[start:end]):
                    taken[start:end] = [True] * (end - start)
                    spans.append((start, end, word, label))
    return sorted(spans, key=lambda span: span[0])


def _exactly(text: str, word: str) -> list[tuple[int, int]]:
    if word not in text:  # nearly always: the pattern is not even asked for
        return []
    return [(match.start(), match.end()) for match in re.finditer(re.escape(word), text)]


def _misread(text: str, word: str) -> list[tuple[int, int]]:
    """At the line's begin, for labels of four characters and more: one in four misread, or one too many."""
    size = len(word)
    if size < 4 or len(text) < size:
        return []
    if sum(map(ne, text, word)) <= size // 4:
        return [(0, size)]
    signs = iter(text[: size + 1])
    return [(0, size + 1)] if all(sign in signs for sign in word) else []


def _cut(text: str, word: str) -> list[tuple[int, int]]:
    """Labels of four characters and more that lost their first or last one."""
    return [place for part in (word[1:], word[:-1]) for place in _exactly(text, part)] if len(word) >= 4 else []


def _with_english(anchors: list[Anchor], free: list[Piece], labels: Iterable[Label]) -> Found:
    """Takes English labels out of the free lines; they stand in for a Chinese label that was not found."""
    known = {anchor.label.key for anchor in anchors}
    english = [(_letters(text), label) for label in labels for text in label.english]
    kept: list[Piece] = []
    for piece in free:
        label = _english_label(text_of(piece), english)
        if label is None:
            kept.append(piece)
        elif label.key is not None and label.key not in known:
            height = height_of(piece)
            raised = row_of(piece) - ENGLISH_RISE * height
            anchors.append(Anchor(label, text_of(piece), piece[0].u0, piece[-1].u1, raised, height))
    return Found(tuple(anchors), tuple(kept))


def _english_label(text: str, english: Sequence[tuple[str, Label]]) -> Label | None:
    letters = _letters(text)
    if len(letters) < 2 or len(letters) < 0.7 * len(text.strip("-_.·…")):
        return None
    best = max(english, key=lambda item: SequenceMatcher(None, letters, item[0]).ratio(), default=None)
    if best is None:
        return None
    needed = 1.0 if len(best[0]) <= 3 else ENGLISH_LIKENESS
    return best[1] if SequenceMatcher(None, letters, best[0]).ratio() >= needed else None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())
