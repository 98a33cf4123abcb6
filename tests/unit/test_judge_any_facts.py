"""Whatever the models may have said, judging it neither raises nor leaves its bounds."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from vision.score import judge
from vision.standard import load, names
from vision.types import (
    Box,
    Case,
    Damage,
    DamageKind,
    Decision,
    Document,
    DocumentFlag,
    DocumentFlagKind,
    DocumentKind,
    Field,
    Framing,
    FramingKind,
    Page,
    PartKind,
    Party,
    PhotoFacts,
    Plate,
    PlateKind,
    Quality,
    QualityVerdict,
    RepeatedField,
    Unreadable,
    UnreadableReason,
    Vehicle,
    VehicleKind,
    Verdict,
    View,
)

STANDARDS = {name: load(name) for name in names()}
SIZE = (400, 300)
scores = st.sampled_from((0.05, 0.3, 0.55, 0.75, 0.9, 1.0))
xs, ys = st.sampled_from((0, 1, 50, 199, 200, 399, 400)), st.sampled_from((0, 1, 40, 150, 299, 300))
texts = st.none() | st.sampled_from(
    ("皖A12345", "皖A12346", "苏E6K789", "张三", "2026-05-01", "2020-01-01", "长期", "", "x")
)
moments = st.none() | st.sampled_from((datetime(2026, 5, 1, 8, 3), datetime(2026, 5, 1, 0, 3, tzinfo=UTC)))
hashes = st.sampled_from(("0" * 16, "f" * 16, "0123456789abcdef"))
NAMES = ("a", "b", "c", "d", "e", "f")
KEYS = ("plate_number", "vin", "licence_number", "name", "owner", "insured", "valid_from", "valid_to", "birth_date")


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, x1 = sorted((draw(xs), draw(xs)))
    y0, y1 = sorted((draw(ys), draw(ys)))
    return (float(x0), float(y0), float(x1), float(y1))


vehicles = st.builds(
    Vehicle, st.sampled_from(VehicleKind), boxes(), scores, st.none() | st.sampled_from(View), scores, st.just(())
)
damages = st.builds(
    Damage,
    st.sampled_from(DamageKind),
    boxes(),
    st.just(()),
    scores,
    st.none() | st.sampled_from(PartKind),
    st.none() | scores,
)
corners = boxes().map(lambda b: ((b[0], b[1]), (b[2], b[1]), (b[2], b[3]), (b[0], b[3])))
plates = st.builds(Plate, texts, st.sampled_from(PlateKind), corners, scores, st.just(()), st.none() | scores)
fields = st.builds(Field, texts, st.just(""), scores, boxes(), st.sampled_from(Page))
repeats = st.builds(RepeatedField, st.sampled_from(KEYS), texts, st.just(""), scores, boxes(), st.sampled_from(Page))
flags = st.builds(DocumentFlag, st.sampled_from(DocumentFlagKind), scores, st.none() | boxes())
documents = st.builds(
    Document,
    st.sampled_from(DocumentKind),
    st.lists(st.sampled_from(Page), max_size=2).map(tuple),
    scores,
    boxes(),
    st.lists(flags, max_size=2).map(tuple),
    st.dictionaries(st.sampled_from(KEYS), fields, max_size=5),
    st.lists(repeats, max_size=1).map(tuple),
)
photos = st.builds(
    PhotoFacts,
    photo=st.sampled_from(NAMES),
    sha256=hashes,
    size_wh=st.just(SIZE),
    phash=hashes,
    framing=st.builds(Framing, st.sampled_from(FramingKind), scores),
    quality=st.builds(Quality, st.sampled_from(QualityVerdict), scores, scores, scores, scores),
    taken_at=moments,
    gps=st.none() | st.sampled_from(((31.8, 117.2), (39.9, 116.4), (-90.0, 180.0))),
    vehicles=st.lists(vehicles, max_size=3).map(tuple),
    damages=st.lists(damages, max_size=2).map(tuple),
    plates=st.lists(plates, max_size=2).map(tuple),
    document=st.none() | documents,
    more_documents=st.lists(documents, max_size=1).map(tuple),
)
unreadables = st.builds(
    Unreadable, st.sampled_from(NAMES), st.sampled_from(UnreadableReason), hashes, st.integers(0, 9)
)
parties = st.builds(
    Party, st.sampled_from("ABC"), texts, st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple)
)
cases = st.builds(
    Case,
    st.sampled_from((None, "rear_end", "other")),
    moments,
    st.lists(parties, max_size=3, unique_by=lambda party: party.id).map(tuple),
    st.none() | st.just(date(2026, 5, 1)),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(photos | unreadables, max_size=4, unique_by=lambda one: one.photo),
    cases,
    st.sampled_from(sorted(STANDARDS)),
)
def test_any_facts_are_judged(facts: list[PhotoFacts | Unreadable], case: Case, name: str) -> None:
    standard = STANDARDS[name]
    found = judge(facts, case, standard)
    assert 0 <= found.score <= 100
    assert {line.requirement for line in found.breakdown} == {one.id for one in standard.requirements}
    required = {one.id: one for one in standard.requirements if one.required}
    by_id = [one for one in found.findings if one.requirement in required]
    assert {one.requirement for one in by_id} == set(required)
    worst = {one.verdict for one in by_id}
    if found.decision is Decision.COMPLETE:
        assert worst == {Verdict.PASS}
        assert not found.unreadable
        assert not any(one.disagreement for one in found.findings)
    if found.decision is Decision.RETAKE:
        assert Verdict.FAIL in worst
        assert found.next
    if any(one.disagreement for one in found.findings):
        assert found.score <= standard.limits["disagreement_cap"]
    scene = {one.id for one in standard.requirements if one.scene}
    met = all(one.verdict is Verdict.PASS for one in found.findings if one.requirement in scene)
    assert found.may_clear_road is met
    assert sum(step.gain for step in found.next) <= 100.5
    assert judge(facts[::-1], case, standard) == found
