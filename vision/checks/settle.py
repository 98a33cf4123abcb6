"""Puts plates and papers to parties. What could belong to two stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vision.checks.borne_out import borne_out
from vision.checks.parties import Paper, Parties, PartyFile, Sighting, papers_of, sightings_of
from vision.types import Case, DocumentKind, PhotoFacts

_LICENCE, _POLICY, _DRIVER = (
    DocumentKind.VEHICLE_LICENCE,
    DocumentKind.INSURANCE_POLICY,
    DocumentKind.DRIVING_LICENCE,
)


@dataclass(slots=True)
class _Slot:
    id: str
    plate: str | None
    claimed: bool
    photos: frozenset[str]
    papers: list[Paper] = field(default_factory=list)

    def lacks(self, kind: DocumentKind) -> bool:
        return all(paper.kind is not kind for paper in self.papers)


def settle(photos: Sequence[PhotoFacts], case: Case, limits: Mapping[str, float]) -> Parties:
    """Parties of a case: those that the case names, and as many more as the standard's kind of accident has."""
    least = limits["field_score"]
    papers = papers_of(photos, limits)
    named = {text for paper in papers for text in paper.readings("plate_number", least)}
    named |= {party.plate for party in case.parties if party.plate is not None}
    sightings = sightings_of(photos, limits, named)
    slots = _slots(case, int(limits["parties"]))
    open_plates = _plates_at_scene(slots, sightings, papers, bool(case.parties), least)
    left = _by_proof(slots, list(papers), least)
    if not case.parties:
        left = _new_parties(slots, left, least)
        left = _by_proof(slots, left, least)
    left = _by_likeness(slots, left, least)
    left = _by_proof(slots, _by_elimination(slots, left, least), least)
    files = tuple(PartyFile(s.id, s.plate, s.claimed, s.photos, borne_out(s.papers, limits)) for s in slots)
    return Parties(files, sightings, tuple(left), open_plates)


def _slots(case: Case, least: int) -> list[_Slot]:
    """A case that names one party of a collision leaves the other unnamed, not out: its papers are asked for too."""
    slots = [_Slot(p.id, p.plate, p.plate is not None, frozenset(p.photos)) for p in case.parties]
    taken = {slot.id for slot in slots}
    letters = (letter for letter in map(chr, range(ord("A"), ord("A") + least + len(slots))) if letter not in taken)
    return slots + [_Slot(next(letters), None, False, frozenset()) for _ in range(least - len(slots))]


def _plates_at_scene(
    slots: list[_Slot], sightings: Sequence[Sighting], papers: Sequence[Paper], named: bool, least: float
) -> tuple[str, ...]:
    """Gives plates seen at the scene to parties; returns those that stay open."""
    seen = _readings(sightings)
    on_paper = {text for paper in papers for text in paper.readings("plate_number", least)}
    # what was read most often is believed before what a paper says: else a misreading could bear out a wrong paper
    order = sorted(seen, key=lambda text: (-len(seen[text]), text not in on_paper, text))
    known = [slot.plate for slot in slots if slot.plate is not None]
    fresh: list[str] = []
    for text in order:
        if not any(text == other or misread(text, other, seen) for other in (*known, *fresh)):
            fresh.append(text)
    if named:
        return _plates_of_named(slots, fresh, seen)
    if len(fresh) > len(slots):  # more plates than parties: only those with more behind them than the rest
        weight = {text: (text in on_paper, len(seen[text])) for text in fresh}
        bar = sorted(weight.values(), reverse=True)[len(slots)]
        chosen = [text for text in fresh if weight[text] > bar]
    else:
        chosen = fresh
    for slot, text in zip(slots, sorted(chosen), strict=False):
        slot.plate = text
    return tuple(sorted(set(fresh) - set(chosen)))


