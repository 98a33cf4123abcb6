"""The product's judgement of one case beside its truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from datasets.cases.asked import demand
from datasets.cases.fact_store import FactsOf
from datasets.cases.make import CASE_FILE, OWN_ROLES, TRUE_CASE, TRUTH_FILE, TrueCase
from datasets.cases.nouns import Fault, PlannedFault
from datasets.cases.perfect_facts import SURE, of_paper, of_picture
from datasets.cases.plan_case import CONTACT, FRONT, REAR
from datasets.cases.truth_judge import judge
from datasets.cases.truth_sum import COMPLETE
from datasets.cases.truth_views import Say
from vision import score, standard
from vision.errors import InputError
from vision.types import Assessment, Case, Finding, Instruction, Party, Verdict

CAPTURE = ("capture_times", "capture_places")


@dataclass(frozen=True, slots=True)
class Outcome:
    """``targets``: of each planned fault that the truth confirms, the (requirement, party) that it breaks."""

    folder: Path
    true: TrueCase
    found: Assessment

    @property
    def sure(self) -> bool:
        return not self.true.truth.borderline

    @property
    def right(self) -> bool:
        return self.found.decision.value == self.true.truth.decision

    @property
    def wrong(self) -> bool:
        """Of a borderline case either decision is right, but for ``complete`` where only another photo or an officer
        is in question."""
        return self.wrong_complete or (self.sure and not self.right)

    @property
    def lacking(self) -> bool:
        """Whoever looks at it: a borderline case is told by the kinder decision."""
        return self.true.truth.decision != COMPLETE

    @property
    def wrong_complete(self) -> bool:
        return self.found.decision.value == COMPLETE and self.lacking

    @property
    def score_error(self) -> float:
        return abs(self.found.score - self.true.truth.score)


def true_cases(data: Path) -> list[tuple[Path, TrueCase]]:
    """All cases of a folder, by name; what a fair officer says of them is said anew.

    Raises InputError where a case lacks its truth, as one does whose making was broken off: it would go uncounted.
    """
    files = sorted(data.glob(f"*/{TRUTH_FILE}"))
    broken = {path.parent for path in data.glob(f"*/{CASE_FILE}")} - {path.parent for path in files}
    if broken:
        raise InputError(f"{min(broken)}: a case without {TRUTH_FILE}; make it again or take it away")
    known = [(path.parent, TRUE_CASE.validate_json(path.read_bytes())) for path in files]
    return [(folder, replace(one, truth=judge(one.case, one.plan.standard))) for folder, one in known]


def told(true: TrueCase) -> Case:
    """What case.toml says."""
    parties = []
    for party, plate in sorted(true.case.plates.items()) if true.plan.told != "type" else ():
        own = [paper.name for paper in true.case.papers if paper.party == party]
        own += [one.name for one in true.case.pictures if OWN_ROLES.get(one.name) == party]
        parties.append(Party(party, plate or None, tuple(sorted(own)) if true.plan.told == "all" else ()))
    return Case(true.case.accident_type, true.case.happened_at, tuple(parties))


def outcome(folder: Path, true: TrueCase, facts_of: FactsOf, pictures: Path | None = None) -> Outcome:
    """The product's judgement from facts. ``pictures``: where the files are, if not in the case's folder."""
    day = true.case.happened_at.date()
    names = [one.name for one in true.case.pictures] + [one.name for one in true.case.papers]
    seen = [replace(facts_of((pictures or folder) / name, day), photo=name) for name in names]
    return Outcome(folder, true, score.judge(seen, told(true), standard.load(true.plan.standard)))


def with_perfect_facts(folder: Path, true: TrueCase) -> Outcome:
    """The product's judgement of facts that overlook and misread nothing."""
    seen = [*map(of_picture, true.case.pictures), *map(of_paper, true.case.papers)]
    return Outcome(folder, true, score.judge(seen, told(true), unguarded(standard.load(true.plan.standard))))


def unguarded(asked: standard.Standard) -> standard.Standard:
    """The standard without what holds back networks that are not right often enough: limits above any score, and the
    share of a vehicle that may be hidden where its view counts. Facts free of error need no such guard."""
    limits = {key: SURE if key.endswith("_score") and value > 1 else value for key, value in asked.limits.items()}
    return replace(asked, limits=limits | {"hidden_view_01": 1.0})


