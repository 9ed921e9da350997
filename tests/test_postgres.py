"""What a PostgreSQL server does that a file does not: it restarts, and hands over to another server."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
from postgres_kit import Debian, needs_debian

from bot.sqlite.errors import StorageError
from bot.state.state import State

pytestmark = needs_debian


@pytest.fixture
def servers() -> Iterator[tuple[Debian, Debian]]:
    with ExitStack() as running:
        yield running.enter_context(Debian()), running.enter_context(Debian())


def demote(server: Debian) -> None:
    """Make a server look like the old primary after a failover: connections stay, every write fails (SQLSTATE 25006)."""
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        db.execute("SELECT pg_reload_conf()")


def moments() -> Iterator[None]:
    """Yield repeatedly for up to a minute, since each connection reloads the server's settings at an unknown moment."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        yield
        time.sleep(0.02)


def connections(port: int) -> Iterator[socket.socket]:
    """Yield a copy of each TCP connection of this process to a port."""
    for link in list(Path("/proc/self/fd").iterdir()):
        if not os.path.realpath(link).rpartition("/")[2].startswith("socket:"):
            continue
        with socket.socket(fileno=os.dup(int(link.name))) as copy:
            if copy.family == socket.AF_INET and copy.getpeername()[1] == port:
                yield copy


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_chinese_is_refused_with_a_statement_that_makes_one_that_can(
    encoding: str,
) -> None:
    with Debian() as server, psycopg.connect(server.url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE old ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        with pytest.raises(StorageError, match=f"has the encoding {encoding}") as refused:
            State(server.url.removesuffix("postgres") + "old")
        statement = str(refused.value).partition("create one with ")[2].removesuffix(".")
        db.execute(statement)
        state = State(server.url.removesuffix("postgres") + "trendbot")
        state.chats.set_timezone(1, "亚洲/上海")
        assert state.chats.timezone(1) == "亚洲/上海"
        state.close()


def test_without_the_driver_the_operator_reads_which_packages_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "bot.postgres.connection")
    with pytest.raises(StorageError, match=r'pip install "trendbot\[postgres\]"'):
        State("postgresql://127.0.0.1/trendbot")


def test_a_server_that_has_become_read_only_is_named_and_left_for_the_writing_one(
    servers: tuple[Debian, Debian],
) -> None:
    first, second = servers
    State(second.url).close()
    state = State(f"postgresql://postgres@127.0.0.1:{first.port},127.0.0.1:{second.port}/postgres")
    state.chats.set_language(7, "zh")
    demote(first)

    def write_until_refused() -> None:
        for _ in moments():
            state.chats.set_language(7, "en")

    with pytest.raises(StorageError, match="takes no writes any more"):
        write_until_refused()
    state.chats.set_language(7, "zh")
    state.close()
    with psycopg.connect(second.url) as db:
        assert db.execute("SELECT language FROM chat WHERE chat_id = 7").fetchone() == ("zh",)


def test_reads_leave_a_read_only_server_too(servers: tuple[Debian, Debian]) -> None:
    first, second = servers
    there = State(second.url)
    there.chats.set_language(7, "zh")
    state = State(f"postgresql://postgres@127.0.0.1:{first.port},127.0.0.1:{second.port}/postgres")
    assert state.chats.language(7) is None
    demote(first)
    assert any(state.chats.language(7) == "zh" for _ in moments())
    state.close()
    there.close()


def test_a_restart_costs_one_error_at_most(servers: tuple[Debian, Debian]) -> None:
    server = servers[0]
    state = State(server.url)
    state.chats.set_language(7, "zh")
    server.stop()
    with pytest.raises(StorageError, match="cannot be used"):
        state.chats.set_language(7, "en")
    server.start()
    assert state.chats.language(7) == "zh"
    state.chats.set_language(7, "en")
    assert state.chats.language(7) == "en"
    state.close()


@pytest.mark.skipif(sys.platform != "linux", reason="The options have other names elsewhere.")
def test_a_server_that_goes_silent_is_given_up_in_seconds(servers: tuple[Debian, Debian]) -> None:
    with closing(State(servers[0].url)) as state:
        state.chats.set_language(7, "zh")
        assert state.chats.language(7) == "zh"
        found = list[int]()
        for connection in connections(servers[0].port):
            unacknowledged = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            idle, interval, probes = (
                connection.getsockopt(socket.IPPROTO_TCP, option)
                for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            )
            assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert 0 < unacknowledged <= 10_000
            assert idle + interval * probes <= 10
            found.append(unacknowledged)
        assert len(found) >= 2, "one that writes and one that reads"
