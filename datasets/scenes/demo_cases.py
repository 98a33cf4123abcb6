"""Makes the example cases of rendered pictures and drawn papers.

``python -m datasets.scenes.demo_cases RENDERED examples``, in the product's environment: RENDERED is what
`datasets.scenes.render_demo` wrote. Writes one complete case and three that lack something, and beside this file
demo_truth.json: where cars, plates and struck areas are on each scene photo.
"""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from datasets.scenes.camera_look import Pixels, phone_look, shake
from datasets.scenes.demo_papers import Paper, demo_papers, wrong_licence
from datasets.scenes.exif import Capture, exif_block
from datasets.scenes.parties import HAPPENED_AT, PARTIES, PLACE, DemoParty

COMPLETE = "rear_end_complete"
NO_REAR = "rear_end_no_rear_panorama"
BLURRED = "rear_end_blurred_collision"
PLATE_DIFFERS = "rear_end_plate_differs"
VARIANTS = (NO_REAR, BLURRED, PLATE_DIFFERS)

SCENE = (
    ("front_panorama", ""), ("rear_panorama", ""), ("side", ""), ("contact_far", ""), ("contact_near", ""),
    ("a_rear_damage", "a_rear_near"), ("b_front_damage", "b_front_near"),
)  # fmt: skip
"""File stem of the photo, and of the rendered picture where it differs; in the order of taking."""
COLLISION = ("contact_far", "contact_near", "a_rear_damage", "b_front_damage")
SCENE_QUALITY, PAPER_QUALITY = 85, 80
SECONDS_APART = 22
TRUTH = Path(__file__).with_name("demo_truth.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    complete = args.out / COMPLETE
    complete.mkdir(parents=True, exist_ok=True)
    known = json.loads((args.rendered / "truth.json").read_text())
    truth = {f"{stem}.jpg": known[source or stem] for stem, source in SCENE}
    TRUTH.write_text(json.dumps(truth, indent=1, sort_keys=True) + "\n")
    for index, (stem, source) in enumerate(SCENE):
        pixels = _read(args.rendered / f"{source or stem}.png")
        _save(complete / f"{stem}.jpg", phone_look(pixels, index), index, PARTIES[0], SCENE_QUALITY)
    for index, paper in enumerate(demo_papers(), len(SCENE)):
        _save_paper(complete, paper, index)
    (complete / "case.toml").write_text(_case_toml(complete), encoding="utf-8")
    for name in VARIANTS:
        shutil.copytree(complete, args.out / name, dirs_exist_ok=True)
    _break_cases(args.rendered, args.out)
    for name in VARIANTS:
        (args.out / name / "case.toml").write_text(_case_toml(args.out / name), encoding="utf-8")


def _break_cases(rendered: Path, out: Path) -> None:
    (out / NO_REAR / "rear_panorama.jpg").unlink()
    for index, (stem, source) in enumerate(SCENE):
        if stem in COLLISION:
            moved = shake(_read(rendered / f"{source or stem}.png"), 34 + 4 * index, 25.0 * index, 3.0)
            _save(out / BLURRED / f"{stem}.jpg", phone_look(moved, index), index, PARTIES[0], SCENE_QUALITY)
    for paper in wrong_licence():
        _save_paper(out / PLATE_DIFFERS, paper, len(SCENE) + (2 if paper.stem.endswith("2") else 1))


def _read(path: Path) -> Pixels:
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise FileNotFoundError(f"no rendered picture {path}")
    return np.ascontiguousarray(np.asarray(pixels, np.uint8)[..., ::-1])


def _save_paper(folder: Path, paper: Paper, index: int) -> None:
    _save(folder / f"{paper.stem}.jpg", paper.pixels, index + 6, paper.party, PAPER_QUALITY)


def _save(path: Path, pixels: Pixels, index: int, owner: DemoParty, quality: int) -> None:
    """Writes a JPEG as ``owner``'s phone would, ``index`` steps after the accident."""
    rng = np.random.default_rng(index)
    latitude, longitude = np.asarray(PLACE) + rng.normal(0, 2e-5, 2)
    taken_at = HAPPENED_AT + timedelta(minutes=2, seconds=SECONDS_APART * index + int(rng.integers(9)))
    exif = exif_block(Capture(taken_at, float(latitude), float(longitude), *owner.phone))
    Image.fromarray(pixels).save(path, "JPEG", quality=quality, exif=exif, subsampling=2, optimize=True)


def _case_toml(folder: Path) -> str:
    """The case's description; each party's photos are those of its car's damage and of its papers."""
    lines = ['accident_type = "rear_end"', f"happened_at = {HAPPENED_AT.isoformat()}"]
    for party in PARTIES:
        names = sorted(path.name for path in folder.glob(f"{party.id.lower()}_*.jpg"))
        photos = ", ".join(f'"{name}"' for name in names)
        lines += ["", "[[parties]]", f'id = "{party.id}"', f'plate = "{party.plate}"', f"photos = [{photos}]"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
