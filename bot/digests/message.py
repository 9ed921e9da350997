"""Renders a digest as texts: one if it fits in a message, else parts cut between queries. Decides nothing about its contents.

A weekly or monthly digest has a picture: the counts of its topics, with what rose and fell as the caption. What a language
model may retell are its quoted points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from bot.charts.layout import COLOURS
from bot.charts.picture import picture_of
from bot.digests.buttons import DigestButtons
from bot.digests.digest import Digest, Section, StoryPoint
from bot.digests.movement import DAYS, ItemChange, Movement
from bot.digests.schedule import Form
from bot.messages import Message
from bot.models import Language, Subscription, Topic
from bot.rendering.moments import NextRun
from bot.rendering.renderer import Renderer, cited_by, deep_links, fits
from bot.trends.charts import Chart, Series
from bot.trends.history import MOST_BINS
from bot.trends.ledger import Group
from bot.trends.quotes import Cited, FigurePoint, Point

if TYPE_CHECKING:
    from bot.rewriting.material import KnownRetellings, Material, Retelling


_LEAST: Final = 5
"""Bars of a topic at least, however many topics there are: those that its verdict compares."""

_SHOWN = 6
"""Stories in full view; the others are folded."""


def digest_material(digest: Digest, language: Language) -> Material | None:
    """Return the quoted points of a digest with their citations; None when there is nothing to retell."""
    from bot.rewriting.material import material_of  # with what only a language model needs

    subjects = (one.names[language] if isinstance(one, Topic) else one for one in digest.headings)
    points = [point.quoted for section in digest.sections for point in section.points]
    reports = (cited.report for cited in digest.sources)
    return material_of(", ".join(subjects), language, points, digest.citations, reports)


def movement_picture(
    renderer: Renderer, moves: Sequence[Movement], language: Language, form: Form, since: date, today: date
) -> Message | None:
    """Return the picture of movements up to `today`; None when none of them has counts, or the caption is too long."""
    charted = [move for move in moves if move.counts][: len(COLOURS)]
    if not charted:
        return None
    names = [renderer.word("digest_subject", language, move.heading) for move in charted]
    chart = _chart(charted, DAYS[form], today)
    picture = picture_of(
        renderer,
        chart,
        renderer.word("digest_chart", language, form),
        names,
        [renderer.word("chart_bin", language, start, chart.unit) for start in chart.starts],
    )
    caption = renderer.message(
        "digest_chart", language, form=form, since=since, moves=moves, missing=picture.missing
    )
    message = Message(caption, image=picture.image)
    return message if fits(message) else None


def _chart(charted: Sequence[Movement], days: int, today: date) -> Chart:
    """Return a chart of the last stretches of `days` days, as many as can be told apart, with a bar for each topic."""
    bars = max(_LEAST, MOST_BINS // len(charted))
    series = [Series(str(place), move.counts[-bars:]) for place, move in enumerate(charted)]
    shown = len(series[0].counts)
    starts = tuple(today - timedelta(days=days * (shown - n) - 1) for n in range(shown))
    # Stretches of 30 days begin within months, so their bins are named by first days, as weeks are.
    return Chart("week", starts, tuple(series), stacked=False)


class Frame(Struct, frozen=True):
    """Everything in a digest's messages that is not its content, equal for many readers.

    `since` is the day of the reader's last digest, `at` the local moment of this one, `newest` the day of the
    library's newest report; `arrived`: a report came in since the last digest. `due` is the local moment at
    which a late digest was due, None for one on time; `next` is that of the next one.
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
    """What rose and fell, in a digest of a week or month."""
    picture: Message | None = None
    """The picture of `moves`, sent before the digest; None when words say what rose and fell."""
    rises: tuple[ItemChange, ...] = ()
    """What rises on its topics this week by the items of reports, in a digest of a day or week."""
    falls: tuple[ItemChange, ...] = ()
    """What fades in the same way, in a digest of a week."""


class _Part(Struct, frozen=True):
    sections: tuple[Section, ...]
    figures: tuple[FigurePoint, ...]
    due: tuple[Group, ...]
    first: bool
    last: bool

    @property
    def points(self) -> tuple[StoryPoint, ...]:
        """The stories on all queries."""
        return tuple(point for section in self.sections for point in section.points)

    @property
    def shown(self) -> tuple[StoryPoint, ...]:
        """The stories in full view: some on each query."""
        most = max(1, _SHOWN // max(1, len(self.sections)))
        return tuple(point for section in self.sections for point in section.points[:most])

    @property
    def folded(self) -> tuple[Point, ...]:
        """The other stories, and the further lines on all of them."""
        others = (point for point in self.points if point not in self.shown)
        return (*others, *(line for point in self.points for line in point.further))


class DigestRenderer:
    """Renders digests for one bot; citations open by links to it."""

    def __init__(
        self, renderer: Renderer, username: str | None, retellings: KnownRetellings | None = None
    ) -> None:
        """`retellings` has what a language model made of digests; None without a model."""
        self._renderer = renderer
        self._username = username
        self._retellings = retellings
        self.buttons = DigestButtons(renderer)

    def texts(self, digest: Digest, frame: Frame) -> tuple[str, ...]:
        """Return the HTML of each part, in order; the first contains the digest's retelling if there is one that fits."""
        whole = _Part(digest.sections, digest.figures, digest.due, first=True, last=True)
        (first, text), *others = self._parts(digest, frame, whole)
        if retelling := self.retelling(digest, frame):
            retold = self._text(digest, frame, first, retelling)
            text = retold if fits(Message(retold)) else text
        return (text, *(other for _, other in others))

    def material(self, digest: Digest, frame: Frame) -> Material | None:
        """Return what a language model may retell of a digest; None without a model or anything to retell."""
        if self._retellings is None:
            return None

        return digest_material(digest, frame.language)

    def retelling(self, digest: Digest, frame: Frame) -> Retelling | None:
        """Return a language model's retelling of the digest; None if there is none."""
        material = self.material(digest, frame)
        return self._retellings.known(material) if self._retellings and material else None

    def _parts(self, digest: Digest, frame: Frame, part: _Part) -> list[tuple[_Part, str]]:
        """Return the part, or the parts that it is cut into until each fits a message, each with its text."""
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
            sources=_sources_shown(digest, part),
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
            falls=frame.falls,
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


def _cut(part: _Part) -> tuple[_Part, _Part] | None:
    """Return two parts in place of one, cut between queries or before the figures; None when it cannot be cut."""
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


def _sources_shown(digest: Digest, part: _Part) -> list[Cited]:
    """Return the sources of what the part shows, each with the numbers that it cites."""
    shown = {point.citation for point in (*part.points, *part.folded)}
    shown |= {line.citation for line in part.figures}
    numbers = digest.numbers
    shown |= {numbers[passage] for group in part.due for passage in group.passages}
    return cited_by(digest.sources, shown)
