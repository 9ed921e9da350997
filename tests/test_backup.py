"""A backup is complete or does not exist; a restore refuses a damaged one, and keeps what it replaces."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot_process import BotProcess, trendbot
from postgres_kit import Server

from bot.messages import Place
from bot.playground.server import LocalTelegram
from bot.sqlite.errors import StorageError
from bot.state.backup import KEPT, BadBackup, back_up, back_up_daily, restore
from bot.state.state import State
from bot.state.views import View

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
SECRET = "what somebody asked"  # noqa: S105 - a text, no secret


@pytest.fixture
def folder(data: Path, tmp_path: Path) -> Path:
    """A data folder with a document of its own, a chat that chose a language, and a private text in every table of texts."""
    document = tmp_path / "report.txt"
    document.write_text("Compute demand in Lapland grew by 31% in 2025.", "utf-8")
    assert trendbot(data, "ingest", str(document)).returncode == 0
    state = State(data / "state.db")
    state.chats.set_language(7, "zh")
    state.views.put(View("v", 7, 7, SECRET), 1)
    state.inbox.receive([(1, json.dumps({"message": SECRET}))], 1)
    state.outbox.put("d", Place(7), [SECRET], 1, silent=True)
    state.close()
    return data


def test_a_backup_brings_back_documents_and_choices_but_nobodys_words(folder: Path, tmp_path: Path) -> None:
    made = trendbot(folder, "backup", str(tmp_path / "backups"))
    assert made.returncode == 0
    (backup,) = (tmp_path / "backups").iterdir()
    assert made.stdout == f"The backup is {backup}.\n"
    assert all(SECRET.encode() not in path.read_bytes() for path in backup.rglob("*") if path.is_file())

    other = tmp_path / "other"
    done = trendbot(other, "restore", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Lapland" in trendbot(other, "search", "Lapland").stdout
    with closing(sqlite3.connect(other / "state.db")) as db:
        assert db.execute("SELECT chat_id, language FROM chat").fetchall() == [(7, "zh")]
        assert db.execute("SELECT state, payload FROM outbox").fetchall() == [("dead", None)]


def test_what_was_there_is_kept(folder: Path, tmp_path: Path) -> None:
    backup = back_up(folder, tmp_path / "backups", NOW)
    state = State(folder / "state.db")
    state.chats.set_language(8, "en")
    state.close()
    replaced = restore(backup, folder, NOW)
    assert replaced is not None
    with closing(sqlite3.connect(replaced / "state.db")) as db:
        assert db.execute("SELECT count(*) FROM chat").fetchone() == (2,)
    with closing(sqlite3.connect(folder / "state.db")) as db:
        assert db.execute("SELECT count(*) FROM chat").fetchone() == (1,)
    assert "Lapland" in trendbot(folder, "search", "Lapland").stdout


@pytest.mark.parametrize(
    "damage", ["cut", "flipped", "source flipped", "source missing", "another file", "newer", "missing"]
)
def test_what_is_not_sound_is_refused_and_nothing_is_changed(
    damage: str, folder: Path, tmp_path: Path
) -> None:
    backup = back_up(folder, tmp_path / "backups", NOW)
    file, (source,) = backup / "state.db", list((backup / "sources").iterdir())
    # Sources are hard links: damage the copy, not the original.
    shutil.copyfile(source, tmp_path / "copy")
    source.unlink()
    (tmp_path / "copy").rename(source)
    match damage:
        case "cut":
            file.write_bytes(file.read_bytes()[:5_000])
        case "flipped" | "source flipped":
            target = file if damage == "flipped" else source
            raw = bytearray(target.read_bytes())
            raw[len(raw) // 2] ^= 1
            target.write_bytes(raw)
        case "source missing":
            source.unlink()
        case "another file":
            (backup / "SHA256SUMS").unlink()
            file.unlink()
            with closing(sqlite3.connect(file)) as db:
                db.execute("CREATE TABLE t (x)")
        case "newer":
            (backup / "SHA256SUMS").unlink()
            with closing(sqlite3.connect(file)) as db, db:
                db.execute(
                    "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('state', 'm999_later')"
                )
        case "missing":
            file.unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(BadBackup):
        restore(file, folder, NOW)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    failed = trendbot(folder, "restore", str(file))
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "Nothing was changed." in failed.stderr


def test_a_running_bot_makes_its_own_backup_and_is_not_restored_over(folder: Path) -> None:
    with LocalTelegram() as telegram, BotProcess(folder, telegram) as bot:
        bot.listening()
        telegram.say(5, 5, "/help")
        telegram.reply(5)
        telegram.wait(lambda: list((folder / "backups").glob("trendbot-*")), "a backup")
        (backup,) = (folder / "backups").glob("trendbot-*")
        refused = trendbot(folder, "restore", str(backup))
    assert refused.returncode == 1
    assert "stop it first" in refused.stderr


def test_each_day_has_one_backup_and_a_week_is_kept(folder: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    for hour in range(0, 24 * 10, 6):
        back_up_daily(folder, backups, NOW + timedelta(hours=hour))
    names = sorted(path.name for path in backups.iterdir())
    assert len(names) == KEPT
    assert names[-1] == "trendbot-20261201T200000Z"
    assert back_up_daily(folder, backups, NOW + timedelta(days=9, hours=1)) is None
    assert back_up_daily(folder, backups, NOW) is not None, "the clock was set back"


def test_one_that_was_broken_off_leaves_nothing_that_looks_like_a_backup(
    folder: Path, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    (backups / ".trendbot-20261121T200000Z.partial").mkdir(parents=True)
    (folder / "state.db-wal").unlink(missing_ok=True)
    (folder / "state.db").write_bytes(b"no database at all")
    with pytest.raises(StorageError):
        back_up(folder, backups, NOW)
    assert list(backups.iterdir()) == []


def test_a_backup_of_a_database_is_one_of_a_file_and_goes_into_either(
    server_18: Server, tmp_path: Path
) -> None:
    url, other = server_18.database(), server_18.database()
    state = State(url)
    state.chats.set_language(-5, "zh")
    state.views.put(View("v", 7, 7, "a question"), 1)
    state.close()
    data, again = tmp_path / "data", tmp_path / "again"
    made = trendbot(data, "backup", str(tmp_path / "kept"), TRENDBOT_STATE=url)
    assert made.returncode == 0, made.stderr
    (backup,) = (tmp_path / "kept").iterdir()
    assert {path.name for path in backup.iterdir()} == {"state.db", "sources", "SHA256SUMS"}
    assert trendbot(again, "restore", str(backup)).returncode == 0
    file = State(again / "state.db")
    assert file.chats.language(-5) == "zh"
    assert file.views.get("v") is None
    file.close()
    assert trendbot(again, "restore", str(backup), TRENDBOT_STATE=other).returncode == 0
    restored = State(other)
    assert restored.chats.language(-5) == "zh"
    restored.close()


@pytest.mark.parametrize("why", ["not empty", "not there"])
def test_what_the_database_cannot_take_leaves_the_data_folder_as_it_was(
    folder: Path, tmp_path: Path, server_15: Server, why: str
) -> None:
    backup = back_up(folder, tmp_path / "backups", NOW)
    url = server_15.database() if why == "not empty" else "postgresql://x@127.0.0.1:1/x"
    if why == "not empty":
        with closing(State(url)) as state:
            state.chats.set_language(-5, "zh")
    before = _files(folder)
    refused = trendbot(folder, "restore", str(backup), TRENDBOT_STATE=url)
    assert refused.returncode == 1
    if why == "not empty":
        assert refused.stderr.endswith(
            "(it holds rows of chat); give it an empty one. Nothing was changed.\n"
        )
    assert _files(folder) == before


def _files(folder: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"
    }
