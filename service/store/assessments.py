"""Assessments of a case, version after version; none is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import now_ms
from service.store.schema import assessments
from service.store.secrets import seal_json, unseal_json

COLUMN = "assessments.body"


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    version: int
    revision: int
    model_set: str
    body: dict[str, Any]
    created_ms: int


async def add(
    connection: AsyncConnection, organisation: str, case_id: str, revision: int, model_set: str, body: dict[str, Any]
) -> int:
    """Keeps the next version and returns its number; the caller holds the case's lock."""
    last = select(func.coalesce(func.max(assessments.c.version), 0)).where(assessments.c.case_id == case_id)
    version = int((await connection.execute(last)).scalar_one()) + 1
    row = {"organisation_id": organisation, "case_id": case_id, "version": version, "revision": revision}
    sealed = await seal_json(connection, organisation, COLUMN, _row(case_id, version), body)
    decision = body["assessment"]["decision"]
    values = {**row, "model_set": model_set, "decision": decision, "body": sealed, "created_ms": now_ms()}
    await connection.execute(insert(assessments).values(values))
    return version


async def latest(connection: AsyncConnection, organisation: str, case_id: str) -> AssessmentRow | None:
    """The newest version."""
    statement = _of(organisation, case_id).order_by(assessments.c.version.desc()).limit(1)
    return next(iter(await _opened(connection, organisation, case_id, statement)), None)


async def find(connection: AsyncConnection, organisation: str, case_id: str, version: int) -> AssessmentRow | None:
    """One version."""
    statement = _of(organisation, case_id).where(assessments.c.version == version)
    return next(iter(await _opened(connection, organisation, case_id, statement)), None)


async def page(
    connection: AsyncConnection, organisation: str, case_id: str, before: int | None, limit: int
) -> list[AssessmentRow]:
    """Up to ``limit`` versions below ``before``, newest first."""
    statement = _of(organisation, case_id)
    if before is not None:
        statement = statement.where(assessments.c.version < before)
    ordered = statement.order_by(assessments.c.version.desc()).limit(limit)
    return await _opened(connection, organisation, case_id, ordered)


async def _opened(
    connection: AsyncConnection, organisation: str, case_id: str, statement: Select[Any]
) -> list[AssessmentRow]:
    sealed = (await connection.execute(statement)).mappings().all()
    return [
        AssessmentRow(
            **{
                **row,
                "body": await unseal_json(connection, organisation, COLUMN, _row(case_id, row["version"]), row["body"]),
            }
        )
        for row in sealed
    ]


def _row(case_id: str, version: int) -> str:
    return f"{case_id}/{version}"


def _of(organisation: str, case_id: str) -> Select[Any]:
    columns = (assessments.c[name] for name in AssessmentRow.__dataclass_fields__)
    return select(*columns).where(assessments.c.organisation_id == organisation, assessments.c.case_id == case_id)
