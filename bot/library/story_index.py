"""Stories in library.db: the features by which reports are compared, and which reports tell of one event.

A report is compared once, when it comes in, with those of the days around it that share its features; it joins the
story of the most similar one, or stays alone. Nothing is compared again later, so no story falls apart while it is
being told.
"""

from __future__ import annotations

import math
import sqlite3
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest
from statistics import fmean
from typing import Final, NamedTuple

from msgspec import Struct

from bot.languages import is_written_in_han
from bot.library import stories
from bot.library.rows import Reader, chunks
from bot.library.stories import Likeness
from bot.models import IndexedEdition

_MOST_HOLDING: Final = 300
"""Maximum editions of the days around that are read for a feature: one that more of them have says little."""
_MOST_REPORTS: Final = 1_000
_CANDIDATES: Final = 24
_COMPARED: Final = 6
"""Maximum candidates that a report is tried with, and maximum reports of a story whose scores are averaged."""


class Story(Struct, frozen=True):
    """Reports of one event, the oldest first. Its id is that of the report that it began with."""

    id: str
    reports: tuple[str, ...]


class Joined(Struct, frozen=True):
    """Reason why a report is in a story: the most similar report, and how similar they are.

    The score is at least stories.LIKE, or stories.LIKE_ACROSS between languages.
    """

    report: str
    other: str
    score: float


class Stories(Reader):
    """Reader of the stories that reports belong to."""

    def stories_of(self, reports: Iterable[str]) -> dict[str, Story]:
        """Return the story of each of these reports, and of the others in those stories; omit reports that are alone."""
        known: dict[str, Story] = {}
        for chunk in chunks(list(dict.fromkeys(reports))):
            marks = ",".join("?" * len(chunk))
            rows = self._select(
                f"""SELECT m.story, m.report_id FROM story m JOIN report r ON r.id = m.report_id
                    WHERE m.story IN (SELECT story FROM story WHERE report_id IN ({marks}))
                    ORDER BY r.published, m.report_id""",  # noqa: S608  # question marks only
                chunk,
            )
            members: dict[str, list[str]] = defaultdict(list)
            for story, report in rows:
                members[story].append(report)
            for story, own in members.items():
                if len(own) > 1:
                    known.update((report, Story(story, tuple(own))) for report in own)
        return known

    def joined(self, reports: Iterable[str]) -> list[Joined]:
        """Return why each of these reports is in its story; omit the first report of a story, and reports in none."""
        rows = [
            self._select(
                "SELECT report_id, other, score FROM story WHERE report_id = ?", (report,)
            ).fetchone()
            for report in reports
        ]
        return [Joined(*row) for row in rows if row and row[1]]


def put_story(db: sqlite3.Connection, key: int, edition: IndexedEdition, day: int) -> None:
    """Store the features of an edition, and find the story of its report. `day` is ordinal, 0 if unknown.

    An undated report, or one without features, is in no story.
    """
    if not day or not edition.features:
        return
    features = _hashed(edition.features)
    near = _Near(db, features, day)
    _find_story(db, edition, near)
    db.executemany(
        "INSERT INTO story_feature VALUES (?, ?, ?, ?)",
        [(feature, day, key, one.in_title) for feature, one in features.items()],
    )
    row = (key, day, is_written_in_han(edition.document.language), near.norm, near.crossing)
    kept = array("q", sorted(features)).tobytes()
    db.execute("INSERT INTO story_edition VALUES (?, ?, ?, ?, ?, ?)", (*row, kept))


def delete_story_features(db: sqlite3.Connection, key: int) -> None:
    """Delete the features that put_story() stored for an edition; its report stays in its story."""
    row = db.execute("SELECT day, features FROM story_edition WHERE edition = ?", (key,)).fetchone()
    if row is None:
        return
    features = array("q", row[1])
    db.executemany(
        "DELETE FROM story_feature WHERE feature = ? AND day = ? AND edition = ?",
        ((feature, row[0], key) for feature in features),
    )
    db.execute("DELETE FROM story_edition WHERE edition = ?", (key,))


class _Feature(NamedTuple):
    in_title: bool
    crosses: bool
    named: bool


def _hashed(features: Mapping[str, bool]) -> dict[int, _Feature]:
    """Return the features by their hashes."""
    return {
        zlib.crc32(feature.encode("utf-8", "surrogatepass")): _Feature(
            in_title, stories.crosses_languages(feature), stories.is_named(feature)
        )
        for feature, in_title in features.items()
    }


