"""A word, name or phrase as the index spells it: what full text is asked for it, and whether a line of terms holds it.

Pure. The words of a name stand together: "Claude Code" is not every text that has both words. Either number of its
last word will do, and a model's name with or without its hyphen or space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.library.full_text import quoted
from bot.text.normalise import has_han
from bot.text.segment import bigrams, latin_words, name_spellings, singular
from bot.text.stopwords import STOPWORDS

_MOST_WORDS = 4
_MOST_HAN = 8
_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")
_NAME = re.compile(r"[\w\s.+#&'’-]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A term by its runs of one script; each run is one of several spellings, in words of the index."""

    runs: tuple[tuple[str, ...], ...]

    @property
    def expression(self) -> str:
        """The FTS5 expression for texts that hold it; for several runs, those that hold all of them."""
        return " AND ".join("(" + " OR ".join(map(quoted, spellings)) + ")" for spellings in self.runs)

    def stands_in(self, line: str) -> bool:
        """Whether a line of index terms, those of a sentence or of headings, holds it."""
        words = f" {' '.join(line.split())} "
        return all(any(f" {spelling} " in words for spelling in spellings) for spellings in self.runs)


def term_of(folded: str) -> Term | None:
    """The term that a folded text writes, None where nothing of it is in an index."""
    runs = (
        _han_spellings(piece) if has_han(piece) else _latin_spellings(piece)
        for piece in _PIECE.findall(folded)
    )
    spelled = tuple(run for run in runs if run)
    return Term(spelled) if spelled else None


def name_in(folded: str) -> Term | None:
    """The name that a folded question is, None where it is a question: longer, or with words that name nothing."""
    words = latin_words(folded)
    han = "".join(piece for piece in _PIECE.findall(folded) if has_han(piece))
    if not _NAME.fullmatch(folded) or len(words) > _MOST_WORDS or len(han) > _MOST_HAN:
        return None
    return None if STOPWORDS.intersection(words) else term_of(folded)


def _han_spellings(run: str) -> tuple[str, ...]:
    """A run of Han characters: its pairs one after the other are found wherever the text has them.

    What is counted with its report and never shown has no pairs, but the words of the dictionary.
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
    """Spellings of the whole run in one word: gpt4o for gpt-4o."""
    whole = re.sub(r"[\s-]+", "", run)
    return [spelling for spelling in name_spellings(run.strip()) if spelling == whole]
