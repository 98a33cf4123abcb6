"""Keeps a few cases small, for the tests: ``python -m datasets.cases.keep --cache CACHE --to tests/cases``.

Pictures of 640 x 480 and small pages go to ``pictures/``, each once; ``cases.json`` holds what is true of each case,
which files it has, and whether the product judges it rightly now, which the tests then hold it to.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from pydantic import TypeAdapter

from datasets.cases.arguments import add_cache, scenes_of, stock_of
from datasets.cases.fact_store import FactsOf, fact_store
from datasets.cases.happening import happening
from datasets.cases.make import TrueCase, drawn_case, final
from datasets.cases.nouns import PlannedCase
from datasets.cases.outcome import outcome
from datasets.cases.plan_case import plans
from datasets.cases.stock import NotRenderedError, Stock
from datasets.cases.truth_judge import judge

PICTURE_PX, PICTURE_QUALITY = 640, 76
PAGE_PX, SHEET_PX, PAGE_QUALITY = 860, 1260, 56
"""Longer sides; a policy of A4 has smaller print than a card."""
CASES_OF_A_SCENE = 6
"""They share most files."""


@dataclass(frozen=True, slots=True)
class KeptCase:
    """``files``: name in the case -> file in ``pictures/``. ``right``: the product judged it as the truth says."""

    true: TrueCase
    files: Mapping[str, str]
    decision: str
    right: bool


KEPT = TypeAdapter(tuple[KeptCase, ...])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_cache(parser)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--names", default="", help="scenes to take, comma separated; else the first that are there")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--of-scenes", type=int, default=4)
    args = parser.parse_args()
    scenes = scenes_of(args)
    with tempfile.TemporaryDirectory(prefix="cases_") as scratch:
        stock = stock_of(args, scenes, Path(scratch), PICTURE_PX, PICTURE_QUALITY)
        wanted = tuple(args.names.split(",")) if args.names else ()
        kept = keep(
            chosen(plans(scenes, CASES_OF_A_SCENE * len(scenes)), stock, wanted, args.of_scenes)[: args.count],
            stock,
            args.to,
        )
    (args.to / "cases.json").write_bytes(KEPT.dump_json(kept, indent=1) + b"\n")
    size = sum(path.stat().st_size for path in args.to.rglob("*") if path.is_file())
    print(f"{len(kept)} cases, {sum(one.right for one in kept)} judged rightly, {size / 1e6:.1f} MB")


def chosen(planned: Sequence[PlannedCase], stock: Stock, wanted: Sequence[str], of_scenes: int) -> list[PlannedCase]:
    """Cases of a few scenes, whose pictures are all there; scenes of different accident types first."""
    ready: dict[str, list[PlannedCase]] = {}
    for one in planned:
        try:
            for picture in final(one, stock).pictures:
                if not all(path.is_file() for path in stock.rendered(picture)):
                    raise NotRenderedError(str(picture))
        except NotRenderedError:
            continue
        ready.setdefault(one.scene, []).append(one)
    counts: Counter[str] = Counter()
    turn: dict[str, int] = {}
    for name in ready:
        turn[name] = counts[stock.scenes[name].accident_type]
        counts[stock.scenes[name].accident_type] += 1
    names = [name for name in wanted if name in ready] or sorted(ready, key=lambda name: turn[name])[:of_scenes]
    return [one for name in names for one in ready[name]]


def keep(planned: Sequence[PlannedCase], stock: Stock, folder: Path) -> tuple[KeptCase, ...]:
    """Writes the files and judges the cases with the shipped models."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for stale in pictures.glob("*.jpg"):
        stale.unlink()
    facts_of = fact_store(None)
    kept = []
    for one in planned:
        scene, plan = stock.scenes[one.scene], final(one, stock)
        shots = [stock.picture(p) for p in plan.pictures]
        pages = [stock.paper(scene, p) for p in plan.papers]
        case = drawn_case(scene, happening(scene), [known for _, known in shots], [known for _, known in pages])
        files = {known.name: path.name for path, known in shots} | {known.name: path.name for path, known in pages}
        for path, _ in shots:
            (pictures / path.name).write_bytes(path.read_bytes())
        for path, _ in pages:
            (pictures / path.name).write_bytes(_smaller(path))
        true = TrueCase(plan, case, judge(case, plan.standard))
        found = outcome(pictures, true, renamed(facts_of, files))
        kept.append(KeptCase(true, files, found.found.decision.value, found.sure and found.right))
    return tuple(kept)


def renamed(facts_of: FactsOf, files: Mapping[str, str]) -> FactsOf:
    """Looks at the file that a case's photo is kept in."""
    return lambda path, day: facts_of(path.with_name(files[path.name]), day)


def _smaller(page: Path) -> bytes:
    image, out = Image.open(page), io.BytesIO()
    sheet = image.height > image.width and "policy-policy" in page.name
    image.thumbnail((SHEET_PX, SHEET_PX) if sheet else (PAGE_PX, PAGE_PX))
    image.save(out, "JPEG", quality=PAGE_QUALITY, optimize=True, exif=image.getexif())
    return out.getvalue()


if __name__ == "__main__":
    main()
