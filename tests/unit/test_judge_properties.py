"""What holds of every set: range, order, monotony."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.facts_builder import (
    PLATE_A,
    PLATE_B,
    detail,
    driving_licence,
    panorama,
    photo,
    unreadable,
    vehicle,
    vehicle_licence,
)
from tests.unit.judging import FULL, run
from vision.standard import load, names
from vision.types import (
    Decision,
    FramingKind,
    PhotoFacts,
    QualityVerdict,
    Unreadable,
    View,
)

POOL: tuple[PhotoFacts | Unreadable, ...] = (
    *FULL.values(),
    detail("blurred.jpg", QualityVerdict.BLUR),
    photo("dark.jpg", quality=QualityVerdict.DARK, vehicles=[vehicle(View.FRONT)]),
    photo("other.jpg", FramingKind.OTHER),
    photo("unknown_paper.jpg", FramingKind.DOCUMENT),
    panorama("other_plates.jpg", View.LEFT, View.REAR, ("京B55555", PLATE_B)),
    panorama("no_view.jpg", View.LEFT, View.RIGHT, (None, None)),
    vehicle_licence(PLATE_A, plate_number="沪C00001"),
    driving_licence(PLATE_B, name="王五"),
    unreadable(),
)
sets = st.lists(st.sampled_from(range(len(POOL))), max_size=12)


@settings(max_examples=60, deadline=None)
@given(sets, st.sampled_from(names()), st.randoms(use_true_random=False))
def test_score_lies_in_its_range_and_order_changes_nothing(chosen: list[int], name: str, order: random.Random) -> None:
    facts = [POOL[n] for n in chosen]
    found = run(facts, load(name))
    assert 0 <= found.score <= 100
    assert {one.requirement for one in found.breakdown} == {one.id for one in load(name).requirements}
    assert all(0 <= line.earned <= line.asked for line in found.breakdown)
    if found.decision is Decision.COMPLETE:
        assert found.next == ()
    order.shuffle(facts)
    assert run(facts, load(name)) == found


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(sorted(FULL))), st.sampled_from(sorted(FULL)))
def test_a_photo_that_was_missing_never_lowers_the_score(present: set[str], added: str) -> None:
    before = run([FULL[key] for key in present])
    after = run([FULL[key] for key in present | {added}])
    assert after.score >= before.score
    assert after.may_clear_road or not before.may_clear_road


def test_nothing_reads_a_clock() -> None:
    """The same facts give the same assessment, object for object."""
    assert run(FULL.values()) == run(FULL.values())
