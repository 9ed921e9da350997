"""How a talk is told: its subjects with the lines that people wrote, whole where they are short. Chooses no line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.recaps.answer_forms import going_on
from bot.recaps.answers import Tally
from bot.recaps.lines import WIDEST, Line, columns
from bot.recaps.salience import Choice
from bot.recaps.speech_acts import Exchanges, is_question
from bot.recaps.subjects import find_subjects, keywords
from bot.recaps.threads import link, threads_of
from bot.talk import ChatMessage, Poll

_IN_PASSING = 3
_BREATH = 110
"""Columns of a message that is quoted whole: its sentences were written to be read together."""

Stretch = tuple[int, int]
"""The first and the last line of a quotation; between them is nothing but the rest of it."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, verbatim.

    `cut` says that its sentence goes on; `answer` is what came back, `asked` the question or request that it settles,
    `agreed` how many others said yes to it; `who` is to do what it says until `due`; `tally` is how its question was
    answered. `author` is whom the words are of: where they are `forwarded`, not the sender of the message. A poll is
    quoted with its votes.
    """

    text: str
    author: str
    message_id: int
    at: int
    cut: bool = False
    answer: Quote | None = None
    asked: Quote | None = None
    forwarded: bool = False
    poll: Poll | None = None
    agreed: int = 0
    who: str = ""
    due: str = ""
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a part of the talk was about: its words as people wrote them, its lines, how much of the talk it was.

    Without words it is what was said in passing.
    """

    words: tuple[str, ...]
    quotes: tuple[Quote, ...]
    messages: int
    people: int


