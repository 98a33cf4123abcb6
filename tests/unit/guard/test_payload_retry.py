"""What a webhook carries, and when it is tried again."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard.webhooks.payload import FIELDS, MAX_BYTES, Event, thin
from service.guard.webhooks.retry import DELAYS, GIVEN_UP_AFTER
from vision.errors import InputError

AT = datetime(2026, 5, 1, 16, 3, tzinfo=UTC)
CASE = "case_0123456789abcdef01234567"
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


def test_a_payload() -> None:
    data = {"case_id": CASE, "version": 3, "score": 87, "decision": "retake", "requirements_failed": ["front_panorama"]}
    assert json.loads(thin(Event.ASSESSMENT_UPDATED, AT, data)) == {
        "type": "assessment.updated",
        "timestamp": "2026-05-01T16:03:00.000Z",
        "data": data,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plate", "苏E12F6"),
        ("external_id", "case_0123456789abcdef01234567"),
        ("case_id", "苏E12F6苏E12F6苏E12F6"),
        ("case_id", "e12f61"),
        ("case_id", "11010519491231002x"),
        ("case_id", "12345678901234567890"),
        ("case_id", "1234567890123456789012"),
        ("case_id", "wang-xiaoming-suzhou-city-1"),
        ("photo_id", "王小明"),
        ("reason", "plate E12F6"),
        ("reason", "苏E12F6"),
        ("decision", {"plate": "E12F6"}),
        ("score", "87"),
        ("score", True),
        ("score", 13812345678),
        ("requirements_failed", ["front_panorama", "王小明"]),
        ("requirements_failed", ["a"] * 101),
        ("standard", "four photos"),
        ("version", 1.5),
    ],
)
def test_what_never_leaves(field: str, value: object) -> None:
    for event in Event:
        with pytest.raises(InputError) as refusal:
            thin(event, AT, {"case_id": CASE, field: value})
        assert str(value) not in str(refusal.value)


@given(
    st.sampled_from(Event),
    st.dictionaries(st.sampled_from(sorted({f for e in FIELDS.values() for f in e})), JSON_VALUES),
)
def test_whatever_is_given_the_body_is_small_ascii_or_refused(event: Event, data: dict[str, object]) -> None:
    try:
        body = thin(event, AT, {"case_id": CASE, **data})
    except InputError:
        return
    assert len(body) <= MAX_BYTES and body.isascii() and set(json.loads(body)["data"]) <= set(FIELDS[event])


def test_the_largest_payload_fits() -> None:
    codes = ["a" * 64] * 100
    fields: dict[str, object] = {"case_id": CASE, "requirements_failed": codes, "requirements_unsure": codes}
    assert len(thin(Event.ASSESSMENT_UPDATED, AT, fields)) <= MAX_BYTES


def test_no_case_no_payload() -> None:
    with pytest.raises(InputError, match="case_id"):
        thin(Event.PHOTO_REJECTED, AT, {"reason": "blurred"})


def test_the_retry_table_is_the_one_that_receivers_are_told() -> None:
    assert [wait.total_seconds() for wait in DELAYS] == [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert sum(DELAYS, timedelta(0)) < GIVEN_UP_AFTER == timedelta(days=5)
    page = (Path(__file__).resolve().parents[3] / "docs/webhooks.md").read_text("utf-8")
    assert "5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h" in page and "after 5 days" in page


@given(st.uuids())
def test_every_id_of_the_store_fits(value: uuid.UUID) -> None:
    for text in (value.hex, str(value), f"case_{value.hex}", "1" * 32):
        assert thin(Event.PHOTO_REJECTED, AT, {"case_id": text})


def test_the_page_for_receivers_tells_the_same_fields() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/webhooks.md").read_text("utf-8")
    for event, rules in FIELDS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{event.value}`"))
        assert set(re.findall(r"`([a-z_]+)`", row)) == rules.keys() - {"organisation_id"}
