"""Every statement of the state runs on SQLite and on both PostgreSQL servers, with equal results and equal rows."""

# A scene yields what each call returned, nothing included.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

import ast
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest
from bot_process import ROOT
from msgspec.structs import replace
from postgres_kit import Server

from bot.messages import Place
from bot.models import Problem, Subscription
from bot.state.albums import Album, AlbumFile
from bot.state.alerts import Alert, Quiet
from bot.state.captures import Capture
from bot.state.leases import LeaseLost
from bot.state.originals import Original
from bot.state.recap_schedules import RecapSchedule
from bot.state.sources import Source
from bot.state.state import State
from bot.state.views import View
from bot.talk import ChatMessage, Poll

FOLDER = ROOT / "bot" / "state"
# These create the tables, copy them, or know SQLite's file alone: test_backup.py, test_copying.py.
ELSEWHERE = {"backup.py", "copying.py", "database.py", "schema.py", "schema_first.py"}
CALLS = {"_read", "_write", "change", "change_concurrently", "execute", "executemany", "select"}

NOW, DAY = 1_800_000_000, 86_400
BO, ANN, GROUP, OTHER = 7, 8, -100, -200
FILE = hashlib.sha256(b"power").hexdigest()
SUBSCRIPTION = Subscription(
    *("s", BO, 0, BO, ("compute", "算力 '%?"), 480, 127, "Asia/Shanghai", "zh", False, False, NOW, NOW)
)


def originals(state: State) -> Iterator[object]:
    first = Original("r", "en", FILE, "/a.md", 0)
    yield state.originals.put(first)
    yield state.originals.put(first)
    yield state.originals.put(Original("r", "zh", "bb", "/b 报告.md", None, "publisher=x"))
    yield state.originals.put(Original("q", "en", "bb", "/b 报告.md", 1))
    for key in ("k", "DAILY 日报 · 2026-11-29", "daily 日报 · 2026-11-28"):
        yield state.originals.put_key(key, "r")
    yield state.originals.put_key("k", "q")
    yield [state.originals.report_id(key) for key in ("k", "K")]
    yield [state.originals.has_key(report) for report in ("r", "q")]
    yield [state.originals.has_issue("r", key) for key in ("daily 日报", "Daily 日报", "daily", "日报")]
    yield [state.originals.has_file(digest) for digest in ("bb", "cc")]
    yield [state.originals.digest(name) for name in ("/b 报告.md", "/c.md")]
    yield state.originals.of_report("r")
    yield state.originals.all(), state.originals.files(), sorted(state.originals.keys().items())
    yield sorted(state.originals.unshared_files())
    yield state.originals.renew_versions("bb")
    yield sorted(state.originals.versions().items()), state.originals.newest_version()
    yield state.originals.replace(
        {"k": "r"},
        {"k": "q", "new": "q"},
        {first: replace(first, name="/moved.md"), Original("z", "en", "", "", 0): first},
    )
    yield state.originals.remove("r"), state.originals.remove("r")
    yield state.originals.changes(0, 99, 2), state.originals.changes(2, 99, 9)


def arrivals(state: State) -> Iterator[object]:
    for report, moment in (("r", NOW), ("q", NOW + 1), ("r", NOW + 2)):
        yield state.arrivals.record(report, moment)
    yield state.arrivals.record("q", NOW + 3, anew=True)
    yield sorted(state.arrivals.after(NOW - 1)), sorted(state.arrivals.between(NOW, NOW + 9))
    yield state.arrivals.newest(NOW + 9), state.arrivals.earliest(NOW + 9), state.arrivals.newest(0)
    yield state.added_topics.put("topic", ["SDXL", "稳定扩散"]), state.added_topics.put("topic", ["SDXL"])
    yield state.added_topics.put("other", ["x"]), state.added_topics.remove("other"), state.added_topics.all()
    yield (
        state.uploaded_pictures.put("chart", "file-1", NOW),
        state.uploaded_pictures.put("chart", "file-2", NOW),
    )
    yield state.albums.put(7, "a", Album(1), NOW), state.albums.get(7, "b")
    album = Album(2, (AlbumFile(5, True, (("<b>Title</b>", "r1"), ("none", ""))),))
    yield state.albums.put(7, "a", album, NOW), state.albums.get(7, "a"), state.albums.expire(NOW)
    yield state.uploaded_pictures.put("old", "file-3", NOW), state.uploaded_pictures.drop("old")
    yield state.uploaded_pictures.file_id("chart"), state.uploaded_pictures.file_id("old")


