"""What a question asks for: its concepts, each with its rarity in the library, and the kind of answer. Pure.

A concept is a topic, a word, or words that only mean something one after the other. Each weighs by its rarity
(inverse document frequency as in Okapi BM25, Robertson and Zaragoza 2009, section 3.4). What only says which kind of
answer is wanted (how many, which company, 增速) is no concept: answers say it in other words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.library.glossary import places
from bot.library.query import Query
from bot.models import Topic
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_rows
from bot.text.segment import latin_words
from bot.text.stems import stem

# A topic is what a question is about; a word beside it may be said otherwise. Of a topic's narrower form, hardware
# costs, the topic says most.
_TOPIC = 1.5
_FORM = 0.5
# So few passages tell little of how rare a word is.
_SMALL = 100


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a question names: the id of a topic, or the stems of words in their order. Rarer ones weigh more.

    `forms` are the words any of which it is, where its name is none of the reports' words; `is_name` marks a place, a
    company or a product, `is_place` a place.
    """

    name: str
    is_topic: bool
    weight: float
    forms: tuple[str, ...] | None = None
    is_name: bool = False
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """The words of a question that say which kinds of answer it asks for, each with its kind."""

    phrases: Mapping[str, str]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of answer; none where nothing is asked, as in a name."""
        return frozenset(self.phrases.values())

    def has(self, word: str) -> bool:
        """Whether a word of the question belongs to what only asks."""
        return any(_stands_in(word, phrase) for phrase in self.phrases)

    def names(self, word: str) -> bool:
        """Whether a word names what kind of thing is asked for: company in "which company"."""
        return any(
            kind in ("which", "where") and _stands_in(word, phrase) for phrase, kind in self.phrases.items()
        )


def asking(text: str) -> Asking:
    """What of a question asks, and for what."""
    folded = fold(text)
    return Asking({phrase: kind for phrase, kind, pattern in _kinds() if pattern.search(folded)})


def concepts_of(
    query: Query,
    word_counts: Mapping[str, int],
    topic_counts: Mapping[str, int],
    topics: Mapping[str, Topic],
) -> list[Concept]:
    """The concepts of a question, by how many of the library's passages hold each; "" in `topic_counts` is all of them.

    `word_counts` has those of `counted_words(query)`, `topics` are those of the glossary.
    """
    weight = rarity(topic_counts)
    # A form that no report has, OpenAI o1, is looked for in its words: OpenAI's o1.
    named = [topic for topic in query.topics if topic_counts.get(topic) or not query.content]
    concepts = [
        Concept(
            topic,
            True,
            _TOPIC * weight(topic_counts.get(topic, 0)),
            is_name=topics[topic].proper,
            is_place=topic in places(),
        )
        for topic in named
    ]
    asked = asking(query.text)
    stems: dict[str, int] = {}
    for words in query.content:
        # What the library never joins is looked for in its parts.
        for word in [words] if word_counts[words] else words.split():
            if not asked.has(word) or (asked.names(word) and word_counts[word]):
                name = " ".join(map(stem, word.split()))
                stems[name] = max(word_counts[word], stems.get(name, 0))
    own = form_stems(query)
    names = {" ".join(map(stem, latin_words(name))) for name in query.names}
    return concepts + [
        Concept(w, False, weight(n) * (_FORM if w in own else 1), is_name=w in names)
        for w, n in stems.items()
    ]


def rarity(topic_counts: Mapping[str, int]) -> Callable[[int], float]:
    """What a concept weighs by how many passages hold it; "" in `topic_counts` is all passages."""
    passages = max(_SMALL, topic_counts.get("", 0))
    return lambda count: math.log(1 + (passages - min(count, passages) + 0.5) / (count + 0.5))


def form_stems(query: Query) -> frozenset[str]:
    """The stems of the words of the forms in which its topics are asked for, where these are no names."""
    return frozenset(" ".join(map(stem, word.split())) for word in query.form_words)


def counted_words(query: Query) -> list[str]:
    """The words of a question whose passages `concepts_of` wants counted."""
    return list(dict.fromkeys(part for words in query.content for part in (words, *words.split())))


def _stands_in(word: str, phrase: str) -> bool:
    return word in (phrase if has_han(word) else phrase.split())


@cache
def _kinds() -> list[tuple[str, str, re.Pattern[str]]]:
    rows = read_rows(Path(__file__).with_name("question_kinds.tsv"))
    return [(phrase, kind, _pattern(phrase, kind)) for phrase, kind in rows]


def _pattern(phrase: str, kind: str) -> re.Pattern[str]:
    if has_han(phrase):
        return re.compile(re.escape(phrase))
    # Is, do and can ask where a question begins with them.
    start = "^" if kind == "whether" else r"\b"
    return re.compile(rf"{start}{re.escape(phrase)}\b")