def _plates_of_named(slots: list[_Slot], fresh: list[str], seen: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Parties named by the case get a plate from their own photos, or by being the only one left."""
    for slot in slots:
        own = [text for text in fresh if seen[text] & slot.photos]
        others = [other for other in slots if other is not slot and other.photos]
        if slot.plate is None and len(own) == 1 and not any(seen[own[0]] & other.photos for other in others):
            slot.plate = own[0]
            fresh = [text for text in fresh if text != own[0]]
    without = [slot for slot in slots if slot.plate is None]
    if len(without) == 1 and len(fresh) == 1:
        without[0].plate = fresh.pop()
    return tuple(sorted(fresh))


def _readings(sightings: Sequence[Sighting]) -> dict[str, frozenset[str]]:
    """Texts read for sure and the photos they were read on."""
    texts = {sighting.plate.text for sighting in sightings if sighting.sure and sighting.plate.text}
    return {t: frozenset(s.photo.photo for s in sightings if s.sure and s.plate.text == t) for t in texts}


def misread(text: str, other: str, seen: Mapping[str, frozenset[str]]) -> bool:
    """Whether two readings may be one plate: one character apart and never on one photo together."""
    return distance(text, other) == 1 and not seen.get(text, frozenset()) & seen.get(other, frozenset())


def _links(paper: Paper, slot: _Slot, least: float) -> bool:
    """Whether something printed on the paper ties it to the party."""

    def shared(key: str, kind: DocumentKind, other_key: str) -> bool:
        mine = set(paper.readings(key, least))
        return any(mine & set(p.readings(other_key, least)) for p in slot.papers if p.kind is kind)

    photos = {photo.photo for photo, _ in paper.pages}
    if photos & slot.photos:
        return True
    if paper.kind is _DRIVER:
        return shared("name", _LICENCE, "owner") or shared("name", _POLICY, "insured")
    if slot.plate is not None and slot.plate in paper.readings("plate_number", least):
        return True
    return any(shared("vin", kind, "vin") for kind in (_LICENCE, _POLICY) if kind is not paper.kind)


def _by_proof(slots: list[_Slot], papers: list[Paper], least: float) -> list[Paper]:
    """Papers tied to exactly one party, until nothing moves; the rest is returned."""
    moved = True
    while moved:
        moved = False
        for paper in list(papers):
            tied = [slot for slot in slots if _links(paper, slot, least)]
            if len(tied) == 1:
                tied[0].papers.append(paper)
                papers.remove(paper)
                moved = True
    return papers


def _new_parties(slots: list[_Slot], papers: list[Paper], least: float) -> list[Paper]:
    """Plates known from a vehicle licence alone, if no plate seen at the scene still waits for its licence."""
    if any(slot.plate is not None and slot.lacks(_LICENCE) for slot in slots):
        return papers
    free = [slot for slot in slots if slot.plate is None and slot.lacks(_LICENCE)]
    texts = sorted({t for p in papers if p.kind is _LICENCE for t in p.readings("plate_number", least)[:1]})
    if len(texts) <= len(free):
        for slot, text in zip(free, texts, strict=False):
            slot.plate = text
    return papers


def _by_likeness(slots: list[_Slot], papers: list[Paper], least: float) -> list[Paper]:
    """A paper whose plate nearly is one party's: theirs, and the difference is told by the agreement check."""
    left = []
    for paper in papers:
        texts = paper.readings("plate_number", least)
        near = [
            slot
            for slot in slots
            if slot.plate is not None and slot.lacks(paper.kind) and any(distance(t, slot.plate) <= 2 for t in texts)
        ]
        if len(near) == 1:
            near[0].papers.append(paper)
        else:
            left.append(paper)
    return left


def _by_elimination(slots: list[_Slot], papers: list[Paper], least: float) -> list[Paper]:
    """One paper of a kind left and one party without: theirs, with second pages on which nothing was read.

    A page of which a date was read but no plate stays open: it may be the other party's, and would vouch for this one.
    """
    for kind in (_LICENCE, _POLICY, _DRIVER):
        mine = [paper for paper in papers if paper.kind is kind]
        mute = [paper for paper in mine if not paper.has_main_page and _mute(paper, least)]
        lacking = [slot for slot in slots if slot.lacks(kind)]
        if len(lacking) == 1 and (len(mine) == 1 or len(mine) - len(mute) == 1):
            lacking[0].papers += mine
            papers = [paper for paper in papers if all(paper is not one for one in mine)]
    return papers


def _mute(paper: Paper, least: float) -> bool:
    fields = (field for _, document in paper.pages for field in document.fields.values())
    return all(field.text is None or field.score < least for field in fields)


def distance(one: str, other: str) -> int:
    """Levenshtein distance of two short texts."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]
