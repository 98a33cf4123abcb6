"""Puts plates and papers to parties. What could belong to two stays open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from vision.checks.borne_out import borne_out
from vision.checks.parties import Paper, Parties, PartyFile, Sighting, papers_of, sightings_of, without_tries
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
    slots = _slots(case, sightings, limits)
    open_plates = _plates_at_scene(slots, sightings, papers, bool(case.parties), least)
    left = _by_proof(slots, list(papers), least)
    if case.parties:
        _plates_of_papers(slots, least)
    else:
        left = _new_parties(slots, left, least)
    left = _by_proof(slots, left, least)
    left = _by_likeness(slots, left, least)
    left = _by_proof(slots, _by_elimination(slots, left, least), least)
    kept = [(slot, borne_out(without_tries(slot.papers, least), limits)) for slot in slots]
    files = tuple(PartyFile(s.id, s.plate, s.claimed, s.photos, papers) for s, papers in kept)
    return Parties(files, sightings, tuple(left), open_plates)


def _slots(case: Case, sightings: Sequence[Sighting], limits: Mapping[str, float]) -> list[_Slot]:
    """A case that names one party of a collision leaves the other unnamed, not out: its papers are asked for too.

    Where the standard lets it be left out, for a bicycle has none, that holds while no plate tells of another vehicle.
    """
    left_out = bool(case.parties) and not limits["parties_unnamed"] and not _more_plates(case, sightings)
    least = 0 if left_out else int(limits["parties"])
    slots = [_Slot(p.id, p.plate, p.plate is not None, frozenset(p.photos)) for p in case.parties]
    taken = {slot.id for slot in slots}
    letters = (letter for letter in map(chr, range(ord("A"), ord("A") + least + len(slots))) if letter not in taken)
    return slots + [_Slot(next(letters), None, False, frozenset()) for _ in range(least - len(slots))]


def _more_plates(case: Case, sightings: Sequence[Sighting]) -> bool:
    """Whether more plates were surely read on main vehicles than the named parties have; one character off is none."""
    known = [party.plate for party in case.parties if party.plate is not None]
    others: list[str] = []
    for text in sorted({s.plate.text for s in sightings if s.sure and s.main and s.plate.text is not None}):
        if all(distance(text, other) > 1 for other in (*known, *others)):
            others.append(text)
    return len(others) > len(case.parties) - len(known)


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
    weight = {text: (text in on_paper, len(seen[text])) for text in fresh}
    if named:
        return _plates_of_named(slots, weight, seen, _printed_for(slots, papers, least))
    chosen = _weightiest(weight, len(slots))
    for slot, text in zip(slots, sorted(chosen), strict=False):
        slot.plate = text
    return tuple(sorted(set(fresh) - set(chosen)))


def _weightiest(weight: Mapping[str, tuple[bool, int]], count: int) -> list[str]:
    """All plates, or of more than ``count`` only those with more behind them than the rest."""
    if len(weight) <= count:
        return list(weight)
    bar = sorted(weight.values(), reverse=True)[count]
    return [text for text in weight if weight[text] > bar]


def _printed_for(slots: Sequence[_Slot], papers: Sequence[Paper], least: float) -> dict[str, set[str]]:
    """Of each party the plates on papers that it sent and no other did."""
    senders = [(paper, [slot.id for slot in slots if _photos_of(paper) & slot.photos]) for paper in papers]
    return {
        slot.id: {text for paper, ids in senders if ids == [slot.id] for text in paper.readings("plate_number", least)}
        for slot in slots
    }


def _plates_of_named(
    slots: list[_Slot],
    weight: Mapping[str, tuple[bool, int]],
    seen: Mapping[str, frozenset[str]],
    printed: Mapping[str, set[str]],
) -> tuple[str, ...]:
    """Parties named by the case get the plate that is printed on their papers, one from their own photos that is on
    nobody else's papers, or the only one left that has more behind it than the rest."""
    left = dict(weight)

    def give(slot: _Slot, texts: Sequence[str]) -> None:
        if slot.plate is None and len(texts) == 1:
            slot.plate = texts[0]
            del left[texts[0]]

    def of_others(slot: _Slot) -> set[str]:
        return {text for other in slots if other is not slot for text in printed[other.id]}

    for slot in slots:
        give(slot, [text for text in left if text in printed[slot.id] - of_others(slot)])
    for slot in slots:
        elsewhere = {photo for other in slots if other is not slot for photo in other.photos}
        own = [text for text in left if seen[text] & slot.photos and text not in of_others(slot)]
        give(slot, own if not any(seen[text] & elsewhere for text in own) else ())
    without = [slot for slot in slots if slot.plate is None]
    if len(without) == 1:
        free = {text: behind for text, behind in left.items() if text not in of_others(without[0])}
        give(without[0], _weightiest(free, 1))
    return tuple(sorted(left))


