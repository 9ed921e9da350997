"""HTTP transport for python-telegram-bot on aiohttp: one request, its answer, within limits of time and bytes.

It retries nothing; `answers` decides what an answer means. It exists because httpx costs several times the CPU. The
token is part of every URL, so no error raised here contains a URL, nor keeps aiohttp's error, which does.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest
from yarl import URL

from bot.telegram.answers import CheckedAnswer, ForeignAnswer, checked
from bot.telegram.proxy import is_loopback, parse_proxy, proxy_connector

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from telegram._utils.types import ODVInput
    from telegram.request import RequestData

NOT_SENT = "Request was *not* sent to Telegram."
"""Part of an error's message when, and only when, nothing can have been delivered: sending again is safe."""

KEEP_ALIVE = 15.0
"""Seconds to keep an idle connection: less than servers do, whose closing would make the next POST fail."""

MOST_BYTES = 1 << 20
"""Maximum bytes of an answer, except updates and files."""

# A hundred updates of the longest messages, each quoting another, stay well under the limit for getUpdates. "" is a
# file: a bot may download up to 20 MB (Bot API, getFile).
_MOST_BYTES = {"getUpdates": 16 << 20, "": 20 << 20}

BODY_SECONDS, FILE_SECONDS = 10.0, 120.0
"""Seconds for the body of an answer and of a file to arrive after its headers: Telegram sends both at once."""

_TOKEN = re.compile(rb"\d{3,}(?::|%3[Aa])[\w-]{16,}")


class AiohttpRequest(BaseRequest):
    """PTB's request interface on aiohttp.

    Timeouts are in seconds, None for no limit: `pool_timeout` to get one of `pool_size` connections; `connect_timeout`
    for DNS, TCP, proxy and TLS together; `write_timeout` for an upload (`media_write_timeout` when files are sent and
    the call names none; a plain form goes to the kernel at once); `read_timeout` until the answer begins, after which
    its body has BODY_SECONDS, and a file FILE_SECONDS. `proxy` serves every host except loopback; environment variables
    are ignored.

    Raises TimedOut, NetworkError, ForeignAnswer for answers that are not Telegram's, and the errors for Telegram's own
    refusals. The first two may come after Telegram has acted, unless they say NOT_SENT.
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
        """Default seconds to wait for an answer; PTB adds it to a long poll's own timeout."""
        return self._read

    async def initialize(self) -> None:
        """Open the sessions on the running loop. Idempotent; after `shutdown` it starts afresh."""
        if self._direct is not None:
            return
        self._places = asyncio.Semaphore(self._pool_size)
        self._direct = _session(aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE))
        if self._proxy is not None:
            self._tunnel = _session(proxy_connector(self._proxy, KEEP_ALIVE))

    async def shutdown(self) -> None:
        """Close every connection; requests in progress fail with NetworkError."""
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
        """See BaseRequest.do_request. Returns only successes: a CheckedAnswer, or a file's bytes."""
        session = self._direct if self._tunnel is None or is_loopback(_host(url)) else self._tunnel
        if session is None:
            raise RuntimeError("AiohttpRequest is used before initialize() or after shutdown().")
        upload = request_data is not None and request_data.contains_files
        write = _or(write_timeout, self._media_write if upload else self._write)
        connect, read = _or(connect_timeout, self._connect), _or(read_timeout, self._read)
        body_seconds = FILE_SECONDS if method == "GET" else BODY_SECONDS
        total = (
            None
            if None in (connect, write, read)
            else (connect or 0) + (write or 0) + (read or 0) + body_seconds
        )
        limits = aiohttp.ClientTimeout(total, connect, sock_read=read, sock_connect=connect)
        endpoint = "" if method == "GET" else url.rpartition("/")[2]
        # Held by name: initialize() after a shutdown() creates a new semaphore.
        places = self._places
        await _enter(places, _or(pool_timeout, self._pool))
        try:
            body = None if request_data is None else await _body(request_data, write)
            # Decompressed, a small answer could be endless.
            headers = {"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"}
            if isinstance(body, bytes):
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            async with session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                async with asyncio.timeout(body_seconds):
                    status, payload = (
                        response.status,
                        await _payload(response, _MOST_BYTES.get(endpoint, MOST_BYTES)),
                    )
        except ForeignAnswer:
            raise
        except Exception as error:  # noqa: BLE001 - PTB would show the repr of any other, with the address
            failure = _translated(error)
        else:
            is_file = method == "GET" and 200 <= status <= 299
            return status, payload if is_file else checked(endpoint, status, payload)
        finally:
            places.release()
        # Raised outside the handler: inside it, even `from None` keeps aiohttp's error as the context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the JSON that `do_request` has parsed already. See BaseRequest.parse_json_payload."""
        if not isinstance(payload, CheckedAnswer):
            raise TypeError("Only what do_request returned can be read.")
        return payload.parsed


class _Upload(aiohttp.MultipartWriter):
    """Multipart form with a time limit for writing it, which aiohttp lacks."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("form-data")
        self._seconds = seconds

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:
        """Write every part; raise TimeoutError when the server does not accept them in time."""
        async with asyncio.timeout(self._seconds):
            await super().write(writer, close_boundary)


async def _enter(places: asyncio.Semaphore, seconds: float | None) -> None:
    if not places.locked():
        # Does not wait, so it saves the timer.
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
        # yarl quotes in C: urllib, byte by byte, takes longer for Chinese than all the rest of a request.
        return URL.build(query=data.json_parameters).raw_query_string.encode()
    upload = _Upload(write_timeout)
    for name, value in data.json_parameters.items():
        upload.append(value).set_content_disposition("form-data", name=name)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        whole = content if isinstance(content, bytes) else await asyncio.to_thread(_whole, content)
        # A stream, because aiohttp warns about large bytes.
        part = upload.append(BytesIO(whole), {"Content-Type": mimetype})
        # Unquoted: Telegram takes a file's name literally.
        part.set_content_disposition("form-data", quote_fields=False, name=name, filename=filename)
    return upload


def _whole(handle: IO[bytes]) -> bytes:
    # From the start, and left open for the caller: the limiter may send the same file again after a 429.
    if handle.seekable():
        handle.seek(0)
    return handle.read()


async def _payload(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the body of an answer. Raises ForeignAnswer where it has more than `limit` bytes."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            # The rest is not read, so the connection cannot be reused.
            response.close()
            raise ForeignAnswer(f"The answer is not Telegram's: longer than {limit} bytes.")
    return b"".join(chunks)


def _or(given: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
    )


def _translated(error: Exception) -> NetworkError:
    """Return PTB's error for a network error, without any text that could come from the URL."""
    name = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError | ProxyTimeoutError):
        return TimedOut(f"Connect timeout. {NOT_SENT}")
    if isinstance(error, TimeoutError):
        return TimedOut()
    if isinstance(error, aiohttp.ClientConnectorError | ProxyConnectionError | ProxyError):
        # These name the host or the proxy, and why it could not be reached; they never see the path.
        detail = _TOKEN.sub(b"<token>", str(error).encode(errors="replace")).decode()
        return NetworkError(f"{name}: {detail}. {NOT_SENT}")
    if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
        return NetworkError(f"{name}: {os.strerror(error.errno)}")
    return NetworkError(name)
