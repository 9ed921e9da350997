"""What people chose while the disk was full is kept when there is room, whatever stands in line with it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.dialogue.effects import ChooseLanguage, Mute, OpenView
from bot.inbound.commit import Commits
from bot.state.state import State
from bot.state.views import View

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_one_that_can_never_be_written_keeps_none_of_those_after_it_from_being_written(
    tmp_path: Path,
) -> None:
    state = State(tmp_path / "state.db")
    state.inbox.receive([(number, "{}") for number in (1, 2, 3)], int(NOW.timestamp()))
    writer = state.database._writer
    writer.execute("PRAGMA max_page_count = 1")  # as small as it is: the disk is full

    async def story() -> None:
        commits = Commits(state, lambda: NOW)
        await commits.commit(1, (OpenView(View("v", 1, 1, "x" * 100_000)),), "done")
        assert commits.waiting == {1}
        await commits.commit(2, (Mute((1, 0), "compute", 1 << 70),), "done")  # no database holds this number
        await commits.commit(3, (ChooseLanguage(1, "zh"),), "done")
        assert commits.waiting == {1, 2, 3}
        writer.execute("PRAGMA max_page_count = 1000000")
        async with asyncio.timeout(30):
            while commits.waiting:  # noqa: ASYNC110  # it tells nobody when it is done
                await asyncio.sleep(0.05)
        await commits.close()

    asyncio.run(story())
    assert state.views.get("v") is not None
    assert state.chats.language(1) == "zh"
    assert [received.update_id for received in state.inbox.waiting(-1, 9)] == [2], (
        "the next start tries it again"
    )
    state.close()
