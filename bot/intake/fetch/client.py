"""Fetches outside addresses over HTTP, within limits: where a connection may lead, how many bytes, how much time.

for each address, and each of at most five redirects:
    check the address                       # addresses: scheme, port, host
    open a new connection                   # its IP is checked as it opens: no later DNS answer leads elsewhere
    read, unpack, count bytes               # decompression

What a response means for a source is left to sources.outcome. Telegram's traffic does not pass here.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp_socks import ProxyError
from msgspec import Struct
from multidict import CIMultiDictProxy
from yarl import URL

from bot import __version__
from bot.intake.fetch.addresses import FetchPolicy, NotFetched, Target
from bot.intake.fetch.decompression import ACCEPTED, Body

AGENT: Final = f"Trendbot/{__version__}"
"""Trendbot's User-Agent, and its name where robots.txt is read."""

MOST_BYTES: Final = 5 << 20
MOST_PDF_BYTES: Final = 30 << 20
MOST_REDIRECTS: Final = 5
SECONDS: Final = 30.0
"""Longest fetch, with all its redirects."""

_LONGEST_WAIT: Final = 7 * 86_400
_PERMANENT: Final = frozenset({301, 308})
_REDIRECTS: Final = _PERMANENT | {302, 303, 307}
_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/pdf, */*;q=0.8"
)


class Validators(Struct, frozen=True):
    """Validators of a conditional request, sent back verbatim (RFC 9110, 13.1); "" for none."""

    etag: str = ""
    last_modified: str = ""


_UNKNOWN: Final = Validators()


class Answer(Struct, frozen=True):
    """A response that was fetched.

    `url` is its final address, `moved_to` the last address reached by permanent redirects alone, "" for none. `body` is
    unpacked, and empty if `unchanged`. `max_age` is the seconds for which the server promises nothing newer.
    """

    url: str
    body: bytes
    unchanged: bool = False
    content_type: str = ""
    charset: str = ""
    validators: Validators = _UNKNOWN
    moved_to: str = ""
    max_age: int = 0


class Fetcher:
    """HTTP client for outside addresses.

    Stateless: each request opens its own connection, so that each one is checked.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        proxied: Callable[[], aiohttp.BaseConnector] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`proxied` returns a connector through the operator's proxy; hosts that the operator names are not proxied."""
        self.policy = policy
        self._proxied = proxied
        self._seconds = seconds

    async def fetch(self, address: str, validators: Validators = _UNKNOWN, most: int = MOST_BYTES) -> Answer:
        """Return the response of an address. `most` limits the unpacked bytes; a PDF may have MOST_PDF_BYTES.

        Raises NotFetched, whose problem says why nothing was fetched.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(address, validators, most)
        except TimeoutError:
            raise NotFetched("fetch_timeout", round(self._seconds)) from None

    async def _follow(self, address: str, validators: Validators, most: int) -> Answer:
        target, moved_to, permanent = self.policy.operator_target(address), "", True
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._ask(target, validators, most, moved_to)
            if isinstance(answer, Answer):
                return answer
            status, url = answer
            target = self.policy.target(url)
            permanent = permanent and status in _PERMANENT
            moved_to = str(target.url) if permanent else moved_to
        raise NotFetched("fetch_redirects", MOST_REDIRECTS)

    async def _ask(
        self, target: Target, validators: Validators, most: int, moved_to: str
    ) -> Answer | tuple[int, str]:
        """Return the response to one request, or the status and target of a redirect."""
        refused: list[str] = []
        try:
            async with (
                aiohttp.ClientSession(
                    connector=self._connector(target, refused),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trust_env=False,
                    auto_decompress=False,
                    timeout=aiohttp.ClientTimeout(total=None),
                ) as session,
                session.get(target.url, headers=_headers(validators), allow_redirects=False) as response,
            ):
                if response.status in _REDIRECTS and (location := response.headers.get("Location")):
                    return response.status, _joined(target.url, location)
                return await _read(response, str(target.url), most, moved_to)
        except (aiohttp.ClientError, ProxyError, OSError, ValueError) as error:
            if isinstance(error, NotFetched | TimeoutError):
                raise
            if refused:
                raise NotFetched("address_private", f"{target.host}:{target.port}") from None
            raise _failure(target, error) from None

    def _connector(self, target: Target, refused: list[str]) -> aiohttp.BaseConnector:
        if self._proxied is not None and not target.named:
            return self._proxied()
        return aiohttp.TCPConnector(
            socket_factory=partial(_checked_socket, target, refused), force_close=True, use_dns_cache=False
        )


def _checked_socket(target: Target, refused: list[str], info: tuple[Any, ...]) -> socket.socket:
    """Return a socket for the IP that a name resolved to.

    Raises OSError, and adds it to `refused`, if it is private.
    """
    family, kind, protocol, _, (ip, port, *_rest) = info
    if not target.admits(ip, port):
        refused.append(ip)
        raise OSError(errno.EACCES, "The address is private.")
    return socket.socket(family, kind, protocol)


def _headers(validators: Validators) -> dict[str, str]:
    headers = {"User-Agent": AGENT, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _joined(url: URL, location: str) -> str:
    try:
        return str(url.join(URL(location)))
    except ValueError:
        raise NotFetched("address_scheme", location) from None


async def _read(response: aiohttp.ClientResponse, url: str, most: int, moved_to: str) -> Answer:
    headers = response.headers
    validators = Validators(_line(headers, "ETag"), _line(headers, "Last-Modified"))
    max_age = _max_age(_line(headers, "Cache-Control"))
    if response.status == 304:
        return Answer(url, b"", unchanged=True, validators=validators, moved_to=moved_to, max_age=max_age)
    if response.status == 410:
        raise NotFetched("fetch_gone", status=410)
    if response.status != 200:
        wait = _retry_after(headers)
        raise NotFetched("fetch_status", response.status, status=response.status, retry_after=wait)
    body = Body(_line(headers, "Content-Encoding"), most, max(most, MOST_PDF_BYTES))
    async for chunk in response.content.iter_any():
        body.add(chunk)
    return Answer(
        url,
        body.whole(),
        content_type=response.content_type,
        charset=response.charset or "",
        validators=validators,
        moved_to=moved_to,
        max_age=max_age,
    )


def _line(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    return value if len(value) <= 500 else ""


def _retry_after(headers: CIMultiDictProxy[str]) -> int | None:
    """Return the seconds that a server asks to wait, at most a week; None if it does not say.

    A date counts relative to the server's own clock, its Date header (RFC 9110, 10.2.3).
    """
    value = _line(headers, "Retry-After").strip()
    if value.isdecimal():
        return min(int(value[:9]), _LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(_line(headers, "Date"))
    except (ValueError, TypeError):
        return None
    return min(max(0, round(wait.total_seconds())), _LONGEST_WAIT)


def _max_age(cache_control: str) -> int:
    for part in cache_control.lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal():
            return min(int(value.strip('"')[:9]), _LONGEST_WAIT)
    return 0


def _failure(target: Target, error: Exception) -> NotFetched:
    """Return why a connection failed. Leaves out the error's text, which may quote what was sent."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return NotFetched("fetch_unknown_host", target.host)
    if isinstance(error, aiohttp.ClientSSLError):
        return NotFetched("fetch_certificate", target.host)
    if isinstance(error, aiohttp.ClientConnectorError | ProxyError | OSError):
        return NotFetched("fetch_unreachable", target.host)
    return NotFetched("fetch_broken")
