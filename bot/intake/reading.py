"""Opens files to ingest and yields their documents; an error in one document does not stop the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.intake.storing import Ingested, failed, unexpected
from bot.models import Document, Problem
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from bot.intake.readers import Parser

READABLE = (
    ".txt",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".jsonl",
    ".ndjson",
    ".pdf",
    ".docx",
    ".rss",
    ".atom",
    ".xml",
)
"""Endings of the files that are accepted from folders and chats."""

ONE_REPORT = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx")
"""Those among them that hold one report each: what a channel's post can have as its document."""

Beside = Callable[[str], bytes | None]
"""Returns the bytes of the file with a given name beside the file that is read; None if there is none."""


def files_in(path: Path) -> list[Path]:
    """Return `path` itself, or the readable files in this folder and its subfolders, sorted by path.

    Translations find the files that they translate in whatever order they are read, so order by name is enough.
    """
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in READABLE)


def plain_name(path: Path | str) -> str:
    """Return the name of a file as text that can be stored and printed; bytes that are no UTF-8 are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def beside(path: Path) -> Beside:
    """Return a function that reads files in the folder of `path`; a name that contains a folder gives None."""

    def original(name: str) -> bytes | None:
        if Path(name).name != name:
            return None
        try:
            return (path.parent / name).read_bytes()
        except OSError:
            return None

    return original


def documents_in(
    parser: Parser, name: str, file: BinaryIO, original: Beside, today: date, shown: str
) -> Iterator[Document | Ingested]:
    """Yield every document of a seekable file, or the failure in its place, so that positions stay stable.

    `name` identifies the file, `shown` names it in failures. Days of publication after `today` are unknown. Raises
    OSError.
    """
    # Loads every rule, which a query does not need.
    from bot.intake.readers import read_stream

    try:
        for outcome in read_stream(parser, name, file, original, today):
            yield failed(shown, outcome.problem) if isinstance(outcome, Unreadable) else outcome
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a reader raises, the other files go on
        yield failed(shown, unexpected(shown, error))


def too_large(name: str, head: bytes, size: int) -> Problem | None:
    """Return why a file that begins with `head` and has `size` bytes is not read; None if it is."""
    from bot.intake.readers import check_size, format_of

    try:
        check_size(format_of(name, head), size, name)
    except Unreadable as error:
        return error.problem
    return None
