"""Parses a Telegram update into a typed event, and serialises events for the inbox. The only parser of updates. Pure.

Every part that is used must have the type that the Bot API specifies; otherwise the update is poison, so that no later
code can fail on it. What the event does not hold is never stored: no quoted text, no names of people, no media.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, TypedDict

from msgspec.structs import asdict, replace

from bot.dialogue.events import (
    ButtonEvent,
    Event,
    FileEvent,
    InlineEvent,
    MalformedUpdate,
    MemberEvent,
    OtherEvent,
    PostEvent,
    TextEvent,
)
from bot.dialogue.parse import asked_in_reply, parse_command, without_mention
from bot.dialogue.registry import BY_NAME, decode_press
from bot.intake.reading import ONE_REPORT

Json = Mapping[str, Any]

GROUPS = frozenset({"group", "supergroup"})

# Databases store integers of up to 64 bits.
_LARGEST = 1 << 63
# Telegram's longest text has 4,096 characters; the rest is margin.
_LONGEST = 16_384
_ADMINS = frozenset({"creator", "administrator"})
_GONE = frozenset({"left", "kicked"})
_EVENTS: dict[
    str, type[TextEvent | ButtonEvent | FileEvent | PostEvent | MemberEvent | InlineEvent | OtherEvent]
] = {
    kind.__name__: kind
    for kind in (TextEvent, ButtonEvent, FileEvent, PostEvent, MemberEvent, InlineEvent, OtherEvent)
}


class _Document(TypedDict, total=False):
    """The fields of a PostEvent about its document."""

    file_id: str
    file_name: str
    file_size: int


class _Malformed(Exception):
    """A part that is not of the form the Bot API specifies; the message names it."""


def read(update: Json, username: str | None) -> Event | None:
    """Return the event that an update means to the bot called `username`; None where it asks for nothing. Never raises.

    In a group, only the bot's commands, mentions, and replies to it that ask something count. Edited messages are ignored: they would run a command twice.
    Returns a MalformedUpdate for an update that breaks the Bot API's types.
    """
    try:
        if "message" in update:
            return _message(_object(update, "message"), username)
        for name in ("channel_post", "edited_channel_post"):
            if name in update:
                return _post(_object(update, name), edited=name == "edited_channel_post")
        if "callback_query" in update:
            return _press(_object(update, "callback_query"))
        if "inline_query" in update:
            return _inline(_object(update, "inline_query"))
        if "my_chat_member" in update:
            return _membership(_object(update, "my_chat_member"))
    except _Malformed as error:
        return MalformedUpdate(str(error))
    return None


def dump(event: Event) -> str:
    """Return an event as the JSON that the inbox stores."""
    return json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False)


def load(body: str, username: str | None) -> Event | None:
    """Return the event that dump() wrote, or that of a raw update stored by an earlier version. Never raises."""
    try:
        stored = {**json.loads(body)}
        return _EVENTS[stored.pop("event")](**stored) if "event" in stored else read(stored, username)
    except (ValueError, TypeError, LookupError, RecursionError):
        return MalformedUpdate("its row in the inbox is damaged")


def for_bot(text: str, username: str | None) -> bool:
    """Return whether a group's text is one of our commands or mentions the bot; /etc/hosts is neither."""
    if text.startswith("/"):
        return parse_command(text, username)[0] in BY_NAME
    return "@" in text and without_mention(text, username) is not None


# -- kinds of updates --------------------------------------------------------------------------------------


def _message(message: Json, username: str | None) -> Event | None:
    chat = _object(message, "chat")
    chat_id, kind = _number(chat, "id"), _text(chat, "type")
    sender, as_chat = _object(message, "from", {}), _object(message, "sender_chat", {})
    code, message_id = _text(sender, "language_code", "") or None, _number(message, "message_id")
    _number(message, "date")
    user_id = _number(as_chat, "id") if as_chat else _number(sender, "id") if sender else 0
    private, thread, album = kind == "private", _thread(message), _text(message, "media_group_id", "")
    document, caption = _object(message, "document", {}), _text(message, "caption", "")
    text = _text(message, "text", "") or ("" if document else caption)
    if "via_bot" in message:  # a card sent via a bot, ours or another's, asks for nothing
        return OtherEvent(chat_id) if private else None
    answers = _answered(_object(message, "reply_to_message", {}), username)
    asked = for_bot(text or caption, username) or (answers is not None and asked_in_reply(text) is not None)
    if not private and not (kind in GROUPS and asked):
        return None
    forwarded = _forwarded(message, chat_id, user_id) if private else None
    if forwarded is not None:
        return replace(forwarded, language_code=code, thread_id=thread, message_id=message_id, album=album)
    if text:
        return TextEvent(
            chat_id,
            user_id,
            text,
            private,
            language_code=code,
            admin=private,
            thread_id=thread,
            message_id=message_id,
            answers=answers,
        )
    if document and private:
        name, size = _text(document, "file_name", ""), _number(document, "file_size", 0)
        file_id = _text(document, "file_id")
        return FileEvent(chat_id, user_id, file_id, name, size, code, thread, message_id, caption, album)
    if message.get("photo") and private:
        return FileEvent(chat_id, user_id, "", "", 0, code, thread, message_id, album=album)
    return OtherEvent(chat_id) if private else None


