"""The last step of every format: text and declared metadata to a cleaned document, within the limits of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Final

from bot.cleaning.clean import clean
from bot.intake.bylines import is_translated
from bot.intake.dated_places import Surroundings, published_by
from bot.intake.declared import DeclaredMetadata
from bot.intake.metadata import Metadata, read_metadata
from bot.models import Document, Problem
from bot.text.decode import decode
from bot.text.language import detect_language
from bot.text.unreadable import Unreadable

MOST_LINES: Final = 50_000
"""Lines of one document: five long books. More are no document, and each line costs time whatever it holds."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """What a format reads: values alone, so that it can be read in another process.

    `today` bounds the days on which reports came out. `originals` are the files beside it that it may translate: the
    source key of each, or why it has none.
    """

    name: str
    raw: bytes
    today: date = date.max
    originals: Mapping[str, str | Problem] = field(default_factory=dict)

    @property
    def path(self) -> PurePath:
        """Its path; none for one of several documents of a file, whose name says nothing of it."""
        path = PurePath(self.name)
        return PurePath() if "#" in path.suffix else path


def decoded(file: RawFile) -> str:
    """The text of a file. Raises Unreadable for one that is empty, no text, or over the limit of lines."""
    text = decode(file.raw)
    if not text.strip():
        raise Unreadable("empty")
    check_lines(text)
    return text


def check_lines(text: str) -> None:
    """Raises Unreadable for a document of too many lines."""
    lines = text.count("\n") + text.count("\r")
    if lines > MOST_LINES:
        raise Unreadable("too_many_lines", lines, MOST_LINES)


def to_document(file: RawFile, text: str, declared: DeclaredMetadata, source_key: str = "") -> Document:
    """The cleaned document, with what its lines say where its source declared nothing.

    Its key is `source_key`, else its address, else publisher and title, else the name of its file.
    """
    cleaned = clean(text)
    said, translated = Metadata(), False
    if not declared.brief:
        translated = is_translated(text)
        said = read_metadata(cleaned.lines, title=declared.title, today=file.today, translated=translated)
    if len(said.lines) < len(cleaned.lines):  # a title alone is a text too
        cleaned = cleaned.without(said.lines, "metadata")
    title, publisher = declared.title or said.title, declared.publisher or said.publisher
    published, place = declared.published, "declared"
    if published is None and not declared.brief:
        around = Surroundings(file.path, declared.url, title, file.raw, translated)
        published, place = published_by(around, said.published, file.today)
    named = f"{publisher} · {title}" if publisher and title else file.name
    return Document(
        source_key=source_key or declared.url or named,
        title=title,
        text=cleaned.text,
        language=declared.language or detect_language(cleaned.text or title),
        publisher=publisher,
        published=published,
        inferred=declared.inferred if declared.published else place == "line" and said.inferred,
        url=declared.url,
        brief=declared.brief,
        note=declared.note,
        cut=cleaned.cut,
        remarks=() if published else declared.remarks,
    )
