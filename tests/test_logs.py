"""No secret reaches the log, whichever way a process logs or prints it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo
from telegram.error import ChatMigrated

from bot.logs import CHATTY, configure_logging, redact
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "123456789:AAExampleTokenDontLeak-0123456789abcde"  # noqa: S105 - no real token
KEY = TOKEN.partition(":")[2]
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Logging configured at INFO to a buffer; global logging state is restored afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in CHATTY}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    stream = io.StringIO()
    configure_logging("info", [TOKEN], stream)
    try:
        yield stream
    finally:
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        for name, value in levels.items():
            logging.getLogger(name).setLevel(value)
        root.handlers[:] = handlers
        root.setLevel(level)


def said(log: io.StringIO) -> str:
    """Return what was logged, after asserting that it holds no secret."""
    text = log.getvalue()
    assert KEY not in text
    assert text
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (URL, "https://api.telegram.org/bot<token>/getMe"),
        (f"bot{quote(TOKEN)}/x", "bot<token>/x"),
        (f"bot{quote(TOKEN).replace('%3A', '%3a')}/x", "bot<token>/x"),
        (f"key {KEY}.", "key <token>."),
        (f"{TOKEN}{TOKEN}", "<token><token>"),
        (repr(URL.encode()), "b'https://api.telegram.org/bot<token>/getMe'"),
        ("nothing 123456789", "nothing 123456789"),
    ],
)
def test_a_token_is_masked_in_each_of_its_forms(text: str, expected: str) -> None:
    assert redact(text, [TOKEN]) == expected


def test_a_password_is_masked_as_it_is_and_as_an_address_writes_it() -> None:
    secrets = ["p@ss/wörd", ""]
    for form in ("p@ss/wörd", "p%40ss/w%C3%B6rd", "p%40ss%2fw%c3%b6rd", ascii("p@ss/wörd")):
        assert redact(f"<{form}>", secrets) in {"<<token>>", "<'<token>'>"}


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("postgresql://bot:s3cretw%40rd@db.example/trend", "s3cretw@rd"),
        ("postgres://bot:s3cretw:rd@/trend?host=%2Frun", "s3cretw:rd"),
        ("postgresql://db.example/trend?user=bot&password=s3cret'w%5Crd", "s3cret'w\\rd"),
        ("postgresql://bot:s3c@db.example:5432,[::1]:5433/trend", "s3c"),
    ],
)
def test_the_password_of_the_database_is_masked_in_every_spelling(address: str, password: str) -> None:
    secrets = Settings.from_env({"TRENDBOT_STATE": address}).secrets
    spelled = [
        address,
        repr(address),
        password,
        repr(password),
        json.dumps(password),
        quote(password, safe=""),
    ]
    spelled += [
        make_conninfo(password=password),
        f"PGPASSWORD={password}",
        f"x:{quote_plus(password)}@db.example",
    ]
    for text in spelled:
        masked = redact(f"at {text}, refused", secrets)
        assert "s3c" not in masked
        assert "rd@" not in masked
        assert masked.endswith(", refused")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bot:s3cret@s3cret@db.example/trend",
        "postgresql://bot:123/s3cret@db.example/trend",
        "postgresql://bot:s3cret/s3cret@db.example/trend",
        "postgresql://bot:s3cret%zz@db.example/trend",
        "postgresql://bot@db.example:s3cret/trend",
        "mysql://bot:s3cret@db.example/trend",
        "host=db.example user=bot password=s3cret",
    ],
)
def test_an_address_of_a_database_that_cannot_be_read_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(SettingsError, match="TRENDBOT_STATE") as refused:
        Settings.from_env({"TRENDBOT_STATE": address})
    assert "s3cret" not in str(refused.value)


def test_the_password_of_a_proxy_is_a_secret_too() -> None:
    secrets = Settings.from_env({"HTTPS_PROXY": "http://me:w%C3%B6rter1@proxy.example:3128"}).secrets
    assert (
        redact("http://me:wörter1@proxy.example w%c3%b6rter1", secrets)
        == "http://me:<token>@proxy.example <token>"
    )


@pytest.mark.parametrize("end", [":1/trend", ":1/trend?s3cret", ":77777777/trend"])
def test_a_command_on_a_database_that_cannot_be_used_does_not_print_its_password(
    tmp_path: Path, end: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "state", "copy"],
        env={
            **os.environ,
            "TRENDBOT_STATE": f"postgresql://bot:s3cret@127.0.0.1{end}",
            "TRENDBOT_DATA": str(tmp_path),
        },
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("trendbot: ")
    assert "s3cret" not in done.stdout + done.stderr


def test_a_chat_and_a_databases_row_are_named_by_no_line(log: io.StringIO) -> None:
    row = "duplicate key\nDETAIL:  Key (chat_id, text)=(-100555, hello) already exists."
    logging.getLogger("x").error("%s", ChatMigrated(-100555))
    logging.getLogger("x").error("no", exc_info=ValueError(row))
    assert "New chat id: <chat>" in said(log)
    assert "ValueError: duplicate key\nDETAIL: <row>\n" in said(log)
    assert "100555" not in said(log)


def test_of_two_secrets_that_begin_alike_nothing_is_left() -> None:
    assert redact("abcd1234 abcd1234efgh", ["abcd1234", "abcd1234efgh"]) == "<token> <token>"


def test_a_short_part_after_a_colon_is_no_secret_of_its_own() -> None:
    assert redact("a:bot says bot", ["a:bot"]) == "<token> says bot"
    assert redact("as it is", []) == "as it is"
    assert redact("as it is", [""]) == "as it is"


@given(st.text(), st.text(alphabet="abcXYZ019-_", min_size=8), st.text())
def test_no_secret_survives(before: str, key: str, after: str) -> None:
    secret = f"12345:{key}"
    for form in (secret, quote(secret), quote(secret, safe=""), key):
        masked = redact(f"{before}{form}{after}", [secret])
        assert key not in masked.replace("<token>", "") or key in before + after


def test_message_arguments_traceback_and_stack_are_masked(log: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError(URL)

    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError("second") from error
    except RuntimeError:
        logging.getLogger("x").exception("calling %s", URL, stack_info=True)
    text = said(log)
    assert "calling https://api.telegram.org/bot<token>/getMe" in text
    assert "ValueError: https://api.telegram.org/bot<token>/getMe" in text
    assert "Stack (most recent call last)" in text


def test_a_bad_log_call_is_reported_without_its_arguments(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    # Configured again, since pytest has installed handlers of its own, which raise.
    configure_logging("INFO", [TOKEN], log)
    logging.getLogger("x").error("%d wrong", URL)
    assert "unwritable log call (TypeError)" in said(log)
    assert "%d wrong" in said(log)
    assert capfd.readouterr() == ("", "")


def test_a_broken_stream_is_silent(log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", [TOKEN], log)
    log.close()
    logging.getLogger("x").error("%s", URL)
    assert capfd.readouterr() == ("", "")


def test_hooks_and_warnings_go_through_the_log(log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    class Unruly:
        def __del__(self) -> None:
            raise ValueError(f"unraisable {URL}")

    def fail() -> None:
        raise ValueError(f"in a thread {URL}")

    warnings.simplefilter("always")
    warnings.warn(f"warned {URL}", stacklevel=1)
    for target in (fail, sys.exit):
        thread = threading.Thread(target=target, name=f"thread-of-{target.__name__}")
        # pytest has installed its own hooks for threads and finalisers; install ours again.
        configure_logging("INFO", [TOKEN], log)
        thread.start()
        thread.join()
    unruly = Unruly()
    del unruly
    try:
        fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    text = said(log)
    for words in ("warned http", "thread-of-fail", "unraisable http", "Uncaught exception\n"):
        assert words in text
    assert "thread-of-exit" not in text
    assert capfd.readouterr() == ("", "")


def test_libraries_that_write_per_request_are_quiet_unless_debugging(log: io.StringIO) -> None:
    for name in CHATTY:
        logging.getLogger(f"{name}.part").info("a request")
        logging.getLogger(f"{name}.part").warning("of %s", name)
    assert "a request" not in said(log)
    assert said(log).count("WARNING") == len(CHATTY)
    configure_logging("DEBUG", [TOKEN], log)
    for name in CHATTY:
        logging.getLogger(f"{name}.part").debug("a request")
    assert said(log).count("a request") == len(CHATTY)
    configure_logging("INFO", [TOKEN], log)
    logging.getLogger("httpx").info("once more")
    assert "once more" not in said(log)


def test_configured_twice_every_line_is_written_once(log: io.StringIO) -> None:
    configure_logging("INFO", [TOKEN], log)
    logging.getLogger("x").info("one line")
    assert said(log).count("one line") == 1


def test_an_unknown_level_is_named(log: io.StringIO) -> None:
    with pytest.raises(ValueError, match="no log level 'LOUD'"):
        configure_logging("LOUD", [], log)


PROCESS = """
import asyncio, contextlib, logging, os, sys, threading, traceback
token, level = os.environ["THE_TOKEN"], sys.argv[1]
from bot.logs import configure_logging
configure_logging(level, [token], sys.stderr)

