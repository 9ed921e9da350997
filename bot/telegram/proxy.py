"""Parses a proxy's address, knows which hosts no proxy serves, and builds the connector."""

from __future__ import annotations

import ipaddress
import ssl
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from aiohttp_socks import ProxyConnector, ProxyType

SCHEMES = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks": 1080}
"""Proxy schemes and their default ports. All of them resolve names at the proxy: where a proxy is needed, the local
network's DNS answers cannot be trusted.
"""


class Proxy(NamedTuple):
    """The parts of a proxy's address."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None


def parse_proxy(address: str) -> Proxy:
    """Parse `scheme://[user:password@]host[:port]`. Raises ValueError, which never quotes the input."""
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
    """Return whether `host` names this machine, which no proxy could reach for us."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def proxy_connector(proxy: Proxy, keep_alive: float) -> ProxyConnector:
    """Return a connector that reaches every host through the proxy and keeps idle connections for `keep_alive` seconds."""
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
