"""The scenes that are rendered: names, seeds, types and lights, from which everything else follows.

``python -m datasets.scenes.scene_list --out scenes.json [--first 20]`` writes them out. The first twenty hold every
type and every light, so that rendering may stop early. ``--series 2`` writes sixty other ones by the next seeds, by
which what was mended with the first in view is measured anew. ``--training`` writes ones of which no case is drawn:
they may train, those of the cases only measure. ``--two-wheelers 16`` writes training scenes in which an electric
scooter is a party, which are one in sixteen otherwise (drawing them takes a minute of CPU for every four).
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

from datasets.scenes.arrange import sample_scene
from datasets.scenes.plan import AccidentType, Model, Scene
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
TOTAL: Final = sum(count for _, count in COUNTS)
LIGHTS: Final = (
    "day", "overcast", "day", "night", "overcast", "day", "dusk", "day", "overcast", "day",
    "overcast", "night", "day", "overcast", "day", "overcast", "dusk", "day", "night", "day",
)  # fmt: skip
"""Of twenty scenes in a row; their shares are those of `arrange_chances.LIGHTS`."""
FIRST_SEED: Final = 700
FIRST_TRAINING_SEED: Final = 50_000
TRAINING: Final = "training"
"""Names of scenes for training begin so."""
TRAINING_ROLES: Final = ("contact_near", "contact_far", "front_panorama", "damage_a")
TWO_WHEELER_ROLES: Final = (*TRAINING_ROLES, "rear_panorama", "side", "damage_b", "plate_b")
TRAINING_WH: Final = (640, 480)


def rows(first_seed: int = FIRST_SEED, beginning: str = "") -> tuple[tuple[str, int, AccidentType, str], ...]:
    """Name, seed, type and light of each scene. Types take turns in proportion to how many of each there are."""
    given: Counter[AccidentType] = Counter()
    found = []
    for place in range(TOTAL):
        # the type that is furthest behind its share comes next, so that every type comes early
        kind = max(COUNTS, key=lambda row: (row[1] * (place + 1) / TOTAL - given[row[0]], row[1]))[0]
        given[kind] += 1
        light = LIGHTS[place % len(LIGHTS)]
        found.append((f"{beginning}{kind.value}-{given[kind]:02d}", first_seed + place, kind, light))
    return tuple(found)


def scenes(first: int | None = None, series: int = 1) -> tuple[Scene, ...]:
    """The first so many scenes of a series, or all; series from 1, each with seeds and names of its own."""
    planned = rows() if series == 1 else rows(FIRST_SEED + (series - 1) * TOTAL, f"series-{series}-")
    return tuple(sample_scene(*row) for row in planned[:first])


def training_scenes(first: int | None = None) -> tuple[Scene, ...]:
    """Scenes like the others, by other seeds, with fewer and smaller pictures."""
    made = (sample_scene(*row) for row in rows(FIRST_TRAINING_SEED, f"{TRAINING}-")[:first])
    return tuple(_small(scene, TRAINING_ROLES) for scene in made)


def two_wheeler_scenes(count: int) -> tuple[Scene, ...]:
    """Further scenes for training, each with a scooter as a party."""
    drawn = (
        sample_scene(*row)
        for turn in itertools.count(1)
        for row in rows(FIRST_TRAINING_SEED + turn * TOTAL, f"{TRAINING}-{turn}-")
    )
    with_one = (scene for scene in drawn if any(v.party and v.model is Model.SCOOTER for v in scene.vehicles))
    return tuple(_small(scene, TWO_WHEELER_ROLES) for scene in itertools.islice(with_one, count))


def _small(scene: Scene, roles: tuple[str, ...]) -> Scene:
    shots = (replace(shot, size_wh=TRAINING_WH) for shot in scene.shots if shot.role in roles)
    return replace(scene, shots=tuple(shots))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="a JSON file with the list of scenes")
    parser.add_argument("--first", type=int, default=None, help="only the first so many")
    parser.add_argument("--series", type=int, default=1, help="which sixty of the measured scenes")
    parser.add_argument("--training", action="store_true", help="scenes that may train instead of the measured ones")
    parser.add_argument("--two-wheelers", type=int, metavar="COUNT", help="so many training scenes with a scooter")
    options = parser.parse_args(arguments)
    if options.two_wheelers:
        write_scenes(options.out, two_wheeler_scenes(options.two_wheelers))
    elif options.training:
        write_scenes(options.out, training_scenes(options.first))
    else:
        write_scenes(options.out, scenes(options.first, options.series))


if __name__ == "__main__":
    main()
