"""What the interface takes and gives of webhooks, as types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from service.api.bodies import Line
from service.guard.webhooks.addresses import MAX_URL
from service.guard.webhooks.payload import Event
from service.store.webhook_history import DeliveryRow
from service.store.webhooks import Disabled, EndpointRow, State

DAY_S = 24 * 3600


class EndpointIn(BaseModel):
    """A new endpoint."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=MAX_URL, description="https://, a public name or address.")
    description: Line | None = None
    events: Annotated[list[Event], Field(max_length=20)] = Field([], description="Empty: all, those to come too.")


class EndpointOut(BaseModel):
    id: str
    url: str
    description: str | None
    events: list[Event]
    created_at: datetime
    failing_since: datetime | None = Field(description="The first failure after the last success.")
    disabled_at: datetime | None
    disabled_reason: Disabled | None


class EndpointWithSecret(EndpointOut):
    secret: str = Field(description="Told this once: whsec_ and base64.")


class EndpointList(BaseModel):
    endpoints: list[EndpointOut]


class Rotation(BaseModel):
    """How long the old secret still counts."""

    model_config = ConfigDict(extra="forbid")

    overlap_s: int = Field(DAY_S, ge=0, le=7 * DAY_S, description="Requests are signed with both for so long.")


class DeliveryOut(BaseModel):
    message_id: str = Field(description="`webhook-id`, the same in every attempt and replay.")
    event: Event
    state: State
    attempts: int
    outcome: str | None = Field(description="Of the last attempt.")
    status: int | None = Field(description="HTTP status of the last attempt.")
    created_at: datetime
    ended_at: datetime | None = Field(description="Of the last attempt.")
    next_at: datetime | None = Field(description="When it is tried next.")


class DeliveryPage(BaseModel):
    deliveries: list[DeliveryOut]
    next: int | None = Field(description="`before` of the next page; null on the last one.")


class Replay(BaseModel):
    """Either ``message_ids`` or ``since``."""

    model_config = ConfigDict(extra="forbid")

    message_ids: Annotated[list[Annotated[str, Field(pattern=r"^msg_[0-9a-f]{32}$")]], Field(max_length=1000)] = []
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(None, description="Not included; null: now.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Replay:
        if bool(self.message_ids) == bool(self.since) or (self.until is not None and self.since is None):
            raise ValueError("either message_ids, or since and perhaps until")
        return self


class Queued(BaseModel):
    queued: int


def endpoint_out(row: EndpointRow) -> EndpointOut:
    """An endpoint as the interface tells it."""
    return EndpointOut(
        id=row.id,
        url=row.url,
        description=row.description or None,
        events=[Event(one) for one in row.events],
        created_at=_time(row.created_ms),
        failing_since=_time_or_none(row.failing_since_ms),
        disabled_at=_time_or_none(row.disabled_ms),
        disabled_reason=None if row.disabled_reason is None else Disabled(row.disabled_reason),
    )


def delivery_out(row: DeliveryRow) -> DeliveryOut:
    """A delivery as the interface tells it."""
    return DeliveryOut(
        message_id=row.message_id,
        event=Event(row.event),
        state=State(row.state),
        attempts=row.attempts,
        outcome=row.outcome,
        status=row.status,
        created_at=_time(row.created_ms),
        ended_at=_time_or_none(row.ended_ms),
        next_at=_time(row.due_ms) if row.state == State.WAITING else None,
    )


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _time_or_none(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else _time(milliseconds)
