"""state.db: what cannot be rebuilt is stored once, and forgotten when it should be."""

from __future__ import annotations

import ast
import inspect
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlite_utils
from msgspec.structs import replace
from postgres_kit import OpenState

from bot.models import Problem
from bot.state import schema
from bot.state.captures import Capture
from bot.state.expiry import Expiry
from bot.state.originals import Original
from bot.state.sources import Source
from bot.state.state import State
from bot.state.table import Table
from bot.state.views import View
from bot.talk import ChatMessage

DAY = 86_400
NOW = 1_800_000_000


@pytest.fixture
def state(open_state: OpenState, tmp_path: Path) -> Iterator[State]:
    state = open_state(tmp_path / "state.db")
    yield state
    state.close()


def body(state: State, update_id: int) -> str | None:
    return next((r.body for r in state.inbox.waiting(update_id - 1, 1) if r.update_id == update_id), None)


def test_a_report_is_first_seen_once_and_its_file_is_the_latest(state: State) -> None:
    state.arrivals.record("r", NOW)
    state.arrivals.record("r", NOW + 5)
    state.originals.put(Original("r", "en", "aa", "/a.md", 0))
    state.originals.put(Original("r", "en", "bb", "/b.md", 1))
    state.originals.put(Original("r", "zh", "cc", "/c.md", 0))
    assert state.originals.all() == [
        Original("r", "en", "bb", "/b.md", 1),
        Original("r", "zh", "cc", "/c.md", 0),
    ]
    assert [tuple(row) for row in state.database.select("SELECT * FROM first_seen")] == [("r", NOW)]


def test_a_chat_has_the_language_that_it_chose_last(state: State) -> None:
    assert state.chats.language(-100) is None
    state.chats.set_language(-100, "zh")
    state.chats.set_language(-100, "en")
    state.chats.set_language(7, "zh")
    assert (state.chats.language(-100), state.chats.language(7)) == ("en", "zh")


def test_a_view_is_kept_for_ninety_days(state: State) -> None:
    state.views.put(View("a", 1, 2, "compute"), NOW)
    state.views.put(View("a", 9, 9, "stolen"), NOW)
    assert state.views.get("a") == View("a", 1, 2, "compute"), "an id is not given twice"
    state.views.put(View("b", 1, 2, "chips"), NOW + 90 * DAY)
    assert state.views.get("a") is not None
    assert state.views.expire(NOW + 90 * DAY) == 0
    assert state.views.expire(NOW + 90 * DAY + 1) == 1
    assert state.views.get("a") is None
    assert state.views.get("b") is not None


def test_an_update_is_received_once(state: State) -> None:
    state.inbox.receive([(1, "one"), (2, "two")], NOW)
    state.inbox.receive([(2, "again"), (3, "three")], NOW)
    assert [(r.update_id, r.body) for r in state.inbox.waiting(0, 10)] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]
    state.inbox.finish(2, "done")
    state.inbox.receive([(2, "again")], NOW)
    assert [r.update_id for r in state.inbox.waiting(0, 10)] == [1, 3]


def test_updates_wait_in_their_order(state: State) -> None:
    state.inbox.receive([(5, "e"), (3, "c"), (4, "d")], NOW)
    assert [r.update_id for r in state.inbox.waiting(0, 2)] == [3, 4]
    assert [r.update_id for r in state.inbox.waiting(4, 2)] == [5]


def test_a_handled_update_keeps_its_first_mark_and_no_body(state: State) -> None:
    state.inbox.receive([(1, "secret words"), (2, None)], NOW)
    state.inbox.finish(1, "failed")
    state.inbox.finish(1, "done")
    assert state.inbox.counts() == {"failed": 1, "done": 1}
    assert [row[0] for row in state.database.select("SELECT body FROM inbox")] == [None, None]


def test_the_inbox_forgets_what_was_handled_a_week_ago_but_nothing_that_waits(state: State) -> None:
    state.inbox.receive([(1, "done"), (2, "waits")], NOW)
    state.inbox.finish(1, "done")
    state.inbox.receive([(3, "new")], NOW + 7 * DAY + 1)
    assert state.inbox.expire(NOW + 7 * DAY) == 0
    assert state.inbox.expire(NOW + 7 * DAY + 1) == 1
    assert state.inbox.counts() == {"new": 2}
    assert body(state, 2) == "waits"


