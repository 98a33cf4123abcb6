"""A name in doubt on one paper and sure on another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.facts_builder import NAMES, PLATE_A, WHEN, driving_licence, policy, scene, vehicle_licence
from vision.score import judge
from vision.standard import load
from vision.types import Case, PhotoFacts, Validation

STANDARD = load("four-photos")


def doubtful(one: PhotoFacts, key: str, raw: str, score: float) -> PhotoFacts:
    """Its field ``key`` was not given as read."""
    assert one.document is not None
    field = replace(one.document.fields[key], text=None, raw=raw, score=score, validated=Validation.NONE)
    return replace(one, document=replace(one.document, fields={**one.document.fields, key: field}))


@pytest.mark.parametrize(
    ("raw", "score", "insured", "licence", "names"),
    [
        (NAMES[PLATE_A], 0.83, NAMES[PLATE_A], "document_read", "agrees"),
        (NAMES[PLATE_A], 0.6, NAMES[PLATE_A], "field_not_read", "nothing_to_compare"),
        (NAMES[PLATE_A][:-1] + "某", 0.83, NAMES[PLATE_A], "field_not_read", "nothing_to_compare"),
        (NAMES[PLATE_A], 0.83, "某某某", "field_not_read", "nothing_to_compare"),
    ],
)
def test_a_name_is_borne_out_by_another_paper(raw: str, score: float, insured: str, licence: str, names: str) -> None:
    papers = (
        doubtful(vehicle_licence(PLATE_A), "owner", raw, score),
        policy(PLATE_A, insured=insured),
        driving_licence(PLATE_A),
    )
    found = judge([*scene().values(), *papers], Case(happened_at=WHEN), STANDARD).findings
    told = {one.requirement: one.reason for one in found if one.party == "A"}
    assert (told["vehicle_licence"], told["name_agreement"]) == (licence, names)
