"""Facts, assessments and cases as roles without `personal_read` see them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from service.guard import masked
from service.guard.masking import HIDDEN, code_or_hidden, is_code
from tests.personal_parts import BODY, NAME, PLATE, leaks, personal_gather
from vision import score, standard, wire
from vision.documents.layouts import LAYOUTS
from vision.types import Case, Party, Photo
from vision.wire import _FACTS_KEYS

MASKED_KEYS = {"gps", "plates", "document", "more_documents", "text_lines"}
"""Of a line of facts: what `masked` has a rule for, or hides as a whole."""


def facts() -> list[dict[str, Any]]:
    pixels = np.full((48, 64, 3), 90, np.uint8)
    photos = [Photo(name, f"{number}" * 64, pixels, "0" * 16) for number, name in enumerate(("1.jpg", "paper.jpg"))]
    return [wire.facts_to_json(one) for one in personal_gather(photos)]


def assessment() -> dict[str, Any]:
    seen = tuple(wire.facts_from_json(line) for line in facts())
    case = Case("rear_end", None, (Party("A", PLATE, ("1.jpg", "paper.jpg")), Party("B")))
    return wire.assessment_to_json(score.judge(seen, case, standard.load("rear-end")))


def test_every_key_of_the_facts_has_a_rule() -> None:
    assert set(_FACTS_KEYS) - masked.FACTS_SHOWN == MASKED_KEYS, "shown or masked? decide in service.guard.masked"


def test_facts() -> None:
    for line in facts():
        assert leaks(json.dumps(line)) != []
        assert leaks(json.dumps(masked.facts(line))) == []
        assert masked.facts(line)["framing"] == line["framing"]
    paper = masked.facts(facts()[1])["document"]["fields"]
    assert paper["name"]["text"] == "王**" and paper["licence_number"]["text"].endswith("**002X")
    assert paper["address"]["text"] == HIDDEN == paper["name"]["raw"]
    assert masked.facts({"photo": "1", "unreadable": "empty"}) == {"photo": "1", "unreadable": "empty"}


def test_a_key_that_nobody_knows_is_hidden() -> None:
    told = masked.facts({"driver_seen": {"name": NAME, "age": 44, "also": [PLATE]}})
    assert told == {"driver_seen": {"name": HIDDEN, "age": 44, "also": [HIDDEN]}}


def test_assessment() -> None:
    told = assessment()
    shown = masked.assessment(told)
    assert leaks(json.dumps(told)) != [] and leaks(json.dumps(shown)) == []
    assert [one["reason"] for one in shown["findings"]] == [one["reason"] for one in told["findings"]]
    assert (shown["score"], shown["decision"]) == (told["score"], told["decision"])
    named = [step for step in shown["next"] if step["party"] == "A"]
    assert named and all("A方" in step["text"]["zh"] or "A" not in step["text"]["zh"] for step in named)
    assert {type(one["measured"]) for one in shown["findings"]} >= {int}


def test_an_instruction_whose_words_are_not_known_is_hidden() -> None:
    step = {"requirement": "of_no_standard", "text": {"zh": PLATE, "en": PLATE}, "gain": 1.0, "party": "A"}
    told = {"standard": "rear-end", "findings": [], "next": [step]}
    assert masked.assessment(told)["next"][0]["text"] == {"zh": HIDDEN, "en": HIDDEN}
    assert masked.assessment({**told, "standard": "none"})["next"][0]["text"]["zh"] == HIDDEN


def test_case() -> None:
    parties = [{"id": "A", "plate": PLATE}, {"id": "B", "plate": None}]
    told = masked.case({**BODY, "parties": parties})
    assert told["parties"] == [{"id": "A", "plate": "皖A·**345"}, {"id": "B", "plate": None}]
    assert told["place"] == HIDDEN and told["external_id"] == "A-1"
    assert masked.case({**BODY, "external_id": f"{PLATE}-1", "parties": []})["external_id"] == HIDDEN


@pytest.mark.parametrize("text", ["A", "front_left", "甲方", "乙", "party-2", "1.5"])
def test_codes(text: str) -> None:
    assert is_code(text) and code_or_hidden(text) == text


@pytest.mark.parametrize("text", ["", NAME, PLATE, "王", "11010519491231002X", "a b", "甲方乙方", "x" * 61, "A\n"])
def test_what_is_no_code(text: str) -> None:
    assert not is_code(text) and code_or_hidden(text) == HIDDEN


def test_every_field_of_a_paper_is_shown_or_masked() -> None:
    """A new field is hidden whole until somebody says what it is; those that are known are told apart."""
    known = {label.key for layout in LAYOUTS for label in layout.labels} | {"valid_from", "valid_to"}  # of one label
    assert masked.FIELDS_SHOWN - known == set()
    assert masked.FIELDS_SHOWN & set(masked.FIELD_KINDS) == set()
