"""Converts a web page, or a fragment of one, to blocks, within limits of size and cost.

trafilatura chooses the main text of a page; no text is cleaned here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from bot.blocks import Block
from bot.intake.declared import DeclaredMetadata, one_line
from bot.intake.document import RawFile, decoded, to_document
from bot.models import Document
from bot.text.unreadable import Unreadable

LARGEST: Final = 2 * 1024 * 1024
"""Largest page, in bytes: trafilatura takes a minute and more on some pages of 3 to 9 MB."""

MOST_TAGS: Final = 50_000
"""Most elements in a page: they take 2.5 s and 100 MB. Pages of 2 MB that people read have fewer."""

MOST_ATTRIBUTES: Final = 1_000
"""Most attributes in one element: their cost grows with the square of their number."""

MOST_WORDS: Final = 10_000
"""Most words in the attributes of one element."""

_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_START: Final = re.compile(r"<[A-Za-z]")
_TAG: Final = re.compile(r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*'|[\"'])*+")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


class Page(Struct, frozen=True):
    """A page's main text as blocks, and the metadata in its head; "" and None mean unknown."""

    blocks: tuple[Block, ...]
    title: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the one document of a page. Raises Unreadable for a page without an article or over a limit."""
    page = read_page(decoded(file), file.today)
    if not page.blocks:
        raise Unreadable("no_article")
    declared = DeclaredMetadata(
        title=one_line(page.title),
        publisher=one_line(page.publisher),
        published=page.published,
        url=page.url,
    )
    yield to_document(file, page.blocks, declared)


def read_page(source: str, today: date = date.max) -> Page:
    """Return the article of a page; without one, a Page without blocks. `today` bounds its day of publication.

    Raises Unreadable for a page over a limit.
    """
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    from bot.intake.formats.elements import blocks_of
    from bot.intake.formats.page_metadata import read_page_metadata

    check_page(source)
    tree = load_html(source)
    if tree is None:
        return Page(())
    known = read_page_metadata(tree, today)
    article = bare_extraction(
        tree, include_comments=False, include_images=False, include_links=False, fast=True
    )
    body = getattr(article, "body", None)  # None, or a document: trafilatura returns a dict only on request
    blocks = () if body is None else tuple(blocks_of(body))
    return Page(blocks, known.title, known.publisher, known.published, known.url)


def is_page(text: str) -> bool:
    """Return whether `text` is the source of a whole page, judged by its first 2,000 characters."""
    return _PAGE.search(text[:2000]) is not None


def check_page(source: str) -> None:
    """Raise Unreadable if a page has more elements, or an element more attributes, than the limits."""
    tags = sum(1 for _ in _START.finditer(source))
    if tags > MOST_TAGS:
        raise Unreadable("too_many_tags", tags, MOST_TAGS)
    for match in _TAG.finditer(source):
        if match.end() - match.start() > 2 * MOST_ATTRIBUTES:
            attributes = len(_QUOTED.sub("", match[0]).split())
            words = len(match[0].split())  # if a quote is unclosed, quoted text may be attributes
            if attributes > MOST_ATTRIBUTES or words > MOST_WORDS:
                raise Unreadable("too_many_attributes", max(attributes, words), MOST_ATTRIBUTES)


def fragment_blocks(source: str, line: int = 1) -> tuple[Block, ...]:
    """Return the blocks of an HTML fragment that begins on `line`; empty if it cannot be parsed.

    Raises Unreadable for a fragment over a limit.
    """
    from lxml.etree import ParserError
    from lxml.html import fromstring  # tolerates broken markup

    from bot.intake.formats.elements import blocks_of

    if "&lt;/" in source and "</" not in source:  # escaped twice
        source = html.unescape(source)
    if source.lstrip().startswith("<![CDATA["):
        source = source.replace("<![CDATA[", "").replace("]]>", "")
    check_page(source)
    try:
        tree = fromstring(f"<div>{source}</div>")
    except (ParserError, ValueError):
        return ()
    return tuple(blocks_of(tree, line))
