"""Sends one webhook: name resolved once, addresses checked, and the connection made to the address that was checked.

Between check and connection nothing is resolved again, so a name that changes its answer gains nothing. No redirect
is followed, no proxy is used, of the answer only the status line and headers are read, and all of it has one limit
of time.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import h11

from service.guard.errors import UrlRefused
from service.guard.webhooks.addresses import Address, Policy, Target, check, parse, read_address

TIMEOUT_S: Final = 15.0
MAX_ANSWER_HEADER_BYTES: Final = 16_384
MAX_INFORMATIONAL: Final = 5

_RESOLVING: Final = ThreadPoolExecutor(32, "resolve")
"""Of its own: a name whose servers are silent holds a thread for many seconds, however soon we stop waiting for it,
and the loop's own threads look at photos."""

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses as text."""


class Outcome(StrEnum):
    DELIVERED = "delivered"
    REFUSED_URL = "refused_url"
    NAME_UNKNOWN = "name_unknown"
    UNREACHABLE = "unreachable"
    BAD_CERTIFICATE = "bad_certificate"
    TIMED_OUT = "timed_out"
    BAD_ANSWER = "bad_answer"
    REDIRECTED = "redirected"
    GONE = "gone"
    """410: the receiver asks not to be called again."""
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Delivery:
    """``status`` is the receiver's HTTP status, None where there was none."""

    outcome: Outcome
    status: int | None = None


async def resolve(host: str, port: int) -> Sequence[str]:
    """The system's answer for ``host``, IPv4 and IPv6. Raises `OSError`."""
    asked = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_RESOLVING, asked)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


async def send(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    *,
    resolver: Resolver = resolve,
    context: ssl.SSLContext | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Delivery:
    """POSTs ``body`` to ``url``; what went wrong is in the answer, not raised. 2xx alone is delivered."""
    try:
        async with asyncio.timeout(timeout_s):
            target = parse(url, policy)
            addresses = await _checked(target, policy, resolver)
            status = await _post(target, addresses, headers, body, context)
    except UrlRefused:
        return Delivery(Outcome.REFUSED_URL)
    except TimeoutError:
        return Delivery(Outcome.TIMED_OUT)
    except socket.gaierror:
        return Delivery(Outcome.NAME_UNKNOWN)
    except ssl.SSLError:
        return Delivery(Outcome.BAD_CERTIFICATE)
    except OSError:
        return Delivery(Outcome.UNREACHABLE)
    except (h11.RemoteProtocolError, EOFError):
        return Delivery(Outcome.BAD_ANSWER)
    return Delivery(_outcome(status), status)


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    if 300 <= status < 400:
        return Outcome.REDIRECTED
    return Outcome.GONE if status == 410 else Outcome.STATUS


async def _checked(target: Target, policy: Policy, resolver: Resolver) -> tuple[Address, ...]:
    """The addresses to connect to. One that is not allowed refuses all: a name with both kinds is an attempt."""
    if target.literal is not None:
        return (target.literal,)
    addresses = tuple(read_address(text) for text in await resolver(target.host, target.port))
    for address in addresses:
        check(address, policy)
    if not addresses:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    return addresses


async def _connect(
    target: Target, addresses: Sequence[Address], context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first address that answers; the certificate is checked against the name of the URL."""
    failure: OSError = ConnectionError("no address")
    secure = target.scheme == "https"
    for address in addresses:
        try:
            return await asyncio.open_connection(
                str(address),
                target.port,
                limit=MAX_ANSWER_HEADER_BYTES,
                ssl=(context or _system_context()) if secure else None,
                server_hostname=target.host if secure else None,
            )
        except ssl.SSLError:
            raise
        except OSError as error:
            failure = error
    raise failure


@functools.cache
def _system_context() -> ssl.SSLContext:
    """Certificates that the system trusts; reading them takes longer than a delivery."""
    return ssl.create_default_context()


async def _post(
    target: Target,
    addresses: Sequence[Address],
    headers: Mapping[str, str],
    body: bytes,
    context: ssl.SSLContext | None,
) -> int:
    reader, writer = await _connect(target, addresses, context)
    try:
        http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_ANSWER_HEADER_BYTES)
        own = {"host": target.host_header, "content-length": str(len(body)), "connection": "close"}
        kind = {"content-type": "application/json", "user-agent": "kuaizheng-webhooks/1"}
        fields = {**kind, **{name.lower(): value for name, value in headers.items()}, **own}
        request = h11.Request(method="POST", target=target.path, headers=list(fields.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(http.send(event) or b"")
        # An early answer (413) may close the connection while we still write; the answer is what counts.
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        return await _status(http, reader)
    finally:
        writer.transport.abort()


async def _status(http: h11.Connection, reader: asyncio.StreamReader) -> int:
    informational = 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(4096))
        elif isinstance(event, h11.Response):
            return event.status_code
        elif isinstance(event, h11.InformationalResponse) and informational < MAX_INFORMATIONAL:
            informational += 1
        else:
            raise EOFError("no answer")