def _plates_of_papers(slots: Sequence[_Slot], least: float) -> None:
    """A named party whose plate nobody stated or saw has the one that all its papers tell."""
    for slot in slots:
        texts = {text for paper in slot.papers for text in paper.readings("plate_number", least)}
        if slot.plate is None and len(texts) == 1:
            slot.plate = texts.pop()


def _readings(sightings: Sequence[Sighting]) -> dict[str, frozenset[str]]:
    """Texts read for sure and the photos they were read on."""
    texts = {sighting.plate.text for sighting in sightings if sighting.sure and sighting.plate.text}
    return {t: frozenset(s.photo.photo for s in sightings if s.sure and s.plate.text == t) for t in texts}


def misread(text: str, other: str, seen: Mapping[str, frozenset[str]]) -> bool:
    """Whether two readings may be one plate: one character apart and never on one photo together."""
    return distance(text, other) == 1 and not seen.get(text, frozenset()) & seen.get(other, frozenset())


def _photos_of(paper: Paper) -> frozenset[str]:
    return frozenset(photo.photo for photo, _ in paper.pages)


def _printed(paper: Paper, slot: _Slot, papers: Sequence[Paper], least: float) -> bool:
    """Whether something printed on the paper ties it to the party."""

    def shared(key: str, kind: DocumentKind, other_key: str) -> bool:
        mine = set(paper.readings(key, least))
        return any(mine & set(p.readings(other_key, least)) for p in slot.papers if p.kind is kind)

    if paper.kind is _DRIVER:
        return shared("name", _LICENCE, "owner") or shared("name", _POLICY, "insured")
    if slot.plate is not None and slot.plate in paper.readings("plate_number", least):
        return True
    return any(shared("vin", kind, "vin") for kind in (_LICENCE, _POLICY) if kind is not paper.kind)


def _sent(paper: Paper, slot: _Slot, papers: Sequence[Paper], least: float) -> bool:
    """Whether the party sent it, and not another paper of its kind too: one phone may send the papers of both."""
    if not _photos_of(paper) & slot.photos:
        return False
    if not (paper.has_main_page and paper.identity(least)):
        return True
    alike = [one for one in (*slot.papers, *papers) if one is not paper and one.kind is paper.kind]
    return not any(_photos_of(one) & slot.photos and one.has_main_page and one.identity(least) for one in alike)


def _sent_of_vehicle(paper: Paper, slot: _Slot, papers: Sequence[Paper], least: float) -> bool:
    return paper.kind is not _DRIVER and _sent(paper, slot, papers, least)


_TIES = (_printed, _sent_of_vehicle, _sent)
"""What ties a paper to a party, the strongest first: what is printed on it comes before who sent it, and a driver is
known by the papers of a vehicle."""


def _by_proof(slots: list[_Slot], papers: list[Paper], least: float) -> list[Paper]:
    """Papers tied to exactly one party, until nothing moves; the rest is returned."""
    while any(_placed(slots, papers, tie, least) for tie in _TIES):
        pass
    return papers


def _placed(slots: Sequence[_Slot], papers: list[Paper], tie: Callable[..., bool], least: float) -> bool:
    """Moves each of ``papers`` that is tied to one party only to that one; whether there was any."""
    tied = [(paper, [slot for slot in slots if tie(paper, slot, papers, least)]) for paper in papers]
    for paper, owners in tied:
        if len(owners) == 1:
            owners[0].papers.append(paper)
            papers.remove(paper)
    return any(len(owners) == 1 for _, owners in tied)


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
