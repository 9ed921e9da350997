"""A state moves from its file to PostgreSQL and back: every row of it, or nothing."""

from __future__ import annotations

import hashlib
import itertools
import multiprocessing
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from postgres_kit import OpenState, Server

from bot.state.copying import CannotCopy, bring_files, copy_state, share_files
from bot.state.originals import Original
from bot.state.state import State
from bot.state.stored_files import StoredFiles

ROWS = 300


def tables(state: State) -> list[str]:
    """Return the tables whose rows are copied; stored files move between folder and database instead."""
    return [table for table in state.tables if table not in StoredFiles.owns]


def fill(state: State, rows: int = ROWS) -> None:
    """Put `rows` rows into every table, with texts of all kinds, and NULL where a column allows it."""
    chance = random.Random(5)  # noqa: S311  # The same rows each time.
    with state.database.write() as db:
        for table in tables(state):
            columns = list(db.execute(f"PRAGMA table_info({table})"))  # Our own tables.
            names = ", ".join(column["name"] for column in columns)
            marks = ", ".join("?" * len(columns))
            db.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                [tuple(value(column, number, chance) for column in columns) for number in range(rows)],
            )


def value(column: Any, number: int, chance: random.Random) -> object:
    if not column["notnull"] and not column["pk"] and chance.random() < 0.3:
        return None
    if column["type"] == "TEXT":
        return f"{number} 算力 ' % ? \\ \" \n\U0001f600 {'x' * chance.randrange(50)}"
    if column["type"] == "INTEGER":
        return number
    return (1 << 52) + number if chance.random() < 0.1 else -1_000_000_000_000 - number


def content(state: State) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every copied table except leases, sorted."""
    return {
        table: sorted((tuple(row) for row in state.database.select(f"SELECT * FROM {table}")), key=repr)  # noqa: S608
        for table in tables(state)
        if table != "lease"
    }


def test_every_row_arrives_and_comes_back_as_it_was(open_state: OpenState, tmp_path: Path) -> None:
    first, there, back = State(tmp_path / "a.db"), open_state(tmp_path / "b.db"), State(tmp_path / "c.db")
    fill(first)
    counts = copy_state(first, there)
    assert set(counts.values()) == {ROWS}
    copy_state(there, back)
    assert content(first) == content(there) == content(back)
    first.close()
    back.close()


def test_a_target_that_holds_anything_is_refused(open_state: OpenState, tmp_path: Path) -> None:
    first, there = State(tmp_path / "a.db"), open_state(tmp_path / "b.db")
    fill(first, 3)
    there.chats.set_language(1, "zh")
    with pytest.raises(CannotCopy, match=r"not empty \(it holds rows of chat\)"):
        copy_state(first, there)
    assert there.chats.language(1) == "zh"
    assert there.subscriptions.count() == 0
    first.close()


def _copy(source: Path, target: Path | str, begun: Callable[[], None]) -> None:
    begun()
    copy_state(State(source), State(target))


def test_a_copy_that_is_killed_leaves_nothing_and_the_next_is_whole(
    server_18: Server, tmp_path: Path
) -> None:
    first = State(tmp_path / "a.db")
    fill(first, 2_000)
    url = server_18.database()
    State(url).close()
    spawn = multiprocessing.get_context("spawn")
    for moment in itertools.islice(itertools.count(), 5):
        begun = spawn.Event()
        process = spawn.Process(target=_copy, args=(tmp_path / "a.db", url, begun.set))
        process.start()
        begun.wait(60)
        process.join(0.05 + 0.1 * moment)
        process.kill()
        process.join()
        there = State(url)
        if there.subscriptions.count():
            break  # It finished before the kill.
        assert not any(content(there).values())
        there.close()
    there = State(url)
    if not there.subscriptions.count():
        copy_state(first, there)
    assert content(first) == content(there)
    there.close()
    first.close()


def test_others_write_while_a_state_is_read_and_it_is_that_of_one_moment(
    server_18: Server,
) -> None:
    url = server_18.database()
    shared, other = State(url), State(url)
    fill_chats(shared, 5_000)
    with shared.database.snapshot() as reader:
        rows = iter(reader.execute("SELECT chat_id FROM chat"))
        next(rows)
        other.chats.set_language(9_999_999, "en")
        assert len(list(rows)) == 4_999
    assert shared.chats.language(9_999_999) == "en"
    shared.close()
    other.close()


def fill_chats(state: State, count: int) -> None:
    with state.transaction():
        for number in range(count):
            state.chats.set_language(number, "zh")


def test_the_files_of_originals_go_along(server_18: Server, tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    files = {hashlib.sha256(raw).hexdigest(): raw for raw in (b"", b"power", bytes(5 << 20))}
    first, shared = State(tmp_path / "a.db"), State(server_18.database())
    for digest, raw in files.items():
        (there / digest).write_bytes(raw)
        first.originals.put(Original(digest, "en", digest, f"/{digest}.md", 0))
    first.originals.put(Original("lost", "en", "lost", "/lost.md", 0))
    share_files(shared, there, first.originals.files())
    copy_state(first, shared)
    bring_files(shared, back)
    assert {path.name: path.read_bytes() for path in back.iterdir()} == files
    assert shared.originals.unshared_files() == ["lost"]
    assert shared.originals.versions() == first.originals.versions()
    first.close()
    shared.close()
