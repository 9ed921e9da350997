"""Where reports come from by themselves: feeds, pages, channels, folders, and how each does. A part of state.db."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, fields
from typing import Literal

from bot.models import Problem
from bot.state.database import Row
from bot.state.table import Table

SourceKind = Literal["feed", "page", "channel", "folder"]

SourceState = Literal["active", "paused", "retired", "offered"]
"""Retired: its address is gone for good. Offered: a channel that no operator has taken yet."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of reports. Times are UTC seconds, None for never.

    `address` is an http or rsshub address, a channel's link, or a folder's path; `title` the publisher of what comes
    from it. `spacing` is how many seconds lie between two checks that succeed. `etag` and `last_modified` go back to
    the server verbatim. `moved_to` is where it redirected for good, `moves` how often in a row. `seen` are the marks
    of what it held when it was last read, `reports` counts what was taken in. `chat_id` is that of a channel.
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


_COLUMNS = tuple(field.name for field in fields(Source))
_LIST = ", ".join(_COLUMNS)
_MARKS = ", ".join("?" * len(_COLUMNS))
# An operator's choices, which a check that began before them must not undo.
_CHOSEN = ("state", "title")
_CHECKED = tuple(name for name in _COLUMNS if name not in ("id", "kind", "created", "chat_id", *_CHOSEN))


class Sources(Table):
    """The sources that are looked at, each known by its address."""

    owns = ("watched_source",)

    def add(self, source: Source) -> bool:
        """Keeps a new source; returns False where its address is known already, which then stays as it is."""
        return bool(
            self._write(
                f"INSERT INTO watched_source ({_LIST}) VALUES ({_MARKS}) ON CONFLICT DO NOTHING",  # noqa: S608  # our own columns
                *_values(source),
            )
        )

    def record(self, source: Source) -> None:
        """Keeps what a check has changed; what an operator chose meanwhile stays."""
        values = dict(zip(_COLUMNS, _values(source), strict=True))
        sets = ", ".join(f"{name} = ?" for name in _CHECKED)
        with self._store.write() as db:
            taken = db.execute(
                "SELECT 1 FROM watched_source WHERE address = ? AND id <> ?", (source.address, source.id)
            ).fetchone()
            if taken:  # it has moved to where another source is already
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
        """Pauses a source, or has it looked at again, at once."""
        self._write(
            "UPDATE watched_source SET state = ?, next_check = ?, failures = 0 WHERE id = ?",
            state,
            now,
            source_id,
        )

    def make_due(self, source_id: str, now: int) -> None:
        """Has an active source looked at now."""
        self._write(
            "UPDATE watched_source SET next_check = ? WHERE id = ? AND state = 'active'", now, source_id
        )

    def name(self, source_id: str, title: str) -> None:
        """Calls a source so from now on."""
        self._write("UPDATE watched_source SET title = ? WHERE id = ?", title, source_id)

    def count_reports(self, source_id: str, added: int, now: int) -> None:
        """Counts reports that came from a source without being asked for, as a channel's posts do."""
        self._write(
            "UPDATE watched_source SET reports = reports + ?, checked = ?, succeeded = ? WHERE id = ?",
            *(added, now, now, source_id),
        )

    def remove(self, source_id: str) -> None:
        """Forgets a source; what came from it stays in the library."""
        self._write("DELETE FROM watched_source WHERE id = ?", source_id)

    def all(self) -> list[Source]:
        """Every source, by its title."""
        rows = self._read(f"SELECT {_LIST} FROM watched_source ORDER BY lower(title), address")  # noqa: S608  # our own columns
        return [_source(row) for row in rows]

    def get(self, source_id: str) -> Source | None:
        """The source with this id."""
        row = self._read(f"SELECT {_LIST} FROM watched_source WHERE id = ?", source_id).fetchone()  # noqa: S608  # our own columns
        return _source(row) if row else None

    def at(self, address: str) -> Source | None:
        """The source at an address."""
        row = self._read(f"SELECT {_LIST} FROM watched_source WHERE address = ?", address).fetchone()  # noqa: S608  # our own columns
        return _source(row) if row else None

    def of_channel(self, chat_id: int) -> Source | None:
        """The source that is this Telegram channel."""
        row = self._read(f"SELECT {_LIST} FROM watched_source WHERE chat_id = ?", chat_id).fetchone()  # noqa: S608  # our own columns
        return _source(row) if row else None

    def due(self, now: int, limit: int) -> list[Source]:
        """Active sources that are to be looked at by `now`, the longest overdue first."""
        rows = self._read(
            f"""SELECT {_LIST} FROM watched_source
                WHERE state = 'active' AND kind <> 'channel' AND next_check <= ? ORDER BY next_check, id LIMIT ?""",  # noqa: S608  # our own columns
            *(now, limit),
        )
        return [_source(row) for row in rows]


def source_id(address: str) -> str:
    """The id of the source that was added with this address; it keeps it when it moves."""
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
    """A problem as JSON: [name, [value…]], where a value may be a problem itself."""
    values = (_listed(one) if isinstance(one, Problem) else one for one in problem.values)
    return [problem.name, [one if isinstance(one, int | float | list) else str(one) for one in values]]


def _problem(listed: list[object]) -> Problem:
    name, values = listed
    inner = values if isinstance(values, list) else []
    return Problem(str(name), tuple(_problem(one) if isinstance(one, list) else one for one in inner))
