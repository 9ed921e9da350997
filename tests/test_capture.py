"""What is kept of an update: a group's words only if they are talk, and never other people's words beside a command."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import MalformedUpdate
from bot.inbound.capture import Edited, MessageWritten, Moved, talk_of
from bot.inbound.updates import dump, read
from bot.talk import ChatMessage

BOT = "trend_bot"
GROUP = {"id": -1001, "type": "supergroup", "title": "G"}
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "last_name": "Lee"}


def message(text: str | None = "hello", sender: dict[str, Any] = ANN, **fields: Any) -> dict[str, Any]:
    """Return an update with a group's message."""
    words = {} if text is None else {"text": text}
    return {
        "update_id": 1,
        "message": {"message_id": 5, "date": 90, "chat": GROUP, "from": sender} | words | fields,
    }


def addressed(update: dict[str, Any]) -> bool:
    """Return whether an update asks the bot something."""
    event = read(update, BOT)
    assert not isinstance(event, MalformedUpdate)
    return event is not None


def said(update: dict[str, Any]) -> ChatMessage | None:
    found = talk_of(update, BOT)
    return found.message if isinstance(found, MessageWritten) else None


def test_talk_is_text_author_and_what_it_answers() -> None:
    answered = message(reply_to_message={"message_id": 3, "text": "somebody else's words"})
    assert talk_of(answered, BOT) == MessageWritten(-1001, ChatMessage(5, 7, "Ann Lee", "hello", 90, 3))


def test_a_topic_is_kept_and_its_opening_is_no_answer() -> None:
    topic: dict[str, Any] = {
        "message_thread_id": 2,
        "is_topic_message": True,
        "reply_to_message": {"message_id": 2},
    }
    assert said(message(**topic)) == ChatMessage(5, 7, "Ann Lee", "hello", 90, None, 2)
    chain = said(message(message_thread_id=2, reply_to_message={"message_id": 2}))
    assert chain == ChatMessage(5, 7, "Ann Lee", "hello", 90, 2), "outside a forum a thread is no topic"


def test_a_caption_is_text_and_media_is_nothing() -> None:
    photo: dict[str, Any] = {"photo": [{"file_id": "x"}]}
    assert said(message(None, caption="the chart", **photo)) == ChatMessage(5, 7, "Ann Lee", "the chart", 90)
    services: list[dict[str, Any]] = [{"new_chat_members": [ANN]}, {"left_chat_member": ANN}]
    for silent in (photo, {"sticker": {}}, *services):
        assert talk_of(message(None, **silent), BOT) is None


@pytest.mark.parametrize(
    "text", ["/trend compute", "/recap@trend_bot", "@trend_bot compute", "what is @Trend_Bot?"]
)
def test_what_is_said_to_the_bot_is_no_talk(text: str) -> None:
    assert talk_of(message(text), BOT) is None
    assert addressed(message(text))


@pytest.mark.parametrize(
    "text", ["/etc/hosts is broken", "/weather", "/trend@other_bot x", "mail a@trend_bots.org"]
)
def test_a_slash_or_a_name_alone_is_talk(text: str) -> None:
    assert said(message(text)) is not None
    assert not addressed(message(text))


def test_in_the_name_of_a_group_or_channel_the_author_is_the_group_or_channel() -> None:
    anonymous = message(sender_chat=GROUP, sender={"id": 1087968824, "is_bot": True, "first_name": "Group"})
    channel = message(sender_chat={"id": -1002, "title": "News"}, is_automatic_forward=True)
    for update, author in ((anonymous, (-1001, "G")), (channel, (-1002, "News"))):
        found = said(update)
        assert found is not None
        assert (found.author_id, found.author) == author


def test_what_bots_say_is_no_talk() -> None:
    assert talk_of(message(sender=ANN | {"is_bot": True}), BOT) is None


def test_a_message_that_is_passed_on_names_its_author_too() -> None:
    origin = {"type": "user", "sender_user": {"id": 9, "first_name": "Bo"}, "date": 1}
    found = talk_of(message(forward_origin=origin), BOT)
    assert isinstance(found, MessageWritten)
    assert found.others == (9,)


def test_an_edit_is_an_edit_and_never_handled() -> None:
    edit = {"update_id": 2, "edited_message": message("better")["message"]}
    assert talk_of(edit, BOT) == Edited(-1001, 5, "better")
    command = {"update_id": 2, "edited_message": message("/trend compute")["message"]}
    assert talk_of(command, BOT) == Edited(-1001, 5, "")
    assert not addressed(edit)
    assert not addressed(command)
    private = command["edited_message"] | {"chat": {"id": 7, "type": "private"}}
    assert not addressed({"edited_message": private})


def test_a_group_that_moves_is_told_from_both_ends() -> None:
    old = message(None, chat={"id": -5, "type": "group"}, migrate_to_chat_id=-1001)
    new = message(None, migrate_from_chat_id=-5)
    assert talk_of(old, BOT) == talk_of(new, BOT) == Moved(-5, -1001)


def test_private_chats_and_channels_are_not_talk() -> None:
    for kind in ("private", "channel"):
        assert talk_of(message(chat={"id": 7, "type": kind}), BOT) is None
    assert addressed(message(chat={"id": 7, "type": "private"}))


def test_a_command_is_kept_without_what_it_quotes() -> None:
    others = "what somebody else wrote"
    quoting = message(
        "/trend compute",
        reply_to_message={
            "message_id": 3,
            "date": 1,
            "chat": GROUP,
            "text": others,
            "quote": {"text": others},
        },
        quote={"text": others},
        external_reply={"origin": {"sender_user_name": others}},
    )
    pressed = {"callback_query": {"id": "1", "from": ANN, "data": "x", "message": message(others)["message"]}}
    for update in (quoting, pressed):
        event = read(update, BOT)
        assert event is not None
        assert others not in dump(event)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = [
    "message_id", "date", "chat", "from", "text", "caption", "sender_chat", "reply_to_message", "migrate_to_chat_id",
    "message_thread_id", "is_topic_message", "forward_origin",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.sampled_from(["message", "edited_message"]))
def test_nothing_raises_and_what_is_kept_fits_a_database(fields: dict[str, Any], kind: str) -> None:
    update = {"update_id": 1, kind: message()["message"] | fields}
    found = talk_of(update, BOT)
    if isinstance(found, MessageWritten):
        found.message.text.encode()
        assert abs(found.message.id) < 2**63
