"""What a planned case is, and what is truly in one that was drawn: plain data, no pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from datasets.scenes.seen import Seen


class Fault(StrEnum):
    """What is wrong with a case on purpose."""

    NO_FRONT = "no_front"
    NO_REAR = "no_rear"
    TWO_FRONTS = "two_fronts"
    """The front twice and no rear."""
    CUT_OFF_FRONT = "cut_off_front"
    CUT_OFF_REAR = "cut_off_rear"
    BLURRED_REAR = "blurred_rear"
    DARK_FRONT = "dark_front"
    GLARE_FRONT = "glare_front"
    NO_CONTACT = "no_contact"
    BLURRED_CONTACT = "blurred_contact"
    PLATE_NOT_READABLE = "plate_not_readable"
    PAPER_MISSING = "paper_missing"
    PAPER_BLURRED = "paper_blurred"
    PAPER_OF_ANOTHER_CAR = "paper_of_another_car"
    PAPER_EXPIRED = "paper_expired"
    OLD_PHOTO = "old_photo"
    """One photo more, of another case: taken earlier, elsewhere."""


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """``party`` and ``paper`` (a document kind) where the fault is one party's."""

    kind: Fault
    party: str = ""
    paper: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.kind.value, self.party, self.paper) if part)


@dataclass(frozen=True, slots=True)
class PlannedPicture:
    """A shot of a scene as it is uploaded. ``change``: cut_off, small, or a fault of the phone, or none."""

    scene: str
    role: str
    change: str = ""
    old: bool = False
    """Of another case."""


@dataclass(frozen=True, slots=True)
class PlannedPaper:
    """A page of a party's document. ``change``: blurred, another_car, expired, or none."""

    party: str
    kind: str
    page: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """``told`` is what case.toml says: all (plates and whose photo is whose), plates, or type (neither)."""

    id: str
    seed: int
    scene: str
    standard: str
    told: str
    faults: tuple[PlannedFault, ...]
    pictures: tuple[PlannedPicture, ...]
    papers: tuple[PlannedPaper, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of the scene in a drawn case. ``fault`` is the phone's: blurred, dark, glare, or none."""

    name: str
    seen: Seen
    fault: str
    taken_at: datetime | None
    place: tuple[float, float] | None
    old: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A page in a drawn case with what is printed on it, by field key."""

    name: str
    party: str
    kind: str
    page: str
    readable: bool
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """All that is true of a case. ``plates`` and ``headings_deg``: of the vehicles, by party; ``behind``: whose vehicle
    is the rear one, where one drove behind the other."""

    accident_type: str
    happened_at: datetime
    plates: Mapping[str, str]
    headings_deg: Mapping[str, float]
    pictures: tuple[Picture, ...]
    papers: tuple[Paper, ...]
    behind: str = ""
