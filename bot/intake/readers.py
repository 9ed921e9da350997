"""Files to documents: text, Markdown, web pages and JSON lines. Reads no file itself: it is given names and bytes.

What cannot be read raises Unreadable when it is its turn; in a file of many documents the rest go on after it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

from bot.cleaning.clean import clean
from bot.intake.bylines import parse_day
from bot.intake.declared import Stated, one_line, stated_in
from bot.intake.formats.markdown import plain_lines, split_front_matter
from bot.intake.line_stream import read_lines
from bot.intake.metadata import Metadata, read_metadata
from bot.models import Document
from bot.text.decode import decode
from bot.text.language import detect_language
from bot.text.unreadable import Unreadable

MEBIBYTE = 1024 * 1024
LARGEST_TEXT = 16 * MEBIBYTE
LARGEST = {".html": 2 * MEBIBYTE, ".htm": 2 * MEBIBYTE}
"""Bytes of one file. HTML is capped lower: trafilatura takes a minute and more on some pages of 3 to 9 MB."""

MOST_LINES = 50_000
"""Lines of one document: five long books. More are no document, and each line costs time whatever it holds."""

STREAM = "-.jsonl"
"""The name of JSON lines that come from no file."""

POST = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
"""How the name of a dated post begins."""

Sibling = Callable[[str], bytes | None]
"""The bytes of a file beside the one that is read, by its name; None when there is none."""

Found = Iterator[Document | Unreadable]
"""Documents, and what is wrong with others, in the order of the file."""

Reader = Callable[[str, str, Sibling], Found]
"""Reads a file of one ending, given its name, its text and what finds its siblings."""


def no_sibling(name: str) -> bytes | None:  # noqa: ARG001
    """The sibling of a file that stands alone."""
    return None


class Documents(Iterator[Document]):
    """The documents of one file. `next` raises Unreadable for a bad one and goes on after it."""

    def __init__(self, found: Iterator[Document | Unreadable]) -> None:
        self._found = found

    def __next__(self) -> Document:
        found = next(self._found)
        if isinstance(found, Unreadable):
            raise found
        return found


def read_documents(name: str, raw: bytes, original: Sibling = no_sibling) -> Documents:
    """The documents in the file `name` with the bytes `raw`, decided by the ending of its name."""
    return read_stream(name, BytesIO(raw), original)


def read_stream(name: str, file: BinaryIO, original: Sibling = no_sibling) -> Documents:
    """The documents in a seekable file; JSON lines are read one by one, however many there are."""
    if PurePath(name).suffix.lower() in LINES:
        return Documents(_read_lines(name, file))
    return Documents(_read(name, file.read(), original))


def check_size(name: str, size: int) -> None:
    """Raises Unreadable for a file of more bytes than are read."""
    ending = PurePath(name).suffix.lower()
    limit = LARGEST.get(ending, LARGEST_TEXT)
    if size > limit and ending not in LINES:
        raise Unreadable("too_large", size, limit, ending)


def _read_lines(name: str, file: BinaryIO) -> Found:
    """JSON lines, a document each."""
    empty = True
    try:
        for number, line in enumerate(read_lines(file), 1):
            if isinstance(line, Unreadable):
                yield Unreadable("line", number, line.problem)
                empty = False
            elif line.strip():
                yield _of_line(name, number, line)
                empty = False
    except Unreadable as error:
        yield error
        return
    if empty:
        yield Unreadable("empty")


def _read(name: str, raw: bytes, original: Sibling) -> Found:
    """Documents and errors in the order of the file; an error that concerns the whole file ends it."""
    try:
        reader, text = _opened(name, raw)
        yield from reader(name, text, original)
    except Unreadable as error:
        yield error


def _opened(name: str, raw: bytes) -> tuple[Reader, str]:
    """The reader for `name` and the text of `raw`, when both are within what can be read."""
    ending = PurePath(name).suffix.lower()
    if ending not in READERS:
        kinds = ", ".join(sorted(LINES.union(READERS)))
        raise Unreadable("ending", ending, kinds)
    check_size(name, len(raw))
    text = decode(raw)
    if not text.strip():
        raise Unreadable("empty")
    _check_lines(text)
    return READERS[ending], text


def _check_lines(text: str) -> None:
    """Refuses a document of too many lines."""
    lines = text.count("\n") + text.count("\r")
    if lines > MOST_LINES:
        raise Unreadable("too_many_lines", lines, MOST_LINES)


def _read_text(name: str, text: str, original: Sibling) -> Found:
    """A plain page: everything known of it stands in its own lines."""
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html")):
        yield from _read_page(name, text[: LARGEST[".html"]], original)
        return
    yield _document(name, text, Stated())


def _read_markdown(name: str, text: str, original: Sibling) -> Found:
    """Markdown, with what its front matter states."""
    values, body = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    stated = stated_in(values)
    title, plain = plain_lines(body)
    known = replace(stated, title=stated.title or title, published=stated.published or _day_of_name(name))
    document = _document(name, plain, known)
    if stated.translation_of:
        document = replace(document, source_key=_original_key(name, stated.translation_of, original))
    yield document


def _day_of_name(name: str) -> date | None:
    """The day that the name of a post begins with: `2025-06-04-title.md`, as site generators and dailies have it."""
    return parse_day(PurePath(name).name) if POST.match(PurePath(name).name) else None


def _original_key(name: str, sibling: str, original: Sibling) -> str:
    """The source key of the document that a translation names as its original."""
    raw = original(sibling)
    if raw is None:
        raise Unreadable("no_original", sibling)
    path = str(PurePath(name).with_name(PurePath(sibling).name))
    try:
        return next(read_documents(path, raw)).source_key
    except Unreadable as error:
        raise Unreadable("bad_original", sibling, error.problem) from error


def _read_page(name: str, text: str, original: Sibling) -> Found:  # noqa: ARG001
    """A web page: its main text, and what its head states."""
    from bot.intake.formats.html import read_page

    page = read_page(text)
    if not page.text.strip():
        raise Unreadable("no_article")
    yield _document(
        name,
        page.text,
        Stated(
            title=one_line(page.title),
            publisher=one_line(page.publisher),
            published=page.published,
            url=page.url,
        ),
    )


def _of_line(name: str, number: int, line: str) -> Document | Unreadable:
    """The document of one JSON line, or why it is none.

    In a stream a line's number says nothing: the next one has a line of that number too. Its text tells it apart.
    """
    place = (
        hashlib.sha256(line.strip().encode("utf-8", "replace")).hexdigest()[:16] if name == STREAM else number
    )
    try:
        return _json_document(f"{name}#{place}", line)
    except Unreadable as error:
        return Unreadable("line", number, error.problem)


def _json_document(name: str, line: str) -> Document:
    """The document of one JSON line."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json") from error
    if not isinstance(values, dict):
        raise Unreadable("not_object")
    text = values.get("text")
    if text is not None and not isinstance(text, str):
        raise Unreadable("text_no_string")
    if "\0" in (text or ""):
        raise Unreadable("binary")
    _check_lines(text or "")
    stated = stated_in(values)
    if not (text or "").strip() and not stated.title:
        raise Unreadable("nothing_said")
    return _document(name, text or stated.title, stated)


READERS: Mapping[str, Reader] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_page,
    ".htm": _read_page,
}
LINES = frozenset({".jsonl", ".ndjson"})
"""The endings of files that hold a document in each line."""


def _document(name: str, text: str, stated: Stated) -> Document:
    """The cleaned document, with what its lines say where its source stated nothing."""
    cleaned = clean(text)
    said = Metadata() if stated.brief else read_metadata(cleaned.lines, title=stated.title)
    if len(said.lines) < len(cleaned.lines):  # a title alone is a text too
        cleaned = cleaned.without(said.lines, "metadata")
    title, publisher = stated.title or said.title, stated.publisher or said.publisher
    published = stated.published or said.published
    return Document(
        source_key=stated.url or (f"{publisher} · {title}" if publisher and title else name),
        title=title,
        text=cleaned.text,
        language=stated.language or detect_language(cleaned.text or title),
        publisher=publisher,
        published=published,
        inferred=stated.inferred if stated.published else said.inferred,
        url=stated.url,
        brief=stated.brief,
        cut=cleaned.cut,
    )
