"""What the papers of a case truly say: there, readable, valid on the day, of the same car and owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from datasets.cases.asked import Asked
from datasets.cases.nouns import DrawnCase, Paper
from datasets.cases.truth_views import Say

LICENCE, POLICY, DRIVER = "vehicle_licence", "insurance_policy", "driving_licence"
NO_END = "长期"


def document(asked: Asked, case: DrawnCase, party: str) -> Say:
    """A main page that can be read."""
    pages = _pages(case, party, str(asked.params["document"]))
    return Say.MET if any(page.page != "second" for page in pages) else Say.LACKING


def valid(asked: Asked, case: DrawnCase, party: str) -> Say:
    """On the day of the accident; a policy at its hour. What has run out is an officer's question."""
    kind = str(asked.params["document"])
    pages = _pages(case, party, kind)
    if kind == LICENCE:
        ends = _values(pages, "inspection_valid_to")
        return Say.LACKING if not ends else _asks(not any(_moment(end, True) < _local(case) for end in ends))
    starts, ends = _values(pages, "valid_from"), _values(pages, "valid_to")
    if not starts or not ends:
        return Say.LACKING
    begun = all(_moment(start, False) <= _local(case) for start in starts)
    return _asks(begun and all(end == NO_END or _local(case) <= _moment(end, True) for end in ends))


def plates_agree(case: DrawnCase, party: str, seen: bool) -> Say:
    """Scene = vehicle licence = policy. ``seen``: whether its plate can be read on the scene's photos."""
    scene = {case.plates[party]} if seen else set()
    return _agree((scene, *(_values(_pages(case, party, kind), "plate_number") for kind in (LICENCE, POLICY))))


def vins_agree(case: DrawnCase, party: str) -> Say:
    return _agree(_values(_pages(case, party, kind), "vin") for kind in (LICENCE, POLICY))


def names_agree(case: DrawnCase, party: str) -> Say:
    """Owner = insured, and the driver is the owner."""
    owner = _values(_pages(case, party, LICENCE), "owner")
    insured = _values(_pages(case, party, POLICY), "insured")
    driver = _values(_pages(case, party, DRIVER), "name")
    return _agree((owner, insured, driver))


def _agree(sources: Iterable[set[str]]) -> Say:
    found = list(sources)
    if len({text for texts in found for text in texts}) > 1:
        return Say.ASK
    return Say.MET if all(found) else Say.PENDING


def _asks(fine: bool) -> Say:
    return Say.MET if fine else Say.ASK


def _pages(case: DrawnCase, party: str, kind: str) -> list[Paper]:
    return [page for page in case.papers if page.party == party and page.kind == kind and page.readable]


def _values(pages: Iterable[Paper], key: str) -> set[str]:
    return {page.values[key] for page in pages if page.values.get(key)}


def _local(case: DrawnCase) -> datetime:
    return case.happened_at.replace(tzinfo=None)


def _moment(text: str, end: bool) -> datetime:
    """Of ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM``; days end at 23:59; T24:00 is the next day's start."""
    day, _, clock = text.partition("T")
    start = datetime.fromisoformat(day)
    if not clock:
        return start + timedelta(days=1, minutes=-1) if end else start
    hours, minutes = clock.split(":")[:2]
    return start + timedelta(hours=int(hours), minutes=int(minutes))
