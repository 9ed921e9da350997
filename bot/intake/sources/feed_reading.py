"""The entries of a feed (RSS, Atom, JSON Feed) as its publisher wrote them. Reads no dates and cleans nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.text.declared_charset import codec_of, declared_charset
from bot.text.unreadable import Unreadable

MOST_ENTRIES: Final = 500
"""Entries of a feed that are read, the first ones: feeds that people read have fewer."""

_DECLARATION: Final = re.compile(r"\s*<\?xml[^<>]{0,300}\?>")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Programs label as GB2312 what holds characters of its successors.
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item; its days as they are written, its text as HTML, "" for what it lacks."""

    id: str
    url: str
    title: str
    html: str
    published: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, the address of the page that it belongs to, and its entries in their order."""

    title: str
    home: str
    entries: tuple[Entry, ...]


def read_feed(raw: bytes, charset: str = "") -> Feed:
    """The feed in `raw`; `charset` is what the server declares. Raises Unreadable where there is none."""
    text = _text(raw, charset)
    if text.lstrip().startswith("{"):
        return _json_feed(text)
    import feedparser

    # One broken byte, or a wrong label, would make feedparser read all of it as windows-1251.
    parsed = feedparser.parse(
        _DECLARATION.sub("", text, count=1).encode(),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not parsed.get("version"):
        raise Unreadable("no_feed")
    head = parsed.feed
    entries = tuple(_entry(item) for item in parsed.entries[:MOST_ENTRIES])
    return Feed(_line(head.get("title")), _line(head.get("link")), entries)


def _text(raw: bytes, charset: str) -> str:
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return raw.decode(codec, "replace")
    codec = codec_of(charset or declared_charset(raw) or "utf-8").lower()
    codec = _WIDER.get(codec, codec)
    try:
        # What is well-formed UTF-8 is UTF-8, whatever it says of itself.
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode(codec, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _entry(item: Mapping[str, Any]) -> Entry:
    texts = [part.get("value", "") for part in item.get("content", ()) if isinstance(part, Mapping)]
    html = max((*texts, _string(item.get("summary"))), key=len)
    published = _line(item.get("published")) or _line(item.get("updated")) or _line(item.get("created"))
    return Entry(_line(item.get("id")), _line(item.get("link")), _line(item.get("title")), html, published)


def _json_feed(text: str) -> Feed:
    """A JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("no_feed") from None
    items = values.get("items") if isinstance(values, dict) else None
    if not isinstance(items, list):
        raise Unreadable("no_feed")
    entries = tuple(
        Entry(
            _line(item.get("id")) or _line(item.get("guid")),
            _line(item.get("url")) or _line(item.get("external_url")),
            _line(item.get("title")),
            _string(item.get("content_html") or item.get("content_text") or item.get("summary")),
            _line(item.get("date_published")) or _line(item.get("date_modified")),
        )
        for item in items[:MOST_ENTRIES]
        if isinstance(item, dict)
    )
    return Feed(_line(values.get("title")), _line(values.get("home_page_url")), entries)


def _string(value: object) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    # JSON can name characters that no text has, and that no database takes.
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def _line(value: object) -> str:
    return " ".join(_string(value).split())[:2000]
