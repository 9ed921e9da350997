"""Two bots work with one PostgreSQL: one at a time, and the other takes over with nothing lost.

Short runs of tests/bench/two_machines.py, which prints its figures.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest
from bench.two_machines import Load, measure
from bot_process import BotProcess, trendbot
from library_kit import write
from postgres_kit import Debian, needs_debian
from test_monitoring import free_port, get

from bot.outbox.fence import SHARED_SECONDS, Fence
from bot.playground.server import TOKEN, LocalTelegram
from bot.state.leases import WORK, LeaseLost, machine_name
from bot.state.state import State

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
# The machines' own clocks differ by half a minute; the database's clock counts.
LATER = NOW + timedelta(seconds=30)

pytestmark = needs_debian


def is_healthy(port: int) -> bool:
    status, _ = get(port, "/healthz")
    return status == HTTPStatus.OK


@pytest.fixture
def folders(data: Path, tmp_path: Path) -> tuple[Path, Path]:
    return data, shutil.copytree(data, tmp_path / "other")


@pytest.fixture
def server() -> Iterator[Debian]:
    with Debian() as server:
        yield server


@pytest.mark.parametrize(("kind", "faults"), [("kill", 2), ("end", 2), ("stop", 1), ("restart", 3)])
def test_nothing_is_lost_and_at_most_one_message_a_fault_comes_again(
    kind: str, faults: int, folders: tuple[Path, Path], server: Debian
) -> None:
    load = Load(digests=60, rate=6.0, stopped=20.0)
    outcome = measure(kind, faults, server.url, folders, server, load).outcome
    assert outcome.updates > 0
    assert (outcome.lost, outcome.missed, outcome.unsent, outcome.double_effects) == ({}, 0, 0, 0)
    assert outcome.messages >= load.digests
    assert outcome.repeated_digests <= (0 if kind == "end" else faults)
    assert outcome.most_in_a_second <= 30
    assert 0 < outcome.most_in_a_group <= 20


def test_an_answer_under_way_at_a_stop_is_recorded(folders: tuple[Path, Path], server: Debian) -> None:
    with LocalTelegram() as telegram, BotProcess(folders[0], telegram, TRENDBOT_STATE=server.url) as bot:
        bot.listening()
        telegram.delay_next("sendMessage", 2.0)
        telegram.say(7, 7, "/lang zh")
        telegram.reply(7)  # has arrived; the bot learns it two seconds later
        assert bot.end(signal.SIGTERM) == 0
    with closing(State(server.url)) as state:
        assert state.chats.language(7) == "zh"
        assert state.inbox.counts() == {"done": 1}
        _, seconds = state.leases.holder(WORK, 0) or ("", 0)
        assert seconds <= 4, "given back: another machine need not wait until it runs out"


def test_a_machine_without_the_lease_neither_trusts_nor_writes(server: Debian) -> None:
    seconds = [0.0]
    first, second = State(server.url), State(server.url)
    holder = Fence(first, lambda: NOW, "one", lambda: seconds[0])
    other = Fence(second, lambda: LATER, "two", lambda: seconds[0])
    assert holder.acquire()
    assert not other.acquire()
    assert holder.trusted()
    seconds[0] = SHARED_SECONDS
    assert not holder.trusted()
    first.database.change("UPDATE lease SET expires = 0")
    assert other.acquire()
    with pytest.raises(LeaseLost):
        holder.check()
    assert not holder.held
    other.release()
    assert not holder.acquire(), "what the other sent still counts against Telegram's limits"
    first.database.change("UPDATE lease SET expires = expires - 4")
    assert holder.acquire()
    first.close()
    second.close()


def test_a_copy_of_a_folder_or_of_a_whole_machine_is_another_machine(server: Debian, tmp_path: Path) -> None:
    folder, aside, boot = tmp_path / "data", tmp_path / "aside", tmp_path / "boot_id"
    folder.mkdir()
    (folder / "state.db").write_bytes(b"x")
    boot.write_text("fdea6a92-6d2c-4d1f-9d0b-6cd5cbb4a1a4\n", "ascii")
    names = [machine_name(folder, boot)]
    assert machine_name(folder, boot) == names[0], "a bot that starts again finds its own lease"
    folder.rename(aside)
    shutil.copytree(aside, folder)
    names.append(machine_name(folder, boot))
    boot.write_text("0b7f5a52-0d6c-4b0e-8f0a-1f8a4c9e7d10\n", "ascii")
    names.append(machine_name(folder, boot))
    boot.unlink()
    names += [machine_name(folder, boot), machine_name(folder, boot)]
    assert len(set(names)) == len(names)
    with closing(State(server.url)) as state:
        holder, *others = [Fence(state, lambda: NOW, name) for name in names]
        assert holder.acquire()
        assert not any(other.acquire() for other in others)
        assert holder.acquire()


def test_a_lease_is_renewed_while_another_writer_takes_long(server: Debian) -> None:
    seconds = [0.0]
    state, other = State(server.url), State(server.url)
    holder = Fence(state, lambda: NOW, "one", lambda: seconds[0])
    assert holder.acquire()

    async def keep_until(renewed: Callable[[], bool]) -> None:
        keeping = asyncio.create_task(holder.keep())
        async with asyncio.timeout(60):
            while not renewed():  # noqa: ASYNC110  # The condition is in a database.
                await asyncio.sleep(0.05)
        keeping.cancel()

    with other.transaction():  # Like a machine that is stopped inside a transaction.
        state.database.change_concurrently("UPDATE lease SET expires = 0")
        seconds[0] = SHARED_SECONDS
        assert not holder.trusted()
        asyncio.run(keep_until(holder.trusted))
    assert state.database.select("SELECT expires FROM lease").fetchone()[0] > 0
    state.close()
    other.close()


def test_the_machine_that_takes_over_answers_from_what_the_other_took_in(
    folders: tuple[Path, Path], server: Debian, tmp_path: Path
) -> None:
    report = write(
        tmp_path, "zeta.md", "The Zetatron chip needs 7 watts.", title="Zetatron", publisher="Zeta Daily"
    )
    with LocalTelegram() as telegram, BotProcess(folders[0], telegram, TRENDBOT_STATE=server.url) as first:
        first.listening()
        with BotProcess(folders[1], telegram, TRENDBOT_STATE=server.url, TRENDBOT_LOG="INFO") as second:
            second.listening()
            assert trendbot(folders[0], "ingest", str(report), TRENDBOT_STATE=server.url).returncode == 0
            second.saying("1 reports of other machines are here now")
            assert "WARNING bot.process: This machine stands by" in second.err
            first.end(signal.SIGKILL)
            telegram.say(7, 7, "/trend Zetatron")
            assert "7 watts" in telegram.reply(7)["text"]
            assert "This machine works now" in second.err
            assert "ERROR bot.process" not in second.err
            second.end(signal.SIGTERM)
    ended = trendbot(folders[1], "doctor", TRENDBOT_STATE=server.url)
    assert "shared library: all 1 reports that came in are here" in ended.stdout


def test_doctor_and_status_say_which_machine_works(folders: tuple[Path, Path], server: Debian) -> None:
    with (
        LocalTelegram() as telegram,
        BotProcess(folders[0], telegram, TRENDBOT_STATE=server.url) as bot,
    ):
        bot.listening()
        telegram.say(7, 7, "/help")
        telegram.reply(7)
        ended = trendbot(
            folders[1],
            "doctor",
            TRENDBOT_TOKEN=TOKEN,
            TRENDBOT_API_URL=telegram.url,
            TRENDBOT_STATE=server.url,
        )
    assert f"{folders[0]} works" in ended.stdout


def test_health_names_the_machine_that_works_and_the_database_that_is_away(
    folders: tuple[Path, Path], server: Debian
) -> None:
    ports = free_port(), free_port()
    with (
        LocalTelegram() as telegram,
        BotProcess(
            folders[0], telegram, TRENDBOT_STATE=server.url, TRENDBOT_LISTEN=f"127.0.0.1:{ports[0]}"
        ) as first,
    ):
        first.listening()
        telegram.wait(lambda: telegram.called("getUpdates"), "a poll")
        with BotProcess(
            folders[1], telegram, TRENDBOT_STATE=server.url, TRENDBOT_LISTEN=f"127.0.0.1:{ports[1]}"
        ) as second:
            second.saying("This machine stands by")
            for port in ports:
                status, body = get(port, "/healthz")
                assert status == 200
                assert (
                    f"{folders[0]} works; the others stand by"
                    in json.loads(body)["parts"]["machines"]["text"]
                )
            server.stop()
            for port in ports:
                status, body = get(port, "/healthz")
                parts = {name: (part["ok"], part["text"]) for name, part in json.loads(body)["parts"].items()}
                assert status == 503
                assert f"PostgreSQL at 127.0.0.1:{server.port} cannot be used" in parts["state"][1]
                assert (
                    parts["telegram"]
                    == parts["machines"]
                    == (False, "unknown while the state cannot be used")
                )
                assert parts["library"][0]
                assert parts["disk"][0]
            server.start()
            for port in ports:
                telegram.wait(partial(is_healthy, port), "health", 30)


def test_a_database_that_is_away_is_named_without_its_password(folders: tuple[Path, Path]) -> None:
    url = "postgresql://trendbot:geheim@127.0.0.1:9/none"
    ended = trendbot(folders[0], "ask", "compute", TRENDBOT_STATE=url)
    assert ended.returncode == 1
    assert "PostgreSQL at 127.0.0.1:9 cannot be used" in ended.stderr
    assert "geheim" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    examined = trendbot(folders[0], "doctor", TRENDBOT_STATE=url)
    assert "FAIL  state: PostgreSQL at 127.0.0.1:9 cannot be used" in examined.stdout
    assert "token: TRENDBOT_TOKEN is not set" in examined.stdout, "doctor goes on to what else is wrong"
    assert "geheim" not in examined.stdout + examined.stderr


def test_a_question_asked_while_the_database_is_away_is_answered_when_it_is_back(
    folders: tuple[Path, Path], server: Debian
) -> None:
    with LocalTelegram() as telegram, BotProcess(folders[0], telegram, TRENDBOT_STATE=server.url) as bot:
        bot.listening()
        telegram.say(7, 7, "/help")
        telegram.reply(7)
        server.stop()
        asked = len(telegram.called("getUpdates"))
        telegram.say(8, 8, "/help")
        telegram.wait(lambda: len(telegram.called("getUpdates")) > asked, "a poll after the update", 60)
        time.sleep(12)  # Longer than a reader waits for a connection.
        server.start()
        assert "/trend" in telegram.reply(8)["text"]
        errors = [line.partition(" ERROR ")[2] for line in bot.err.splitlines() if " ERROR " in line]
        assert 0 < len(errors) == len(set(errors)), "each part reports the outage once"
        assert "Traceback" not in bot.err
        assert "psycopg" not in bot.err
