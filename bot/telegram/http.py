"""The HTTP under python-telegram-bot, on aiohttp: one request out, its status and bytes back.

It retries nothing and knows no method of the Bot API. It exists because httpx costs several times the CPU.
The token is part of every address, so no error raised here names one, nor keeps aiohttp's error, which does.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import ssl
from io import BytesIO
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError, ProxyType
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest
from yarl import URL

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from telegram._utils.types import ODVInput
    from telegram.request import RequestData

NOT_SENT = "Request was *not* sent to Telegram."
"""Part of an error's message when, and only when, nothing can have been delivered: sending again is safe."""

SCHEMES = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks": 1080}
"""Proxy schemes and their usual ports. Every one resolves names at the proxy: where a proxy is needed, the
network's own answers are not to be believed."""

KEEP_ALIVE = 15.0
"""Seconds that an idle connection is kept: less than servers do, whose closing would fail the next POST."""

_TOKEN = re.compile(rb"\d{3,}(?::|%3[Aa])[\w-]{16,}")


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


class AiohttpRequest(BaseRequest):
    """PTB's request interface on aiohttp.

    Timeouts are in seconds, None for no limit: `pool_timeout` to get one of `pool_size` connections,
    `connect_timeout` for names, TCP, proxy and TLS together, `write_timeout` for an upload
    (`media_write_timeout` when files are sent and the call names none; a plain form is handed to the kernel
    at once), `read_timeout` for each wait for bytes of the answer. `proxy` serves every host but loopback;
    the environment is not asked.

    Raises TimedOut and NetworkError. Either may come after Telegram has acted, unless it says NOT_SENT.
    """

    __slots__ = (
        "_connect",
        "_direct",
        "_media_write",
        "_places",
        "_pool",
        "_pool_size",
        "_proxy",
        "_read",
        "_tunnel",
        "_write",
    )

    def __init__(
        self,
        *,
        pool_size: int = 64,
        proxy: str | None = None,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 5.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._pool_size = pool_size
        self._proxy = parse_proxy(proxy) if proxy else None
        self._read, self._write, self._connect = read_timeout, write_timeout, connect_timeout
        self._pool, self._media_write = pool_timeout, media_write_timeout
        self._direct: aiohttp.ClientSession | None = None
        self._tunnel: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(pool_size)

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer when a call does not say; PTB adds it to a long poll's own."""
        return self._read

    async def initialize(self) -> None:
        """Open the sessions, on the running loop. Twice is harmless; after `shutdown` it starts afresh."""
        if self._direct is not None:
            return
        self._places = asyncio.Semaphore(self._pool_size)
        self._direct = _session(aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE))
        if self._proxy is not None:
            self._tunnel = _session(_proxy_connector(self._proxy))

    async def shutdown(self) -> None:
        """Close every connection; what is under way fails with NetworkError."""
        sessions, self._direct, self._tunnel = (self._direct, self._tunnel), None, None
        for session in sessions:
            if session is not None:
                await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See BaseRequest.do_request: the status, and the body as it came."""
        session = self._session_for(url)
        upload = request_data is not None and request_data.contains_files
        write = _or(write_timeout, self._media_write if upload else self._write)
        connect = _or(connect_timeout, self._connect)
        limits = aiohttp.ClientTimeout(
            total=None, connect=connect, sock_connect=connect, sock_read=_or(read_timeout, self._read)
        )
        # Held by name: initialize() after a shutdown() makes new ones.
        places = self._places
        await _enter(places, _or(pool_timeout, self._pool))
        try:
            body = None if request_data is None else await _body(request_data, write)
            headers = {"User-Agent": self.USER_AGENT}
            if isinstance(body, bytes):
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            async with session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        except Exception as error:  # noqa: BLE001 - PTB would show the repr of any other, with the address
            failure = _translated(error)
        else:
            # An error page may quote the address that was asked for.
            return status, payload if 200 <= status <= 299 else _TOKEN.sub(b"<token>", payload)
        finally:
            places.release()
        # Outside of the handler: inside it, even `from None` keeps aiohttp's error as the context.
        raise failure

    def _session_for(self, url: str) -> aiohttp.ClientSession:
        session = self._direct
        if self._tunnel is not None and not is_loopback(_host(url)):
            session = self._tunnel
        if session is None:
            raise RuntimeError("AiohttpRequest is used before initialize() or after shutdown().")
        return session


class _Upload(aiohttp.MultipartWriter):
    """A multipart form whose writing has a time limit, which aiohttp has none for."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("form-data")
        self._seconds = seconds

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:
        """Write every part; TimeoutError when the server does not take them in time."""
        async with asyncio.timeout(self._seconds):
            await super().write(writer, close_boundary)


async def _enter(places: asyncio.Semaphore, seconds: float | None) -> None:
    if not places.locked():
        # Does not wait, and saves the timer.
        await places.acquire()
        return
    try:
        async with asyncio.timeout(seconds):
            await places.acquire()
    except TimeoutError:
        raise TimedOut(
            f"Pool timeout: All connections in the connection pool are occupied. {NOT_SENT} "
            "Consider adjusting the connection pool size or the pool timeout."
        ) from None


async def _body(data: RequestData, write_timeout: float | None) -> bytes | _Upload:
    if not data.contains_files:
        # yarl quotes in C: urllib, byte by byte, takes longer over Chinese than all the rest of a request.
        return URL.build(query=data.json_parameters).raw_query_string.encode()
    upload = _Upload(write_timeout)
    for name, value in data.json_parameters.items():
        upload.append(value).set_content_disposition("form-data", name=name)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        whole = content if isinstance(content, bytes) else await asyncio.to_thread(_whole, content)
        # A stream, since aiohttp warns of large bytes.
        part = upload.append(BytesIO(whole), {"Content-Type": mimetype})
        # Unquoted: Telegram reads a file's name as it stands.
        part.set_content_disposition("form-data", quote_fields=False, name=name, filename=filename)
    return upload


def _whole(handle: IO[bytes]) -> bytes:
    # From the start, and the caller's to close: the limiter may send the same file again after a 429.
    if handle.seekable():
        handle.seek(0)
    return handle.read()


def _or(given: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def _proxy_connector(proxy: Proxy) -> ProxyConnector:
    return ProxyConnector(
        proxy.host,
        proxy.port,
        proxy_type=ProxyType.HTTP if proxy.scheme.startswith("http") else ProxyType.SOCKS5,
        username=proxy.username,
        password=proxy.password,
        rdns=True,
        proxy_ssl=ssl.create_default_context() if proxy.scheme == "https" else None,
        limit=0,
        keepalive_timeout=KEEP_ALIVE,
    )


def _translated(error: Exception) -> NetworkError:
    """PTB's error for one of the network, with no word in it that could come from the address."""
    name = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError | ProxyTimeoutError):
        return TimedOut(f"Connect timeout. {NOT_SENT}")
    if isinstance(error, TimeoutError):
        return TimedOut()
    if isinstance(error, aiohttp.ClientConnectorError | ProxyConnectionError | ProxyError):
        # These name the host or the proxy, and why it could not be reached; the path they never see.
        detail = _TOKEN.sub(b"<token>", str(error).encode(errors="replace")).decode()
        return NetworkError(f"{name}: {detail}. {NOT_SENT}")
    if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
        return NetworkError(f"{name}: {os.strerror(error.errno)}")
    return NetworkError(name)
