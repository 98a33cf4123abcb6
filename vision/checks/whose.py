"""Whose vehicle is seen, and hints where it is nobody's: by the plates on vehicles and by their paint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vision.checks.dossier import Dossier
from vision.checks.geometry import main_vehicles
from vision.checks.paint import Painted, colour_of, unlike
from vision.checks.papers import evidence_of
from vision.checks.parties import Paper, is_paper
from vision.checks.reasons import Reason
from vision.types import DocumentKind, Evidence, Finding, PhotoFacts, Vehicle, VehicleColour, Verdict

_C = VehicleColour
WORDS: Mapping[str, VehicleColour] = {
    "白": _C.WHITE, "黑": _C.BLACK, "灰": _C.GREY, "银": _C.SILVER, "红": _C.RED, "蓝": _C.BLUE, "绿": _C.GREEN,
    "黄": _C.YELLOW, "棕": _C.BROWN, "褐": _C.BROWN,
}  # fmt: skip
"""Of 车身颜色 on an electronic vehicle licence; paint of several colours has several of them."""


def may_be(vehicle: Vehicle, photo: PhotoFacts, dossier: Dossier) -> frozenset[str]:
    """The parties whose vehicle it may be: the one whose plate it bears; else all but those of another paint."""
    own = _bearer_of(vehicle, photo, dossier)
    colour = colour_of(vehicle, photo, dossier.limits)
    parties = (file.id for file in dossier.parties.files)
    return own or frozenset(one for one in parties if colour is None or not _another(colour, _of(one, dossier)))


def not_a_bystander(seen: Sequence[Vehicle], count: int, photo: PhotoFacts, dossier: Dossier) -> tuple[Vehicle, ...]:
    """The vehicles of a photo without those that are surely no party's.

    All of them where not ``count`` others are known by plate or paint as a party's: one misread paint must not put a
    passer-by's car in the place of a party's.
    """
    kept = tuple(vehicle for vehicle in seen if may_be(vehicle, photo, dossier))
    return kept if sum(_known(vehicle, photo, dossier) for vehicle in kept) >= count else tuple(seen)


def _known(vehicle: Vehicle, photo: PhotoFacts, dossier: Dossier) -> bool:
    """Whether plate or paint speak for a party, and not only nothing against it."""
    colour = colour_of(vehicle, photo, dossier.limits)
    painted = [one.colour for one in dossier.painted if one.colour is not None]
    alike = colour is not None and any(not unlike(colour, one) for one in painted)
    return alike or bool(_bearer_of(vehicle, photo, dossier))


def _bearer_of(vehicle: Vehicle, photo: PhotoFacts, dossier: Dossier) -> frozenset[str]:
    return frozenset(one.party for one in dossier.painted if one.photo is photo and one.vehicle is vehicle)


def vehicle_colours(dossier: Dossier) -> tuple[Finding, ...]:
    """Hints outside score and decision: photos whose nearest vehicles are all surely no party's, as those of another
    accident or of a passer-by's car; and a party's vehicle of another colour than its licence says."""
    return (*_strange_photos(dossier), *_strange_papers(dossier))


def _strange_photos(dossier: Dossier) -> Iterable[Finding]:
    """Nothing is told while any party's paint is unknown."""
    parties = [file.id for file in dossier.parties.files]
    if not parties or any(not _of(party, dossier) for party in parties):
        return
    for photo in dossier.photos:
        if is_paper(photo, dossier.limits):
            continue
        near = main_vehicles(photo, dossier.limits, dossier.limits["vehicle_score"])[: len(parties)]
        if near and not any(may_be(vehicle, photo, dossier) for vehicle in near):
            seen = Evidence(photo.photo, tuple(vehicle.box_xyxy for vehicle in near))
            told = _words(vehicle.colour for vehicle in near)
            known = _words(one.colour for one in dossier.painted)
            yield _hint(Reason.VEHICLE_OF_ANOTHER_COLOUR, None, (seen,), told, known)


def _strange_papers(dossier: Dossier) -> Iterable[Finding]:
    for file in dossier.parties.files:
        seen = _of(file.id, dossier)
        for paper in (paper for paper in file.papers if paper.kind is DocumentKind.VEHICLE_LICENCE):
            printed = _printed(paper, dossier.limits["agreement_score"])
            if seen and printed and all(_another(colour, seen) for colour in printed):
                shown = tuple(Evidence(one.photo.photo, (one.vehicle.box_xyxy,)) for one in seen)
                told, asked = _words(one.colour for one in seen), _words(printed)
                evidence = (*shown, *evidence_of(paper, "body_colour"))
                yield _hint(Reason.COLOUR_NOT_AS_ON_PAPERS, file.id, evidence, told, asked)


def _printed(paper: Paper, least: float) -> tuple[VehicleColour, ...]:
    """Colours on a licence; none where it names one that we have no word for."""
    letters = {letter for text in paper.readings("body_colour", least) for letter in text} - set("色/、,")
    return tuple(sorted({WORDS[letter] for letter in letters})) if letters <= WORDS.keys() else ()


def _of(party: str, dossier: Dossier) -> tuple[Painted, ...]:
    """A party's vehicle as often as its paint is sure."""
    return tuple(one for one in dossier.painted if one.party == party and one.colour is not None)


def _another(colour: VehicleColour, known: Sequence[Painted]) -> bool:
    colours = [one.colour for one in known if one.colour is not None]
    return bool(colours) and all(unlike(colour, one) for one in colours)


def _words(colours: Iterable[VehicleColour | None]) -> str:
    return ", ".join(sorted({colour.value for colour in colours if colour is not None}))


def _hint(reason: Reason, party: str | None, seen: tuple[Evidence, ...], told: str, asked: str) -> Finding:
    return Finding("vehicle_colours", Verdict.UNSURE, reason.value, party, seen, told, asked)
