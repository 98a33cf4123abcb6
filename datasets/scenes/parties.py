"""Who is in the demo case: two fictitious parties, their plates, time and place. Nobody here is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

PLATE_A = "苏E8K2F6"
PLATE_B = "苏E3P7V9"
WRONG_PLATE_A = "苏E6H5D1"
"""On A's vehicle licence in the variant where papers and scene disagree."""
HAPPENED_AT = datetime(2026, 9, 18, 10, 26, tzinfo=timezone(timedelta(hours=8)))
PLACE = (31.2987, 120.6312)
"""Latitude and longitude in degrees, on a street that is not the rendered one."""


@dataclass(frozen=True, slots=True)
class DemoParty:
    """``seed`` of `fictitious_party`, chosen so that class and vehicle type fit the rendered car."""

    id: str
    plate: str
    seed: int
    phone: tuple[str, str]
    """Made-up maker and model."""

    def values(self) -> dict[str, dict[str, str]]:
        """Field values of the three documents, moved to the plate's city; ID number with its check digit."""
        from datasets.documents.people import fictitious_party, id_number  # not in the environment that renders

        values = {
            kind: {
                key: text.replace("南京市玄武区", "苏州市姑苏区").replace("南京市", "苏州市")
                for key, text in fields.items()
            }
            for kind, fields in fictitious_party(self.seed, plate=self.plate, on=HAPPENED_AT.date()).items()
        }
        driver = values["driving_licence"]
        order = int(driver["licence_number"][14:17])
        driver["licence_number"] = id_number("320508", date.fromisoformat(driver["birth_date"]), order)
        for kind in ("driving_licence", "vehicle_licence"):
            values[kind]["file_number"] = "3205" + values[kind]["file_number"][4:]
        return values


PARTIES = (
    DemoParty("A", PLATE_A, 840, ("Lanyu", "LY-N12")),
    DemoParty("B", PLATE_B, 666, ("Qingmi", "Q7 Pro")),
)
