"""The committed example cases: what each has and lacks, what the photos carry, what is true of them."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from datasets.cases import truth_views
from datasets.cases.demo import BLURRED, COLLISION, COMPLETE, NO_REAR, PLATE_DIFFERS, SCENE, demo_cases
from datasets.cases.happening import happening, parties
from datasets.cases.make import TRUE_CASE, TRUTH_FILE, TrueCase
from datasets.cases.nouns import PlannedCase
from datasets.cases.truth_judge import judge
from datasets.cases.truth_views import Say
from datasets.scenes.phone import capture_of
from datasets.scenes.scene_file import read_scenes
from datasets.scenes.soundness import faults

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = (COMPLETE, NO_REAR, BLURRED, PLATE_DIFFERS)
(DEMO,) = read_scenes(SCENE)


def _photos(case: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (EXAMPLES / case).glob("*.jpg")}


def _true(case: str) -> TrueCase:
    return TRUE_CASE.validate_json((EXAMPLES / case / TRUTH_FILE).read_bytes())


@pytest.mark.parametrize(
    ("case", "missing", "changed"),
    [
        (NO_REAR, {"rear_panorama.jpg", "side.jpg"}, set()),
        (BLURRED, set(), {f"{stem}.jpg" for stem in COLLISION}),
        (PLATE_DIFFERS, set(), {"a_vehicle_licence_main.jpg", "a_vehicle_licence_second.jpg"}),
    ],
)
def test_a_variant_differs_from_the_complete_case_only_in_what_its_name_says(
    case: str, missing: set[str], changed: set[str]
) -> None:
    complete, variant = _photos(COMPLETE), _photos(case)
    assert complete.keys() - variant.keys() == missing
    assert {name for name in variant if variant[name] != complete[name]} == changed


def test_the_scene_can_stand_as_it_is_written() -> None:
    assert faults(DEMO) == ()


@pytest.mark.parametrize("case", CASES)
def test_the_case_file_names_photos_that_are_there(case: str) -> None:
    told = tomllib.loads((EXAMPLES / case / "case.toml").read_text("utf-8"))
    assert told["accident_type"] == "rear_end"
    assert told["happened_at"] == happening(DEMO).happened_at
    assert [(p["id"], p["plate"]) for p in told["parties"]] == [(v.party, v.plate) for v in parties(DEMO)]
    assert {name for p in told["parties"] for name in p["photos"]} <= _photos(case).keys()


@pytest.mark.parametrize("case", CASES)
def test_every_photo_was_taken_soon_after_the_accident_by_a_made_up_phone(case: str) -> None:
    happened_at = happening(DEMO).happened_at
    phones = {capture_of(DEMO.seed, DEMO.air.light, 0, party) for party in "AB"}
    for path in (EXAMPLES / case).glob("*.jpg"):
        with Image.open(path) as image:
            exif = image.getexif()
        details = exif.get_ifd(IFD.Exif)
        hours, minutes, seconds = (int(v) for v in details[Base.DateTimeOriginal].split()[1].split(":"))
        after = timedelta(hours=hours, minutes=minutes, seconds=seconds) - timedelta(
            hours=happened_at.hour, minutes=happened_at.minute
        )
        assert timedelta(0) < after < timedelta(minutes=30)
        assert details[Base.OffsetTimeOriginal] == "+08:00"
        assert (exif[Base.Make], exif[Base.Model]) in {(phone.maker, phone.model) for phone in phones}
        assert exif.get_ifd(IFD.GPSInfo)


def test_all_examples_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*")) <= 9_000_000


@pytest.mark.parametrize("planned", demo_cases(DEMO), ids=lambda planned: planned.id)
def test_the_truth_fits_plan_and_photos(planned: PlannedCase) -> None:
    true = _true(planned.id)
    assert true.plan == planned
    for picture in true.case.pictures:
        width, height = picture.seen.size_wh
        with Image.open(EXAMPLES / true.plan.id / picture.name) as image:
            assert image.size == (width, height)
        for vehicle in picture.seen.vehicles:
            x0, y0, x1, y1 = vehicle.box_xyxy
            assert -1 <= x0 < x1 <= width + 1
            assert -1 <= y0 < y1 <= height + 1


@pytest.mark.parametrize(
    ("case", "decision", "failing", "advice"),
    [
        (COMPLETE, "complete", set(), ()),
        (NO_REAR, "retake", {"rear_panorama"}, ("rear_panorama",)),
        (BLURRED, "retake", {"contact_near"}, ("contact_near",)),
        (PLATE_DIFFERS, "review", {"plate_agreement", "vin_agreement"}, ()),
    ],
)
def test_a_fair_officer_says_what_the_name_says(
    case: str, decision: str, failing: set[str], advice: tuple[str, ...]
) -> None:
    true = _true(case)
    truth = judge(true.case, true.plan.standard)
    assert (truth.decision, truth.borderline, truth.next) == (decision, False, advice)
    assert {one.requirement for one in truth.failing} == failing
    assert (true.truth.decision, true.truth.next) == (decision, advice)


def test_panoramas_show_both_cars_whole_and_each_plate_is_readable_somewhere() -> None:
    pictures = {picture.name: picture for picture in _true(COMPLETE).case.pictures}
    for name in ("front_panorama.jpg", "rear_panorama.jpg"):
        shown = truth_views.parties_on(pictures[name])
        assert [truth_views.whole(vehicle, pictures[name].seen.size_wh) for vehicle in shown] == [Say.MET, Say.MET]
    readable = {
        vehicle.party
        for picture in pictures.values()
        for vehicle in truth_views.parties_on(picture)
        if any(truth_views.plate(plate, picture) is Say.MET for plate in vehicle.plates)
    }
    assert readable == {"A", "B"}
