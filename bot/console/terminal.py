"""What all commands share: opening the bot on its data folder, exit codes, printing messages, progress bars."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.messages import Message

DONE, FAILED = 0, 1
SECONDS_BETWEEN_LINES = 15


class CommandFailed(Exception):
    """A command cannot continue; the message is one sentence that says what to do."""


def open_bot(settings: Settings) -> App:
    """Open every part of the bot on the settings' data folder. Raises CommandFailed where that is impossible."""
    from bot.app import open_app
    from bot.library.topic_forms import GlossaryError
    from bot.rendering.renderer import TemplateProblem

    try:
        return open_app(settings)
    except TemplateProblem as error:
        raise CommandFailed(error.advice) from error
    except GlossaryError as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        if error.errno is None:  # What an installation lacks, which is told in a sentence.
            raise CommandFailed(str(error)) from error
        raise CommandFailed(
            f"{settings.data} cannot be used ({error.strerror or error}); set TRENDBOT_DATA to a folder that can."
        ) from error


@contextmanager
def opened(settings: Settings, as_of: date | None = None) -> Iterator[App]:
    """Open the bot like `open_bot` and close it afterwards; with `as_of`, show only reports published up to that day."""
    app = open_bot(settings)
    try:
        if as_of is not None:
            app.library.see_until(as_of)
        yield app
    finally:
        app.close()


def evening_of(day: date, settings: Settings) -> datetime:
    """Return the last second of a day in the bot's time zone."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=settings.timezone)


def print_message(message: Message, *, as_json: bool) -> None:
    """Print a message as Telegram would show it, or as one JSON value."""
    from bot.rendering.preview import as_text, as_value

    print(json.dumps(as_value(message), ensure_ascii=False) if as_json else as_text(message))


@contextmanager
def progress(size: int, doing: str) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on standard error; yield the callback that advances it by a number of the `size` bytes."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(doing), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda count: bar.advance(task, count)


class Meter:
    """Progress of an ingest of `size` bytes, in documents and megabytes, on standard error.

    A bar on a terminal; elsewhere a line every SECONDS_BETWEEN_LINES, so that a log shows progress.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._read = self._documents = 0
        self._told = time.monotonic()
        self._show: Callable[[], None] = self._line

    @contextmanager
    def shown(self) -> Iterator[Meter]:
        """Show the meter until the end of the block; a bar is removed then."""
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
        """Count bytes read."""
        self._read += count
        self._show()

    def add_document(self) -> None:
        """Count one finished document, taken in or not."""
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
