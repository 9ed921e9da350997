"""Terms of a document, each with the number of its items that contain it: the counts that show what rises. Pure.

its title                every run of words, up to the longest phrase
in Chinese               words and phrases in two items or more; in a document of one item, those that occur twice
Latin names              DeepSeek, GPT-4o, Model Context Protocol: one occurrence is enough; no other Latin words
topics of the glossary   by their id, instead of their forms; a form with a number, GPT-4.5, counts as a term too
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import chain, groupby
from typing import Final

from msgspec import Struct, field

from bot.text.normalise import has_han
from bot.text.phrases import Phrase, repeated_phrases, runs_of, written
from bot.text.stopwords import STOPWORDS

TOPIC: Final = "#"
"""Prefix of a term that is the id of a topic."""

_MOST_CHARACTERS = 60
_WORD = r"[A-Z][A-Za-z0-9]*"
_MORE = r"(?:[ -][A-Z0-9][A-Za-z0-9]*(?:[.][0-9]+)*)"
_CAMEL = r"[A-Za-z][a-z]*+[A-Z][A-Za-z0-9]*"
# What matches in the middle of a word also matches from its first letter, so only first letters are tried.
_FIRST = r"(?<![A-Za-z])"
# A single capitalised word is a name only inside a sentence, after a lower-case letter, digit or comma and a space;
# in Chinese anywhere.
_NAME = re.compile(rf"{_FIRST}(?:(?:{_WORD}|{_CAMEL}){_MORE}+|(?<=[a-z0-9,;)] ){_WORD}|{_CAMEL})")
_NAME_BESIDE_HAN = re.compile(rf"{_FIRST}(?:{_CAMEL}|{_WORD}){_MORE}*")
_LABEL = re.compile(r"^[^:.!?\n]{2,110}: ", re.MULTILINE)
_NAME_WITH_NUMBER = re.compile(r"[a-z]+[0-9][a-z0-9.]*")
_DIGIT = re.compile(r"[0-9]")
_HAN_NUMBER = re.compile(r"[零一二三四五六七八九十百千万亿两几第年月日号时分秒点岁元个]+")


class Item(Struct):
    """The text under one heading: its sentences as written, their running words, and its topics."""

    sentences: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)


def count_terms(
    title: list[str], items: Collection[Item], is_form: Callable[[str], bool]
) -> tuple[tuple[str, int], ...]:
    """Return (term, number of items that contain it) for each term, 1 if only the title does; "" counts all items.

    `is_form` tells whether a term is a form of a topic, which is counted by its id.
    """
    words_of_items = [set(item.words) for item in items]
    holding = Counter(chain.from_iterable(words_of_items))
    occurrences = Counter(chain.from_iterable(item.words for item in items))
    counts: Counter[Phrase] = Counter()
    alone: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for item in items:
        names = list(_names(item))
        alone.update(name[0] for name in names if len(name) == 1)
        inside.update(chain.from_iterable(name for name in names if len(name) > 1))
        longer = {name for name in names if len(name) > 1}
        counts.update({run for name in longer for run in runs_of(name) if len(run) > 1})
    for word, count in alone.items():
        # A name is written as one in at least half of its occurrences outside longer names: DeepSeek, but not the
        # Advanced of Advanced Voice.
        counts[word,] = holding[word] if 2 * count >= occurrences[word] - inside[word] else 0
    counts.update({(w,): n for w, n in holding.items() if _NAME_WITH_NUMBER.fullmatch(w) and not counts[w,]})
    counts.update(_repeated_han_terms(items, holding if len(items) > 1 else occurrences, holding))
    for run in runs_of(title):
        if len(run) > 1 or len(items) < 2 or has_han(run[0]):
            counts[run] = counts[run] or (holding[run[0]] if len(run) == 1 else 0) or 1
    terms = {
        term: count
        for phrase, count in counts.items()
        if count and _names_something(phrase) and len(term := written(phrase)) <= _MOST_CHARACTERS
        if _DIGIT.search(term) or not is_form(term)
    }
    topics = Counter(topic for item in items for topic in item.topics)
    terms |= {f"{TOPIC}{topic}": count for topic, count in topics.items()}
    return (("", max(1, len(items))), *terms.items())


def _names(item: Item) -> Iterator[Phrase]:
    """Yield the names that an item writes with capitals, folded and in order; a stop word ends a name."""
    text = _LABEL.sub("", "\n".join(item.sentences))
    pattern = _NAME_BESIDE_HAN if has_han(text) else _NAME
    for name in pattern.findall(text):
        words = name.lower().replace("-", " ").split()
        for joins, run in groupby(words, key=STOPWORDS.__contains__):
            if not joins:
                yield tuple(run)


def _repeated_han_terms(
    items: Collection[Item], least: Counter[str], holding: Counter[str]
) -> Counter[Phrase]:
    """Return the words and phrases with Han characters that occur twice, with the number of items that contain them."""
    words = {word: holding[word] for word, count in least.items() if count > 1 and has_han(word)}
    counts: Counter[Phrase] = Counter({(word,): count for word, count in words.items()})
    if words:
        phrases = repeated_phrases([item.words for item in items])
        han_phrases = {phrase: count for phrase, count in phrases.items() if any(map(has_han, phrase))}
        counts.update(han_phrases if len(items) > 1 else dict.fromkeys(han_phrases, 1))
    return counts


def _names_something(phrase: Phrase) -> bool:
    if phrase[0][0].isdigit():  # 3.5 Sonnet
        return False
    return len(phrase) > 1 or (len(phrase[0]) > 1 and not _HAN_NUMBER.fullmatch(phrase[0]))
