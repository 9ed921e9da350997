"""Test kit for feeds: writes RSS, and fills a library from a local server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from library_kit import NOW, Shelf
from web_kit import Web

from bot.intake.fetch.addresses import FetchPolicy
from bot.intake.fetch.client import Fetcher
from bot.intake.sources.check import Check, Checked
from bot.state.sources import Source, SourceKind, source_id

START = int(NOW.timestamp())


@dataclass
class Post:
    """An item of a feed."""

    title: str
    text: str = "The plant saved 12% of its power with liquid cooling this year."
    at: datetime = NOW - timedelta(days=2)
    guid: str = ""
    link: str = ""
    more: str = field(default="", kw_only=True)


def rss(*posts: Post, title: str = "Compute News", head: str = "") -> bytes:
    """Return an RSS feed of these posts."""
    items = "".join(
        f"<item><title>{post.title}</title><description><![CDATA[<p>{post.text}</p>]]></description>"
        f"<link>{post.link or 'https://example.com/' + post.title.replace(' ', '-')}</link>"
        f"<guid isPermaLink='false'>{post.guid or post.title}</guid>"
        f"<pubDate>{format_datetime(post.at)}</pubDate>{post.more}</item>"
        for post in posts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://example.com/</link>{head}{items}</channel></rss>"
    ).encode()


class Reader:
    """A library with sources on a local server."""

    def __init__(self, shelf: Shelf, web: Web) -> None:
        self.shelf, self.web = shelf, web
        policy = FetchPolicy(frozenset({("127.0.0.1", web.port)}))
        self.fetcher = Fetcher(policy, seconds=5)
        self.check = Check(self.fetcher, shelf.ingest, shelf.state, lambda: 0.5)

    def add(self, address: str, kind: SourceKind = "feed", title: str = "") -> Source:
        """Add a source and return it."""
        source = Source(source_id(address), kind, address, title, created=START, next_check=START)
        assert self.shelf.state.sources.add(source)
        return source

    def now(self, source: Source) -> Source:
        """Return the stored state of a source."""
        kept = self.shelf.state.sources.get(source.id)
        assert kept is not None
        return kept

    def read(self, source: Source, at: int = START) -> Checked:
        """Check a source once and return the result."""
        return asyncio.run(self.check.run(self.now(source), at))

    def titles(self) -> list[str]:
        """Return the sorted titles of all editions in the library."""
        reports = self.shelf.library.reports(self.shelf.library.report_ids())
        return sorted(edition.title for report in reports.values() for edition in report.editions)
