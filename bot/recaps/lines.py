"""Cuts messages into lines that can be quoted verbatim, each with its content words. Ranks nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from bot.recaps.words import OPENERS
from bot.talk import ChatMessage
from bot.text.language import language_by_script
from bot.text.lines import columns
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_words
from bot.text.segment import Segmenter
from bot.text.sentences import Span, sentence_spans
from bot.text.stopwords import STOPWORDS

WIDEST = 180
"""The greatest width of a line in columns (a Han character takes two). Longer sentences are cut at a comma."""

_SHORTEST = 4
# Stop words in questions to the library that can be subjects of a talk.
_SUBJECTS = frozenset(
    "cost costs news trend trends comparison difference 趋势 走势 新闻 发展 对比 区别 差别".split()
)
_FILLERS = (STOPWORDS - _SUBJECTS) | read_words(Path(__file__).with_name("filler_words.txt"))
_NAME_PART = re.compile(r"[^\W_]+")
_INSIDE = re.compile(r"[.!?。！？…；;](?=.)|\n")
_COMMA = re.compile(r"[，,；;：:、]\s*|\s[-\u2013\u2014]+\s|\s")
_STRONG_COMMA = re.compile(r"[，,；;：:]\s*|\s[-\u2013\u2014]+\s")
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){0,4}\.(?:com|org|net|io|cn|dev|ai|edu|gov|co|me|app)\b\S*",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(r"\s*(?:(?:@\w{2,32}[,:，：]?\s+)+|([^\s:,，：]{1,32})[:,，：]\s+)(?=\S)")


class Line(NamedTuple):
    """A part of a message: `message` is the message's index among those that count, `start` the part's in its text.

    `terms` are its content words, folded, each once; `words` is the number of all its words; `columns` is its width;
    `last` says that it ends its message. `sentence` numbers the sentences of a message from 1: the parts of a long one
    share a number. `opening` is the length of the opener before `start`, in characters.
    """

    message: int
    start: int
    text: str
    terms: frozenset[str]
    words: int
    columns: int
    last: bool
    sentence: int = 0
    opening: int = 0

    @property
    def density(self) -> float:
        """Return the share of content words among its words, 0 to 1."""
        return min(1.0, len(self.terms) / self.words) if self.words else 0.0


def cut_lines(messages: Sequence[ChatMessage], segmenter: Segmenter) -> list[Line]:
    """Return every line of the messages, in order."""
    authors = {fold(author) for author in {message.author for message in messages}}
    terms = _Terms(authors.union(*(_NAME_PART.findall(author) for author in authors)))
    result: list[Line] = []
    for index, message in enumerate(messages):
        spans = _spans(message.text, authors)
        for number, (start, end, sentence, opening) in enumerate(spans, 1):
            text = message.text[start:end]
            words = _words(text, segmenter)
            own = frozenset(filter(None, map(terms.__getitem__, words)))
            result.append(
                Line(
                    index,
                    start,
                    text,
                    own,
                    len(words),
                    columns(text),
                    number == len(spans),
                    sentence,
                    opening,
                )
            )
    return result


class _Terms(dict[str, str]):
    """Cache of the content word for each folded word, "" for a word that is none. People repeat words a lot."""

    def __init__(self, names: AbstractSet[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, word: str) -> str:
        term = singular(word)
        self[word] = kept = term if term not in self._names and is_content(term) else ""
        return kept


def _words(text: str, segmenter: Segmenter) -> list[str]:
    """Return the folded words of `text`, without those inside a longer word."""
    folded = fold(_ADDRESS.sub(" ", text) if "." in text else text)
    words = segmenter.words(folded)
    if folded.isascii():
        return [word for word, _, _ in words]
    result: list[str] = []
    # A word comes after those inside it.
    reached = len(folded)
    for word, start, end in reversed(words):
        if end <= reached:
            reached = start
            if word[0].isalnum():
                result.append(word)
    return result


def is_content(word: str) -> bool:
    """Return whether a folded word can be a subject: no filler, no bare number, no single Latin letter."""
    if word in _FILLERS or not word.strip("0123456789.%"):
        return False
    return len(word) > 1 or has_han(word)


def singular(word: str) -> str:
    """Return an English word without its plural ending: the S stemmer (Harman 1991)."""
    if (
        len(word) < 4
        or word[-1] != "s"
        or not (word.isascii() and word.isalpha())
        or word[-2] in "uis"
        or word in _FILLERS
    ):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word if word.endswith(("aes", "ees", "oes")) else word[:-1]


def _spans(text: str, authors: AbstractSet[str]) -> list[tuple[int, int, int, int]]:
    """Return (start, end, sentence, opener) per line: sentences, long ones cut at commas, without their openers.

    `sentence` is the sentence's number from 1, `opener` the length of what was left off at the start.
    """
    spans: list[tuple[int, int, int, int]] = []
    offset = sentence = 0
    for paragraph in text.split("\n"):
        for start, end in _sentences(paragraph):
            sentence += 1
            for a, b in _pieces(paragraph, start, end):
                begin = _after_opening(paragraph, a, b, authors)
                if begin < b:
                    spans.append((offset + begin, offset + b, sentence, begin - a))
        offset += len(paragraph) + 1
    return spans


def _sentences(paragraph: str) -> Iterable[Span]:
    end = len(paragraph.rstrip())
    if not end:
        return ()
    if _INSIDE.search(paragraph) is None:
        return ((len(paragraph) - len(paragraph.lstrip()), end),)
    return sentence_spans(paragraph, language_by_script(paragraph))


def _pieces(text: str, start: int, end: int) -> Sequence[Span]:
    """Return a span, or its parts if wider than WIDEST: about equal, cut after commas if any, else at spaces."""
    if 2 * (end - start) <= WIDEST:
        return ((start, end),)
    parts = -(-columns(text[start:end]) // WIDEST)
    if parts <= 1:
        return ((start, end),)
    target = (end - start) / parts
    pattern = _STRONG_COMMA if _STRONG_COMMA.search(text, start, end) else _COMMA
    pieces: list[Span] = []
    begin = start
    for match in pattern.finditer(text, start, end):
        if match.end() - begin >= target * 0.8 and end - match.end() >= target * 0.4:
            pieces.append((begin, begin + len(text[begin : match.end()].rstrip())))
            begin = match.end()
    return [*pieces, (begin, end)]


def _after_opening(text: str, start: int, end: int, authors: AbstractSet[str]) -> int:
    """Return where the content of a line begins: after the name that it addresses and after its opener."""
    addressee = _ADDRESSEE.match(text, start, end)
    if addressee and (addressee[1] is None or fold(addressee[1]) in authors):
        start = addressee.end()
    opener = OPENERS.match(text, start, end)
    return opener.end() if opener and end - opener.end() >= _SHORTEST else start