def test_a_poll_costs_the_same_however_much_was_handled_this_week(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")

    def polls() -> float:
        began = time.process_time()
        for _ in range(20):
            state.inbox.receive([], NOW)
        return time.process_time() - began

    state.inbox.receive([(1, None)], NOW)
    before = polls()
    state.inbox.receive([(number, None) for number in range(2, 200_000)], NOW)
    assert polls() < 10 * before + 0.1
    state.close()


def test_the_last_update_counts_for_six_days(state: State) -> None:
    assert state.inbox.last_update(NOW) is None
    state.inbox.receive([(8, "a"), (5, "b")], NOW)
    assert state.inbox.last_update(NOW + 6 * DAY - 1) == 8
    assert state.inbox.last_update(NOW + 6 * DAY) is None


def test_a_transaction_is_kept_whole_or_not_at_all(state: State) -> None:
    state.inbox.receive([(1, "a")], NOW)

    def fail() -> None:
        with state.transaction():
            state.chats.set_language(1, "zh")
            state.inbox.finish(1, "done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert state.chats.language(1) is None
    assert body(state, 1) == "a"
    with state.transaction():
        state.chats.set_language(1, "zh")
        state.inbox.finish(1, "done")
    assert (state.chats.language(1), state.inbox.counts()) == ("zh", {"done": 1})


def test_a_heartbeat_is_the_latest(state: State) -> None:
    assert state.heartbeats.last("poll") is None
    state.heartbeats.beat("poll", NOW)
    state.heartbeats.beat("poll", NOW + 1)
    assert state.heartbeats.last("poll") == NOW + 1


def test_a_person_is_forgotten_and_nobody_else(state: State) -> None:
    state.chats.set_language(7, "zh")
    state.chats.set_language(-100, "zh")
    state.views.put(View("own", 7, 7, "compute"), NOW)
    state.views.put(View("group", -100, 7, "compute"), NOW)
    state.views.put(View("other", -100, 8, "compute"), NOW)
    state.erase.person(7)
    assert (state.chats.language(7), state.chats.language(-100)) == (None, "zh")
    assert [state.views.get(name) is None for name in ("own", "group", "other")] == [True, True, False]


def test_what_was_kept_is_there_after_opening_the_file_again(
    open_state: OpenState, state: State, tmp_path: Path
) -> None:
    state.chats.set_language(1, "zh")
    again = open_state(tmp_path / "state.db")
    assert again.chats.language(1) == "zh"
    again.close()


# -- a clock that jumps --------------------------------------------------------------------------------


class Moments:
    """A wall clock and a monotonic one, both set by hand."""

    def __init__(self, state: State) -> None:
        self.wall, self.elapsed = NOW, 0.0
        self.expiry = Expiry(
            state.database, state._tables, state.captures, state.heartbeats, lambda: self.elapsed
        )

    def run(self, seconds: int, *, jump: int = 0, step: int = 10) -> None:
        """Jump the wall clock by `jump`, then let `seconds` pass and run the expiry every `step` seconds."""
        self.wall += jump
        for _ in range(0, seconds, step):
            self.wall, self.elapsed = self.wall + step, self.elapsed + step
            self.expiry.run(self.wall)


def everything(state: State) -> None:
    """Put a row into each table that forgets."""
    state.views.put(View("v", 1, 2, "compute"), NOW)
    state.inbox.receive([(1, None)], NOW)
    state.captures.turn_on(Capture(-1, 72, 7, NOW), NOW)
    state.captures.keep(-1, ChatMessage(1, 7, "A", "words", NOW))
    assert state.slots.claim("s", date(2026, 11, 28), NOW)


def left(state: State) -> list[bool]:
    """Return which of these rows are still there."""
    return [
        state.views.get("v") is not None,
        state.inbox.counts() != {},
        state.captures.since(-1, 0, 0) != [],
        state.slots.newest("s") is not None,
    ]


def test_a_clock_that_is_a_year_ahead_for_a_moment_erases_nothing(state: State) -> None:
    moments = Moments(state)
    everything(state)
    moments.run(60)
    moments.run(20, jump=365 * DAY)
    moments.run(60, jump=-365 * DAY)
    moments.run(500, jump=400 * DAY)
    assert left(state) == [True] * 4
    moments.run(60, jump=-400 * DAY)
    moments.run(3 * DAY + 600, step=300)
    assert left(state) == [True, True, False, True], "it is kept for its time, and no longer"


def test_a_clock_that_stands_by_its_jump_is_believed(state: State) -> None:
    """The bot was off for a year and a half."""
    moments = Moments(state)
    everything(state)
    moments.run(10)
    moments.run(500, jump=500 * DAY)
    assert left(state) == [True] * 4
    moments.run(200)
    assert left(state) == [False] * 4


def test_after_a_wrong_year_that_was_believed_old_rows_go_again(state: State) -> None:
    moments = Moments(state)
    moments.run(1_200, jump=400 * DAY)
    everything(state)
    moments.run(10, jump=-400 * DAY)
    moments.run(4 * DAY, step=3_000)
    assert left(state) == [True, True, False, True]


# -- who writes what -----------------------------------------------------------------------------------

_WRITES = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE(?! SET))\s+(\S+)")


def written(module: Path) -> set[str]:
    """Return the tables that a module's statements write; a name inserted at run time is "{}"."""
    tables: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
            tables |= set(_WRITES.findall("".join(parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            tables |= set(_WRITES.findall(node.value))
    return tables


def test_each_table_has_one_owner_and_no_other_writer() -> None:
    folder = Path(inspect.getfile(schema)).parent
    owners = {table: owner for owner in Table.__subclasses__() for table in owner.owns}
    assert len(owners) == sum(len(owner.owns) for owner in Table.__subclasses__())
    db = sqlite_utils.Database(memory=True)
    schema.MIGRATIONS.apply(db)
    assert set(owners) == {name for name in db.table_names() if not name.startswith(("_", "sqlite_"))}
    for module in sorted(folder.glob("*.py")):
        # These create the tables, empty a copy of them, and fill them.
        if module.name in {"schema.py", "schema_first.py", "backup.py", "copying.py"}:
            continue
        own = {t for t, owner in owners.items() if Path(inspect.getfile(owner)) == module}
        assert written(module) == own, module.name


def test_every_statement_is_one_that_postgresql_also_takes() -> None:
    """Two machines may share the state through PostgreSQL."""
    folder = Path(__file__).parents[1] / "bot" / "state"
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.stem != "backup")
    assert "ON CONFLICT" in text
    for word in ("OR IGNORE", "OR REPLACE", "rowid", "json_", "strftime", "AUTOINCREMENT"):
        assert word not in text, word


def test_views_of_an_earlier_version_name_their_group_and_hold_no_command(tmp_path: Path) -> None:
    db = sqlite_utils.Database(tmp_path / "state.db")
    schema.MIGRATIONS.apply(db, stop_before="m007_what_views_are_about")
    queries = {"recap": "/recap -1001234 77", "panel": "/capture", "asked": "compute", "odd": "/recap -x 1"}
    for view_id, query in queries.items():
        db.execute(
            "INSERT INTO view (id, chat_id, user_id, query, at) VALUES (?, -5, 9, ?, 1)", (view_id, query)
        )
    db.conn.commit()
    db.close()
    state = State(tmp_path / "state.db")
    assert state.views.get("recap") == View("recap", -5, 9, "", -1001234, 77)
    assert state.views.get("panel") == View("panel", -5, 9, "")
    assert state.views.get("asked") == View("asked", -5, 9, "compute")
    assert state.views.get("odd") == View("odd", -5, 9, "/recap -x 1")
    state.close()


def test_a_recap_opened_in_private_goes_with_its_group(state: State) -> None:
    state.views.put(View("own", 7, 7, "", -5, 3), NOW)
    state.migrate_chat(-5, -1_000_005)
    assert state.views.get("own") == View("own", 7, 7, "", -1_000_005, 3)


def test_a_source_comes_back_as_it_was_kept_and_a_check_changes_no_choice(state: State) -> None:
    problem = Problem("line", (2, Problem("fetch_status", (404,))))
    source = Source(
        "a", "feed", "https://a.example/", problem=problem, seen=frozenset({"x", "y"}), next_check=NOW
    )
    assert state.sources.add(source)
    assert not state.sources.add(replace(source, id="b")), "an address is one source"
    assert state.sources.get("a") == state.sources.by_address("https://a.example/") == source
    state.sources.record(replace(source, title="A", reports=3, next_check=NOW + 9))
    state.sources.set_state("a", "paused", NOW)
    state.sources.record(replace(source, state="active", title="Other", failures=1))
    kept = state.sources.get("a")
    assert kept is not None
    assert (kept.state, kept.title, kept.failures) == ("paused", "A", 1)
    assert state.sources.due(NOW, 9) == []
    state.sources.set_state("a", "active", NOW)
    assert [one.id for one in state.sources.due(NOW, 9)] == ["a"]


def test_a_source_that_moved_to_where_another_is_ends(state: State) -> None:
    one, other = (Source(name, "feed", f"https://{name}.example/") for name in "ab")
    state.sources.add(one)
    state.sources.add(other)
    state.sources.record(replace(one, address=other.address))
    assert state.sources.all() == [other]
