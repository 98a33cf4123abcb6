"""An S3-compatible store for tests, in a process of its own: ``python -m tests.s3_server FLAW`` prints its port.

moto answers. What S3 promises and moto does not do is added here: a create-only put is decided by one request at a
time, and a body that is not what Content-MD5 says is refused. ``FLAW`` takes a promise away again, as a store of a
customer might: ``none``, ``no-create-only`` or ``no-checksum``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

Start = Callable[..., Any]


class Promises:
    """WSGI: one request at a time, and bodies held against their checksum."""

    def __init__(self, flaw: str) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._flaw, self._one = flaw, threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if self._flaw == "no-create-only":
            environ.pop("HTTP_IF_NONE_MATCH", None)
        told = environ.get("HTTP_CONTENT_MD5")
        if told is not None and self._flaw != "no-checksum":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            if base64.b64decode(told) != hashlib.md5(body, usedforsecurity=False).digest():
                start("400 Bad Request", [("Content-Type", "application/xml")])
                return [b"<Error><Code>BadDigest</Code></Error>"]
        with self._one:
            return list(self._moto(environ, start))


class Quiet(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Nothing: the tests' output is for the tests."""


def main(flaw: str) -> None:
    server = make_server("127.0.0.1", 0, Promises(flaw), threaded=True, request_handler=Quiet)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