from aiohttp import web
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application
from bot.telegram.limiter import LaneLimiter
from bot.telegram.http import AiohttpRequest

log = logging.getLogger("process")

async def answer(request):
    if request.match_info["method"] != "getMe" or late.is_set():
        await asyncio.sleep(60)
    description = f"Unauthorized: {request.path}"
    return web.json_response({"ok": False, "error_code": 401, "description": description}, status=401)

async def main():
    app = web.Application()
    app.router.add_route("*", "/{bot}/{method}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    request, updates = AiohttpRequest(read_timeout=0.2), AiohttpRequest(read_timeout=0.2)
    builder = Application.builder().token(token).base_url(f"http://127.0.0.1:{site.port}/bot")
    bot_app = builder.request(request).get_updates_request(updates).rate_limiter(LaneLimiter()).build()
    for bad in (False, True):
        late.set() if bad else late.clear()
        try:
            await bot_app.initialize()
        except TelegramError as error:
            log.exception("start failed with %r", error)
            print("LATE" if bad else "REFUSED", type(error).__name__, flush=True)
    with contextlib.suppress(TelegramError):
        await bot_app.bot.send_message(7, "hello", rate_limit_args="broadcast")
    log.info("the bot is %r, its address %s", bot_app.bot, bot_app.bot.base_url)
    await bot_app.bot.shutdown()
    await request.shutdown()
    await updates.shutdown()
    asyncio.get_running_loop().call_exception_handler({"message": bot_app.bot.base_url})
    url = bot_app.bot.base_url
    await runner.cleanup()
    thread = threading.Thread(target=lambda: open(url), name=url)
    thread.start()
    thread.join()
    raise RuntimeError(f"cannot reach {url}/getMe")

late = asyncio.Event()
asyncio.run(main())
"""


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_a_whole_process_says_everything_but_the_token(level: str) -> None:
    root = Path(__file__).parents[1]
    environment = {**os.environ, "THE_TOKEN": TOKEN, "PTB_TIMEDELTA": "1", "PYTHONASYNCIODEBUG": "1"}
    environment["PYTHONPATH"] = str(root)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROCESS, level],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    output = done.stdout + done.stderr
    assert KEY not in output
    assert done.returncode == 1
    assert "REFUSED InvalidToken" in done.stdout
    assert "LATE TimedOut" in done.stdout
    for words in (
        "<token>/getMe",
        "The token `<token>` was rejected",
        "RuntimeError: cannot reach",
        "thread http",
    ):
        assert words in done.stderr
    assert "Calling Bot API endpoint" not in done.stderr, "it would write what people said"
    assert "ResourceWarning" not in done.stderr
