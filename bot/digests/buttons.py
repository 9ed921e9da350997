"""The buttons under a digest: their types, and which of them a digest has."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from bot.digests.digest import Digest
from bot.messages import Button, Press, Rights, Rows
from bot.models import Language, Subscription
from bot.rendering.callbacks import NO_VIEW, rows_of
from bot.rendering.renderer import Renderer

_PER_ROW, _LEADS_PER_ROW = 2, 3


class DigestPress(Press, frozen=True):
    """A button under a digest. It carries its subscription's id, so that it needs no stored view."""

    subscription_id: str

    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


class ExplainDigest(DigestPress, frozen=True):
    """Button: explains why the digest came."""

    code: ClassVar[str] = "dw"
    rights: ClassVar[Rights] = Rights.ANYONE


class BriefOnQuery(DigestPress, frozen=True):
    """Button: shows the briefing on one of its queries, given by index."""

    place: int

    code: ClassVar[str] = "db"
    rights: ClassVar[Rights] = Rights.ANYONE


class ChartQuery(DigestPress, frozen=True):
    """Button: shows the chart of one of its queries, given by index."""

    place: int

    code: ClassVar[str] = "dc"
    rights: ClassVar[Rights] = Rights.ANYONE


class NewsOnly(DigestPress, frozen=True):
    """Button: limits the subscription to news, without points from the library."""

    code: ClassVar[str] = "dn"


class MuteQuery(DigestPress, frozen=True):
    """Button: mutes one of its queries, given by index, for a week."""

    place: int

    code: ClassVar[str] = "dm"


class MutePublisher(DigestPress, frozen=True):
    """Button: mutes the publisher of a report for 30 days, or unmutes it."""

    report: str

    code: ClassVar[str] = "dl"


class EndDigest(DigestPress, frozen=True):
    """Button: ends the subscription."""

    code: ClassVar[str] = "du"


class DigestButtons:
    """Maker of the buttons under digests; each label is rendered once per name, language and query."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._words: dict[tuple[str, Language, str], str] = {}

    def under(self, digest: Digest, subscription: Subscription) -> Rows:
        """Return the buttons: more on its topics, less of something, why it came, and unsubscribe."""
        own, language = subscription.id, subscription.language

        def button(name: str, press: Press, query: str = "", *values: object) -> Button:
            key = (name, language, query)
            if key not in self._words:
                self._words[key] = self._renderer.word(name, language, *values)
            return Button(self._words[key], press)

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
            button("button_less_from", MutePublisher(NO_VIEW, language, own, report), publisher, publisher)
            for report, publisher in (_publishers(digest, language) if digest.kind == "news" else ())
        ]
        last = [
            button("button_why", ExplainDigest(NO_VIEW, language, own)),
            button("button_unsubscribe", EndDigest(NO_VIEW, language, own)),
        ]
        if digest.kind == "library" and not digest.spent:
            less.append(button("button_news_only", NewsOnly(NO_VIEW, language, own)))
        return (
            *rows_of(briefings, _LEADS_PER_ROW),
            *(row for own in (mutes, less, last) for row in rows_of(own, _PER_ROW)),
        )


def _publishers(digest: Digest, language: Language) -> list[tuple[str, str]]:
    """Return (report id, publisher) of the publishers that a digest cites most, at most a row of buttons."""
    reports: dict[str, str] = {}
    cited: Counter[str] = Counter()
    for source in digest.sources:
        if publisher := source.report.edition(language).publisher:
            reports.setdefault(publisher, source.report.id)
            cited[publisher] += len(source.numbers)
    return [(reports[publisher], publisher) for publisher, _ in cited.most_common(_PER_ROW)]
