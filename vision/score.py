"""judge: facts of a case's photos, under a standard, to an assessment. Pure: no pixels, no models, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from vision.advice import Judged, curable, instructions
from vision.assignment import CREDIT, assign
from vision.checks import OFFICER_LOOKS, SET_CHECKS, STANDING_CHECKS
from vision.checks.dossier import Dossier
from vision.checks.paint import painted
from vision.checks.parties import is_paper
from vision.checks.reasons import Reason
from vision.checks.reuse import copies_of
from vision.checks.settle import settle
from vision.checks.strangers import strangers_among
from vision.identifiers import span_of
from vision.standard import Standard
from vision.types import (
    Assessment,
    Case,
    Decision,
    Finding,
    FramingKind,
    PhotoFacts,
    ScoreLine,
    Unreadable,
    Verdict,
)

OUT_OF_DATE = (Reason.PAPER_EXPIRED.value, Reason.PAPER_NOT_YET_VALID.value)
"""Read on a paper, they are an officer's question, also where the paper need not be shown."""
APART = (Reason.TIMES_DIFFER.value, Reason.PLACES_DIFFER.value)
"""Photos of the scene that are not of one scene: what cannot be undone is not told on their word."""
_NO_SCENE = (FramingKind.DOCUMENT, FramingKind.OTHER, FramingKind.INTERIOR)


def judge(facts: Sequence[PhotoFacts | Unreadable], case: Case, standard: Standard) -> Assessment:
    """Findings, score and decision of one case. The order of ``facts`` changes nothing.

    Papers are judged by ``case.happened_at``, else ``case.on``, else by when the scene was photographed, else a doubt
    remains. Score = 100 x weight earned / weight asked, unsure earns half, capped while anything disagrees.
    """
    dossier = dossier_of(facts, case, standard)
    judged = _judged(standard, dossier)
    standing = {check: check(dossier) for check in STANDING_CHECKS}
    findings = tuple(_tidy(one) for _, found in judged for one in found)
    findings += tuple(_tidy(one) for check in STANDING_CHECKS for one in standing[check])
    officer = any(one.verdict is not Verdict.PASS for check in OFFICER_LOOKS for one in standing[check])
    lines = _lines(judged)
    return Assessment(
        standard.name,
        standard.version,
        _score(lines, findings, standard),
        _decision(judged, findings, officer),
        _may_clear_road(judged, findings),
        findings,
        lines,
        instructions(judged, dossier.parties),
        dossier.unreadable,
        _models((*dossier.photos, *dossier.strangers)),
    )


def _tidy(finding: Finding) -> Finding:
    """Measured to four decimals: what is told does not hang on the last bits of a sum."""
    measured = finding.measured
    return replace(finding, measured=round(measured, 4)) if isinstance(measured, float) else finding


def dossier_of(facts: Sequence[PhotoFacts | Unreadable], case: Case, standard: Standard) -> Dossier:
    """The case as the checks see it."""
    every = tuple(
        sorted((one for one in facts if isinstance(one, PhotoFacts)), key=lambda one: (one.sha256, one.photo))
    )
    strangers = strangers_among(every, case, standard.limits)
    photos = tuple(one for one in every if one not in strangers)
    unreadable = tuple(
        sorted((one for one in facts if isinstance(one, Unreadable)), key=lambda one: (one.photo, one.sha256))
    )
    copies = copies_of(photos, standard.limits)
    parties = settle(photos, case, standard.limits)
    when = _when(photos, case, standard.limits)
    paint = painted(parties, standard.limits)
    return Dossier(
        photos, unreadable, case, standard.accident_types, standard.limits, parties, copies, when, strangers, paint
    )


def _when(photos: Sequence[PhotoFacts], case: Case, limits: Mapping[str, float]) -> datetime | date | None:
    if case.happened_at is not None:
        return case.happened_at
    if case.on is not None:
        return case.on
    taken = [
        photo.taken_at
        for photo in photos
        if photo.taken_at is not None and not is_paper(photo, limits) and photo.framing.kind not in _NO_SCENE
    ]
    taken.sort(key=lambda moment: span_of(moment)[0])
    if not taken or span_of(taken[-1])[0] - span_of(taken[0])[0] > timedelta(hours=limits["time_spread_h"]):
        return None  # one of the clocks is wrong or one of the photos is old: which, nobody knows
    return taken[0]


def _judged(standard: Standard, dossier: Dossier) -> Judged:
    single = assign(standard.requirements, dossier)
    whole = {check.__name__: check for check in SET_CHECKS}
    return [
        (one, (single[one.id],) if one.id in single else whole[one.check](one, dossier))
        for one in standard.requirements
    ]


def _lines(judged: Judged) -> tuple[ScoreLine, ...]:
    return tuple(
        ScoreLine(one.id, one.weight, one.weight * sum(CREDIT[finding.verdict] for finding in found) / len(found))
        for one, found in judged
    )


def _score(lines: Sequence[ScoreLine], findings: Sequence[Finding], standard: Standard) -> float:
    score = 100 * sum(line.earned for line in lines) / sum(line.asked for line in lines)
    if any(finding.disagreement for finding in findings):
        score = min(score, standard.limits["disagreement_cap"])
    return round(min(100.0, max(0.0, score)), 1)


def _decision(judged: Judged, findings: Sequence[Finding], officer: bool) -> Decision:
    required = [(one, finding) for one, found in judged if one.required for finding in found]
    if any(finding.verdict is Verdict.FAIL and curable(one, finding) for one, finding in required):
        return Decision.RETAKE
    doubtful = any(finding.verdict is not Verdict.PASS for _, finding in required)
    asking = any(finding.disagreement or finding.reason in OUT_OF_DATE for finding in findings)
    if officer or doubtful or asking:
        return Decision.REVIEW
    return Decision.COMPLETE


def _may_clear_road(judged: Judged, findings: Sequence[Finding]) -> bool:
    """Every requirement that needs the scene is met, by photos of one time and place; a doubt never is."""
    if any(finding.reason in APART for finding in findings):
        return False
    scene = [finding for one, found in judged if one.scene for finding in found]
    return bool(scene) and all(finding.verdict is Verdict.PASS for finding in scene)


def _models(photos: Sequence[PhotoFacts]) -> dict[str, str]:
    """Every model that had a part; several versions of one role (an archive) are all named."""
    roles = sorted({role for photo in photos for role in photo.models})
    return {role: ", ".join(sorted({p.models[role] for p in photos if role in p.models})) for role in roles}
