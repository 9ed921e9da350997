"""Digests computed after the fact, one per day of publication, for readers outside of chats. Data only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from bot.digests.candidate import Window
from bot.digests.compose import DigestBriefer, DigestRequest
from bot.digests.digest import Digest
from bot.library.library import Library
from bot.models import Language

_MOST_DAYS = 120
"""Days with reports that are read at most, the newest ones."""


class Issue(Struct, frozen=True):
    """The digest of the reports published on one day."""

    day: date
    digest: Digest


def issues(
    library: Library,
    briefer: DigestBriefer,
    queries: Sequence[str],
    language: Language,
    last: date,
) -> list[Issue]:
    """Return the digests of the days up to `last` with news on `queries`, newest first, without repeats.

    A report counts on its day of publication, so the same library always gives the same digests; undated
    reports are in none.
    """
    published = [(day, report) for day, report in library.published_since(date.min) if day <= last]
    days = [
        (day, frozenset(report for _, report in own)) for day, own in groupby(published, lambda row: row[0])
    ]
    run, delivered, later = briefer.new_run(), frozenset[str](), frozenset(report for _, report in published)
    made = []
    for day, reports in days[-_MOST_DAYS:]:
        later -= reports
        request = DigestRequest(tuple(queries), language, Window(reports, later), backlog=False)
        composed = run.compose(request, delivered, 0)
        if composed.digest is not None:
            delivered |= set(composed.sentence_ids)
            made.append(Issue(day, composed.digest))
    return made[::-1]
