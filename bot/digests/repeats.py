"""Finds where the library has said a statement before, in nearly the same words, and what it said on the same matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.library.library import Library
from bot.models import IndexedPassage
from bot.text.normalise import fold
from bot.text.stopwords import STOPWORDS
from bot.trends.statements import SAME, Statement, Wording, cosine, sentence_id

# The numbers and the longest words of a sentence tell it from others; who repeats it has kept most of them.
_WORDS = 8
# Passages of the same day come first as often as those of the days before.
_LOOKED_AT = 16
_NEAR = 0.35
"""The cosine from which two sentences are on the same matter."""
_GOES_ON = 0.45
"""The cosine from which a later sentence goes on with an earlier one."""
_LABEL: Final = re.compile(r"^[^:：]{2,110}[:：]\s*")
"""What stands before a sentence of an item as its title, where each word has a capital."""
_DETAIL: Final = re.compile(r"(?<![@\w.-])[A-Z][\w.-]+|[A-Za-z]*\d[\w.]*", re.ASCII)
_PIECE: Final = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A sentence on the same matter: its report, the id under which it is recorded as delivered, and the cosine.

    `lacks` are the names and numbers of the statement, in pieces, that this sentence does not have.
    """

    report_id: str
    sentence_id: str
    likeness: float
    lacks: frozenset[str] = frozenset()

    @property
    def says_the_same(self) -> bool:
        """Whether it says the same in nearly the same words."""
        return self.likeness >= SAME

    @property
    def goes_before(self) -> bool:
        """Whether the statement, where it is later, tells how this one went on."""
        return self.likeness >= _GOES_ON


class Repeats:
    """Searches one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, statement: Statement) -> tuple[Repeat, ...]:
        """The other sentences of the library, in the statement's languages, that say the same or go before it.

        Only the 16 passages nearest in words are looked at.
        """
        own = set(statement.sentence_ids)
        repeated: dict[str, Repeat] = {}
        for wording in statement.wordings.values():
            for indexed in self._near(wording):
                passage = indexed.passage
                if passage.language != wording.passage.language:
                    continue
                for sentence, line in zip(passage.sentences, indexed.terms.split("\n"), strict=False):
                    likeness = cosine(wording.terms, frozenset(line.partition("\t")[0].split()))
                    if likeness >= _NEAR:
                        other = sentence_id(sentence.text)
                        if other not in own or passage.report_id != statement.report.id:
                            lacks = details_of(wording.sentence.text) - pieces_of(sentence.text)
                            repeated.setdefault(
                                f"{passage.report_id}.{other}",
                                Repeat(passage.report_id, other, likeness, lacks),
                            )
        return tuple(repeated.values())

    def _near(self, wording: Wording) -> list[IndexedPassage]:
        numbers = sorted(word for word in wording.terms if word[0].isdigit())[: _WORDS // 2]
        longest = sorted(wording.terms - set(numbers), key=lambda word: (-len(word.encode()), word))
        words = [*numbers, *longest[: _WORDS - len(numbers)]]
        if not words:
            return []
        rowids = [rowid for rowid, _ in self._library.match_passages(words, _LOOKED_AT)]
        return list(self._library.passages(rowids).values())


def details_of(text: str) -> frozenset[str]:
    """The names and numbers of a sentence, in pieces: gpt, 4 and 5 of GPT-4.5; without its label's, which is a title."""
    said = _LABEL.sub("", text) or text
    pieces = frozenset(piece for detail in _DETAIL.findall(said) for piece in _PIECE.findall(fold(detail)))
    return pieces - STOPWORDS


def pieces_of(text: str) -> frozenset[str]:
    """The Latin words and the numbers of a sentence."""
    return frozenset(_PIECE.findall(fold(text)))
