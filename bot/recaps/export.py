"""Reads a chat's messages from an export of Telegram Desktop: result.json of a chat or an account, or an HTML page.

Parses only; reading decides which messages count.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple, Protocol

from bot.recaps.attribution import BLOCKQUOTES, UNKNOWN, own_words
from bot.recaps.export_page import is_chat_page, read_page
from bot.talk import ChatMessage, Poll
from bot.text.charset_detection import SAMPLE
from bot.text.decode import encoding_of
from bot.text.normalise import fold
from bot.text.unreadable import Unreadable

_NUMBER = re.compile(r"(user|channel|chat)?(\d{1,18})")
# Exports do not say who is a bot. Bots' user names must end like this, and most display names do too.
_BOT = re.compile(r"(?:[a-z0-9_]Bot|(?:^|[\s_])bot|机器人)$")
_CHAIN = 10_000
# Codecs that strip the byte order mark.
_SIGNED = {"utf-8": "utf-8-sig"}


SUFFIX = ".json"

MOST_MESSAGES = 20_000
"""The most messages of an export that a recap reads, the newest: weeks of a busy group, a few seconds of work."""


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`."""


class ExportError(ValueError):
    """The file is not an export of one chat; the text says what to do."""


class NoMessages(ExportError):
    """The file holds no messages."""

    def __init__(self) -> None:
        super().__init__(
            "The file holds no messages of one chat. In Telegram Desktop open the chat, choose Export chat history, "
            "format JSON, and take the result.json that it writes."
        )


def read_export(file: Readable) -> Iterator[ChatMessage]:
    """Yield the messages that have a text or a poll, in the file's order; service messages are skipped.

    The file is streamed: only ids are kept, to find forum topics, so memory does not grow with it. A date without a
    time zone (old exports) is read as UTC. Raises ExportError if the file is not an export of one chat.
    """
    import ijson

    topics: dict[int, int] = {}
    messages = 0
    try:
        for entry in ijson.items(_Utf8(file), "messages.item", use_float=True):
            messages += 1
            if isinstance(entry, dict) and (message := _message(entry, topics)):
                yield message
    except ijson.JSONError as error:
        raise ExportError(
            f"The file is not whole JSON ({_first_line(error)}); export the chat again."
        ) from error
    except Unreadable as error:
        raise ExportError("The file is not text; export the chat again, as JSON.") from error
    if not messages:
        raise NoMessages


class ManyChats(ExportError):
    """The file holds the chats of a whole account; `names` are those with messages, those with most first."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            "The file holds the chats of a whole account. Name the one to recap with --chat: "
            + "; ".join(names)
        )
        self.names = names


class ExportedTalk(NamedTuple):
    """The newest messages of an export, at most MOST_MESSAGES, and the number of all."""

    messages: list[ChatMessage]
    total: int


def newest_messages(file: IO[bytes], read: Callable[[int], None], chat: str = "") -> ExportedTalk:
    """Return the newest messages of an export; `read` is called with the number of bytes after each read.

    The file is a result.json or an HTML page of an export, and seekable. Of the chats of a whole account the one named
    `chat` is read. Raises ExportError, and ManyChats if no chat of an account has that name.
    """
    counted = _Counted(file, read)
    head = file.read(SAMPLE)
    file.seek(0)
    if is_chat_page(head):
        return _newest(read_page(_whole_text(counted)))
    try:
        return _newest(read_export(counted))
    except NoMessages:
        file.seek(0)
        return _of_account(_Utf8(file), chat)


def _newest(messages: Iterable[ChatMessage]) -> ExportedTalk:
    newest: deque[tuple[int, ChatMessage]] = deque(enumerate(messages, 1), maxlen=MOST_MESSAGES)
    return ExportedTalk([message for _, message in newest], newest[-1][0] if newest else 0)


def _of_account(file: Readable, wanted: str) -> ExportedTalk:
    """Read the chat named `wanted` from an account's export. Raises NoMessages, and ManyChats if none has that name."""
    counts: dict[str, int] = {}
    topics: dict[int, int] = {}
    kept: deque[ChatMessage] = deque(maxlen=MOST_MESSAGES)
    for name, entry in _account_entries(file):
        message = _message(entry, topics)
        if message is None:
            continue
        counts[name] = counts.get(name, 0) + 1
        if wanted and fold(name) == fold(wanted):
            kept.append(message)
    if not counts:
        raise NoMessages
    if not kept:
        raise ManyChats(sorted(counts, key=lambda name: -counts[name]))
    return ExportedTalk(list(kept), next(n for name, n in counts.items() if fold(name) == fold(wanted)))


