"""`trendbot doctor`: checks each thing that the bot needs and says what to do where it is missing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.languages import DEFAULT
from bot.settings import Settings, packaged
from bot.sqlite.errors import StorageError
from bot.state.locks import Locked, locked
from bot.state.state import State
from bot.state.upkeep import LOCK, check_state

if TYPE_CHECKING:
    from telegram import WebhookInfo

    from bot.app import App

_FREE_BYTES = 100 << 20
_SILENT_SECONDS = 120
# Before this version, a WAL file can be reset while a reader still needs it.
_SOUND_SQLITE = (3, 51, 3)
_NETWORK_SECONDS = 10.0
_NAMED = 3


class Finding(Struct, frozen=True):
    """Result of one check; `text` says what to do where it is not `ok`."""

    subject: str
    ok: bool
    text: str


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield every finding, the cheap ones first. Changes nothing, except that an outdated library is rebuilt."""
    yield _data(settings)
    yield _disk(settings)
    yield _sqlite()
    yield _parsers()
    yield _clock(now)
    try:
        check_state(settings)
        state = State(settings.state)
    except StorageError as error:
        yield Finding("state", False, str(error))
    else:
        with closing(state):
            yield Finding("state", True, "in PostgreSQL" if state.shared else "state.db")
            yield from _library(settings)
            yield _poll(settings, state, now)
            if state.shared:
                yield _turn(state, now)
    yield _proxy(settings)
    yield _token(settings, now)


def _data(settings: Settings) -> Finding:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        probe = settings.data / ".probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return Finding("data folder", False, f"{settings.data}: {error.strerror}; set TRENDBOT_DATA.")
    return Finding("data folder", True, str(settings.data))


def _disk(settings: Settings) -> Finding:
    try:
        free = shutil.disk_usage(settings.data).free
    except OSError as error:
        return Finding("disk", False, f"{error.strerror}.")
    shown = f"{free / (1 << 30):.1f} GiB free"
    if free < _FREE_BYTES:
        return Finding("disk", False, f"{shown}; at least 100 MiB are needed.")
    return Finding("disk", True, shown)


def _sqlite() -> Finding:
    sound = sqlite3.sqlite_version_info >= _SOUND_SQLITE
    advice = "" if sound else " (before 3.51.3 a rare fault can damage a file in WAL mode: keep backups)"
    return Finding("SQLite", True, sqlite3.sqlite_version + advice)


def _parsers() -> Finding:
    """Return which confinements of the document parsers this system lacks."""
    from bot.intake.box.confinement import MEMORY, missing

    shown = f"in processes of {MEMORY >> 20} MiB"
    if lacks := missing():
        return Finding("parsers", True, f"{shown}, from which this system cannot take {' and '.join(lacks)}")
    return Finding("parsers", True, f"{shown}, without files and network")


def _library(settings: Settings) -> Iterator[Finding]:
    from bot.app import open_app
    from bot.rendering.renderer import TemplateProblem

    try:
        app = open_app(settings)
    except TemplateProblem as error:
        yield Finding("templates", False, error.advice)
        return
    except Exception as error:  # noqa: BLE001  # whatever is wrong, the operator reads it here
        yield Finding("library", False, str(error))
        return
    try:
        coverage = app.library.coverage()
        yield Finding(
            "library", coverage.reports > 0, f"{coverage.reports} reports, cut by {app.segmenter.name}"
        )
        problems = app.library.check()
        yield Finding(
            "index",
            not problems,
            "; ".join(problems) + "; stop the bot and delete library.db: the next start builds it anew"
            if problems
            else "sound",
        )
        try:
            app.renderer.check()
        except TemplateProblem as error:
            yield Finding("templates", False, error.advice)
        else:
            yield Finding("templates", True, str(settings.templates or packaged("templates")))
        yield _originals(app)
        if app.state.shared:
            yield _shared_originals(app)
        counts = app.state.inbox.counts()
        bad = counts.get("failed", 0) + counts.get("poison", 0)
        yield Finding("inbox", True, f"{counts.get('new', 0)} waiting, {bad} failed in the last week")
        yield from _outbox(app.state)
        yield _sources(app.state)
    finally:
        app.close()


def _originals(app: App) -> Finding:
    """Return what the library was last built for, and which originals could not be read then."""
    text = "the library is new"
    if built := app.library.built():
        reason = f", since its {' and '.join(built.changed)} changed" if built.changed else ""
        text = f"built {datetime.fromtimestamp(built.at, UTC):%Y-%m-%d %H:%M} UTC{reason}"
    missing = app.library.missing()
    if not missing:
        return Finding("originals", True, f"{text}; none is missing")
    named = "; ".join(
        f"{one.name}: {app.renderer.word('problem', DEFAULT.code, one.problem.name, one.problem.values)}"
        for one in missing[:_NAMED]
    )
    more = f"; and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return Finding("originals", False, f"{text}; {len(missing)} could not be taken in again: {named}{more}")