def chats(state: State) -> Iterator[object]:
    yield state.chats.set_language(BO, "zh"), state.chats.set_timezone(BO, "Asia/Shanghai")
    yield (
        state.chats.set_timezone(GROUP, "Europe/Berlin"),
        state.chats.close(ANN, NOW),
        state.chats.close(OTHER, NOW),
    )
    yield state.chats.open(OTHER)
    yield [
        (state.chats.language(chat), state.chats.timezone(chat), state.chats.closed(chat))
        for chat in (BO, ANN, OTHER)
    ]
    for number, view in enumerate(("v1", "v2", "v3")):
        yield state.views.put(
            View(view, GROUP if view == "v3" else BO, BO, f"query {number}", GROUP), NOW + number
        )
    yield state.views.get("v1"), state.views.get("none"), state.views.stored_at("v2")
    yield (
        state.views.last_question(BO),
        state.views.last_question(BO, NOW + 9),
        state.views.questions(BO, BO, NOW + 9),
    )


def inbox(state: State) -> Iterator[object]:
    yield sorted(state.inbox.receive([(5, "{}"), (6, None), (7, "{}"), (5, "again")], NOW))
    yield state.inbox.waiting(0, 9), state.inbox.last_update(NOW + DAY)
    yield state.inbox.finish(5, "done"), state.inbox.finish(5, "failed"), sorted(state.inbox.counts().items())
    yield (
        state.heartbeats.beat("poll", NOW),
        state.heartbeats.beat("poll", NOW + 1),
        state.heartbeats.last("poll"),
    )
    yield state.model_use.take(BO, 20_000, 60, 100, 150), state.model_use.take(BO, 20_000, 60, 100, 150)
    yield state.model_use.take(ANN, 20_000, 90, 100, 150), state.model_use.take(ANN, 20_000, 91, 100, 150)
    yield state.model_use.add(BO, 20_000, -10), [state.model_use.used(chat, 20_000) for chat in (0, BO, ANN)]


def leases(state: State) -> Iterator[object]:
    """Leases and the counts of groups are timed by the database's clock, so only what does not depend on it is told."""
    now = state.database.now(NOW)
    yield state.leases.acquire("work", "one", now, 60), state.leases.acquire("work", "other", now, 60)
    yield state.leases.acquire("work", "one", now, 60)
    holder = state.leases.holder("work", now)
    yield holder and holder[0], state.leases.holder("none", now)
    with pytest.raises(LeaseLost):
        state.leases.renew("work", 1, now, 60)
    with pytest.raises(LeaseLost):
        state.leases.check("work", 1)
    yield state.leases.renew("work", 2, now, 60), state.leases.check("work", 2)
    yield state.leases.release("work", 2, now, 0), state.leases.acquire("work", "other", now, 60)
    yield state.group_sends.put(GROUP, now), [group for group, _ in state.group_sends.within(60, now)]


