"""Turns what an operator types into a source that can be checked: a feed, a page's feed, the page itself, a folder.

a folder of this machine   -> a watched folder
an address -> a feed?      -> that feed
           -> a page that names feeds?  -> the first of them that is one
           -> else         -> the page, checked for changes
"""

from __future__ import annotations

import asyncio
import html
import re
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from msgspec import Struct

from bot.intake.fetch.addresses import NotFetched, as_address
from bot.intake.fetch.client import Answer, Fetcher
from bot.intake.formats.feed import Feed, plain
from bot.intake.ingest import Ingest
from bot.state.sources import Source, source_id
from bot.text.unreadable import Unreadable

_HEAD: Final = 300_000
_MOST_LINKS: Final = 5
_LINK: Final = re.compile(r"<link\b((?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*+)>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"})  # fmt: skip  # one list
_TELEGRAM: Final = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(?:s/)?\w+/?|@\w{4,}", re.IGNORECASE)


class Found(Struct, frozen=True):
    """A source that may be added, and how many entries its feed has now; 0 if it is no feed."""

    source: Source
    entries: int = 0


def folder_at(given: str, now: int) -> Found | None:
    """Return the folder of this machine that a command line names; None if it names an address.

    Not for chats: whoever has an operator's account need not have access to their machine. Raises NotFetched for a path
    that is no folder.
    """
    folder = Path(given).expanduser()
    if as_address(given) is not None:
        return None
    if not folder.is_dir():
        if folder.is_absolute() or given.startswith(".") or folder.exists():
            raise NotFetched("no_such_folder")
        return None
    path = str(folder.resolve())
    return Found(Source(source_id(path), "folder", path, folder.name, created=now, next_check=now))


async def find_source(fetcher: Fetcher, ingest: Ingest, given: str, now: int) -> Found:
    """Return the source that an operator means by an address. Raises NotFetched, which says why there is none."""
    given = given.strip()
    if _TELEGRAM.fullmatch(given):
        raise NotFetched("channel_needs_admin", given)
    address = given if "://" in given else f"https://{given}"
    if as_address(address) is None or not ("://" in given or "." in given):
        raise NotFetched("address_scheme", given)
    answer = await fetcher.fetch(address)
    feed = await asyncio.to_thread(_feed, ingest, answer)
    if feed is not None:
        return _found(address, feed, now)
    for link in feed_links(answer.body[:_HEAD].decode("utf-8", "replace"), answer.url)[:_MOST_LINKS]:
        try:
            linked = await asyncio.to_thread(_feed, ingest, await fetcher.fetch(link))
        except NotFetched:
            continue
        if linked is not None:
            return _found(link, linked, now)
    if not re.search(rb"<html|<!doctype html", answer.body[:_HEAD], re.IGNORECASE):
        raise NotFetched("no_feed")
    return Found(Source(source_id(address), "page", address, created=now, next_check=now))


def feed_links(page: str, url: str) -> list[str]:
    """Return the addresses of the feeds that a page links to, comment feeds last."""
    links = []
    for match in _LINK.finditer(page):
        attributes = {
            name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(match[1])
        }
        if (
            "alternate" in attributes.get("rel", "").lower().split()
            and attributes.get("type", "").lower() in _TYPES
        ):
            try:
                links.append(urljoin(url, attributes.get("href", "").strip()))
            except ValueError:
                continue
    return sorted(dict.fromkeys(links), key=lambda link: "comment" in link.lower())


def _found(address: str, feed: Feed, now: int) -> Found:
    source = Source(source_id(address), "feed", address, plain(feed.title), created=now, next_check=now)
    return Found(source, len(feed.entries))


def _feed(ingest: Ingest, answer: Answer) -> Feed | None:
    try:
        return ingest.feed(answer.body, answer.charset)
    except Unreadable:
        return None
