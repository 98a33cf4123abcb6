"""`kuaizheng check`: one case or many, each on its own; what one case suffers never stops the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path

from rich.console import Console

from service.case_folder import case_paths, open_case, printable, would_count
from service.cases import CaseBrief, CaseResult, Gather, brief, check_case, pixels_of
from service.failure import Failure, attempt
from service.output import STDOUT, Lines, complain, console, sheet_paths, write_whole
from service.report import SheetInput, render
from service.terminal import progress, show_case, show_case_briefly, show_summary
from service.words import Lang, word
from vision import score, standard, wire
from vision.errors import InputError
from vision.standard import Standard
from vision.types import Case, Decision

COMPLETE, LACKING, COULD_NOT_RUN = 0, 1, 2
DEFAULT_STANDARD = "four-photos"


@dataclass(frozen=True, slots=True)
class Order:
    """What the caller asked for."""

    folders: tuple[Path, ...]
    standard: str = DEFAULT_STANDARD
    """A built-in standard's name, or a file."""
    case_file: Path | None = None
    on: date | None = None
    json_out: Path | None = None
    html_out: Path | None = None
    lang: Lang = Lang.ZH


Begin = Callable[[str, int], Callable[[], None]]
"""Told the name and the number of photos of a case that starts; gives what is to be called after each photo."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A case to be checked, or the folder argument that gave none."""

    name: str
    found: Path | Failure
    sheet: Path | None = None


def run(order: Order, models: Callable[[], Gather]) -> int:
    """Checks all cases; the exit status is the worst of theirs. ``models`` loads, once and late.

    Raises what makes every case impossible: a standard that is not there, models that do not load.
    """
    chosen = standard.load(order.standard)
    jobs = _jobs(order)
    _refuse_among_uploads(order, jobs)
    gather = cache(models)
    if any(isinstance(job.found, Path) for job in jobs):
        gather()  # models that do not load are no single case's fault
    # Tables make way for JSON on standard output.
    out = None if order.json_out == STDOUT else console()
    ended: list[tuple[str, CaseBrief | Failure]] = []
    with Lines(order.json_out) as lines, progress(console(error=True), len(jobs)) as begin:
        for job in jobs:
            outcome = (
                job.found
                if isinstance(job.found, Failure)
                else attempt(partial(_check, order, job.found, job.sheet, chosen, gather(), begin))
            )
            ended.append((job.name, outcome if isinstance(outcome, Failure) else brief(outcome)))
            lines.write(wire.line(_json(job.name, outcome)))
            _show(order, out, job.name, outcome, chosen, len(jobs) > 1)
    if len(jobs) > 1 and out is not None:
        show_summary(out, ended, order.lang)
    return max(_status(outcome) for _, outcome in ended)


def _jobs(order: Order) -> list[_Job]:
    """All cases in the order given. Raises `InputError` for options that do not fit several cases."""
    jobs: list[_Job] = []
    for folder in order.folders:
        found = attempt(partial(case_paths, folder))
        inside = (found,) if isinstance(found, Failure) else found
        jobs += [_Job(printable(str(folder if isinstance(one, Failure) else one)), one) for one in inside]
    if order.case_file is not None and len(jobs) > 1:
        raise InputError("--case tells of one case, there are several")
    if order.html_out is None:
        return jobs
    sheets = sheet_paths(order.html_out, tuple(job.name for job in jobs), len(jobs) > 1)
    return [replace(job, sheet=sheet) for job, sheet in zip(jobs, sheets, strict=True)]


def _refuse_among_uploads(order: Order, jobs: list[_Job]) -> None:
    """Nothing that we write may take the place of an original, or be one next time. Raises `InputError`."""
    cases = {job.found.resolve() for job in jobs if isinstance(job.found, Path)}
    lines = None if order.json_out == STDOUT else order.json_out
    for path in {lines, *(job.sheet for job in jobs)}:
        if path is not None and not cases.isdisjoint(path.resolve().parents) and would_count(path):
            raise InputError(f"{path}: lies among the photos of a case and would count as one: write it elsewhere")


def _check(order: Order, path: Path, sheet: Path | None, chosen: Standard, gather: Gather, begin: Begin) -> CaseResult:
    folder = open_case(path, order.case_file)
    seen = begin(folder.name, len(folder.photos))
    result = check_case(folder, gather, lambda facts, case: score.judge(facts, case, chosen), order.on, seen)
    if sheet is not None:
        write_whole(sheet, render(sheet_input(result, chosen, order.lang), order.lang))
    return result


def sheet_input(result: CaseResult, chosen: Standard, lang: Lang) -> SheetInput:
    """A case's sheet; its originals are opened again one by one."""
    return SheetInput(
        case_name=result.folder.name,
        standard_title=chosen.title,
        requirements=chosen.requirements,
        assessment=result.assessment,
        facts=result.facts,
        pixels=pixels_of(result.folder, result.facts),
        told=told(result.case, lang),
    )


def told(case: Case, lang: Lang) -> str:
    """What the caller said of the case, in one line."""
    zh = lang is Lang.ZH
    parties = "、".join(f"{party.id} {party.plate or ''}".strip() for party in case.parties)
    rows = (
        ("事故类型" if zh else "accident", word(case.accident_type, lang) if case.accident_type else ""),
        ("发生时间" if zh else "happened at", case.happened_at.isoformat(" ", "minutes") if case.happened_at else ""),
        ("当事人" if zh else "parties", parties),
    )
    return " · ".join(f"{label} {value}" for label, value in rows if value)


def _json(name: str, outcome: CaseResult | Failure) -> wire.Json:
    if isinstance(outcome, Failure):
        return {"case": name, "error": {"code": outcome.code, "message": outcome.message}}
    return {"case": name, **wire.assessment_to_json(outcome.assessment)}


def _show(
    order: Order, out: Console | None, name: str, outcome: CaseResult | Failure, chosen: Standard, several: bool
) -> None:
    if isinstance(outcome, Failure):
        complain(f"{name}: {outcome}" if several else str(outcome))
        return
    if out is not None:
        (show_case_briefly if several else show_case)(out, outcome, chosen.requirements, order.lang)


def _status(outcome: CaseBrief | Failure) -> int:
    if isinstance(outcome, Failure):
        return COULD_NOT_RUN
    return COMPLETE if outcome.decision is Decision.COMPLETE else LACKING
