"""Converts plain text to a document. It declares no metadata: what is known about it is found in its own lines."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intake.declared import DeclaredMetadata
from bot.intake.document import RawFile, decoded, to_document
from bot.models import Document
from bot.text.plain_blocks import lines_of


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the one document of a plain text. Raises Unreadable if it cannot be decoded or has too many lines."""
    yield to_document(file, lines_of(decoded(file)), DeclaredMetadata())
