"""Composes the recap of a group's talk: subjects, decisions, tasks, questions, links and library evidence. Data only.

The window of /recap is chosen in dialogue/commands/recap; when a daily recap is due, in due. The flow from there:

    messages  = the newest within the budget, without noise                  (reading)
    lines     = the messages cut into lines, each with its content words     (lines)
    threads   = which message continues which                                (threads)
    subjects  = threads cut, and merged by their words                       (subjects)
    takeaways = decisions, tasks, counted answers, open questions            (takeaways)
    chosen    = the lines that cover most of the rest, a few per subject     (salience)
    quotes    = all these verbatim, with the question or answer they go with (quotes)
    evidence  = topics of the talk that reports in the library mention       (library_links)
    message   = the template; items are dropped until it fits                (message)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.models import Language
from bot.recaps.library_links import EvidenceFinder, KnownTopic
from bot.recaps.lines import cut_lines
from bot.recaps.quotes import Quote, Subject, Talk
from bot.recaps.reactions import stance
from bot.recaps.reading import ENOUGH_MESSAGES, LIVE, Budget, Reading, read_talk
from bot.recaps.salience import Choice, Space, choose_lines, spread
from bot.recaps.speech_acts import SharedLink, is_question, shared_links
from bot.recaps.takeaways import Takeaways, find_takeaways
from bot.recaps.words import BACK_REFERENCE
from bot.talk import ChatMessage
from bot.text.segment import Segmenter

_ENOUGH_LINES = 10

BRIEF_LINES = 6
"""The number of lines of a recap as a group first sees it."""

_LINKS, _PEOPLE, _KNOWN_BRIEFLY = 5, 8, 2


class Shared(Struct, frozen=True):
    """A shared URL and its first author; `title` is its report's, "" if the library has none."""

    url: str
    title: str
    author: str
    message_id: int
    times: int


class Person(Struct, frozen=True):
    """A participant and their number of messages that count."""

    name: str
    messages: int


