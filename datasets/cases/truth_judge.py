"""What a fair officer would say of a drawn case: derived from its truth by simple code, not by the product's judge."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from datasets.cases import truth_papers, truth_views
from datasets.cases.asked import Asked, Demand, demand
from datasets.cases.nouns import DrawnCase, Picture
from datasets.cases.truth_sum import CREDIT, Said, Truth, summed
from datasets.cases.truth_views import Say, best, worst

APART_DEG = (60.0, 40.0)
"""Front and rear are seen from directions that are so far apart: surely, perhaps."""
AGREEMENTS = ("plate_agreement", "vin_agreement", "name_agreement")


def judge(case: DrawnCase, standard: str) -> Truth:
    """Expected decision, what fails, the best next photo, the score."""
    asked = demand(standard)
    return summed(_said(case, asked), asked, any(picture.old for picture in case.pictures))


def _said(case: DrawnCase, asked: Demand) -> tuple[Said, ...]:
    own = _own_photos(case, asked)
    said: list[Said] = []
    for row in asked.rows:
        if row.id in own:
            said.append(Said(row.id, "", own[row.id]))
        elif row.check in ("plate_readable", "document", "document_valid", *AGREEMENTS):
            said += [Said(row.id, party, _of_party(row, case, party)) for party in sorted(case.plates)]
        else:
            said.append(Said(row.id, "", _of_case(row, case)))
    return tuple(said)


def _of_party(row: Asked, case: DrawnCase, party: str) -> Say:
    readable = _plate_of(case, party)
    match row.check:
        case "plate_readable":
            return readable
        case "document":
            return truth_papers.document(row, case, party)
        case "document_valid":
            return truth_papers.valid(row, case, party)
        case "plate_agreement":
            return truth_papers.plates_agree(case, party, readable is Say.MET)
        case "vin_agreement":
            return truth_papers.vins_agree(case, party)
        case "name_agreement":
            return truth_papers.names_agree(case, party)
        case _:
            raise ValueError(f"nobody knows how to judge {row.check}")


def _of_case(row: Asked, case: DrawnCase) -> Say:
    match row.check:
        case "contact_near":
            return best(truth_views.contact_near(one) for one in case.pictures)
        case "contact_far":
            return best(truth_views.contact_far(one, len(case.headings_deg)) for one in case.pictures)
        case "contact_pairing":
            return _pairing(case)
        case "nearest_plate":
            return _plate_of(case, case.behind)
        case "lane_line":
            return best(truth_views.lane_line(one) for one in case.pictures)
        case "traffic_light":
            return best(truth_views.traffic_light(one) for one in case.pictures)
        case "road_sign":
            return best(truth_views.road_sign(one) for one in case.pictures)
        case "object_hit":
            return best(truth_views.object_hit(one) for one in case.pictures)
        case _:
            raise ValueError(f"nobody knows how to judge {row.check}")


def _plate_of(case: DrawnCase, party: str) -> Say:
    return best(
        truth_views.plate(plate, picture)
        for picture in case.pictures
        for vehicle in picture.seen.vehicles
        if vehicle.party == party
        for plate in vehicle.plates
    )


def _pairing(case: DrawnCase) -> Say:
    """Damage of each vehicle can be seen somewhere."""
    struck = {
        vehicle.party
        for picture in case.pictures
        if truth_views.usable(picture) is Say.MET
        for vehicle in truth_views.parties_on(picture)
        if any(truth_views.longer(damage.box_xyxy) >= 24 for damage in vehicle.damages)
    }
    return Say.MET if len(struck) >= len(case.headings_deg) else Say.BORDERLINE if struck else Say.LACKING


def _own_photos(case: DrawnCase, asked: Demand) -> Mapping[str, Say]:
    """What needs a picture of its own, by the best choice of different pictures: the views, and the collision detail
    where the standard counts it among them (four photos are four). Front and rear are seen from different directions.
    """
    views = [row for row in asked.rows if row.check == "scene_view"]
    groups = {row.params["group"] for row in views if "group" in row.params}
    rows = views + [row for row in asked.rows if row.check == "contact_near" and row.params.get("group") in groups]
    table = [[_shows(one, row, case) for one in case.pictures] for row in rows]
    fitting = [[None, *(n for n, say in enumerate(line) if say is not Say.LACKING)] for line in table]
    best_worth, chosen = -1.0, {row.id: Say.LACKING for row in rows}
    for choice in product(*fitting):
        taken = [n for n in choice if n is not None]
        if len(set(taken)) < len(taken):
            continue
        says = [Say.LACKING if n is None else line[n] for n, line in zip(choice, table, strict=True)]
        says = _apart(rows, choice, says, case.pictures)
        worth = sum(row.weight * CREDIT[say] for row, say in zip(rows, says, strict=True))
        if worth > best_worth:
            best_worth, chosen = worth, {row.id: say for row, say in zip(rows, says, strict=True)}
    return chosen


def _shows(picture: Picture, row: Asked, case: DrawnCase) -> Say:
    if row.check == "contact_near":
        return truth_views.contact_near(picture)
    return truth_views.view(picture, row, case.headings_deg)


def _apart(
    rows: list[Asked], choice: tuple[int | None, ...], says: list[Say], pictures: tuple[Picture, ...]
) -> list[Say]:
    faces = [row.texts("faces") for row in rows]
    ends = [n for n, face in enumerate(faces) if face in (("front",), ("rear",)) and choice[n] is not None]
    if len(ends) < 2:
        return says
    bearings = [_bearing(pictures[choice[n] or 0]) for n in ends[:2]]
    angle = abs((bearings[0] - bearings[1] + 180) % 360 - 180)
    second = ends[1]
    return [worst((say, truth_views.graded(angle, *APART_DEG))) if n == second else say for n, say in enumerate(says)]


def _bearing(picture: Picture) -> float:
    """Of the camera, as the first party's vehicle sees it."""
    return min(truth_views.parties_on(picture), key=lambda vehicle: vehicle.party).bearing_deg
