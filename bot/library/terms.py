"""A word, name or phrase as the index spells it: the FTS5 expression that finds it, and whether a line contains it.

Pure. The words of a name must be adjacent: "Claude Code" does not match every text with both words. The last word
matches in singular and plural, and a model's name with or without its hyphen or space.
"""

from __future__ import annotations

import re

from msgspec import Struct

from bot.library.full_text import quoted
from bot.text.normalise import has_han
from bot.text.segment import bigrams, latin_words, name_spellings, singular
from bot.text.stopwords import STOPWORDS

_MOST_WORDS = 4
_MOST_HAN = 8
_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")
_NAME = re.compile(r"[\w\s.+#&'’-]+")


class Term(Struct, frozen=True):
    """A term as runs of one script each; a run lists its alternative spellings, in words of the index."""

    runs: tuple[tuple[str, ...], ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """The spellings of the whole term; none if it has runs of several scripts."""
        return self.runs[0] if len(self.runs) == 1 else ()

    @property
    def expression(self) -> str:
        """The FTS5 expression for texts that contain the term: every run of it, in any spelling."""
        return " AND ".join("(" + " OR ".join(map(quoted, spellings)) + ")" for spellings in self.runs)

    def stands_in(self, line: str) -> bool:
        """Return whether a line of index terms, of a sentence or of headings, contains the term."""
        words = f" {' '.join(line.split())} "
        return all(any(f" {spelling} " in words for spelling in spellings) for spellings in self.runs)


def term_of(folded: str) -> Term | None:
    """Return the term that a folded text spells, None if nothing of it can be in an index."""
    runs = (
        _han_spellings(piece) if has_han(piece) else _latin_spellings(piece)
        for piece in _PIECE.findall(folded)
    )
    spelled = tuple(run for run in runs if run)
    return Term(spelled) if spelled else None


def name_in(folded: str) -> Term | None:
    """Return the name that a folded question consists of; None if it is longer, or has stop words or other signs."""
    words = latin_words(folded)
    han = "".join(piece for piece in _PIECE.findall(folded) if has_han(piece))
    if not _NAME.fullmatch(folded) or len(words) > _MOST_WORDS or len(han) > _MOST_HAN:
        return None
    return None if STOPWORDS.intersection(words) else term_of(folded)


def _han_spellings(run: str) -> tuple[str, ...]:
    """Return the spellings of a Han run: its bigrams in sequence, which find it in any passage, and the run as a word.

    Text outside passages is indexed by words of the dictionary only.
    """
    return tuple(dict.fromkeys((" ".join(bigrams(run)) or run, run)))


def _latin_spellings(run: str) -> tuple[str, ...]:
    words = latin_words(run)
    if not words:
        return ()
    last = singular(words[-1])
    numbers = {words[-1], last}
    if last.isalpha() and last.isascii():
        numbers.add(f"{last}s")
    forms = [" ".join([*words[:-1], number]) for number in sorted(numbers)]
    return tuple(dict.fromkeys((*forms, *_joined(run))))


def _joined(run: str) -> list[str]:
    """Return the spellings of the whole run as one word: gpt4o for gpt-4o."""
    whole = re.sub(r"[\s-]+", "", run)
    return [spelling for spelling in name_spellings(run.strip()) if spelling == whole]
