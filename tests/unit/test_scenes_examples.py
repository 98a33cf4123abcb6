"""The committed example cases: what each has and lacks, what the photos carry, the truth beside the generator."""

from __future__ import annotations

import json
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from datasets.scenes.demo_cases import BLURRED, COLLISION, COMPLETE, NO_REAR, PLATE_DIFFERS, SCENE, TRUTH
from datasets.scenes.parties import HAPPENED_AT, PARTIES

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = (COMPLETE, NO_REAR, BLURRED, PLATE_DIFFERS)


def _photos(case: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (EXAMPLES / case).glob("*.jpg")}


@pytest.mark.parametrize(
    ("case", "missing", "changed"),
    [
        (NO_REAR, {"rear_panorama.jpg"}, set()),
        (BLURRED, set(), {f"{stem}.jpg" for stem in COLLISION}),
        (PLATE_DIFFERS, set(), {"a_vehicle_licence.jpg", "a_vehicle_licence_2.jpg"}),
    ],
)
def test_a_variant_differs_from_the_complete_case_only_in_what_its_name_says(
    case: str, missing: set[str], changed: set[str]
) -> None:
    complete, variant = _photos(COMPLETE), _photos(case)
    assert complete.keys() - variant.keys() == missing
    assert {name for name in variant if variant[name] != complete[name]} == changed


@pytest.mark.parametrize("case", CASES)
def test_the_case_file_names_photos_that_are_there(case: str) -> None:
    told = tomllib.loads((EXAMPLES / case / "case.toml").read_text("utf-8"))
    assert told["accident_type"] == "rear_end"
    assert told["happened_at"] == HAPPENED_AT
    assert [(p["id"], p["plate"]) for p in told["parties"]] == [(p.id, p.plate) for p in PARTIES]
    assert {name for p in told["parties"] for name in p["photos"]} <= _photos(case).keys()


@pytest.mark.parametrize("case", CASES)
def test_every_photo_was_taken_soon_after_the_accident_by_a_made_up_phone(case: str) -> None:
    for path in (EXAMPLES / case).glob("*.jpg"):
        with Image.open(path) as image:
            exif = image.getexif()
        details = exif.get_ifd(IFD.Exif)
        hours, minutes, seconds = (int(v) for v in details[Base.DateTimeOriginal].split()[1].split(":"))
        after = timedelta(hours=hours, minutes=minutes, seconds=seconds) - timedelta(
            hours=HAPPENED_AT.hour, minutes=HAPPENED_AT.minute
        )
        assert timedelta(0) < after < timedelta(minutes=30)
        assert details[Base.OffsetTimeOriginal] == "+08:00"
        assert (exif[Base.Make], exif[Base.Model]) in {party.phone for party in PARTIES}
        assert exif.get_ifd(IFD.GPSInfo)


def test_all_examples_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*.jpg")) <= 12_000_000


def test_the_truth_fits_the_photos() -> None:
    truth = json.loads(TRUTH.read_text())
    assert truth.keys() == {f"{stem}.jpg" for stem, _ in SCENE}
    for name, told in truth.items():
        with Image.open(EXAMPLES / COMPLETE / name) as image:
            assert list(image.size) == told["size_wh"]
        for car in told["cars"]:
            if car["box_xyxy"] is not None:
                x0, y0, x1, y1 = car["box_xyxy"]
                assert 0 <= x0 < x1 <= told["size_wh"][0]
                assert 0 <= y0 < y1 <= told["size_wh"][1]


def test_panoramas_show_both_cars_whole_and_one_plate_large_enough_to_read() -> None:
    truth = json.loads(TRUTH.read_text())
    for name, plate in (("front_panorama.jpg", "front"), ("rear_panorama.jpg", "rear")):
        width, height = truth[name]["size_wh"]
        for car in truth[name]["cars"]:
            x0, y0, x1, y1 = car["box_xyxy"]
            assert min(x0, y0, width - x1, height - y1) > 10
        nearest = truth[name]["cars"][0 if plate == "front" else 1]
        corners = nearest["plate_corners"][plate]
        assert corners[1][0] - corners[0][0] > 80
