"""A web page, or a piece of one, to text. The main text of a page is trafilatura's; no text is cleaned here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.intake.declared import DeclaredMetadata, one_line
from bot.intake.document import RawFile, decoded, to_document
from bot.models import Document
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a page: trafilatura takes a minute and more on some pages of 3 to 9 MB."""

MOST_TAGS: Final = 50_000
"""Elements of a page: 2.5 s and 100 MB. Pages of 2 MB that people read have fewer."""

MOST_ATTRIBUTES: Final = 1_000
"""Attributes of one element; their cost grows with the square of their number."""

MOST_WORDS: Final = 10_000
"""Words in the attributes of one element."""

_BULLET: Final = re.compile(r"^- ", re.MULTILINE)
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_START: Final = re.compile(r"<[A-Za-z]")
_TAG: Final = re.compile(r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*'|[\"'])*+")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")

_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_UNSEEN: Final = frozenset(
    "script style noscript template iframe svg object head title button select textarea nav form".split()
)


@dataclass(frozen=True, slots=True)
class Page:
    """The main text of a page, and what its head states of it; "" and None are unknown."""

    text: str
    title: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""


def parse(file: RawFile) -> Iterator[Document]:
    """The document of a page. Raises Unreadable."""
    yield page_document(file, decoded(file))


def page_document(file: RawFile, text: str) -> Document:
    """The document of a page's source `text`. Raises Unreadable for one without an article or over a limit."""
    page = read_page(text, file.today)
    if not page.text.strip():
        raise Unreadable("no_article")
    declared = DeclaredMetadata(
        title=one_line(page.title),
        publisher=one_line(page.publisher),
        published=page.published,
        url=page.url,
    )
    return to_document(file, page.text, declared)


def read_page(source: str, today: date = date.max) -> Page:
    """The article of a page; one without an article has an empty text. Raises Unreadable for one over a limit."""
    from trafilatura import extract
    from trafilatura.utils import load_html

    from bot.intake.formats.page_metadata import read_page_metadata

    check_page(source)
    tree = load_html(source)
    if tree is None:
        return Page("")
    known = read_page_metadata(tree, today)
    text = extract(tree, include_comments=False, include_images=False, include_links=False) or ""
    return Page(_BULLET.sub("", text), known.title, known.publisher, known.published, known.url)


def is_page(text: str) -> bool:
    """Whether `text` is the source of a whole page."""
    return _PAGE.search(text[:2000]) is not None


def check_page(source: str) -> None:
    """Raises Unreadable for a page of more elements, or an element of more attributes, than are read."""
    tags = sum(1 for _ in _START.finditer(source))
    if tags > MOST_TAGS:
        raise Unreadable("too_many_tags", tags, MOST_TAGS)
    for match in _TAG.finditer(source):
        if match.end() - match.start() > 2 * MOST_ATTRIBUTES:
            attributes = len(_QUOTED.sub("", match[0]).split())
            words = len(match[0].split())  # where quotation marks are odd, what they hold may be attributes
            if attributes > MOST_ATTRIBUTES or words > MOST_WORDS:
                raise Unreadable("too_many_attributes", max(attributes, words), MOST_ATTRIBUTES)


def fragment_text(source: str) -> str:
    """The visible text of a piece of a page, a line for each block. Raises Unreadable for one over a limit."""
    from lxml.etree import ParserError
    from lxml.html import fromstring  # with its tolerance for broken pages

    if "&lt;/" in source and "</" not in source:  # escaped once more than it should be
        source = html.unescape(source)
    check_page(source)
    try:
        tree = fromstring(f"<div>{source}</div>")
    except (ParserError, ValueError):
        return ""
    lines = "".join(_pieces(tree)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _pieces(tree: HtmlElement) -> Iterator[str]:
    """The visible text of `tree`, with line breaks where blocks begin and end; cells of a row stand between bars."""
    hidden = 0
    from lxml.etree import iterwalk

    for event, element in iterwalk(tree, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        unseen = name in _UNSEEN
        if event == "start":
            hidden += unseen
            if not hidden:
                yield _break(name, element)
                yield (element.text or "").replace("\n", " ")
            continue
        hidden -= unseen
        if not hidden:
            yield "\n" if name in _BLOCKS - {"td", "th"} else ""
            yield (element.tail or "").replace("\n", " ")


def _break(name: str, element: HtmlElement) -> str:
    """What an element begins with."""
    if name in {"td", "th"}:
        return " | " if element.getprevious() is not None else ""
    return "\n" if name == "br" or name in _BLOCKS else ""
