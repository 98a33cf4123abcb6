"""`kuaizheng models`: each card, its hash, the provider in use, and whether the model loads and fits its card."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from service.failure import Failure, attempt
from service.output import complain, console, print_line
from vision.errors import ModelError
from vision.models.card import Card, cards
from vision.models.session import Session, available, choose, open_model
from vision.models.text import text_model_files
from vision.wire import Json, line


def show(provider: str | None, as_json: bool) -> int:
    """Prints all models; 2 if one of them does not load. Raises `ProviderError` for a provider that is not here."""
    chosen = choose(provider)
    told = cards()
    if not told:
        raise ModelError("there are no model cards")
    rows = [_row(card, chosen) for card in told]
    rows += [_text_row(*one, chosen) for one in zip(("text_find", "text_read"), text_model_files(), strict=True)]
    if as_json:
        for row in rows:
            print_line(line(row))
    else:
        _print(rows, chosen)
    broken = [row for row in rows if row["error"]]
    for row in broken:
        complain(f"{row['file']}: {row['error']}")
    return 2 if broken else 0


def _row(card: Card, provider: str) -> Json:
    opened = attempt(lambda: open_model(card, provider))
    return {
        "role": card.role,
        "file": card.file,
        "sha256": card.sha256,
        "what": card.what,
        "provider": None if isinstance(opened, Failure) else opened.provider,
        "loads": not isinstance(opened, Failure),
        "error": str(opened) if isinstance(opened, Failure) else None,
        "metrics": card.metrics,
        "data": [source.model_dump() for source in card.data],
        "limits": card.limits,
        "missed": card.missed,
        "tried": card.tried,
        "needed": card.needed,
    }


def _text_row(role: str, file: Path, provider: str) -> Json:
    """The text models have no card of ours: they are those of the wheel that is pinned by hash."""
    opened = attempt(lambda: Session(file, provider=provider))
    loads = isinstance(opened, Session)
    return {
        "role": role,
        "file": file.name,
        "sha256": opened.sha256 if isinstance(opened, Session) else "",
        "what": f"PP-OCRv6 small, carried by rapidocr {version('rapidocr')}.",
        "provider": provider if loads else None,
        "loads": loads,
        "error": str(opened) if isinstance(opened, Failure) else None,
        "metrics": {},
        "data": [],
        "limits": [],
        "missed": [],
        "tried": [],
        "needed": [],
    }


def _print(rows: list[Json], provider: str) -> None:
    out = console()
    table = Table(box=None, header_style="dim", padding=(0, 2))
    for heading in ("role", "file", "sha256", "provider", "loads", "what"):
        table.add_column(heading, no_wrap=heading != "what")
    for row in rows:
        loads = "[green]yes[/]" if row["loads"] else "[red]no[/]"
        table.add_row(row["role"], row["file"], row["sha256"][:12], row["provider"] or "", loads, escape(row["what"]))
    out.print(table)
    for row in rows:
        out.print(f"\n[bold]{escape(row['role'])}[/]  [dim]{row['sha256']}[/]", soft_wrap=True)
        for told in (*_bars(row["metrics"]), *row["limits"]):
            out.print(escape(f"  - {told}"), soft_wrap=True)
    out.print(f"\nprovider in use: {provider} (here: {', '.join(available())})", soft_wrap=True)


def _bars(metrics: Json) -> list[str]:
    """What the card measured against its bars: ``8 ways exact .953 (>= .92, test part)``; short of it, that too."""
    part = f"{metrics['split']} part" if "split" in metrics else "measured"
    return [
        f"{bar['name']} {_short(bar['value'])} ({bar['direction']} {_short(bar['bar'])}, {part})"
        + ("" if bar["met"] else ", SHORT OF IT")
        for bar in metrics.get("bars", [])
    ]


def _short(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4g}"
