"""Finds the names in a question: capitalised words, Latin words in Chinese, products with their versions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.library.glossary import Glossary
from bot.library.terms import Term, name_in, term_of
from bot.models import Mention
from bot.text.normalise import fold, has_han
from bot.text.periods import YEAR
from bot.text.segment import latin_words
from bot.text.stopwords import STOPWORDS

# The version after the name of a product: llama 3, claude 3.7; a year is none.
_NUMBERED = re.compile(rf"(?! ?{YEAR})(?: ?[0-9]|[ -]?v[0-9])[0-9.]*(?<![.])(?![\w%])", re.ASCII)
_LETTER = re.compile("[a-z]")
# Adjacent capitalised words after the first word of a question: Sam Altman.
_CAPITALS = re.compile(r"(?<=\s)[A-Z][\w-]*(?:\.\w+)*(?:\s[A-Z][\w-]*(?:\.\w+)*)*")


def names_in(shown: str, asked: str, words: Iterable[str], versions: Iterable[str]) -> Iterator[str]:
    """Yield the names in a question: see Query. `versions` are its products with their versions."""
    if not has_han(asked):
        known = set(words)
        for run in _CAPITALS.findall(shown):
            yield from [word for word in fold(run).split() if word in known][-1:]
        return
    yield from versions
    yield from (word for word in words if _LETTER.search(word) and not has_han(word))


def products_in(asked: str, mentions: Iterable[Mention], glossary: Glossary) -> Iterator[str]:
    """Yield the products of a folded question with the version typed behind them: llama 3."""
    for mention in mentions:
        numbered = _NUMBERED.match(asked, mention.end)
        if numbered and glossary.topics[mention.topic].proper:
            yield asked[mention.start : numbered.end()]


def whole_name(shown: str, wanted: str, asked: str, phrases: Sequence[str]) -> Term | None:
    """Return the name that a question may consist of: its phrase, all its words, or the one that it asks about."""
    if phrases and not asked:
        return term_of(phrases[0])
    return name_in(wanted) or _capital_name(shown)


def _capital_name(shown: str) -> Term | None:
    """Return the capitalised name that a question asks about in general, as in "what happened to Stability AI?"."""
    runs = _CAPITALS.findall(shown)
    beside = latin_words(fold(_CAPITALS.sub(" ", shown)))
    return name_in(fold(runs[0])) if len(runs) == 1 and beside and STOPWORDS.issuperset(beside) else None


def full_names(text: str) -> list[str]:
    """Return the names of several words in capitals in a text, as typed."""
    first, _, rest = text.partition(" ")
    shown = f" {rest if first.lower() in STOPWORDS else text}"
    return [run for run in _CAPITALS.findall(shown) if " " in run]
