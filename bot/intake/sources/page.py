"""Turns what was fetched into a file that can be read again without its server; its name contains its address."""

from __future__ import annotations

import asyncio
import codecs

from bot.intake.fetch.client import Answer, Fetcher
from bot.intake.fetch.robots import Robots
from bot.intake.formats.feed import as_lines, plain
from bot.intake.ingest import Ingest
from bot.state.sources import source_id
from bot.text.declared_charset import codec_of
from bot.text.unreadable import Unreadable


async def file_at(fetcher: Fetcher, ingest: Ingest, address: str) -> tuple[str, bytes]:
    """Fetch the page, document or feed at an address once; return the name and the bytes of its file.

    Raises NotFetched if nothing was fetched, also where robots.txt forbids it.
    """
    await Robots(fetcher).check(address)
    answer = await fetcher.fetch(address)
    return await asyncio.to_thread(_file, ingest, address, answer)


def _file(ingest: Ingest, address: str, answer: Answer) -> tuple[str, bytes]:
    try:
        feed = ingest.feed(answer.body, answer.charset)
    except Unreadable:
        return page_file(answer)
    return items_file(address), as_lines(
        reversed(feed.entries), source_id(address), plain(feed.title), feed.home or answer.url
    )


_ITEMS = "#items.jsonl"


def items_file(address: str) -> str:
    """Return the name of a file that holds entries of the feed at `address`."""
    return f"{address}{_ITEMS}"


def feed_of(name: str) -> str:
    """Return the address of the feed whose entries a file of this name holds; "" for any other file."""
    return name.removesuffix(_ITEMS) if name.endswith(_ITEMS) else ""


def page_file(answer: Answer) -> tuple[str, bytes]:
    """Return the name and the bytes of a fetched page or PDF; its bytes show their own charset."""
    ending = ".pdf" if b"%PDF-" in answer.body[:1024] else ".html"
    return f"{answer.url}#page{ending}", _self_contained(answer)


def _self_contained(answer: Answer) -> bytes:
    """Return a page's bytes in an encoding that they show themselves: the charset of an HTTP header is not kept."""
    body = answer.body
    if not answer.charset or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return codecs.BOM_UTF8 + body.decode(codec_of(answer.charset), "replace").encode()
        except LookupError:
            return body
    return body
