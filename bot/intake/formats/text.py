"""A plain page to a document: everything known of it stands in its own lines."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intake.declared import DeclaredMetadata
from bot.intake.document import RawFile, decoded, to_document
from bot.models import Document
from bot.text.plain_blocks import lines_of


def parse(file: RawFile) -> Iterator[Document]:
    """The document of a text. Raises Unreadable."""
    yield to_document(file, lines_of(decoded(file)), DeclaredMetadata())
