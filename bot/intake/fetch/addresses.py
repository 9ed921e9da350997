"""Decides which addresses may be fetched: their form, and the machines that they may lead to. Resolves no name."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from yarl import URL

from bot.models import Problem
from bot.text.unreadable import Unreadable

PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}
"""Schemes that may be fetched, with their usual ports; the operator must name any other port."""

RSSHUB: Final = "rsshub"
"""Scheme of a route in the operator's own RSSHub, such as rsshub://telegram/channel/durov."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

# Networks that `is_global` of some Python 3.11 calls public although no internet host has them (IANA's special-purpose
# registries): protocol assignments, 6to4 relays, NAT64 for local use, Teredo, 6to4, discard only.
_SPECIAL: Final[tuple[_Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "64:ff9b:1::/48"),
        *("2001::/23", "2002::/16", "100::/64", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Names that lead to no internet host (RFC 6761, RFC 6762, RFC 9476, and names used in home networks).
_PRIVATE_NAMES: Final = frozenset({"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "arpa", "onion"})  # fmt: skip  # one list


class NotFetched(Unreadable):
    """Raised if nothing could be fetched from an address; `problem` says why.

    `status` is the HTTP status, 0 if there was no response; `retry_after` the seconds that the server asks to wait.
    """

    def __init__(
        self,
        name: str,
        *values: str | float | Problem | None,
        status: int = 0,
        retry_after: int | None = None,
    ) -> None:
        """`name` and `values` are those of a Problem."""
        super().__init__(name, *values)
        self.status = status
        self.retry_after = retry_after


class Target(Struct, frozen=True):
    """An address that may be requested. `named`: the operator allows this host and port wherever they lead."""

    url: URL
    host: str
    port: int
    named: bool

    def admits(self, ip: str, port: int) -> bool:
        """Return whether a connection may go to this IP and port, to which the name has resolved."""
        return port == self.port and (self.named or is_public(ip))


class FetchPolicy(Struct, frozen=True):
    """Policy of what may be fetched: the public internet on its usual ports, and what the operator names.

    `allow` holds (host, port) pairs; `rsshub` is the address of the operator's own RSSHub, "" for none.
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    rsshub: str = ""
    ports: frozenset[int] = frozenset(PORTS.values())

    def operator_target(self, address: str) -> Target:
        """Return the target of an address that the operator gave, which may be a route of RSSHub. Raises NotFetched."""
        scheme, colon, route = address.strip().partition("://")
        if not colon or scheme.lower() != RSSHUB:
            return self.target(address)
        if not self.rsshub:
            raise NotFetched("rsshub_unset")
        return self.target(f"{self.rsshub.rstrip('/')}/{route.lstrip('/')}")

    def target(self, address: str) -> Target:
        """Return the target of an address in whatever notation. Raises NotFetched if it may not be fetched."""
        try:
            url = URL(address.strip())
        except ValueError:
            raise NotFetched("address_scheme", address) from None
        if any(char.isspace() for char in address.strip()):
            raise NotFetched("address_scheme", address)
        scheme, host, port = url.scheme, url.host, url.port
        if scheme not in PORTS or not host or port is None:
            raise NotFetched("address_scheme", address)
        if url.user is not None or url.password is not None:
            raise NotFetched("address_password")
        host = host.rstrip(".").lower()
        named = (host, port) in self.allow
        if not named and port not in self.ports:
            raise NotFetched("address_port", f"{host}:{port}")
        if not named and _is_private_name(host):
            raise NotFetched("address_private", f"{host}:{port}")
        return Target(url.with_fragment(None), host, port, named)


def is_public(ip: str) -> bool:
    """Return whether an IP address, and any IPv4 address embedded in it, is on the public internet."""
    try:
        number: _Ip = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            return is_public(str(number.ipv4_mapped))
        if number in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)))
    if any(number.version == network.version and number in network for network in _SPECIAL):
        return False
    return number.is_global and not number.is_multicast and not number.is_reserved


def as_address(text: str) -> str | None:
    """Return `text`, stripped, if it is one http, https or rsshub address and nothing else; else None."""
    text = text.strip()
    scheme, colon, rest = text.partition("://")
    is_one = colon and rest and not any(char.isspace() for char in text)
    return text if is_one and scheme.lower() in (*PORTS, RSSHUB) else None


def _is_private_name(host: str) -> bool:
    """Return whether a host is a private IP in any notation, or a name that only a local network knows.

    Needed besides Target.admits(): a proxy resolves names itself, so that no connection here shows where a name leads.
    """
    folded = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".")
    number = _number(folded)
    if number is not None:
        return not is_public(number)
    return "." not in folded or folded.rpartition(".")[2] in _PRIVATE_NAMES


def _number(host: str) -> str | None:
    """Return the IP address that a host denotes by the loosest rules of any resolver; None for a name."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    parts = host.split(".")
    if not 1 <= len(parts) <= 4 or not all(part[:1].isdigit() for part in parts):
        return None
    try:
        values = [_part(part) for part in parts]
    except ValueError:
        return None
    total = 0
    for value in values[:-1]:
        total = total * 256 + value
    total = total * 256 ** (5 - len(parts)) + values[-1]
    return str(ipaddress.IPv4Address(total)) if total < 1 << 32 else "0.0.0.0"  # noqa: S104  # no listening: nobody's


def _part(text: str) -> int:
    """Return one part of an IPv4 address: 127, 0x7f or 0177 (inet_aton(3)). Raises ValueError for any other text."""
    if text.lower().startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if len(text) > 1 and text.startswith("0") else 10)
