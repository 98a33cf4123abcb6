"""Views that a person names, facts free of error, and what is held against them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.cases.make import TRUE_CASE, TRUTH_FILE, TrueCase
from datasets.cases.named_view import labelled_view, named_view
from datasets.cases.nouns import PlannedCase
from datasets.cases.outcome import true_cases, unguarded
from datasets.cases.perfect_facts import of_picture
from datasets.cases.truth_judge import judge
from datasets.cases.truth_views import Say
from tests.unit.cases_factory import complete_case, panorama, vehicle
from vision import standard
from vision.errors import InputError
from vision.types import RoadObjectKind, View

MET, DOUBT = Say.MET, Say.BORDERLINE


@pytest.mark.parametrize(
    ("bearing", "view", "say"),
    [
        (0, "front", MET), (-14, "front", MET), (20, "front_left", MET), (-58, "front_right", MET),
        (66, "left", DOUBT), (83, "left", MET), (-97, "right", MET), (110, "left", DOUBT), (118, "rear_left", MET),
        (127, "rear_left", MET), (-123, "rear_right", MET), (168, "rear", MET), (180, "rear", MET),
    ],
)  # fmt: skip
def test_the_view_a_person_names(bearing: float, view: str, say: Say) -> None:
    """Rendered cars seen from -58 and 123 degrees show their lamps, and were called corners by all who looked."""
    assert named_view(vehicle("A", bearing)) == (view, say)


@given(st.floats(-180, 180))
def test_a_mirrored_bearing_is_the_mirrored_view(bearing: float) -> None:
    mirrored = named_view(vehicle("A", -bearing))[0]
    swapped = {"left": "right", "right": "left"}
    expected = "_".join(swapped.get(word, word) for word in mirrored.split("_"))
    own = named_view(vehicle("A", bearing))[0]
    assert own == expected or abs(bearing) in (0.0, 90.0, 180.0)
    assert View(own)


@pytest.mark.parametrize(
    ("ring", "bearing", "label"),
    [
        ("front", 8, "front"), ("rear", -170, "rear"),
        ("left", 90, "left"), ("right", -104, "right"),
        ("left", 62, None), ("right", -115, None),  # an end takes a tenth to a fifth of the width: labels differ
        ("front_left", 25, "front_left"), ("rear_right", -150, "rear_right"), ("rear_right", -110, "rear_right"),
        ("rear_left", 163, None), ("front_right", -15, None),
    ],
)  # fmt: skip
def test_the_view_of_people_s_labels(ring: str, bearing: float, label: str | None) -> None:
    assert labelled_view(replace(vehicle("A", bearing), view=ring)) == label


def test_facts_tell_views_signs_and_what_was_struck() -> None:
    picture = panorama("front_panorama", 123.0)
    near, far = (10.0, 10.0, 40.0, 42.0), (60.0, 10.0, 70.0, 21.0)
    rail = (600.0, 300.0, 900.0, 500.0)
    seen = replace(picture.seen, signs=(("one_way", near), ("one_way", far)), object_xyxy=rail)
    facts = of_picture(replace(picture, seen=seen))
    assert {one.view for one in facts.vehicles} == {View.REAR_LEFT}
    told = [(one.kind, one.box_xyxy, one.score > 0.9) for one in facts.roadside or ()]
    assert told[:2] == [(RoadObjectKind.TRAFFIC_SIGN, near, True), (RoadObjectKind.TRAFFIC_SIGN, far, False)]
    assert told[2][1:] == (rail, True)
    assert of_picture(replace(picture, seen=replace(seen, framing="closeup"))).roadside is None


def test_limits_above_any_score_hold_back_no_perfect_fact() -> None:
    asked = standard.load("lane-change")
    guarded = replace(asked, limits={**asked.limits, "light_score": 1.01, "parties": 2.0})
    limits = unguarded(guarded).limits
    assert limits["light_score"] < 1
    changed = {key for key, value in limits.items() if value != guarded.limits[key]}
    above = {key for key, value in guarded.limits.items() if key.endswith("_score") and value > 1}
    assert changed == above | {"hidden_view_01"}


def test_truth_is_said_anew_when_cases_are_read(tmp_path: Path) -> None:
    case, plan = complete_case(), PlannedCase("case-000", 1, "s", "four-photos", "all", (), (), ())
    truth = judge(case, "four-photos")
    stale = TrueCase(plan, case, replace(truth, decision="retake"))
    (tmp_path / "case-000").mkdir()
    (tmp_path / "case-000" / TRUTH_FILE).write_bytes(TRUE_CASE.dump_json(stale))
    ((folder, read),) = true_cases(tmp_path)
    assert (folder.name, read.truth.decision) == ("case-000", "complete")


def test_a_case_whose_making_was_broken_off_is_no_case_less(tmp_path: Path) -> None:
    (tmp_path / "case-007").mkdir()
    (tmp_path / "case-007" / "case.toml").write_text("", "utf-8")
    with pytest.raises(InputError, match=r"case-007: a case without truth\.json"):
        true_cases(tmp_path)
