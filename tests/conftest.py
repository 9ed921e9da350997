"""Fixtures: a library of the seeds, built once and copied for each test that writes, and the bot on top of it."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_kit import Command
from hypothesis import HealthCheck, settings
from library_kit import Shelf, open_folder
from postgres_kit import DEBIAN, Server, postgres_15, postgres_18
from web_kit import Canary

from bot import cli
from bot.app import App
from bot.dialogue.router import Router
from bot.library.glossary import Glossary
from bot.state.state import State
from bot.text.segment import Segmenter

# Tests run in parallel, so the time of one example says nothing about the code.
settings.register_profile("beside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beside")


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a library of the seeds. Copied, never opened."""
    folder = tmp_path_factory.mktemp("seeded")
    open_folder(folder).close()
    return folder


@pytest.fixture(scope="session")
def app(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The bot over a library of the seeds, for tests that only read."""
    app = open_folder(shutil.copytree(seeded, tmp_path_factory.mktemp("app"), dirs_exist_ok=True))
    yield app
    app.close()


@pytest.fixture(scope="session")
def glossary(app: App) -> Glossary:
    """The shipped glossary."""
    return app.glossary


@pytest.fixture(scope="session")
def segmenter(app: App) -> Segmenter:
    """A segmenter that knows the words of the glossary."""
    return app.segmenter


@pytest.fixture(scope="session")
def conversation(app: App) -> Router:
    """The router of the bot @trend_bot, for tests that only read."""
    return app.router("trend_bot")


@pytest.fixture
def data(seeded: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own with a library of the seeds."""
    return shutil.copytree(seeded, tmp_path / "data")


@pytest.fixture
def own_app(data: Path) -> Iterator[App]:
    """The bot over a library of the seeds that the test may change."""
    app = open_folder(data)
    yield app
    app.close()


@pytest.fixture
def shelf(tmp_path: Path, glossary: Glossary, segmenter: Segmenter) -> Iterator[Shelf]:
    """An empty library that the test fills."""
    shelf = Shelf(tmp_path / "shelf", glossary, segmenter)
    yield shelf
    shelf.close()


@pytest.fixture(scope="session")
def server_18() -> Iterator[Server]:
    """A PostgreSQL 18 server."""
    with postgres_18() as server:
        yield server


@pytest.fixture(scope="session")
def server_15() -> Iterator[Server]:
    """A PostgreSQL 15 server as in Debian."""
    if not DEBIAN.is_dir() and os.environ.get("TRENDBOT_TESTS") != "all":
        pytest.skip("PostgreSQL 15 is not installed")
    with postgres_15() as server:
        yield server


@pytest.fixture(params=["sqlite", "server_15", "server_18"])
def open_state(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], State]]:
    """A function that opens a state: a file at a path, or, on each supported server, a database that stands for the path."""
    databases: dict[Path, str] = {}
    opened: list[State] = []

    def opening(path: Path) -> State:
        if request.param == "sqlite":
            opened.append(State(path))
            return opened[-1]
        server: Server = request.getfixturevalue(request.param)
        if path not in databases:
            databases[path] = server.database()
        opened.append(State(databases[path]))
        return opened[-1]

    yield opening
    for state in opened:
        state.close()


@pytest.fixture
def trendbot(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """A function that runs a command on a library of the seeds and returns its exit code, output and errors."""
    for name in list(os.environ):
        if name.startswith("TRENDBOT_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRENDBOT_DATA", str(data))

    def run(*arguments: str, typed: str | bytes = "", **variables: str) -> tuple[int, str, str]:
        raw = typed.encode() if isinstance(typed, str) else typed
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
            for name, value in variables.items():
                patch.setenv(name, value)
            try:
                code = cli.main(list(arguments))
            except SystemExit as error:
                code = int(error.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A port on this machine that nothing may reach."""
    with Canary() as canary:
        yield canary