def _answered(message: Json, username: str | None) -> str | None:
    """Return the id of the view behind a message of the bot, "" for a message without one; None if it is not the bot's."""
    sender = _object(message, "from", {})
    if not username or _text(sender, "username", "").lower() != username.lower():
        return None
    rows = _object(message, "reply_markup", {}).get("inline_keyboard")
    buttons = (
        [button for row in rows if isinstance(row, list) for button in row] if isinstance(rows, list) else []
    )
    presses = (decode_press(_text(b, "callback_data", "")) for b in buttons if isinstance(b, dict))
    return next((press.view for press in presses if press is not None and press.view), "")


def _post(message: Json, *, edited: bool) -> Event | None:
    """Return a post of a channel that the bot is an admin of, or None where it has neither text nor document."""
    chat = _object(message, "chat")
    text = _text(message, "text", "") or _text(message, "caption", "")
    file = _document(message)
    if not (text.strip() or file) or _text(chat, "type") != "channel":
        return None
    chat_id = _number(chat, "id")
    return PostEvent(
        chat_id=chat_id,
        user_id=0,
        channel_id=chat_id,
        title=_text(chat, "title", ""),
        username=_text(chat, "username", ""),
        post_id=_number(message, "message_id"),
        text=text,
        at=_number(message, "date"),
        direct=True,
        edited=edited,
        **file,
    )


def _forwarded(message: Json, chat_id: int, user_id: int) -> PostEvent | None:
    """Return a channel's post forwarded in a private chat, or None for any other message."""
    origin = _object(message, "forward_origin", {})
    if _text(origin, "type", "") != "channel":
        return None
    text = _text(message, "text", "") or _text(message, "caption", "")
    file = _document(message)
    if not (text.strip() or file):
        return None
    channel = _object(origin, "chat")
    return PostEvent(
        chat_id=chat_id,
        user_id=user_id,
        channel_id=_number(channel, "id"),
        title=_text(channel, "title", ""),
        username=_text(channel, "username", ""),
        post_id=_number(origin, "message_id"),
        text=text,
        at=_number(origin, "date"),
        direct=False,
        **file,
    )


def _document(message: Json) -> _Document:
    """Return the fields of a PostEvent about a document that can be a report; none for any other file."""
    document = _object(message, "document", {})
    name = _text(document, "file_name", "")
    if PurePath(name).suffix.lower() not in ONE_REPORT:
        return {}
    return {
        "file_id": _text(document, "file_id"),
        "file_name": name,
        "file_size": _number(document, "file_size", 0),
    }


def _press(query: Json) -> Event | None:
    sender, message = _object(query, "from"), _object(query, "message", {})
    data = _text(query, "data", "")
    if not message or not data:
        return None
    chat = _object(message, "chat")
    return ButtonEvent(
        _number(chat, "id"),
        _number(sender, "id"),
        data,
        private=(private := _text(chat, "type") == "private"),
        admin=private,
        # An inaccessible message does not tell its topic.
        thread_id=_thread(message),
        language_code=_text(sender, "language_code", "") or None,
        query_id=_text(query, "id"),
        message_id=_number(message, "message_id"),
        picture="photo" in message,
    )


def _inline(query: Json) -> Event | None:
    """Return the inline query, or None where it is empty or asks for a further page of results."""
    sender, text = _object(query, "from"), _text(query, "query", "").strip()
    if not text or _text(query, "offset", ""):
        return None
    user_id = _number(sender, "id")
    code = _text(sender, "language_code", "") or None
    return InlineEvent(user_id, user_id, _text(query, "id"), text, code)


def _membership(change: Json) -> Event:
    chat, sender = _object(change, "chat"), _object(change, "from")
    before, after = _object(change, "old_chat_member"), _object(change, "new_chat_member")
    return MemberEvent(
        _number(chat, "id"),
        _number(sender, "id"),
        group=_text(chat, "type") in GROUPS,
        title=_text(chat, "title", ""),
        was_present=_present(before),
        present=_present(after),
        admin=_text(after, "status") in _ADMINS,
        language_code=_text(sender, "language_code", "") or None,
        channel=_text(chat, "type") == "channel",
        username=_text(chat, "username", ""),
    )


def _present(member: Json) -> bool:
    """Return whether the person is in the chat; a restricted member counts as long as they are a member."""
    status = _text(member, "status")
    return member.get("is_member") is True if status == "restricted" else status not in _GONE


def _thread(message: Json) -> int:
    """Return the forum topic of a message, 0 for none; outside forums a thread is only a chain of replies."""
    return _number(message, "message_thread_id", 0) if message.get("is_topic_message") is True else 0


# -- parts of JSON -----------------------------------------------------------------------------------------


def _object(holder: Json, name: str, default: Json | None = None) -> Json:
    part = holder.get(name, default)
    if not isinstance(part, dict):
        raise _Malformed(f"{name} is no object")
    return part


def _number(holder: Json, name: str, default: int | None = None) -> int:
    number = holder.get(name, default)
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= _LARGEST:
        raise _Malformed(f"{name} is no integer of 64 bits")
    return number


def _text(holder: Json, name: str, default: str | None = None) -> str:
    text = holder.get(name, default)
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise _Malformed(f"{name} is no string of a message's length")
    return text.encode("utf-8", "replace").decode()
