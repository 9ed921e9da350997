"""Queues due alerts: checks each against what came in since its last check, and commits message and check together.

    every 15 seconds, at `now`, for each place that has alerts:
        in quiet hours, after five messages today, or with one still in the outbox:  skip the place       (hours)
        find new reports that match everything an alert asks for                                          (matches)
        find verdicts that differ from the last one seen, with reports that support them         (verdict_evidence)
        in one transaction: one message for all of it to the outbox, and the checks recorded

What a skipped place misses is not lost: the next check covers it, in one message with what came later. So a run may
come late, twice or after days, and two concurrent runs queue one message.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.alerts.hours import MOST_A_DAY, day_began, is_quiet
from bot.alerts.matches import Matches
from bot.alerts.message import News, alert_message
from bot.alerts.verdict_evidence import VerdictEvidence
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import understand
from bot.messages import Message, Place
from bot.outbox.fence import Fence
from bot.outbox.payload import dump
from bot.rendering.renderer import Renderer
from bot.sqlite.errors import StorageError
from bot.state.alerts import Alert
from bot.state.state import State
from bot.text.segment import Segmenter
from bot.trends.query_verdict import subject_to_judge, verdict_on_subject
from bot.trends.verdict import Span, VerdictName

_log = logging.getLogger(__name__)

# Arrivals of the last seconds may still be incomplete.
_SETTLED = 10
# A report is recorded before the library holds it; one that is still missing after this long was not taken in.
_ON_ITS_WAY = 600
_RISES: frozenset[VerdictName] = frozenset({"new", "rising"})


class _Look(Struct, frozen=True):
    """Result of checking one alert: its news, None for none, and what to record: checked `until`, with which verdict."""

    alert: Alert
    news: News | None
    until: int
    verdict: str


class AlertFinder:
    """Read-only check of alerts against the library."""

    def __init__(
        self,
        library: Library,
        matches: Matches,
        evidence: VerdictEvidence,
        glossary: Glossary,
        segmenter: Segmenter,
    ) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._matches = matches
        self._evidence = evidence

    def arrived(self, arrivals: Sequence[tuple[int, str]], now: int) -> tuple[list[tuple[int, str]], int]:
        """Return the arrivals (second, report) that can be checked, and the second up to which they are complete.

        Complete means before the first recent arrival that the library does not hold yet.
        """
        known_reports = self._library.reports(report for _, report in arrivals)
        until = min(
            [
                now - _SETTLED,
                *(
                    moment - 1
                    for moment, report in arrivals
                    if report not in known_reports and now - moment < _ON_ITS_WAY
                ),
            ]
        )
        return [
            (moment, report) for moment, report in arrivals if moment <= until and report in known_reports
        ], until

    def look(self, alert: Alert, reports: Sequence[str], today: date) -> tuple[News | None, str]:
        """Return the news of an alert from new reports, None for none, and its verdict ("" where it has none)."""
        query = understand(alert.query, self._glossary, self._segmenter)
        if alert.watch == "reports":
            matches = self._matches.among(query, reports, alert.language) if reports else []
            return (News(alert, matches=tuple(matches)) if matches else None), ""
        subject = subject_to_judge(query, self._library, self._glossary.topics)
        if subject is None:
            return None, ""
        verdict = verdict_on_subject(self._library, subject, today)
        if not _is_awaited(alert, verdict.name):
            return None, verdict.name
        span = Span(verdict.window[1] if verdict.window else today)
        return News(alert, tuple(self._evidence.on(subject, alert.language, span)), verdict), verdict.name


def _is_awaited(alert: Alert, verdict: VerdictName) -> bool:
    """Return whether the alert waits for this verdict and it differs from the last one seen; new counts as rising."""
    if verdict in {alert.verdict, "too_little"}:
        return False
    if alert.watch == "rising":
        return verdict in _RISES and alert.verdict not in _RISES
    return alert.watch in {"change", verdict}


class DueAlerts:
    """Queue of due alerts. `timezone` applies to chats that have not set one."""

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
        """Queue the alerts due at `now` (aware); return the number of messages. Raises StorageError and LeaseLost."""
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
        self, place: Place, alerts: list[Alert], arrived: Sequence[tuple[int, str]], until: int, now: datetime
    ) -> bool:
        timezone = self._state.chats.timezone(place.chat_id) or self._timezone
        if self._holds_back(place, alerts[0], timezone, now):
            return False
        local = now.astimezone(ZoneInfo(timezone))
        looks = [look for alert in alerts if (look := self._look(alert, arrived, until, local)) is not None]
        news = [look.news for look in looks if look.news is not None]
        message = alert_message(self._renderer, news, self._username) if news else None
        return bool(looks) and self._keep(place, alerts, looks, message, int(now.timestamp()))

    def _holds_back(self, place: Place, alert: Alert, timezone: str, now: datetime) -> bool:
        """Return whether a place gets nothing at the moment; `alert` is any of its alerts."""
        if is_quiet(alert.quiet, now.astimezone(ZoneInfo(timezone))):
            return True
        began = int(day_began(now, timezone).timestamp())
        outbox = self._state.outbox
        return outbox.alert_waits(place) or outbox.alerts_since(place, began) >= MOST_A_DAY

    def _look(
        self, alert: Alert, arrived: Sequence[tuple[int, str]], until: int, local: datetime
    ) -> _Look | None:
        """Return the result of checking an alert; None where nothing came in and no day has passed since the last check."""
        ahead = alert.since - int(local.timestamp())
        if until <= alert.since and ahead <= _ON_ITS_WAY:
            return None
        # An alert checked while the clock was ahead starts again from the present.
        reports = [report for moment, report in arrived if moment > alert.since]
        day = datetime.fromtimestamp(alert.since, local.tzinfo).date()
        if not reports and ahead <= 0 and (alert.watch == "reports" or day == local.date()):
            return None
        try:
            news, verdict = self._finder.look(alert, reports, local.date())
        except StorageError:
            raise  # the disk's fault: the next run checks again
        except Exception as error:  # noqa: BLE001  # whatever one raises, the others are looked at
            _log.error("Alert %s cannot be looked at (%s).", alert.id, type(error).__name__, exc_info=error)
            news, verdict = None, alert.verdict
        return _Look(alert, news, until, verdict)

    def _keep(
        self, place: Place, alerts: list[Alert], looks: Sequence[_Look], message: Message | None, now: int
    ) -> bool:
        """Commit the checks and their message in one transaction; return whether a message was queued.

        Writes nothing if an alert of the place was created, removed or checked meanwhile: the next run checks again.
        """
        with self._state.transaction():
            self._fence.check()
            if self._state.alerts.of_place(place) != alerts:
                return False
            if message is not None:
                delivery = f"alert:{place.chat_id}.{place.thread_id}.{now}"
                self._state.outbox.put(delivery, place, [dump(message)], now, silent=False)
            for look in looks:
                self._state.alerts.record_check(look.alert.id, look.until, look.verdict)
        return message is not None
