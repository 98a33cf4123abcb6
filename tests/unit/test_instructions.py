"""The next instructions: the fewest photos, what is surely missing first, by value."""

from __future__ import annotations

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    driving_licence,
    panorama,
    photo,
    vehicle,
)
from tests.unit.judging import FULL, of, reasons, run, without
from vision.types import (
    Decision,
    View,
)


def test_the_missing_panorama_is_the_one_instruction() -> None:
    found = run(without("rear"))
    assert [one.requirement for one in found.next] == ["rear_panorama"]
    assert "后方" in found.next[0].text.zh
    assert found.next[0].gain == 14


def test_a_panorama_shows_the_plates_too() -> None:
    """No plates and no rear panorama: one photo mends both, and its gain says so."""
    bare = panorama("front.jpg", View.FRONT, View.FRONT, (None, None))
    found = run([bare, *without("front", "rear")])
    assert {one.reason for one in of(found, "plates")} == {"plate_not_seen"}
    assert [(one.requirement, one.gain) for one in found.next] == [("rear_panorama", 26.0)]


def test_instructions_come_most_valuable_first_and_name_the_party() -> None:
    found = run(without("rear", f"driving_{PLATE_A}", "detail"))
    assert [one.requirement for one in found.next] == ["rear_panorama", "contact_near", "driving_licence"]
    assert [one.gain for one in found.next] == sorted((one.gain for one in found.next), reverse=True)
    assert found.next[-1].party == "A"  # parties without names of their own go by the order of their plates
    assert PLATE_A in found.next[-1].text.zh
    assert PLATE_A in found.next[-1].text.en
    assert "{" not in "".join(one.text.zh + one.text.en for one in found.next)


def test_what_failed_is_asked_for_before_what_is_in_doubt() -> None:
    """A contact that is not certain weighs more than a missing licence, but an officer may see it."""
    doubtful = photo("far.jpg", score=0.4)
    found = run([*without("detail", f"driving_{PLATE_A}"), doubtful])
    assert reasons(found, "contact_near") == ["framing_doubtful"]
    assert [one.requirement for one in found.next] == ["driving_licence", "contact_near"]
    assert found.next[0].gain < found.next[1].gain


def test_a_paper_of_one_party_shows_nothing_of_the_other() -> None:
    """A's licence is missing, B's has a period that cannot be read: two photos, not one."""
    unread = driving_licence(PLATE_B, valid_to=None)
    found = run([*without(f"driving_{PLATE_A}", f"driving_{PLATE_B}"), unread])
    assert [(one.requirement, one.party) for one in found.next] == [
        ("driving_licence", "A"),
        ("driving_licence_valid", "B"),
    ]


def test_what_is_not_required_is_not_asked_for() -> None:
    one_car = photo("one.jpg", vehicles=[vehicle(View.LEFT)])
    found = run([*without("side"), one_car])
    assert reasons(found, "contact_far") == ["contact_hidden"]
    assert (found.decision, found.next) == (Decision.COMPLETE, ())


def test_following_the_instructions_completes_the_set() -> None:
    """The photos asked for, once taken, leave nothing to ask for: for every pair of missing items."""
    keys = list(FULL)
    for first in keys:
        for second in keys:
            missing = {first, second}
            found = run(without(*missing))
            assert found.decision is Decision.RETAKE, missing
            assert len(found.next) <= len(missing), missing
            assert all(one.gain > 0 for one in found.next)
