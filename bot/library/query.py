"""Parses what a reader typed into a Query: topics, phrases, plain terms, a period, exclusions. Searches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from bot.library.exclusions import mark_operators, split_exclusions
from bot.library.glossary import Glossary
from bot.library.query_names import names_in, products_in, whole_name
from bot.library.query_words import parts_of, terms_in, words_of
from bot.library.question_frames import (
    subject_of_briefing,
    subject_of_definition,
    subject_of_direction,
    subject_of_releases,
)
from bot.library.terms import Term
from bot.library.topic_forms import outermost
from bot.models import Mention
from bot.text.normalise import fold
from bot.text.periods import Period, find_period, find_year
from bot.text.segment import Segmenter, bigrams
from bot.text.stopwords import STOPWORDS

MAX_CHARACTERS = 400
MAX_TERMS = 64

_PHRASE = re.compile(r'["“「『]([^"“”「」『』]{1,80})["“”」』]')
# Control, direction and surrogate characters: they garble a reply that repeats them, or cannot be stored at all.
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# The suffix that turns a topic's name into one of its versions: llama3.1 is not llama3, gpt-4 says more than gpt.
_VERSION = re.compile(r"(?:[.][0-9]+)+[a-z0-9]*|-[0-9][a-z0-9.]*(?:-[a-z0-9.]+)*", re.ASCII)


class Query(Struct, frozen=True):
    """A question as the library understands it. `text` is what was typed, fit to be shown; everything else is folded.

    `topics` are glossary ids, `phrases` were in quotation marks. `words` are the other words, without stop words, as a
    reader would recognise them, `rest` their index terms. `content` are the index terms of words and phrases that are
    Latin or in the dictionary; terms that mean something only in sequence (re bench for RE-Bench) form one string.
    `literal` are the index terms of the whole question. `name` is the term that the question may be a name of, whether
    or not the library contains it, or the capitalised name that it asks about in general; `period` is the period of
    publication asked for.

    `dropped` are the excluded forms of a queried topic, `kept` then its other forms; `excluded` are other strings that
    must not be in a passage, `barred` the topics that they name. `typed` are the forms in which topics were asked for,
    `form_words` the words of those that are not a name of their topic; `is_narrow` if the question is only such a form,
    of several words.

    `names` are, in an English question, its capitalised words (only the last of a full name); in a Chinese one, its
    Latin words. `versions` are its products with the version typed behind them (llama 3); in a Chinese question they are
    names too. `loose`: any one of the topics will do, and no other word is
    required. `asks_direction`: it asks whether its topics or name rise or fall; `asks_definition`: what that is;
    `maker` is the name, folded, whose releases it asks for. `without` is a word that was left out, as no report says it.
    """

    text: str
    topics: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    literal: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    is_narrow: bool = False
    form_words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    loose: bool = False
    name: Term | None = None
    period: Period | None = None
    asks_direction: bool = False
    asks_definition: bool = False
    maker: str = ""
    without: str = ""

    @property
    def plain(self) -> bool:
        """Whether the question consists of topics only."""
        return bool(self.topics) and not (
            self.phrases or self.rest or self.dropped or self.excluded or self.loose
        )

    @property
    def is_topic(self) -> bool:
        """Whether it is one form of a topic as the glossary spells it, and nothing else."""
        return self.typed == (fold(self.text),)

    @property
    def names_one_topic(self) -> bool:
        """Whether it asks for everything on one topic, less exclusions, or on one name; all else is a question."""
        return self.is_name or (len(self.topics) == 1 and not (self.phrases or self.rest))

    @property
    def asked(self) -> tuple[str, ...]:
        """The words that an answer should contain: those besides the topics, and the topics' own if any one will do.

        For a topic asked for by a form that is not its name, they are the words of that form: papers for AI research.
        """
        own = (
            [word for form in self.typed for word in form.split()]
            if self.loose
            else self.form_words
            if self.names_one_topic
            else ()
        )
        return tuple(dict.fromkeys((*self.rest, *own)))

    def as_name(self) -> Query:
        """Return the query reduced to its name, to be answered as a topic is."""
        return Query(
            self.text,
            literal=self.literal,
            content=self.content,
            name=self.name,
            period=self.period,
            asks_direction=self.asks_direction,
            asks_definition=self.asks_definition,
            maker=self.maker,
        )

    def as_words(self) -> Query:
        """Return the query as words that name no topic."""
        return Query(self.text, rest=self.content, content=self.content, literal=self.literal)

    @property
    def is_name(self) -> bool:
        """Whether it consists only of a name that is no topic."""
        return self.name is not None and not (self.topics or self.rest or self.phrases)

    @property
    def empty(self) -> bool:
        """Whether the question names nothing to look for: no topic, phrase or name, only stop words."""
        return not (self.topics or self.phrases or self.rest or self.name)


def understand(text: str, glossary: Glossary, segmenter: Segmenter) -> Query:
    """Parse a question in either language and script. Never raises.

    Only the first 400 characters and 64 different terms count. An exclusion that is a form of a queried topic drops
    that form; any other excludes the passages that contain it, or that mention the topic it names. A period beside a
    topic or a name limits the days of publication, and so does a year beside a maker whose releases are asked for. Beside anything else it is part of the question, and so is a quarter
    for which figures are reported.
    """
    shown = " ".join(_UNSHOWN.sub("", text).split())[:MAX_CHARACTERS].rstrip()
    if topic := glossary.forms.named(fold(shown)):
        return _on_topic(shown, topic, fold(shown), glossary, segmenter)
    if window := find_period(fold(shown)):
        period, left = window
        query = _asked(left, glossary, segmenter)
        if query.names_one_topic or query.is_name or (query.name and not period.has_figures):
            return replace(query, text=shown, period=period)
    if of_year := find_year(fold(shown)):
        query = _asked(of_year[1], glossary, segmenter)
        if query.maker:
            return replace(query, text=shown, period=of_year[0])
    return _asked(shown, glossary, segmenter)


def _asked(shown: str, glossary: Glossary, segmenter: Segmenter) -> Query:
    """Return the query on the topics or the name that are asked to be judged or defined, else on all words of the text.

    Topics together (open source AI) can be judged; only one can be defined. Words that only ask for the briefing on
    something ("state of") are left out.
    """
    if maker := subject_of_releases(shown):
        query = _understood(maker, glossary, segmenter)
        is_name = all(glossary.topics[topic].proper for topic in query.topics)
        if (query.names_one_topic or query.name) and is_name:
            return replace(query, text=shown, maker=fold(maker))
    shown = maker or subject_of_briefing(shown) or shown
    rising, defined = subject_of_direction(shown), subject_of_definition(shown)
    if subject := rising or defined:
        query = _understood(subject, glossary, segmenter)
        if query.names_one_topic or query.name or (rising and query.plain and query.topics):
            return replace(query, text=shown, asks_direction=bool(rising), asks_definition=not rising)
    return _understood(shown, glossary, segmenter)


def _understood(shown: str, glossary: Glossary, segmenter: Segmenter) -> Query:
    folded = " ".join(fold(mark_operators(glossary.forms.spelled_out(shown))).split())[: 2 * MAX_CHARACTERS]
    form = glossary.forms.spelled(folded)
    topic = glossary.forms.named(form)
    if topic:
        return _on_topic(shown, topic, form, glossary, segmenter)
    wanted, excluded = split_exclusions(folded, glossary, segmenter)
    asked, phrases = _phrases(wanted)
    mentions = outermost(glossary.forms.find(asked, lambda: segmenter.words(asked)))
    topics = tuple(dict.fromkeys(mention.topic for mention in mentions))
    versions = [asked[m.start : version.end()] for m in mentions if (version := _VERSION.match(asked, m.end))]
    words = (*versions, *words_of(_blank(asked, mentions), segmenter))
    dropped, unwanted = _exclusions(excluded, topics, glossary)
    barred = (glossary.forms.named(word) for word in unwanted)
    other_forms = [m.form for m in mentions if not _is_name(m.topic, m.form, glossary)]
    narrower = [word for form in other_forms for word in _narrower(form, segmenter)]
    products = tuple(dict.fromkeys(products_in(asked, mentions, glossary)))
    literal = _capped(segmenter.terms(" ".join(words_of(asked, segmenter)) or asked))
    return Query(
        text=shown,
        topics=topics,
        phrases=phrases,
        words=words,
        rest=_capped(
            term
            for word in words
            for term in (*segmenter.own_words(word, segmenter.words(word)), *bigrams(word))
        ),
        content=_capped(
            (
                *(term for word in (*words, *phrases) for term in terms_in(word, segmenter)),
                *narrower,
            )
        ),
        form_words=tuple(narrower or other_forms),
        literal=literal,
        dropped=dropped,
        kept=tuple(form for form in _topic_forms(topics, glossary) if form not in dropped) if dropped else (),
        excluded=unwanted,
        barred=tuple(dict.fromkeys(topic for topic in barred if topic and topic not in topics)),
        typed=tuple(dict.fromkeys(mention.form for mention in mentions)),
        names=tuple(dict.fromkeys(names_in(shown, asked, words, products))),
        versions=products,
        name=None if excluded else whole_name(shown, wanted, asked, phrases),
    )


def _on_topic(shown: str, topic: str, form: str, glossary: Glossary, segmenter: Segmenter) -> Query:
    """Return the query of a question that is exactly one form of a topic."""
    is_name, terms = _is_name(topic, form, glossary), segmenter.terms(form)
    content = () if is_name else _capped(_narrower(form, segmenter))
    return Query(
        shown,
        (topic,),
        content=content,
        literal=_capped(terms),
        typed=(form,),
        is_narrow=bool(content),
        form_words=() if is_name else content or (form,),
    )


def _phrases(folded: str) -> tuple[str, tuple[str, ...]]:
    """Return the question without its quoted phrases, and these."""
    phrases = [" ".join(match[1].split()) for match in _PHRASE.finditer(folded)]
    return " ".join(_PHRASE.sub(" ", folded).split()), tuple(dict.fromkeys(filter(None, phrases)))


def _exclusions(
    excluded: Iterable[str], topics: tuple[str, ...], glossary: Glossary
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the exclusions that are forms of a queried topic, and the others."""
    forms = set(_topic_forms(topics, glossary))
    dropped = tuple(word for word in excluded if word in forms)
    return dropped, tuple(word for word in excluded if word not in forms)


def _topic_forms(topics: Iterable[str], glossary: Glossary) -> list[str]:
    return [fold(form) for topic in topics for form in glossary.topics[topic].written()]


def _blank(text: str, mentions: Iterable[Mention]) -> str:
    for mention in mentions:
        version = _VERSION.match(text, mention.end)
        end = version.end() if version else mention.end
        text = text[: mention.start] + " " * (end - mention.start) + text[end:]
    return text


def _narrower(form: str, segmenter: Segmenter) -> list[str]:
    """Return the words of a form that is no name of its topic, if several: hardware costs says more than AI costs."""
    parts = [part for part in parts_of(form, segmenter) if part not in STOPWORDS]
    return parts if len(parts) > 1 else []


def _is_name(topic: str, form: str, glossary: Glossary) -> bool:
    return form in {topic, *(fold(name) for name in glossary.topics[topic].names.values())}


def _capped(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))[:MAX_TERMS]
