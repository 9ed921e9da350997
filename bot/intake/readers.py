"""Lists the formats that Trendbot reads, and turns a file into its documents. Opens no file.

    format = by the first bytes, else by the ending of the name
    a file                            → Parser.file  → Document or Unreadable …
    a file of lines, batch by batch   → Parser.lines → Document or Unreadable, one for each line

A Parser is this process (`InProcess`) or the sandbox (`bot.intake.box`), which reads everything from outside.
To add a format: a module in formats/ with a `parse`, and its line in FORMATS (CONTRIBUTING.md, "Add a format").
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.intake.document import Keys, RawFile
from bot.intake.formats import docx, feed, html, jsonl, magic, markdown, pdf, text
from bot.intake.formats.feed import Feed
from bot.intake.line_stream import SAMPLE, decode_line, split_lines
from bot.models import Document, Problem
from bot.text.decode import encoding_of
from bot.text.unreadable import Unreadable

MEBIBYTE: Final = 1024 * 1024

STREAM: Final = "-.jsonl"
"""Name of JSON lines that do not come from a file."""

FEW_LINES: Final = 10_000
SHORTEST: Final = 64
"""Minimum average bytes per line in a file of more than FEW_LINES: a file of shorter lines holds no reports."""

_BATCH_LINES: Final = 64
_BATCH_BYTES: Final = 256 * 1024
"""Lines and bytes after which a batch is parsed."""


class Format(Struct, frozen=True):
    """A file format: its endings, its parser and its limits.

    `parse` raises Unreadable. `siblings` returns the names of the files beside one that are needed to read it.
    `largest` is in bytes. A format `by_line` has one document in each line and no largest file. A `binary` format is
    recognised by its first bytes only: a file that has its ending without them is read as text.
    """

    name: str
    endings: tuple[str, ...]
    parse: Callable[[RawFile], Iterator[Document]]
    largest: int = 16 * MEBIBYTE
    by_line: bool = False
    binary: bool = False
    siblings: Callable[[bytes], tuple[str, ...]] | None = None


FORMATS: Final = (
    Format("text", (".txt",), text.parse),
    Format("markdown", (".md", ".markdown"), markdown.parse, siblings=markdown.siblings),
    Format("html", (".html", ".htm"), html.parse, largest=html.LARGEST),
    Format("jsonl", (".jsonl", ".ndjson"), jsonl.parse, by_line=True),
    Format("pdf", (".pdf",), pdf.parse, largest=pdf.LARGEST, binary=True),
    Format("feed", (".rss", ".atom", ".xml"), feed.parse, largest=feed.LARGEST),
    Format("docx", (".docx",), docx.parse, largest=docx.LARGEST, binary=True),
)
_BY_NAME: Final[Mapping[str, Format]] = {form.name: form for form in FORMATS}
_BY_ENDING: Final[Mapping[str, Format]] = {ending: form for form in FORMATS for ending in form.endings}
ENDINGS: Final = tuple(_BY_ENDING)
"""Endings of the files that can be read."""

Outcome = Document | Unreadable
"""A document, or why it cannot be read."""


class Lines(Struct, frozen=True):
    """Numbered lines of a file of `format`, not decoded."""

    format: str
    name: str
    encoding: str
    today: date
    lines: tuple[tuple[int, bytes], ...]


class Parser(Protocol):
    """Parser of bytes from outside. Raises nothing but OSError: a document that cannot be read is an outcome."""

    def siblings(self, form: Format, name: str, raw: bytes) -> tuple[str, ...]:
        """Return the names of the files beside `name` that are needed to read it; none if it cannot be read."""

    def file(self, form: Format, file: RawFile, siblings: Mapping[str, bytes]) -> Iterator[Outcome]:
        """Yield the documents of a file, or why one cannot be read."""

    def encoding(self, form: Format, sample: bytes) -> str | Unreadable:
        """Return the encoding of a file of lines that begins with `sample`, or why it cannot be read."""

    def lines(self, batch: Lines) -> Iterator[Outcome]:
        """Yield the documents of some lines: one outcome for each line, none of which may be empty."""

    def feed(self, raw: bytes, charset: str) -> Feed | Unreadable:
        """Return the feed in `raw`, or why it is none; `charset` is what its server declares."""


class InProcess:
    """Parser that runs in this process: for packaged files, and inside the sandbox."""

    def siblings(self, form: Format, name: str, raw: bytes) -> tuple[str, ...]:
        """See Parser."""
        del name
        try:
            return form.siblings(raw) if form.siblings else ()
        except Unreadable:
            return ()

    def file(self, form: Format, file: RawFile, siblings: Mapping[str, bytes]) -> Iterator[Outcome]:
        """See Parser. An error in the whole file ends the outcomes."""
        keys = {beside: _keys_of(file.name, beside, raw) for beside, raw in siblings.items()}
        try:
            yield from form.parse(replace(file, originals=keys))
        except Unreadable as error:
            yield error

    def encoding(self, form: Format, sample: bytes) -> str | Unreadable:
        """See Parser."""
        del form
        try:
            return encoding_of(sample)
        except Unreadable as error:
            return error

    def lines(self, batch: Lines) -> Iterator[Outcome]:
        """See Parser."""
        for number, raw in batch.lines:
            yield from self._line(batch, number, raw)

    def feed(self, raw: bytes, charset: str) -> Feed | Unreadable:
        """See Parser."""
        try:
            return feed.read_feed(raw, charset)
        except Unreadable as error:
            return error

    def _line(self, batch: Lines, number: int, raw: bytes) -> Iterator[Outcome]:
        """Yield the outcome of one line, named by its number, or in a stream by a hash of its text.

        The number of a line in a stream identifies nothing: the next stream has a line of the same number.
        """
        try:
            content = decode_line(raw, batch.encoding).strip().encode("utf-8", "replace")
            place = hashlib.sha256(content).hexdigest()[:16] if batch.name == STREAM else number
            yield from _BY_NAME[batch.format].parse(RawFile(f"{batch.name}#{place}", content, batch.today))
        except Unreadable as error:
            yield Unreadable("line", number, error.problem)


IN_PROCESS: Final = InProcess()


class Documents(Iterator[Document]):
    """Iterator over the documents of one file.

    `next` raises Unreadable for a bad one; the next call goes on after it.
    """

    def __init__(self, outcomes: Iterator[Outcome]) -> None:
        self._outcomes = outcomes

    def __next__(self) -> Document:
        outcome = next(self._outcomes)
        if isinstance(outcome, Unreadable):
            raise outcome
        return outcome


def read_documents(
    name: str, raw: bytes, siblings: Mapping[str, bytes] | None = None, today: date = date.max
) -> Documents:
    """Return the documents in the file `name`, read in this process; `siblings` has the bytes of files it names."""
    beside = siblings or {}
    return Documents(read_stream(IN_PROCESS, name, BytesIO(raw), beside.get, today))


def read_stream(
    parser: Parser,
    name: str,
    file: BinaryIO,
    beside: Callable[[str], bytes | None],
    today: date = date.max,
) -> Iterator[Outcome]:
    """Yield what `parser` reads in a seekable file; files of lines are read in small batches.

    `beside` returns the bytes of a file beside it, by name. Days of publication after `today` are unknown. Raises
    OSError.
    """
    try:
        form = format_of(name, file.read(magic.HEAD))
        file.seek(0)
        if form.by_line:
            yield from _of_lines(parser, form, name, file, today)
            return
        raw = file.read()
        check_size(form, len(raw), name)
    except Unreadable as error:
        yield error
        return
    names = parser.siblings(form, name, raw) if form.siblings else ()
    siblings = {other: content for other in names if (content := beside(other)) is not None}
    outcomes = parser.file(form, RawFile(name, raw, today), siblings)
    del raw  # frees the bytes while the documents are indexed
    yield from outcomes


def format_of(name: str, head: bytes) -> Format:
    """Return the format of a file by its first bytes, or by its name if they show none.

    Raises Unreadable if there is no format for it.
    """
    readable = ", ".join(sorted(ENDINGS))
    if foreign := magic.foreign_ending(head):
        raise Unreadable("other_kind", foreign, readable)
    ending = PurePath(name).suffix.lower()
    form = _BY_NAME.get(magic.format_name(head)) or _BY_ENDING.get(ending)
    if form is None:
        raise Unreadable("ending", ending, readable)
    return FORMATS[0] if form.binary and not magic.format_name(head) else form


def check_size(form: Format, size: int, name: str) -> None:
    """Raise Unreadable if a file has more bytes than its format allows."""
    if size > form.largest and not form.by_line:
        raise Unreadable("too_large", size, form.largest, PurePath(name).suffix.lower())


def _keys_of(name: str, sibling: str, raw: bytes) -> Keys | Problem:
    """Return the keys of the document in a sibling of the file `name`, or why it has none."""
    path = str(PurePath(name).with_name(PurePath(sibling).name))
    try:
        document = next(read_documents(path, raw))
    except Unreadable as error:
        return error.problem
    return Keys(document.source_key, document.issue_key)


def _of_lines(parser: Parser, form: Format, name: str, file: BinaryIO, today: date) -> Iterator[Outcome]:
    """Yield the documents of a file with one in each line. Raises Unreadable if it is no text or empty."""
    encoding = parser.encoding(form, file.read(SAMPLE))
    if isinstance(encoding, Unreadable):
        raise encoding
    file.seek(0)
    filled = 0
    for batch in _batches(file, encoding):
        filled += len(batch)
        lines = tuple((number, line) for number, line in batch if isinstance(line, bytes))
        outcomes = parser.lines(Lines(form.name, name, encoding, today, lines))
        for number, line in batch:
            yield next(outcomes) if isinstance(line, bytes) else Unreadable("line", number, line.problem)
    if not filled:
        raise Unreadable("empty")


def _batches(file: BinaryIO, encoding: str) -> Iterator[list[tuple[int, bytes | Unreadable]]]:
    """Yield the lines that are not empty, in numbered batches. Raises Unreadable if they are too short."""
    batch: list[tuple[int, bytes | Unreadable]] = []
    filled = total = held = 0
    for number, line in enumerate(split_lines(file, encoding), 1):
        size = len(line) if isinstance(line, bytes) else SHORTEST
        if isinstance(line, bytes) and not line.strip():
            continue
        filled, total, held = filled + 1, total + size, held + size
        if filled > FEW_LINES and total < SHORTEST * filled:
            yield batch
            raise Unreadable("too_short_lines", filled, SHORTEST)
        batch.append((number, line))
        if len(batch) >= _BATCH_LINES or held >= _BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
