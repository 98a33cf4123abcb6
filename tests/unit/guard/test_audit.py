"""The audit chain: whatever is done to a log whose head was signed is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from service.guard import audit
from service.guard.audit import AuditEvent, AuditRecord, Checkpoint, Head
from service.guard.audit_check import Problem, verify
from vision.errors import InputError

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
PUBLIC = {"a1": KEY.public_key()}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
EVENTS = st.builds(
    AuditEvent,
    TEXT,
    TEXT,
    TEXT,
    st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT, max_size=3),
    TEXT,
)
FIELDS = ("chain", "sequence", "at", "actor", "action", "subject", "details", "request_id", "previous_hash", "hash")


def chain_of(events: list[AuditEvent], chain: str = "org1") -> list[AuditRecord]:
    records: list[AuditRecord] = []
    for number, event in enumerate(events):
        at = NOW + timedelta(seconds=number)
        last = records[-1].head if records else audit.genesis(chain)
        records.append(audit.next_record(last, event, at))
    return records


def head_of(records: list[AuditRecord]) -> Checkpoint:
    return audit.sign_checkpoint(records[-1].head, "a1", KEY, NOW)


def codes(records: list[AuditRecord], *checkpoints: Checkpoint) -> set[str]:
    return {problem.code for problem in verify("org1", records, checkpoints, PUBLIC)}


PLAIN = chain_of([AuditEvent(f"account_{n}", "photo.withdraw", f"photo_{n}", {"n": n}, f"req_{n}") for n in range(6)])
HEAD = head_of(PLAIN)
START = audit.genesis("org1")


@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_an_honest_log_is_right(events: list[AuditEvent]) -> None:
    records = chain_of(events)
    assert verify("org1", records, [head_of(records), head_of(records[:1])], PUBLIC) == ()
    assert [record.sequence for record in records] == list(range(1, len(events) + 1))


@given(st.integers(0, 5), st.sampled_from(FIELDS), st.integers(1, 9))
def test_every_edit_is_found(at: int, field: str, new: int) -> None:
    old = getattr(PLAIN[at], field)
    value: Any = {"n": -new} if field == "details" else old + new if isinstance(old, int) else f"{old}{new}"
    changed = [*PLAIN[:at], replace(PLAIN[at], **{field: value}), *PLAIN[at + 1 :]]
    assert codes(changed) and codes(changed, HEAD)


@given(st.integers(0, 5), TEXT)
def test_an_edit_with_every_later_hash_worked_out_anew_is_found_by_the_checkpoint(at: int, actor: str) -> None:
    events = [AuditEvent(r.actor, r.action, r.subject, r.details, r.request_id) for r in PLAIN]
    events[at] = replace(events[at], actor=f"{actor}!")
    forged = chain_of(events)
    assert codes(forged) == set(), "a chain without a signature cannot know"
    assert "not_what_was_signed" in codes(forged, HEAD)


@given(st.sets(st.integers(0, 5), min_size=1))
def test_every_deletion_and_cut_is_found(gone: set[int]) -> None:
    left = [record for number, record in enumerate(PLAIN) if number not in gone]
    assert codes(left, HEAD)


@given(st.permutations(PLAIN))
def test_every_order_but_one_is_found(order: list[AuditRecord]) -> None:
    assert bool(codes(order)) == (order != PLAIN)


@given(st.integers(0, 5), st.integers(0, 6))
def test_a_repeated_record_is_found(which: int, where: int) -> None:
    assert codes([*PLAIN[:where], PLAIN[which], *PLAIN[where:]], HEAD)


@pytest.mark.parametrize("kept", range(6))
def test_a_cut_tail_is_named(kept: int) -> None:
    assert codes(PLAIN[:kept], HEAD) == {"cut_tail"}


def test_records_after_the_newest_checkpoint_are_not_covered() -> None:
    assert codes(PLAIN[:4], head_of(PLAIN[:4])) == set(), "the limit that the module tells of"


@pytest.mark.parametrize("field", ["chain", "sequence", "hash", "at", "key_id", "signature"])
def test_every_field_of_a_checkpoint_is_signed(field: str) -> None:
    changed: dict[str, Any] = {
        "chain": "org2",
        "sequence": 5,
        "hash": "0" * 64,
        "at": "2026",
        "key_id": "a2",
        "signature": "zz",
    }
    assert "bad_checkpoint" in codes(PLAIN, replace(HEAD, **{field: changed[field]}))


def test_a_checkpoint_by_another_key_is_no_checkpoint() -> None:
    forged = audit.sign_checkpoint(PLAIN[-1].head, "a1", Ed25519PrivateKey.generate(), NOW)
    assert codes(PLAIN, forged) == {"bad_checkpoint"}


def test_two_checkpoints_that_contradict_are_found() -> None:
    other = chain_of([AuditEvent("x", "y", "z", {}) for _ in range(6)])
    assert codes(PLAIN, HEAD, head_of(other)) == {"not_what_was_signed"}


def test_another_organisations_log_is_not_this_one() -> None:
    assert {"foreign_record", "broken_link"} <= codes(chain_of([AuditEvent("a", "b", "c", {})], "org2"))


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}, b"x"])
def test_details_are_plain(value: object) -> None:
    with pytest.raises(InputError):
        audit.next_record(START, AuditEvent("a", "b", "c", {"x": value}), NOW)  # type: ignore[dict-item]


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(InputError):
        audit.next_record(START, AuditEvent("a", "b", "c", {}), NOW.replace(tzinfo=None))


def test_when_a_checkpoint_is_due() -> None:
    end, earlier = PLAIN[-1].head, head_of(PLAIN[:5])
    assert audit.due(None, PLAIN[0].head, NOW) and not audit.due(None, START, NOW)
    assert not audit.due(HEAD, end, NOW + timedelta(days=9)), "nothing new"
    assert not audit.due(earlier, end, NOW + timedelta(minutes=9))
    assert audit.due(earlier, end, NOW + timedelta(minutes=10))
    assert audit.due(earlier, replace(end, sequence=1005), NOW)


@pytest.mark.parametrize(
    ("kept", "head", "told"),
    [
        (6, PLAIN[5].head, ()),
        (5, PLAIN[5].head, (Problem("cut_tail", 6),)),
        (0, PLAIN[5].head, (Problem("cut_tail", 6),)),
        (6, PLAIN[4].head, (Problem("other_head", 5),)),
        (6, Head("org1", 6, "0" * 64), (Problem("other_head", 6),)),
        (0, START, ()),
    ],
)
def test_the_databases_own_word_on_the_end(kept: int, head: Head, told: tuple[Problem, ...]) -> None:
    assert verify("org1", PLAIN[:kept], (), PUBLIC, head) == told


def test_equal_values_of_other_types_are_not_equal() -> None:
    one = audit.next_record(START, AuditEvent("a", "b", "c", {"n": 1}), NOW)
    true = audit.next_record(START, AuditEvent("a", "b", "c", {"n": True}), NOW)
    assert one.hash != true.hash
