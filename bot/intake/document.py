"""Builds a cleaned document from blocks and declared metadata: the last step of every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from bot.blocks import Block
from bot.cleaning.clean import Cleaned, clean
from bot.cleaning.damage import is_damaged
from bot.cleaning.translators_notes import without_notes
from bot.intake.block_kinds import blocks_in_context
from bot.intake.bylines import is_translated
from bot.intake.dated_places import Surroundings, published_by, title_of_name
from bot.intake.declared import DeclaredMetadata
from bot.intake.metadata import Metadata, read_metadata
from bot.models import Document, Problem
from bot.provenance import Provenance
from bot.text.decode import decode
from bot.text.language import detect_language, is_in_foreign_script
from bot.text.unreadable import Unreadable

MOST_LINES: Final = 50_000
"""Most lines in one document: five long books. More is no document, and each line costs time."""


class Keys(NamedTuple):
    """The keys that identify a document's report: see Document."""

    source: str
    issue: str = ""


class RawFile(Struct, frozen=True):
    """A file for a parser: values only, so that another process can read it.

    `today` bounds the days of publication. `originals` holds, for each file beside it that it may translate, the keys
    of its document or why it has none.
    """

    name: str
    raw: bytes
    today: date = date.max
    originals: Mapping[str, Keys | Problem] = field(default_factory=dict)

    @property
    def path(self) -> PurePath:
        """The file's path; empty for one of several documents in a file, whose name says nothing about it."""
        several = "#" in PurePath(self.name).suffix
        return PurePath() if several else PurePath(fetched_from(self.name) or self.name)


def decoded(file: RawFile) -> str:
    """Return the text of a file. Raises Unreadable if it is empty, no text, or has too many lines."""
    text = decode(file.raw)
    if not text.strip():
        raise Unreadable("empty")
    check_lines(text)
    return text


def check_lines(text: str) -> None:
    """Raise Unreadable if a text has more than MOST_LINES lines."""
    lines = text.count("\n") + text.count("\r")
    if lines > MOST_LINES:
        raise Unreadable("too_many_lines", lines, MOST_LINES)


def fetched_from(name: str) -> str:
    """Return the address that a file was fetched from, as its name says; "" for a local file."""
    return name.partition("#")[0] if name.startswith(("http://", "https://")) else ""


def to_document(
    file: RawFile, blocks: Sequence[Block], declared: DeclaredMetadata, keys: Keys | None = None
) -> Document:
    """Return the cleaned document of blocks; what its source does not declare is read from its lines and surroundings.

    It is identified by `keys`, else its address, else publisher and title, else its file name. Raises Unreadable for a
    text that is mojibake as a whole.
    """
    cleaned = clean(blocks)
    if is_damaged(cleaned):
        raise Unreadable("damaged_text")
    said, translated = Metadata(), False
    if not declared.brief:
        translated = is_translated("\n".join([block.text for block in blocks]))
        said = _metadata_in_lines(cleaned, declared.title, file.today, translated=translated)
    if len(said.lines) < len(cleaned.blocks):  # a document that is only a title keeps it as its text
        cleaned = cleaned.without(said.lines, "metadata")
    url = declared.url or fetched_from(file.name)
    title, publisher = declared.title or said.title, declared.publisher or said.publisher
    published, place = declared.published, "declared"
    if published is None and not declared.brief:
        around = Surroundings(file.path, url, title, file.raw, translated, [block.text for block in blocks])
        published, place = published_by(around, said.published, file.today)
    judged = blocks_in_context(cleaned.blocks)
    keys = keys or (Keys(url) if url else _keys_by_title(publisher, title, published) or Keys(file.name))
    provenance = Provenance(
        title=declared.title_from if declared.title else "line" if title else "name",
        publisher="declared" if declared.publisher else "line" if publisher else "",
        published=place,
        language="declared" if declared.language else "text",
    )
    heading, title = title, without_notes(title) or title_of_name(file.path.stem)
    return Document(
        source_key=keys.source,
        title=title,
        blocks=tuple(block for block in judged if not _repeats_title(block, heading or title)),
        language=declared.language or _language(judged, title),
        publisher=publisher,
        published=published,
        inferred=declared.inferred if declared.published else place == "line" and said.inferred,
        url=url,
        brief=declared.brief,
        note=declared.note,
        cut=cleaned.cut,
        remarks=() if published else declared.remarks,
        provenance=provenance if title else replace(provenance, title=""),
        issue_key=keys.issue,
        name="" if title else url.partition("://")[2].rstrip("/") or file.path.stem,
    )


def _keys_by_title(publisher: str, title: str, published: date | None) -> Keys | None:
    """Return the keys of a report identified by publisher and title; None without both."""
    if not (publisher and title):
        return None
    key = f"{publisher} · {title}"
    return Keys(key, f"{key} · {published}" if published else "")


def _language(blocks: Sequence[Block], title: str) -> str:
    """Return the language of the prose, or of title and headings if the prose is only names and numbers.

    Tables and code are ignored.
    """
    prose = "\n".join(block.text for block in blocks if block.kind in {"paragraph", "item", "quote"})
    language = detect_language(prose)
    if language != "other" or is_in_foreign_script(prose):
        return language
    named = "\n".join([title, *(block.text for block in blocks if block.kind == "heading")])
    return detect_language(named)


def _repeats_title(block: Block, title: str) -> bool:
    """Return whether a block repeats the title as a heading."""
    return block.kind == "heading" and block.text == title


def _metadata_in_lines(cleaned: Cleaned, title: str, today: date, *, translated: bool) -> Metadata:
    """Return the metadata in the lines that are no headings; `lines` are indexes of the document's blocks."""
    places = [index for index, block in enumerate(cleaned.blocks) if block.kind != "heading"]
    lines = [cleaned.blocks[index].text for index in places]
    said = read_metadata(lines, title=title, today=today, translated=translated)
    return replace(said, lines=frozenset(places[index] for index in said.lines))
