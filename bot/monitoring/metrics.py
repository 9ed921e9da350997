"""Answers /metrics for Prometheus: what the databases hold now, and what the process has done since it started.

Needs prometheus-client (the extra `metrics`). Names follow its guide: base units, `_total` for counters. Every label
value comes from a set fixed in code, so that no chat, person or word can appear in one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot import __version__
from bot.app import App
from bot.digests.due import due_at
from bot.inbound.webhook import Webhook
from bot.outbox.retry_policy import OUTCOMES
from bot.state.heartbeats import RECEIVED
from bot.state.outbox import WAITING
from bot.state.upkeep import last_backup
from bot.telemetry import BOUNDS, Durations, Telemetry

_FILES = ("state.db", "state.db-wal", "library.db", "library.db-wal")


class Metrics(Collector):
    """Prometheus collector of a running bot."""

    def __init__(
        self,
        app: App,
        telemetry: Telemetry,
        clock: Callable[[], datetime],
        webhook: Webhook | None,
    ) -> None:
        """`webhook` is None where updates are polled."""
        self._app = app
        self._telemetry = telemetry
        self._clock = clock
        self._webhook = webhook
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._registry.register(self)

    async def answer(self, _: web.Request) -> web.Response:
        """Return every metric in Prometheus's text format. Reads the databases in a thread."""
        body = await asyncio.to_thread(generate_latest, self._registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering the collector reads no database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield every metric with its current value."""
        now = self._clock()
        yield InfoMetricFamily("trendbot", "The version that runs.", {"version": __version__})
        yield from self._updates(now)
        yield from self._outbox(now)
        yield from self._work()
        yield from self._library(now)
        yield from self._files(now)

    def _updates(self, now: datetime) -> Iterator[Metric]:
        heard = self._app.state.heartbeats.last(RECEIVED)
        # A webhook brings nothing while nobody writes.
        if self._webhook is None and heard is not None:
            yield _gauge(
                "trendbot_heard_age_seconds", "Since Telegram last answered a poll.", now.timestamp() - heard
            )
        undelivered = self._webhook.undelivered if self._webhook else 0
        if undelivered is not None:
            yield _gauge(
                "trendbot_webhook_undelivered_updates",
                "Updates that Telegram could not deliver, asked every five minutes; 0 where they are polled.",
                undelivered,
            )
        yield _by_label(
            "trendbot_inbox_updates",
            "Updates by state; failed and poison ones of the last week.",
            "state",
            _all_of(self._app.state.inbox.counts(), ("new", "failed", "poison")),
        )

    def _outbox(self, now: datetime) -> Iterator[Metric]:
        outbox = self._app.state.outbox
        yield _by_label(
            "trendbot_outbox_messages",
            "Messages by state; sent ones of the last week.",
            "state",
            _all_of(outbox.counts(), (*WAITING, "sent", "dead", "closed")),
        )
        oldest = outbox.oldest()
        yield _gauge(
            "trendbot_outbox_oldest_seconds",
            "How long the oldest message waits to be sent.",
            max(0.0, now.timestamp() - oldest) if oldest is not None else 0.0,
        )
        yield _gauge("trendbot_subscriptions", "Subscriptions.", self._app.state.subscriptions.count())
        due, _ = due_at(now, self._app.state)
        yield _gauge("trendbot_digests_due", "Digests that are due and not yet made.", len(due))

    def _work(self) -> Iterator[Metric]:
        telemetry = self._telemetry
        answers = HistogramMetricFamily(
            "trendbot_answer_seconds", "From an update to its answer, by kind of question.", labels=("kind",)
        )
        for kind, durations in sorted(telemetry.answers.items()):
            answers.add_metric((kind,), *_histogram(durations))
        yield answers
        for name, text, label, counts in (
            ("trendbot_failures", "Updates that failed, by kind of question.", "kind", telemetry.failures),
            (
                "trendbot_sends",
                "Attempts to send, by what came of them.",
                "outcome",
                _all_of(telemetry.sends, OUTCOMES),
            ),
        ):
            family = CounterMetricFamily(name, text, labels=(label,))
            for value, count in sorted(counts.items()):
                family.add_metric((value,), count)
            yield family
        yield CounterMetricFamily(
            "trendbot_flood_refusals", "Sends that Telegram refused as too many.", telemetry.floods
        )
        yield CounterMetricFamily(
            "trendbot_flood_wait_seconds",
            "Seconds that Telegram asked to be left alone.",
            telemetry.flood_seconds,
        )

    def _library(self, now: datetime) -> Iterator[Metric]:
        coverage = self._app.library.coverage()
        yield _gauge("trendbot_library_reports", "Reports in the library.", coverage.reports)
        yield _gauge(
            "trendbot_library_passages",
            "Passages in the library.",
            self._app.library.topic_counts().get("", 0),
        )
        if coverage.last is not None:
            newest = datetime.combine(coverage.last, time(), UTC)
            yield _gauge(
                "trendbot_library_newest_age_seconds",
                "Since the day of the newest report.",
                (now - newest).total_seconds(),
            )

    def _files(self, now: datetime) -> Iterator[Metric]:
        data = self._app.settings.data
        sizes = {name: _size(data / name) for name in _FILES}
        yield _by_label("trendbot_file_bytes", "Sizes of the databases and their logs.", "file", sizes)
        if (backup := last_backup(data)) is not None:
            age = (now - backup).total_seconds()
            yield _gauge("trendbot_backup_age_seconds", "Since the newest daily backup.", age)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _by_label(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family


def _all_of(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    """Return the count of each name, 0 included: a missing series leaves a gap in the chart."""
    return {name: counts.get(name, 0) for name in names}


def _histogram(durations: Durations) -> tuple[list[tuple[str, float]], float]:
    """Return the cumulative counts by upper bound, and the sum."""
    reached = 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), durations.counts, strict=True):
        reached += count
        buckets.append((bound, reached))
    return buckets, durations.total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
