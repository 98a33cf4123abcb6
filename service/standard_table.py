"""`kuaizheng standards`: what each asks for, and whether a file of one's own is right."""

from __future__ import annotations

from functools import partial

from rich.markup import escape
from rich.table import Table

from service.failure import Failure, attempt
from service.output import complain, console
from service.terminal import show_requirements
from service.words import Lang, say, word
from vision import standard
from vision.standard import Standard


def show_all(lang: Lang) -> None:
    """One row a built-in standard."""
    zh = lang is Lang.ZH
    table = Table(box=None, header_style="dim", padding=(0, 2))
    for heading in ("名称", "版本", "标题", "适用") if zh else ("name", "version", "title", "serves"):
        table.add_column(heading)
    for name in standard.names():
        one = standard.load(name)
        table.add_row(one.name, one.version, escape(say(one.title, lang)), _serves(one, lang))
    console().print(table)


def show(name: str, lang: Lang) -> None:
    """Title, version and requirements of one. Raises `StandardError` if there is none or it is wrong."""
    one = standard.load(name)
    out = console()
    out.print(f"[bold]{escape(say(one.title, lang))}[/]  [dim]{escape(one.name)} {escape(one.version)}[/]")
    out.print(_serves(one, lang))
    show_requirements(out, one.requirements, lang)


def validate(names: list[str]) -> int:
    """All are looked at; 2 if one is wrong."""
    status = 0
    for name in names:
        outcome = attempt(partial(standard.load, name))
        if isinstance(outcome, Failure):
            complain(str(outcome))
            status = 2
        else:
            count = len(outcome.requirements)
            console().print(f"{name}: {outcome.name} {outcome.version}, {count} requirements", markup=False)
    return status


def _serves(one: Standard, lang: Lang) -> str:
    every = "各类事故" if lang is Lang.ZH else "every type"
    return ("、" if lang is Lang.ZH else ", ").join(word(kind, lang) for kind in one.accident_types) or every
