"""Decides what a check changes about a source: its address, validators, health and next check. Pure.

permanent redirect, three times the same?  -> the new address replaces the old one
410?                                       -> retired
response, changed or not                   -> the next check follows from its rhythm
failure                                    -> twice the wait for each failure in a row, or as long as its server asks

The rhythm is half the shortest time between two posts, so that none is missed in a feed that holds only its newest ones;
at least ten minutes, at most a day. All times and intervals are in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bot.intake.fetch.addresses import NotFetched
from bot.intake.fetch.client import Answer, Validators
from bot.models import Problem
from bot.state.sources import Source

SHORTEST: Final = 600
LONGEST: Final = 86_400
USUAL: Final = 3_600
"""Interval for a source whose posts show no rhythm."""

LOCAL: Final = 60
"""Interval for a folder of this machine."""

JITTER: Final = 0.1
"""Share by which a check may come earlier or later, so that many sources are not checked at once."""

_NEWEST: Final = 30
# Posts published together, such as a night's backlog, show no rhythm.
_TOGETHER: Final = 60


MOVES: Final = 3
"""Equal permanent redirects in a row after which a source has moved: a single one is often a server's mistake."""

GONE: Final = 410


def spacing_of(posts: Iterable[int], max_age: int = 0) -> int:
    """Return the seconds between two checks of a source whose posts came out at `posts`, in UTC seconds.

    `max_age` is the seconds for which its server promises nothing newer.
    """
    newest = sorted(set(posts), reverse=True)[:_NEWEST]
    gaps = [later - earlier for later, earlier in pairwise(newest) if later - earlier >= _TOGETHER]
    spacing = min(gaps) // 2 if gaps else USUAL
    return _bounded(max(spacing, max_age))


def next_check(now: int, spacing: int, share: float) -> int:
    """Return the time of the next check after a successful one; `share`, from 0 to 1, places it within the jitter."""
    return now + round(spacing * (1 + JITTER * (2 * share - 1)))


def next_try(now: int, spacing: int, failures: int, asked: int | None, share: float) -> int:
    """Return the time of the next check after `failures` in a row: the wait doubles with each, up to a day.

    It is never earlier than the server asked; `asked` is in seconds, None if the server did not say.
    """
    wait = _bounded(max(spacing, SHORTEST) * 2 ** min(failures, 10))
    return max(next_check(now, wait, share), now + (asked or 0))


def _bounded(seconds: int) -> int:
    return max(SHORTEST, min(seconds, LONGEST))


class ReadResult(Struct, frozen=True):
    """Result of reading a source: marks of its items, UTC seconds of its posts, its own title.

    `added` counts the reports that are new in the library, `changed` those that replaced an earlier one, `known` those
    that were there already. `problem` is the first error of an item, None if there was none.
    """

    seen: frozenset[str] = frozenset()
    posts: tuple[int, ...] = ()
    title: str = ""
    added: int = 0
    changed: int = 0
    known: int = 0
    problem: Problem | None = None


def unchanged(source: Source, answer: Answer, now: int, share: float) -> Source:
    """Return the source after a response that nothing has changed."""
    return _checked(_moved(source, answer), answer, now, source.spacing, share)


def read(source: Source, answer: Answer, result: ReadResult, now: int, share: float) -> Source:
    """Return the source after it was read. An item that could not be ingested sets `problem`, but is no failure."""
    spacing = spacing_of(result.posts, answer.max_age)
    checked = _checked(_moved(source, answer), answer, now, spacing, share)
    return replace(
        checked,
        seen=result.seen,
        title=source.title or result.title,
        reports=_reports(source, result),
        problem=result.problem,
    )


def folder_read(source: Source, result: ReadResult, now: int) -> Source:
    """Return the folder after its files were read."""
    return replace(
        source,
        seen=result.seen,
        reports=_reports(source, result),
        checked=now,
        succeeded=now,
        failures=0,
        problem=result.problem,
        spacing=LOCAL,
        next_check=now + LOCAL,
    )


def _reports(source: Source, result: ReadResult) -> int:
    """Return how many reports came from a source; one that was removed and added again has its earlier ones too."""
    first = not source.succeeded
    return source.reports + result.added + (result.changed + result.known if first else 0)


def failed(source: Source, error: NotFetched, now: int, share: float) -> Source:
    """Return the source after a failed check; a 410 retires it."""
    failures = source.failures + 1
    return replace(
        source,
        state="retired" if error.status == GONE else source.state,
        checked=now,
        failures=failures,
        problem=error.problem,
        next_check=next_try(now, source.spacing, failures, error.retry_after, share),
    )


def validators_of(source: Source) -> Validators:
    """Return the validators for a conditional request to the source's server."""
    return Validators(source.etag, source.last_modified)


def _checked(source: Source, answer: Answer, now: int, spacing: int, share: float) -> Source:
    validators = answer.validators
    # A 304 response may leave out the validators.
    kept = answer.unchanged
    return replace(
        source,
        etag=validators.etag or (source.etag if kept else ""),
        last_modified=validators.last_modified or (source.last_modified if kept else ""),
        checked=now,
        succeeded=now,
        failures=0,
        problem=None,
        spacing=spacing,
        next_check=next_check(now, max(spacing, answer.max_age), share),
    )


def _moved(source: Source, answer: Answer) -> Source:
    if not answer.moved_to:
        return replace(source, moved_to="", moves=0)
    moves = source.moves + 1 if answer.moved_to == source.moved_to else 1
    if moves >= MOVES and not source.address.startswith("rsshub:"):
        return replace(source, address=answer.moved_to, moved_to="", moves=0)
    return replace(source, moved_to=answer.moved_to, moves=moves)
