"""`read_document`: text lines of an upright photo to documents with fields and flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from vision.documents.anchors import find
from vision.documents.assign import assign, unassigned
from vision.documents.fields import fields_of
from vision.documents.flags import flags_of
from vision.documents.flags_copy import COLOUR_LEFT, colour_left
from vision.documents.flags_source import hull_of
from vision.documents.pages import SeenPage, find_pages
from vision.documents.red_ink import LineReader, read_under_seals
from vision.documents.seal import seal_text
from vision.documents.signs import Piece, box_of, pieces_of
from vision.documents.strangers import other_title
from vision.types import (
    Box,
    Document,
    DocumentKind,
    Field,
    Page,
    Pixels,
    RepeatedField,
    TextLine,
)

SEALED = ((DocumentKind.DRIVING_LICENCE, Page.MAIN), (DocumentKind.VEHICLE_LICENCE, Page.MAIN))
MIN_LINES, MIN_SIGNS = 6, 40
"""Less text than this, without a title that is known, is no document: a shop sign, a sticker, a plate."""


def read_document(pixels: Pixels, lines: Sequence[TextLine], on: date | None = None) -> tuple[Document, ...]:
    """Documents on an upright RGB photo, from its text lines; the larger first.

    Two pages of one kind are one document; where one of them is there twice, each page is a document by itself.
    ``on``: the day that expiry is told against (None: not told). Without any known page, a photo full of text is an
    ``other_document``; with little text the answer is empty.
    """
    pieces = pieces_of(lines)
    pages = find_pages(pieces)
    if not pages:
        return _unknown(pixels, pieces, on)
    documents = [_document(pixels, own, on) for own in _by_document(pages)]
    return tuple(sorted(documents, key=lambda document: -_area(document.box_xyxy)))


def _by_document(pages: Sequence[SeenPage]) -> Iterator[list[SeenPage]]:
    for kind in dict.fromkeys(page.layout.kind for page in pages):
        own = [page for page in pages if page.layout.kind is kind]
        if len({page.layout.page for page in own}) == len(own):
            yield own
        else:
            # Whose second page it is, of two papers, nothing on the picture tells.
            yield from ([page] for page in own)


def _document(pixels: Pixels, pages: Sequence[SeenPage], on: date | None) -> Document:
    order = list(Page)
    pages = sorted(pages, key=lambda page: order.index(page.layout.page))
    fields: dict[str, Field] = {}
    repeats: list[RepeatedField] = []
    for page in pages:
        for key, field in _page_fields(pixels, page).items():
            if key not in fields:
                fields[key] = field
            else:
                repeats.append(
                    RepeatedField(key, field.text, field.raw, field.score, field.box_xyxy, field.page, field.validated)
                )
    pieces = [piece for page in pages for piece in page.pieces]
    kind = pages[0].layout.kind
    box = _union(pieces)
    score = max(page.score for page in pages)
    flags = flags_of(pixels, kind, fields, pieces, on)
    return Document(kind, tuple(page.layout.page for page in pages), score, box, flags, fields, tuple(repeats))


def _page_fields(pixels: Pixels, page: SeenPage) -> dict[str, Field]:
    found = find(page.pieces, page.layout.labels)
    values = assign(found)
    kind, name = page.layout.kind, page.layout.page
    if (kind, name) in SEALED and (seal := _seal(pixels, page.pieces, unassigned(found))):
        values["issuing_authority"] = seal
    return fields_of(values, kind, name)


def _seal(pixels: Pixels, pieces: Sequence[Piece], free: Sequence[Piece]) -> Piece:
    red = seal_text(pixels, free)
    copied = not red and bool(free) and colour_left(pixels, hull_of(pieces)) < COLOUR_LEFT
    return seal_text(pixels, free, copied=True) if copied else red


def _unknown(pixels: Pixels, pieces: Sequence[Piece], on: date | None) -> tuple[Document, ...]:
    plenty = len(pieces) >= MIN_LINES and sum(map(len, pieces)) >= MIN_SIGNS
    if not pieces or not (plenty or other_title(pieces)):
        return ()
    kind = DocumentKind.OTHER_DOCUMENT
    flags = flags_of(pixels, kind, {}, pieces, on)
    return (Document(kind, (Page.MAIN,), 0.5, _union(pieces), flags),)


def _union(pieces: Sequence[Piece]) -> Box:
    return box_of([sign for piece in pieces for sign in piece])


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def read_paper(
    pixels: Pixels, reader: LineReader, on: date | None = None
) -> tuple[tuple[TextLine, ...], tuple[Document, ...]]:
    """Reads lines and documents of an upright photo; what a policy has under its seal is read a second time."""
    lines = reader.read(pixels)
    documents = read_document(pixels, lines, on)
    if any(document.kind is DocumentKind.INSURANCE_POLICY for document in documents):
        lines = read_under_seals(pixels, lines, reader)
        documents = read_document(pixels, lines, on)
    return lines, documents
