"""The bilingual glossary: parses topics, finds them in text, and takes new ones while in use. Stores nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.languages import LANGUAGES
from bot.library.topic_forms import GlossaryError, TopicForms
from bot.models import Topic
from bot.text.normalise import has_han
from bot.text.rule_data import read_words

_LISTS = {"capitals", "joins", "narrower", "not_inside", "related", *(f"aliases_{one}" for one in LANGUAGES)}
_FLAGS = {"match_names", "proper"}
_KEYS = (*LANGUAGES, *sorted(_LISTS | _FLAGS))


class Glossary:
    """All topics by id, and a matcher that finds them in text. Safe to share between threads."""

    def __init__(self, topics: Iterable[Topic], own: Iterable[Topic] = ()) -> None:
        """`own` are the topics that operators added.

        Raises GlossaryError when two topics share a form, or a topic is related to an unknown one.
        """
        self.packaged = tuple(topics)
        self.own = tuple(own)
        self.forms = TopicForms([*self.packaged, *self.own])
        """The written forms of all topics, replaced as a whole by take_own()."""
        self.topics: Mapping[str, Topic] = self.forms.topics
        """Every topic, and those removed since the start: a question in progress may still refer to one."""

    @classmethod
    def parse(cls, text: str, own: Iterable[Topic] = ()) -> Glossary:
        """Return the glossary of a TOML text like seeds/topics.toml. Raises GlossaryError when it is invalid."""
        return cls(read_topics(text), own)

    def take_own(self, own: Iterable[Topic]) -> None:
        """Replace the operators' topics by `own`. Raises GlossaryError, changing nothing, when they cannot be used."""
        own = tuple(own)
        if own == self.own:
            return
        forms = TopicForms([*self.packaged, *own])
        self.topics = {**self.topics, **forms.topics}
        self.forms, self.own = forms, own

    def with_narrower(self, topic: str) -> tuple[str, ...]:
        """Return a topic's id and those of all topics narrower than it, directly or through another."""
        ids = [topic]
        for one in ids:
            ids += [other for other in self.topics[one].narrower if other not in ids]
        return tuple(ids)


def read_topics(text: str, *, of_operator: bool = False) -> list[Topic]:
    """Return the topics in the TOML of seeds/topics.toml or of an operator. Raises GlossaryError when it is invalid.

    An operator's topic may have a name in one language only, which then serves in every other.
    """
    try:
        tables = tomllib.loads(text)
        for name, table in tables.items():
            _check(name, table)
        if of_operator:
            tables = {name: _named_in_all(name, table) for name, table in tables.items()}
        return [_topic(name, table) for name, table in tables.items()]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise GlossaryError(f"topics.toml cannot be read: {error}.") from error


def topic_from_forms(id_: str, forms: Sequence[str]) -> Topic:
    """Return a topic made of its written forms. Its name in a language is the first form in it, else the first of all."""
    by_language: dict[str, tuple[str, ...]] = {
        language: tuple(form for form in forms if has_han(form) == entry.han)
        for language, entry in LANGUAGES.items()
    }
    names = {language: (own or tuple(forms))[0] for language, own in by_language.items()}
    return Topic(id_, names, by_language)


def _check(name: str, table: object) -> None:
    """Raise TypeError, with what is wrong in a clause, for a topic that does not have the form of seeds/topics.toml."""
    if not isinstance(table, dict):
        raise TypeError(f"{name} is no topic, which begins with [{name}]")
    for key, value in table.items():
        if key in LANGUAGES:
            wanted, right = "a name", isinstance(value, str) and bool(value.strip())
        elif key in _LISTS:
            wanted = "a list of words"
            right = isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
        elif key in _FLAGS:
            wanted, right = "true or false", isinstance(value, bool)
        else:
            raise TypeError(f"{name} has {key}, which no topic has; it may have {', '.join(_KEYS)}")
        if not right:
            raise TypeError(f"{key} of {name} is not {wanted}")


def _named_in_all(name: str, table: dict[str, object]) -> dict[str, object]:
    """Return the table with a name in every language; a missing one is the first name that it has, else its key."""
    first = next((table[language] for language in LANGUAGES if language in table), name)
    return {**dict.fromkeys(LANGUAGES, first), **table}


def _topic(name: str, table: dict[str, Any]) -> Topic:
    names: dict[str, str] = {language: str(table[language]) for language in LANGUAGES}
    forms: dict[str, tuple[str, ...]] = {}
    for language, shown in names.items():
        own = [shown] if table.get("match_names", True) else []
        forms[language] = tuple(dict.fromkeys([*own, *_strings(table, f"aliases_{language}")]))
    return Topic(
        name,
        names,
        forms,
        not_inside=_strings(table, "not_inside"),
        proper=table.get("proper") is True,
        related=_strings(table, "related"),
        narrower=_strings(table, "narrower"),
        joins=_strings(table, "joins"),
        capitals=_strings(table, "capitals"),
    )


def _strings(table: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(table.get(key, ()))


@cache
def places() -> frozenset[str]:
    """Return the ids of the topics that are places."""
    return read_words(Path(__file__).with_name("place_topics.txt"))