class _Shared(Struct):
    """What a stored edition shares with the new one: sums of the products of their weights, and counts."""

    product: float = 0.0
    crossing: float = 0.0
    in_titles: int = 0
    features: int = 0
    named: int = 0


class _Near:
    """Editions of the days around a new one that share its features, which weigh by their rarity among those days."""

    def __init__(self, db: sqlite3.Connection, features: Mapping[int, _Feature], day: int) -> None:
        around = (day - stories.DAYS, day + stories.DAYS)
        (reports,) = db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM report WHERE published BETWEEN ? AND ? LIMIT ?)",
            (*around, _MOST_REPORTS),
        ).fetchone()
        self.shared: dict[int, _Shared] = defaultdict(_Shared)
        self.norm = self.crossing = 0.0
        for hashed, feature in features.items():
            rows = db.execute(
                "SELECT edition, in_title FROM story_feature WHERE feature = ? AND day BETWEEN ? AND ? LIMIT ?",
                (hashed, *around, _MOST_HOLDING),
            ).fetchall()
            square = stories.rarity(reports, len(rows) + 1) ** 2
            own = square * (stories.IN_TITLE if feature.in_title else 1.0)
            self.norm += own * (stories.IN_TITLE if feature.in_title else 1.0)
            self.crossing += square * feature.crosses
            for edition, in_title in rows:
                shared = self.shared[edition]
                shared.product += own * (stories.IN_TITLE if in_title else 1.0)
                shared.crossing += square * feature.crosses
                shared.in_titles += feature.in_title and in_title
                shared.features += 1
                shared.named += feature.crosses and feature.named
        self.norm = math.sqrt(self.norm)

    def most_alike(self) -> list[int]:
        """Return the keys of the editions that share the most, at least FEWEST features, the most similar first."""
        enough = [key for key, shared in self.shared.items() if shared.features >= stories.FEWEST]
        return nlargest(_CANDIDATES, enough, key=lambda key: self.shared[key].product)


class _Candidate(Struct, frozen=True):
    """A stored edition compared with the new one. `title` is "" unless both publishers are equal, or both unknown."""

    report: str
    story: str
    likeness: Likeness
    title: str


def _find_story(db: sqlite3.Connection, edition: IndexedEdition, near: _Near) -> None:
    """Put the report of a new edition into the story of the most similar report, if that is of the same event."""
    if db.execute("SELECT 1 FROM story WHERE report_id = ?", (edition.report_id,)).fetchone():
        return
    candidates = sorted(_candidates(db, edition, near), key=lambda one: (-one.likeness.score, one.report))
    for best in candidates[:_COMPARED]:
        scores = [c.likeness.score for c in candidates if c.story == best.story][:_COMPARED]
        series = best.title and stories.is_series(best.title, edition.document.title)
        if best.likeness.is_one_event and best.likeness.fits_story(fmean(scores)) and not series:
            db.execute("INSERT INTO story VALUES (?1, ?1, '', 0) ON CONFLICT DO NOTHING", (best.story,))
            row = (edition.report_id, best.story, best.report, best.likeness.score)
            db.execute("INSERT INTO story VALUES (?, ?, ?, ?)", row)
            return


def _candidates(db: sqlite3.Connection, edition: IndexedEdition, near: _Near) -> Iterator[_Candidate]:
    document = edition.document
    han = is_written_in_han(document.language)
    keys = near.most_alike()
    rows = db.execute(
        f"""SELECT s.edition, e.report_id, coalesce(m.story, e.report_id), e.publisher, e.title, s.han, s.norm,
                s.crossing
            FROM story_edition s JOIN edition e ON e.key = s.edition
            LEFT JOIN story m ON m.report_id = e.report_id
            WHERE e.report_id <> ? AND s.edition IN ({",".join("?" * len(keys))})""",  # noqa: S608  # question marks only
        (edition.report_id, *keys),
    )
    for key, report, story, publisher, title, other_han, norm, crossing in rows:
        shared, across = near.shared[key], bool(other_han) != han
        whole = (near.crossing if han else crossing) if across else near.norm * norm
        score = (shared.crossing if across else shared.product) / (whole or math.inf)
        likeness = Likeness(
            min(1.0, score),
            shared.features,
            shared.in_titles,
            shared.named,
            across=across,
            by_one_publisher=publisher == document.publisher != "",
        )
        yield _Candidate(report, story, likeness, title if publisher == document.publisher else "")
