"""Opens what is to be ingested and reads its documents; nothing that one of them does stops the others."""

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
"""The endings of files that are taken from folders and from chats."""

Beside = Callable[[str], bytes | None]
"""The bytes of a file beside the one that is read, by its name; None when there is none."""


def files_in(path: Path) -> list[Path]:
    """The readable files that `path` names: itself, or those in a folder and its folders, sorted.

    Translations follow the files they translate in whichever order they are read, so names decide.
    """
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in READABLE)


def plain_name(path: Path | str) -> str:
    """The name of a file as text that can be stored and printed, whatever bytes it has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def beside(path: Path) -> Beside:
    """What finds the files beside `path`."""

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
    """Every document of a seekable file, or why there is none in its place; the n-th is always the n-th.

    `name` is what the file is known by, `shown` what it is called where one cannot be read. Days of publication
    after `today` are unknown. Raises OSError.
    """
    # With all their rules: nothing that a question needs.
    from bot.intake.readers import read_stream

    try:
        for outcome in read_stream(parser, name, file, original, today):
            yield failed(shown, outcome.problem) if isinstance(outcome, Unreadable) else outcome
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a reader raises, the other files go on
        yield failed(shown, unexpected(shown, error))


def too_large(name: str, head: bytes, size: int) -> Problem | None:
    """Why a file that begins with `head` and is of this size is not read, None where it is."""
    from bot.intake.readers import check_size, format_of

    try:
        check_size(format_of(name, head), size, name)
    except Unreadable as error:
        return error.problem
    return None
