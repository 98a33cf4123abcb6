"""The facts contract and the assessment as JSON: exact keys, stable text, nothing lost but decimals."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.handmade import ASSESSMENT, BROKEN, NASTY, WHEN, paper, scene
from vision import wire
from vision.errors import InputError
from vision.types import Corners, Damage, DamageKind, PhotoFacts, Plate, PlateKind, TextLine

KEYS = [
    *("photo", "sha256", "size_wh", "warnings", "phash", "taken_at", "gps", "device", "framing", "quality", "rotation"),
    *("vehicles", "damages", "plates", "document", "more_documents", "lane", "traffic_light", "roadside", "models"),
]


def test_a_line_has_the_contracts_keys_in_its_order() -> None:
    assert list(wire.facts_to_json(scene())) == KEYS


def test_text_lines_are_there_only_if_asked_for() -> None:
    corners: Corners = ((0, 0), (9, 0), (9, 4), (0, 4))
    some = wire.facts_to_json(scene(text_lines=(TextLine("驾驶证", 0.9, corners),)))
    none = wire.facts_to_json(scene(text_lines=()))
    assert some["text_lines"][0]["text"] == "驾驶证"
    assert none["text_lines"] == []
    assert "text_lines" not in wire.facts_to_json(scene(text_lines=None))


def test_an_unreadable_line_is_the_contracts() -> None:
    assert wire.facts_to_json(BROKEN) == {"photo": "坏.jpg", "unreadable": "not_an_image"}
    assert "unreadable" not in wire.facts_to_json(scene())
    back = wire.facts_from_json(wire.line(wire.facts_to_json(BROKEN)))
    assert back == replace(BROKEN, sha256="", size_bytes=0)


def test_values_are_written_as_the_contract_shows_them() -> None:
    line = json.loads(wire.line(wire.facts_to_json(scene(gps=(31.12345678, -0.00000001)))))
    assert line["taken_at"] == "2026-05-01T08:03:11+08:00"
    assert line["gps"] == [31.123457, 0.0]
    assert line["size_wh"] == [400, 300]
    assert line["framing"] == {"kind": "scene", "score": 0.97}
    assert set(line["quality"]) == {"verdict", "sharpness_01", "dark_01", "over_01", "glare_01"}
    assert set(line["plates"][0]) == {"text", "kind", "corners", "score", "char_scores", "sharpness_01"}
    assert line["document"] is None


def test_a_documents_fields_and_repeats() -> None:
    document = wire.facts_to_json(paper())["document"]
    assert document["pages"] == ["main", "second"]
    assert set(document["fields"]["engine_number"]) == {"text", "raw", "score", "box_xyxy", "page", "validated"}
    assert document["fields"]["engine_number"]["text"] is None
    assert list(document["repeats"][0])[:3] == ["key", "page", "text"]
    assert document["flags"][0]["kind"] == "glare_over_field"


@pytest.mark.parametrize(("given_x", "written"), [(1.04, 1.0), (1.06, 1.1), (-0.01, 0.0), (3999.96, 4000.0)])
def test_pixels_keep_one_decimal(given_x: float, written: float) -> None:
    damage = Damage(DamageKind.DENT, (given_x, 0, 5, 5), ((given_x, 0.0),), 0.123456)
    line = wire.facts_to_json(scene(damages=(damage,)))["damages"][0]
    assert (line["box_xyxy"][0], line["polygon"][0][0], line["score"]) == (written, written, 0.1235)


unit = st.floats(0, 1)
pixel = st.floats(-50, 9000)
point = st.tuples(pixel, pixel)
plates = st.builds(
    Plate,
    text=st.none() | st.text(max_size=9),
    kind=st.sampled_from(PlateKind),
    corners=st.tuples(point, point, point, point),
    score=unit,
    char_scores=st.lists(unit, max_size=8).map(tuple),
    sharpness_01=st.none() | unit,
)


@given(
    name=st.text(),
    plates=st.lists(plates, max_size=3).map(tuple),
    taken_at=st.none() | st.datetimes(timezones=st.none() | st.just(WHEN.tzinfo)),
    rotation=st.sampled_from([0, 90, 180, 270]),
)
def test_reading_back_gives_the_same_line(
    name: str, plates: tuple[Plate, ...], taken_at: object, rotation: int
) -> None:
    facts = scene(name, plates=plates, taken_at=taken_at, rotation=rotation)
    line = wire.line(wire.facts_to_json(facts))
    back = wire.facts_from_json(line)
    assert isinstance(back, PhotoFacts)
    assert wire.line(wire.facts_to_json(back)) == line
    assert (back.photo, back.taken_at, back.rotation) == (facts.photo, taken_at, rotation)


def test_what_was_written_comes_back_as_the_same_nouns() -> None:
    for facts in (scene(), paper()):
        assert wire.facts_from_json(wire.line(wire.facts_to_json(facts))) == facts
    assert wire.assessment_from_json(wire.line(wire.assessment_to_json(ASSESSMENT))) == ASSESSMENT


def test_stored_decimals_change_nothing_the_second_time() -> None:
    stored = wire.as_stored(scene(gps=(31.12345678, 117.0)))
    assert stored != scene(gps=(31.12345678, 117.0))
    assert wire.as_stored(stored) == stored
    assert wire.as_stored(BROKEN) == BROKEN  # hash and size too


def test_an_assessment_keeps_its_own_field_names() -> None:
    value = wire.assessment_to_json(ASSESSMENT)
    assert (value["decision"], value["score"], value["may_clear_road"]) == ("retake", 50.0, False)
    assert value["findings"][3]["evidence"][1] == {"photo": NASTY, "boxes": []}
    assert value["unreadable"][0]["unreadable"] == "not_an_image"


def test_models_are_written_in_one_order() -> None:
    backwards = dict(sorted(scene().models.items(), reverse=True))
    assert list(wire.facts_to_json(scene(models=backwards))["models"]) == ["plate", "vehicle"]


def test_a_name_that_is_not_utf8_can_be_written() -> None:
    assert "\\udcff" in wire.line({"photo": "\udcff.jpg"})


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        wire.line(wire.facts_to_json(scene(gps=(math.nan, 0.0))))


def test_numbers_of_foreign_types_are_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        wire.facts_to_json(scene(rotation=np.float32(1.5)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"photo": "a.jpg"}', "sha256"),
        ('{"photo": "a.jpg", "unreadable": "gone"}', "unreadable"),
    ],
)
def test_a_foreign_line_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        wire.facts_from_json(text)


@pytest.mark.parametrize("count", [1, 7, 9])
def test_chances_of_other_than_the_eight_views_are_refused(count: int) -> None:
    facts = wire.facts_to_json(scene())
    facts["vehicles"][0]["view_chances"] = [0.1] * count
    with pytest.raises(InputError, match="view_chances"):
        wire.facts_from_json(json.dumps(facts))
    facts["vehicles"][0]["view_chances"] = [0.1] * 8
    assert wire.facts_to_json(wire.facts_from_json(json.dumps(facts)))["vehicles"][0]["view_chances"] == [0.1] * 8
