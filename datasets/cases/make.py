"""Writes planned cases as folders: ``python -m datasets.cases.make --cache CACHE --out FOLDER [--only case-003,...]``.

CACHE is what `datasets.scenes.render` filled. Each folder holds JPEGs, ``case.toml`` and ``truth.json``; a case whose
pictures are not rendered yet is skipped and counted. ``--table`` writes what is true of the cases into cases.csv.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from datasets.cases.arguments import add_cache, scenes_of, stock_of
from datasets.cases.happening import Happening, happening, parties
from datasets.cases.nouns import DrawnCase, Paper, Picture, PlannedCase
from datasets.cases.plan_case import COUNT, plans
from datasets.cases.prune import pruned
from datasets.cases.stock import NotRenderedError, Stock, link
from datasets.cases.table import rows, truth_row, write_table
from datasets.cases.truth_judge import judge
from datasets.cases.truth_sum import Truth
from datasets.scenes.plan import Scene


@dataclass(frozen=True, slots=True)
class TrueCase:
    """What ``truth.json`` holds."""

    plan: PlannedCase
    case: DrawnCase
    truth: Truth


CASE_FILE, TRUTH_FILE = "case.toml", "truth.json"
TRUE_CASE = TypeAdapter(TrueCase)
OWN_ROLES = {"damage_a.jpg": "A", "plate_a.jpg": "A", "damage_b.jpg": "B", "plate_b.jpg": "B"}
"""Scene photos that a party takes of its own vehicle."""


def main() -> None:
    args = _arguments().parse_args()
    scenes = scenes_of(args)
    stock = stock_of(args, scenes, args.out, args.longer_px, args.quality)
    wanted = set(args.only.split(",")) if args.only else None
    planned = [one for one in plans(scenes, args.count, args.first) if wanted is None or one.id in wanted]
    missing: Counter[str] = Counter()
    for one in planned:
        try:
            write_case(one, stock)
        except NotRenderedError as error:
            missing[str(error)] += 1
    drawn = len(planned) - sum(missing.values())
    print(f"{drawn} of {len(planned)} cases drawn; {sum(missing.values())} wait for pictures")
    if args.table:
        fill_table(scenes, stock)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add_cache(parser)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="ids of cases, comma separated")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--first", type=int, default=0, help="number of the first case, and what it is drawn by")
    parser.add_argument("--longer-px", type=int, default=0, help="of pictures; 0 as rendered")
    parser.add_argument("--quality", type=int, default=0, help="of JPEGs; 0 as each phone has it")
    parser.add_argument("--table", action="store_true", help="write what is true into cases.csv")
    return parser


def write_case(planned: PlannedCase, stock: Stock) -> Path:
    """One folder. Raises NotRenderedError before anything is written."""
    scene = stock.scenes[planned.scene]
    planned = final(planned, stock)
    pictures = [stock.picture(one) for one in planned.pictures]
    papers = [stock.paper(scene, one) for one in planned.papers]
    about = happening(scene)
    case = drawn_case(scene, about, [known for _, known in pictures], [known for _, known in papers])
    folder = stock.folder / planned.id
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.jpg"):
        stale.unlink()
    for path, name in [(p, known.name) for p, known in pictures] + [(p, known.name) for p, known in papers]:
        link(path, folder / name)
    (folder / CASE_FILE).write_text(case_toml(planned, case), encoding="utf-8")
    true = TrueCase(planned, case, judge(case, planned.standard))
    (folder / TRUTH_FILE).write_bytes(TRUE_CASE.dump_json(true, indent=1))
    return folder


def final(planned: PlannedCase, stock: Stock) -> PlannedCase:
    """The plan as it is carried out, known once the renderer has looked. Raises NotRenderedError."""
    headings = {v.party: v.heading_deg for v in parties(stock.scenes[planned.scene])}
    taken = tuple(one for one in planned.pictures if not stock.roles or one.role in stock.roles)
    return pruned(replace(planned, pictures=taken), headings, stock.truth)


def drawn_case(scene: Scene, about: Happening, pictures: Sequence[Picture], papers: Sequence[Paper]) -> DrawnCase:
    """What is true of a case of ``scene`` with these photos."""
    vehicles = parties(scene)
    return DrawnCase(
        scene.accident_type.value,
        about.happened_at,
        {v.party: v.plate for v in vehicles},
        {v.party: v.heading_deg for v in vehicles},
        tuple(pictures),
        tuple(papers),
        about.behind,
    )


def case_toml(planned: PlannedCase, case: DrawnCase) -> str:
    """What the caller says: always type and time, of the parties as much as ``told`` says."""
    lines = [f'accident_type = "{case.accident_type}"', f"happened_at = {case.happened_at.isoformat()}"]
    for party, plate in sorted(case.plates.items()) if planned.told != "type" else ():
        lines += ["", "[[parties]]", f'id = "{party}"', *([f'plate = "{plate}"'] if plate else [])]
        if planned.told == "all":
            own = [paper.name for paper in case.papers if paper.party == party]
            own += [one.name for one in case.pictures if OWN_ROLES.get(one.name) == party]
            lines.append(f"photos = {json.dumps(sorted(own))}")
    return "\n".join(lines) + "\n"


def fill_table(scenes: Sequence[Scene], stock: Stock) -> None:
    """cases.csv with the truth of every case whose pictures the renderer has looked at."""
    table = rows(plans(scenes), scenes)
    for row, planned in zip(table, plans(scenes), strict=True):
        scene = stock.scenes[planned.scene]
        try:
            pictures = [stock.truth(one) for one in final(planned, stock).pictures]
        except NotRenderedError:
            continue
        papers = [stock.paper(scene, one)[1] for one in planned.papers]
        row |= truth_row(judge(drawn_case(scene, happening(scene), pictures, papers), planned.standard))
    write_table(table)


if __name__ == "__main__":
    main()
