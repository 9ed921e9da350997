"""The formats that Trendbot reads, and a file to its documents by the ending of its name. Opens no file.

    format = FORMATS by ending; RawFile(name, bytes, today, originals) → format.parse → Document …
    a file of lines: each line of the stream → RawFile → parse → Document, or Unreadable with its number

What cannot be read raises Unreadable when it is its turn; in a file of many documents the rest go on after it.
To add a format: a module in formats/ with a `parse`, and its line in FORMATS (CONTRIBUTING.md, "Add a format").
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO, Final

from bot.intake.document import RawFile
from bot.intake.formats import html, jsonl, markdown, text
from bot.intake.line_stream import read_lines
from bot.models import Document, Problem
from bot.text.unreadable import Unreadable

_log = logging.getLogger(__name__)

MEBIBYTE: Final = 1024 * 1024

STREAM: Final = "-.jsonl"
"""The name of JSON lines that come from no file."""

FEW_LINES: Final = 10_000
SHORTEST: Final = 64
"""Lines from which on they must have so many bytes on average: a file of shorter ones holds no reports."""


@dataclass(frozen=True, slots=True)
class Format:
    """How files of some endings are read.

    `parse` raises Unreadable. `siblings` names the files beside one that are needed to read it. `largest` is in bytes;
    a format `by_line` has a document in each line and no largest file.
    """

    endings: tuple[str, ...]
    parse: Callable[[RawFile], Iterator[Document]]
    largest: int = 16 * MEBIBYTE
    by_line: bool = False
    siblings: Callable[[bytes], tuple[str, ...]] | None = None


FORMATS: Final = (
    Format((".txt",), text.parse),
    Format((".md", ".markdown"), markdown.parse, siblings=markdown.siblings),
    Format((".html", ".htm"), html.parse, largest=html.LARGEST),
    Format((".jsonl", ".ndjson"), jsonl.parse, by_line=True),
)
_BY_ENDING: Final[Mapping[str, Format]] = {ending: form for form in FORMATS for ending in form.endings}
ENDINGS: Final = tuple(_BY_ENDING)
"""The endings of the files that can be read."""

Outcomes = Iterator[Document | Unreadable]
"""Documents, and what is wrong with others, in the order of the file."""


class Documents(Iterator[Document]):
    """The documents of one file. `next` raises Unreadable for a bad one and goes on after it."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes

    def __next__(self) -> Document:
        outcome = next(self._outcomes)
        if isinstance(outcome, Unreadable):
            raise outcome
        return outcome


def read_documents(
    name: str, raw: bytes, siblings: Mapping[str, bytes] | None = None, today: date = date.max
) -> Documents:
    """The documents in the file `name` with the bytes `raw`; `siblings` are the bytes of files that it names."""
    return read_stream(name, BytesIO(raw), siblings, today)


def read_stream(
    name: str, file: BinaryIO, siblings: Mapping[str, bytes] | None = None, today: date = date.max
) -> Documents:
    """The documents in a seekable file; JSON lines are read one by one, however many there are.

    Days of publication after `today` are unknown.
    """
    form = _BY_ENDING.get(PurePath(name).suffix.lower())
    if form is not None and form.by_line:
        return Documents(_of_lines(form, name, file, today))
    originals = {}
    if siblings:
        needed = siblings.keys() & set(siblings_of(name, file))
        originals = {beside: _key_of(name, beside, siblings[beside]) for beside in needed}
    return Documents(_of_file(form, RawFile(name, file.read(), today, originals)))


def siblings_of(name: str, file: BinaryIO) -> tuple[str, ...]:
    """The names of the files beside a seekable file that are needed to read it; none for what cannot be read."""
    form = _BY_ENDING.get(PurePath(name).suffix.lower())
    if form is None or form.siblings is None:
        return ()
    try:
        return form.siblings(file.read())
    except Unreadable:
        return ()
    finally:
        file.seek(0)


def _key_of(name: str, sibling: str, raw: bytes) -> str | Problem:
    """The source key of the document in a sibling of the file `name`, or why it has none."""
    path = str(PurePath(name).with_name(PurePath(sibling).name))
    try:
        return next(read_documents(path, raw)).source_key
    except Unreadable as error:
        return error.problem


def check_size(name: str, size: int) -> None:
    """Raises Unreadable for a file of more bytes than are read."""
    ending = PurePath(name).suffix.lower()
    form = _BY_ENDING.get(ending, FORMATS[0])
    if size > form.largest and not form.by_line:
        raise Unreadable("too_large", size, form.largest, ending)


def _of_file(form: Format | None, file: RawFile) -> Outcomes:
    """Documents and errors in the order of the file; an error that concerns the whole file ends it."""
    if form is None:
        yield Unreadable("ending", PurePath(file.name).suffix.lower(), ", ".join(sorted(ENDINGS)))
        return
    try:
        check_size(file.name, len(file.raw))
        yield from form.parse(file)
    except Unreadable as error:
        yield error


def _of_lines(form: Format, name: str, file: BinaryIO, today: date) -> Outcomes:
    """The documents of a file that has one in each line."""
    filled = size = 0
    try:
        for number, line in enumerate(read_lines(file), 1):
            if isinstance(line, Unreadable):
                filled += 1
                yield Unreadable("line", number, line.problem)
            elif line.strip():
                filled, size = filled + 1, size + len(line)
                if filled > FEW_LINES and size < SHORTEST * filled:
                    raise Unreadable("too_short_lines", filled, SHORTEST)  # noqa: TRY301  # ends the file as others do
                yield from _of_line(form, name, number, line, today)
    except Unreadable as error:
        yield error
        return
    if not filled:
        yield Unreadable("empty")


def _of_line(form: Format, name: str, number: int, line: str, today: date) -> Outcomes:
    """The document of one line, or why it is none.

    In a stream a line's number says nothing: the next one has a line of that number too. Its text tells it apart.
    """
    raw = line.strip().encode("utf-8", "replace")
    place = hashlib.sha256(raw).hexdigest()[:16] if name == STREAM else number
    try:
        yield from form.parse(RawFile(f"{name}#{place}", raw, today))
    except Unreadable as error:
        yield Unreadable("line", number, error.problem)
    except Exception as error:  # noqa: BLE001  # whatever a line raises, the others go on
        _log.debug("%s, line %d, cannot be read.", name, number, exc_info=error)
        yield Unreadable("line", number, Problem("unexpected", (type(error).__name__,)))
