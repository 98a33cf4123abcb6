"""Names that one paper leaves in doubt and another of the same party bears out, sign by sign."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from vision.checks.parties import Paper
from vision.types import Document, Field, Validation

NAMES = ("owner", "insured", "name")
"""Words without a grammar: nothing on their own paper can prove them."""


def borne_out(papers: Sequence[Paper], limits: Mapping[str, float]) -> tuple[Paper, ...]:
    """The papers of one party. A name that was not given as read, but likely reads as another of their names was read
    for sure, is that name: a reader errs, but not twice to the same name."""
    return tuple(_read_again(paper, _sure(papers, paper, limits), limits) for paper in papers)


def _read_again(paper: Paper, names: Collection[str], limits: Mapping[str, float]) -> Paper:
    return replace(paper, pages=tuple((photo, _proved(told, names, limits)) for photo, told in paper.pages))


def _sure(papers: Sequence[Paper], but: Paper, limits: Mapping[str, float]) -> frozenset[str]:
    """Names on the other papers."""
    least = limits["agreement_score"]
    others = [paper for paper in papers if paper is not but]
    return frozenset(text for paper in others for key in NAMES for text in paper.readings(key, least))


def _proved(document: Document, names: Collection[str], limits: Mapping[str, float]) -> Document:
    fields = {key: _named(field, names, limits) if key in NAMES else field for key, field in document.fields.items()}
    return replace(document, fields=fields)


def _named(field: Field, names: Collection[str], limits: Mapping[str, float]) -> Field:
    doubtful = field.text is None and field.score >= limits["field_score"]
    return (
        replace(field, text=field.raw, validated=Validation.AGREES_WITH) if doubtful and field.raw in names else field
    )
