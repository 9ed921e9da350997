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
_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def format_name(head: bytes) -> str:
    """The name of the format that a file begins as; "" where its bytes do not say."""
    if b"%PDF-" in head[:1024]:  # behind what a mail program or a web server put before it
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
