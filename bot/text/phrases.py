"""Finds the phrases of a text: words that repeatedly stand together and do not always continue the same way. Pure.

split words at punctuation and linking words                    a phrase contains neither
keep runs of up to LONGEST words that occur twice               inner cohesion: chance would not repeat them
drop runs that are always part of the same longer run           free edges
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import chain, compress, islice
from operator import and_
from pathlib import Path
from typing import Final

from bot.text.normalise import has_han
from bot.text.rule_data import read_words
from bot.text.segment import Word
from bot.text.stopwords import STOPWORDS

LONGEST: Final = 4
"""Maximum words of a phrase."""

Phrase = tuple[str, ...]
"""The words of a phrase; a single word counts too."""

END: Final = ""
"""Marks a boundary in running words that no phrase crosses."""

_WORD_OR_MARK = re.compile(r"([^\W_]+(?:[.][0-9]+)*[+#]*)|[^\s\w-]|_|(?<=\s)-(?=\s)")
_ASCII_WORD_OR_MARK = re.compile(_WORD_OR_MARK.pattern.replace(r"[^\W_]", "[A-Za-z0-9]"))
"""The same for text in ASCII, in two thirds of the time."""


def running_words(folded: str, words: Iterable[Word]) -> list[str]:
    """Return the words of folded text in order, without overlaps, with END for punctuation and linking words.

    `words` are those of a segmenter in search mode; only a text with Han characters needs them.
    """
    joints = _joints()
    if not has_han(folded):
        pattern = _ASCII_WORD_OR_MARK if folded.isascii() else _WORD_OR_MARK
        return [END if word in joints else word for word in pattern.findall(folded)]
    running: list[str] = []
    begin = len(folded)
    for word, start, end in reversed([*words]):  # search mode puts a word's parts before it
        if end <= begin:
            if end < begin and folded[end:begin].strip(" -"):
                running.append(END)
            joins = word in joints and not (len(word) == 1 and word.isascii())  # 大S is a name
            running.append(END if joins or not word[0].isalnum() else word)
            begin = start
    running.reverse()
    return running


@cache
def _joints() -> frozenset[str]:
    return STOPWORDS | read_words(Path(__file__).with_name("han_joints.txt"))


def repeated_phrases(texts: Sequence[Sequence[str]]) -> Counter[Phrase]:
    """Return phrases of two or more words, with the number of texts that contain each, at least two.

    With a single text, count occurrences in it. A text is a sequence of running words.
    """
    phrases: Counter[Phrase] = Counter()
    words = Counter(chain.from_iterable(texts if len(texts) == 1 else map(set, texts)))
    # A word that occurs once is part of no phrase, which rules out nearly all of a short text.
    again: Counter[Phrase] = Counter(
        {(word,): number for word, number in words.items() if number > 1 and word != END}
    )
    for length in range(2, LONGEST + 1):
        if not again:
            break
        grams: Counter[Phrase] = Counter()
        for text in texts:
            runs = _runs_of_repeated(text, length, again)
            grams.update(runs if len(texts) == 1 else set(runs))
        again = Counter({gram: count for gram, count in grams.items() if count > 1})
        for gram, count in again.items():
            for part in (gram[:-1], gram[1:]):
                if phrases.get(part) == count:  # it never occurs without that continuation
                    del phrases[part]
        phrases.update(again)
    return phrases


def _runs_of_repeated(words: Sequence[str], length: int, shorter: Collection[Phrase]) -> Iterable[Phrase]:
    """Return the runs of so many words whose two parts, one word shorter, are both in `shorter`."""
    parts = [*map(shorter.__contains__, _runs(words, length - 1))]
    return compress(_runs(words, length), map(and_, parts, islice(parts, 1, None)))


def _runs(words: Sequence[str], length: int) -> Iterable[Phrase]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def runs_of(words: Sequence[str]) -> Iterable[Phrase]:
    """Return every run of one to LONGEST words without END."""
    grams = chain.from_iterable(_runs(words, length) for length in range(1, LONGEST + 1))
    return (gram for gram in grams if END not in gram)


def written(phrase: Phrase) -> str:
    """Return the phrase as text, with a space between two Latin words."""
    text = phrase[0]
    for word in phrase[1:]:
        text += f" {word}" if text[-1].isascii() and word[0].isascii() else word
    return text
