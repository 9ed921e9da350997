"""Where the bot is removed, what was kept goes; where nothing was kept, nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from library_kit import NOW
from telegram import Update
from telegram.ext import Application

from bot.app import App
from bot.chat.membership import Membership
from bot.models import ChatMessage
from bot.storage.captures import Capture
from bot.storage.state import State

GROUP, PERSON, BOT = -1_001_234, 8, 99
AT = int(NOW.timestamp())


@pytest.fixture
def own(app: App, tmp_path: Path) -> Iterator[App]:
    """A group that agreed, and a file in which something was erased before."""
    found = replace(app, state=State(tmp_path / "state.db"))
    found.state.captures.turn_on(Capture(GROUP, 24, 7, AT), AT)
    with found.state.transaction():
        for number in range(60):
            message = ChatMessage(number, PERSON, "P", "word " * 800, AT)
            found.state.captures.keep(GROUP, message)
    found.state.captures.forget(PERSON)
    yield found
    found.state.close()


def removed(app: App, chat: int) -> int:
    """Removes the bot from a chat; returns how many pages of the file are free then: writing it anew leaves none."""
    person = {"id": PERSON, "is_bot": False, "first_name": "P"}
    bot = {"id": BOT, "is_bot": True, "first_name": "Bot"}
    change = {
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "Team"},
        "from": person,
        "date": AT,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
    }
    application = Application.builder().token("1:a").updater(None).build()
    update = Update.de_json({"update_id": 1, "my_chat_member": change}, application.bot)
    membership = Membership(app.conversation("trend_bot"), app.state, lambda: NOW)
    asyncio.run(membership.changed(update, None))  # type: ignore[arg-type]  # who leaves is sent nothing
    found: int = app.state._store.read().execute("PRAGMA freelist_count").fetchone()[0]
    return found


def test_who_blocks_the_bot_makes_nobody_wait_while_the_whole_file_is_written(own: App) -> None:
    assert removed(own, PERSON) > 0
    assert own.state.subscriptions.closed(PERSON)


def test_of_a_group_that_removes_the_bot_no_copy_stays_in_the_file(own: App) -> None:
    assert removed(own, GROUP) == 0
    assert own.state.captures.of_chat(GROUP) is None