class Recap(Struct, frozen=True, dict=True):
    """Everything a recap may show.

    `messages` is the number of messages that count, among the newest `read` of `total`; `cut`: some were read only in
    part. `since` and `until` are the UTC seconds of the first and the last that counts. `others` is the number of
    participants not in `people`.
    """

    messages: int
    read: int
    total: int
    cut: bool
    since: int
    until: int
    subjects: tuple[Subject, ...]
    decisions: tuple[Quote, ...]
    tasks: tuple[Quote, ...]
    answered: tuple[Quote, ...]
    questions: tuple[Quote, ...]
    links: tuple[Shared, ...]
    people: tuple[Person, ...]
    others: int
    evidence: tuple[KnownTopic, ...]

    @property
    def citations(self) -> tuple[str, ...]:
        """Return the ids of the passages that `evidence` cites, the first as [1]."""
        return tuple(known.passage_id for known in self.evidence)

    @property
    def points(self) -> tuple[Quote, ...]:
        """Return the quotations of all subjects, in order of the talk."""
        return tuple(sorted((q for s in self.subjects for q in s.quotes), key=lambda q: (q.at, q.message_id)))

    def shortened(self) -> Recap | None:
        """Return the recap without its least important item; None if only one subject with one line is left."""
        if len(self.links) > 2:
            return replace(self, links=self.links[:-1])
        if len(self.people) > 3:
            return replace(self, people=self.people[:-1], others=self.others + 1)
        if len(self.decisions) > 2:
            return replace(self, decisions=self.decisions[1:])
        for name in ("questions", "tasks", "answered", "links", "evidence"):
            if len(getattr(self, name)) > 1:
                return replace(self, **{name: getattr(self, name)[:-1]})
        for index in range(len(self.subjects) - 1, -1, -1):
            subject = self.subjects[index]
            if len(subject.quotes) > 1:
                shorter = replace(subject, quotes=subject.quotes[:-1])
                return replace(self, subjects=(*self.subjects[:index], shorter, *self.subjects[index + 1 :]))
        for name in ("subjects", "questions", "answered", "tasks", "decisions", "links", "evidence"):
            if len(getattr(self, name)) > (name == "subjects"):
                return replace(self, **{name: getattr(self, name)[:-1]})
        return None

    @cached_property
    def brief(self) -> Recap:
        """Return the recap in six lines, taken in turn from its parts; links and people stay, to be counted."""
        parts: dict[str, list[Quote]] = {
            "decisions": list(reversed(self.decisions)),
            "tasks": list(self.tasks),
            "answered": list(self.answered),
            "points": [_first_self_contained(subject) for subject in self.subjects if subject.quotes],
            "questions": list(self.questions),
        }
        shown: set[int] = set()
        room = BRIEF_LINES
        for round_of in range(BRIEF_LINES):
            for quotes in parts.values():
                if round_of < len(quotes) and room:
                    shown.add(id(quotes[round_of]))
                    room -= 1

        def kept(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
            return tuple(quote for quote in quotes if id(quote) in shown)

        return replace(
            self,
            subjects=tuple(replace(s, quotes=own) for s in self.subjects if (own := kept(s.quotes))),
            decisions=kept(self.decisions),
            tasks=kept(self.tasks),
            answered=kept(self.answered),
            questions=kept(self.questions),
            evidence=self.evidence[:_KNOWN_BRIEFLY],
        )

    @property
    def exceeds_its_brief(self) -> bool:
        """Return whether it has more than its six lines show: other lines, links, or several people."""
        return bool(self.links) or len(self.people) > 1 or self.lines() > self.brief.lines()

    def lines(self) -> int:
        """Return the number of its quotations."""
        return sum(map(len, (self.decisions, self.tasks, self.answered, self.questions, self.points)))


def _first_self_contained(subject: Subject) -> Quote:
    """Return the subject's first quotation that is understood alone: no unanswered question and no mere answer.

    Without such a one, return the first.
    """
    alone = (
        quote
        for quote in subject.quotes
        if quote.answer is not None
        or not (is_question(quote.text) or BACK_REFERENCE.match(quote.text) or stance(quote.text) is not None)
    )
    return next(alone, subject.quotes[0])


class RecapBriefer:
    """Makes recaps, with evidence from one library."""

    def __init__(self, library: Library, glossary: Glossary, segmenter: Segmenter) -> None:
        self._library = library
        self._segmenter = segmenter
        self._evidence = EvidenceFinder(library, glossary, segmenter)

    def recap(
        self,
        messages: Sequence[ChatMessage],
        language: Language,
        *,
        total: int = 0,
        budget: Budget = LIVE,
        characters: int | None = None,
        least: int | None = None,
    ) -> Recap | None:
        """Return the recap of `messages`, the newest of `total`; None if too little was said.

        Reads the newest messages within `budget`. `characters` limits the total length of the quotations; then the recap
        has no takeaways, and any talk with a line has a recap. `least` is the number of messages that count below which
        a talk of fewer than ten lines has none; ENOUGH_MESSAGES if None.
        """
        reading = read_talk(messages, total, budget)
        counted = reading.messages
        lines = cut_lines(counted, self._segmenter)
        few = len(counted) < (ENOUGH_MESSAGES if least is None else least) and len(lines) < _ENOUGH_LINES
        if not lines or (few and characters is None):
            return None
        talk = Talk(counted, lines, reading.courtesies)
        space = Space(spread(len(counted)), characters=characters)
        if characters is not None:
            chosen = choose_lines(lines, talk.subjects, space)
            return self._recap(reading, talk, chosen, talk.cut_to_fit(chosen), language) if chosen else None
        # Takeaways are listed apart, except where only quotations are asked for.
        takeaways = find_takeaways(talk)
        chosen = choose_lines(
            lines, talk.subjects, space, takeaways.places, lambda index: talk.quoted_with([index])
        )
        if not chosen and not takeaways.places:
            return None
        shown = [*chosen, *((index, 0) for index in takeaways.places)]
        return self._recap(
            reading, talk, shown, talk.subjects_of(chosen, takeaways.places), language, takeaways
        )

    def _recap(
        self,
        reading: Reading,
        talk: Talk,
        chosen: Sequence[Choice],
        subjects: tuple[Subject, ...],
        language: Language,
        takeaways: Takeaways | None = None,
    ) -> Recap:
        """Return the recap of a talk with these `subjects` and `takeaways`; `chosen` are the lines of both."""
        counted = talk.messages
        wrote = Counter(message.author_id for message in counted if not message.forwarded_from)
        names = {message.author_id: message.author for message in counted}
        return Recap(
            messages=len(counted),
            read=reading.read,
            total=reading.total,
            cut=reading.cut,
            since=counted[0].at,
            until=counted[-1].at,
            subjects=subjects,
            decisions=takeaways.decisions if takeaways else (),
            tasks=takeaways.tasks if takeaways else (),
            answered=takeaways.answered if takeaways else (),
            questions=takeaways.questions if takeaways else (),
            links=tuple(self._shared(shared, counted, language) for shared in shared_links(counted)[:_LINKS]),
            people=tuple(Person(names[author], count) for author, count in wrote.most_common(_PEOPLE)),
            others=max(0, len(wrote) - _PEOPLE),
            evidence=tuple(
                self._evidence.of(*talk.messages_by_subject(index for index, _ in chosen), language)
            ),
        )

    def _shared(self, shared: SharedLink, messages: Sequence[ChatMessage], language: Language) -> Shared:
        message = messages[shared.message]
        report = self._library.report_at(shared.url)
        title = report.edition(language).title if report else ""
        return Shared(shared.url, title, message.author, message.id, shared.times)
