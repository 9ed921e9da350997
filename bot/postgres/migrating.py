"""Applies the migrations of the state to a PostgreSQL database, and records each as sqlite-utils does in a file."""

from __future__ import annotations

from typing import Any, Protocol, cast

from sqlite_utils import Database, Migrations

_CREATE = """CREATE TABLE IF NOT EXISTS migration (
    migration_set TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (migration_set, name))"""


class Runs(Protocol):
    """Interface of what runs statements: postgres.statements.Session."""

    def execute(self, sql: str, values: Any = ()) -> Any:
        """Run one statement."""
        ...


def migrate(db: Runs, migrations: Migrations) -> None:
    """Apply the pending migrations in the caller's transaction: PostgreSQL rolls back a CREATE TABLE too."""
    db.execute(_CREATE)
    applied = {
        row[0] for row in db.execute("SELECT name FROM migration WHERE migration_set = ?", (migrations.name,))
    }
    for migration in migrations._migrations:  # noqa: SLF001  # the set has no public list of what is in it
        if migration.name not in applied:
            # The state's migrations use only execute(), which both classes have.
            migration.fn(cast("Database", db))
            db.execute(
                "INSERT INTO migration (migration_set, name) VALUES (?, ?)", (migrations.name, migration.name)
            )
