"""The next instructions: the fewest photos that would complete a set; what is surely missing first, by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from vision.assignment import CREDIT
from vision.checks.parties import Parties
from vision.checks.reasons import INCURABLE, Reason
from vision.types import Finding, Instruction, Requirement, Text, Verdict

Judged = Sequence[tuple[Requirement, tuple[Finding, ...]]]


@dataclass(frozen=True, slots=True)
class _Gap:
    """A required finding that another photo could turn into a pass, and the points that this would bring."""

    requirement: Requirement
    finding: Finding
    points: float

    def mended_by(self, other: _Gap) -> bool:
        """Whether the photo asked for by ``other`` would show this too; A's paper shows nothing of B."""
        if self is other:
            return True
        cures = self.requirement.params.get("cured_by", ())
        same = other.finding.party in (None, self.finding.party)
        return same and isinstance(cures, tuple) and other.requirement.id in cures


def curable(requirement: Requirement, finding: Finding) -> bool:
    """Whether another photo could mend it."""
    return requirement.retake is not None and Reason(finding.reason) not in INCURABLE


def instructions(judged: Judged, parties: Parties) -> tuple[Instruction, ...]:
    """One sentence a photo, its gain beside it: the points without a cap, what the photo itself is worth.

    A photo for what failed comes before any that would only clear a doubt: an officer may clear that without it.
    """
    gaps = _gaps(judged)
    shots = _fewest(gaps)
    told = []
    left = list(gaps)
    for shot in shots:
        mended = [gap for gap in left if gap.mended_by(shot)]
        left = [gap for gap in left if gap not in mended]
        failed = any(gap.finding.verdict is Verdict.FAIL for gap in mended)
        told.append((not failed, -sum(gap.points for gap in mended), shot))
    told.sort(key=lambda one: one[:2])  # stable: equals stay in the standard's order
    return tuple(_instruction(shot, -lost, parties) for _, lost, shot in told)


def _gaps(judged: Judged) -> tuple[_Gap, ...]:
    asked = sum(requirement.weight for requirement, _ in judged)
    return tuple(
        _Gap(requirement, one, 100 * requirement.weight * (1 - CREDIT[one.verdict]) / len(found) / asked)
        for requirement, found in judged
        for one in found
        if requirement.required and one.verdict is not Verdict.PASS and curable(requirement, one)
    )


def _fewest(gaps: tuple[_Gap, ...]) -> tuple[_Gap, ...]:
    """The smallest set of gaps whose photos mend them all: those that only their own photo mends, then by trying."""
    forced = [gap for gap in gaps if not any(gap.mended_by(other) for other in gaps if other is not gap)]
    rest = [gap for gap in gaps if not any(gap.mended_by(shot) for shot in forced)]
    for size in range(len(rest) + 1):
        for more in combinations(rest, size):
            if all(any(gap.mended_by(shot) for shot in more) for gap in rest):
                chosen = {id(shot) for shot in (*forced, *more)}
                return tuple(gap for gap in gaps if id(gap) in chosen)
    return gaps


def _instruction(gap: _Gap, gain: float, parties: Parties) -> Instruction:
    retake = gap.requirement.retake or Text("", "")
    whose = _whose(gap.finding.party, parties)
    text = Text(retake.zh.replace("{party}", whose.zh), retake.en.replace("{party}", whose.en))
    return Instruction(gap.requirement.id, text, round(gain, 1), gap.finding.party)


def _whose(party: str | None, parties: Parties) -> Text:
    if party is None:
        return Text("另一方", "the other party")
    plates = [file.plate for file in parties.files if file.id == party and file.plate is not None]
    if not plates:
        return Text(f"{party}方", f"party {party}")
    return Text(f"{party}方（{plates[0]}）", f"party {party} ({plates[0]})")
