"""The bot as a real process, for tests: runs commands and `trendbot run`, and reads the output, exit code and state."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Any, Self

from bot.playground.server import TOKEN, USERNAME, LocalTelegram

ROOT = Path(__file__).parents[1]
LISTENING = f"@{USERNAME} is listening: https://t.me/{USERNAME}\n"


def environment(data: Path, **variables: str) -> dict[str, str]:
    """Return a process's environment: the test's own PATH, HOME and locale, the data folder and `variables`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
    return kept | {"TRENDBOT_DATA": str(data), "PYTHONWARNINGS": "default"} | variables


def trendbot(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


class BotProcess:
    """A running bot: a context manager that leaves no process behind.

    Its output goes to files beside the data folder, so that nothing is lost when it is killed.
    """

    def __init__(
        self,
        data: Path,
        telegram: LocalTelegram | str,
        token: str = TOKEN,
        root: Path | str = ROOT,
        **variables: str,
    ) -> None:
        """Run the checkout at `root`."""
        self._root = root
        url = telegram if isinstance(telegram, str) else telegram.url
        self.data = data
        self._environment = environment(data, TRENDBOT_TOKEN=token, TRENDBOT_API_URL=url, **variables)
        self._out, self._err = data.with_suffix(".out"), data.with_suffix(".err")

    def __enter__(self) -> Self:
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self._root,
                env=self._environment,
                stdout=out,
                stderr=err,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.end(SIGKILL)

    @property
    def out(self) -> str:
        """Everything printed so far."""
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        """Everything logged so far."""
        return self._err.read_text("utf-8")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid or 0

    @property
    def running(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def listening(self) -> Self:
        """Wait until the bot says that it is up."""
        return self.saying(LISTENING)

    def saying(self, text: str, seconds: float = 60.0) -> Self:
        """Wait until `text` is in the output. Raises AssertionError if the process ends or time runs out first."""
        deadline = time.monotonic() + seconds
        while True:
            last = not self.running or time.monotonic() > deadline
            said = self.out + self.err
            if text in said:
                return self
            if last:
                raise AssertionError(f"It never said {text!r}, but:\n{said}")
            time.sleep(0.01)

    def signal(self, number: Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def end(self, number: Signals, seconds: float = 60.0) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        self.signal(number)
        return self.ended(seconds)

    def ended(self, seconds: float = 60.0) -> int:
        """Wait for the end and return the exit code."""
        return self._process.wait(seconds)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query of state.db, opened read-only."""
        uri = f"{(self.data / 'state.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as db:
            return db.execute(sql, values).fetchall()

    def outcomes(self) -> dict[int, str]:
        """Return the outcome of every update received, by id."""
        return dict(self.rows("SELECT update_id, state FROM inbox"))

    def marked(self, update_id: int, seconds: float = 60.0) -> None:
        """Wait until an update is handled and its effects are stored. Raises AssertionError if time runs out first."""
        deadline = time.monotonic() + seconds
        while self.outcomes().get(update_id, "new") == "new":
            assert time.monotonic() < deadline, f"Update {update_id} is not marked."
            time.sleep(0.02)


class ForkedBot(BotProcess):
    """The same process, forked from one that has finished its imports, for tests that start many."""

    _process: BaseProcess  # type: ignore[assignment]  # Its own kind of process, and its own ways to end it.

    def __enter__(self) -> Self:
        for path in (self._out, self._err):
            path.write_bytes(b"")
        forkserver = multiprocessing.get_context("forkserver")
        forkserver.set_forkserver_preload(["__main__", "bot.service"])
        self._process = forkserver.Process(target=_run, args=(self._environment, self._out, self._err))
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._process.close()

    @property
    def running(self) -> bool:
        """Whether the process is running."""
        return self._process.is_alive()

    def end(self, number: Signals, seconds: float = 60.0) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        if self.running:
            os.kill(self._process.pid or 0, number)
        return self.ended(seconds)

    def ended(self, seconds: float = 60.0) -> int:
        """Wait for the end and return the exit code."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, "It does not end."
        return self._process.exitcode


def _run(environ: dict[str, str], out: Path, err: Path) -> None:
    os.environ.clear()
    os.environ.update(environ)
    for path, descriptor in ((out, 1), (err, 2)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), descriptor)
    from bot.cli import main

    sys.exit(main(["run"]))
