"""A plain page to a document: everything known of it stands in its own lines."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intake.declared import DeclaredMetadata
from bot.intake.document import RawFile, decoded, to_document
from bot.models import Document
from bot.text.plain_blocks import lines_of


def parse(file: RawFile) -> Iterator[Document]:
    """The document of a text, or of a web page that was saved as one. Raises Unreadable."""
    text = decoded(file)
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html")):
        from bot.intake.formats import html  # with all its rules: nothing that a text needs

        yield html.page_document(file, text[: html.LARGEST])
    else:
        yield to_document(file, lines_of(text), DeclaredMetadata())
