"""Sending over real sockets: pinned addresses, TLS names, redirects, slow and large answers."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.guard.webhooks import signature
from service.guard.webhooks.addresses import Policy
from service.guard.webhooks.send import Delivery, Outcome, send
from tests.unit.guard.receiver import Receiver, receiving
from tests.webhook_verifier import verify_webhook

HERE = Policy(http=True, ports=None, networks=(ipaddress.IPv4Network("127.0.0.0/8"),))


async def loopback(host: str, port: int) -> Sequence[str]:
    return ("127.0.0.1",)


def delivered(answer: bytes, timeout_s: float = 5.0, drip_s: float = 0.0) -> tuple[Delivery, Receiver]:
    async def go() -> tuple[Delivery, Receiver]:
        async with receiving(answer, drip_s) as receiver:
            url = f"http://hooks.example.com:{receiver.port}/in?x=1"
            return await send(
                url, {"webhook-id": "m"}, b'{"a":1}', HERE, resolver=loopback, timeout_s=timeout_s
            ), receiver

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Outcome.DELIVERED, 200),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Outcome.DELIVERED, 204),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n", Outcome.DELIVERED, 202),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9 + b"HTTP/1.1 202 Accepted\r\n\r\n", Outcome.BAD_ANSWER, None),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Outcome.GONE, 410),
        (b"HTTP/1.1 500 Oh\r\n\r\n", Outcome.STATUS, 500),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Outcome.STATUS, 404),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, Outcome.BAD_ANSWER, None),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Outcome.BAD_ANSWER, None),
        (b"HTTP/1.1 200", Outcome.BAD_ANSWER, None),
        (b"", Outcome.BAD_ANSWER, None),
    ],
)
def test_answers(answer: bytes, outcome: Outcome, status: int | None) -> None:
    delivery, _ = delivered(answer)
    assert delivery == Delivery(outcome, status)


def test_what_arrives_can_be_verified() -> None:
    async def go() -> bytes:
        async with receiving() as receiver:
            headers = signature.sign("msg_1", 1000, b"{}", ["whsec_" + "A" * 32])
            await send(f"http://a.example.com:{receiver.port}/in?x=1", headers, b"{}", HERE, resolver=loopback)
            return receiver.requests[0]

    head, _, body = asyncio.run(go()).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "POST /in?x=1 HTTP/1.1" and headers["host"].startswith("a.example.com:")
    assert verify_webhook(headers, body, ["whsec_" + "A" * 32], 1001) == "msg_1"


def test_a_header_cannot_be_smuggled() -> None:
    with pytest.raises(Exception, match=r"[Ii]llegal header value"):
        asyncio.run(_smuggle())


async def _smuggle() -> None:
    async with receiving() as receiver:
        url = f"http://a.example.com:{receiver.port}/"
        await send(url, {"webhook-id": "a\r\nx: y"}, b"{}", HERE, resolver=loopback)


def test_a_redirect_is_not_followed() -> None:
    async def go() -> tuple[Delivery, int]:
        async with receiving() as inside:
            answer = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{inside.port}/\r\n\r\n".encode()
            async with receiving(answer) as receiver:
                url = f"http://a.example.com:{receiver.port}/"
                return await send(url, {}, b"{}", HERE, resolver=loopback), inside.connections

    assert asyncio.run(go()) == (Delivery(Outcome.REDIRECTED, 307), 0)


def test_a_name_is_asked_once_and_the_checked_address_is_called() -> None:
    async def go() -> tuple[list[str], int]:
        asked: list[str] = []

        async def rebinding(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ("127.0.0.2",) if len(asked) == 1 else ("127.0.0.1",)

        async with receiving() as inside:
            only_first = Policy(http=True, ports=None, networks=(ipaddress.IPv4Network("127.0.0.2/32"),))
            url = f"http://rebind.example.com:{inside.port}/"
            delivery = await send(url, {}, b"{}", only_first, resolver=rebinding)
            assert delivery.outcome is Outcome.UNREACHABLE  # nobody listens on 127.0.0.2
            return asked, inside.connections

    assert asyncio.run(go()) == (["rebind.example.com"], 0)


def test_a_slow_receiver_has_one_limit_for_everything() -> None:
    began = time.monotonic()
    delivery, _ = delivered(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000, timeout_s=0.5, drip_s=0.02)
    assert delivery.outcome is Outcome.TIMED_OUT and time.monotonic() - began < 10


def test_names_that_are_not_there() -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    assert asyncio.run(send("https://a.example.com/", {}, b"", resolver=nobody)).outcome is Outcome.NAME_UNKNOWN


def tls_for(name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of its own for ``name``, and a client's that trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cadata=certificate.decode())
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        both.write_bytes(certificate + key.private_bytes(*form))
        server.load_cert_chain(both)
    return server, client


@pytest.mark.parametrize(
    ("certified", "trusted", "outcome"),
    [
        ("hooks.example.com", True, Outcome.DELIVERED),
        ("other.example.com", True, Outcome.BAD_CERTIFICATE),
        ("hooks.example.com", False, Outcome.BAD_CERTIFICATE),
    ],
)
def test_tls_is_checked_against_the_name(certified: str, trusted: bool, outcome: Outcome) -> None:
    server, client = tls_for(certified)

    async def go() -> Delivery:
        async with receiving(tls=server) as receiver:
            url = f"https://hooks.example.com:{receiver.port}/"
            return await send(url, {}, b"{}", HERE, resolver=loopback, context=client if trusted else None)

    assert asyncio.run(go()).outcome is outcome


def test_silent_names_leave_the_loops_own_threads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos are looked at in those: one organisation's dead endpoints must not stop everybody's cases."""
    answered = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        answered.wait(20)
        return []

    async def go() -> tuple[int, set[Outcome]]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        tried = [send("https://silent.example.com/", {}, b"", Policy(), timeout_s=0.2) for _ in range(4)]
        sending = asyncio.gather(*tried)
        await asyncio.sleep(0.1)
        looked = await asyncio.wait_for(asyncio.to_thread(int, "7"), 5)
        return looked, {one.outcome for one in await sending}

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    try:
        assert asyncio.run(go()) == (7, {Outcome.TIMED_OUT})
    finally:
        answered.set()
