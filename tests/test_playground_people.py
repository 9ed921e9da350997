"""Chats and people of the local Telegram: what a bot is told of them, and what it may do among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from telegram_kit import call

from bot.playground.refusals import CannotDo
from bot.playground.server import LocalTelegram

OWNER, ADMIN, MEMBER, NEWCOMER = 11, 12, 13, 14
GROUP, CHANNEL = -100, -200
EVERYTHING = ["message", "edited_message", "channel_post", "my_chat_member", "chat_member", "callback_query"]


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    """A group that the bot was added to; the updates about that are confirmed."""
    with LocalTelegram() as telegram:
        call(telegram, "getUpdates", allowed_updates=EVERYTHING)
        telegram.add_user(ADMIN, first_name="Lin", username="linlan")
        telegram.create_group(GROUP, "Compute Club", OWNER, members=[ADMIN, MEMBER])
        telegram.promote(GROUP, ADMIN)
        telegram.add_bot(GROUP, OWNER)
        assert [*kinds(telegram)] == ["my_chat_member", "message"]
        yield telegram


def told(telegram: LocalTelegram) -> list[Any]:
    """Return the updates for the bot, and confirm them."""
    updates = call(telegram, "getUpdates")[1]
    call(telegram, "getUpdates", offset=telegram.last_update + 1)
    return list(updates)


def kinds(telegram: LocalTelegram) -> list[str]:
    return [kind for update in told(telegram) for kind in update if kind != "update_id"]


def statuses(telegram: LocalTelegram, kind: str) -> list[tuple[str, str]]:
    changes = [update[kind] for update in told(telegram) if kind in update]
    return [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes]


def test_members_and_their_roles(telegram: LocalTelegram) -> None:
    def status(user: int) -> str:
        return str(call(telegram, "getChatMember", chat_id=GROUP, user_id=user)[1]["status"])

    assert [status(user) for user in (OWNER, ADMIN, MEMBER)] == ["creator", "administrator", "member"]
    telegram.add_user(NEWCOMER, first_name="New")
    assert status(NEWCOMER) == "left"
    assert call(telegram, "getChatMemberCount", chat_id=GROUP)[1] == 4
    admins = call(telegram, "getChatAdministrators", chat_id=GROUP)[1]
    assert {admin["user"]["id"] for admin in admins} == {OWNER, ADMIN}
    telegram.demote(GROUP, ADMIN)
    telegram.leave(GROUP, MEMBER)
    assert [status(user) for user in (ADMIN, MEMBER)] == ["member", "left"]
    with pytest.raises(CannotDo):
        telegram.say(GROUP, MEMBER, "still here?")


def test_a_bot_hears_of_its_own_standing_and_as_an_admin_of_others(telegram: LocalTelegram) -> None:
    telegram.join(GROUP, NEWCOMER)
    assert kinds(telegram) == ["message"]
    telegram.promote_bot(GROUP)
    assert statuses(telegram, "my_chat_member") == [("member", "administrator")]
    telegram.leave(GROUP, NEWCOMER)
    assert statuses(telegram, "chat_member") == [("member", "left")]
    telegram.demote_bot(GROUP)
    telegram.remove_bot(GROUP, OWNER)
    assert statuses(telegram, "my_chat_member") == [("administrator", "member"), ("member", "kicked")]
    telegram.say(GROUP, OWNER, "it is gone")
    assert told(telegram) == []


def test_blocking_and_unblocking(telegram: LocalTelegram) -> None:
    telegram.start(MEMBER, "t-abc_1")
    telegram.block(MEMBER)
    updates = told(telegram)
    assert updates[0]["message"]["text"] == "/start t-abc_1"
    assert updates[1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert call(telegram, "sendMessage", chat_id=MEMBER, text="x")[0] == 403
    with pytest.raises(CannotDo):
        telegram.say(MEMBER, MEMBER, "hello?")
    telegram.unblock(MEMBER)
    assert statuses(telegram, "my_chat_member") == [("kicked", "member")]
    assert call(telegram, "sendMessage", chat_id=MEMBER, text="x")[0] == 200
    with pytest.raises(CannotDo):
        telegram.start(MEMBER, "not a payload")


def test_privacy_mode_keeps_a_groups_talk_from_the_bot() -> None:
    with LocalTelegram(privacy=True) as telegram:
        assert call(telegram, "getMe")[1]["can_read_all_group_messages"] is False
        telegram.say(GROUP, MEMBER, "/trend compute")
        own = call(telegram, "sendMessage", chat_id=GROUP, text="Compute")[1]
        telegram.say(GROUP, MEMBER, "thanks")
        telegram.say(GROUP, MEMBER, "and why?", reply_to=own)
        telegram.say(GROUP, MEMBER, f"@{telegram.username} 算力")
        texts = [update["message"]["text"] for update in told(telegram)]
        assert texts == ["/trend compute", "and why?", f"@{telegram.username} 算力"]
        telegram.promote_bot(GROUP)
        told(telegram)
        telegram.say(GROUP, MEMBER, "thanks")
        assert kinds(telegram) == ["message"]


def test_an_anonymous_admin_writes_in_the_groups_name(telegram: LocalTelegram) -> None:
    telegram.promote(GROUP, ADMIN, anonymous=True)
    message = telegram.say(GROUP, ADMIN, "/lang zh", anonymous=True)
    assert message["sender_chat"]["id"] == message["chat"]["id"] == GROUP
    assert message["from"]["username"] == "GroupAnonymousBot"


def test_what_is_said_in_a_topic_looks_like_a_reply_to_its_beginning(telegram: LocalTelegram) -> None:
    thread = telegram.create_topic(GROUP, OWNER, "算力")
    message = telegram.say(GROUP, MEMBER, "hello", thread=thread)
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "算力"
    assert message["chat"]["is_forum"] is True
    answer = call(telegram, "sendMessage", chat_id=GROUP, message_thread_id=thread, text="x")[1]
    assert answer["message_thread_id"] == thread
    reply = telegram.say(GROUP, MEMBER, "why?", thread=thread, reply_to=answer)
    assert reply["reply_to_message"]["message_id"] == answer["message_id"]
    in_topic = [message["message_id"] for message in telegram.history(GROUP, thread)]
    assert in_topic == [thread, *(m["message_id"] for m in (message, answer, reply))]
    view = next(chat for chat in telegram.chats() if chat["id"] == GROUP)
    assert view["topics"] == [{"message_thread_id": thread, "name": "算力"}]


def test_supergroups_count_their_messages_themselves(telegram: LocalTelegram) -> None:
    first, second = (telegram.say(-number, MEMBER, "x")["message_id"] for number in (301, 302))
    assert first == second == 1
    numbers = [telegram.say(user, user, "x")["message_id"] for user in (OWNER, MEMBER)]
    assert numbers[1] == numbers[0] + 1


def test_a_group_becomes_a_supergroup(telegram: LocalTelegram) -> None:
    telegram.create_group(-5, "Old", OWNER, kind="group", members=[MEMBER])
    telegram.add_bot(-5, OWNER)
    told(telegram)
    new = telegram.migrate(-5)
    left, arrived = (update["message"] for update in told(telegram))
    assert (left["chat"]["id"], left["migrate_to_chat_id"]) == (-5, new)
    assert (arrived["chat"]["id"], arrived["migrate_from_chat_id"]) == (new, -5)
    assert arrived["chat"]["type"] == "supergroup"
    assert call(telegram, "getChatMember", chat_id=new, user_id=OWNER)[1]["status"] == "creator"
    with pytest.raises(CannotDo):
        telegram.say(-5, MEMBER, "anybody here?")


def test_a_channels_post_comes_to_its_group(telegram: LocalTelegram) -> None:
    telegram.create_channel(CHANNEL, "News", OWNER, linked=GROUP)
    post = telegram.post(CHANNEL, "Compute grows")
    assert kinds(telegram) == ["message"]
    telegram.add_bot(CHANNEL, OWNER)
    told(telegram)
    telegram.post(CHANNEL, "and grows")
    posted, forwarded = told(telegram)
    assert posted["channel_post"]["sender_chat"]["id"] == CHANNEL
    assert "from" not in posted["channel_post"]
    assert forwarded["message"]["is_automatic_forward"] is True
    assert forwarded["message"]["forward_origin"]["chat"]["id"] == CHANNEL
    assert call(telegram, "getChat", chat_id=GROUP)[1]["linked_chat_id"] == CHANNEL
    assert call(telegram, "sendMessage", chat_id=CHANNEL, text="x")[0] == 200
    assert [message["text"] for message in telegram.sent(CHANNEL)] == ["x"]
    assert post["message_id"] == 1


def test_a_press_carries_the_message_as_it_is(telegram: LocalTelegram) -> None:
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "m:1"}]]}
    _, first = call(telegram, "sendMessage", chat_id=GROUP, text="x", reply_markup=keyboard)
    call(telegram, "editMessageText", chat_id=GROUP, message_id=first["message_id"], text="y")
    query = telegram.press(first, "More", MEMBER)
    pressed = told(telegram)[-1]["callback_query"]
    assert (pressed["id"], pressed["data"], pressed["from"]["id"]) == (query, "m:1", MEMBER)
    assert pressed["message"]["text"] == "y"
    assert call(telegram, "answerCallbackQuery", callback_query_id=query) == (200, True)
    assert "query is too old" in call(telegram, "answerCallbackQuery", callback_query_id=query)[1]


def test_an_admin_may_pin_and_delete(telegram: LocalTelegram) -> None:
    message = telegram.say(GROUP, MEMBER, "a rude word")
    telegram.promote_bot(GROUP)
    place = {"chat_id": GROUP, "message_id": message["message_id"]}
    assert call(telegram, "pinChatMessage", **place) == (200, True)
    assert call(telegram, "getChat", chat_id=GROUP)[1]["pinned_message"]["text"] == "a rude word"
    assert (
        call(telegram, "setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👎"}])[0] == 200
    )
    assert call(telegram, "deleteMessage", **place) == (200, True)
    assert call(telegram, "deleteMessages", chat_id=GROUP, message_ids=[message["message_id"]]) == (200, True)
    assert "a rude word" not in [message.get("text") for message in telegram.history(GROUP)]


def test_forwards_and_copies(telegram: LocalTelegram) -> None:
    said = telegram.say(MEMBER, MEMBER, "look: https://x.org")
    place = {"from_chat_id": MEMBER, "message_id": said["message_id"], "chat_id": GROUP}
    forwarded = call(telegram, "forwardMessage", **place)[1]
    assert forwarded["forward_origin"]["sender_user"]["id"] == MEMBER
    copied = call(telegram, "copyMessage", **place)[1]
    assert copied.keys() == {"message_id"}
    copy = telegram.messages[GROUP, copied["message_id"]]
    assert "forward_origin" not in copy
    assert (copy["text"], copy["entities"]) == (said["text"], said["entities"])
