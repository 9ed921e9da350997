"""The transport against real sockets: what Telegram receives, what PTB is told, and that no token leaks."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import socket
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import RequestData

from bot.telegram.answers import ForeignAnswer
from bot.telegram.http import NOT_SENT, AiohttpRequest
from bot.telegram.proxy import is_loopback, parse_proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

TOKEN = "123456789:AAExampleTokenDontLeak-0123456789abcde"  # noqa: S105 - no real token
KEY = TOKEN.partition(":")[2]
ELSEWHERE = "api.telegram.invalid"
"""A host that only a proxy can reach: `.invalid` never resolves (RFC 6761)."""

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run one test's coroutine, then collect garbage so that unclosed resources warn now."""
    asyncio.run(asyncio.wait_for(test, 60))
    gc.collect()


class Telegram:
    """A Bot API of a few canned methods that records the forms it receives."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.called = asyncio.Event()
        self.connections: set[int] = set()
        self.port = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[Telegram]:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{bot}/{method}", self.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = site.port
        try:
            yield self
        finally:
            await runner.cleanup()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form: dict[str, Any] = {}
        for name, value in (await request.post()).items():
            form[name] = (
                (value.filename, value.content_type, value.file.read())
                if isinstance(value, web.FileField)
                else value
            )
        self.calls.append((method, form))
        self.called.set()
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername")[1])
        return await getattr(self, method, self.missing)(request, form)

    async def getMe(self, *_: Any) -> web.Response:  # noqa: N802 - the method's name
        return ok({"id": 1, "is_bot": True, "first_name": "Trend", "username": "trendbot"})

    async def sendMessage(self, _: web.Request, form: dict[str, Any]) -> web.Response:  # noqa: N802 - as above
        return ok(message(text=form["text"]))

    async def sendDocument(self, *_: Any) -> web.Response:  # noqa: N802 - as above
        return ok(message(document={"file_id": "f", "file_unique_id": "u"}))

    async def getChat(self, *_: Any) -> web.Response:  # noqa: N802 - as above; this method never answers
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    async def drop(self, request: web.Request, _: dict[str, Any]) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def flood(self, *_: Any) -> web.Response:
        return refuse(429, "Too Many Requests: retry after 7", parameters={"retry_after": 7})

    async def conflict(self, *_: Any) -> web.Response:
        return refuse(409, "Conflict: terminated by other getUpdates request")

    async def wrong(self, *_: Any) -> web.Response:
        return refuse(400, "Bad Request: message text is empty")

    async def unauthorized(self, *_: Any) -> web.Response:
        return refuse(401, "Unauthorized")

    async def gateway(self, request: web.Request, _: dict[str, Any]) -> web.Response:
        return web.Response(status=502, text=f"<h1>502</h1> while asking for {request.path}")

    async def elsewhere(self, request: web.Request, _: dict[str, Any]) -> web.Response:
        raise web.HTTPFound(request.path.replace("elsewhere", "getMe"))

    async def missing(self, *_: Any) -> web.Response:
        return refuse(404, "Not Found")


def ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refuse(status: int, description: str, **more: Any) -> web.Response:
    return web.json_response(
        {"ok": False, "error_code": status, "description": description, **more}, status=status
    )


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}, **content}


@contextlib.asynccontextmanager
async def bot_at(base: str, request: AiohttpRequest) -> AsyncIterator[Bot]:
    """Yield PTB's own Bot over the transport, opened and closed as an Application does."""
    bot = Bot(TOKEN, base_url=base, request=request, get_updates_request=AiohttpRequest())
    await request.initialize()
    try:
        yield bot
    finally:
        await request.shutdown()


@contextlib.asynccontextmanager
async def listening(serve: Callable[..., Awaitable[None]]) -> AsyncIterator[int]:
    """Run a bare TCP server; yield its port, and close its open connections at the end."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)
        await server.wait_closed()


async def pipe(near: Stream, far: Stream) -> None:
    """Copy both directions until both have ended."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    try:
        await asyncio.gather(copy(near[0], far[1]), copy(far[0], near[1]))
    finally:
        far[1].transport.abort()


class HttpProxy:
    """HTTP proxy: CONNECT to any name leads to `target`, as if only this proxy could resolve the name."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.asked: list[str] = []
        self.logins: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        verb, host, _ = head.split(" ", 2)
        assert verb == "CONNECT"
        self.asked.append(host)
        self.logins += [line.split(": ")[1] for line in head.split("\r\n") if line.startswith("Proxy-Auth")]
        far = await asyncio.open_connection("127.0.0.1", self.target)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await pipe((reader, writer), far)


class SocksProxy(HttpProxy):
    """SOCKS5 proxy (RFC 1928) that takes names only: an address would mean that the client resolved the name."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        assert await reader.readexactly(4) == b"\x05\x01\x00\x03"
        host = await reader.readexactly((await reader.readexactly(1))[0])
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{host.decode()}:{port}")
        far = await asyncio.open_connection("127.0.0.1", self.target)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await pipe((reader, writer), far)


