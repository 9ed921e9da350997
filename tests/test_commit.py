"""Choices made while the disk was full are stored once there is room, whatever else is in the queue."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

from postgres_kit import Debian, needs_debian

from bot.dialogue.effects import ChooseLanguage, Mute, OpenView
from bot.inbound.commit import Commits
from bot.messages import Place
from bot.sqlite.connection import Store
from bot.sqlite.errors import StorageError
from bot.state.leases import LeaseLost
from bot.state.state import State
from bot.state.views import View

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_one_that_can_never_be_written_keeps_none_of_those_after_it_from_being_written(
    tmp_path: Path,
) -> None:
    state = State(tmp_path / "state.db")
    state.inbox.receive([(number, "{}") for number in (1, 2, 3)], int(NOW.timestamp()))
    assert isinstance(state.database, Store)
    writer = state.database._writer
    writer.execute("PRAGMA max_page_count = 1")  # No larger than now: a full disk.

    async def story() -> None:
        commits = Commits(state, lambda: NOW)
        await commits.commit(1, (OpenView(View("v", 1, 1, "x" * 100_000)),), "done")
        assert commits.waiting == {1}
        await commits.commit(2, (Mute(Place(1), "compute", 1 << 70),), "done")  # Too large for a database.
        await commits.commit(3, (ChooseLanguage(1, "zh"),), "done")
        assert commits.waiting == {1, 2, 3}
        writer.execute("PRAGMA max_page_count = 1000000")
        async with asyncio.timeout(30):
            while commits.waiting:  # noqa: ASYNC110  # No event signals the end.
                await asyncio.sleep(0.05)
        await commits.close()

    asyncio.run(story())
    assert state.views.get("v") is not None
    assert state.chats.language(1) == "zh"
    assert [received.update_id for received in state.inbox.waiting(-1, 9)] == [2], (
        "the next start tries it again"
    )
    state.close()


def test_a_record_does_not_wait_for_the_threads_in_which_answers_are_made(tmp_path: Path) -> None:
    state, done = State(tmp_path / "state.db"), threading.Event()
    state.inbox.receive([(1, "{}")], int(NOW.timestamp()))

    async def story() -> None:
        commits = Commits(state, lambda: NOW)
        answers = [asyncio.create_task(asyncio.to_thread(done.wait)) for _ in range(100)]
        await asyncio.sleep(0)
        async with asyncio.timeout(30):
            await commits.commit(1, (), "done")
        done.set()
        await asyncio.gather(*answers)
        await commits.close()

    try:
        asyncio.run(story())
    finally:
        done.set()
    assert state.inbox.counts() == {"done": 1}
    state.close()


@needs_debian
def test_a_shared_database_that_is_away_is_waited_for_so_that_nothing_more_is_sent_meanwhile() -> None:
    with Debian() as server:
        state = State(server.url)
        state.inbox.receive([(1, "{}"), (2, "{}")], int(NOW.timestamp()))

        async def story() -> None:
            commits = Commits(state, lambda: NOW)
            await commits.commit(1, (), "done")
            await asyncio.to_thread(server.stop)
            record = asyncio.create_task(commits.commit(2, (ChooseLanguage(1, "zh"),), "done"))
            async with asyncio.timeout(30):
                while not commits.waiting:  # noqa: ASYNC110  # No event signals the failed first try.
                    await asyncio.sleep(0.05)
            assert not record.done()
            await asyncio.to_thread(server.start)
            async with asyncio.timeout(60):
                await record
            await commits.close()

        asyncio.run(story())
        assert state.chats.language(1) == "zh"
        state.close()


@needs_debian
def test_what_another_machine_handles_by_now_is_not_recorded_here() -> None:
    with Debian() as server:
        state = State(server.url)
        state.inbox.receive([(1, "{}")], int(NOW.timestamp()))
        fails: list[Exception] = [StorageError("away"), LeaseLost("digests")]

        def fence() -> None:
            raise fails.pop(0)

        async def story() -> None:
            commits = Commits(state, lambda: NOW, fence)
            async with asyncio.timeout(30):
                await commits.commit(1, (), "done")
            assert not commits.waiting
            await commits.close()

        asyncio.run(story())
        assert state.inbox.counts() == {"new": 1}
        state.close()
