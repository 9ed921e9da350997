"""Turns chosen lines into quotations by subject: whole sentences, and whole messages if short. Chooses no line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct
from msgspec.structs import replace

from bot.recaps.answers import Tally, continuations
from bot.recaps.lines import WIDEST, Line
from bot.recaps.salience import Choice
from bot.recaps.speech_acts import BREATH, Exchanges, is_question
from bot.recaps.subjects import find_subjects, keywords
from bot.recaps.threads import link, threads_of
from bot.talk import ChatMessage, Poll
from bot.text.lines import columns

_IN_PASSING = 3

Stretch = tuple[int, int]
"""The indices of a quotation's first and last line; all lines between them belong to it."""


class Quote(Struct, frozen=True):
    """A verbatim quotation.

    `cut`: its sentence goes on. `answer` is the answer to it, `asked` the question or request that it settles, `agreed`
    the number of others who said yes to it. `who` has to do what it says by `due` ("" if not a task or unknown). `tally`
    counts the answers to it. `author` wrote the words: if they are `forwarded`, not the sender of the message. `poll`
    is the message's poll with its votes.
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


class Subject(Struct, frozen=True):
    """A subject of the talk: its keywords as people wrote them, quotations, and number of messages and people.

    Without keywords it collects what was said in passing.
    """

    words: tuple[str, ...]
    quotes: tuple[Quote, ...]
    messages: int
    people: int


class Talk:
    """A talk: the messages that count, with their lines, threads, exchanges and subjects."""

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
        self.exchanges = Exchanges(lines, messages, parents, continuations(messages, parents))
        self.subjects = find_subjects(lines, threads_of(parents))
        self._subjects_of_message: list[set[int]] = [set() for _ in messages]
        for line, subject in zip(lines, self.subjects, strict=True):
            self._subjects_of_message[line.message].add(subject)

    def quoted_with(self, places: Iterable[int]) -> set[int]:
        """Return the lines at `places` and all that are quoted together with them."""
        return {index for place in places for index in _lines(self._stretch(place))}

    def quote(self, index: int) -> Quote:
        """Return the quotation of the line at `index`: its sentence, or its message if short."""
        return self._quote(self._stretch(index))

    def cut(self, choice: Choice) -> Quote:
        """Return the quotation of a chosen line alone, or of its beginning."""
        index, size = choice
        text = self.lines[index].text
        return replace(self._quote((index, index)), text=text[:size], cut=size < len(text))

    def messages_by_subject(
        self, places: Iterable[int]
    ) -> tuple[Sequence[tuple[ChatMessage, AbstractSet[int]]], list[str]]:
        """Return each message with those of its subjects that the lines at `places` have, and these lines' texts."""
        quoted = list(places)
        subjects = {self.subjects[index] for index in quoted}
        by_message = [
            (message, subjects & own)
            for message, own in zip(self.messages, self._subjects_of_message, strict=True)
        ]
        return by_message, [self.lines[index].text for index in quoted]

    def subjects_of(self, chosen: Sequence[Choice], apart: AbstractSet[int]) -> tuple[Subject, ...]:
        """Return the subjects of the chosen lines, those with most messages first, questions with their answers.

        Lines in `apart` are not used as answers. Subjects of a single message are merged, as said in passing.
        """
        spoken = self.quoted_with(index for index, _ in chosen).union(apart)
        subjects = self._subjects(
            chosen, lambda places: [self._exchange(stretch, spoken) for stretch in self._stretches(places)]
        )
        subjects.sort(key=lambda subject: -subject.messages)
        single = [subject for subject in subjects if subject.messages == len(subject.quotes) == 1]
        if not single or len(subjects) == 1:
            return tuple(subjects)
        telling = [quote for subject in single for quote in subject.quotes][:_IN_PASSING]
        quotes = tuple(sorted(telling, key=lambda quote: quote.at))
        passing = Subject((), quotes, len(quotes), len({quote.author for quote in quotes}))
        return (*(subject for subject in subjects if subject not in single), passing)

    def cut_to_fit(self, chosen: Sequence[Choice]) -> tuple[Subject, ...]:
        """Return the subjects of the chosen lines in the order of choice, each with only these lines."""
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
        result: list[Subject] = []
        for subject, places in by_subject.items():
            people = {self.messages[index].author_id for index in messages[subject]}
            lines = tuple(quotes(sorted(places)))
            result.append(Subject(words[subject], lines, len(messages[subject]), len(people)))
        return result

    def _exchange(self, stretch: Stretch, spoken: set[int]) -> Quote:
        """Quote a stretch, a question with its answer and an answer with its question, unless that is in `spoken`.

        Adds the lines of the other quotation to `spoken`.
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
        """Return the stretches of the lines at `places`, in order; adjacent ones are joined if not too wide."""
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
        """Return the stretch of a line: its sentence, or if short its message, between lines with content words."""
        line = self.lines[index]
        own = [other for other in self.of_message[line.message] if other == index or self.lines[other].terms]
        whole = own[0], own[-1]
        if self._is_read_at_once(whole, BREATH):
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
