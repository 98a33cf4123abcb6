"""50 requests at once with one Idempotency-Key, forty times, against a real web process: one row, 50 equal answers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2

from tests.benchmarks.service import served, until_up
from tests.service_parts import jpeg

AT_ONCE, ROUNDS = 50, 40


async def one_round(client: httpx2.AsyncClient, case: str, number: int) -> None:
    """Of a photo, or of a case where ``number`` is even; then the same key with another body."""
    key = {"Idempotency-Key": f"k{number}"}
    photo: dict[str, Any] = {"method": "PUT", "url": f"/v1/cases/{case}/photos/{number}"}
    made: dict[str, Any] = {"method": "POST", "url": "/v1/cases"}
    first = {**photo, "content": jpeg(number)} if number % 2 else {**made, "json": {"external_id": f"N{number}"}}
    other = {**photo, "content": jpeg(number + 99)} if number % 2 else {**made, "json": {"external_id": f"M{number}"}}
    answers = await asyncio.gather(*(client.request(**first, headers=key) for _ in range(AT_ONCE)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    refused = await client.request(**other, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


async def all_rounds(url: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=120) as client:
        await until_up(client)
        case = (await client.post("/v1/cases", json={"external_id": "A"})).json()["id"]
        for number in range(ROUNDS):
            await one_round(client, case, number)
        photos = (await client.get(f"/v1/cases/{case}/photos")).json()["photos"]
        cases = (await client.get("/v1/cases", params={"limit": 100})).json()["cases"]
    assert len(photos) == ROUNDS // 2 and len(cases) == ROUNDS // 2 + 1


def test_one_key(database_url: str, tmp_path: Path) -> None:
    with served(tmp_path, database_url) as (url, key):
        asyncio.run(all_rounds(url, key))
