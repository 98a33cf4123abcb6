"""`python -m datasets.readme_table [--check]`: the README's accuracy table and docs/limits.md, from the model cards.

Every number in it is one that `kuaizheng evaluate` wrote into a card; none is typed. With ``--check`` nothing is
written, and the exit status is 1 where the README or the page is not what the cards say.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from datasets import known_limits
from vision.errors import ModelError
from vision.models.card import Card, cards

MEASURED: Final = Path(__file__).with_name("measured")
README: Final = Path(__file__).resolve().parents[1] / "README.md"
LIMITS: Final = README.parent / "docs" / "limits.md"
BEGIN: Final = "<!-- accuracy: written by `python -m datasets.readme_table` -->"
END: Final = "<!-- end of accuracy -->"


class Bar(BaseModel):
    """One promise of a role: ``value`` was measured, within ``ci95`` by bootstrap; ``bar`` was asked, ``goal`` is
    aimed at. ``n`` counts what the value is a share of, where the card tells that.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    value: float
    bar: float
    met: bool
    direction: Literal[">=", "<="]
    goal: float | None = None
    ci95: tuple[float, float] | None = None
    n: int | None = None

    @model_validator(mode="after")
    def _met_fits_the_numbers(self) -> Bar:
        if self.met != (self.value >= self.bar if self.direction == ">=" else self.value <= self.bar):
            raise ValueError(f"{self.name}: {self.value} {self.direction} {self.bar} is told as met: {self.met}")
        return self


class Measured(BaseModel):
    """The part of a card's metrics that the table shows; ``n`` counts pictures."""

    model_config = ConfigDict(frozen=True)
    split: str = "-"
    n: int | None = None
    bars: tuple[Bar, ...] = ()


def measured_of(card: Card) -> Measured:
    """The metrics of a card. Raises `ModelError` where they are none, or a bar's ``met`` contradicts its numbers."""
    try:
        return Measured.model_validate(card.metrics)
    except ValidationError as error:
        raise ModelError(f"{card.file}: {error}") from error


def together(of: Sequence[Card]) -> dict[Measured, list[str]]:
    """What was measured, with the roles that it was measured of: those of one evaluation have the same bars, all of
    them. One bar that is alike in two evaluations is two promises.
    """
    shared: dict[Measured, list[str]] = {}
    for card in of:
        shared.setdefault(measured_of(card), []).append(card.role)
    return shared


def rows(of: Sequence[Card]) -> list[str]:
    """The table's rows, one per bar. Roles that are measured together share theirs."""
    sign = {">=": "≥", "<=": "≤"}
    return [
        f"| {', '.join(roles)} | {bar.name} | {bar.value:.3f}{within(bar)} | {sign[bar.direction]} {bar.bar:g} "
        f"| {'yes' if bar.met else '**no**'} | {'' if bar.goal is None else f'{bar.goal:g}'} "
        f"| {counted(measured, bar)} |"
        for measured, roles in together(of).items()
        for bar in measured.bars
    ]


def counted(measured: Measured, bar: Bar) -> str:
    """The part, its pictures, and of how many answers the number is, where these are not the pictures."""
    where = measured.split if measured.n is None else f"{measured.split}, {measured.n}"
    return where if bar.n in (None, measured.n) else f"{where} ({bar.n})"


def within(bar: Bar) -> str:
    """The interval behind a number."""
    return "" if bar.ci95 is None else f" ({bar.ci95[0]:.3f} to {bar.ci95[1]:.3f})"


def verdict(of: Sequence[Card]) -> str:
    """Counts the bars that were not met, and names every model that was held against none."""
    bars = [bar for measured in together(of) for bar in measured.bars]
    short = sum(not bar.met for bar in bars)
    without = [card.role for card in of if not measured_of(card).bars]
    sentences = [f"Missed: {short} of {len(bars)}."] if short else ["Every bar in the table is met."] if bars else []
    if without:
        sentences.append(f"Not measured against a bar: {', '.join(without)}.")
    return " ".join(sentences)


def table(of: Sequence[Card]) -> str:
    """Markdown: a row per bar, then what fell short and each model's known limits in short."""
    lines = [
        "| role | metric | measured (95 % interval) | must | met | goal | part, pictures (answers) |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [*rows(of), "", verdict(of)]
    limits = known_limits.in_short(of)
    return "\n".join([*lines, *(["", "Known limits, the main ones:", *limits] if limits else [])])


def updated(readme: str, of: Sequence[Card]) -> str:
    """The README with the text between the two marks replaced. Raises ValueError where a mark is missing or doubled."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        raise ValueError(f"the README needs each of these once: {BEGIN} {END}")
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(of)}\n{END}{after}"


def without_weights() -> tuple[Card, ...]:
    """What `kuaizheng evaluate` wrote into `datasets/measured/`, of code around foreign weights and of whole cases; the
    file's name is the role's, since one role may be measured on several sets."""
    words = known_limits.words()
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(MEASURED.glob("*.json"))}
    rest: dict[str, Any] = {"file": "", "sha256": "", "inputs": {}, "outputs": [], "labels": [], "data": []}
    said = {role: {key: text for key, text in of.items() if key != "short"} for role, of in words.items()}
    return tuple(Card(role=name, metrics=m, **rest, **said[name]) for name, m in found.items() if "role" in m)


def shown() -> tuple[Card, ...]:
    """All that the table tells of, by role."""
    return tuple(sorted((*cards(), *without_weights()), key=lambda card: card.role))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m datasets.readme_table", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where the README is old")
    check = parser.parse_args(arguments).check
    of = shown()
    told = {README: updated(README.read_text("utf-8"), of), LIMITS: known_limits.page(of)}
    stale = [path for path, text in told.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if check:
            print(f"{path.name} is not what the cards say: run python -m datasets.readme_table", file=sys.stderr)
        else:
            path.write_text(told[path], "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
