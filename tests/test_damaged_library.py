"""A damaged library is told in one sentence and one line of the log, and the bot builds it anew from its originals."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from signal import SIGKILL

import pytest
from bot_process import BotProcess, trendbot
from sqlite_utils import Migrations
from test_monitoring import free_port, get

from bot.playground.server import LocalTelegram
from bot.sqlite.connection import Store
from bot.sqlite.errors import Damaged
from bot.state.locks import locked

PERSON = 987_654_321
REBUILDING = "My library of reports is being rebuilt. Please ask again later."


def _settle(file: Path) -> int:
    """Write to the file, so that nobody trusts pages in memory, and empty its log. Return the size of its pages."""
    with closing(sqlite3.connect(file)) as db:
        with db:
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(db.execute("PRAGMA page_size").fetchone()[0])


def _overwrite(file: Path, tables: str) -> None:
    """Overwrite the first page of each table and index whose table is like `tables`, as a bad disk does."""
    size = _settle(file)
    with closing(sqlite3.connect(file)) as db:
        pages = db.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name LIKE ?", (tables,)).fetchall()
    with file.open("r+b") as written:
        for (page,) in pages:
            if page:
                written.seek((page - 1) * size)
                written.write(b"\xff" * size)


def every_table(file: Path) -> None:
    _overwrite(file, "%")


def passages(file: Path) -> None:
    _overwrite(file, "passage%")


def flipped(file: Path) -> None:
    """Flip every bit of every page but the first."""
    size = _settle(file)
    whole = file.read_bytes()
    with file.open("r+b") as written:
        written.seek(size)
        written.write(bytes(255 - byte for byte in whole[size:]))


def header(file: Path) -> None:
    _settle(file)
    with file.open("r+b") as written:
        written.write(b"\xff" * 100)


def halved(file: Path) -> None:
    size = _settle(file)
    with file.open("r+b") as cut:
        cut.truncate(file.stat().st_size // size // 2 * size)


def emptied(file: Path) -> None:
    _settle(file)
    file.write_bytes(b"")


def values(file: Path) -> None:
    """Change what SQLite does not look into: the compressed content of every passage."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE passage SET content = zeroblob(length(content))")


class Conversation:
    """A person's private chat with the bot."""

    def __init__(self, telegram: LocalTelegram) -> None:
        self._telegram = telegram
        self._asked = 0

    def ask(self, text: str) -> str:
        """Return the reply to a text."""
        self._asked += 1
        self._telegram.say(PERSON, PERSON, text)
        return str(self._telegram.reply(PERSON, self._asked)["text"])


@contextmanager
def _running(data: Path) -> Iterator[tuple[BotProcess, Conversation]]:
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        yield bot, Conversation(telegram)


@pytest.mark.parametrize("damage", [every_table, passages, flipped, header, halved, emptied, values])
def test_damage_while_the_bot_runs_is_told_once_and_mended(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    with _running(tmp_path / "data") as (bot, person):
        whole = person.ask("liquid cooling")
        with locked(
            bot.data / "library.lock"
        ):  # Or a job of the bot may mend it before the question is read.
            damage(bot.data / "library.db")
            assert person.ask("liquid cooling") == REBUILDING, bot.err
        bot.saying("library.db is built anew: ")
        assert person.ask("liquid cooling") == whole
    assert "Traceback" not in bot.err
    assert bot.err.count("library.db is damaged") == bot.err.count(" ERROR ") == 1


@pytest.mark.parametrize("damage", [header, emptied, flipped, every_table])
def test_a_library_that_cannot_be_opened_is_built_anew_at_the_start(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    before = trendbot(tmp_path, "ask", "liquid cooling").stdout
    damage(tmp_path / "library.db")
    asked = trendbot(tmp_path, "ask", "liquid cooling")
    assert (asked.returncode, asked.stdout) == (0, before)


def test_health_names_the_damage_until_it_is_mended_also_after_a_kill(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with LocalTelegram() as telegram:
        person = Conversation(telegram)
        with BotProcess(data, telegram, TRENDBOT_LISTEN=f"127.0.0.1:{port}") as bot:
            bot.listening()
            whole = person.ask("liquid cooling")
            passages(data / "library.db")
            person.ask("liquid cooling")
            status, body = get(port, "/healthz")
            bot.saying("library.db is damaged")
            bot.end(SIGKILL)
        assert (status, json.loads(body)["parts"]["library"]["ok"]) == (503, False)
        assert "library.db is damaged" in json.loads(body)["parts"]["library"]["text"]
        with BotProcess(data, telegram, TRENDBOT_LISTEN=f"127.0.0.1:{port}") as bot:
            bot.listening()
            with locked(data / "library.lock"):
                assert person.ask("liquid cooling") == REBUILDING
            bot.saying("library.db is built anew: ")
            assert person.ask("liquid cooling") == whole
            assert get(port, "/healthz")[0] == 200


def test_doctor_says_what_to_do_about_a_damaged_library(tmp_path: Path) -> None:
    trendbot(tmp_path, "ask", "liquid cooling")
    passages(tmp_path / "library.db")
    examined = trendbot(tmp_path, "doctor")
    assert "stop the bot and delete library.db: the next start builds it anew" in examined.stdout


def test_what_fails_in_a_file_that_was_replaced_is_no_damage_of_the_new_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "library.db", Migrations("library"), durable=False)
    Store(tmp_path / "new.db", Migrations("library"), durable=False).close()

    def read() -> None:
        with store.storage_errors():
            store.replace(tmp_path / "new.db")
            raise sqlite3.OperationalError("database is locked")

    with pytest.raises(Damaged):
        read()
    assert store.damage is None
    store.close()


@pytest.mark.parametrize("gone", [False, True])
def test_a_new_thread_that_meets_an_emptied_file_is_told_of_damage_and_not_of_a_lock(
    tmp_path: Path, *, gone: bool
) -> None:
    store = Store(tmp_path / "library.db", Migrations("library"), durable=False)
    store.select("SELECT 1")
    store.path.write_bytes(b"")
    if gone:
        store.path.unlink()
    with ThreadPoolExecutor(1) as other, pytest.raises(Damaged):
        other.submit(store.select, "SELECT 1").result()
    assert store.damage
    store.close()
