"""Makes the example cases: ``python -m datasets.cases.demo --cache CACHE --out examples``.

CACHE is where ``python -m datasets.scenes.render datasets/cases/demo_scene.json --samples 12`` put its pictures. The
scene is a sampled one with paints, plates, weather and viewpoints chosen by hand. One case is complete, three lack
something.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from datasets.cases.arguments import add_cache, scenes_of, stock_of
from datasets.cases.make import write_case
from datasets.cases.nouns import Fault, PlannedCase, PlannedFault, PlannedPaper, PlannedPicture
from datasets.scenes.plan import Scene

SCENE = Path(__file__).with_name("demo_scene.json")
SAMPLES, QUALITY, PAGE_QUALITY = 12, 74, 62
COMPLETE, NO_REAR = "rear_end_complete", "rear_end_no_rear_panorama"
BLURRED, PLATE_DIFFERS = "rear_end_blurred_collision", "rear_end_plate_differs"
COLLISION = ("contact_far", "contact_near", "damage_a", "damage_b")
NOT_FROM_BEHIND = ("rear_panorama", "side")
"""A view from beside would leave it in doubt whether the rear is missing."""
PAGES = (
    ("driving_licence", "main"), ("vehicle_licence", "main"), ("vehicle_licence", "second"),
    ("insurance_policy", "policy"),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_cache(parser)
    parser.add_argument("--out", type=Path, required=True)
    parser.set_defaults(scenes=SCENE, samples=SAMPLES)
    args = parser.parse_args()
    scenes = scenes_of(args)
    with tempfile.TemporaryDirectory(prefix="demo_") as scratch:
        stock = stock_of(args, scenes, Path(scratch), quality=QUALITY)
        for planned in demo_cases(scenes[0]):
            written = write_case(planned, stock)
            for page in (*written.glob("a_*.jpg"), *written.glob("b_*.jpg")):
                lighten(page)
            shutil.rmtree(args.out / planned.id, ignore_errors=True)
            shutil.copytree(written, args.out / planned.id)


def lighten(page: Path) -> None:
    """The same page in a smaller file, its EXIF kept; a link to it elsewhere keeps the old one."""
    data = page.read_bytes()
    page.unlink()
    with Image.open(io.BytesIO(data)) as image:
        image.save(page, "JPEG", quality=PAGE_QUALITY, optimize=True, exif=image.getexif())


def demo_cases(scene: Scene) -> tuple[PlannedCase, ...]:
    """The complete case of all shots of ``scene``, then those with one fault each."""
    pictures = tuple(PlannedPicture(scene.name, shot.role) for shot in scene.shots)
    papers = tuple(PlannedPaper(party, kind, page) for party in "AB" for kind, page in PAGES)
    complete = PlannedCase(COMPLETE, scene.seed, scene.name, "four-photos", "all", (), pictures, papers)
    return (
        complete,
        replace(
            complete,
            id=NO_REAR,
            faults=(PlannedFault(Fault.NO_REAR),),
            pictures=tuple(one for one in pictures if one.role not in NOT_FROM_BEHIND),
        ),
        replace(
            complete,
            id=BLURRED,
            faults=(PlannedFault(Fault.BLURRED_CONTACT),),
            pictures=tuple(replace(p, change="blurred") if p.role in COLLISION else p for p in pictures),
        ),
        replace(
            complete,
            id=PLATE_DIFFERS,
            faults=(PlannedFault(Fault.PAPER_OF_ANOTHER_CAR, "A", "vehicle_licence"),),
            papers=tuple(
                replace(p, change="another_car") if (p.party, p.kind) == ("A", "vehicle_licence") else p for p in papers
            ),
        ),
    )


if __name__ == "__main__":
    main()
