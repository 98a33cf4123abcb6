"""Plans of cases: the same seed gives the same, faults take away what they should, papers fit the vehicles."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from datasets.cases.asked import demand
from datasets.cases.happening import another_car, expired, happening
from datasets.cases.nouns import Fault, Picture, PlannedCase, PlannedFault, PlannedPicture
from datasets.cases.plan_case import plans
from datasets.cases.prune import pruned
from datasets.cases.table import COLUMNS, rows, truth_row
from datasets.cases.truth_judge import judge
from datasets.documents.people import VIN_WEIGHTS
from datasets.scenes.plan import AccidentType, Air, Model, PlannedVehicle, Road, Scene, Shot
from tests.unit.cases_factory import closeup, complete_case, panorama

ROLES = ("front_panorama", "rear_panorama", "side", "contact_near", "contact_far", "damage_a", "plate_a", "plate_b")
HEADINGS = {"A": 0.0, "B": 2.0}


def scene(number: int, kind: AccidentType = AccidentType.REAR_END, model: Model = Model.SEDAN) -> Scene:
    vehicles = (
        PlannedVehicle("A", model, 1, "white", "苏A12345", "blue", (5.0, 0.0), 0.0),
        PlannedVehicle("B", Model.SUV, 2, "black", "苏B67890", "blue", (0.0, 0.0), 2.0),
    )
    shots = tuple(Shot(role, (0.0, 0.0, 1.5), (1.0, 0.0, 1.0)) for role in ROLES)
    light = ("day", "night")[number % 2]
    return Scene(f"scene-{number}", number, kind, vehicles, Road("street"), Air(light), shots, (2.5, 0.0, 0.5))


SCENES = tuple(scene(number, kind) for number, kind in enumerate(list(AccidentType)[:5] * 2))


def test_plans_are_the_same_every_time_and_different_from_each_other() -> None:
    once = plans(SCENES)
    assert once == plans(SCENES)
    assert len({(one.standard, one.told, one.faults, one.pictures, one.papers) for one in once}) > 200
    assert len({one.id for one in once}) == len(once) == 300


def test_the_spread_of_faults_and_standards() -> None:
    planned = plans(SCENES)
    counts = Counter(len(one.faults) for one in planned)
    assert 0.38 <= counts[0] / 300 <= 0.52
    assert counts[2] >= 20 and counts[3] == 0
    assert {fault.kind for one in planned for fault in one.faults} == set(Fault)
    assert {"four-photos", "self-handling-12123", "rear-end", "lane-change"} <= {one.standard for one in planned}
    assert all(demand(one.standard) for one in planned)


def test_a_missing_paper_is_missing_and_self_handling_has_none() -> None:
    for one in plans(SCENES):
        kinds = {(paper.party, paper.kind) for paper in one.papers}
        for fault in one.faults:
            assert fault.kind is not Fault.PAPER_MISSING or (fault.party, fault.paper) not in kinds
        assert bool(kinds) is (one.standard != "self-handling-12123")


def test_papers_fit_the_vehicle_and_each_other() -> None:
    people = happening(scene(3, model=Model.BUS)).people["A"]
    assert people["vehicle_licence"]["vehicle_type"] == "大型普通客车"
    assert people["driving_licence"]["vehicle_class"].startswith("A1")
    for key in ("plate_number", "vin", "seats"):
        assert people["vehicle_licence"][key] == people["insurance_policy"][key]


@pytest.mark.parametrize("kind", ["driving_licence", "insurance_policy"])
def test_an_expired_paper_ended_before_the_day(kind: str) -> None:
    day = date(2026, 6, 1)
    values = expired(happening(scene(4)).people["A"], kind, day, 5)
    assert values["valid_from"][:10] < values["valid_to"][:10] < day.isoformat()


def test_another_cars_paper_has_another_plate_and_a_true_vin() -> None:
    values = happening(scene(4)).people["A"]
    other = another_car(values, "vehicle_licence", 5)
    assert other["plate_number"] != values["vehicle_licence"]["plate_number"]
    assert len(other["vin"]) == len(VIN_WEIGHTS) and other["vin"] != values["vehicle_licence"]["vin"]
    assert other["owner"] == values["vehicle_licence"]["owner"]


def truth_of(planned: PlannedPicture) -> Picture:
    bearing = {"front_panorama": 10.0, "rear_panorama": 170.0, "side": 90.0, "contact_far": 20.0}
    return closeup() if planned.role == "contact_near" else panorama(planned.role, bearing[planned.role])


def planned_case(fault: PlannedFault, *roles: str) -> PlannedCase:
    pictures = tuple(PlannedPicture("s", role) for role in roles)
    return PlannedCase("case-0", 1, "s", "rear-end", "all", (fault,), pictures, ())


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (Fault.NO_FRONT, ["rear_panorama", "side", "contact_near"]),
        (Fault.NO_REAR, ["front_panorama", "side", "contact_near", "contact_far"]),
        (Fault.NO_CONTACT, ["front_panorama", "rear_panorama", "side", "contact_far"]),
        (Fault.OLD_PHOTO, ["front_panorama", "rear_panorama", "side", "contact_near", "contact_far"]),
    ],
)
def test_what_would_heal_a_fault_is_taken_out(fault: Fault, left: list[str]) -> None:
    roles = ("front_panorama", "rear_panorama", "side", "contact_near", "contact_far")
    case = pruned(planned_case(PlannedFault(fault), *roles), HEADINGS, truth_of)
    assert [one.role for one in case.pictures] == left


def test_the_table_has_all_columns_and_the_truth_fills_them() -> None:
    table = rows(plans(SCENES, 3), SCENES)
    assert all(tuple(row) == COLUMNS for row in table)
    filled = truth_row(judge(complete_case(), "rear-end"))
    assert (filled["decision"], filled["failing"], filled["next"]) == ("complete", "", "")
    assert set(filled) < set(COLUMNS)
