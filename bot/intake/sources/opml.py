"""Reads and writes lists of feeds as programs exchange them (OPML 2.0, opml.org). Fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from bot.intake.fetch.addresses import as_address
from bot.settings import packaged
from bot.state.sources import Source, source_id
from bot.text.unreadable import Unreadable

LARGEST: Final = 1 << 20
"""Largest list, in bytes."""

MOST: Final = 2_000
"""Most feeds read from a list."""

_DEEPEST: Final = 50
_STARTER: Final = "feeds.opml"


class Outline(NamedTuple):
    """A feed in a list."""

    title: str
    address: str


def read_opml(raw: bytes) -> list[Outline]:
    """Return the feeds of a list, each address once and at most MOST.

    Raises Unreadable for a list that is too large, malformed, no OPML, or that declares a document type.
    """
    if len(raw) > LARGEST:
        raise Unreadable("too_large", len(raw), LARGEST, ".opml")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    # No list of feeds needs a document type, and entity bombs are made of them.
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError):
        raise Unreadable("no_opml") from None
    if not reader.is_opml:
        raise Unreadable("no_opml")
    return list({outline.address: outline for outline in reader.outlines}.values())[:MOST]


def feeds_of(outlines: Iterable[Outline], now: int) -> list[Source]:
    """Return the feeds of a list as new sources, due at once."""
    return [
        Source(source_id(address), "feed", address, title, created=now, next_check=now)
        for title, address in outlines
    ]


def starter_feeds() -> list[Outline]:
    """Return the well-known feeds that ship with the bot; none is fetched before somebody adds it."""
    return read_opml((packaged("seeds") / _STARTER).read_bytes())


def write_opml(outlines: Iterable[Outline]) -> str:
    """Return an OPML list of feeds, in the order given."""
    rows = "".join(
        f'    <outline type="rss" text={quoteattr(title or address)} xmlUrl={quoteattr(address)}/>\n'
        for title, address in outlines
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>Trendbot</title></head>\n'
    return f"{head}  <body>\n{rows}  </body>\n</opml>\n"


class _Reader:
    """Collector of the outlines that name a feed. Raises ValueError if outlines are nested too deep."""

    def __init__(self) -> None:
        self.is_opml = False
        self.outlines: list[Outline] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("nested too deep")
        if self._depth == 1:
            self.is_opml = name.lower() == "opml"
        address = as_address(attributes.get("xmlUrl") or attributes.get("xmlurl") or "")
        if address:
            title = attributes.get("title") or attributes.get("text") or ""
            self.outlines.append(Outline(" ".join(title.split())[:200], address))

    def end(self, _name: str) -> None:
        self._depth -= 1


def _refuse(*_: object) -> None:
    raise ValueError("a document type is declared")
