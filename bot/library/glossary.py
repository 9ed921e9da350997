"""The bilingual glossary: parses topics, finds them in text, and takes new ones while in use. Stores nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.languages import LANGUAGES
from bot.library.topic_forms import GlossaryError, TopicForms, Words
from bot.models import Mention, Topic
from bot.text.normalise import has_han
from bot.text.rule_data import read_words


class Glossary:
    """All topics by id, and a matcher that finds them in text. Safe to share between threads."""

    def __init__(self, topics: Iterable[Topic], own: Iterable[Topic] = ()) -> None:
        """`own` are the topics that operators added.

        Raises GlossaryError when two topics share a form, or a topic is related to an unknown one.
        """
        self.packaged = tuple(topics)
        self.own = tuple(own)
        self._forms = TopicForms([*self.packaged, *self.own])
        self.topics: Mapping[str, Topic] = self._forms.topics
        """Every topic, and those removed since the start: a question in progress may still refer to one."""

    @classmethod
    def parse(cls, text: str, own: Iterable[Topic] = ()) -> Glossary:
        """Return the glossary of a TOML text like seeds/topics.toml. Raises GlossaryError when it is invalid."""
        return cls(read_topics(text), own)

    def take_own(self, own: Iterable[Topic]) -> None:
        """Replace the operators' topics by `own`. Raises GlossaryError, changing nothing, when they cannot be used."""
        own = tuple(own)
        forms = TopicForms([*self.packaged, *own])
        self.topics = {**self.topics, **forms.topics}
        self._forms, self.own = forms, own

    @property
    def words(self) -> tuple[str, ...]:
        """The folded forms, which the segmenter keeps whole."""
        return self._forms.words

    def named(self, folded: str) -> str | None:
        """Return the topic that has exactly this folded form or this id, None if there is none."""
        return self._forms.named(folded)

    def spelled(self, term: str) -> str:
        """Return the form that equals a folded term but for hyphens (text-to-video for text to video), else the term."""
        return self._forms.spelled(term)

    def is_form(self, term: str) -> bool:
        """Return whether a term of folded words, with spaces between Latin ones, is a topic's form but for hyphens."""
        return self._forms.is_form(term)

    def with_narrower(self, topic: str) -> tuple[str, ...]:
        """Return a topic's id and those of all topics narrower than it, directly or through another."""
        ids = [topic]
        for one in ids:
            ids += [other for other in self.topics[one].narrower if other not in ids]
        return tuple(ids)

    def find(self, folded: str, words: Callable[[], Words]) -> Iterator[Mention]:
        """Yield the mentions of topics in folded text, overlapping ones too.

        `words` segments the text and is called only if needed (TopicForms.find).
        """
        return self._forms.find(folded, words)

    def topics_of(self, text: str, folded: str, words: Callable[[], Words]) -> frozenset[str]:
        """Return the topics of a sentence, by its words and by its capitals; `folded` is `text` folded."""
        return self._forms.topics_of(text, folded, words)

    def spelled_out(self, text: str) -> str:
        """Return a question with forms that only their capitals reveal replaced by names: United States for US."""
        return self._forms.spelled_out(text)

    def nearest(self, folded: str) -> list[str]:
        """Return topics whose forms share pairs of characters with `folded`, the most similar first."""
        return self._forms.nearest(folded)


def read_topics(text: str, *, of_operator: bool = False) -> list[Topic]:
    """Return the topics in the TOML of seeds/topics.toml or of an operator. Raises GlossaryError when it is invalid.

    An operator's topic may have a name in one language only, which then serves in every other.
    """
    try:
        tables = tomllib.loads(text)
        if of_operator:
            tables = {name: _named_in_all(name, table) for name, table in tables.items()}
        return [_topic(name, table) for name, table in tables.items()]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise GlossaryError(f"topics.toml cannot be read: {error}.") from error


def topic_from_forms(id_: str, forms: Sequence[str]) -> Topic:
    """Return a topic made of its written forms. Its name in a language is the first form in it, else the first of all."""
    by_language: dict[str, tuple[str, ...]] = {
        language: tuple(form for form in forms if has_han(form) == entry.han)
        for language, entry in LANGUAGES.items()
    }
    names = {language: (own or tuple(forms))[0] for language, own in by_language.items()}
    return Topic(id_, names, by_language)


def _named_in_all(name: str, table: dict[str, object]) -> dict[str, object]:
    """Return the table with a name in every language; a missing one is the first name that it has, else its key."""
    first = next((table[language] for language in LANGUAGES if language in table), name)
    return {**dict.fromkeys(LANGUAGES, first), **table}


def _topic(name: str, table: dict[str, object]) -> Topic:
    names: dict[str, str] = {language: str(table[language]) for language in LANGUAGES}
    forms: dict[str, tuple[str, ...]] = {}
    for language, shown in names.items():
        own = [shown] if table.get("match_names", True) else []
        forms[language] = tuple(dict.fromkeys([*own, *_strings(name, table, f"aliases_{language}")]))
    return Topic(
        name,
        names,
        forms,
        not_inside=_strings(name, table, "not_inside"),
        proper=table.get("proper") is True,
        related=_strings(name, table, "related"),
        narrower=_strings(name, table, "narrower"),
        joins=_strings(name, table, "joins"),
        capitals=_strings(name, table, "capitals"),
    )


def _strings(name: str, table: dict[str, object], key: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list):
        raise TypeError(f"{key} of {name} is not a list")
    return tuple(map(str, values))


@cache
def places() -> frozenset[str]:
    """Return the ids of the topics that are places."""
    return read_words(Path(__file__).with_name("place_topics.txt"))
