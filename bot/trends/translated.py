"""Puts an English question to Chinese reports: each of its words becomes a concept that any Chinese word for it holds.

Pure. Used only where no report in the reader's language answers well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.library.query import Query
from bot.models import Topic
from bot.text.english_chinese import LONGEST, chinese_for
from bot.text.normalise import fold, has_han
from bot.text.segment import latin_words
from bot.text.stems import stem
from bot.text.stopwords import STOPWORDS
from bot.trends.concepts import Asking, Concept, asking, rarity

# A word that the list cannot translate is mostly a name, which a report may write in its own way.
_UNKNOWN = 0.3
# Share that a report must hold of a question (low, since reports use other verbs) and of a name.
_LEAST_OF_QUESTION = 0.2
_LEAST_OF_NAME = 0.5


class Translated(Struct, frozen=True):
    """A question in Chinese: the query to search with, the Chinese for each of its words, and what a report must hold.

    `least` is the share of its weight that one report must hold; `proper` are its topics that are names.
    """

    query: Query
    words: Mapping[str, tuple[str, ...]]
    least: float
    proper: frozenset[str]


def in_chinese(query: Query, topics: Mapping[str, Topic], names: Iterable[str] = ()) -> Translated | None:
    """Return an English question in Chinese words; None when it is not English or has nothing to translate.

    Also None when it has quoted phrases or excludes something. The words of `names` stand for themselves: Tim Cook
    boils nothing.
    """
    if has_han(query.text) or query.excluded or query.dropped or query.phrases:
        return None
    asked = asking(query.text)
    whole = frozenset(word for name in names for word in latin_words(fold(name)))
    words = dict(_translations(fold(query.text), query.typed, asked, whole))
    named = [fold(form) for topic in query.topics for form in topics[topic].written() if has_han(form)]
    terms = tuple(dict.fromkeys([word for chinese in words.values() for word in chinese] + named))
    if not terms:
        return None
    least = _LEAST_OF_QUESTION if asked.kinds else _LEAST_OF_NAME
    proper = frozenset(topic for topic in query.topics if topics[topic].proper)
    sought = replace(query, rest=terms, content=terms, literal=terms, name=None)
    return Translated(sought, words, least, proper)


def translated_concepts(
    translated: Translated, word_counts: Mapping[str, int], topic_counts: Mapping[str, int]
) -> list[Concept]:
    """Return the concepts of a translated question, each as rare as its Chinese words together."""
    weight = rarity(topic_counts)
    concepts = [
        Concept(topic, True, weight(topic_counts[topic]), is_name=topic in translated.proper)
        for topic in translated.query.topics
        if topic_counts.get(topic)
    ]
    for english, chinese in translated.words.items():
        known_words = tuple(word for word in chinese if word_counts[word])
        count = sum(word_counts[word] for word in known_words)
        rare = weight(count) * (1 if known_words else _UNKNOWN)
        name, forms = (stem(english), None) if chinese == (english,) else (english, known_words)
        concepts.append(Concept(name, False, rare, forms, is_name=english in translated.query.names))
    return concepts


def _translations(
    folded: str, topics: Sequence[str], asked: Asking, names: frozenset[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each word or phrase that is no topic and does not only ask, with its Chinese, or itself if there is none.

    Words of `names` stand for themselves.
    """
    for form in topics:
        folded = folded.replace(form, "\n")
    for run in folded.split("\n"):
        words = latin_words(run)
        place = 0
        while place < len(words):
            length, chinese = _longest(words[place : place + LONGEST], asked)
            if not names.isdisjoint(words[place : place + length]):
                length, chinese = 1, ()
            english = " ".join(words[place : place + length])
            if chinese or not (english in STOPWORDS or asked.has(english)):
                yield english, chinese or (english,)
            place += length


def _longest(words: Sequence[str], asked: Asking) -> tuple[int, tuple[str, ...]]:
    """Return how many of the first words form the longest entry of the list, and its Chinese; (1, ()) if none does."""
    for length in range(len(words), 0, -1):
        english = " ".join(words[:length])
        if english in asked.phrases or all(w in STOPWORDS or asked.has(w) for w in words[:length]):
            continue
        if chinese := chinese_for(english):
            return length, chinese
    return 1, ()
