"""A feed (RSS, Atom, JSON Feed) to its entries as the publisher wrote them, and to JSON lines: a document each.

A feed holds its newest entries only, and is kept whole nowhere: whoever checks it keeps the lines of those that are new
or changed, so that a rebuild reads them with the rules of its day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from bot.text.declared_charset import codec_of, declared_charset
from bot.text.markup import strip_markup
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from bot.intake.document import RawFile
    from bot.models import Document

_GLOBAL: Final = ("http://", "https://", "tag:", "urn:")

LARGEST: Final = 5 << 20
"""Bytes of a feed. Those of podcasts with their whole past have 3 MiB."""

MOST_ENTRIES: Final = 500
"""Entries of a feed that are read, the first ones: feeds that people read have fewer."""

_DECLARATION: Final = re.compile(r"\s*<\?xml[^<>]{0,300}\?>")
_REFERENCE: Final = re.compile(r"&#([xX][0-9a-fA-F]{1,100}|[0-9]{1,100})(?:;|(?![0-9a-fA-F]))")
_NEVER: Final = bytes([0xC0, 0xC1, *range(0xF5, 0x100)])
"""Bytes that no character has in UTF-8: they stand between characters, and leave none broken."""
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


def parse(file: RawFile) -> Iterator[Document]:
    """The documents of a file that is a feed, the oldest entry first. Raises Unreadable."""
    from bot.intake.formats import jsonl  # with every rule of a document: nothing that a check of feeds needs

    feed = read_feed(file.raw)
    lines = as_lines(reversed(feed.entries), feed.home or file.name, plain(feed.title), feed.home)
    if not lines:
        raise Unreadable("empty")
    for number, line in enumerate(lines.splitlines(), 1):
        yield from jsonl.parse(replace(file, name=f"{file.name}#{number}", raw=line))


def read_feed(raw: bytes, charset: str = "") -> Feed:
    """The feed in `raw`; `charset` is what the server declares. Raises Unreadable where there is none."""
    text = _text(raw, charset)
    if text.lstrip().startswith("{"):
        return _json_feed(text)
    import feedparser

    # One broken byte, or a wrong label, would make feedparser read all of it as windows-1251.
    parsed = feedparser.parse(
        _REFERENCE.sub(_known, _DECLARATION.sub("", text, count=1)).encode(),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not parsed.get("version") and not parsed.entries:
        raise Unreadable("no_feed")
    head = parsed.feed
    entries = tuple(_entry(item) for item in parsed.entries[:MOST_ENTRIES])
    return Feed(_line(head.get("title")), _line(head.get("link")), entries)


def key_of(entry: Entry, source: str) -> str:
    """The key by which the report of an entry is known: its id where that is one everywhere, else with its source's id.

    That id stays when the feed moves to another address.
    """
    if entry.id.startswith(_GLOBAL):
        return entry.id
    if entry.id:
        return f"{source} {entry.id}"
    return entry.url or f"{source} {entry.title}"


def plain(line: str) -> str:
    """A title without the markup that feeds put into it."""
    return " ".join(strip_markup(line)[0].split())


def as_lines(entries: Iterable[Entry], source: str, publisher: str, base: str) -> bytes:
    """Entries as JSON lines, a document each; `base` is what their addresses may be relative to."""
    lines = (
        json.dumps(
            {
                "source_key": key_of(entry, source),
                "title": plain(entry.title),
                "url": _absolute(base, entry.url),
                "publisher": publisher,
                "published": entry.published,
                "text": entry.html,
            },
            ensure_ascii=False,
        )
        for entry in entries
    )
    return "\n".join(lines).encode("utf-8", "replace")


def _known(reference: re.Match[str]) -> str:
    """A numbered character as it is written, or a space where there is no such character."""
    digits = reference[1].lower()
    code = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    return reference[0] if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else " "


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
    if codec != "utf-8":
        with suppress(LookupError):
            return raw.decode(codec, "replace")
    return raw.translate(None, delete=_NEVER).decode("utf-8", "replace")


def _absolute(base: str, url: str) -> str:
    try:
        return urljoin(base, url) if url else ""
    except ValueError:
        return ""


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
