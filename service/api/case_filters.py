"""Which cases a list is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from service.api.bodies import AccidentType, CaseState, ExternalId, moment, standard_name
from service.store.cases import Filters

_EPOCH = moment(0)


class CaseQuery(BaseModel):
    """Filters, all of which must hold, and the page."""

    external_id: ExternalId | None = None
    state: CaseState | None = None
    accident_type: AccidentType | None = None
    standard: Annotated[str, Field(max_length=100), AfterValidator(standard_name)] | None = None
    legal_hold: bool | None = None
    since: AwareDatetime | None = Field(None, description="Made at this time or later.")
    until: AwareDatetime | None = Field(None, description="Made before this time.")
    cursor: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def filters(self) -> Filters:
        return Filters(
            self.external_id,
            self.state,
            None if self.accident_type is None else self.accident_type.value,
            self.standard,
            self.legal_hold,
            _milliseconds(self.since),
            _milliseconds(self.until),
        )


def _milliseconds(when: datetime | None) -> int | None:
    return None if when is None else (when - _EPOCH) // timedelta(milliseconds=1)
