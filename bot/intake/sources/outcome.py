"""What a check changes of a source: its address, its validators, its health, its next check. Pure.

moved for good, three times the same way?  -> the new address is its own
410?                                       -> retired
answered, changed or not                   -> its rhythm decides
failed                                     -> twice as long as before, or as long as its server asks
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.intake.fetch.addresses import NotFetched
from bot.intake.fetch.client import Answer, Validators
from bot.intake.sources.rhythm import LOCAL, next_check, next_try, spacing_of
from bot.models import Problem
from bot.state.sources import Source

MOVES: Final = 3
"""Equal permanent redirects in a row after which a source has moved: one alone is often a mistake of a server."""

GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Read:
    """What a source held when it was read: marks of its items, moments of its posts, its own title.

    `added` counts the reports that are new in the library, `changed` those that took the place of an earlier one.
    """

    seen: frozenset[str] = frozenset()
    posts: tuple[int, ...] = ()
    title: str = ""
    added: int = 0
    changed: int = 0
    problem: Problem | None = None


def unchanged(source: Source, answer: Answer, now: int, share: float) -> Source:
    """A source whose server says that nothing is new."""
    return _checked(_moved(source, answer), answer, now, source.spacing, share)


def read(source: Source, answer: Answer, held: Read, now: int, share: float) -> Source:
    """A source that was read; an item that could not be taken in is named, and is no failure of the source."""
    spacing = spacing_of(held.posts, answer.max_age)
    checked = _checked(_moved(source, answer), answer, now, spacing, share)
    return replace(
        checked,
        seen=held.seen,
        title=source.title or held.title,
        reports=source.reports + held.added,
        problem=held.problem,
    )


def looked_into(source: Source, held: Read, now: int) -> Source:
    """A folder that was looked into."""
    return replace(
        source,
        seen=held.seen,
        reports=source.reports + held.added,
        checked=now,
        succeeded=now,
        failures=0,
        problem=held.problem,
        spacing=LOCAL,
        next_check=now + LOCAL,
    )


def failed(source: Source, error: NotFetched, now: int, share: float) -> Source:
    """A source from which nothing could be had."""
    failures = source.failures + 1
    return replace(
        source,
        state="retired" if error.status == GONE else source.state,
        checked=now,
        failures=failures,
        problem=error.problem,
        next_check=next_try(now, source.spacing, failures, error.retry_after, share),
    )


def known_to_server(source: Source) -> Validators:
    """What is told to the server of a source, so that it need not send what has not changed."""
    return Validators(source.etag, source.last_modified)


def _checked(source: Source, answer: Answer, now: int, spacing: int, share: float) -> Source:
    validators = answer.validators
    # An answer that nothing has changed may leave out what it was told.
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
