"""Applies the migrations of the state to a PostgreSQL database, and records each as sqlite-utils does in a file."""

from __future__ import annotations

from typing import Any, Protocol, cast

from sqlite_utils import Database, Migrations

_CREATE = """CREATE TABLE IF NOT EXISTS migration (
    migration_set TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (migration_set, name))"""


class Runs(Protocol):
    """Runs statements: postgres.statements.Session."""

    def execute(self, sql: str, values: Any = ()) -> Any:
        """Runs one statement."""
        ...


def migrate(db: Runs, migrations: Migrations) -> None:
    """Applies what is pending, in the caller's transaction: PostgreSQL takes back a CREATE TABLE too."""
    db.execute(_CREATE)
    applied = {
        row[0] for row in db.execute("SELECT name FROM migration WHERE migration_set = ?", (migrations.name,))
    }
    for migration in migrations._migrations:  # noqa: SLF001  # the set has no public list of what is in it
        if migration.name not in applied:
            # A migration of the state uses execute alone, which both have.
            migration.fn(cast("Database", db))
            db.execute(
                "INSERT INTO migration (migration_set, name) VALUES (?, ?)", (migrations.name, migration.name)
            )
