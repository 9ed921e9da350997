"""Messages cut into lines that can be quoted, each with its content words. Verbatim; weighs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.analysis.talk_words import FILLERS, OPENERS
from bot.models import ChatMessage
from bot.text.normalise import fold, has_han
from bot.text.segment import Segmenter
from bot.text.sentences import Span, sentence_spans

WIDEST = 180
"""Columns (a Han character takes two) of one line: what is read in one breath. Longer sentences are cut at a comma."""

_SHORTEST = 4
_NAME_PART = re.compile(r"[^\W_]+")
_INSIDE = re.compile(r"[.!?。！？…；;](?=.)|\n")
_COMMA = re.compile(r"[，,；;：:、]\s*|\s[-\u2013\u2014]+\s|\s")
_STRONG_COMMA = re.compile(r"[，,；;：:]\s*|\s[-\u2013\u2014]+\s")
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){0,4}\.(?:com|org|net|io|cn|dev|ai|edu|gov|co|me|app)\b\S*",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(r"\s*(?:(?:@\w{2,32}[,:，：]?\s+)+|([^\s:,，：]{1,32})[:,，：]\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the message at `message` (its place among those that count), from `start` of its text on.

    `terms` are its content words, folded, each once; `words` is how many words it has in all; `place` is where in
    the talk it stands, 0 to 1 by length; `last` says that it ends its message.
    """

    message: int
    start: int
    text: str
    terms: frozenset[str]
    words: int
    place: float
    last: bool

    @property
    def density(self) -> float:
        """The share of its words that say something, 0 to 1."""
        return min(1.0, len(self.terms) / self.words) if self.words else 0.0


def cut_lines(messages: Sequence[ChatMessage], segmenter: Segmenter) -> list[Line]:
    """Every line of the messages, in order."""
    authors = {fold(message.author) for message in messages}
    names = authors.union(*(_NAME_PART.findall(author) for author in authors))
    total = sum(len(message.text) for message in messages) or 1
    before = 0
    result: list[Line] = []
    for at, message in enumerate(messages):
        spans = [span for span in _spans(message.text, authors) if span[0] < span[1]]
        for number, (start, end) in enumerate(spans, 1):
            text = message.text[start:end]
            words = content(text, segmenter)
            terms = frozenset(word for word in words if word not in names and is_content(word))
            place = (before + start) / total
            result.append(Line(at, start, text, terms, len(words), place, number == len(spans)))
        before += len(message.text)
    return result


def content(text: str, segmenter: Segmenter) -> list[str]:
    """The folded words of `text` without what stands inside a longer one; an English plural as its singular."""
    folded = fold(_ADDRESS.sub(" ", text) if "." in text else text)
    found = segmenter.words(folded)
    if folded.isascii():
        return [singular(word) for word, _, _ in found]
    found.sort(key=lambda word: (word[1], -word[2]))
    result: list[str] = []
    reached = 0
    for word, _, end in found:
        if end > reached:
            reached = end
            if word[0].isalnum():
                result.append(singular(word))
    return result


def is_content(word: str) -> bool:
    """Whether a folded word can be what a talk is about: no filler, no bare number, no lone letter."""
    if word in FILLERS or not word.strip("0123456789.%"):
        return False
    return len(word) > 1 or has_han(word)


def singular(word: str) -> str:
    """An English word without its plural ending: the S stemmer (Harman 1991)."""
    if (
        len(word) < 4
        or word[-1] != "s"
        or not (word.isascii() and word.isalpha())
        or word[-2] in "uis"
        or word in FILLERS
    ):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word if word.endswith(("aes", "ees", "oes")) else word[:-1]


def _spans(text: str, authors: AbstractSet[str]) -> Iterator[Span]:
    """Spans of the lines of a message: its sentences, cut at commas when they are long, without their openers."""
    offset = 0
    for paragraph in text.split("\n"):
        for start, end in _sentences(paragraph):
            for a, b in _pieces(paragraph, start, end):
                begin = _after_opening(paragraph, a, b, authors)
                yield offset + begin, offset + b
        offset += len(paragraph) + 1


def _sentences(paragraph: str) -> Iterable[Span]:
    if not paragraph.strip():
        return ()
    if _INSIDE.search(paragraph) is None:
        begin = len(paragraph) - len(paragraph.lstrip())
        return ((begin, len(paragraph.rstrip())),)
    return sentence_spans(paragraph, "zh" if has_han(paragraph) else "en")


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The span, or its parts when it is wider than a line: about equal, cut behind commas where there are any."""
    parts = -(-columns(text[start:end]) // WIDEST)
    if parts <= 1:
        yield start, end
        return
    target = (end - start) / parts
    pattern = _STRONG_COMMA if _STRONG_COMMA.search(text, start, end) else _COMMA
    begin = start
    for match in pattern.finditer(text, start, end):
        if match.end() - begin >= target * 0.8 and end - match.end() >= target * 0.4:
            yield begin, begin + len(text[begin : match.end()].rstrip())
            begin = match.end()
    yield begin, end


def columns(text: str) -> int:
    """Columns of `text` however long it is: what is not ASCII takes two."""
    return len(text) if text.isascii() else 2 * len(text) - len(text.encode("ascii", "ignore"))


def _after_opening(text: str, start: int, end: int, authors: AbstractSet[str]) -> int:
    """Where a line begins to say something: behind the name it is addressed to and what people say first."""
    addressee = _ADDRESSEE.match(text, start, end)
    if addressee and (addressee[1] is None or fold(addressee[1]) in authors):
        start = addressee.end()
    opener = OPENERS.match(text, start, end)
    return opener.end() if opener and end - opener.end() >= _SHORTEST else start
