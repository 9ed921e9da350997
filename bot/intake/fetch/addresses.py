"""Which addresses may be fetched: how one is written, and which machines it may lead to. Looks nothing up."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yarl import URL

from bot.models import Problem
from bot.text.unreadable import Unreadable

PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}
"""Schemes that are fetched, with their usual ports; other ports must be named by the operator."""

RSSHUB: Final = "rsshub"
"""The scheme of a route of the operator's own RSSHub, such as rsshub://telegram/channel/durov."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

# What `is_global` of some Python 3.11 calls public though no host of the internet has it (IANA's registries of special
# addresses): protocol assignments, 6to4 relays, NAT64 for local use, Teredo, 6to4, discard only.
_SPECIAL: Final[tuple[_Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "64:ff9b:1::/48"),
        *("2001::/23", "2002::/16", "100::/64", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Names that lead to no machine of the internet (RFC 6761, RFC 6762, RFC 9476, and what networks use at home).
_PRIVATE_NAMES: Final = frozenset({"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "arpa", "onion"})  # fmt: skip  # one list


class NotFetched(Unreadable):
    """Nothing came from an address, for the reason in `problem`.

    `status` is that of the answer, 0 where there was none; `retry_after` the seconds that it asks to wait.
    """

    def __init__(
        self,
        name: str,
        *values: str | float | Problem | None,
        status: int = 0,
        retry_after: int | None = None,
    ) -> None:
        """See Problem."""
        super().__init__(name, *values)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked. `named`: the operator lets this host and port be reached wherever they are."""

    url: URL
    host: str
    port: int
    named: bool

    def admits(self, ip: str, port: int) -> bool:
        """Whether a connection may go to this number and port, to which the name has led."""
        return port == self.port and (self.named or is_public(ip))


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached: the public internet on its usual ports, and what the operator names.

    `allow` holds hosts with their ports, `rsshub` is the address of the operator's own RSSHub, "" for none.
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    rsshub: str = ""
    ports: frozenset[int] = frozenset(PORTS.values())

    def asked(self, address: str) -> Target:
        """What an address that the operator gave asks for; a route of RSSHub counts as one. Raises NotFetched."""
        scheme, colon, route = address.strip().partition("://")
        if not colon or scheme.lower() != RSSHUB:
            return self.target(address)
        if not self.rsshub:
            raise NotFetched("rsshub_unset")
        return self.target(f"{self.rsshub.rstrip('/')}/{route.lstrip('/')}")

    def target(self, address: str) -> Target:
        """What an address asks for, in whichever way it is written. Raises NotFetched."""
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
    """Whether an IP number is one of the public internet, as is every IPv4 number that it stands for."""
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
    """A text that is nothing but one http or https address, as it is to be fetched; None for any other text."""
    text = text.strip()
    scheme, colon, rest = text.partition("://")
    is_one = colon and rest and not any(char.isspace() for char in text)
    return text if is_one and scheme.lower() in (*PORTS, RSSHUB) else None


def _is_private_name(host: str) -> bool:
    """Whether a host is written as a number of no public machine, or has a name that only a local network knows.

    A proxy resolves names itself, so that no connection here would tell where one leads.
    """
    folded = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".")
    number = _number(folded)
    if number is not None:
        return not is_public(number)
    return "." not in folded or folded.rpartition(".")[2] in _PRIVATE_NAMES


def _number(host: str) -> str | None:
    """The IP number that a host is written as, by the loosest rules that any resolver has; None for a name."""
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
    """A piece of a number: 127, 0x7f or 0177 (inet_aton(3))."""
    if text.lower().startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if len(text) > 1 and text.startswith("0") else 10)