class Talk:
    """The messages that count with their lines, threads and subjects."""

    def __init__(
        self,
        messages: Sequence[ChatMessage],
        lines: Sequence[Line],
        courtesies: Sequence[ChatMessage] = (),
    ) -> None:
        self.messages = messages
        self.courtesies = courtesies
        self.lines = lines
        terms: list[set[str]] = [set() for _ in messages]
        self.of_message: list[list[int]] = [[] for _ in messages]
        for index, line in enumerate(lines):
            terms[line.message] |= line.terms
            self.of_message[line.message].append(index)
        parents = link(messages, terms)
        self.exchanges = Exchanges(lines, messages, parents, going_on(messages, parents))
        self.subjects = find_subjects(lines, threads_of(parents))
        self._subjects_of_message: list[set[int]] = [set() for _ in messages]
        for line, subject in zip(lines, self.subjects, strict=True):
            self._subjects_of_message[line.message].add(subject)

    def quoted_with(self, places: Iterable[int]) -> set[int]:
        """The lines at `places` and all that are quoted together with them."""
        return {index for place in places for index in _lines(self._stretch(place))}

    def quote(self, index: int) -> Quote:
        """The line at `index` with the rest of its message where that is short."""
        return self._quote(self._stretch(index))

    def cut(self, choice: Choice) -> Quote:
        """The line of a choice, or its beginning."""
        index, size = choice
        text = self.lines[index].text
        return replace(self._quote((index, index)), text=text[:size], cut=size < len(text))

    def spoken(
        self, places: Iterable[int]
    ) -> tuple[Sequence[tuple[ChatMessage, AbstractSet[int]]], list[str]]:
        """The messages with the subjects of each that the lines at `places` tell of, and those lines."""
        quoted = list(places)
        subjects = {self.subjects[index] for index in quoted}
        told = [
            (message, subjects & own)
            for message, own in zip(self.messages, self._subjects_of_message, strict=True)
        ]
        return told, [self.lines[index].text for index in quoted]

    def told(self, chosen: Sequence[Choice], apart: AbstractSet[int]) -> tuple[Subject, ...]:
        """The subjects of the chosen lines, the one most spoken of first; questions with what came back.

        What stands `apart` is no answer. Subjects of one message are told together, as said in passing.
        """
        spoken = self.quoted_with(index for index, _ in chosen).union(apart)
        told = self._subjects(
            chosen, lambda places: [self._exchange(stretch, spoken) for stretch in self._stretches(places)]
        )
        told.sort(key=lambda subject: -subject.messages)
        single = [subject for subject in told if subject.messages == len(subject.quotes) == 1]
        if not single or len(told) == 1:
            return tuple(told)
        telling = [quote for subject in single for quote in subject.quotes][:_IN_PASSING]
        said = tuple(sorted(telling, key=lambda quote: quote.at))
        passing = Subject((), said, len(said), len({quote.author for quote in said}))
        return (*(subject for subject in told if subject not in single), passing)

    def cut_to_fit(self, chosen: Sequence[Choice]) -> tuple[Subject, ...]:
        """The subjects of the chosen lines in the order in which they were chosen, each with its lines alone."""
        sizes = dict(chosen)
        return tuple(
            self._subjects(chosen, lambda places: [self.cut((index, sizes[index])) for index in places])
        )

    def _subjects(
        self, chosen: Sequence[Choice], quotes: Callable[[Sequence[int]], list[Quote]]
    ) -> list[Subject]:
        by_subject: dict[int, list[int]] = {}
        for index, _ in chosen:
            by_subject.setdefault(self.subjects[index], []).append(index)
        words = keywords(self.lines, self.subjects, by_subject)
        messages: dict[int, list[int]] = {subject: [] for subject in by_subject}
        for index, own in enumerate(self._subjects_of_message):
            for subject in own & messages.keys():
                messages[subject].append(index)
        told: list[Subject] = []
        for subject, places in by_subject.items():
            people = {self.messages[index].author_id for index in messages[subject]}
            lines = tuple(quotes(sorted(places)))
            told.append(Subject(words[subject], lines, len(messages[subject]), len(people)))
        return told

    def _exchange(self, stretch: Stretch, spoken: set[int]) -> Quote:
        """The lines; with them what came back if they ask, or what was asked if they answer, unless it is spoken.

        What is told so is spoken from then on.
        """
        quote = self._quote(stretch)
        asks = is_question(quote.text)
        other = self.exchanges.answer(stretch[1]) if asks else self.exchanges.question(stretch[0])
        if other is None or other in spoken:
            return quote
        spoken.update(_lines(self._stretch(other)))
        if asks:
            return replace(quote, answer=self.quote(other))
        return replace(self.quote(other), answer=quote)

    def _stretches(self, places: Iterable[int]) -> list[Stretch]:
        """The quotations of the lines at `places`, in order: those that stand next to each other are one."""
        stretches: list[Stretch] = []
        for index in places:
            first, last = self._stretch(index)
            if stretches and first <= stretches[-1][1]:
                continue
            if (
                stretches
                and self._is_read_at_once(joined := (stretches[-1][0], last), WIDEST)
                and first == stretches[-1][1] + 1
            ):
                stretches[-1] = joined
            else:
                stretches.append((first, last))
        return stretches

    def _stretch(self, index: int) -> Stretch:
        """The sentence of the line at `index`, or its message where that is short, from the first line that says something."""
        line = self.lines[index]
        own = [other for other in self.of_message[line.message] if other == index or self.lines[other].terms]
        whole = own[0], own[-1]
        if self._is_read_at_once(whole, _BREATH):
            return whole
        sentence = [
            other for other in self.of_message[line.message] if self.lines[other].sentence == line.sentence
        ]
        return sentence[0], sentence[-1]

    def _is_read_at_once(self, stretch: Stretch, most: int) -> bool:
        if self.lines[stretch[0]].message != self.lines[stretch[1]].message:
            return False
        text = self._text(stretch)
        return len(text) <= most and "\n" not in text and columns(text) <= most

    def _text(self, stretch: Stretch) -> str:
        first, last = self.lines[stretch[0]], self.lines[stretch[1]]
        return self.messages[first.message].text[first.start - first.opening : last.start + len(last.text)]

    def _quote(self, stretch: Stretch) -> Quote:
        message = self.messages[self.lines[stretch[0]].message]
        return Quote(
            text=self._text(stretch),
            author=message.forwarded_from or message.author,
            message_id=message.id,
            at=message.at,
            forwarded=bool(message.forwarded_from),
            poll=message.poll,
        )


def _lines(stretch: Stretch) -> range:
    return range(stretch[0], stretch[1] + 1)
