"""Where a webhook may go: the form of its URL, and the addresses behind its name.

What is refused comes from IANA's special-purpose registries (IPv4 and IPv6, RFC 6890 and later). Of IPv6 only
2000::/3 is let through, less the blocks in it that reach elsewhere (6to4, Teredo, documentation); mapped, compatible,
NAT64, unique local, link-local, site-local and multicast addresses all lie outside it. A NAT64 prefix that an
operator took from its own range cannot be told by looking; such a network must stop this at its gateway.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final
from urllib.parse import urlsplit

from service.guard.errors import UrlRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL: Final = 2000
_PRINTABLE: Final = re.compile(r"[!-~]+")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMERIC: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_REFUSED_NAMES: Final = ("localhost", "local", "internal", "localdomain", "home.arpa", "onion")

_REFUSED_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; some clouds serve their metadata here
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's host service under a public address
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_GLOBAL_6: Final = IPv6Network("2000::/3")
_REFUSED_6: Final = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"))
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What an installation allows. ``networks`` are let through although they are not public: a house's own systems."""

    http: bool = False
    ports: frozenset[int] | None = frozenset({443, 8443})
    """None: any."""
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in parts. ``host`` is lower case, an IPv6 address without brackets; ``path`` has the query too."""

    scheme: str
    host: str
    port: int
    path: str
    literal: Address | None

    @property
    def host_header(self) -> str:
        """As it stands in ``Host``; without the port where that is the scheme's own."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def parse(url: str, policy: Policy) -> Target:
    """``url`` in parts. Raises `UrlRefused` for anything that two parsers could read in two ways."""
    if len(url) > MAX_URL or _PRINTABLE.fullmatch(url) is None or any(sign in url for sign in '\\#@<>"^`{|}'):
        raise UrlRefused("a webhook URL is printable ASCII without user, fragment or backslash")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UrlRefused("not a URL") from error
    if not url.lower().startswith((f"{parts.scheme}://{parts.netloc.lower()}",)):
        raise UrlRefused("not a URL")
    if parts.scheme != "https" and not (policy.http and parts.scheme == "http"):
        raise UrlRefused("a webhook URL begins with https://")
    port = {"https": 443, "http": 80}[parts.scheme] if port is None else port
    if parts.netloc.endswith(":") or port == 0 or (policy.ports is not None and port not in policy.ports):
        raise UrlRefused("this port is not allowed")
    literal = _literal(host, bracketed=parts.netloc.startswith("["))
    if literal is not None:
        check(literal, policy)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, literal)


def check(address: Address, policy: Policy) -> None:
    """Raises `UrlRefused` unless ``address`` is public, or lies in a network that the installation allows."""
    if any(address.version == network.version and address in network for network in policy.networks):
        return
    if isinstance(address, IPv4Address):
        public = not any(address in network for network in _REFUSED_4)
    else:
        public = address in _GLOBAL_6 and not any(address in network for network in _REFUSED_6)
    if not public:
        raise UrlRefused("the address is not a public one")


def read_address(text: str) -> Address:
    """An address as a resolver gives it. Raises `UrlRefused` for one with a zone (``fe80::1%eth0``) or another form."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise UrlRefused("the name has an address of unknown form") from error
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise UrlRefused("the address is not a public one")
    return address


def _literal(host: str, bracketed: bool) -> Address | None:
    """The address that ``host`` is, or None for a name. Short, octal and hexadecimal forms are neither."""
    if bracketed:
        address = read_address(host)
        if isinstance(address, IPv6Address):
            return address
        raise UrlRefused("not a URL")
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]) is not None:
        address = read_address(host)
        if str(address) == host:
            return address
        raise UrlRefused("an IPv4 address is four decimal numbers")
    if len(host) > 253 or any(_LABEL.fullmatch(label) is None for label in labels) or len(labels) < 2:
        raise UrlRefused("not a host name (write international names in punycode)")
    if any(host == name or host.endswith(f".{name}") for name in _REFUSED_NAMES):
        raise UrlRefused("the name is not a public one")
    return None
