"""state.db: what cannot be built again is kept, once, and forgotten when it should be."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.state.state import Source, State, View

DAY = 86_400
NOW = 1_800_000_000


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path / "state.db")
    yield state
    state.close()


def body(state: State, update_id: int) -> str | None:
    return next((r.body for r in state.waiting(update_id - 1, 1) if r.update_id == update_id), None)


def test_a_report_is_first_seen_once_and_its_file_is_the_latest(state: State, tmp_path: Path) -> None:
    state.see("r", None, NOW)
    state.see("r", Source("r", "en", "aa", "/a.md"), NOW + 5)
    state.see("r", Source("r", "en", "bb", "/b.md"), NOW + 9)
    state.see("r", Source("r", "zh", "cc", "/c.md"), NOW + 9)
    assert state.sources() == [Source("r", "en", "bb", "/b.md"), Source("r", "zh", "cc", "/c.md")]
    db = sqlite3.connect(tmp_path / "state.db")
    assert db.execute("SELECT * FROM first_seen").fetchall() == [("r", NOW)]
    db.close()


def test_a_chat_has_the_language_that_it_chose_last(state: State) -> None:
    assert state.language(-100) is None
    state.set_language(-100, "zh")
    state.set_language(-100, "en")
    state.set_language(7, "zh")
    assert (state.language(-100), state.language(7)) == ("en", "zh")


def test_a_view_is_kept_for_ninety_days(state: State) -> None:
    state.put_view(View("a", 1, 2, "compute"), NOW)
    state.put_view(View("a", 9, 9, "stolen"), NOW)
    assert state.view("a") == View("a", 1, 2, "compute"), "an id is not given twice"
    state.put_view(View("b", 1, 2, "chips"), NOW + 90 * DAY)
    assert state.view("a") is not None
    state.beat("poll", NOW + 90 * DAY)
    assert state.view("a") is not None
    state.beat("poll", NOW + 90 * DAY + 1)
    assert state.view("a") is None
    assert state.view("b") is not None


def test_an_update_is_received_once(state: State) -> None:
    state.receive([(1, "one"), (2, "two")], NOW)
    state.receive([(2, "again"), (3, "three")], NOW)
    assert [(r.update_id, r.body) for r in state.waiting(0, 10)] == [(1, "one"), (2, "two"), (3, "three")]
    state.finish(2, "done")
    state.receive([(2, "again")], NOW)
    assert [r.update_id for r in state.waiting(0, 10)] == [1, 3]


def test_updates_wait_in_their_order(state: State) -> None:
    state.receive([(5, "e"), (3, "c"), (4, "d")], NOW)
    assert [r.update_id for r in state.waiting(0, 2)] == [3, 4]
    assert [r.update_id for r in state.waiting(4, 2)] == [5]


def test_a_handled_update_keeps_its_first_mark_and_no_body(state: State, tmp_path: Path) -> None:
    state.receive([(1, "secret words"), (2, None)], NOW)
    state.finish(1, "failed")
    state.finish(1, "done")
    assert state.inbox_counts() == {"failed": 1, "done": 1}
    db = sqlite3.connect(tmp_path / "state.db")
    assert db.execute("SELECT body FROM inbox").fetchall() == [(None,), (None,)]
    db.close()


def test_the_inbox_forgets_what_was_handled_a_week_ago_but_nothing_that_waits(state: State) -> None:
    state.receive([(1, "done"), (2, "waits")], NOW)
    state.finish(1, "done")
    state.receive([(3, "new")], NOW + 7 * DAY + 1)
    assert state.inbox_counts() == {"new": 2}
    assert body(state, 2) == "waits"


def test_a_poll_costs_the_same_however_much_was_handled_this_week(state: State) -> None:
    def polls() -> float:
        began = time.process_time()
        for _ in range(20):
            state.receive([], NOW)
        return time.process_time() - began

    state.receive([(1, None)], NOW)
    before = polls()
    state.receive([(number, None) for number in range(2, 200_000)], NOW)
    assert polls() < 10 * before + 0.1


def test_the_last_update_counts_for_six_days(state: State) -> None:
    assert state.last_update(NOW) is None
    state.receive([(8, "a"), (5, "b")], NOW)
    assert state.last_update(NOW + 6 * DAY - 1) == 8
    assert state.last_update(NOW + 6 * DAY) is None


def test_a_transaction_is_kept_whole_or_not_at_all(state: State) -> None:
    state.receive([(1, "a")], NOW)

    def fail() -> None:
        with state.transaction():
            state.set_language(1, "zh")
            state.finish(1, "done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert state.language(1) is None
    assert body(state, 1) == "a"
    with state.transaction():
        state.set_language(1, "zh")
        state.finish(1, "done")
    assert (state.language(1), state.inbox_counts()) == ("zh", {"done": 1})


def test_a_heartbeat_is_the_latest(state: State) -> None:
    assert state.last_beat("poll") is None
    state.beat("poll", NOW)
    state.beat("poll", NOW + 1)
    assert state.last_beat("poll") == NOW + 1


def test_a_person_is_forgotten_and_nobody_else(state: State) -> None:
    state.set_language(7, "zh")
    state.set_language(-100, "zh")
    state.put_view(View("own", 7, 7, "compute"), NOW)
    state.put_view(View("group", -100, 7, "compute"), NOW)
    state.put_view(View("other", -100, 8, "compute"), NOW)
    state.forget(7)
    assert (state.language(7), state.language(-100)) == (None, "zh")
    assert [state.view(name) is None for name in ("own", "group", "other")] == [True, True, False]


def test_what_was_kept_is_there_after_opening_the_file_again(state: State, tmp_path: Path) -> None:
    state.set_language(1, "zh")
    again = State(tmp_path / "state.db")
    assert again.language(1) == "zh"
    again.close()


def test_every_statement_is_one_that_postgresql_also_takes() -> None:
    """The state is what two machines will share one day."""
    text = (Path(__file__).parents[1] / "bot" / "state" / "state.py").read_text("utf-8")
    assert "ON CONFLICT" in text
    for word in ("OR IGNORE", "OR REPLACE", "rowid", "json_", "strftime", "AUTOINCREMENT"):
        assert word not in text, word
