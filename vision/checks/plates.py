"""The plate of each party's vehicle, readable on some photo of the scene; which photo proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from vision.checks.dossier import Dossier, Look, conclude, failed, passed, texts_param, unsure
from vision.checks.geometry import TWO_ROWS, centre, inside, main_vehicles, plate_box, plate_height_px, plate_width_px
from vision.checks.known_view import never_shown, shown_chance, views_with
from vision.checks.parties import Parties, PartyFile, Sighting, may_be_read, plate_sure
from vision.checks.reasons import Reason
from vision.checks.settle import distance
from vision.checks.two_wheelers import overlooked
from vision.checks.views import NEVER_A_SCENE
from vision.types import Evidence, Finding, PhotoFacts, Plate, Requirement, Vehicle, Verdict

DOUBLE_ROW = 2.0
"""Signs in two rows are less than half as high, of a plate of the same height."""


def plate_readable(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """One finding a party."""
    return tuple(_of_party(requirement, dossier, file) for file in dossier.parties.files)


def _of_party(requirement: Requirement, dossier: Dossier, file: PartyFile) -> Finding:
    parties = dossier.parties
    own = [s for s in parties.sightings if file.plate is not None and s.plate.text == file.plate]
    sure = [sighting for sighting in own if sighting.sure]
    if sure:
        best = max(sure, key=lambda s: (s.plate.score, plate_height_px(s.plate), s.photo.sha256))
        if _another_on_papers(file, dossier.limits["agreement_score"]):
            return _finding(requirement, file, Verdict.UNSURE, Reason.PLATE_NOT_ON_PAPERS, (best,), best.plate.text)
        return _finding(requirement, file, Verdict.PASS, Reason.PLATE_PROVED, (best,), best.plate.text)
    rest = [s for s in parties.sightings if s.sure and s.plate.text in parties.open_plates]
    if rest and not file.claimed:
        return _finding(requirement, file, Verdict.UNSURE, Reason.PLATE_PARTY_UNKNOWN, rest, file.plate)
    if file.claimed and file.plate is not None:
        near = [s for s in parties.sightings if s.sure and distance(s.plate.text or "", file.plate) == 1]
        if near:
            text = f"{file.plate} / {near[0].plate.text}"
            return _finding(requirement, file, Verdict.UNSURE, Reason.PLATE_ONLY_OTHER, near[:1], text)
    if rest:  # a bystander's, or the plate that was stated is not the car's: a picture of it would tell
        return _finding(requirement, file, Verdict.UNSURE, Reason.PLATE_NOT_SEEN, rest, file.plate)
    return _not_sure(requirement, dossier, file, own)


def _another_on_papers(file: PartyFile, least: float) -> bool:
    """Whether nobody said whose the plate is, and several papers of the party agree on another one: then it may be a
    bystander's, whose car stood at the scene."""
    told = [paper.readings("plate_number", least) for paper in file.papers]
    texts = {text for readings in told for text in readings}
    return not file.claimed and sum(map(bool, told)) > 1 and len(texts) == 1 and file.plate not in texts


def _not_sure(requirement: Requirement, dossier: Dossier, file: PartyFile, own: Sequence[Sighting]) -> Finding:
    """Nothing read for sure: a plate that a person may be able to read is a doubt, one of few pixels a failure."""
    limits = dossier.limits
    spare = list(own) or [s for s in dossier.parties.sightings if not s.sure and not _is_known(s, dossier.parties)]
    if not spare:
        return _finding(requirement, file, Verdict.FAIL, Reason.PLATE_NOT_SEEN, (), None)
    best = max(spare, key=lambda s: (_of_least(_size_px(s.plate, limits)), s.plate.score, s.photo.sha256))
    measured, limit = _size_px(best.plate, limits)
    if measured < limit:
        return _finding(requirement, file, Verdict.FAIL, Reason.PLATE_TOO_SMALL, (best,), measured, limit)
    sharpness = best.plate.sharpness_01
    if sharpness is not None and sharpness < limits["plate_sharpness_01"]:
        limit = limits["plate_sharpness_01"]
        return _finding(requirement, file, Verdict.FAIL, Reason.PLATE_BLURRED, (best,), sharpness, limit)
    score, limit = best.plate.score, limits["plate_score"]
    return _finding(requirement, file, Verdict.UNSURE, Reason.PLATE_DOUBTFUL, (best,), score, limit)


def _size_px(plate: Plate, limits: Mapping[str, float]) -> tuple[float, float]:
    """Height of a plate and the least that can be read; of one that was not read, width and least if it lacks more."""
    high = plate_height_px(plate), limits["plate_height_px"] * (DOUBLE_ROW if plate.kind in TWO_ROWS else 1.0)
    wide = plate_width_px(plate), limits["plate_width_px"]
    return wide if plate.text is None and _of_least(wide) < _of_least(high) else high


def _of_least(size: tuple[float, float]) -> float:
    """A size as a share of the least there may be; without a least everything is large enough."""
    measured, least = size
    return measured / least if least else inf


def _is_known(sighting: Sighting, parties: Parties) -> bool:
    """A doubtful reading that is, or nearly is, a plate that was proved elsewhere says nothing of another party."""
    known = {s.plate.text for s in parties.sightings if s.sure}
    text = sighting.plate.text
    return text is not None and any(other is not None and distance(text, other) <= 1 for other in known)