def _shared_originals(app: App) -> Finding:
    """Return whether this machine's library holds exactly the reports that all machines have taken in."""
    wanted, held = app.state.originals.versions(), app.library.versions()
    lacking = sum(held.get(report) != version for report, version in wanted.items())
    if foreign := len(held.keys() - wanted.keys()):
        advice = f"{foreign} reports are not in TRENDBOT_STATE; delete library.db, and it is built anew"
        return Finding("shared library", False, advice)
    if lacking:
        advice = f"{lacking} of {len(wanted)} reports are not here yet; trendbot run takes them in"
        return Finding("shared library", False, advice)
    return Finding("shared library", True, f"all {len(wanted)} reports that came in are here")


def _sources(state: State) -> Finding:
    """Return how many sources there are and how many fail; always ok, because a failing source is tried again."""
    sources = state.sources.all()
    failing = sum(1 for one in sources if one.failures and one.state == "active")
    told = f"{len(sources)} to read"
    return Finding("sources", True, f"{told}, {failing} fail; trendbot feeds says why" if failing else told)


def _outbox(state: State) -> Iterator[Finding]:
    from bot.state.outbox import WAITING

    counts = state.outbox.counts()
    waiting = sum(counts.get(name, 0) for name in WAITING)
    text = f"{waiting} waiting, {counts.get('closed', 0)} dropped for closed chats, {counts.get('dead', 0)} given up"
    letters = state.outbox.dead_letters(3)
    last = "".join(f"; chat {chat}: {error}" for chat, error, _ in letters)
    yield Finding("outbox", not letters, text + last)


def _clock(now: datetime) -> Finding:
    if now.year < 2026:
        return Finding("clock", False, f"The clock says {now:%Y-%m-%d}; set it, or verdicts will be wrong.")
    return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC")


def health(settings: Settings, now: datetime) -> Finding:
    """Return whether a bot runs with the data folder and receives from Telegram: a container's health check."""
    if not _running(settings):
        return Finding("bot", False, "not running with this data folder; start it with trendbot run.")
    with closing(State(settings.state)) as state:
        return _poll(settings, state, now)


def _running(settings: Settings) -> bool:
    try:
        with locked(settings.data / LOCK, patience=0):
            return False
    except Locked:
        return True


def _poll(settings: Settings, state: State, now: datetime) -> Finding:
    from bot.state.heartbeats import CONFLICT, RECEIVED

    if not _running(settings):
        return Finding("bot", True, "not running with this data folder")
    last, conflict = state.heartbeats.last(RECEIVED), state.heartbeats.last(CONFLICT)
    if conflict is not None and now.timestamp() - conflict < _SILENT_SECONDS:
        return Finding("bot", False, "another process polls Telegram with the same token; stop one of them.")
    silence = int(now.timestamp()) - last if last is not None else None
    if silence is None:
        return Finding("bot", True, "starting")
    # A webhook delivers nothing while nobody writes.
    if silence > _SILENT_SECONDS and not settings.webhook:
        return Finding("bot", False, f"running, but Telegram last answered {silence} s ago; see its log.")
    return Finding("bot", True, f"running, Telegram last answered {silence} s ago")


def _turn(state: State, now: datetime) -> Finding:
    """Return which of the machines that share the state holds the lease."""
    from bot.state.leases import WORK

    holder = state.leases.holder(WORK, int(now.timestamp()))
    if holder is None:
        return Finding("machines", False, "none works with this database; start one with trendbot run.")
    return Finding("machines", True, f"{holder[0]} works, for {holder[1]} s at least; the others stand by")


def _proxy(settings: Settings) -> Finding:
    if settings.proxy is None:
        return Finding("proxy", True, "none")
    scheme, _, rest = settings.proxy.partition("://")
    return Finding("proxy", True, f"{scheme}://{rest.rpartition('@')[2]}")


def _token(settings: Settings, now: datetime) -> Finding:
    if not settings.token:
        return Finding(
            "token", False, "TRENDBOT_TOKEN is not set; @BotFather in Telegram gives one (/newbot)."
        )
    from bot.inbound.webhook import delivery_problem

    try:
        name, seconds, webhook = asyncio.run(asyncio.wait_for(_get_me(settings), _NETWORK_SECONDS))
    except Exception as error:  # noqa: BLE001  # named, never quoted: its text may hold the token
        advice = "check the token" if type(error).__name__ == "InvalidToken" else "check network and proxy"
        return Finding("token", False, f"Telegram did not accept a call ({type(error).__name__}); {advice}.")
    if webhook.url != settings.webhook:
        change = "sets its own" if settings.webhook else "removes it"
        there = ("another" if settings.webhook else "a") if webhook.url else "no"
        return Finding(
            "token",
            False,
            f"@{name}: {there} webhook is set, which keeps updates from this bot; trendbot run {change}.",
        )
    if problem := delivery_problem(webhook, now):
        return Finding("token", False, f"@{name}: {problem}.")
    return Finding("token", True, f"@{name}, answered in {seconds:.1f} s")


async def _get_me(settings: Settings) -> tuple[str, float, WebhookInfo]:
    from telegram import Bot

    from bot.telegram.http import AiohttpRequest

    started = time.monotonic()
    request = AiohttpRequest(proxy=settings.proxy)
    polling = AiohttpRequest(proxy=settings.proxy)
    bot = Bot(
        settings.token, base_url=f"{settings.api_url}/bot", request=request, get_updates_request=polling
    )
    async with bot:
        seconds = time.monotonic() - started
        return bot.username, seconds, await bot.get_webhook_info()
