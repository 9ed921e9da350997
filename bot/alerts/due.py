"""Queues alerts: what came in since each was looked at, in one transaction with the mark that it was looked at.

    every 15 seconds, at `now`, for each place that has alerts:
        its quiet hours, its five messages of the day, one that has not left yet:   nothing is looked at   (hours)
        new reports that hold all of what an alert asks for                         (matches)
        verdicts that differ from the last one that was seen, with the reports that show why
        in one transaction: one message for all of it in the outbox, each alert as looked at

What is not looked at is held: it comes with what comes in later, in one message. So a run may come late, twice or after
days, and two that run beside each other queue one message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.alerts.hours import MOST_A_DAY, day_began, is_quiet
from bot.alerts.matches import Matches
from bot.alerts.message import News, alert_message
from bot.alerts.verdict_evidence import VerdictEvidence
from bot.library.library import Library
from bot.library.query import Query
from bot.messages import Message, Place
from bot.outbox.fence import Fence
from bot.outbox.payload import dump
from bot.rendering.renderer import Renderer
from bot.sqlite.errors import StorageError
from bot.state.alerts import Alert
from bot.state.state import State
from bot.trends.briefing import TrendBriefer
from bot.trends.verdict import Span, VerdictName

_log = logging.getLogger(__name__)

# What is recorded as seen a moment ago may not be all of that moment.
_SETTLED = 10
# A report is recorded before the library holds it; one that is not there after so long was not taken.
_ON_ITS_WAY = 600
_RISES: frozenset[VerdictName] = frozenset({"new", "rising"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at one alert gave: its news, None for nothing, and what is to be kept of the look."""

    alert: Alert
    news: News | None
    until: int
    verdict: str


class AlertFinder:
    """Looks at alerts; reads the library and writes nothing."""

    def __init__(
        self,
        library: Library,
        matches: Matches,
        evidence: VerdictEvidence,
        briefer: TrendBriefer,
        understood: Callable[[str], Query],
    ) -> None:
        self._library = library
        self._matches = matches
        self._evidence = evidence
        self._briefer = briefer
        self._understood = understood

    def arrived(self, arrivals: Sequence[tuple[int, str]], now: int) -> tuple[list[tuple[int, str]], int]:
        """Those of the arrivals (second, report) that can be looked at, and the second up to which they are all.

        That is before the first one which the library does not hold yet.
        """
        held = self._library.reports(report for _, report in arrivals)
        until = min(
            [
                now - _SETTLED,
                *(
                    moment - 1
                    for moment, report in arrivals
                    if report not in held and now - moment < _ON_ITS_WAY
                ),
            ]
        )
        return [(moment, report) for moment, report in arrivals if moment <= until and report in held], until

    def look(self, alert: Alert, reports: Sequence[str], today: date) -> tuple[News | None, str]:
        """The news of an alert among new reports, None where there is none, and its verdict."""
        query = self._understood(alert.query)
        if alert.watch == "reports":
            matches = self._matches.among(query, reports, alert.language) if reports else []
            return (News(alert, matches=tuple(matches)) if matches else None), ""
        verdict = self._briefer.verdict(query, today)
        if verdict is None or not _is_awaited(alert, verdict.name):
            return None, verdict.name if verdict else ""
        span = Span(verdict.window[1] if verdict.window else today)
        named = query if query.names_one_topic else query.as_name()
        return News(alert, tuple(self._evidence.on(named, alert.language, span)), verdict), verdict.name


def _is_awaited(alert: Alert, verdict: VerdictName) -> bool:
    """Whether an alert waits for that verdict, and the last one that was seen was another. What is new rises, too."""
    if verdict in {alert.verdict, "too_little"}:
        return False
    if alert.watch == "rising":
        return verdict in _RISES and alert.verdict not in _RISES
    return alert.watch in {"change", verdict}


class DueAlerts:
    """Queues what alerts wait for. `timezone` is the zone of chats that have said none."""

    def __init__(
        self,
        state: State,
        finder: AlertFinder,
        renderer: Renderer,
        fence: Fence,
        timezone: str,
        username: str | None,
    ) -> None:
        self._state = state
        self._finder = finder
        self._renderer = renderer
        self._fence = fence
        self._timezone = timezone
        self._username = username

    def queue(self, now: datetime) -> int:
        """Queues the alerts that are due at `now` (aware) and returns how many messages. Raises StorageError and LeaseLost."""
        moment = int(now.timestamp())
        alerts = self._state.alerts.all()
        if not alerts:
            return 0
        arrivals = self._state.arrivals.between(min(moment, *(alert.since for alert in alerts)), moment)
        arrived, until = self._finder.arrived(arrivals, moment)
        return sum(
            self._queue(place, list(held), arrived, until, now)
            for place, held in groupby(alerts, lambda alert: alert.place)
        )

    def _queue(
        self, place: Place, held: list[Alert], arrived: Sequence[tuple[int, str]], until: int, now: datetime
    ) -> bool:
        timezone = self._state.chats.timezone(place.chat_id) or self._timezone
        if self._holds_back(place, held[0], timezone, now):
            return False
        local = now.astimezone(ZoneInfo(timezone))
        looks = [look for alert in held if (look := self._look(alert, arrived, until, local)) is not None]
        news = [look.news for look in looks if look.news is not None]
        message = alert_message(self._renderer, news, self._username) if news else None
        return bool(looks) and self._keep(place, held, looks, message, int(now.timestamp()))

    def _holds_back(self, place: Place, alert: Alert, timezone: str, now: datetime) -> bool:
        """Whether nothing is sent to a place at the moment; `alert` is one of its alerts."""
        if is_quiet(alert.quiet, now.astimezone(ZoneInfo(timezone))):
            return True
        began = int(day_began(now, timezone).timestamp())
        outbox = self._state.outbox
        return outbox.alert_waits(place) or outbox.alerts_since(place, began) >= MOST_A_DAY

    def _look(
        self, alert: Alert, arrived: Sequence[tuple[int, str]], until: int, local: datetime
    ) -> _Look | None:
        """What a look at an alert gives, None where nothing has come in and no day has passed since the last."""
        ahead = alert.since - int(local.timestamp())
        if until <= alert.since and ahead <= _ON_ITS_WAY:
            return None
        # One that was looked at while the clock was ahead begins anew.
        reports = [report for moment, report in arrived if moment > alert.since]
        day = datetime.fromtimestamp(alert.since, local.tzinfo).date()
        if not reports and ahead <= 0 and (alert.watch == "reports" or day == local.date()):
            return None
        try:
            news, verdict = self._finder.look(alert, reports, local.date())
        except StorageError:
            raise  # the disk's fault: the next run looks again
        except Exception as error:  # noqa: BLE001  # whatever one raises, the others are looked at
            _log.error("Alert %s cannot be looked at (%s).", alert.id, type(error).__name__, exc_info=error)
            news, verdict = None, alert.verdict
        return _Look(alert, news, until, verdict)

    def _keep(
        self, place: Place, held: list[Alert], looks: Sequence[_Look], message: Message | None, now: int
    ) -> bool:
        """Writes what was looked at with its message in one transaction; returns whether there is one.

        Nothing where an alert of the place was made, ended or looked at meanwhile: the next run looks again.
        """
        with self._state.transaction():
            self._fence.check()
            if self._state.alerts.of_place(place) != held:
                return False
            if message is not None:
                delivery = f"alert:{place.chat_id}.{place.thread_id}.{now}"
                self._state.outbox.put(delivery, place, [dump(message)], now, silent=False)
            for look in looks:
                self._state.alerts.looked(look.alert.id, look.until, look.verdict)
        return message is not None