def subscriptions(state: State) -> Iterator[object]:
    table = state.subscriptions
    for one in (
        SUBSCRIPTION,
        replace(SUBSCRIPTION, id="t", chat_id=GROUP, thread_id=3),
        replace(SUBSCRIPTION, id="u", chat_id=ANN),
    ):
        yield table.put(one)
    yield table.record_outcome("s", "news", NOW + 5, since=NOW + 4, spent=NOW + 4)
    yield table.put(replace(SUBSCRIPTION, says_quiet=True)), table.get("s")
    yield table.put(replace(SUBSCRIPTION, queries=("芯片",))), table.get("s"), table.get("none")
    yield table.of_chat(GROUP), table.of_reader(GROUP, 3), table.all(), table.count(), sorted(table.shapes())
    shape, day = (480, 127, "Asia/Shanghai"), date(2026, 11, 29)
    yield (
        table.due(shape, day, NOW + 9, NOW),
        state.slots.claim("s", day, NOW),
        state.slots.claim("s", day, NOW),
    )
    yield table.due(shape, day, NOW + 9, NOW), state.slots.claim("s", date(2026, 11, 28), NOW)
    yield (
        state.slots.newest("s"),
        state.slots.newest("none"),
        sorted(state.slots.newest_of(["s", "t"]).items()),
    )
    yield state.slots.last_made("s", NOW), state.slots.last_made("s", NOW - 1)
    yield (
        table.pause("t", NOW + 99),
        table.only_news("t"),
        table.rewind("s", NOW + 4, NOW),
        table.get("s"),
        table.get("t"),
    )
    yield (
        state.drafts.put("d", SUBSCRIPTION, NOW),
        state.drafts.put("d", replace(SUBSCRIPTION, minute=5), NOW),
    )
    yield (
        state.drafts.get("d"),
        state.drafts.latest(BO, 0, BO, NOW - 1),
        state.drafts.latest(BO, 0, BO, NOW + 1),
    )
    yield state.drafts.put("e", SUBSCRIPTION, NOW), state.drafts.drop("e"), state.drafts.get("e")


def alerts(state: State) -> Iterator[object]:
    alert = Alert("a", BO, 0, BO, "算力", "reports", "", Quiet(1320, 480), "zh", NOW, NOW)
    for one in (
        alert,
        replace(alert, id="twice"),
        replace(alert, id="b", chat_id=GROUP, thread_id=3),
        replace(alert, id="c", watch="rising"),
    ):
        yield state.alerts.put(one)
    yield state.alerts.put(replace(alert, id="d", chat_id=ANN)), state.alerts.remove("c")
    yield (
        state.alerts.record_check("a", NOW + 1, "rising"),
        state.alerts.set_quiet(Place(GROUP, 3), Quiet(0, 0)),
    )
    yield state.alerts.get("a"), state.alerts.get("twice"), state.alerts.of_place(Place(GROUP, 3))
    yield state.alerts.of_chat(GROUP), state.alerts.all()
    reader = Place(BO, 0)
    yield (
        state.mutes.put(reader, "算力", NOW + 9),
        state.mutes.put(reader, "算力", NOW + 8),
        state.mutes.put(Place(GROUP, 3), "x", 1),
    )
    yield state.mutes.of_reader(reader, NOW), state.mutes.all(NOW)
    yield (
        state.source_mutes.put(reader, "新智元", NOW + 9),
        state.source_mutes.put(Place(GROUP, 3), "x", NOW + 9),
    )
    yield state.source_mutes.all(NOW)
    yield (
        state.delivered.put(reader, ["one", "二"], NOW, "digest:s:1"),
        state.delivered.put(reader, ["one"], NOW),
    )
    yield sorted(
        map(str, state.delivered.delivered_among([reader, Place(GROUP, 3)], ["one", "二", "three"]).items())
    )


