"""Proof sheets of the cases that were judged worst, for people to see why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from service.batch import sheet_input
from service.case_folder import open_case
from service.cases import Gather, check_case
from service.output import write_whole
from service.report import render
from service.words import Lang
from vision import score, standard
from vision.standard import Standard
from vision.types import Assessment, Case, PhotoFacts, Unreadable

Seen = tuple[PhotoFacts | Unreadable, ...]


def write(data: Path, worst: Sequence[Mapping[str, str]], out: Path, gather: Gather, lang: Lang = Lang.ZH) -> None:
    """``worst``: rows with the ``case`` (a folder of ``data``) and the ``standard`` that it was judged by."""
    out.mkdir(parents=True, exist_ok=True)
    for row in worst:
        asked = standard.load(row["standard"])

        def judged(facts: Seen, case: Case, by: Standard = asked) -> Assessment:
            return score.judge(facts, case, by)

        result = check_case(open_case(data / row["case"]), gather, judged)
        write_whole(out / f"{row['case']}.html", render(sheet_input(result, asked, lang), lang))
