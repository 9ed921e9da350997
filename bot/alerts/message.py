"""Composes the news of alerts as one message: new reports with their sentences, and changed verdicts. Chooses neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from bot.alerts.matches import Match
from bot.messages import Button, Message, Press, Rights, Rows
from bot.models import Language, Report
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.renderer import Renderer, clipped, deep_links, fits
from bot.state.alerts import Alert
from bot.trends.quotes import Citations, Point
from bot.trends.verdict import Verdict

_SHOWN = 3
_BUTTON = 24


class AlertPress(Press, frozen=True):
    """Button about one alert; needs no stored view."""

    alert_id: str

    rights: ClassVar[Rights] = Rights.ADMIN
    needs_view: ClassVar[bool] = False


class RemoveAlert(AlertPress, frozen=True):
    """Button: removes the alert."""

    code: ClassVar[str] = "ax"


class BriefOnAlert(AlertPress, frozen=True):
    """Button: sends a briefing on the alert's query, beside the alert."""

    code: ClassVar[str] = "ab"
    rights: ClassVar[Rights] = Rights.ANYONE


class News(Struct, frozen=True):
    """Result of checking one alert: the reports that match it, or its new verdict with reports that support it."""

    alert: Alert
    matches: tuple[Match, ...] = ()
    verdict: Verdict | None = None


class _Told(Struct, frozen=True):
    """The news of one alert as displayed: each point with its number of sources. `more` counts reports not shown."""

    alert: Alert
    points: tuple[tuple[Point, int], ...]
    more: int
    verdict: Verdict | None


def alert_message(renderer: Renderer, news: Sequence[News], username: str | None) -> Message:
    """Return the news of one place's alerts as one message, in the language of the first, with as many reports as fit.

    Each report appears once, under the first alert that it matches. `username` is the bot's, for links to passages.
    """
    language = news[0].alert.language
    rows = tuple(row for one in news for row in _buttons(renderer, one.alert, language, many=len(news) > 1))
    for shown in range(_SHOWN, -1, -1):
        message = Message(_text(renderer, news, language, username, shown), rows)
        if fits(message):
            break
    return message


def _text(
    renderer: Renderer, news: Sequence[News], language: Language, username: str | None, shown: int
) -> str:
    cite = Citations(language)
    reports: dict[str, Report] = {}
    told = []
    for one in news:
        new = [match for match in one.matches if match.report.id not in reports]
        reports |= {match.report.id: match.report for match in new[:shown]}
        points = tuple((_point(cite, match), match.sources) for match in new[:shown])
        if new or one.verdict:
            told.append(_Told(one.alert, points, len(new) - len(points), one.verdict))
    return renderer.message(
        "alert",
        language,
        told=told,
        sources=cite.sources(reports),
        links=deep_links(username, cite.passages),
        links_known=len(cite.passages),
    )


def _point(cite: Citations, match: Match) -> Point:
    """Return a report's sentence as a point, under its headline unless the sentence contains it."""
    point = cite.point(match.statement)
    return replace(point, headline="" if match.headline in point.text else clipped(match.headline, 120))


def _buttons(renderer: Renderer, alert: Alert, language: Language, *, many: bool) -> Rows:
    what = clipped(alert.query, _BUTTON)
    brief = Button(
        renderer.word("button_alert_briefing", language, what), BriefOnAlert(NO_VIEW, language, alert.id)
    )
    remove = Button(
        renderer.word("button_alert_remove", language, what if many else ""),
        RemoveAlert(NO_VIEW, language, alert.id),
    )
    return ((brief, remove),)
