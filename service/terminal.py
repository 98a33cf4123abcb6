"""Assessments, standards and models as tables in the terminal, and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import markup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from service.cases import CaseBrief, CaseResult
from service.failure import Failure
from service.output import visible
from service.words import Lang, measures, number, reason_text, road_text, say, step_text, title_of, word
from vision.types import Assessment, Finding, Requirement, Verdict

_COLOURS = {
    "complete": "green",
    "retake": "red",
    "review": "yellow",
    "pass": "green",
    "fail": "red",
    "unsure": "yellow",
}


def escape(text: str) -> str:
    """``text`` as it is: no mark-up of the tables, nothing that steers the terminal."""
    return markup.escape(visible(text))


def show_case(out: Console, result: CaseResult, requirements: tuple[Requirement, ...], lang: Lang) -> None:
    """Decision, break-down, what did not pass, unreadable files, what to do next."""
    assessment = result.assessment
    out.print()
    out.print(_headline(result.folder.name, assessment, lang))
    out.print(_breakdown(assessment, requirements, lang))
    _show_open(out, assessment, requirements, lang)
    _show_next(out, assessment, lang)


def show_case_briefly(out: Console, result: CaseResult, requirements: tuple[Requirement, ...], lang: Lang) -> None:
    """One of several cases: its decision and what differs from a set that has everything."""
    out.print()
    out.print(_headline(result.folder.name, result.assessment, lang))
    _show_open(out, result.assessment, requirements, lang)
    _show_next(out, result.assessment, lang)


def show_summary(out: Console, outcomes: list[tuple[str, CaseBrief | Failure]], lang: Lang) -> None:
    """One row a case."""
    zh = lang is Lang.ZH
    table = Table(box=None, header_style="dim", padding=(0, 2))
    for heading in ("案件", "结论", "得分", "照片") if zh else ("case", "decision", "score", "photos"):
        table.add_column(heading)
    for name, outcome in outcomes:
        if isinstance(outcome, Failure):
            table.add_row(escape(name), "[red]未能检查[/]" if zh else "[red]could not run[/]", "", escape(outcome.code))
            continue
        coloured = f"[{_COLOURS[outcome.decision]}]{word(outcome.decision, lang)}[/]"
        table.add_row(escape(name), coloured, number(outcome.score), str(outcome.photos))
    out.print()
    out.print(table)


def show_requirements(out: Console, requirements: tuple[Requirement, ...], lang: Lang) -> None:
    """A standard, line by line."""
    zh = lang is Lang.ZH
    table = Table(box=None, header_style="dim", padding=(0, 2))
    headings = (
        ("要件", "检查", "权重", "必需", "现场", "名称")
        if zh
        else ("id", "check", "weight", "required", "scene", "title")
    )
    for heading in headings:
        table.add_column(heading)
    yes = "是" if zh else "yes"
    for one in requirements:
        marks = (yes if one.required else "", yes if one.scene else "")
        table.add_row(one.id, one.check, number(one.weight), *marks, escape(say(one.title, lang)))
    out.print(table)


@contextmanager
def progress(err: Console, cases: int) -> Iterator[Callable[[str, int], Callable[[], None]]]:
    """Bars on a terminal, nothing elsewhere. Gives a function: name and photos of the next case -> tick per photo."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Redirecting standard output would send what goes to a pipe or a file to the terminal instead.
    same = sys.stdout.isatty()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal, redirect_stdout=same) as bars:
        overall = bars.add_task("cases", total=cases, visible=cases > 1)
        photos = bars.add_task("photos", total=None)
        started = 0

        def begin(name: str, count: int) -> Callable[[], None]:
            nonlocal started
            bars.update(overall, completed=started)
            started += 1
            bars.reset(photos, total=count, description=escape(name))
            return lambda: bars.advance(photos)

        yield begin


def _headline(name: str, assessment: Assessment, lang: Lang) -> str:
    colour = _COLOURS[assessment.decision]
    standard = f"{assessment.standard} {assessment.standard_version}"
    return (
        f"[bold]{escape(name)}[/]  [{colour} bold]{word(assessment.decision, lang)} {number(assessment.score)}[/]"
        f"  [dim]{escape(standard)}[/]\n{road_text(assessment.may_clear_road, lang)}"
    )


def _breakdown(assessment: Assessment, requirements: tuple[Requirement, ...], lang: Lang) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2))
    zh = lang is Lang.ZH
    table.add_column("要件" if zh else "requirement")
    table.add_column("得分" if zh else "earned", justify="right")
    table.add_column("满分" if zh else "asked", justify="right")
    for line in assessment.breakdown:
        colour = "green" if line.earned >= line.asked else "red" if line.earned <= 0 else "yellow"
        title = escape(title_of(line.requirement, requirements, lang))
        table.add_row(title, f"[{colour}]{number(line.earned)}[/]", number(line.asked))
    return table


def _show_open(out: Console, assessment: Assessment, requirements: tuple[Requirement, ...], lang: Lang) -> None:
    """What did not pass, worst first; what several parties lack alike is one line."""
    for verdict in (Verdict.FAIL, Verdict.UNSURE):
        alike: dict[tuple[object, ...], list[Finding]] = {}
        for finding in assessment.findings:
            if finding.verdict is verdict:
                key = (finding.requirement, finding.reason, finding.measured, finding.limit, finding.evidence)
                alike.setdefault(key, []).append(finding)
        for same in alike.values():
            out.print(_finding(same, requirements, lang), soft_wrap=True)
    told = {evidence.photo for finding in assessment.findings for evidence in finding.evidence}
    for one in assessment.unreadable:
        if one.photo not in told:
            label = "无法读取" if lang is Lang.ZH else "unreadable"
            out.print(f"  [red]✗[/] {label}: {escape(one.photo)}  [dim]{word(one.unreadable, lang)}[/]", soft_wrap=True)


def _finding(same: list[Finding], requirements: tuple[Requirement, ...], lang: Lang) -> str:
    finding = same[0]
    sign = "✗" if finding.verdict is Verdict.FAIL else "?"
    parties = ", ".join(escape(one.party) for one in same if one.party)
    told, least = measures(finding.measured, finding.limit, lang)
    measured = "" if told is None else f" {escape(told)}"
    limit = "" if least is None else f" / {escape(least)}"
    photos = ", ".join(dict.fromkeys(evidence.photo for evidence in finding.evidence))
    title = escape(title_of(finding.requirement, requirements, lang))
    return (
        f"  [{_COLOURS[finding.verdict]}]{sign}[/] {title}{f' {parties}' if parties else ''}: "
        f"{escape(reason_text(finding.reason, lang))}{measured}{limit}  [dim]{escape(photos)}[/]"
    )


def _show_next(out: Console, assessment: Assessment, lang: Lang) -> None:
    for place, step in enumerate(assessment.next, 1):
        text, gain = step_text(step, lang)
        out.print(f"  {place}. {escape(text)}{f' [green]({gain})[/]' if gain else ''}", soft_wrap=True)