def _finding(
    requirement: Requirement,
    file: PartyFile,
    verdict: Verdict,
    reason: Reason,
    seen: Sequence[Sighting],
    measured: float | str | None,
    limit: float | None = None,
) -> Finding:
    evidence = tuple(Evidence(s.photo.photo, (plate_box(s.plate),)) for s in seen)
    return Finding(requirement.id, verdict, reason.value, file.id, evidence, measured, limit)


def nearest_plate(photo: PhotoFacts, requirement: Requirement, dossier: Dossier) -> Look:
    """Plate of the vehicle nearest to the camera on a picture that shows its ``faces``: from behind, the rear one.

    Or the plates of all parties, read wherever: the rear vehicle is one of theirs.
    """
    limits, faces = dossier.limits, texts_param(requirement, "faces")
    shown = main_vehicles(photo, limits, limits["vehicle_score"])
    if not shown or photo.framing.kind in NEVER_A_SCENE:
        return failed(Reason.NO_PHOTO)
    nearest = shown[0]
    proved = _all_proved(dossier)
    if len(shown) < limits["parties"] and not proved:
        return _second_missing(photo, shown, dossier)
    by_view = _nearest_read(photo, nearest, faces, dossier)
    if by_view.verdict is Verdict.PASS or not proved:
        return by_view
    # whichever of the parties' vehicles is the rear one, its plate is known: no view has to tell
    return passed(Reason.PLATE_PROVED, (nearest.box_xyxy,), " / ".join(proved))


def _second_missing(photo: PhotoFacts, shown: Sequence[Vehicle], dossier: Dossier) -> Look:
    """Too few vehicles that were surely found: which is the nearer one is open where another is in doubt."""
    limits, count = dossier.limits, dossier.limits["parties"]
    perhaps = main_vehicles(photo, limits, limits["vehicle_doubt"])
    boxes = tuple(vehicle.box_xyxy for vehicle in perhaps)
    if len(perhaps) >= count:
        return unsure(Reason.VEHICLE_DOUBTFUL, min(v.score for v in perhaps), limits["vehicle_score"], boxes)
    if len(shown) + overlooked(dossier) >= count:
        return unsure(Reason.TWO_WHEELER_NOT_SEEN, len(shown), count, boxes)
    return failed(Reason.NO_PHOTO)


def _nearest_read(photo: PhotoFacts, nearest: Vehicle, faces: tuple[str, ...], dossier: Dossier) -> Look:
    """The plate on the vehicle itself, and whether the vehicle shows one of ``faces``."""
    limits = dossier.limits
    steps: list[Look | None] = [None]
    chance = shown_chance([nearest], views_with(faces), photo, limits)
    if never_shown([nearest], views_with(faces), limits):
        steps.append(failed(Reason.WRONG_SIDE, nearest.view, "/".join(sorted(faces)), (nearest.box_xyxy,)))
    elif chance < limits["view_score"]:
        steps.append(unsure(Reason.VIEW_DOUBTFUL, chance, limits["view_score"], (nearest.box_xyxy,)))
    on_it = [plate for plate in photo.plates if inside(centre(plate_box(plate)), nearest.box_xyxy)]
    sure = [plate for plate in on_it if plate_sure(plate, limits)]
    if sure:
        best = max(sure, key=lambda plate: plate.score)
        return conclude(steps, passed(Reason.PLATE_PROVED, (plate_box(best),), best.text))
    doubtful = [plate for plate in on_it if may_be_read(plate, limits)]
    if not doubtful:
        steps.append(failed(Reason.PLATE_NOT_SEEN, boxes=(nearest.box_xyxy,)))
    else:
        steps.append(_dim(max(doubtful, key=lambda plate: plate.score), limits))
    return conclude(steps, passed(Reason.PLATE_PROVED))


def _all_proved(dossier: Dossier) -> tuple[str, ...]:
    """The plates of all parties where each was read for sure at the scene; else nothing.

    And no other one was, unless each is stated or on its party's papers: then the other is a bystander's.
    """
    files, least = dossier.parties.files, dossier.limits["agreement_score"]
    plates = tuple(file.plate for file in files if file.plate is not None)
    seen = {s.plate.text for s in dossier.parties.sightings if s.sure}
    theirs = not dossier.parties.open_plates or all(_named(file, least) for file in files)
    return plates if len(plates) == len(files) and seen >= set(plates) and theirs else ()


def _named(file: PartyFile, least: float) -> bool:
    """Whether somebody says that the plate is the party's, and none of its papers tells another."""
    told = {text for paper in file.papers for text in paper.readings("plate_number", least)}
    return told == {file.plate} or (file.claimed and not told)


def _dim(plate: Plate, limits: Mapping[str, float]) -> Look:
    measured, limit = _size_px(plate, limits)
    if measured < limit:
        return failed(Reason.PLATE_TOO_SMALL, measured, limit, (plate_box(plate),))
    return unsure(Reason.PLATE_DOUBTFUL, plate.score, limits["plate_score"], (plate_box(plate),))


def more_plates_than_parties(dossier: Dossier) -> tuple[Finding, ...]:
    """Plates at the scene that no party is known to have."""
    findings = []
    for text in dossier.parties.open_plates:
        seen = [s for s in dossier.parties.sightings if s.sure and s.plate.text == text]
        evidence = tuple(Evidence(s.photo.photo, (plate_box(s.plate),)) for s in seen)
        reason = Reason.MORE_PLATES_THAN_PARTIES.value
        findings.append(Finding("more_plates_than_parties", Verdict.UNSURE, reason, None, evidence, text))
    return tuple(findings)
