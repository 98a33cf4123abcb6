"""Which photo shows which requirement: the best over the whole set, not first come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from vision.checks import PHOTO_CHECKS, PhotoCheck
from vision.checks.dossier import Dossier, Look, failed, finding_of
from vision.checks.reasons import Reason
from vision.types import Finding, PhotoFacts, Requirement, Verdict

CREDIT: Mapping[Verdict, float] = {Verdict.PASS: 1.0, Verdict.UNSURE: 0.5, Verdict.FAIL: 0.0}
_RANK_VALUE = 1e-6
"""Far below any weight: among equals, the photo that came further tells more about what is wrong."""
Seen = tuple[Look, PhotoFacts]


def assign(requirements: Sequence[Requirement], dossier: Dossier) -> dict[str, Finding]:
    """A finding for each requirement that one photo can show, by id.

    Requirements of one ``group`` need different pictures; a picture may serve any number of groups. Copies of a
    picture are one picture. Within a group the weight earned is the largest possible (Hungarian method).
    """
    checks = {check.__name__: check for check in PHOTO_CHECKS}
    groups: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        if requirement.check in checks:
            groups.setdefault(str(requirement.params.get("group", f" {requirement.id}")), []).append(requirement)
    findings: dict[str, Finding] = {}
    for members in groups.values():
        table = [[_best(checks[one.check], one, copies, dossier) for copies in dossier.copies] for one in members]
        for requirement, seen in zip(members, _choose(members, table), strict=True):
            if seen is None or (seen[0].verdict is Verdict.FAIL and seen[0].rank == 0):
                findings[requirement.id] = finding_of(requirement, failed(Reason.NO_PHOTO), None)
            else:
                findings[requirement.id] = finding_of(requirement, *seen)
    return findings


def _best(check: PhotoCheck, requirement: Requirement, copies: Sequence[PhotoFacts], dossier: Dossier) -> Seen:
    """The most favourable look at copies of one picture (one may have been compressed less)."""
    looks = [(check(photo, requirement, dossier), photo) for photo in copies]
    return max(looks, key=lambda seen: _value(requirement, seen[0]))


def _value(requirement: Requirement, look: Look) -> float:
    return requirement.weight * CREDIT[look.verdict] + _RANK_VALUE * look.rank


def _choose(members: Sequence[Requirement], table: Sequence[Sequence[Seen]]) -> list[Seen | None]:
    if not table[0]:
        return [None] * len(members)
    value = np.array([[_value(one, seen[0]) for seen in row] for one, row in zip(members, table, strict=True)])
    rows, columns = linear_sum_assignment(value, maximize=True)
    chosen: list[Seen | None] = [None] * len(members)
    for row, column in zip(rows, columns, strict=True):
        chosen[row] = table[row][column]
    return chosen
