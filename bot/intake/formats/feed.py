"""Parses a feed (RSS, Atom, JSON Feed) into entries as the publisher wrote them, and writes entries as JSON lines.

A feed holds only its newest entries and is never kept whole: whoever checks it keeps the JSON lines of the new and
changed entries as the original, so that a rebuild reads them by the rules of its day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from bot.text.declared_charset import codec_of, declared_charset
from bot.text.markup import strip_markup
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from bot.intake.document import RawFile
    from bot.models import Document

_GLOBAL: Final = ("http://", "https://", "tag:", "urn:")

LARGEST: Final = 5 << 20
"""Largest feed, in bytes. Podcast feeds with their whole history have 3 MiB."""

MOST_ENTRIES: Final = 500
"""Most entries read from a feed: the first ones. Feeds that people read have fewer."""

_DECLARATION: Final = re.compile(r"\s*<\?xml[^<>]{0,300}\?>")
_REFERENCE: Final = re.compile(r"&#([xX][0-9a-fA-F]{1,100}|[0-9]{1,100})(?:;|(?![0-9a-fA-F]))")
_NEVER_IN_UTF8: Final = bytes([0xC0, 0xC1, *range(0xF5, 0x100)])
"""Bytes that never occur in UTF-8: deleting them breaks no character."""
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Programs label text as GB2312 although it contains characters of GB2312's successors.
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}


class Entry(Struct, frozen=True):
    """One entry of a feed: `published` as written, `html` its longest text; "" for what it lacks."""

    id: str
    url: str
    title: str
    html: str
    published: str


class Feed(Struct, frozen=True):
    """A parsed feed: its title, the address of its home page ("" if unknown), and its entries in feed order."""

    title: str
    home: str
    entries: tuple[Entry, ...]


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the documents of a feed file, the last entry first, which in most feeds is the oldest.

    An entry without title and text says nothing and is left out. Raises Unreadable for what is no feed, for a feed
    without other entries, and, after the last entry, for the first one that could not be read.
    """
    from bot.intake.formats import jsonl  # loads every rule, which a check of feeds does not need

    feed = read_feed(file.raw)
    entries = [one for one in reversed(feed.entries) if plain(one.title) or one.html.strip()]
    if not entries:
        raise Unreadable("no_entries")
    lines = as_lines(entries, feed.home or file.name, plain(feed.title), feed.home)
    problem: Unreadable | None = None
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            yield from jsonl.parse(replace(file, name=f"{file.name}#{number}", raw=line))
        except Unreadable as error:
            problem = problem or error
    if problem is not None:
        raise problem


def read_feed(raw: bytes, charset: str = "") -> Feed:
    """Return the feed in `raw`; `charset` is what the server declares, "" if nothing.

    Raises Unreadable if it is no feed.
    """
    text = _text(raw, charset)
    if text.lstrip().startswith("{"):
        return _json_feed(text)
    import feedparser

    # Given bytes, feedparser would decode the whole feed as windows-1251 after one broken byte or a wrong label.
    parsed = feedparser.parse(
        _REFERENCE.sub(_valid_reference, _DECLARATION.sub("", text, count=1)).encode(),
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
    """Return the key that identifies the report of an entry: its id if globally unique, else its id with the source's.

    Without an id: its address, or the source's id with the title. The source's id survives a move to another address.
    """
    if entry.id.startswith(_GLOBAL):
        return entry.id
    if entry.id:
        return f"{source} {entry.id}"
    return entry.url or f"{source} {entry.title}"


def plain(line: str) -> str:
    """Return a title on one line, without the markup that feeds put into it."""
    return " ".join(strip_markup(line)[0].split())


def as_lines(entries: Iterable[Entry], source: str, publisher: str, base: str) -> bytes:
    """Return entries as JSON lines in UTF-8, one document each; relative addresses are resolved against `base`."""
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


def _valid_reference(reference: re.Match[str]) -> str:
    """Return a numeric character reference unchanged, or a space if no such character exists."""
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
        # Well-formed UTF-8 is UTF-8, whatever it declares.
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if codec != "utf-8":
        with suppress(LookupError):
            return raw.decode(codec, "replace")
    return raw.translate(None, delete=_NEVER_IN_UTF8).decode("utf-8", "replace")


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
    """Return the feed in a JSON Feed (jsonfeed.org, versions 1 and 1.1). Raises Unreadable for other JSON."""
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
    # JSON can escape NUL and lone surrogates, which no database stores.
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def _line(value: object) -> str:
    return " ".join(_string(value).split())[:2000]
