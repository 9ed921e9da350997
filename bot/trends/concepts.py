"""The concepts of a question, each weighed by its rarity in the library, and the kinds of answer it asks for. Pure.

A concept is a topic, a word, or a phrase that has its meaning only as a whole. Its weight is its inverse
document frequency, as in Okapi BM25 (Robertson and Zaragoza 2009, section 3.4). Words that only state the kind
of answer (how many, which company, 增速) are not concepts, because answers use other words for them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from bot.library.glossary import places
from bot.library.query import Query
from bot.library.query_names import full_names
from bot.models import Topic
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_rows, read_table
from bot.text.segment import latin_words, singular
from bot.text.stems import stem
from bot.text.stopwords import STOPWORDS
from bot.trends.actions import han_actions, is_post, words_of_action

# A question is about its topic, while an answer may paraphrase the words beside it. In a narrower form of a topic,
# such as "hardware costs", the topic counts most.
_TOPIC = 1.5
_FORM = 0.5
_WHO = frozenset({"who", "which"})
_IS = re.compile("[是有]")
# A library of fewer passages says little about how rare a word is.
_SMALL = 100


class Concept(Struct, frozen=True):
    """One thing that a question names: a topic (by id), or a word or phrase (by its stems in order), with its weight.

    `forms`, if set, are words any of which stands for it. `is_name` marks a place, company or product;
    `is_place` a place; `is_quality` what is asked of something and reports put in other words (safe: risks).
    """

    name: str
    is_topic: bool
    weight: float
    forms: tuple[str, ...] | None = None
    is_name: bool = False
    is_place: bool = False
    is_quality: bool = False


class Asking(Struct, frozen=True):
    """The phrases of a question that say what kind of answer it asks for, each with its kind."""

    phrases: Mapping[str, str]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of answer asked for; empty when the text asks nothing, as a name does.

        A phrase within another says nothing: 为什么 asks for no thing (什么).
        """
        within = {
            phrase for phrase in self.phrases for other in self.phrases if phrase != other and phrase in other
        }
        return frozenset(kind for phrase, kind in self.phrases.items() if phrase not in within)

    @property
    def asks_who(self) -> bool:
        """Whether it asks who or which did something, and nothing else."""
        return bool(self.phrases) and self.kinds <= _WHO

    def has(self, word: str) -> bool:
        """Return whether a word of the question belongs to a phrase that only asks."""
        return any(_stands_in(word, phrase) for phrase in self.phrases)

    def names(self, word: str) -> bool:
        """Return whether a word names the kind of thing asked for, such as company in "which company"."""
        return any(
            kind in ("which", "where") and _stands_in(word, phrase) for phrase, kind in self.phrases.items()
        )


def asking(text: str) -> Asking:
    """Return the phrases of a text that ask, each with the kind of answer asked for."""
    folded = fold(text)
    return Asking({phrase: kind for phrase, kind, pattern in _kinds() if pattern.search(folded)})


def concepts_of(
    query: Query,
    word_counts: Mapping[str, int],
    topic_counts: Mapping[str, int],
    topics: Mapping[str, Topic],
) -> list[Concept]:
    """Return the concepts of a question, weighed by how many passages of the library hold each.

    `word_counts` has the counts of `counted_words(query)`; `topic_counts` those of topics, with the number of
    all passages under ""; `topics` is the glossary.
    """
    weight = rarity(topic_counts)
    # A form that no report uses, such as "OpenAI o1", is searched by its words, which finds "OpenAI's o1".
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
        # A phrase that the library does not contain is searched by its words.
        for word in [words] if word_counts[words] else words.split():
            if not asked.has(word) or (asked.names(word) and word_counts[word]):
                name = " ".join(map(stem, word.split()))
                stems[name] = max(word_counts[word], stems.get(name, 0))
    own = form_stems(query)
    written = () if _is_title(query.text) else query.names
    names = {" ".join(map(stem, latin_words(name))) for name in written}
    told = {stem(word): words_that_answer(word) for word in query.content if word not in query.names}
    spelled = {stem(name): (name,) for name in written if name.isalpha() and _is_spelled_exactly(name, query)}
    return concepts + [
        Concept(
            w,
            False,
            weight(n) * (_FORM if w in own else 1),
            told.get(w) or spelled.get(w),
            is_name=w in names,
            is_quality=bool(told.get(w)),
        )
        for w, n in stems.items()
    ]


def _is_spelled_exactly(name: str, query: Query) -> bool:
    """Return whether a name is no form of another word: Gates in a full name is no gate, Humane is not human."""
    return singular(name) == name or any(fold(full).endswith(f" {name}") for full in full_names(query.text))


def words_that_answer(word: str) -> tuple[str, ...]:
    """Return the words any of which answers a folded word of a question; none if only its own forms do."""
    return tuple(_answering_words().get(word, "").split())