def everything_in(error: BaseException | None) -> str:
    """Return everything that could be printed of an error: tracebacks, and every link of its chain, suppressed or not."""
    text = "".join(traceback.format_exception(error)) if error else ""
    while error is not None:
        text += f"{error!r} {error} {error.args!r}"
        text += everything_in(error.__cause__)
        error = error.__context__
    return text


async def failure(bot: Bot, method: str, **timeouts: Any) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the callers check its type
        await bot._post(method, **timeouts)
    assert KEY not in everything_in(caught.value)
    return caught.value


def test_what_is_said_arrives_as_it_was_meant() -> None:
    text = "算力趋势 <b>& =+?#;%41\n\"'😀 end"

    async def test() -> None:
        async with Telegram().serving() as telegram, bot_at(telegram.base, AiohttpRequest()) as bot:
            assert (await bot.get_me()).username == "trendbot"
            assert (await bot.send_message(-7, text, parse_mode="HTML")).text == text
        method, form = telegram.calls[-1]
        assert method == "sendMessage"
        assert form == {"chat_id": "-7", "text": text, "parse_mode": "HTML"}

    run(test())


@pytest.mark.parametrize("as_handle", [False, True])
def test_a_file_is_uploaded_whole_and_again_after_a_retry(as_handle: bool) -> None:
    content = bytes(range(256)) * 8192

    async def test() -> None:
        handle = io.BytesIO(content)
        file = InputFile(
            handle if as_handle else content, filename="趋势 报告.pdf", read_file_handle=not as_handle
        )
        async with Telegram().serving() as telegram, bot_at(telegram.base, AiohttpRequest()) as bot:
            for _ in range(2):
                await bot.send_document(-7, file, caption="附件")
        assert not handle.closed
        for _, form in telegram.calls:
            assert form["document"] == ("趋势 报告.pdf", "application/pdf", content)
            assert (form["chat_id"], form["caption"]) == ("-7", "附件")

    run(test())


def test_it_can_be_used_again_after_shutdown_and_keeps_its_connections() -> None:
    async def test() -> None:
        async with Telegram().serving() as telegram:
            request = AiohttpRequest()
            for _ in range(2):
                async with bot_at(telegram.base, request) as bot:
                    await request.initialize()
                    for _ in range(3):
                        await bot.get_me()
            await request.shutdown()
            assert len(telegram.connections) == 2
            assert "before initialize()" in str(await failure(bot, "getMe"))

    run(test())


@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        ("flood", RetryAfter, "Flood control"),
        ("conflict", Conflict, "terminated by other"),
        ("wrong", BadRequest, "text is empty"),
        ("unauthorized", InvalidToken, "Unauthorized"),
        ("gateway", ForeignAnswer, "HTTP 502"),
        ("elsewhere", ForeignAnswer, "HTTP 302"),
        ("drop", NetworkError, "ServerDisconnectedError"),
    ],
)
def test_ptb_is_told_what_happened(method: str, kind: type[Exception], words: str) -> None:
    async def test() -> None:
        async with Telegram().serving() as telegram, bot_at(telegram.base, AiohttpRequest()) as bot:
            error = await failure(bot, method)
            assert type(error) is kind
            assert words in str(error)
            assert NOT_SENT not in str(error)
            assert len(telegram.calls) == 1

    run(test())


def test_a_late_answer_is_a_timeout_that_does_not_claim_that_nothing_was_sent() -> None:
    async def test() -> None:
        async with (
            Telegram().serving() as telegram,
            bot_at(telegram.base, AiohttpRequest(read_timeout=0.1)) as bot,
        ):
            assert bot.request.read_timeout == 0.1
            error = await failure(bot, "getChat")
            assert type(error) is TimedOut
            assert NOT_SENT not in str(error)
            assert [method for method, _ in telegram.calls] == ["getChat"]

    run(test())


def test_a_full_pool_says_that_nothing_was_sent_and_that_is_true() -> None:
    async def test() -> None:
        async with (
            Telegram().serving() as telegram,
            bot_at(telegram.base, AiohttpRequest(pool_size=1, read_timeout=30, pool_timeout=0.05)) as bot,
        ):
            slow = asyncio.create_task(bot._post("getChat"))
            await telegram.called.wait()
            error = await failure(bot, "sendMessage")
            assert type(error) is TimedOut
            assert "Pool timeout" in str(error)
            assert NOT_SENT in str(error)
            assert [method for method, _ in telegram.calls] == ["getChat"]
            slow.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await slow
            # A cancelled request frees its place.
            await bot.get_me()

    run(test())


