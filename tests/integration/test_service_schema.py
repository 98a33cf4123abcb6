"""Made-up input for every route of the interface: no server error, whatever comes in. `make chaos` tries more."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import httpx2
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.api.parts import Parts, StoredKeys
from service.app import create_app
from service.blobs_local import LocalBlobs
from service.guard.roles import Role
from service.serve import make_key
from service.settings import Settings
from service.store.opening import open_database, prepare_keys
from tests.service_parts import gather, jpeg

FEW = 2
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Live:
    url: str
    keys: tuple[str, ...]
    case: str


@contextmanager
def live(template: Path, folder: Path) -> Iterator[Live]:
    """A service in a thread, with a case that has a photo."""
    copy(template, folder / "kuaizheng.db")
    told = Settings(data_folder=folder, requests_per_s=10_000, requests_burst=100_000)
    asyncio.run(prepare_keys(told))
    roles = (Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR)
    keys = tuple(str(asyncio.run(make_key(told, "police", role, "test"))) for role in roles)
    database = open_database(told)
    app = create_app(Parts(told, database, LocalBlobs(folder / "blobs"), StoredKeys(database), gather))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.05)
        url, headers = f"http://127.0.0.1:{listening.getsockname()[1]}", {"Authorization": f"Bearer {keys[0]}"}
        try:
            made = httpx2.post(f"{url}/v1/cases", json={"external_id": "A"}, headers=headers, timeout=60)
            case = str(made.json().get("id", "none"))
            httpx2.put(f"{url}/v1/cases/{case}/photos/1.jpg", content=jpeg(), headers=headers, timeout=60)
            yield Live(url, keys, case)
        finally:
            server.should_exit = True
            thread.join()


def server_errors(service: Live, examples: int) -> list[str]:
    """Method, path and status of every request that was answered 500 or above."""
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    found: list[str] = []
    for one in schema.get_all_operations():
        strategy = one.ok().as_strategy()  # type: ignore[union-attr]  # a schema that is wrong raises here

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy, known=st.booleans())
        def ask(case: Any, known: bool) -> None:
            if known and "case_id" in (case.path_parameters or {}):
                case.path_parameters["case_id"] = service.case
            if case.path.endswith("/stream"):
                case.query = {**(case.query or {}), "until_idle": "true"}
            for key in service.keys:  # whoever may
                headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
                answer = case.call(headers=headers, timeout=120)
                if answer.status_code >= 500 and case.path != "/ready":  # no worker is ready here
                    found.append(f"{case.method} {case.path} {answer.status_code}")
                if answer.status_code != 403:
                    break

        ask()
    return found


def test_no_server_error(sqlite_template: Path, tmp_path: Path) -> None:
    with live(sqlite_template, tmp_path) as service:
        assert server_errors(service, FEW) == []
