"""How the things that a question asks about are written in reports, for rules that look at what stands beside a name. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.library.full_text import quoted
from bot.library.glossary import Glossary
from bot.library.query import Query
from bot.library.salience import any_form
from bot.library.terms import term_of
from bot.models import Topic
from bot.text.normalise import fold, has_han
from bot.text.rule_data import any_of
from bot.text.stopwords import STOPWORDS
from bot.trends.statements import Statement

_WORDS_OF_NAME = 3
# What stands before a name inside a sentence, and behind one that begins a sentence or a title.
_INSIDE = re.compile(r"[a-z0-9’'),] $|[\u4e00-\u9fff] ?$")
_ACTS = re.compile(r"['’]s\b| (?:is|was|has|had|will|can|now|[a-z]+(?:ed|[csh]es))\b")
# A word is a name too if one in so many of its uses inside sentences is in capitals; if it was not asked for in capitals, half.
_ONE_NAME_IN = 7


def things_named(query: Query, glossary: Glossary) -> tuple[tuple[str, ...], ...]:
    """Return the ways to write each thing that a question names, folded: products with a version, names, or topics."""
    return tuple(_things(query, glossary))


def name_beside(query: Query, telling: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the name, folded, that an English question consists of beside the words `telling` what it asks; none if it has topics."""
    left = " ".join(re.sub(rf"\b(?:{any_of(telling)})(?!\w)", " ", fold(query.text)).strip(" ?？").split())
    words = [word for word in left.split() if word not in STOPWORDS]
    is_name = (
        0 < len(words) <= _WORDS_OF_NAME and not has_han(left) and " ".join(words) in left and term_of(left)
    )
    return ((" ".join(words),),) if is_name and not any(form in left for form in query.typed) else ()


def _things(query: Query, glossary: Glossary) -> Iterator[tuple[str, ...]]:
    if query.versions or query.names:
        yield from ((name,) for name in query.versions or query.names)
        return
    for topic in (glossary.topics[topic] for topic in query.topics):
        typed = tuple(form for form in query.typed if form in forms_of(topic))
        version = re.compile(rf"(?:{any_of(typed)})[.-]\d") if typed else None
        numbered = tuple(word for word in query.words if version and version.match(word))  # GPT-5 is not GPT
        if topic.proper:  # a name in Chinese has a Latin one; of Latin ones, another may be another product's
            yield numbered or (tuple(forms_of(topic)) if any(map(has_han, typed)) else typed)


def forms_of(topic: Topic) -> list[str]:
    """Return the written forms of a topic, folded."""
    return [fold(form) for form in topic.written()]


def any_script(words: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of any of the words: Latin ones whole, Chinese ones anywhere."""
    han, latin = (any_of(w for w in words if has_han(w) == is_han) for is_han in (True, False))
    return re.compile(rf"{han}|\b(?:{latin})(?!\w)")


def with_any_of(names: Iterable[Iterable[str]], words: Iterable[str]) -> str:
    """Return an FTS5 expression that matches each of the things, by any of its names, beside any of the words."""
    spelled = [term.spellings[0] for term in map(term_of, words) if term and term.spellings]
    forms = [any_form(map(term_of, name)) for name in names]
    return " AND ".join(f"({one})" for one in (*forms, " OR ".join(map(quoted, spelled))))


def named_in_capitals(told: Sequence[Statement], query: Query) -> list[Statement]:
    """Return the statements in which the name of a query stands as a name, if its word is also used in lower case.

    Notion, but not a notion; "Replicate raised money", but not "Replicate this with Claude", unless its word is rare. All
    of them for a topic, and for a word that is hardly ever a name.
    """
    if not query.is_name or not query.name or not query.name.spellings:
        return list(told)
    spelled = "|".join(re.escape(spelling).replace(r"\ ", "[ -]") for spelling in query.name.spellings)
    word = re.compile(rf"(?<![a-z0-9-])(?:{spelled})(?![a-z0-9])", re.IGNORECASE)
    uses = [Counter(_uses(one, word)) for one in told]
    whole = sum(uses, Counter[str]())
    typed = word.search(query.text)
    is_capital = typed is not None and all(part[0].isupper() for part in typed[0].split())
    least = whole["lower"] / (_ONE_NAME_IN - 1) if is_capital else whole["lower"]
    if not whole["lower"] or whole["inside"] < least:
        return list(told)
    proves = ("inside", "acts") if whole["lower"] * 2 > whole["inside"] else ("inside", "acts", "begins")
    return [
        one for one, kinds in zip(told, uses, strict=True) if any(map(kinds.__getitem__, proves))
    ] or list(told)


def _uses(statement: Statement, word: re.Pattern[str]) -> Iterator[str]:
    """Yield how a statement uses a word: in lower case, or as a name inside it, at its beginning, or there with a verb."""
    for wording in statement.wordings.values():
        text = wording.sentence.text
        for match in word.finditer(text):
            if match[0][0].islower():
                yield "lower"
            elif _INSIDE.search(text[: match.start()]):
                yield "inside"
            else:
                yield "acts" if _ACTS.match(text, match.end()) else "begins"
