"""What the interface takes and gives, as types; OpenAPI is made from them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from service.guard import masked
from service.guard.masking import is_code, looks_personal
from service.store.assessments import AssessmentRow
from service.store.cases import CaseRow
from service.store.photos import PhotoRow
from vision import standard
from vision.plate_grammar import normalise
from vision.standard_file import ACCIDENT_TYPES


def _one_line(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("one line of printable text, without spaces around it")
    return text


def _plate(text: str) -> str:
    plate = normalise(_one_line(text))
    if not plate:
        raise ValueError("a plate's text, such as 皖A12345")
    return plate


def standard_name(name: str) -> str:
    """``name`` where there is such a standard. Raises `ValueError`."""
    if name not in standard.names():
        raise ValueError(f"no such standard; there are {', '.join(standard.names())}")
    return name


def impersonal(text: str) -> str:
    """``text`` where it may stand in an address. Raises `ValueError`."""
    if looks_personal(_one_line(text)):
        raise ValueError("it may stand in addresses: no plate and no identity number")
    return text


def _in_our_time(when: datetime) -> datetime:
    if not moment(0) <= when <= _LAST:
        raise ValueError("a time between 1970 and 9998; what is not known, or never comes, is left out")
    return when


def _code(text: str) -> str:
    if not is_code(text):
        raise ValueError("a code such as A, front_left or 甲方, and nobody's name: it may stand in addresses")
    return text


_LAST = datetime(9998, 12, 31, tzinfo=UTC)
"""Beyond it a time of another zone has no year that we could tell; some systems write year 1 or 9999 for "none"."""
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
ExternalId = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(impersonal)]
Code = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_code)]
"""A word that programs use; may stand in addresses."""
AccidentType = StrEnum("AccidentType", {name: name for name in ACCIDENT_TYPES})  # type: ignore[misc]


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Party(BaseModel):
    """One side of the accident."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_code)]
    plate: Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_plate)] | None = None


class PartyOut(BaseModel):
    id: str
    plate: str | None


class CaseIn(BaseModel):
    """A new case."""

    model_config = ConfigDict(extra="forbid")

    external_id: ExternalId = Field(description="The caller's own number of the case; one case each.")
    accident_type: AccidentType | None = None
    happened_at: Moment | None = Field(None, description="With an offset, such as 2026-05-01T08:03:00+08:00.")
    place: Line | None = None
    standard: Annotated[str, Field(max_length=100), AfterValidator(standard_name)] = "four-photos"
    parties: Annotated[list[Party], Field(max_length=10)] = []

    @model_validator(mode="after")
    def _told_apart(self) -> CaseIn:
        ids = [party.id for party in self.parties]
        plates = [party.plate for party in self.parties if party.plate is not None]
        if len(set(ids)) < len(ids) or len(set(plates)) < len(plates):
            raise ValueError("two parties have one id or one plate")
        return self


class CaseOut(BaseModel):
    id: str
    external_id: str
    accident_type: str | None
    happened_at: str | None
    place: str | None
    standard: str
    parties: list[PartyOut]
    state: CaseState
    legal_hold: bool
    created_at: datetime
    closed_at: datetime | None


class CasePage(BaseModel):
    cases: list[CaseOut]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class PhotoOut(BaseModel):
    client_id: str
    sha256: str
    size_bytes: int
    format: str | None = Field(description="By its first bytes; null: no picture that we read, kept all the same.")
    received_at: datetime
    received_by: str
    shot_hint: str | None
    party: str | None
    withdrawn_at: datetime | None


class PhotoList(BaseModel):
    photos: list[PhotoOut]


class AssessmentOut(BaseModel):
    version: int
    created_at: datetime
    model_set: str = Field(description="With a photo's sha256, names the facts that it rests on.")
    photos: list[dict[str, Any]] = Field(description="Each photo's client_id, sha256, state: seen, waiting or failed.")
    assessment: dict[str, Any]


class AssessmentPage(BaseModel):
    assessments: list[AssessmentOut]
    next: int | None = Field(description="`before` of the next page; null on the last one.")


class Asked(BaseModel):
    status: str = "queued"


def case_out(row: CaseRow, *, full: bool) -> CaseOut:
    """A case as the interface tells it; masked unless ``full``."""
    told = {name: getattr(row, name) for name in CaseOut.model_fields if hasattr(row, name)}
    told = told if full else masked.case(told)
    return CaseOut(**told, created_at=moment(row.created_ms), closed_at=moment_or_none(row.closed_ms))


def photo_out(row: PhotoRow) -> PhotoOut:
    """A photo as the interface tells it."""
    told = {name: getattr(row, name) for name in PhotoOut.model_fields if hasattr(row, name)}
    return PhotoOut(**told, received_at=moment(row.received_ms), withdrawn_at=moment_or_none(row.withdrawn_ms))


def assessment_out(row: AssessmentRow, *, full: bool) -> AssessmentOut:
    """An assessment as the interface tells it; masked unless ``full``."""
    assessment = row.body["assessment"] if full else masked.assessment(row.body["assessment"])
    return AssessmentOut(
        version=row.version,
        created_at=moment(row.created_ms),
        model_set=row.model_set,
        photos=row.body["photos"],
        assessment=assessment,
    )


def moment(milliseconds: int) -> datetime:
    """A time of the tables, aware."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def moment_or_none(milliseconds: int | None) -> datetime | None:
    """The same where there may be none."""
    return None if milliseconds is None else moment(milliseconds)
