"""What a file is by its first bytes, whatever its name says. Parses nothing."""

from __future__ import annotations

import re
from typing import Final

HEAD: Final = 4096
"""Bytes that are looked at."""

_BEFORE: Final = rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^<>]*\?>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE\s[^<>\[]*>\s*)*"
"""What may stand before the first element."""
_FEED: Final = re.compile(
    _BEFORE
    + rb"<(?:rss|feed|rdf:RDF|channel)\b|\s*\{.{0,4000}?\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version",
    re.DOTALL,
)
_PDF: Final = re.compile(rb"(?:\A|[\x00-\x1f])%PDF-\d")
"""At the beginning, or behind what a mail program or a server put before it."""
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^<>]*\?>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


_OTHERS: Final = {
    rb"{\rtf": ".rtf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".doc",
    b"Rar!\x1a\x07": ".rar",
    b"7z\xbc\xaf": ".7z",
}


def foreign_ending(head: bytes) -> str:
    """The usual ending of a file of a known kind that no format is for; "" for every other one."""
    return next((ending for start, ending in _OTHERS.items() if head.startswith(start)), "")


def format_name(head: bytes) -> str:
    """The name of the format that a file begins as; "" where its bytes do not say."""
    if _PDF.search(head[:1024]):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):  # what else is packed so, is refused there
        return "docx"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    if _FEED.match(head):
        return "feed"
    if _PAGE.match(head):
        return "html"
    return ""
