"""A digest as messages: one where it fits, else parts that are cut between queries. Decides nothing of what is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from bot.digests.digest import Digest, Section, StoryPoint
from bot.digests.movement import Movement, TopicRise
from bot.digests.picture import movement_picture
from bot.digests.schedule import Form
from bot.messages import Button, Message, Press, Rights, Rows
from bot.models import Language, Subscription
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.moments import NextRun
from bot.rendering.renderer import Renderer, deep_links, fits
from bot.trends.ledger import Group
from bot.trends.quotes import Cited, FigurePoint, Point, cited_by

if TYPE_CHECKING:
    from bot.rewriting.material import KnownRetellings, Material, Retelling

_PER_ROW, _LEADS_PER_ROW = 2, 3
_SHOWN = 6
"""Stories in full view; the others are folded."""


@dataclass(frozen=True, slots=True)
class DigestPress(Press):
    """A button under a digest. It carries its subscription, so that it needs no stored view."""

    subscription_id: str

    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ExplainDigest(DigestPress):
    """Why it came."""

    code: ClassVar[str] = "dw"
    rights: ClassVar[Rights] = Rights.ANYONE


@dataclass(frozen=True, slots=True)
class BriefOnQuery(DigestPress):
    """The briefing on one of its queries, by its place."""

    place: int

    code: ClassVar[str] = "db"
    rights: ClassVar[Rights] = Rights.ANYONE


@dataclass(frozen=True, slots=True)
class ChartQuery(DigestPress):
    """The chart of one of its queries, by its place."""

    place: int

    code: ClassVar[str] = "dc"
    rights: ClassVar[Rights] = Rights.ANYONE


@dataclass(frozen=True, slots=True)
class NewsOnly(DigestPress):
    """No more of the library's backlog."""

    code: ClassVar[str] = "dn"


@dataclass(frozen=True, slots=True)
class MuteQuery(DigestPress):
    """One of its queries, by its place, is left out for a week."""

    place: int

    code: ClassVar[str] = "dm"


@dataclass(frozen=True, slots=True)
class LessFrom(DigestPress):
    """The publisher of a report is left out for a month, or comes again."""

    report: str

    code: ClassVar[str] = "dl"


