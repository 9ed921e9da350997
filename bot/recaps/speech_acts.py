"""Finds questions, their answers and shared links, by form alone. Decisions by form are in settled.py."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from msgspec import Struct

from bot.recaps.lines import Line
from bot.recaps.threads import Parents
from bot.recaps.words import ADDRESSING, BACK_REFERENCE, IDLE, QUESTION, TAG
from bot.talk import ChatMessage
from bot.text.lines import columns

_NARROW, _WIDE = 16, 200
BREATH = 110
"""The greatest width of a message that is quoted whole, in columns: its sentences belong together."""
_TERMS, _WORDS = 2, 6
_NEXT_IDS = 3
"""The greatest difference of ids of two messages written in a row, with at most courtesies between."""
_LINK = re.compile(r"https?://[^\s<>\"'，。、；！？）】」』“”]+", re.IGNORECASE)
_LINK_END = ".,;:!?)]}'\""
_GIVES = re.compile(r"\d|[:：/`\"“「]")


class SharedLink(Struct, frozen=True):
    """A URL that somebody shared, the index of the first message with it, and how often it occurs."""

    url: str
    message: int
    times: int


class Exchanges:
    """The questions of one talk and their answers. `children` are the indices of the messages that continue each."""

    def __init__(
        self,
        lines: Sequence[Line],
        messages: Sequence[ChatMessage],
        parents: Parents,
        children: Sequence[Sequence[int]],
    ) -> None:
        self._lines = lines
        self._messages = messages
        self._parents = parents
        self._children = children
        self._of_message: list[list[int]] = [[] for _ in messages]
        for index, line in enumerate(lines):
            self._of_message[line.message].append(index)

    def answer(self, question: int) -> int | None:
        """Return the index of the line that best answers the one at `question`, None if nobody else continued it."""
        asked = self._lines[question]
        candidates = [
            index
            for reply in self._children[asked.message]
            if not self._same_author(reply, asked.message) and not self._messages[reply].forwarded_from
            for index in self._of_message[reply]
            if self._tells_back(self._lines[index])
        ]
        return max(
            candidates, key=lambda index: (_answer_value(self._lines[index], asked), -index), default=None
        )

    def question(self, answer: int) -> int | None:
        """Return the index of the question that the message of the line at `answer` answers, None without one."""
        message = self._lines[answer].message
        parent = self._parents[message]
        if parent is None or self._same_author(parent, message) or not self._of_message[parent]:
            return None
        if self._messages[parent].forwarded_from or self._messages[message].poll is not None:
            return None
        last = self._of_message[parent][-1]
        asked = self._lines[last]
        return last if is_question(asked.text) and is_quotable(asked) and asked.last else None

    def open_questions(self) -> list[int]:
        """Return the indices of the questions that nobody answered, the clearest first.

        A question counts if it ends its message or one line follows it, and if its author did not go on talking right
        after it. Another question is an answer only if it shares a word, a forwarded message only if it is a reply.
        A question back to somebody ("are you sure?") is less clear than one that begins a thread. Forwarded questions
        and polls are left out.
        """
        questions = [
            index
            for index, line in enumerate(self._lines)
            if (is_quotable(line) or _asks_much(line) or self._asks_about_the_line_before(index))
            and is_question(line.text)
            and not TAG.search(line.text)
            and not self._messages[line.message].forwarded_from
            and self._messages[line.message].poll is None
            and self._ends(index)
            and not any(self._goes_on(child, line) for child in self._children[line.message])
        ]
        return sorted(questions, key=lambda index: (-self.clarity(index), -index))

    def _asks_about_the_line_before(self, index: int) -> bool:
        """Return whether a short question is quoted with what its message says first, which tells what it is about."""
        line = self._lines[index]
        own = [self._lines[other] for other in self._of_message[line.message]]
        text = self._messages[line.message].text
        if line.columns < _NARROW or not line.terms or columns(text) > BREATH or "\n" in text:
            return False
        return len(frozenset[str]().union(*(other.terms for other in own))) >= _TERMS

    def _ends(self, index: int) -> bool:
        own = self._of_message[self._lines[index].message]
        return own[-1] == index or (own[-2] == index and not is_question(self._lines[own[-1]].text))

    def _goes_on(self, child: int, asked: Line) -> bool:
        """Return whether a message that continues a question may answer it."""
        said = [self._lines[index] for index in self._of_message[child]]
        if said and all(is_question(line.text) for line in said):
            return any(line.terms & asked.terms for line in said)
        message = self._messages[child]
        if message.forwarded_from and message.reply_to != self._messages[asked.message].id:
            return False
        if not self._same_author(child, asked.message):
            return True
        # If the talk is only an excerpt, the next message may be from much later.
        return child == asked.message + 1 and message.id - self._messages[asked.message].id <= _NEXT_IDS

    def clarity(self, index: int) -> float:
        """Return how clearly the line at `index` asks the whole group for something."""
        line = self._lines[index]
        parent = self._parents[line.message]
        back = parent is not None and not self._same_author(parent, line.message)
        value = content_score(line) * (0.4 if back else 1.0)
        return value * (0.6 if ADDRESSING.search(line.text) else 1.0)

    def _same_author(self, one: int, other: int) -> bool:
        return self._messages[one].author_id == self._messages[other].author_id

    def _tells_back(self, line: Line) -> bool:
        return bool(line.terms) and not is_question(line.text) and _NARROW <= line.columns <= _WIDE


def is_question(text: str) -> bool:
    """Return whether a line has the form of a question."""
    return QUESTION.search(text) is not None


def children_of(parents: Parents) -> list[list[int]]:
    """Return for each message the indices of those that continue it."""
    children: list[list[int]] = [[] for _ in parents]
    for index, parent in enumerate(parents):
        if parent is not None:
            children[parent].append(index)
    return children


def shared_links(messages: Sequence[ChatMessage]) -> list[SharedLink]:
    """Return every URL in the messages, the most frequent first."""
    links: dict[str, SharedLink] = {}
    for index, message in enumerate(messages):
        for match in _LINK.finditer(message.text) if "://" in message.text else ():
            url = _trimmed(match[0])
            known = links.get(url)
            links[url] = SharedLink(url, known.message if known else index, known.times + 1 if known else 1)
    return sorted(links.values(), key=lambda link: (-link.times, link.message))


def _trimmed(url: str) -> str:
    """Return a URL without the punctuation of the sentence around it; a bracket that it opens itself stays."""
    while url and url[-1] in _LINK_END and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url


def is_quotable(line: Line) -> bool:
    """Return whether a line can be quoted alone as a decision or a question, by its width and content words."""
    return _NARROW <= line.columns <= _WIDE and len(line.terms) >= _TERMS


def _asks_much(line: Line) -> bool:
    """Return whether a question is a sentence of its own with at least one content word."""
    return _NARROW <= line.columns <= _WIDE and line.words >= _WORDS and bool(line.terms)


def content_score(line: Line) -> float:
    """Return how much a line says as a decision or a question."""
    value = line.density * math.sqrt(len(line.terms))
    if BACK_REFERENCE.match(line.text) or IDLE.search(line.text):
        value *= 0.6
    return value


def _answer_value(line: Line, asked: Line) -> float:
    value = line.density + 0.3 * len(line.terms & asked.terms) + (0.2 if _GIVES.search(line.text) else 0.0)
    return value * (0.8 if ADDRESSING.match(line.text) else 1.0)
