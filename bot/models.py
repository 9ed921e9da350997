"""The project's terms as frozen values. Pure data: no input or output, no clock, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, field

from bot import languages
from bot.blocks import Block
from bot.languages import DEFAULT, entry_of
from bot.messages import Place
from bot.provenance import UNKNOWN, Provenance

Language: TypeAlias = languages.Language
"""One of the languages that readers can choose."""

_WITHIN = frozenset("0123456789.,")


def find_number(text: str, number: str) -> int:
    """Return the offset of a number in a text, -1 if absent. A part of a longer number (32B in 132B) does not count."""
    start = text.find(number)
    while start > 0 and text[start - 1] in _WITHIN and number[:1].isdigit():
        start = text.find(number, start + 1)
    return start


Modality = Literal["reported", "forecast", "plan"]
"""How a number is meant: measured, expected, or somebody's aim."""


class Figure(Struct, frozen=True):
    """A number as a report states it; every text in it is verbatim from the sentence.

    `value` is in the base unit (2523亿美元 and $252.3B are both 252300000000.0 USD). `unit` is an ISO 4217 code for money,
    "%", "pp" for percentage points, "x" for multiples, an English unit word in lower case ("flop/s"), or "" for none.
    `quantity` names what is measured, equal in all languages (figures/identity), "" where that is unclear.
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
        """The offset of the number in its clause, -1 if absent."""
        return find_number(self.clause, self.text)


class Sentence(Struct, frozen=True):
    """A sentence of a passage, with the pages of the original that its page marks name.

    When not `whole`, it is a piece of a text too long for one sentence, such as a table: found and opened, never
    quoted.
    """

    text: str
    pages: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()
    whole: bool = True


class Passage(Struct, frozen=True):
    """One to four sentences of an edition: what search finds and a citation opens.

    `start` and `end` are offsets in the edition's text, `position` is its ordinal in the edition. `headings` are the
    headings above it, one a line, the outermost first; passages with equal ones belong to one item of a compilation.
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
        """The passage as displayed."""
        return entry_of(self.language).joint.join(sentence.text for sentence in self.sentences)


class CutLine(Struct, frozen=True):
    """A line that cleaning removed, with its number in the document (from 1) and the rule that removed it."""

    number: int
    text: str
    rule: str


class Problem(Struct, frozen=True):
    """Why a document was not taken in: the templates' name of the problem and its values, which may include a problem."""

    name: str
    values: tuple[str | int | float | Problem | None, ...] = ()


class Document(Struct, frozen=True):
    """The text of a document in one language on its way in: read, decoded and cleaned, not stored yet.

    `source_key` identifies its report and is shared with translations; `issue_key` adds the day, for issues with the
    same title. `brief`: Trendbot's own retelling. `inferred`: part of `published` was inferred. `note`: what its source
    leaves open. `cut`: the lines that cleaning removed. `remarks`: what looks like a date but was not understood.
    `provenance`: where the metadata were found. `name`: see Edition.
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
    name: str = ""

    @property
    def text(self) -> str:
        """The text of the blocks as displayed, one a line."""
        return "\n".join([block.shown for block in self.blocks])


class IndexedPassage(Struct, frozen=True):
    """A passage with its index data: its topics, and a line of terms for each sentence.

    A line of `terms` has the sentence's words and, after a tab, Han bigrams and alternative spellings of names, which
    only help to find. The last line is for the headings above the passage. `mentions` maps a topic to a bit mask of the
    sentences that mention it (bit 0 is the first sentence), 0 where only a heading does. The bit after the last
    sentence is set where a heading mentions it too.
    """

    passage: Passage
    terms: str
    mentions: Mapping[str, int]


NAMED_IN_HEAD, NAMED_IN_TITLE = 1, 2
"""Bits for where an edition names a topic: in its headings or beginning, in its title."""


class IndexedEdition(Struct, frozen=True):
    """A document ready to be stored. Its title, and text outside passages such as tables, have terms of their own.

    `features` serve to find its story; each tells whether it is in the title (library/stories). `term_counts` counts
    the document's items that contain each term; the term "" counts all items. `topics` gives, for each topic found
    anywhere in the document, where it is named: NAMED_IN_HEAD, NAMED_IN_TITLE, both or neither.
    """

    report_id: str
    document: Document
    origin: str
    content_hash: str
    title_terms: str
    passages: tuple[IndexedPassage, ...]
    rest_terms: str = ""
    topics: Mapping[str, int] = field(default_factory=dict)
    features: Mapping[str, bool] = field(default_factory=dict)
    term_counts: tuple[tuple[str, int], ...] = ()


class Coverage(Struct, frozen=True):
    """What the library holds: number of reports, first and last known day of publication, languages."""

    reports: int
    first: date | None
    last: date | None
    languages: tuple[str, ...]


class Edition(Struct, frozen=True):
    """A stored edition: a report in one language. `note` says what its source leaves open, to readers of the report.

    `name` is given where the title is unknown: its address without the scheme, else the name of its file without the
    ending. It is shown and never searched.
    """

    report_id: str
    language: str
    title: str
    publisher: str
    brief: bool
    passages: int
    note: str = ""
    provenance: Provenance = UNKNOWN
    name: str = ""

    @property
    def shown_title(self) -> str:
        """The title, else the name; "" if neither is known, as of one of several documents in a file."""
        return self.title or self.name


class Report(Struct, frozen=True):
    """A document of the library with its editions; a translated pair is one report and one origin."""

    id: str
    published: date | None
    inferred: bool
    url: str
    editions: tuple[Edition, ...]

    def edition(self, language: str) -> Edition:
        """Return the edition in `language`, else the first one."""
        return next((e for e in self.editions if e.language == language), self.editions[0])


class Topic(Struct, frozen=True):
    """An entry of the bilingual glossary: its names and all its written forms.

    `names` and `forms` map a language to the name on buttons and to the written forms, the most usual first. Inside the
    words of `not_inside` a form means something else. `proper` marks a name of a place, company or product. `related`
    are the ids of topics to offer where the library says little on this one, the nearest first; `narrower` those of its
    kinds, makers or products, whose news is news on this one too. A sentence that mentions all topics of `joins` is
    about this one too, and so is one with a form of `capitals` in exactly that case: US, not us.
    """

    id: str
    names: Mapping[str, str]
    forms: Mapping[str, tuple[str, ...]]
    not_inside: tuple[str, ...] = ()
    proper: bool = False
    related: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()

    def written(self, first: str = DEFAULT.code) -> tuple[str, ...]:
        """Return every written form, those in the language `first` before the others."""
        others = [form for language, forms in self.forms.items() if language != first for form in forms]
        return (*self.forms.get(first, ()), *others)


class Mention(Struct, frozen=True):
    """A topic found in folded text: its span, and the folded form found."""

    topic: str
    form: str
    start: int
    end: int


class Subscription(Struct, frozen=True):
    """A subscription to digests: who gets which topics, when and where.

    `queries` are texts as after /trend. `minute` counts from local midnight; `days` is a bit mask with Monday as bit 0,
    or a day of the month (digests/schedule.MONTHLY). Times are UTC seconds. `since` is when its last digest was
    composed, at first when it was created: what came in later is new. `spent` is when its backlog ran out and the
    reader was told. With `says_quiet` a line says so when a week brought nothing.
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
    says_quiet: bool = False

    @property
    def reader(self) -> Place:
        """The place that is told nothing twice, whatever the number of its subscriptions."""
        return Place(self.chat_id, self.thread_id)
