"""The words of the project as frozen values. Pure data: no input or output, no clock, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from bot import languages
from bot.blocks import Block
from bot.languages import DEFAULT, entry_of
from bot.messages import Place
from bot.provenance import UNKNOWN, Provenance

Language: TypeAlias = languages.Language
"""One of the languages that a reader can choose."""

_WITHIN = frozenset("0123456789.,")


def find_number(text: str, number: str) -> int:
    """Where a number stands in a text, and not within a longer one, as 32B in 132B does; -1 for nowhere."""
    start = text.find(number)
    while start > 0 and text[start - 1] in _WITHIN and number[:1].isdigit():
        start = text.find(number, start + 1)
    return start


Modality = Literal["reported", "forecast", "plan"]
"""How a number is meant: as measured, as expected, or as somebody's aim."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a report states it; every text in it stands verbatim in the sentence.

    `value` is in the base unit (2523亿美元 and $252.3B are both 252300000000.0 USD). `unit` is an ISO 4217 code for money,
    "%", "pp" for percentage points, "x" for times, or the bare unit word in English lower case ("flop/s"), "" when there
    is none. `quantity` names what it measures, alike in both languages (figures/identity), "" where that is unclear.
    """

    value: float
    unit: str
    text: str
    clause: str
    period: str
    subject: str
    modality: Modality
    quantity: str = ""

    @property
    def place(self) -> int:
        """Where the number stands in its clause, -1 for nowhere."""
        return find_number(self.clause, self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, with the pages of the original that it was marked with.

    Not `whole` is a piece of what was too long for one sentence, such as a table: found and opened, never quoted.
    """

    text: str
    pages: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Passage:
    """One to four sentences of an edition: what search finds and a citation opens.

    `start` and `end` are offsets into the edition's text, `position` its ordinal in the edition. `headings` are those
    over it, a line each, the widest first: passages with equal ones belong to one item of a compilation.
    """

    id: str
    report_id: str
    language: str
    position: int
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    headings: str = ""

    @property
    def text(self) -> str:
        """The passage as it is shown."""
        return entry_of(self.language).joint.join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line that cleaning removed, its number in the document (from 1), and the rule that removed it."""

    number: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document was not taken, in the templates' words for `name`, filled by `values`: one may be a problem itself."""

    name: str
    values: tuple[str | int | float | Problem | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One language's text on its way in: read, decoded and cleaned, not yet stored.

    `source_key` names its report, a translation's that of its original; `issue_key` adds the day where issues share a
    title. `brief`: it is Trendbot's own retelling. `inferred`: part of `published` was worked out. `note`: what its
    source leaves open. `remarks`: what looks like a day and was not understood. `provenance`: where things stand.
    """

    source_key: str
    title: str
    blocks: tuple[Block, ...]
    language: str
    publisher: str = ""
    published: date | None = None
    inferred: bool = False
    url: str = ""
    brief: bool = False
    note: str = ""
    cut: tuple[CutLine, ...] = ()
    remarks: tuple[Problem, ...] = ()
    provenance: Provenance = UNKNOWN
    issue_key: str = ""

    @property
    def text(self) -> str:
        """The blocks as they are shown, one a line."""
        return "\n".join([block.shown for block in self.blocks])


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage with what the index keeps of it: its topics, and a line of terms for each sentence.

    A line holds the words, then after a tab the Han bigrams and other spellings of names, which only help to find. The
    last line is that of the headings over the passage. `mentions` maps a topic to a bit mask of the sentences that have
    it (bit 0 is the first sentence), 0 where only a heading over them does. The bit after the last sentence says that a
    heading has it too.
    """

    passage: Passage
    terms: str
    mentions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class IndexedEdition:
    """A document ready to be stored. Its title and what is in no passage, such as its tables, have terms of their own.

    `features` are those that its story is found by, each with whether it stands in the title (library/stories).
    `term_counts` says in how many of its items each term stands; the term "" counts all of them.
    """

    report_id: str
    document: Document
    origin: str
    content_hash: str
    title_terms: str
    passages: tuple[IndexedPassage, ...]
    rest_terms: str = ""
    rest_topics: frozenset[str] = frozenset()
    features: Mapping[str, bool] = field(default_factory=dict)
    term_counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the library holds: reports, first and last known day of publication, languages."""

    reports: int
    first: date | None
    last: date | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One language's text of a report, as stored. `note` says what its source leaves open; only who opens it reads it."""

    report_id: str
    language: str
    title: str
    publisher: str
    brief: bool
    passages: int
    note: str = ""
    provenance: Provenance = UNKNOWN


@dataclass(frozen=True, slots=True)
class Report:
    """One document of the library with its editions; a translation pair is one report and one origin."""

    id: str
    published: date | None
    inferred: bool
    url: str
    editions: tuple[Edition, ...]

    def edition(self, language: str) -> Edition:
        """The edition in `language`, else the first one."""
        return next((e for e in self.editions if e.language == language), self.editions[0])


@dataclass(frozen=True, slots=True)
class Topic:
    """An entry of the bilingual glossary: how it is called, and every form it is written in.

    `names` and `forms` map a language to the button's word and to the written forms, most usual first. Inside
    the words `not_inside` a form means something else. `proper` marks the name of a place, company or product.
    `related` are ids of topics that are told too where a library says little on this one, the nearest first. A sentence
    that has all topics of `joins` is on it too, and so is one with a form of `capitals` written just so: US, not us.
    """

    id: str
    names: Mapping[str, str]
    forms: Mapping[str, tuple[str, ...]]
    not_inside: tuple[str, ...] = ()
    proper: bool = False
    related: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()

    def written(self, first: str = DEFAULT.code) -> tuple[str, ...]:
        """Every written form, those of the language `first` leading."""
        others = [form for language, forms in self.forms.items() if language != first for form in forms]
        return (*self.forms.get(first, ()), *others)


@dataclass(frozen=True, slots=True)
class Mention:
    """A topic found in folded text: where, and in which of its folded forms."""

    topic: str
    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants which topics when, and where.

    `queries` are texts as after /trend. `minute` counts from local midnight; `days` is a bit mask, Monday is bit
    0, or the day of the month (digests/schedule.MONTHLY). Times are UTC seconds. `since` is when its last digest was made (at first: when it was created): what came in
    later is news. `spent` is when its backlog ran out and that was said.
    """

    id: str
    chat_id: int
    thread_id: int
    user_id: int
    queries: tuple[str, ...]
    minute: int
    days: int
    timezone: str
    language: Language
    news_only: bool
    silent: bool
    created: int
    since: int
    paused_until: int | None = None
    spent: int | None = None
    outcome: str = ""
    outcome_at: int | None = None

    @property
    def reader(self) -> Place:
        """Who is told nothing twice, whatever the number of their subscriptions."""
        return Place(self.chat_id, self.thread_id)