@dataclass(frozen=True, slots=True)
class EndDigest(DigestPress):
    """The end of the subscription."""

    code: ClassVar[str] = "du"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a digest, equal for many readers.

    `since` is the day of the reader's last digest, `at` the local moment of this one, `newest` the day of the library's
    newest report, `arrived` whether any came in since then. `due` is the local moment at which a late digest was due.
    `next` is the local moment of the next one.
    """

    language: Language
    since: date
    at: datetime
    newest: date | None
    arrived: bool
    zone: str
    due: datetime | None = None
    next: NextRun | None = None
    form: Form = "day"
    moves: tuple[Movement, ...] = ()
    """What rose and fell where it tells of a week or a month."""
    picture: Message | None = None
    """The picture of them, which goes before it; None where it says in words what rose and fell."""
    rises: tuple[TopicRise, ...] = ()
    """What rises on its topics this week where it tells of a day."""


@dataclass(frozen=True, slots=True)
class _Part:
    sections: tuple[Section, ...]
    figures: tuple[FigurePoint, ...]
    due: tuple[Group, ...]
    first: bool
    last: bool

    @property
    def points(self) -> tuple[StoryPoint, ...]:
        """The stories, whatever query they are on."""
        return tuple(point for section in self.sections for point in section.points)

    @property
    def shown(self) -> tuple[StoryPoint, ...]:
        """The stories that are told in full view: some on each query."""
        most = max(1, _SHOWN // max(1, len(self.sections)))
        return tuple(point for section in self.sections for point in section.points[:most])

    @property
    def folded(self) -> tuple[Point, ...]:
        """The other stories, and what else is told of those shown."""
        others = (point for point in self.points if point not in self.shown)
        return (*others, *(line for point in self.points for line in point.further))


class DigestRenderer:
    """Renders digests for one bot, whose citations open by links to it."""

    def __init__(
        self, renderer: Renderer, username: str | None, retellings: KnownRetellings | None = None
    ) -> None:
        """`retellings` knows what a language model made of digests; None without a model."""
        self._renderer = renderer
        self._username = username
        self._retellings = retellings
        self._words: dict[tuple[str, Language, str], str] = {}

    def texts(self, digest: Digest, frame: Frame) -> tuple[str, ...]:
        """The HTML of each part, in order; the first with the retelling of all above it, where there is one that fits."""
        whole = _Part(digest.sections, digest.figures, digest.due, first=True, last=True)
        (first, text), *others = self._parts(digest, frame, whole)
        if retelling := self.retelling(digest, frame):
            retold = self._text(digest, frame, first, retelling)
            text = retold if fits(Message(retold)) else text
        return (text, *(other for _, other in others))

    def material(self, digest: Digest, frame: Frame) -> Material | None:
        """What a language model may retell of a digest; None without a model."""
        if self._retellings is None:
            return None
        from bot.digests.retelling import digest_material  # with what only a language model needs

        return digest_material(digest, frame.language)

    def retelling(self, digest: Digest, frame: Frame) -> Retelling | None:
        """What a language model made of a digest, None where it made nothing."""
        material = self.material(digest, frame)
        return self._retellings.known(material) if self._retellings and material else None

    def _parts(self, digest: Digest, frame: Frame, part: _Part) -> list[tuple[_Part, str]]:
        """A part, or those that it is cut into until each is one message, with the text of each."""
        text = self._text(digest, frame, part)
        cut = None if fits(Message(text)) else _cut(part)
        return (
            [(part, text)]
            if cut is None
            else [one for half in cut for one in self._parts(digest, frame, half)]
        )

    def _text(self, digest: Digest, frame: Frame, part: _Part, retelling: Retelling | None = None) -> str:
        return self._renderer.message(
            "digest",
            frame.language,
            d=digest,
            retelling=retelling,
            first=part.first,
            last=part.last,
            sections=part.sections,
            shown=part.shown,
            folded=part.folded,
            figures=part.figures,
            due=part.due,
            sources=_cited(digest, part),
            links=deep_links(self._username, digest.citations),
            links_known=len(digest.citations),
            since=frame.since,
            at=frame.at,
            newest=frame.newest,
            arrived=frame.arrived,
            late=frame.due,
            next=frame.next,
            zone=frame.zone,
            form=frame.form,
            moves=() if frame.picture else frame.moves,
            pictured=frame.picture is not None,
            rises=frame.rises,
        )

    def picture(
        self, moves: Sequence[Movement], language: Language, form: Form, since: date, today: date
    ) -> Message | None:
        """See movement_picture."""
        return movement_picture(self._renderer, moves, language, form, since, today)

    def quiet(self, s: Subscription, queries: Sequence[str]) -> Message:
        """Return the line that says that there was no news since the last digest."""
        since = datetime.fromtimestamp(s.since, ZoneInfo(s.timezone)).date()
        return Message(self._renderer.notice("digest_quiet", s.language, queries, since))

    def buttons(self, digest: Digest, subscription: Subscription) -> Rows:
        """Under the last part: what leads on from its topics, then what there will be less of, why it came, and the end of all."""
        own, language = subscription.id, subscription.language

        def button(name: str, press: Press, query: str = "", *values: object) -> Button:
            return Button(self._word(name, language, query, *values), press)

        briefings, mutes, places = [], [], []
        for section in digest.sections:
            place = subscription.queries.index(section.query)
            brief = BriefOnQuery(NO_VIEW, language, own, place)
            mute = MuteQuery(NO_VIEW, language, own, place)
            briefings.append(button("button_digest_topic", brief, section.query, section.heading))
            mutes.append(button("button_mute", mute, section.query, section.heading))
            places.append(place)
        if places:
            briefings.append(button("button_chart", ChartQuery(NO_VIEW, language, own, places[0])))
        less = [
            button("button_less_from", LessFrom(NO_VIEW, language, own, report), publisher, publisher)
            for report, publisher in (_publishers(digest, language) if digest.kind == "news" else ())
        ]
        last = [
            button("button_why", ExplainDigest(NO_VIEW, language, own)),
            button("button_unsubscribe", EndDigest(NO_VIEW, language, own)),
        ]
        if digest.kind == "library" and not digest.spent:
            less.append(button("button_news_only", NewsOnly(NO_VIEW, language, own)))
        return (*_rows(briefings, _LEADS_PER_ROW), *_rows(mutes), *_rows(less), *_rows(last))

    def _word(self, name: str, language: Language, query: str = "", *values: object) -> str:
        """A button's text, rendered once."""
        key = (name, language, query)
        if key not in self._words:
            self._words[key] = self._renderer.word(name, language, *values)
        return self._words[key]


def _rows(buttons: Sequence[Button], per_row: int = _PER_ROW) -> Rows:
    return tuple(tuple(buttons[i : i + per_row]) for i in range(0, len(buttons), per_row))


def _publishers(digest: Digest, language: Language) -> list[tuple[str, str]]:
    """The publishers that a digest cites most, at most a row of them, each with the id of a report of theirs."""
    reports: dict[str, str] = {}
    cited: Counter[str] = Counter()
    for source in digest.sources:
        if publisher := source.report.edition(language).publisher:
            reports.setdefault(publisher, source.report.id)
            cited[publisher] += len(source.numbers)
    return [(reports[publisher], publisher) for publisher, _ in cited.most_common(_PER_ROW)]


def _cut(part: _Part) -> tuple[_Part, _Part] | None:
    """Two parts instead of one, between queries or before the figures; None where nothing can be cut."""
    if len(part.sections) > 1:
        middle = (len(part.sections) + 1) // 2
        before, after = part.sections[:middle], part.sections[middle:]
        return (
            _Part(before, (), (), first=part.first, last=False),
            _Part(after, part.figures, part.due, first=False, last=part.last),
        )
    if part.sections and (part.figures or part.due):
        return replace(part, figures=(), due=(), last=False), replace(part, sections=(), first=False)
    return None


def _cited(digest: Digest, part: _Part) -> list[Cited]:
    """The sources of what the part shows, each with the numbers that it cites."""
    shown = {point.citation for point in (*part.points, *part.folded)}
    shown |= {line.citation for line in part.figures}
    numbers = digest.numbers
    shown |= {numbers[passage] for group in part.due for passage in group.passages}
    return cited_by(digest.sources, shown)
