"""Reads a chat's messages from an HTML page of Telegram Desktop's export (messages.html). Parses only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

from msgspec import Struct, field

from bot.recaps.attribution import UNKNOWN, own_words
from bot.talk import ChatMessage, Poll

_NUMBER = re.compile(r"message-?(\d{1,18})")
_REPLY = re.compile(r"#go_to_message(\d{1,18})")
_MOMENT = re.compile(r"(\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d)(?: UTC([+-]\d\d):?(\d\d))?")
_VOTES = re.compile(r"(\d{1,9})")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def is_chat_page(raw: bytes) -> bool:
    """Return whether a file is a page of an exported chat, by its first 20,000 bytes."""
    head = raw[:20_000]
    return b'class="history"' in head and b'class="message ' in head


def read_page(text: str) -> Iterator[ChatMessage]:
    """Yield a page's messages with a text or a poll, in order. A time without a zone (old exports) is read as UTC."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    authors: dict[str, int] = {}
    for message in reader.messages:
        words = own_words(message.text.strip()) or message.question
        if message.at is None or not words.strip():
            continue
        author = message.author or UNKNOWN
        poll = (
            Poll(tuple(message.options), message.voters, closed=message.closed) if message.options else None
        )
        yield ChatMessage(
            id=message.number,
            author_id=authors.setdefault(author, len(authors) + 1),
            author=author,
            text=words,
            at=message.at,
            reply_to=message.reply_to,
            forwarded_from=message.forwarded_from,
            poll=poll,
        )


class _PageMessage(Struct):
    """One message as the page has it."""

    number: int
    author: str = ""
    text: str = ""
    at: int | None = None
    reply_to: int | None = None
    forwarded_from: str = ""
    question: str = ""
    options: list[tuple[str, int]] = field(default_factory=list)
    voters: int = 0
    closed: bool = False


class _Reader(HTMLParser):
    """Collects the messages of a page, recognising elements by their classes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.messages: list[_PageMessage] = []
        self._message: _PageMessage | None = None
        self._open: list[tuple[str, frozenset[str]]] = []
        self._author = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._words.append("\n")
        if tag in _VOID:
            return
        classes = frozenset(values.get("class", "").split())
        self._open.append((tag, classes))
        if tag == "div" and "message" in classes:
            self._begin(values.get("id", ""), classes)
        elif self._message is not None:
            self._enter(classes, values)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and those left open inside it."""
        while self._open:
            opened, classes = self._open.pop()
            self._leave(classes)
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        """Add text to the open element; block quotes and dates are left out."""
        if any(tag == "blockquote" for tag, _ in self._open):
            self._words.append("\n" if not self._words or self._words[-1] != "\n" else "")
        elif not (self._open and "date" in self._open[-1][1]):
            self._words.append(data)

    def _begin(self, number: str, classes: frozenset[str]) -> None:
        match = _NUMBER.fullmatch(number)
        self._message = None
        if match is not None and "service" not in classes:
            self._message = _PageMessage(int(match[1]), self._author if "joined" in classes else "")
            self.messages.append(self._message)

    def _enter(self, classes: frozenset[str], values: dict[str, str]) -> None:
        message = self._message
        if message is None:
            return
        if "date" in classes and message.at is None:
            message.at = _seconds(values.get("title", ""))
        elif (reply := _REPLY.search(values.get("href", ""))) is not None and message.reply_to is None:
            message.reply_to = int(reply[1])
        if classes & {"from_name", "text", "question", "answer", "total"}:
            self._words = []

    def _leave(self, classes: frozenset[str]) -> None:
        message = self._message
        if message is None:
            return
        words = "".join(self._words).strip()
        forwarded = any("forwarded" in other for _, other in self._open)
        if "from_name" in classes and forwarded:
            message.forwarded_from = words or UNKNOWN
        elif "from_name" in classes:
            message.author = self._author = words
        elif "text" in classes:
            message.text = f"{message.text}\n{words}".strip()
        elif "question" in classes:
            message.question = words
        elif "answer" in classes:
            option, _, votes = words.removeprefix("-").partition("\n")
            message.options.append((option.strip(), _votes(votes)))
        elif "total" in classes:
            message.voters = _votes(words)
        elif "details" in classes and message.question and "final" in words.lower():
            message.closed = True


def _votes(text: str) -> int:
    number = _VOTES.search(text)
    return int(number[1]) if number else 0


def _seconds(title: str) -> int | None:
    """Return the UTC second of a time in a page's format, 04.06.2024 10:00:00 UTC+02:00; None if it is not one."""
    moment = _MOMENT.search(title)
    if moment is None:
        return None
    zone = f"{moment[2]}{moment[3]}" if moment[2] else "+0000"
    try:
        return int(
            datetime.strptime(f"{moment[1]} {zone}", "%d.%m.%Y %H:%M:%S %z").astimezone(UTC).timestamp()
        )
    except ValueError:
        return None