def actions_asked(query: Query, topics: Mapping[str, Topic]) -> list[str]:
    """Return the actions in a question that asks who did them, or names a post beside a name; `topics` is the glossary.

    Empty if the question has any word beside names and actions: in "who made an investment in X?" the action is not making.
    """
    asked = asking(query.text)
    if asked.phrases and not asked.asks_who:
        return []
    han = han_actions(fold(query.text)) if has_han(query.text) else []
    # CEO has the capitals of a name. A name with an article is no person's: who acts in it may be said otherwise.
    full = [words for name in full_names(query.text) if (words := fold(name).split())[0] not in STOPWORDS]
    written = {*query.names, *(word for words in full for word in words)}
    named = {*(name for name in written if not words_of_action(name)), *query.form_words}
    words = [word for word in query.content if word not in named and not asked.has(word)]
    actions = [*(word for word in words if not any(word in action for action in han)), *han]
    # Right behind a name a topic is part of it: Stability AI.
    parts = {form for name in query.names for form in query.typed if f"{name} {form}" in fold(query.text)}
    others = [t for t in query.topics if not topics[t].proper and not _is_in(topics[t], {*han, *parts})]
    if others or not all(map(words_of_action if asked.phrases else is_post, actions)):
        return []
    return actions


def asks_of_actor(query: Query, actions: Iterable[str]) -> bool:
    """Return whether a question names who acted and asks on whom, in Chinese: OpenAI收购了哪些公司, OpenAI收购的公司有哪些.

    In 创始人是谁 what comes before 是 is who is asked for.
    """
    text = fold(query.text)
    behind = [text.partition(action)[2] for action in actions if has_han(action)]
    asked = [phrase for phrase in asking(query.text).phrases if has_han(phrase)]
    between = [rest[: rest.index(phrase)] for rest in behind for phrase in asked if phrase in rest]
    return any(words.startswith("的") or not _IS.search(words) for words in between)


def _is_in(topic: Topic, actions: Iterable[str]) -> bool:
    """Return whether a form of the topic is one of the actions, as 收购 is of mergers, or a part of one in Chinese: 投资 of 投资方."""
    forms = [fold(form) for form in topic.written()]
    return any(form == action or (has_han(form) and form in action) for form in forms for action in actions)


def missing_names(
    query: Query, word_counts: Mapping[str, int], topic_counts: Mapping[str, int], topics: Mapping[str, Topic]
) -> list[str]:
    """Return the names in a question that no passage of the library has; what is said without them is no answer.

    The arguments are those of `concepts_of`. Places are left out, since a report may mean one without its name, and so
    are topics that are searched by their words. In a title, where every word has a capital, only topics count.
    """
    unheard = [
        topic
        for topic in query.topics
        if topics[topic].proper and topic not in places() and not topic_counts.get(topic)
    ]
    names = [] if _is_title(query.text) else [name for name in query.names if word_counts.get(name) == 0]
    return names if query.form_words else unheard + names


def _is_title(text: str) -> bool:
    return any(word[0].isupper() and word.lower() in STOPWORDS for word in text.split()[1:])


def rarity(topic_counts: Mapping[str, int]) -> Callable[[int], float]:
    """Return a function from the number of passages that hold a concept to the concept's weight.

    `topic_counts[""]` is the number of all passages.
    """
    passages = max(_SMALL, topic_counts.get("", 0))
    return lambda count: math.log(1 + (passages - min(count, passages) + 0.5) / (count + 0.5))


def form_stems(query: Query) -> frozenset[str]:
    """Return the stems of the words by which the query names its topics, for forms that are not names of them."""
    return frozenset(" ".join(map(stem, word.split())) for word in query.form_words)


def counted_words(query: Query) -> list[str]:
    """Return the words and phrases of a question whose passages `concepts_of` needs counted."""
    return list(dict.fromkeys(part for words in query.content for part in (words, *words.split())))


def _stands_in(word: str, phrase: str) -> bool:
    return word in (phrase if has_han(word) else phrase.split())


@cache
def _answering_words() -> Mapping[str, str]:
    return read_table(Path(__file__).with_name("answering_words.tsv"))


@cache
def _kinds() -> list[tuple[str, str, re.Pattern[str]]]:
    rows = read_rows(Path(__file__).with_name("question_kinds.tsv"))
    return [(phrase, kind, _pattern(phrase, kind)) for phrase, kind in rows]


def _pattern(phrase: str, kind: str) -> re.Pattern[str]:
    if has_han(phrase):
        return re.compile(re.escape(phrase))
    # "is", "do" and "can" ask only at the start of a question.
    start = "^" if kind == "whether" else r"\b"
    return re.compile(rf"{start}{re.escape(phrase)}\b")