def test_an_upload_that_nobody_takes_times_out() -> None:
    async def deaf(*_: Any) -> None:
        await asyncio.sleep(60)

    async def test() -> None:
        request = AiohttpRequest(media_write_timeout=0.2, read_timeout=30)
        async with listening(deaf) as port, bot_at(f"http://127.0.0.1:{port}/bot", request) as bot:
            with pytest.raises(TimedOut) as caught:
                await bot.send_document(7, bytes(32 << 20))
            assert NOT_SENT not in str(caught.value)
            assert KEY not in everything_in(caught.value)

    run(test())


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("http://127.0.0.1:{closed}/bot", NOT_SENT),
        (f"http://{ELSEWHERE}/bot", NOT_SENT),
        ("http:///bot", "InvalidUrlClientError"),
        ("nonsense/bot", "InvalidUrlClientError"),
        ("htp://127.0.0.1/bot", "NonHttpUrlClientError"),
        ("http://127.0.0.1:port/bot", "InvalidUrlClientError"),
        ("http://[::1/bot", "InvalidUrlClientError"),
    ],
)
def test_an_address_that_leads_nowhere_is_an_error_without_the_token(base: str, words: str) -> None:
    async def test() -> None:
        async with bot_at(base.format(closed=closed_port()), AiohttpRequest()) as bot:
            error = await failure(bot, "getMe")
            assert type(error) is NetworkError
            assert words in str(error)

    run(test())


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("kind", "scheme"), [(HttpProxy, "http"), (SocksProxy, "socks5"), (SocksProxy, "socks5h")]
)
def test_a_proxy_resolves_the_name_and_carries_the_request(kind: type[HttpProxy], scheme: str) -> None:
    async def test() -> None:
        async with Telegram().serving() as telegram:
            proxy = kind(telegram.port)
            async with (
                listening(proxy) as port,
                bot_at(
                    f"http://{ELSEWHERE}/bot", AiohttpRequest(proxy=f"{scheme}://127.0.0.1:{port}")
                ) as bot,
            ):
                assert (await bot.get_me()).username == "trendbot"
                assert (await bot.send_message(7, "经由代理")).text == "经由代理"
            assert proxy.asked == [f"{ELSEWHERE}:80"]

    run(test())


def test_a_proxy_gets_its_name_and_password() -> None:
    async def test() -> None:
        async with Telegram().serving() as telegram:
            proxy = HttpProxy(telegram.port)
            async with listening(proxy) as port:
                request = AiohttpRequest(proxy=f"http://me:p%40ss@127.0.0.1:{port}")
                async with bot_at(f"http://{ELSEWHERE}/bot", request) as bot:
                    await bot.get_me()
            assert proxy.logins == ["Basic bWU6cEBzcw=="]

    run(test())


def test_loopback_is_never_proxied_and_the_environment_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")

    async def test() -> None:
        async with Telegram().serving() as telegram:
            for proxy in (None, f"http://127.0.0.1:{closed_port()}"):
                for host in ("127.0.0.1", "localhost"):
                    base = telegram.base.replace("127.0.0.1", host)
                    async with bot_at(base, AiohttpRequest(proxy=proxy)) as bot:
                        assert (await bot.get_me()).username == "trendbot"

    run(test())


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_proxy_that_fails_is_an_error_that_says_that_nothing_was_sent(scheme: str) -> None:
    async def slam(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        await writer.drain()

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()
        await asyncio.sleep(60)

    async def expect(port: int, kind: type[Exception]) -> None:
        request = AiohttpRequest(proxy=f"{scheme}://me:secretpass@127.0.0.1:{port}", connect_timeout=0.3)
        async with bot_at(f"http://{ELSEWHERE}/bot", request) as bot:
            error = await failure(bot, "getMe")
            assert type(error) is kind
            assert NOT_SENT in str(error)
            assert "secretpass" not in everything_in(error)

    async def test() -> None:
        await expect(closed_port(), NetworkError)
        async with listening(slam) as port:
            await expect(port, NetworkError)
        async with listening(silent) as port:
            await expect(port, TimedOut)

    run(test())


def test_proxy_addresses_are_read_and_never_quoted_in_an_error() -> None:
    assert parse_proxy("socks5h://127.0.0.1") == ("socks5h", "127.0.0.1", 1080, None, "")
    assert parse_proxy("http://a%3Ab:p%2Fw@[::1]:3128") == ("http", "::1", 3128, "a:b", "p/w")
    for wrong in (
        "",
        "127.0.0.1:8080",
        "ftp://h",
        "http://",
        "http://u:s3cret",
        "http://u:s3cret@[h",
        "socks4://s3cret",
    ):
        with pytest.raises(ValueError, match="A proxy address must be") as caught:
            parse_proxy(wrong)
        assert "s3cret" not in everything_in(caught.value)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("api.telegram.org", False),
        ("128.0.0.1", False),
        ("localhost.example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_download_is_handed_over_untouched() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = f"token {TOKEN}".encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    async def test() -> None:
        request = AiohttpRequest()
        async with listening(serve) as port, bot_at("", request):
            assert await request.retrieve(f"http://127.0.0.1:{port}/file") == f"token {TOKEN}".encode()

    run(test())


def test_shutdown_ends_what_is_under_way() -> None:
    async def test() -> None:
        request = AiohttpRequest(read_timeout=30)
        async with Telegram().serving() as telegram, bot_at(telegram.base, request):
            slow = asyncio.create_task(request.post(f"{telegram.base}{TOKEN}/getChat", RequestData()))
            await telegram.called.wait()
            await request.shutdown()
            with pytest.raises(NetworkError) as caught:
                await slow
            assert KEY not in everything_in(caught.value)

    run(test())
