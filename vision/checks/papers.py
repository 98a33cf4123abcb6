"""Where a paper was seen; warnings about papers that carry no weight."""

from __future__ import annotations

from vision.checks.dossier import Dossier
from vision.checks.parties import Paper
from vision.checks.reasons import Reason
from vision.identifiers import vin_check_ok, vin_well_formed
from vision.types import Box, Document, DocumentFlagKind, Evidence, Finding, Verdict

_LOOKS = {
    DocumentFlagKind.PHOTOCOPY: Reason.DOCUMENT_PHOTOCOPY,
    DocumentFlagKind.SCREEN_RECAPTURE: Reason.DOCUMENT_SCREEN,
    DocumentFlagKind.TAMPERED_SUSPECT: Reason.DOCUMENT_TAMPERED_SUSPECT,
}


def evidence_of(paper: Paper, key: str | None = None) -> tuple[Evidence, ...]:
    """The photos of a paper, with its boxes or those of one field."""
    return tuple(Evidence(photo.photo, _boxes(document, key)) for photo, document in paper.pages)


def _boxes(page: Document, key: str | None) -> tuple[Box, ...]:
    if key is None:
        return (page.box_xyxy,)
    repeats = tuple(repeat.box_xyxy for repeat in page.repeats if repeat.key == key)
    return ((page.fields[key].box_xyxy,) if key in page.fields else ()) + repeats


def vin_check(dossier: Dossier) -> tuple[Finding, ...]:
    """A VIN whose check digit is wrong: a warning only, foreign cars need not have one."""
    findings = []
    for file in dossier.parties.files:
        for paper in file.papers:
            texts = paper.readings("vin", dossier.limits["field_score"])
            wrong = [text for text in texts if not (vin_well_formed(text) and vin_check_ok(text))]
            if wrong:
                evidence = evidence_of(paper, "vin")
                reason = Reason.VIN_CHECK_WRONG.value
                findings.append(Finding("vin_check", Verdict.UNSURE, reason, file.id, evidence, wrong[0]))
    return tuple(findings)


def document_look(dossier: Dossier) -> tuple[Finding, ...]:
    """Photocopies, screens, traces of tampering: a reason for an officer to look, outside the score."""
    findings = []
    for photo in dossier.photos:
        pages = (photo.document, *photo.more_documents) if photo.document is not None else photo.more_documents
        for flag in (flag for page in pages for flag in page.flags if flag.kind in _LOOKS):
            if flag.score >= dossier.limits["flag_score"]:
                evidence = (Evidence(photo.photo, (flag.box_xyxy,) if flag.box_xyxy is not None else ()),)
                reason = _LOOKS[flag.kind].value
                limit = dossier.limits["flag_score"]
                findings.append(Finding("document_look", Verdict.UNSURE, reason, None, evidence, flag.score, limit))
    return tuple(findings)


def stray_papers(dossier: Dossier) -> tuple[Finding, ...]:
    """Papers of nobody although every party has one of the kind: a stranger's, or two that look like two people's.

    One of which no number was read is likely an earlier try at one that is there.
    """
    findings = []
    least = dossier.limits["field_score"]
    for paper in dossier.parties.open_papers:
        lacking = [f for f in dossier.parties.files if all(one.kind is not paper.kind for one in f.papers)]
        told_elsewhere = bool(lacking)  # the check `document` tells of it
        if paper.has_main_page and paper.identity(least) and not told_elsewhere:
            reason = Reason.DOCUMENT_PARTY_UNKNOWN.value
            findings.append(Finding("stray_papers", Verdict.UNSURE, reason, None, evidence_of(paper), paper.kind.value))
    return tuple(findings)
