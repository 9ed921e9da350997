"""Checks one source: fetches it, ingests what is new, and records what that changes about the source.

feed:   conditional request -> entries -> those that are new or changed -> ingest
page:   robots.txt -> conditional request -> the page -> ingest
folder: files that are new or changed -> ingest

A crash in between loses nothing: the source is recorded last, and reports that were ingested already are then found
unchanged.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path

from msgspec import Struct
from msgspec.structs import astuple, replace

from bot.intake.fetch.addresses import NotFetched
from bot.intake.fetch.client import Answer, Fetcher
from bot.intake.fetch.robots import Robots
from bot.intake.formats.feed import Entry, as_lines, plain
from bot.intake.ingest import Ingest, no_siblings
from bot.intake.reading import files_in
from bot.intake.sources import outcome
from bot.intake.sources.outcome import ReadResult
from bot.intake.sources.page import items_file, page_file
from bot.intake.storing import Ingested
from bot.sqlite.errors import StorageError
from bot.state.sources import Source
from bot.state.state import State
from bot.text.unreadable import Unreadable

_log = logging.getLogger(__name__)


def mark_of(entry: Entry) -> str:
    """Return a mark that changes with any field of an entry."""
    parts = json.dumps(astuple(entry))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def moments_of(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the UTC seconds at which entries were posted, as far as they say; used for the rhythm of checks only."""
    moments = (_moment(entry.published) for entry in entries)
    return tuple(moment for moment in moments if moment is not None)


def _moment(text: str) -> int | None:
    try:
        if (parts := parsedate_tz(text)) is not None:
            return mktime_tz(parts)
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


class Checked(Struct, frozen=True):
    """Result of a check: the source as it is now, and how many reports are new or changed."""

    source: Source
    added: int = 0
    changed: int = 0


class Check:
    """Checker of sources. Fetches in parallel, but ingests one source at a time, since the library has one writer."""

    def __init__(
        self,
        fetcher: Fetcher,
        ingest: Ingest,
        state: State,
        share: Callable[[], float],
    ) -> None:
        """`share` returns numbers from 0 to 1, which spread the checks over time."""
        self._fetcher = fetcher
        self._robots = Robots(fetcher)
        self._ingest = ingest
        self._state = state
        self._share = share
        self._turn = threading.Lock()

    async def run(self, source: Source, now: int) -> Checked:
        """Check a source at `now`, a UTC second, and record the outcome. A failure is recorded in the source.

        Raises StorageError if the outcome or a report cannot be stored.
        """
        try:
            return await self._run(source, now)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a source raises, it must not be due again at once
            unexpected = NotFetched("unexpected", type(error).__name__)
            _log.exception("The check of %s failed.", source.address)
            return self._recorded(outcome.failed(source, unexpected, now, self._share()), ReadResult())

    async def _run(self, source: Source, now: int) -> Checked:
        if source.kind == "folder":
            return await asyncio.to_thread(self._folder, source, now)
        try:
            if source.kind == "page":
                await self._robots.check(source.address)
            answer = await self._fetcher.fetch(source.address, outcome.validators_of(source))
        except NotFetched as error:
            return await asyncio.to_thread(
                self._recorded, outcome.failed(source, error, now, self._share()), ReadResult()
            )
        return await asyncio.to_thread(self._read, source, answer, now)

    def _read(self, source: Source, answer: Answer, now: int) -> Checked:
        if answer.unchanged:
            return self._recorded(outcome.unchanged(source, answer, now, self._share()), ReadResult())
        take = self._page if source.kind == "page" else self._feed
        try:
            result = take(source, answer, now)
        except Unreadable as error:
            failed = NotFetched(error.problem.name, *error.problem.values)
            return self._recorded(outcome.failed(source, failed, now, self._share()), ReadResult())
        return self._recorded(outcome.read(source, answer, result, now, self._share()), result)

    def _recorded(self, source: Source, result: ReadResult) -> Checked:
        self._state.sources.record(source)
        return Checked(source, result.added, result.changed)

    # -- kinds of sources ------------------------------------------------------------------------------

    def _feed(self, source: Source, answer: Answer, now: int) -> ReadResult:
        feed = self._ingest.feed(answer.body, answer.charset)
        marks = {mark_of(entry): entry for entry in feed.entries}
        fresh = [entry for mark, entry in marks.items() if mark not in source.seen]
        name = source.title or plain(feed.title)
        ingested: list[Ingested] = []
        if fresh:
            # A post that is corrected, and after a crash is again as it was, must not count as seen.
            self._state.sources.record(replace(source, seen=source.seen.intersection(marks)))
            lines = as_lines(reversed(fresh), source.id, name, feed.home or answer.url)
            ingested = self._ingested(items_file(source.address), lines, now)
        return _reading(ingested, frozenset(marks), moments_of(feed.entries), name)

    def _page(self, source: Source, answer: Answer, now: int) -> ReadResult:
        mark = hashlib.sha256(answer.body).hexdigest()[:12]
        if mark in source.seen:
            return ReadResult(source.seen)
        ingested = self._ingested(*page_file(answer), now)
        return _reading(ingested, frozenset({mark}), (), next((one.title for one in ingested), ""))

    def _folder(self, source: Source, now: int) -> Checked:
        marks = {_file_mark(path): path for path in files_in(Path(source.address)) if path.is_file()}
        fresh = [path for mark, path in marks.items() if mark not in source.seen]
        with self._turn:
            ingested = list(self._ingest.paths(fresh, now)) if fresh else []
        result = _reading(ingested, frozenset(marks), (), "")
        return self._recorded(outcome.folder_read(source, result, now), result)

    def _ingested(self, name: str, raw: bytes, now: int) -> list[Ingested]:
        with self._turn:
            return list(self._ingest.content(name, raw, now, no_siblings))


def _reading(
    ingested: Iterable[Ingested], seen: frozenset[str], posts: tuple[int, ...], title: str
) -> ReadResult:
    done = list(ingested)
    if any(one.error and one.error.name == "cannot_keep" for one in done):
        raise StorageError("The disk takes no more files.")
    return ReadResult(
        seen,
        posts,
        title,
        added=sum(one.status == "added" for one in done),
        changed=sum(one.status == "replaced" for one in done),
        known=sum(one.status == "unchanged" for one in done),
        problem=next((one.error for one in done if one.error), None),
    )


def _file_mark(path: Path) -> str:
    """Return a mark that changes with a file's path, modification time or size."""
    about = path.stat()
    mark = f"{path}\0{about.st_mtime_ns}\0{about.st_size}"
    return hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()[:12]