def outbox(state: State) -> Iterator[object]:
    table, reader = state.outbox, Place(BO, 0)
    yield table.put("digest:s:1", reader, ["a", "b"], NOW, silent=False, digest=("s", NOW - 9))
    yield table.put("digest:s:1", reader, ["changed"], NOW, silent=False)
    yield table.put("digest:t:1", Place(GROUP, 3), ["c"], NOW + 1, silent=True, digest=("t", NOW - 9))
    yield table.put("digest:t:2", Place(GROUP, 3), ["c"], NOW + 2, silent=True, digest=("t", NOW - 9))
    yield (
        table.put("alert:a:1", reader, ["d"], NOW + 3, silent=False),
        table.put("recap:x:1", Place(OTHER, 0), ["e"], NOW, silent=False),
    )
    yield (
        table.put("recap:y:1", Place(GROUP, 3), ["f"], NOW, silent=False),
        table.put("answer:1", Place(ANN, 0), ["g"], NOW, silent=False),
    )
    yield (
        table.alerts_since(reader, NOW),
        table.alerts_since(reader, NOW + 9),
        table.alert_waits(reader),
        table.alert_waits(Place(ANN, 0)),
    )
    yield table.next_at(), table.oldest(), parts(state)
    yield table.take(parts(state)[0]), table.recover(), parts(state)
    yield (
        table.take(parts(state)[0]),
        table.put_back(parts_sending(state), "ready", "Timed out", NOW + 5, plain=True),
    )
    yield parts(state), table.next_at()
    first = state.outbox.next(NOW + 9, 1)[0]
    yield table.take(first), table.take(first), table.sent(first, 4_242, NOW + 6)
    yield table.withdraw({"t"}), table.give_up(state.outbox.next(NOW + 9, 1)[0], "Bad Request", NOW + 7)
    yield (
        table.put("digest:s:2", Place(ANN, 0), ["h"], NOW, silent=False, digest=("s", NOW)),
        table.give_up_chat(ANN, NOW + 8),
    )
    yield sorted(table.counts().items()), table.dead_letters(9), parts(state)


def parts(state: State) -> list[Any]:
    return state.outbox.next(NOW + 9, 99)


def parts_sending(state: State) -> Any:
    """Return the part that is being sent, as its sender knows it: it is no longer among those that wait."""
    row = state.database.select("SELECT id, delivery FROM outbox WHERE state = 'sending'").fetchone()
    return replace(parts(state)[0], id=row[0], delivery=row[1], attempts=1)


def talk(state: State) -> Iterator[object]:
    captures = state.captures
    yield (
        captures.turn_on(Capture(GROUP, 72, BO, NOW), NOW),
        captures.allow_model(GROUP, True),
        captures.of_chat(GROUP),
    )
    yield (
        captures.turn_on(Capture(OTHER, 24, ANN, NOW), NOW),
        captures.turn_off(OTHER),
        captures.of_chat(OTHER),
    )
    poll = Poll((("yes", 2), ("否", 1)), 3, False)
    for number, author in enumerate((BO, ANN, BO, 9)):
        yield captures.keep(
            GROUP,
            ChatMessage(
                number,
                author,
                f"Name {author}",
                f"text {number} 你好 \U0001f600",
                NOW + number,
                None,
                3 * (number % 2),
            ),
        )
    yield captures.keep(GROUP, ChatMessage(9, BO, "Bo", "?", NOW + 9, 1, 3, False, "Channel", poll), {ANN})
    yield (
        captures.edit(GROUP, 1, "edited"),
        captures.edit(GROUP, 2, ""),
        captures.since(GROUP, 3, NOW),
        captures.newest(GROUP, 3, 1),
        captures.count(GROUP, 0, NOW),
    )
    yield captures.last_spoke(GROUP, 0, BO), captures.last_spoke(GROUP, 0, 99), captures.kept(BO)
    yield captures.opt_out(9, NOW), captures.opted_out(9), captures.opt_in(9), captures.opted_out(9)
    daily = RecapSchedule("y", GROUP, 3, BO, 540, "Europe/Berlin", "en", False, 5, NOW)
    for one in (
        daily,
        replace(daily, id="z", silent=True, language="zh"),
        replace(daily, id="x", thread_id=0, minute=5),
    ):
        yield state.recaps.put(one)
    yield (
        state.recaps.put(replace(daily, id="w", thread_id=4)),
        state.slots.claim("w", date(2026, 11, 29), NOW),
    )
    yield state.recaps.drop(GROUP, 4), state.recaps.all(), state.recaps.all(OTHER)
    yield (
        state.recaps.mark_covered(GROUP, 3, NOW),
        state.recaps.mark_covered(GROUP, 3, NOW + 1),
        state.recaps.covered_until(GROUP, 3),
    )


