"""What must be the same everywhere: plate, VIN, name; capture times and places; the standard and the accident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from vision.checks.dossier import Dossier
from vision.checks.geometry import plate_box
from vision.checks.papers import evidence_of
from vision.checks.parties import PartyFile, is_paper
from vision.checks.reasons import Reason
from vision.checks.strangers import metres
from vision.identifiers import span_of
from vision.types import DocumentKind, Evidence, Finding, FramingKind, PhotoFacts, Requirement, Verdict

_SCENE, _STATED = "scene", "stated"
_AT_SCENE = (FramingKind.SCENE, FramingKind.WHOLE, FramingKind.MEDIUM, FramingKind.CLOSEUP)
Sources = Mapping[str, tuple[str, ...]]
"""Source (scene, stated, or a paper's kind) -> texts that were read for sure."""


def plate_agreement(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """Plate at the scene = vehicle licence = policy."""
    findings = []
    for file in dossier.parties.files:
        seen = () if file.plate is None else (file.plate,)
        proved = [s for s in dossier.parties.sightings if s.sure and s.plate.text == file.plate]
        sources = _papers(file, "plate_number", dossier) | {_SCENE: seen if proved else ()}
        if file.claimed and not proved:
            # What somebody stated is held against the papers, but it was not seen at the scene.
            sources[_STATED] = seen
        evidence = tuple(Evidence(s.photo.photo, (plate_box(s.plate),)) for s in proved[:1])
        findings.append(_agree(requirement, file, sources, Reason.PLATE_DIFFERS, evidence, "plate_number"))
    return tuple(findings)


def vin_agreement(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """VIN on the vehicle licence = VIN on the policy."""
    return tuple(
        _agree(requirement, file, _papers(file, "vin", dossier), Reason.VIN_DIFFERS, (), "vin")
        for file in dossier.parties.files
    )


def name_agreement(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """Owner = insured is asked for; a driver who is neither is lawful and only told to an officer."""
    findings = []
    for file in dossier.parties.files:
        papers = {
            DocumentKind.VEHICLE_LICENCE.value: _texts(file, DocumentKind.VEHICLE_LICENCE, "owner", dossier),
            DocumentKind.INSURANCE_POLICY.value: _texts(file, DocumentKind.INSURANCE_POLICY, "insured", dossier),
        }
        found = _agree(requirement, file, papers, Reason.NAME_DIFFERS, (), "")
        driver = _texts(file, DocumentKind.DRIVING_LICENCE, "name", dossier)
        owners = set(papers[DocumentKind.VEHICLE_LICENCE.value]) | set(papers[DocumentKind.INSURANCE_POLICY.value])
        if found.verdict is Verdict.PASS and not driver:
            reason = Reason.COMPARISON_INCOMPLETE.value
            found = Finding(requirement.id, Verdict.UNSURE, reason, file.id, found.evidence, found.measured)
        elif found.verdict is Verdict.PASS and not set(driver) & owners:
            measured = f"{'/'.join(driver)} / {'/'.join(sorted(owners))}"
            reason = Reason.DRIVER_NOT_OWNER.value
            found = Finding(requirement.id, Verdict.UNSURE, reason, file.id, found.evidence, measured)
        findings.append(found)
    return tuple(findings)


def _texts(file: PartyFile, kind: DocumentKind, key: str, dossier: Dossier) -> tuple[str, ...]:
    least = dossier.limits["agreement_score"]
    return tuple(sorted({text for paper in file.papers if paper.kind is kind for text in paper.readings(key, least)}))


def _papers(file: PartyFile, key: str, dossier: Dossier) -> dict[str, tuple[str, ...]]:
    kinds = (DocumentKind.VEHICLE_LICENCE, DocumentKind.INSURANCE_POLICY)
    return {kind.value: _texts(file, kind, key, dossier) for kind in kinds}


def _agree(
    requirement: Requirement,
    file: PartyFile,
    sources: Sources,
    differs: Reason,
    evidence: tuple[Evidence, ...],
    key: str,
) -> Finding:
    """Pass where every source was read and says the same; two texts anywhere disagree, whatever else is missing."""
    texts = {text for found in sources.values() for text in found}
    measured = "; ".join(f"{source} {'/'.join(found) or '?'}" for source, found in sorted(sources.items()))
    seen = evidence + tuple(
        one for paper in file.papers if paper.kind.value in sources for one in evidence_of(paper, key or None)
    )
    if len(texts) > 1:
        return Finding(requirement.id, Verdict.FAIL, differs.value, file.id, seen, measured, disagreement=True)
    told = sum(bool(found) for found in sources.values())
    if told == len(sources):
        return Finding(requirement.id, Verdict.PASS, Reason.AGREES.value, file.id, seen, measured)
    if told > 1:
        return Finding(requirement.id, Verdict.UNSURE, Reason.COMPARISON_INCOMPLETE.value, file.id, seen, measured)
    return Finding(requirement.id, Verdict.FAIL, Reason.NOTHING_TO_COMPARE.value, file.id, seen, measured)


def plate_not_at_scene(dossier: Dossier) -> tuple[Finding, ...]:
    """A licence or policy that is open although every party's plate is known: of a vehicle that was not there."""
    plates = [file.plate for file in dossier.parties.files]
    there = {*plates, *dossier.parties.open_plates}
    findings = []
    for paper in dossier.parties.open_papers:
        texts = paper.readings("plate_number", dossier.limits["agreement_score"])
        if texts and all(plates) and not set(texts) & there:
            measured, evidence = "/".join(texts), evidence_of(paper, "plate_number")
            reason = Reason.PLATE_NOT_AT_SCENE.value
            limit = "/".join(plate for plate in plates if plate)
            findings.append(
                Finding("plate_not_at_scene", Verdict.FAIL, reason, None, evidence, measured, limit, disagreement=True)
            )
    return tuple(findings)


def capture_times(dossier: Dossier) -> tuple[Finding, ...]:
    """Photos of the scene: taken within a short time of each other, not before the accident, not long after it."""
    taken = [(span_of(photo.taken_at)[0], photo) for photo in _outside(dossier) if photo.taken_at is not None]
    if not taken:
        return ()
    first, last = min(taken, key=lambda one: one[0]), max(taken, key=lambda one: one[0])
    limits, findings = dossier.limits, []
    spread = (last[0] - first[0]) / timedelta(hours=1)
    if spread > limits["time_spread_h"]:
        findings.append(_capture(Reason.TIMES_DIFFER, (first[1], last[1]), spread, limits["time_spread_h"]))
    if dossier.case.happened_at is not None:
        happened = span_of(dossier.case.happened_at)[0]
        early = (happened - first[0]) / timedelta(minutes=1)
        if early > limits["before_accident_min"]:
            limit = limits["before_accident_min"]
            findings.append(_capture(Reason.TAKEN_BEFORE_ACCIDENT, (first[1],), early, limit))
        late = (last[0] - happened) / timedelta(hours=1)
        if late > limits["after_accident_h"]:
            findings.append(_capture(Reason.TAKEN_LONG_AFTER, (last[1],), late, limits["after_accident_h"]))
    if findings:
        return tuple(findings)
    evidence = tuple(Evidence(photo.photo) for _, photo in taken)
    reason = Reason.TIMES_AGREE.value
    return (Finding("capture_times", Verdict.PASS, reason, None, evidence, spread, limits["time_spread_h"]),)


def capture_places(dossier: Dossier) -> tuple[Finding, ...]:
    """Photos of the scene: taken at one place, as far as they say where."""
    placed = [(photo.gps, photo) for photo in _outside(dossier) if photo.gps is not None]
    if len(placed) < 2:
        return ()
    pairs = [(metres(a, b), p, q) for i, (a, p) in enumerate(placed) for b, q in placed[:i]]
    far, one, other = max(pairs, key=lambda pair: pair[0])
    limit = dossier.limits["place_spread_m"]
    if far > limit:
        evidence = (Evidence(one.photo), Evidence(other.photo))
        reason = Reason.PLACES_DIFFER.value
        return (Finding("capture_places", Verdict.FAIL, reason, None, evidence, far, limit, disagreement=True),)
    everywhere = tuple(Evidence(photo.photo) for _, photo in placed)
    return (Finding("capture_places", Verdict.PASS, Reason.PLACES_AGREE.value, None, everywhere, far, limit),)


def standard_serves(dossier: Dossier) -> tuple[Finding, ...]:
    """The case says of what type the accident is, and the standard is made for others."""
    told, served = dossier.case.accident_type, dossier.accident_types
    if told is None or not served or told in served:
        return ()
    reason = Reason.STANDARD_FOR_OTHER_TYPE.value
    return (Finding("standard_serves", Verdict.UNSURE, reason, None, (), told, "/".join(served)),)


def _outside(dossier: Dossier) -> tuple[PhotoFacts, ...]:
    """Photos of the scene; papers may be photographed anywhere, any time, and so may what is no scene at all."""
    return tuple(
        photo
        for photo in (*dossier.photos, *dossier.strangers)
        if not is_paper(photo, dossier.limits) and photo.framing.kind in _AT_SCENE
    )


def _capture(reason: Reason, photos: tuple[PhotoFacts, ...], measured: float, limit: float) -> Finding:
    evidence = tuple(Evidence(photo.photo) for photo in photos)
    return Finding("capture_times", Verdict.FAIL, reason.value, None, evidence, measured, limit, disagreement=True)
