"""What every command shares: the bot over its data folder, exit codes, messages and bars on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.messages import Message

DONE, FAILED = 0, 1
SECONDS_BETWEEN_LINES = 15


class CommandFailed(Exception):
    """A command cannot go on; the text is one sentence that says what to do."""


def open_bot(settings: Settings) -> App:
    """Every part over the settings' data folder. Raises CommandFailed where that cannot be used."""
    from bot.app import open_app
    from bot.library.topic_forms import GlossaryError
    from bot.rendering.renderer import TemplateProblem

    try:
        return open_app(settings)
    except TemplateProblem as error:
        raise CommandFailed(error.advice) from error
    except (GlossaryError, FileNotFoundError) as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(
            f"{settings.data} cannot be used ({error.strerror or error}); set TRENDBOT_DATA to a folder that can."
        ) from error


@contextmanager
def opened(settings: Settings, as_of: date | None = None) -> Iterator[App]:
    """The same, closed at the end; with a day, its library is what was published until then."""
    app = open_bot(settings)
    try:
        if as_of is not None:
            app.library.see_until(as_of)
        yield app
    finally:
        app.close()


def print_message(message: Message, *, as_json: bool) -> None:
    """Prints a message as Telegram would show it, or as one JSON value."""
    from bot.rendering.preview import as_text, as_value

    print(json.dumps(as_value(message), ensure_ascii=False) if as_json else as_text(message))


@contextmanager
def progress(size: int, doing: str) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; what is yielded moves it by so many of the `size` bytes."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(doing), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda count: bar.advance(task, count)


class Meter:
    """How far an ingest of `size` bytes is, in documents and megabytes, on standard error.

    A bar on a terminal; elsewhere a line every SECONDS_BETWEEN_LINES, so that a log shows that it goes on.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._read = self._documents = 0
        self._told = time.monotonic()
        self._show: Callable[[], None] = self._line

    @contextmanager
    def shown(self) -> Iterator[Meter]:
        """Shows it until the end; a bar leaves nothing behind."""
        if not sys.stderr.isatty():
            yield self
            return
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self._counted, total=self._size)
            self._show = lambda: bar.update(task, completed=self._read, description=self._counted)
            yield self

    def read(self, count: int) -> None:
        """Takes note of so many more bytes."""
        self._read += count
        self._show()

    def add_document(self) -> None:
        """Takes note of a document of which it is known what became of it."""
        self._documents += 1
        self._show()

    @property
    def _counted(self) -> str:
        return f"{self._documents:,} {'document' if self._documents == 1 else 'documents'}"

    def _line(self) -> None:
        if time.monotonic() - self._told < SECONDS_BETWEEN_LINES:
            return
        self._told = time.monotonic()
        megabytes = f"{self._read / 1e6:,.0f} of {self._size / 1e6:,.0f} MB"
        print(f"{self._counted}, {megabytes}", file=sys.stderr, flush=True)
