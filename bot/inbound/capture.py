"""Extracts from an update what a group's capture may keep, for groups that consented.

Pure: reads Telegram's raw JSON, trusts none of its types, and never raises.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.inbound.updates import GROUPS, for_bot
from bot.recaps.attribution import BLOCKQUOTES, UNKNOWN, own_words, without_spans
from bot.talk import ChatMessage, Poll

Update = dict[str, Any]

# Databases store integers of up to 64 bits.
_LARGEST = 1 << 63


class MessageWritten(Struct, frozen=True):
    """A message written in a group; `others` are the ids of people whose words it forwards."""

    chat_id: int
    message: ChatMessage
    others: tuple[int, ...] = ()


class Edited(Struct, frozen=True):
    """An edited message of a group; `text` is "" when the new words are no longer to be kept."""

    chat_id: int
    message_id: int
    text: str


class Moved(Struct, frozen=True):
    """Migration of a group to a supergroup with a new id."""

    old: int
    new: int


TalkEvent = MessageWritten | Edited | Moved


def talk_of(update: Update, username: str) -> TalkEvent | None:
    """Return the event that a group's capture may keep, or None.

    Messages to the bot are not talk, nor are messages by bots. A caption counts as text; media are never kept.
    """
    message, edited = _part(update, "message"), _part(update, "edited_message")
    holder = message or edited
    chat = _part(holder, "chat")
    chat_id, number = _number(chat, "id"), _number(holder, "message_id")
    if chat.get("type") not in GROUPS or chat_id is None or number is None:
        return None
    if new := _number(holder, "migrate_to_chat_id"):
        return Moved(chat_id, new)
    if old := _number(holder, "migrate_from_chat_id"):
        return Moved(old, chat_id)
    written = _string(holder, "text") or _string(holder, "caption")
    text = "" if for_bot(written, username) else _own_words(holder, written)
    if edited:
        return Edited(chat_id, number, text)
    author, moment = _author(holder), _number(holder, "date")
    if (
        author is None or moment is None or not text or "via_bot" in holder
    ):  # a message sent via a bot has no human author
        return None
    thread = _number(holder, "message_thread_id") if holder.get("is_topic_message") is True else None
    answered = _number(_part(holder, "reply_to_message"), "message_id")
    # In a forum, a message that answers nothing is a reply to the one that opened its topic (Bot API, Message).
    reply_to = None if answered == thread else answered
    words = ChatMessage(number, *author, text, moment, reply_to, thread or 0)
    if "poll" in holder:
        words = replace(words, poll=_poll(holder))
    if "forward_origin" not in holder:
        return MessageWritten(chat_id, words)
    passed_on = _number(_part(_part(holder, "forward_origin"), "sender_user"), "id")
    words = replace(words, forwarded_from=_forwarded_from(holder, author[0]))
    return MessageWritten(chat_id, words, () if passed_on is None else (passed_on,))


def _author(message: Update) -> tuple[int, str] | None:
    """Return the author's id and name: a person, or the group or channel that they write as; None for a bot."""
    chat = _part(message, "sender_chat")
    if (number := _number(chat, "id")) is not None:
        return number, _string(chat, "title")
    person = _part(message, "from")
    if (number := _number(person, "id")) is None or person.get("is_bot") is True:
        return None
    names = (_string(person, "first_name"), _string(person, "last_name"))
    return number, " ".join(name for name in names if name)


def _forwarded_from(message: Update, sender: int) -> str:
    """Return the name of the original author of a forwarded message, "" when the sender forwards their own words."""
    origin = _part(message, "forward_origin")
    if not origin:
        return ""
    person = _part(origin, "sender_user")
    chat = _part(origin, "sender_chat") or _part(origin, "chat")
    if sender in (_number(person, "id"), _number(chat, "id")):
        return ""
    names = (_string(person, "first_name"), _string(person, "last_name"), _string(chat, "title"))
    named = _string(origin, "sender_user_name") or " ".join(name for name in names if name)
    return named or UNKNOWN


def _own_words(message: Update, text: str) -> str:
    """Return what the sender wrote without the text they quote, or the question of a poll."""
    entities = message.get("entities") or message.get("caption_entities")
    quoted = [
        (_number(entity, "offset") or 0, _number(entity, "length") or 0)
        for entity in (entities if isinstance(entities, list) else ())
        if isinstance(entity, dict) and entity.get("type") in BLOCKQUOTES
    ]
    words = own_words(without_spans(text, quoted) if quoted else text)
    if words.strip() or _poll(message) is None:
        return words if words.strip() else ""
    return _string(_part(message, "poll"), "question")


def _poll(message: Update) -> Poll | None:
    poll = _part(message, "poll")
    options = poll.get("options")
    rows = [row for row in options if isinstance(row, dict)] if isinstance(options, list) else []
    if not rows or not _string(poll, "question").strip():
        return None
    return Poll(
        options=tuple((_string(row, "text"), _number(row, "voter_count") or 0) for row in rows),
        voters=_number(poll, "total_voter_count") or 0,
        closed=poll.get("is_closed") is True,
        quiz=poll.get("type") == "quiz",
    )


def _part(holder: Update, name: str) -> Update:
    part = holder.get(name)
    return part if isinstance(part, dict) else {}


def _number(holder: Update, name: str) -> int | None:
    number = holder.get(name)
    fits = isinstance(number, int) and not isinstance(number, bool) and abs(number) < _LARGEST
    return number if fits else None


def _string(holder: Update, name: str) -> str:
    text = holder.get(name)
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""