def sources(state: State) -> Iterator[object]:
    table = state.sources
    feed = Source(
        "f",
        "feed",
        "https://a.example/feed",
        problem=Problem("fetch_status", (404, Problem("inner"))),
        seen=frozenset({"x", "y"}),
    )
    channel = Source("c", "channel", "https://t.me/c", "Kanal", chat_id=OTHER)
    yield [
        table.add(one)
        for one in (
            feed,
            replace(feed, id="twice"),
            channel,
            Source("p", "page", "https://p.example", "Äpfel"),
        )
    ]
    yield (
        table.record(replace(feed, title="Feed", checked=NOW, next_check=NOW + 5, failures=2)),
        table.get("f"),
        table.get("none"),
    )
    yield table.record(Source("p", "page", feed.address)), table.get("p")
    yield table.record(replace(feed, title="Other", state="retired")), table.get("f")
    yield table.set_state("f", "active", NOW), table.make_due("f", NOW - 5), table.count_reports("c", 3, NOW)
    yield (
        table.by_address(feed.address),
        table.of_channel(OTHER),
        table.of_channel(GROUP),
        table.all(),
        table.due(NOW, 9),
    )
    yield table.remove("c"), table.get("c")
    yield state.subscriptions.remove("u")


def erasing(state: State) -> Iterator[object]:
    yield state.migrate_chat(GROUP, -300), state.migrate_chat(GROUP, -300), rows(state)
    yield (
        state.views.forget_in_groups(BO),
        state.erase.opt_out(ANN, NOW),
        state.erase.talk(-300),
        state.erase.capture(-300),
        rows(state),
    )
    yield state.erase.person(BO), rows(state)
    yield [table.expire(NOW + 10 * DAY) for table in state._tables], state.expiry.believes(NOW), rows(state)
    yield [table.expire(NOW + 900 * DAY) for table in state._tables], rows(state)
    yield state.checkpoint()


def files(state: State) -> Iterator[object]:
    """Files are stored where machines share the state; the rest is asked of both."""
    state.files.put(FILE, io.BytesIO(b"power"))
    with TemporaryDirectory() as folder:
        yield state.files.fetch(FILE, Path(folder) / FILE) == state.files.has(FILE) == state.shared
    yield state.files.remove(FILE), state.files.has(FILE)


def rows(state: State) -> dict[str, list[str]]:
    """Return every row except what the database's clock wrote."""
    return {
        table: sorted(map(repr, map(tuple, state.database.select(f"SELECT * FROM {table}"))))  # noqa: S608  # our own tables
        for table in state.tables
        if table not in {"lease", "group_send"}
    }


SCENES: tuple[Callable[[State], Iterator[object]], ...] = (
    *(
        originals,
        arrivals,
        chats,
        inbox,
        leases,
        subscriptions,
        alerts,
        outbox,
        talk,
        sources,
        files,
        erasing,
    ),
)


def played(state: State) -> list[str]:
    """Play every scene and return what each call told."""
    return [repr(told) for told in chain.from_iterable(scene(state) for scene in SCENES)]


@pytest.mark.parametrize("engine", ["server_15", "server_18"])
def test_every_call_tells_the_same_on_postgresql_as_on_sqlite(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server: Server = request.getfixturevalue(engine)
    there, here = State(server.database()), State(tmp_path / "state.db")
    try:
        assert played(there) == played(here)
    finally:
        there.close()
        here.close()


def test_every_statement_of_the_state_is_among_them(server_18: Server) -> None:
    lines: set[tuple[str, int]] = set()

    def note(frame: FrameType, _event: str, _told: object) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.parent != FOLDER:
            return None
        lines.add((path.name, frame.f_lineno))
        return note

    state, before = State(server_18.database()), sys.gettrace()
    sys.settrace(note)
    try:
        played(state)
    finally:
        sys.settrace(before)
        state.close()
    statements = {
        (module.name, call.lineno, call.end_lineno or call.lineno)
        for module in FOLDER.glob("*.py")
        if module.name not in ELSEWHERE
        for call in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in CALLS
    }
    assert len(statements) > 150
    missing = [
        f"{name}:{first}"
        for name, first, last in sorted(statements)
        if not any((name, line) in lines for line in range(first, last + 1))
    ]
    assert missing == [], "add a call of each to a scene"
