"""The periodic jobs of the running bot, by name: what each does, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.app import App
from bot.digests.due import DigestsAhead, DueDigests
from bot.intake.sources.due import DueSources
from bot.outbox.fence import Fence
from bot.outbox.sender import Sender
from bot.outbox.worker import Job, Worker
from bot.state.upkeep import back_up_daily

if TYPE_CHECKING:
    from bot.rewriting.ahead import RetellingsAhead

_DUE_SECONDS, _SOURCES_SECONDS, _TOPICS_SECONDS, _BACKUP_SECONDS = 15, 5, 2, 900


def build_worker(
    app: App,
    username: str | None,
    clock: Callable[[], datetime],
    fence: Fence,
    sender: Sender,
    sources: DueSources,
    ahead: RetellingsAhead | None,
    late: Callable[[], bool],
) -> Worker:
    """Return the worker that sends unasked: due digests, alerts and recaps, and the rest of the outbox.

    Digests and alerts wait while this machine is `late` with what another one took in.
    """
    state = app.state
    digests = DueDigests(state, app.digests(username), fence)
    recaps = app.recaps(username)
    alerts = app.alerts(username, fence)

    def with_news(queue: Callable[[datetime], int]) -> Callable[[datetime], int]:
        return lambda now: 0 if state.shared and late() else queue(now)

    def interrupt() -> None:
        digests.stop()
        app.upkeep.stop()

    jobs: tuple[Job, ...] = (
        # First: whoever comes after it reads the library.
        Job("library", app.upkeep.mend, _TOPICS_SECONDS),
        Job("digests", with_news(digests.queue), _DUE_SECONDS, at_clock_change=True),
        Job("alerts", with_news(alerts.queue), _DUE_SECONDS, at_clock_change=True),
        Job("recaps", recaps.tick, _DUE_SECONDS, at_clock_change=True),
        Job("sources", sources.start_due, _SOURCES_SECONDS, at_clock_change=True),
        Job("topics", lambda _: app.refresh_topics(), _TOPICS_SECONDS),
        Job("backup", partial(back_up_daily, app.settings, state), _BACKUP_SECONDS),
    )
    if ahead:
        jobs += (Job("retellings", ahead.tick, ahead.seconds),)
    return Worker(sender, fence, clock, jobs, interrupt)


def retellings_ahead(app: App, username: str | None) -> RetellingsAhead | None:
    """Return the job that has a language model retell what is due next; None without a model."""
    if app.rewriter is None:
        return None
    # Imported here: it brings in everything that talks to a model.
    from bot.rewriting.ahead import RetellingsAhead

    upcoming = (DigestsAhead(app.state, app.digests(username)), app.recaps(username).ahead)
    return RetellingsAhead(app.rewriter, asyncio.get_running_loop(), upcoming)
