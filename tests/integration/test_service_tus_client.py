"""Resumable upload by the client that browsers use, tus-js-client, against two web processes over one database."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from service.api.parts import Parts, StoredKeys
from service.app import create_app
from tests import node_client
from tests.cutting_proxy import cutting
from tests.service_client import Asking, asking
from tests.service_parts import jpeg, opened

DATA = jpeg() + bytes(range(256)) * 1200


@contextmanager
def serving(parts: Parts) -> Iterator[str]:
    """The address of a web server of its own, with a database connection of its own."""
    database = opened(parts.settings.database)
    app = create_app(replace(parts, database=database, keys=StoredKeys(database)))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True, slots=True)
class Site:
    service: Asking
    case_id: str
    first: str
    second: str
    file: Path

    def send(self, name: str, who: dict[str, str] | None = None, **order: Any) -> dict[str, Any]:
        """What tus-js-client says of an upload of the file."""
        metadata = {"client_id": name, "case_id": self.case_id, "filename": "IMG 1.jpg", "filetype": "image/jpeg"}
        told = {"file": str(self.file), "headers": who or self.service.police, "metadata": metadata}
        return node_client.run("upload.mjs", {**told, "endpoint": f"{self.first}/v1/uploads", **order})

    def photo(self, name: str) -> dict[str, Any]:
        return next(photo for photo in self.service.photos(self.case_id) if photo["client_id"] == name)

    def whole(self, name: str) -> bool:
        return bool(self.photo(name)["sha256"] == hashlib.sha256(DATA).hexdigest())


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    node_client.node()
    folder = tmp_path_factory.mktemp("site")
    (folder / "kuaizheng.db").write_bytes(sqlite_template.read_bytes())
    file = folder / "front.jpg"
    file.write_bytes(DATA)
    with ExitStack() as stack:
        service = stack.enter_context(asking(f"sqlite:///{folder / 'kuaizheng.db'}", folder, max_photo_bytes=10**7))
        first, second = (stack.enter_context(serving(service.parts)) for _ in range(2))
        yield Site(service, service.case(parties=[{"id": "A"}]), first, second, file)


def test_in_one_go(site: Site) -> None:
    answer = site.send("whole")
    assert answer["requests"] == [["POST", 201], ["PATCH", 204]], answer
    assert site.whole("whole")


def test_in_parts(site: Site) -> None:
    answer = site.send("parts", options={"chunkSize": 100_000})
    assert [status for _, status in answer["requests"]] == [201, 204, 204, 204, 204], answer
    assert site.whole("parts")


def test_closed_and_taken_up_again_by_another_process(site: Site) -> None:
    answer = site.send("resumed", options={"chunkSize": 60_000}, stopAt=120_000, resumeAt=site.second)
    assert answer["stopped"] == 120_000 and ["HEAD", 200] in answer["requests"], answer
    assert site.whole("resumed")


def test_a_connection_that_breaks_halfway(site: Site) -> None:
    host, _, port = site.first.removeprefix("http://").partition(":")
    with cutting((host, int(port)), after=200_000) as (address, cut):
        answer = site.send("broken", endpoint=f"{address}/v1/uploads")
    assert cut.broken == 1 and ["HEAD", 200] in answer["requests"], answer
    assert answer["requests"][-1] == ["PATCH", 204] and site.whole("broken")


def test_where_a_proxy_knows_only_post(site: Site) -> None:
    answer = site.send("by-post", options={"overridePatchMethod": True})
    assert answer["requests"] == [["POST", 201], ["POST", 204]], answer
    assert site.whole("by-post")


def test_by_a_partys_link(site: Site) -> None:
    url = f"/v1/cases/{site.case_id}/links"
    token = site.service.client.post(url, json={"party": "A"}, headers=site.service.police).json()["token"]
    answer = site.send("party", {"Authorization": f"Bearer {token}"}, options={"chunkSize": 200_000})
    assert answer["requests"][-1] == ["PATCH", 204], answer
    assert site.whole("p1-party") and site.photo("p1-party")["party"] == "A"


def test_what_is_refused_is_told_at_once(site: Site) -> None:
    began = time.monotonic()
    answer = site.send("none", metadata={"client_id": "a/b"})
    assert answer["status"] == 422 and "bad_upload_metadata" in answer["body"]
    assert site.send("none", {"Authorization": "Bearer none"})["status"] == 401
    assert time.monotonic() - began < 60
