"""The recap of a group's talk: what was spoken of, settled, asked and shared, tied to the library. Data only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.analysis.acts import (
    Exchanges,
    SharedLink,
    decisions,
    is_question,
    open_questions,
    shared_links,
)
from bot.analysis.countable import countable
from bot.analysis.query import Query
from bot.analysis.salience import Choice, Space, choose_lines, spread
from bot.analysis.subjects import find_subjects
from bot.analysis.talk_lines import Line, cut_lines
from bot.analysis.threads import Parents, link, threads_of
from bot.briefings.keywords import keywords
from bot.briefings.trend import TrendBriefer
from bot.models import ChatMessage, Language, Topic
from bot.reports.indexing import report_id
from bot.reports.topics import Glossary
from bot.storage.library import Library
from bot.text.normalise import fold
from bot.text.segment import Segmenter

ENOUGH_MESSAGES, ENOUGH_LINES = 5, 10
"""A talk of fewer messages, that are fewer lines too, is read sooner than its recap."""

_DECISIONS, _QUESTIONS, _LINKS, _KNOWN = 3, 3, 5, 4
_PEOPLE = 8
# What a talk is about is said in one message of ten, or in a line that is quoted and now and then besides.
_MENTIONS, _SHARE, _SHORT_TALK = 2, 0.1, 30


@dataclass(frozen=True, slots=True)
class Quote:
    """A line that somebody wrote, verbatim. `cut` says that its sentence goes on; `answer` is what came back."""

    text: str
    author: str
    message_id: int
    at: int
    cut: bool = False
    answer: Quote | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a part of the talk was about: its words as people wrote them, its lines, how much of the talk it was."""

    words: tuple[str, ...]
    quotes: tuple[Quote, ...]
    messages: int
    people: int


@dataclass(frozen=True, slots=True)
class Shared:
    """An address with who shared it first; `title` is the library's, "" for what it does not hold."""

    url: str
    title: str
    author: str
    message_id: int
    times: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who took part, and with how many messages that count."""

    name: str
    messages: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the library holds on something the group spoke of: a topic, its reports, and the passage to open.

    `first` and `last` are days of publication, None where no report has one.
    """

    topic: Topic
    reports: int
    first: date | None
    last: date | None
    passage_id: str


@dataclass(frozen=True, slots=True)
class Recap:
    """Everything a recap may show. `messages` counts those that it speaks of, `since` and `until` are UTC seconds."""

    messages: int
    since: int
    until: int
    subjects: tuple[Subject, ...]
    decisions: tuple[Quote, ...]
    questions: tuple[Quote, ...]
    links: tuple[Shared, ...]
    people: tuple[Person, ...]
    others: int
    known: tuple[Known, ...]

    @property
    def citations(self) -> tuple[str, ...]:
        """The passages that `known` opens, the first one cited as [1]."""
        return tuple(known.passage_id for known in self.known)

    @property
    def points(self) -> tuple[Quote, ...]:
        """The lines of all subjects, in order of the talk."""
        return tuple(sorted((q for s in self.subjects for q in s.quotes), key=lambda q: (q.at, q.message_id)))

    def shortened(self) -> Recap | None:
        """The same with a little less, the least important first; None when one subject with one line is left."""
        if len(self.links) > 2:
            return replace(self, links=self.links[:-1])
        if len(self.people) > 3:
            return replace(self, people=self.people[:-1], others=self.others + 1)
        for name in ("questions", "decisions", "links", "known"):
            if len(getattr(self, name)) > 1:
                return replace(self, **{name: getattr(self, name)[:-1]})
        for at in range(len(self.subjects) - 1, -1, -1):
            subject = self.subjects[at]
            if len(subject.quotes) > 1:
                shorter = replace(subject, quotes=subject.quotes[:-1])
                return replace(self, subjects=(*self.subjects[:at], shorter, *self.subjects[at + 1 :]))
        for name in ("subjects", "questions", "decisions", "links", "known"):
            if len(getattr(self, name)) > (name == "subjects"):
                return replace(self, **{name: getattr(self, name)[:-1]})
        return None