def targets(fault: PlannedFault, name: str) -> tuple[str, ...]:
    """Requirements of the standard ``name`` that the fault breaks."""
    rows = demand(name).rows
    faced = {"front": FRONT, "rear": REAR}
    if fault.kind in CONTACT:
        return tuple(row.id for row in rows if row.check == "contact_near")
    if fault.kind is Fault.PLATE_NOT_READABLE:
        return tuple(row.id for row in rows if row.check == "plate_readable")
    if fault.kind is Fault.PAPER_OF_ANOTHER_CAR:
        return tuple(row.id for row in rows if row.check in ("plate_agreement", "vin_agreement"))
    if fault.kind is Fault.OLD_PHOTO:
        return CAPTURE
    if fault.paper:
        check = "document_valid" if fault.kind is Fault.PAPER_EXPIRED else "document"
        return tuple(row.id for row in rows if row.check == check and row.params["document"] == fault.paper)
    face = next(face for face, faults in faced.items() if fault.kind in faults)
    return tuple(row.id for row in rows if row.check == "scene_view" and row.texts("faces") == (face,))


def confirmed(fault: PlannedFault, true: TrueCase) -> bool:
    """Whether the truth says that what the fault should break is broken: another picture may show it."""
    if fault.kind is Fault.OLD_PHOTO:
        return any(picture.old for picture in true.case.pictures)
    broken = {(one.requirement, one.party) for one in true.truth.said if one.say in (Say.LACKING, Say.ASK)}
    return any((name, party) in broken for name in targets(fault, true.plan.standard) for party in ("", fault.party))


def named(fault: PlannedFault, result: Outcome, also_doubts: bool = False) -> bool:
    """Whether the product fails what the fault breaks, for the right party where it knows the parties."""
    verdicts = (Verdict.FAIL, Verdict.UNSURE) if also_doubts else (Verdict.FAIL,)
    wanted = targets(fault, result.true.plan.standard)
    return any(
        finding.requirement in wanted and finding.verdict in verdicts and _of(fault, finding, result)
        for finding in result.found.findings
    )


def _of(fault: PlannedFault, finding: Finding, result: Outcome) -> bool:
    return not fault.party or finding.party in (None, fault.party) or result.true.plan.told == "type"


def lacks(asked: Instruction, result: Outcome) -> bool:
    """Whether what the product asks for is missing to a fair officer, or may be; of that party, where parties are
    known."""
    said = [one for one in result.true.truth.said if one.requirement == asked.requirement]
    if asked.party is not None and result.true.plan.told != "type":
        said = [one for one in said if one.party in ("", asked.party)]
    return any(one.say is not Say.MET for one in said)


def disagreements(result: Outcome) -> list[str]:
    """Requirement by requirement, where product and truth differ in what decides: for the list of causes."""
    found = result.found.findings
    out = []
    for row in demand(result.true.plan.standard).rows:
        says = {one.say for one in result.true.truth.said if one.requirement == row.id}
        own = [finding for finding in found if finding.requirement == row.id and finding.verdict is not Verdict.PASS]
        asks = Say.LACKING in says and all(one.verdict is Verdict.UNSURE for one in own)  # a doubt, but it is missing
        if row.required and not says & {Say.BORDERLINE} and ((says == {Say.MET}) is bool(own) or asks):
            said = "/".join(sorted(say.value for say in says - {Say.MET})) or "met"
            told_ = " ".join(sorted({f"{one.verdict.value} {one.reason}" for one in own})) or "pass"
            out.append(f"{row.id}: truth {said}, product {told_}")
    known = {row.id for row in demand(result.true.plan.standard).rows}
    expected = CAPTURE if any(picture.old for picture in result.true.case.pictures) else ()
    standing = [one for one in found if one.requirement not in (*known, *expected) and one.verdict is not Verdict.PASS]
    return sorted({*out, *(f"{one.requirement}: standing {one.verdict.value} {one.reason}" for one in standing)})
