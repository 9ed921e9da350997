"""Ingests what other machines with the same state have ingested. Writes only this machine's library and files.

every two seconds:
    list the reports that changed up to the newest version of the last look   # this machine has stored its own by then
    the library holds that version?     -> nothing to do
    the report was removed?             -> remove it from the library, and its files from the disk
    else read its originals again, store them, record the version             # after a crash: read once more
    an original that fails is recorded as missing, with the reason; it is tried again after the next start
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.intake.originals import OriginalFiles
from bot.intake.rereading import Rereading
from bot.intake.storing import Ingested, ParsedDocument, Storing
from bot.library.library import Library
from bot.logs import Trouble
from bot.sqlite.errors import StorageError
from bot.state.originals import Change
from bot.state.state import State

if TYPE_CHECKING:
    from bot.intake.readers import Parser

_log = logging.getLogger(__name__)

_EVERY_SECONDS, _AT_ONCE = 2.0, 50
_LATE_SECONDS = 20.0
"""Seconds behind from which on the library is late: below digests.news._ON_ITS_WAY, by which digests look back."""


class _Stopped(Exception):
    """The process is stopping; the step under way is incomplete."""


class PeerFollower:
    """Follower that keeps the library in step with the state. One per process, used by one thread at a time."""

    def __init__(
        self,
        library: Library,
        state: State,
        storing: Storing,
        files: OriginalFiles,
        parser: Parser,
        monotonic: Callable[[], float],
    ) -> None:
        self._library = library
        self._state = state
        self._storing = storing
        self._files = files
        self._parser = parser
        self._monotonic = monotonic
        self._done = 0
        self._newest, self._noted = 0, 0.0
        self._current = -math.inf
        self._begun = False
        self._stopping = threading.Event()

    @asynccontextmanager
    async def running(self, clock: Callable[[], datetime]) -> AsyncIterator[None]:
        """Run a step every two seconds, in a thread; on exit, a step under way ends after its current document."""
        task = asyncio.create_task(self._run(clock))
        try:
            yield
        finally:
            self._stopping.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def late(self) -> bool:
        """Return whether the library may be over 20 seconds behind the state, nearly as long as digests look back."""
        return self._monotonic() - self._current > _LATE_SECONDS

    def step(self, now: int) -> bool:
        """Follow the next changes, at most 50; return whether more are left.

        `now` is a UTC second. Raises StorageError.
        """
        if not self._begun:
            self._begin()
        (until, noted), (self._newest, self._noted) = (self._newest, self._noted), self._look()
        changes = self._state.originals.changes(self._done, until, _AT_ONCE)
        held = self._library.versions_of(change.report_id for change in changes)
        wanted = [change for change in changes if held.get(change.report_id) != change.version]
        try:
            if wanted:
                self._take(wanted, now)
        except _Stopped:
            return False
        full = len(changes) == _AT_ONCE
        if full:
            self._done = changes[-1].version
        else:
            self._done, self._current = until, noted
        return full

    async def _run(self, clock: Callable[[], datetime]) -> None:
        trouble = Trouble(
            _log, "What other machines took in is not here", "What other machines took in is here"
        )
        while True:
            more = False
            try:
                more = await asyncio.to_thread(self.step, int(clock().timestamp()))
                trouble.clear()
            except (StorageError, OSError) as error:
                trouble.report(error)
            if not more:
                await asyncio.sleep(_EVERY_SECONDS)

    def _look(self) -> tuple[int, float]:
        """Return the newest version in the state, and a monotonic time before it was read."""
        now = self._monotonic()
        return self._state.originals.newest_version(), now

    def _begin(self) -> None:
        """Give the other machines the files kept here that they lack."""
        for digest in self._state.originals.unshared_files():
            if self._files.share(digest):
                self._state.originals.renew_versions(digest)
        self._newest, self._noted = self._look()
        self._begun = True

    def _take(self, changes: Sequence[Change], now: int) -> None:
        """Update these reports in the library from the state's present records, which may be newer than `changes`."""
        originals, whole = [], {}
        for change in changes:
            if own := self._state.originals.of_report(change.report_id):
                originals.extend(own)
                whole[change.report_id] = change.version
            else:
                self._take_out(change)
        again = Rereading(
            originals,
            self._state.originals,
            self._library,
            self._files,
            self._parser,
            self._state.originals.digest,
        )
        stored: set[tuple[str, str]] = set()
        documents = self._unless_stopped(again.documents(datetime.fromtimestamp(now, UTC).date()))
        for outcome in self._storing.store(documents, now):
            if outcome.status != "failed":
                stored.add((outcome.id, outcome.language))
            elif outcome.id and outcome.error:
                again.blame(outcome.id, outcome.language, outcome.error)
        for original, problem in again.missing(stored):
            whole.pop(original.report_id, None)
            self._library.put_missing(original.report_id, original.language, original.name, problem)
            _log.warning(
                "%s (report %s), taken in by another machine, could not be taken in here: %s.",
                *(original.name, original.report_id, problem.name),
            )
        self._library.put_versions(whole)
        _log.info("%d reports of other machines are here now.", len(whole))

    def _unless_stopped(
        self, documents: Iterator[ParsedDocument | Ingested]
    ) -> Iterator[ParsedDocument | Ingested]:
        for document in documents:
            if self._stopping.is_set():
                raise _Stopped
            yield document

    def _take_out(self, change: Change) -> None:
        if self._library.reports([change.report_id]):
            self._library.remove(change.report_id)
        for digest in change.gone:
            if digest not in self._state.originals.files():
                self._files.path(digest).unlink(missing_ok=True)
