"""URLs toward what is not public: no connection is made, counted at a listener that is really there."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.guard.errors import UrlRefused
from service.guard.webhooks.addresses import Policy, check, parse
from service.guard.webhooks.send import Delivery, Outcome, send
from tests.unit.guard.receiver import Receiver, receiving

OPEN = Policy(http=True, ports=None)
"""So that neither the scheme nor the port is what stops a form of the list."""

LITERALS = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.255.255.254:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0.1.2.3:{port}/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://172.31.255.255:{port}/",
    "http://192.168.1.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1:{port}/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.88.99.1/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.0.0.01:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http://127。0。0。1:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fe80::1%lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://[127.0.0.1]:{port}/",
    "http://[::1]example.com:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.com/",
    "http://example.com\\@127.0.0.1:{port}/",
    "http://127.0.0.1\\.example.com:{port}/",
    "http:127.0.0.1:{port}",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://a.localhost:{port}/",
    "http://ip6-localhost:{port}/",
    "http://metadata.google.internal/",
    "http://router.local/",
    "gopher://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "unix:///run/docker.sock",
    "data:,x",
]
NAMES = [
    ["127.0.0.1"],
    ["::1"],
    ["10.0.0.1"],
    ["169.254.169.254"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["fe80::1%lo"],
    ["93.184.216.34", "127.0.0.1"],
    ["2606:2800:220:1::1", "fd00::1"],
    ["not an address"],
    [],
]
assert len(LITERALS) + len(NAMES) >= 60


async def attempt(
    url: str, answers: Sequence[str] = ("127.0.0.1",), policy: Policy = OPEN
) -> tuple[Delivery, Receiver]:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return answers

    async with receiving(everywhere=True) as receiver:
        url = url.replace("{port}", str(receiver.port))
        return await send(url, {}, b"{}", policy, resolver=resolver, timeout_s=5), receiver


@pytest.mark.parametrize("url", LITERALS)
def test_forms_of_urls(url: str) -> None:
    delivery, receiver = asyncio.run(attempt(url))
    assert delivery.outcome is Outcome.REFUSED_URL and receiver.connections == 0


@pytest.mark.parametrize("answers", NAMES, ids=str)
def test_names_with_such_addresses(answers: list[str]) -> None:
    delivery, receiver = asyncio.run(attempt("http://hooks.example.com:{port}/", answers))
    assert delivery.outcome in (Outcome.REFUSED_URL, Outcome.NAME_UNKNOWN) and receiver.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "hooks.example.com", "[::1]"])
def test_the_listener_counts(host: str) -> None:
    if host == "[::1]" and not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    allowed = Policy(True, None, (ipaddress.IPv4Network("127.0.0.0/8"), ipaddress.IPv6Network("::1/128")))
    delivery, receiver = asyncio.run(attempt(f"http://{host}:{{port}}/", policy=allowed))
    assert delivery.outcome is Outcome.DELIVERED and receiver.connections == 1, "else the zeros above prove nothing"


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://example.com:80/", "https://example.com:22/", "https://example.com:0/",
     "https://example.com:/", "https://example.com:99999/", "https://example.com:x/", "https://", "https:///x", "",
     "https://example.com/a b", "https://example.com/\r\nx: y", "https://example.com/苏", "https://a..example.com/",
     "https://example/", "https://-a.example.com/", "https://" + "a" * 2000 + ".com/", "javascript:alert(1)"],
)  # fmt: skip
def test_refused_by_the_usual_policy(url: str) -> None:
    with pytest.raises(UrlRefused):
        parse(url, Policy())


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "header"),
    [
        ("https://example.com", "example.com", 443, "/", "example.com"),
        ("HTTPS://Example.COM:8443/a/b?c=d&e", "example.com", 8443, "/a/b?c=d&e", "example.com:8443"),
        ("https://xn--fiqs8s.example.cn/x", "xn--fiqs8s.example.cn", 443, "/x", "xn--fiqs8s.example.cn"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/", "8.8.8.8"),
        ("https://[2606:4700::1]:8443/?a", "2606:4700::1", 8443, "/?a", "[2606:4700::1]:8443"),
    ],
)
def test_let_through(url: str, host: str, port: int, path: str, header: str) -> None:
    target = parse(url, Policy())
    assert (target.host, target.port, target.path, target.host_header) == (host, port, path, header)


@given(st.ip_addresses())
def test_never_wider_than_the_registries_in_python(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        with pytest.raises(UrlRefused):
            check(address, Policy())


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    for url in (text, f"http://{text}", f"https://[{text}]/", f"https://{text}.com/{text}"):
        try:
            target = parse(url, OPEN)
        except UrlRefused:
            continue
        assert target.host.isascii() and target.path.startswith("/")
