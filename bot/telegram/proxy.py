"""A proxy's address: how it is written, and which hosts it serves."""

from __future__ import annotations

import ipaddress
import ssl
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from aiohttp_socks import ProxyConnector, ProxyType

SCHEMES = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks": 1080}
"""Proxy schemes and their usual ports. Every one resolves names at the proxy: where a proxy is needed, the
network's own answers are not to be believed."""


class Proxy(NamedTuple):
    """The parts of a proxy's address."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None


def parse_proxy(address: str) -> Proxy:
    """Read `scheme://[user:password@]host[:port]`; a ValueError says what is wanted, never what was given."""
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in SCHEMES or not host:
        raise ValueError(
            "A proxy address must be http, https, socks5 or socks5h://[user:password@]host[:port]."
        )
    username = None if parts.username is None else unquote(parts.username)
    return Proxy(scheme, host, port or SCHEMES[scheme], username, unquote(parts.password or ""))


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its name or its number, which no proxy could reach for us."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def proxy_connector(proxy: Proxy, keep_alive: float) -> ProxyConnector:
    """Returns a connector that reaches every host through the proxy; an idle connection is kept `keep_alive` seconds."""
    return ProxyConnector(
        proxy.host,
        proxy.port,
        proxy_type=ProxyType.HTTP if proxy.scheme.startswith("http") else ProxyType.SOCKS5,
        username=proxy.username,
        password=proxy.password,
        rdns=True,
        proxy_ssl=ssl.create_default_context() if proxy.scheme == "https" else None,
        limit=0,
        keepalive_timeout=keep_alive,
    )
