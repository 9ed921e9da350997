"""Table of watched sources: feeds, pages, channels and folders, with the state of their checks."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from msgspec import Struct
from msgspec.structs import astuple

from bot.models import Problem
from bot.state.database import Row
from bot.state.table import Table

SourceKind = Literal["feed", "page", "channel", "folder"]

SourceState = Literal["active", "paused", "retired", "offered"]
"""Retired: its address is gone for good. Offered: a channel that no operator has accepted yet."""


class Source(Struct, frozen=True):
    """A watched source of reports. Times are UTC seconds, None for never.

    `address` is an http or rsshub address, a channel's link, or a folder's path; `title` is the publisher of its
    reports. `spacing` is the time between two successful checks in seconds. `etag` and `last_modified` are sent back
    to the server verbatim. `moved_to` is the target of a permanent redirect, seen `moves` times in a row. `seen` holds
    marks of the entries found at the last check, `reports` counts the reports taken in. `chat_id` is set for channels.
    """

    id: str
    kind: SourceKind
    address: str
    title: str = ""
    state: SourceState = "active"
    created: int = 0
    next_check: int = 0
    checked: int | None = None
    succeeded: int | None = None
    failures: int = 0
    problem: Problem | None = None
    spacing: int = 0
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    moves: int = 0
    seen: frozenset[str] = frozenset()
    reports: int = 0
    chat_id: int | None = None


_COLUMNS = Source.__struct_fields__
_LIST = ", ".join(_COLUMNS)
_MARKS = ", ".join("?" * len(_COLUMNS))
# An operator's choices: a check that began before them must not undo them.
_CHOSEN = ("state", "title")
_CHECKED = tuple(name for name in _COLUMNS if name not in ("id", "kind", "created", "chat_id", *_CHOSEN))


class Sources(Table):
    """The watched sources, each with its own address."""

    owns = ("watched_source",)

    def add(self, source: Source) -> bool:
        """Store a new source. Returns False, changing nothing, if its address or channel is already known."""
        return bool(
            self._write(
                f"INSERT INTO watched_source ({_LIST}) VALUES ({_MARKS}) ON CONFLICT DO NOTHING",  # noqa: S608  # our own columns
                *_values(source),
            )
        )

    def record(self, source: Source) -> None:
        """Store the result of a check; an operator's choices stay. A source moved to another's address is deleted."""
        values = dict(zip(_COLUMNS, _values(source), strict=True))
        sets = ", ".join(f"{name} = ?" for name in _CHECKED)
        with self._store.write() as db:
            taken = db.execute(
                "SELECT 1 FROM watched_source WHERE address = ? AND id <> ?", (source.address, source.id)
            ).fetchone()
            if taken:  # it has moved to another source's address
                db.execute("DELETE FROM watched_source WHERE id = ?", (source.id,))
                return
            db.execute(
                f"""UPDATE watched_source SET {sets}, title = CASE title WHEN '' THEN ? ELSE title END
                    WHERE id = ?""",  # noqa: S608  # our own columns
                (*(values[name] for name in _CHECKED), source.title, source.id),
            )
            if source.state == "retired":
                db.execute("UPDATE watched_source SET state = 'retired' WHERE id = ?", (source.id,))

    def set_state(self, source_id: str, state: SourceState, now: int) -> None:
        """Set a source's state, forget what failed and make it due at `now`."""
        self._write(
            "UPDATE watched_source SET state = ?, next_check = ?, failures = 0, problem = '' WHERE id = ?",
            state,
            now,
            source_id,
        )

    def make_due(self, source_id: str, now: int) -> None:
        """Make an active source due at `now`."""
        self._write(
            "UPDATE watched_source SET next_check = ? WHERE id = ? AND state = 'active'", now, source_id
        )

    def count_reports(self, source_id: str, added: int, now: int) -> None:
        """Add to a source's count reports that arrived without a check, as a channel's posts do."""
        self._write(
            "UPDATE watched_source SET reports = reports + ?, checked = ?, succeeded = ? WHERE id = ?",
            *(added, now, now, source_id),
        )

    def remove(self, source_id: str) -> None:
        """Delete a source; its reports stay in the library."""
        self._write("DELETE FROM watched_source WHERE id = ?", source_id)

    def all(self) -> list[Source]:
        """Return every source, by title."""
        rows = self._read(f"SELECT {_LIST} FROM watched_source ORDER BY lower(title), address")  # noqa: S608  # our own columns
        return [_source(row) for row in rows]

    def get(self, source_id: str) -> Source | None:
        """Return the source with this id, None if there is none."""
        row = self._read(f"SELECT {_LIST} FROM watched_source WHERE id = ?", source_id).fetchone()  # noqa: S608  # our own columns
        return _source(row) if row else None

    def by_address(self, address: str) -> Source | None:
        """Return the source with this address, None if there is none."""
        row = self._read(f"SELECT {_LIST} FROM watched_source WHERE address = ?", address).fetchone()  # noqa: S608  # our own columns
        return _source(row) if row else None

    def of_channel(self, chat_id: int) -> Source | None:
        """Return the source of a Telegram channel, None if there is none."""
        row = self._read(f"SELECT {_LIST} FROM watched_source WHERE chat_id = ?", chat_id).fetchone()  # noqa: S608  # our own columns
        return _source(row) if row else None

    def due(self, now: int, limit: int) -> list[Source]:
        """Return up to `limit` active sources due at `now`, the longest overdue first; channels are never due."""
        rows = self._read(
            f"""SELECT {_LIST} FROM watched_source
                WHERE state = 'active' AND kind <> 'channel' AND next_check <= ? ORDER BY next_check, id LIMIT ?""",  # noqa: S608  # our own columns
            *(now, limit),
        )
        return [_source(row) for row in rows]


def source_id(address: str) -> str:
    """Return the id of a source added with this address; a source keeps its id when it moves."""
    return hashlib.sha256(address.encode()).hexdigest()[:10]


def _values(source: Source) -> tuple[object, ...]:
    values = dict(zip(_COLUMNS, astuple(source), strict=True))
    problem = json.dumps(_listed(source.problem), ensure_ascii=False) if source.problem else ""
    return tuple((values | {"problem": problem, "seen": " ".join(sorted(source.seen))}).values())


def _source(row: Row) -> Source:
    values = dict(row)
    problem = _problem(json.loads(values["problem"])) if values["problem"] else None
    return Source(**values | {"problem": problem, "seen": frozenset(values["seen"].split())})


def _listed(problem: Problem) -> list[object]:
    """Return a problem as a JSON list: [name, [value…]], where a value may itself be a problem."""
    values = (_listed(one) if isinstance(one, Problem) else one for one in problem.values)
    return [problem.name, [one if isinstance(one, int | float | list) else str(one) for one in values]]


def _problem(listed: list[object]) -> Problem:
    name, values = listed
    inner = values if isinstance(values, list) else []
    return Problem(str(name), tuple(_problem(one) if isinstance(one, list) else one for one in inner))