class RecapBriefer:
    """Makes recaps, and ties them to one library."""

    def __init__(
        self, library: Library, glossary: Glossary, segmenter: Segmenter, briefer: TrendBriefer
    ) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._briefer = briefer

    def recap(
        self,
        messages: Sequence[ChatMessage],
        language: Language,
        today: date,
        *,
        characters: int | None = None,
    ) -> Recap | None:
        """The recap of `messages`, None where too little was said.

        With `characters` its quotations are at most so long together, and any talk that says something has one.
        """
        counted = countable(messages)
        lines = cut_lines(counted, self._segmenter)
        few = len(counted) < ENOUGH_MESSAGES and len(lines) < ENOUGH_LINES
        if not lines or (few and characters is None):
            return None
        talk = _Talk(counted, lines)
        # What was settled stands by itself, but where only quotations are asked for.
        settled = decisions(lines)[:_DECISIONS] if characters is None else []
        space = Space(spread(len(counted)), characters=characters)
        chosen = choose_lines(lines, talk.subjects, space, settled)
        if not chosen:
            return None
        subjects = talk.told(chosen, with_answers=characters is None)
        shown = {quote.message_id for subject in subjects for quote in subject.quotes}
        asked = [
            at
            for at in open_questions(lines, counted, talk.parents)
            if counted[lines[at].message].id not in shown
        ][:_QUESTIONS]
        wrote = Counter(message.author_id for message in counted)
        names = {message.author_id: message.author for message in counted}
        return Recap(
            messages=len(counted),
            since=counted[0].at,
            until=counted[-1].at,
            subjects=subjects,
            decisions=tuple(map(talk.quote, settled)),
            questions=tuple(map(talk.quote, asked)),
            links=tuple(self._shared(shared, counted, language) for shared in shared_links(counted)[:_LINKS]),
            people=tuple(Person(names[author], count) for author, count in wrote.most_common(_PEOPLE)),
            others=max(0, len(wrote) - _PEOPLE),
            known=tuple(self._known(talk, chosen, language, today)),
        )

    def _shared(self, shared: SharedLink, messages: Sequence[ChatMessage], language: Language) -> Shared:
        message = messages[shared.message]
        report = self._library.reports([report_id(shared.url)]).get(report_id(shared.url))
        title = report.edition(language).title if report else ""
        return Shared(shared.url, title, message.author, message.id, shared.times)

    def _known(self, talk: _Talk, chosen: Sequence[Choice], language: Language, today: date) -> list[Known]:
        """What the library holds on the subjects that are told, the most spoken of first, no topic twice."""
        spoken = {talk.subjects[at] for at, _ in chosen}
        mentions: Counter[str] = Counter()
        told: Counter[int] = Counter()
        by_subject: Counter[tuple[int, str]] = Counter()
        for at, message in enumerate(talk.messages):
            of = spoken & talk.subjects_of_message[at]
            for subject in of:
                told[subject] += 1
            if of and (topics := self._topics_in(message.text)):
                mentions.update(topics)
                by_subject.update((subject, topic) for subject in of for topic in topics)
        held = self._library.topic_reports()
        much = {t for (s, t), count in by_subject.items() if count >= max(_MENTIONS, _SHARE * told[s])}
        much |= {topic for at, _ in chosen for topic in self._topics_in(talk.lines[at].text)} & {
            topic
            for topic, count in mentions.items()
            if count >= (_MENTIONS if len(talk.messages) > _SHORT_TALK else 1)
        }
        ordered = sorted(much & held.keys(), key=lambda topic: (-mentions[topic], topic))
        found = (self._evidence(topic, language, today) for topic in ordered[:_KNOWN])
        return [known for known in found if known is not None]

    def _topics_in(self, text: str) -> set[str]:
        folded = fold(text)
        return {
            mention.topic for mention in self._glossary.find(folded, lambda: self._segmenter.words(folded))
        }

    def _evidence(self, topic: str, language: Language, today: date) -> Known | None:
        query = Query(text=topic, topics=(topic,))
        briefing = self._briefer.brief(query, language, today)
        if briefing is None:
            return None
        days = sorted(
            date.fromordinal(day) for _, day in self._library.topic_days([topic]) if day is not None
        )
        reports = len(self._library.topic_days([topic]))
        first, last = (days[0], days[-1]) if days else (None, None)
        return Known(self._glossary.topics[topic], reports, first, last, briefing.citations[0])


class _Talk:
    """The messages that count with their lines, threads and subjects."""

    def __init__(self, messages: Sequence[ChatMessage], lines: Sequence[Line]) -> None:
        self.messages = messages
        self.lines = lines
        terms: list[set[str]] = [set() for _ in messages]
        for line in lines:
            terms[line.message] |= line.terms
        self.parents: Parents = link(messages, terms)
        self._exchanges = Exchanges(lines, messages, self.parents)
        self.subjects = find_subjects(lines, threads_of(self.parents))
        self.subjects_of_message: list[set[int]] = [set() for _ in messages]
        for line, subject in zip(lines, self.subjects, strict=True):
            self.subjects_of_message[line.message].add(subject)

    def quote(self, at: int, size: int | None = None) -> Quote:
        """The line at `at`, or its first `size` characters."""
        line = self.lines[at]
        message = self.messages[line.message]
        text = line.text[:size]
        return Quote(text, message.author, message.id, message.at, cut=len(text) < len(line.text))

    def told(self, chosen: Sequence[Choice], *, with_answers: bool) -> tuple[Subject, ...]:
        """The subjects of the chosen lines in the order in which they were chosen, each with its lines."""
        by_subject: dict[int, list[Choice]] = {}
        for choice in chosen:
            by_subject.setdefault(self.subjects[choice[0]], []).append(choice)
        words = keywords(self.lines, self.subjects, by_subject)
        spoken = {at for at, _ in chosen}
        messages: dict[int, list[int]] = {subject: [] for subject in by_subject}
        for at, own in enumerate(self.subjects_of_message):
            for subject in own & messages.keys():
                messages[subject].append(at)
        told: list[Subject] = []
        for subject, choices in by_subject.items():
            places = messages[subject]
            quotes = [
                self._exchange(choice, spoken) if with_answers else self.quote(*choice)
                for choice in sorted(choices)
            ]
            people = {self.messages[at].author_id for at in places}
            told.append(Subject(words[subject], tuple(quotes), len(places), len(people)))
        return tuple(told)

    def _exchange(self, choice: Choice, spoken: set[int]) -> Quote:
        """The line; with it what came back if it asks, or what was asked if it answers, unless that is told anyway."""
        at, _ = choice
        quote = self.quote(*choice)
        if is_question(quote.text):
            answer = self._exchanges.answer(at)
            return quote if answer is None or answer in spoken else replace(quote, answer=self.quote(answer))
        question = self._exchanges.question(at)
        return (
            quote if question is None or question in spoken else replace(self.quote(question), answer=quote)
        )
