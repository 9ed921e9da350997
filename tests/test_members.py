"""When the bot is removed from a chat, what was kept of it is erased; if nothing was kept, nobody waits for that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from library_kit import NOW
from msgspec.structs import replace
from telegram import Bot, ChatMember

from bot.app import App
from bot.dialogue.events import MemberEvent
from bot.inbound.members import Members, Membership, _present
from bot.inbound.updates import read
from bot.playground.server import LocalTelegram
from bot.state.captures import Capture
from bot.state.state import State
from bot.talk import ChatMessage
from bot.telegram.http import AiohttpRequest

GROUP, PERSON, BOT = -1_001_234, 8, 99
AT = int(NOW.timestamp())
RESTRICTED: dict[str, Any] = {
    "status": "restricted",
    "until_date": 0,
    **dict.fromkeys(
        (
            "can_change_info can_invite_users can_pin_messages can_send_messages can_send_polls can_send_other_messages "
            "can_add_web_page_previews can_manage_topics can_send_audios can_send_documents can_send_photos "
            "can_send_videos can_send_video_notes can_send_voice_notes can_edit_tag can_react_to_messages"
        ).split(),
        False,
    ),
}


@pytest.fixture
def own(app: App, tmp_path: Path) -> Iterator[App]:
    """The bot with a group that has agreed to capture, and free pages in its file."""
    found = replace(app, state=State(tmp_path / "state.db"))
    found.state.captures.turn_on(Capture(GROUP, 24, 7, AT), AT)
    with found.state.transaction():
        for number in range(60):
            message = ChatMessage(number, PERSON, "P", "word " * 800, AT)
            found.state.captures.keep(GROUP, message)
    with found.state.transaction():  # Erased, but the file is not rewritten yet.
        found.state.erase.person(PERSON)
    yield found
    found.state.close()


def removed(app: App, chat: int) -> int:
    """Remove the bot from a chat; return the number of free pages in the file, 0 after it was rewritten."""
    person = {"id": PERSON, "is_bot": False, "first_name": "P"}
    bot = {"id": BOT, "is_bot": True, "first_name": "Bot"}
    change = {
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "Team"},
        "from": person,
        "date": AT,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
    }
    event = read({"update_id": 1, "my_chat_member": change}, "trend_bot")
    assert isinstance(event, MemberEvent)
    membership = Membership(app.router("trend_bot"), app.state, lambda: NOW)
    asyncio.run(membership.changed(event, None))  # type: ignore[arg-type]  # Nothing is sent to a chat that is left.
    found: int = app.state.database.read().execute("PRAGMA freelist_count").fetchone()[0]
    return found


def test_who_blocks_the_bot_makes_nobody_wait_while_the_whole_file_is_written(own: App) -> None:
    assert removed(own, PERSON) > 0
    assert own.state.chats.closed(PERSON)


def test_of_a_group_that_removes_the_bot_no_copy_stays_in_the_file(own: App) -> None:
    assert removed(own, GROUP) == 0
    assert own.state.captures.of_chat(GROUP) is None


@pytest.mark.parametrize(
    ("status", "inside"),
    [
        ({"status": "member"}, True),
        ({"status": "left"}, False),
        ({"status": "kicked", "until_date": 0}, False),
        (RESTRICTED | {"is_member": True}, True),
        (RESTRICTED | {"is_member": False}, False),
    ],
)
def test_who_may_not_write_is_a_member_only_while_inside(status: dict[str, Any], inside: bool) -> None:
    user = {"id": PERSON, "is_bot": False, "first_name": "P"}
    change = {
        "chat": {"id": GROUP, "type": "supergroup", "title": "Team"},
        "from": user,
        "date": AT,
        "old_chat_member": {"status": "left", "user": user},
        "new_chat_member": status | {"user": user},
    }
    event = read({"update_id": 1, "my_chat_member": change}, "trend_bot")
    assert isinstance(event, MemberEvent)
    assert event.present is inside
    assert _present(ChatMember.de_json(status | {"user": user})) is inside


def test_of_whom_telegram_does_not_tell_nobody_says_that_they_are_a_member() -> None:
    async def asked(telegram: LocalTelegram) -> tuple[bool, bool, bool]:
        request = AiohttpRequest()
        bot = Bot(telegram.token, base_url=f"{telegram.url}/bot", request=request)
        async with bot:
            members = Members(bot)
            here = await members.is_member(GROUP, PERSON), await members.is_member(GROUP, 404)
            return *here, await members.is_member(GROUP - 1, PERSON)

    with LocalTelegram() as telegram:
        telegram.create_group(GROUP, "Team", 7, members=[PERSON])
        telegram.add_bot(GROUP, 7)
        assert asyncio.run(asked(telegram)) == (True, False, False)
