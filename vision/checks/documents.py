"""Papers of each party: there, read, valid when the accident happened."""

from __future__ import annotations

from collections.abc import Callable

from vision.checks.dossier import Dossier, text_param, texts_param
from vision.checks.papers import evidence_of
from vision.checks.parties import PAPERS, Paper, joined
from vision.checks.reasons import Reason
from vision.identifiers import (
    PeriodState,
    end_state,
    id_birth_date,
    id_number_valid,
    parse_date,
    period_state,
)
from vision.types import (
    DocumentFlagKind,
    DocumentKind,
    Evidence,
    Finding,
    FramingKind,
    PhotoFacts,
    QualityVerdict,
    Requirement,
    Verdict,
)

_POOR = (
    DocumentFlagKind.GLARE_OVER_FIELD,
    DocumentFlagKind.OCCLUDED_FIELD,
    DocumentFlagKind.CROPPED_EDGE,
    DocumentFlagKind.TOO_SMALL,
    DocumentFlagKind.BLURRED,
)
_ORDERED = (("register_date", "issue_date"), ("birth_date", "first_issue_date"), ("valid_from", "valid_to"))
"""Dates of which the first is never after the second."""
Outcome = tuple[Verdict, Reason, str | float | None, str | float | None]


def document(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """The paper ``document`` of each party, its ``fields`` read. One finding a party; of papers that could be
    anyone's, one finding of nobody."""
    return _each_party(requirement, dossier, lambda paper: _read(paper, requirement, dossier))


def document_valid(requirement: Requirement, dossier: Dossier) -> tuple[Finding, ...]:
    """The paper ``document`` of each party valid at the accident's time."""
    return _each_party(requirement, dossier, lambda paper: _valid(paper, dossier))


def _each_party(requirement: Requirement, dossier: Dossier, judge: Callable[[Paper], Outcome]) -> tuple[Finding, ...]:
    kind = DocumentKind(text_param(requirement, "document"))
    findings, lacking = [], []
    for file in dossier.parties.files:
        mine = joined([paper for paper in file.papers if paper.kind is kind], dossier.limits["field_score"])
        if not mine:
            lacking.append(file.id)
        elif len(mine) > 1:  # which of them counts is an officer's question
            evidence = tuple(e for paper in mine for e in evidence_of(paper))
            reason = Reason.DOCUMENT_SEVERAL.value
            findings.append(Finding(requirement.id, Verdict.UNSURE, reason, file.id, evidence, len(mine), 1))
        else:
            verdict, reason_, measured, limit = judge(mine[0])
            evidence = evidence_of(mine[0])
            findings.append(Finding(requirement.id, verdict, reason_.value, file.id, evidence, measured, limit))
    return tuple(findings) + _lacking(requirement, dossier, kind, lacking)


def _lacking(requirement: Requirement, dossier: Dossier, kind: DocumentKind, ids: list[str]) -> tuple[Finding, ...]:
    """Parties without the paper. As many as there are papers without a party are in doubt; whose, nobody knows."""
    spare = [paper for paper in dossier.parties.open_papers if paper.kind is kind]
    if spare:
        evidence = tuple(e for paper in spare for e in evidence_of(paper))
        reason = Reason.DOCUMENT_PARTY_UNKNOWN.value
        known = min(len(spare), len(ids))
        doubt = [Finding(requirement.id, Verdict.UNSURE, reason, None, evidence)] * known
        missing = Finding(requirement.id, Verdict.FAIL, Reason.DOCUMENT_MISSING.value)
        return (*doubt, *([missing] * (len(ids) - known)))
    unknown = _unrecognised(dossier)
    if unknown and len(unknown) >= _missing_papers(dossier):
        evidence = tuple(Evidence(photo.photo) for photo in unknown)
        # of a good picture the reader failed, not the party; a spoilt one proves nothing to a person either
        spoilt = all(photo.quality.verdict is not QualityVerdict.OK for photo in unknown)
        verdict = Verdict.FAIL if spoilt else Verdict.UNSURE
        reason = Reason.DOCUMENT_SPOILT.value if spoilt else Reason.DOCUMENT_NOT_RECOGNISED.value
        return tuple(Finding(requirement.id, verdict, reason, party, evidence) for party in ids)
    return tuple(Finding(requirement.id, Verdict.FAIL, Reason.DOCUMENT_MISSING.value, party) for party in ids)


def _unrecognised(dossier: Dossier) -> list[PhotoFacts]:
    """Pictures of some paper whose kind the reader could not tell."""
    return [
        photo
        for photo in dossier.photos
        if photo.framing.kind is FramingKind.DOCUMENT
        and photo.framing.score >= dossier.limits["framing_score"]
        and photo.document is None
    ]


def _missing_papers(dossier: Dossier) -> int:
    held = sum(any(p.kind is kind for p in file.papers) for file in dossier.parties.files for kind in PAPERS)
    return len(PAPERS) * len(dossier.parties.files) - held - len(dossier.parties.open_papers)


def _read(paper: Paper, requirement: Requirement, dossier: Dossier) -> Outcome:
    limits = dossier.limits
    best = max(document.score for _, document in paper.pages)
    if best < limits["document_score"]:
        return Verdict.UNSURE, Reason.DOCUMENT_DOUBTFUL, best, limits["document_score"]
    if not paper.has_main_page:
        return Verdict.FAIL, Reason.DOCUMENT_PAGE_MISSING, ", ".join(sorted(paper.page_kinds)), "main"
    doubt: Outcome | None = None
    # of a good picture the reader failed, not the party: an officer reads it, nobody is sent back
    verdict = Verdict.FAIL if _poor(paper, dossier) else Verdict.UNSURE
    for key in texts_param(requirement, "fields"):
        field = paper.field(key)
        if field is None:
            return verdict, Reason.FIELD_NOT_SEEN, key, None
        if field.text is None:
            return verdict, Reason.FIELD_NOT_READ, key, None
        if field.score < limits["field_score"] and doubt is None:
            doubt = (Verdict.UNSURE, Reason.FIELD_DOUBTFUL, f"{key} {field.score:.2f}", limits["field_score"])
    return _strange(paper) or doubt or (Verdict.PASS, Reason.DOCUMENT_READ, None, None)


def _poor(paper: Paper, dossier: Dossier) -> bool:
    """Whether a better picture of the paper can be taken: this one is blurred, dark, glaring, cropped or covered."""
    if any(photo.quality.verdict is not QualityVerdict.OK for photo, _ in paper.pages):
        return True
    flags = (flag for _, document in paper.pages for flag in document.flags)
    return any(flag.kind in _POOR and flag.score >= dossier.limits["flag_score"] for flag in flags)


def _strange(paper: Paper) -> Outcome | None:
    """What contradicts itself on one paper: misread or not genuine, an officer's question either way."""
    number, born = _text(paper, "licence_number"), _text(paper, "birth_date")
    if number is not None and not id_number_valid(number):
        return Verdict.UNSURE, Reason.ID_CHECK_WRONG, number, None
    if number is not None and born is not None and id_birth_date(number) != parse_date(born):
        return Verdict.UNSURE, Reason.ID_BIRTH_DIFFERS, born, str(id_birth_date(number))
    for first, last in _ORDERED:
        start, end = parse_date(_text(paper, first) or ""), parse_date(_text(paper, last) or "")
        if start is not None and end is not None and start > end:
            return Verdict.UNSURE, Reason.DATES_DISORDERED, f"{first} {start}", f"{last} {end}"
    return None


def _text(paper: Paper, key: str) -> str | None:
    field = paper.field(key)
    return None if field is None else field.text


def _valid(paper: Paper, dossier: Dossier) -> Outcome:
    if dossier.when is None:
        return Verdict.UNSURE, Reason.ACCIDENT_TIME_UNKNOWN, None, None
    least = dossier.limits["field_score"]
    keys = ("inspection_valid_to",) if paper.kind is DocumentKind.VEHICLE_LICENCE else ("valid_from", "valid_to")
    fields = [paper.field(key) for key in keys]
    texts = [field.text if field is not None and field.score >= least else None for field in fields]
    state = end_state(texts[0], dossier.when) if len(texts) == 1 else period_state(texts[0], texts[1], dossier.when)
    measured, limit = " - ".join(text or "?" for text in texts), dossier.when.isoformat()
    match state:
        case PeriodState.VALID:
            return Verdict.PASS, Reason.PAPER_VALID, measured, limit
        case PeriodState.EXPIRED:
            return Verdict.FAIL, Reason.PAPER_EXPIRED, measured, limit
        case PeriodState.NOT_YET_VALID:
            return Verdict.FAIL, Reason.PAPER_NOT_YET_VALID, measured, limit
        case PeriodState.UNKNOWN:
            return Verdict.UNSURE, Reason.PAPER_PERIOD_UNKNOWN, measured, limit
