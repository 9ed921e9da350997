"""Tells a file's format by its first bytes, whatever its name says. Parses nothing."""

from __future__ import annotations

import re
from typing import Final

HEAD: Final = 4096
"""Number of a file's first bytes that callers pass in."""

_BEFORE: Final = rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^<>]*\?>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE\s[^<>\[]*>\s*)*"
"""What may precede the first element: a byte order mark, declarations, comments, a document type."""
_FEED: Final = re.compile(
    _BEFORE
    + rb"<(?:rss|feed|rdf:RDF|channel)\b|\s*\{.{0,4000}?\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version",
    re.DOTALL,
)
_PDF: Final = re.compile(rb"(?:\A|[\x00-\x1f])%PDF-\d")
"""Matches at the beginning, or after what a mail program or a server prepended."""
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
    """Return the usual ending of a known kind of file that has no parser here; "" for any other file."""
    return next((ending for start, ending in _OTHERS.items() if head.startswith(start)), "")


def format_name(head: bytes) -> str:
    """Return the name of the format that a file's first bytes show; "" if they show none."""
    if _PDF.search(head[:1024]):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):  # other ZIP archives are refused there
        return "docx"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    if _FEED.match(head):
        return "feed"
    if _PAGE.match(head):
        return "html"
    return ""
