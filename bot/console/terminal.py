"""What every command shares: the bot over its data folder, exit codes, messages and bars on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.models import Message

DONE, FAILED = 0, 1


class CommandFailed(Exception):
    """A command cannot go on; the text is one sentence that says what to do."""


def open_bot(settings: Settings) -> App:
    """Every part over the settings' data folder. Raises CommandFailed where that cannot be used."""
    from bot.app import open_app
    from bot.library.glossary import GlossaryError
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
def progress(size: int, doing: str = "Ingesting") -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; what is yielded moves it by so many of the `size` bytes."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(doing), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda count: bar.advance(task, count)