def _account_entries(file: Readable) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (chat name, entry) for every chat of an account; the file has the name before the entries."""
    import ijson

    name, builder, start = "", None, ""
    for prefix, event, value in ijson.parse(file, use_float=True):
        if builder is not None:
            builder.event(event, value)
            if prefix == start and event == "end_map":
                yield name, builder.value
                builder = None
        elif prefix in {"chats.list.item.name", "left_chats.list.item.name"}:
            name = value if isinstance(value, str) else ""
        elif prefix.endswith("chats.list.item.messages.item") and event == "start_map":
            builder, start = ijson.ObjectBuilder(), prefix
            builder.event(event, value)


def _whole_text(file: Readable) -> str:
    data = b"".join(iter(lambda: file.read(1 << 20), b""))
    return data.decode(encoding_of(data[:SAMPLE]), "replace")


class _Utf8:
    """A text file in any encoding, read as UTF-8. Reading raises Unreadable if it is no text."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._decoder: codecs.IncrementalDecoder | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the file as UTF-8; b"" at its end."""
        if not size:
            return b""
        while data := self._file.read(max(size, SAMPLE)):
            if self._decoder is None:
                encoding = encoding_of(data)
                self._decoder = codecs.getincrementaldecoder(_SIGNED.get(encoding, encoding))("replace")
            if text := self._decoder.decode(data):
                return text.encode()
        return b""


class _Counted:
    """A file that reports the number of bytes of each read."""

    def __init__(self, file: IO[bytes], read: Callable[[int], None]) -> None:
        self._file = file
        self._read = read

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the file."""
        data = self._file.read(size)
        self._read(len(data))
        return data


def _message(entry: dict[str, Any], topics: dict[int, int]) -> ChatMessage | None:
    number = _integer(entry.get("id"))
    if number is None:
        return None
    reply = _integer(entry.get("reply_to_message_id"))
    thread = topics.get(reply, 0) if reply is not None else 0
    if entry.get("type") == "service":
        if entry.get("action") == "topic_created":
            topics[number] = number
        return None
    if thread and len(topics) < _CHAIN:
        topics[number] = thread
    moment = _seconds(entry)
    poll = _poll(entry.get("poll"))
    text = own_words(_text(entry.get("text")))
    if poll is not None and not text.strip():
        text = _text(_dict(entry.get("poll")).get("question"))
    if entry.get("type") != "message" or moment is None or not text.strip():
        return None
    author = entry.get("from") if isinstance(entry.get("from"), str) else ""
    return ChatMessage(
        id=number,
        author_id=_author(entry.get("from_id")),
        author=author or UNKNOWN,
        text=text,
        at=moment,
        reply_to=None if reply == thread and thread else reply,
        thread_id=thread,
        bot=bool(entry.get("via_bot")) or _BOT.search(author or "") is not None,
        forwarded_from=_forwarded_from(entry),
        poll=poll,
    )


def _text(value: object) -> str:
    """Return an export's text, which is a string, or a list of strings and entities; block quotes are left out."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    parts = (_part(part) if isinstance(part, dict) else part for part in value)
    return "".join(part for part in parts if isinstance(part, str))


def _part(entity: dict[str, Any]) -> object:
    return "\n" if entity.get("type") in BLOCKQUOTES else entity.get("text")


def _forwarded_from(entry: dict[str, Any]) -> str:
    """Return the author of a forwarded message, "" for the sender's own words."""
    if "forwarded_from" not in entry and "forwarded_from_id" not in entry:
        return ""
    name, number = entry.get("forwarded_from"), entry.get("forwarded_from_id")
    if number == entry.get("from_id") if number is not None else name == entry.get("from"):
        return ""
    return name if isinstance(name, str) and name else UNKNOWN


def _poll(value: object) -> Poll | None:
    poll = _dict(value)
    answers = poll.get("answers")
    rows = [answer for answer in answers if isinstance(answer, dict)] if isinstance(answers, list) else []
    options = tuple((_text(row.get("text")), _integer(row.get("voters")) or 0) for row in rows)
    if not options or not _text(poll.get("question")).strip():
        return None
    return Poll(options, _integer(poll.get("total_voters")) or 0, poll.get("closed") is True)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _seconds(entry: dict[str, Any]) -> int | None:
    seconds = _integer(entry.get("date_unixtime"))
    if seconds is not None:
        return seconds
    try:
        moment = datetime.fromisoformat(str(entry.get("date")))
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _author(value: object) -> int:
    """Return a user's id, the negative id of a group or channel, 0 without one."""
    match = _NUMBER.fullmatch(str(value))
    if match is None:
        return 0
    return int(match[2]) if match[1] in {None, "user"} else -int(match[2])


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value) else None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:120]
