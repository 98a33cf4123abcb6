"""The scenes that are rendered: names, seeds, types and lights, from which everything else follows.

``python -m datasets.scenes.scene_list --out scenes.json [--first 20]`` writes them out. The first twenty hold every
type and every light, so that rendering may stop early.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Final

from datasets.scenes.arrange import sample_scene
from datasets.scenes.plan import AccidentType, Scene
from datasets.scenes.scene_file import write_scenes

COUNTS: Final[tuple[tuple[AccidentType, int], ...]] = (
    (AccidentType.REAR_END, 14),
    (AccidentType.LANE_CHANGE, 11),
    (AccidentType.INTERSECTION, 10),
    (AccidentType.WRONG_WAY, 6),
    (AccidentType.REVERSING, 8),
    (AccidentType.DOORING, 5),
    (AccidentType.SINGLE_VEHICLE, 6),
)
LIGHTS: Final = (
    "day", "overcast", "day", "night", "overcast", "day", "dusk", "day", "overcast", "day",
    "overcast", "night", "day", "overcast", "day", "overcast", "dusk", "day", "night", "day",
)  # fmt: skip
"""Of twenty scenes in a row; their shares are those of `arrange_chances.LIGHTS`."""
FIRST_SEED: Final = 700


def rows() -> tuple[tuple[str, int, AccidentType, str], ...]:
    """Name, seed, type and light of each scene. Types take turns in proportion to how many of each there are."""
    given: Counter[AccidentType] = Counter()
    found = []
    total = sum(count for _, count in COUNTS)
    for place in range(total):
        # the type that is furthest behind its share comes next, so that every type comes early
        kind = max(COUNTS, key=lambda row: (row[1] * (place + 1) / total - given[row[0]], row[1]))[0]
        given[kind] += 1
        light = LIGHTS[place % len(LIGHTS)]
        found.append((f"{kind.value}-{given[kind]:02d}", FIRST_SEED + place, kind, light))
    return tuple(found)


def scenes(first: int | None = None) -> tuple[Scene, ...]:
    """The first so many scenes, or all."""
    return tuple(sample_scene(name, seed, kind, light) for name, seed, kind, light in rows()[:first])


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="a JSON file with the list of scenes")
    parser.add_argument("--first", type=int, default=None, help="only the first so many")
    options = parser.parse_args(arguments)
    write_scenes(options.out, scenes(options.first))


if __name__ == "__main__":
    main()
