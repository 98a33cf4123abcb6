"""`python -m datasets.missed [--check]`: docs/missed.md, what fell short, what was tried, what it would take.

By how much comes from the evaluations, as the cards hold them; what was tried and is needed from `card_texts.toml`.
With ``--check`` nothing is written, and the exit status is 1 where the page is not what the cards say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from datasets.readme_table import Bar, Measured, shown
from vision.models.card import Card

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "missed.md"
HEAD: Final = """# What fell short

Written by `python -m datasets.missed` from the model cards: every bar that was not met and by how much, what was tried,
and what it would take. The README's table shows all bars, met or not. Hours are guesses of the order, for one current
GPU; none was at hand in any training.
"""


def missed_of(metrics: Mapping[str, Any]) -> list[str]:
    """A sentence for each bar of an evaluation that was not met, by how much. Raises `ValidationError`."""
    return [_sentence(bar) for bar in Measured.model_validate(metrics).bars if not bar.met]


def _sentence(bar: Bar) -> str:
    asked, lacks = ("at least", "short") if bar.direction == ">=" else ("at most", "over")
    said = f"{bar.name}: {bar.value:.3f}, asked {asked} {bar.bar:g}, {abs(bar.value - bar.bar):.3f} {lacks}"
    if bar.ci95 is None:
        return said
    inside = bar.ci95[0] <= bar.bar <= bar.ci95[1]
    within = "; the 95 % interval, {:.3f} to {:.3f}, {} what is asked"
    return said + within.format(*bar.ci95, "holds" if inside else "does not reach")


def page(of: Sequence[Card]) -> str:
    """The page: a section for each role that fell short; roles that are measured together share theirs."""
    together: dict[tuple[str, ...], list[Card]] = {}
    for card in of:
        together.setdefault(tuple(missed_of(card.metrics)), []).append(card)
    return "\n".join([HEAD, *(_section(missed, some) for missed, some in together.items() if missed)])


def _section(missed: Sequence[str], of: Sequence[Card]) -> str:
    tried, needed = [line for card in of for line in card.tried], [line for card in of for line in card.needed]
    lists = (("Missed", missed), ("Tried", tried), ("Needed", needed))
    told = ("\n".join([f"{title}:", *(f"- {line}" for line in lines), ""]) for title, lines in lists)
    return "\n".join([f"## {', '.join(card.role for card in of)}\n", *told])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m datasets.missed", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where the page is old")
    check = parser.parse_args(arguments).check
    new = page(shown())
    if check and (not PAGE.exists() or PAGE.read_text("utf-8") != new):
        print("docs/missed.md is not what the cards say: run python -m datasets.missed", file=sys.stderr)
        return 1
    if not check:
        PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
