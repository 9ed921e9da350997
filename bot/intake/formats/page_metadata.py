"""Reads the metadata that a web page declares: title, publisher, day of publication, address. Reads no running text.

Open Graph, JSON-LD and meta names come first, then the elements that show the day (page_days), then script variables.
Dates are not searched for anywhere else: a date found so may be any date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from bot.intake.bylines import is_organisation
from bot.intake.dates import read_day, zone_of
from bot.intake.formats.page_days import shown_days
from bot.text.rule_data import read_rows, read_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE: Final = re.compile(r"(?:Article|Report|BlogPosting|Posting)$")
_SITE_PART: Final = re.compile(r"\s+[|–—-]\s+|\s*[_|｜]\s*|\s+::\s+")
_VARIABLE: Final = re.compile(
    r"(?<![\w.$-])(?:window\.)?[\"']?(?P<name>[A-Za-z_]{2,20})[\"']?\s{0,3}(?P<sign>[:=])\s{0,3}"
    r"(?:htmlDecode\()?(?P<value>\"[^\"<>\n]{1,60}\"|'[^'<>\n]{1,60}'|\d{10,13}\b)"
)
_MARKS: Final = re.compile(r"(?://\s*)?(?:<!--|-->|<!\[CDATA\[|\]\]>)")
"""Wrappers that old pages put around scripts to hide them from older browsers."""
_LONGEST_SCRIPT: Final = 400_000
"""Most characters of a page's scripts that are searched for variables."""
_LONGEST_ACCOUNT: Final = 60


class _Variable(Struct, frozen=True):
    """A script's variable (`assigned`) or object property; its name is in lower case."""

    name: str
    value: str
    assigned: bool


class PageMetadata(Struct, frozen=True):
    """The metadata that a page declares; "" and None mean unknown."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""


def read_page_metadata(tree: HtmlElement, today: date) -> PageMetadata:
    """Return the metadata of a parsed page. `today` bounds the day of publication."""
    meta = _meta(tree)
    data = list(_linked_data(tree))
    variables = _variables(tree)
    site = _first(meta, _names("site")) or next(
        filter(None, (_name(entry.get("publisher")) for entry in data)), ""
    )
    account = _account(tree, site, variables)
    title = _first(meta, _names("headline")) or _shown_title(tree)
    address = _first(meta, _names("address")) or next(iter(tree.xpath(".//link[@rel='canonical']/@href")), "")
    stated = [
        list(_declared_days(meta, data)),
        *shown_days(tree, _names("shown"), _names("others")),
        [variable.value for variable in variables if variable.name in _names("script") and variable.assigned],
        [variable.value for variable in variables if variable.name in _names("script")],
    ]
    return PageMetadata(
        title=_without_site(title, site),
        publisher=account or ("" if site in _platforms() else site),
        published=_only_day(stated, today, zone_of(title)),
        url=address if address.startswith(("http://", "https://")) else "",
    )


@cache
def _names(meaning: str) -> frozenset[str]:
    """Return the names under which pages state `meaning` (page_names.tsv)."""
    rows = read_rows(Path(__file__).with_name("page_names.tsv"))
    return frozenset(name for name, meanings in rows if meaning in meanings.split(","))


@cache
def _platforms() -> Collection[str]:
    """Return the names of platforms: sites that host many publishers (platforms.txt)."""
    return read_words(Path(__file__).with_name("platforms.txt"))


def _only_day(stated: Iterable[Iterable[str]], today: date, zone: tzinfo) -> date | None:
    """Return the day in the first list of texts that holds any; None if no list does, or if that list disagrees."""
    for texts in stated:
        if days := {read_day(text, today, zone) for text in texts} - {None}:
            return days.pop() if len(days) == 1 else None
    return None


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of the meta elements, by name in lower case."""
    contents: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for name in {(element.get(key) or "").lower() for key in ("property", "name", "itemprop")} - {""}:
            if content:
                contents.setdefault(name, []).append(content)
    return contents


def _first(meta: Mapping[str, list[str]], names: Iterable[str]) -> str:
    """Return the first content under one of `names`, trying shorter names first; "" if none is present."""
    return next(
        (meta[name][0] for name in sorted(names, key=lambda name: (len(name), name)) if name in meta), ""
    )


def _declared_days(meta: Mapping[str, list[str]], data: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield every text in which the head declares the day of publication."""
    for name in _names("declared") & meta.keys():
        yield from meta[name]
    for entry in data:
        if isinstance(day := entry.get("datePublished"), str):
            yield day


def _variables(tree: HtmlElement) -> list[_Variable]:
    """Return the script variables and properties whose value is a string or a number of 10 to 13 digits."""
    scripts = "\n".join(
        str(text) for text in tree.xpath(".//script[not(@type='application/ld+json')]/text()")
    )
    return [
        _Variable(match["name"].lower(), match["value"].strip("\"'"), match["sign"] == "=")
        for match in _VARIABLE.finditer(scripts[:_LONGEST_SCRIPT])
    ]


def _account(tree: HtmlElement, site: str, variables: Iterable[_Variable]) -> str:
    """Return the account that publishes a page on a platform, from its element or else its scripts; "" if unknown."""
    ids = {element.get("id"): element for element in tree.xpath(".//*[@id]")}
    names = _names("account")
    for name in sorted(names & ids.keys()):
        if shown := " ".join(ids[name].text_content().split()):
            return shown[:_LONGEST_ACCOUNT]
    if site not in _platforms() and _names("platform").isdisjoint(ids):
        return ""
    return next((variable.value for variable in variables if variable.name in names), "")


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, object]]:
    """Yield the articles among the page's JSON-LD entries; skip broken scripts."""
    for script in tree.xpath(".//script[@type='application/ld+json']/text()"):
        try:
            loaded = json.loads(_MARKS.sub("", str(script)), strict=False)
        except (ValueError, RecursionError):
            continue
        entries = loaded if isinstance(loaded, list) else [loaded]
        for entry in [*entries, *(item for outer in entries for item in _within(outer))]:
            if isinstance(entry, dict) and any(
                _ARTICLE.search(str(kind)) for kind in _list(entry.get("@type"))
            ):
                yield entry


def _within(entry: object) -> Iterator[object]:
    """Yield the entries of a @graph, and the main entity of a page's entry."""
    if isinstance(entry, dict):
        yield from _list(entry.get("@graph", []))
        yield from _list(entry.get("mainEntity", []))


def _list(value: object) -> list[object]:
    """Return `value` if it is a list, else a list that contains it."""
    return value if isinstance(value, list) else [value]


def _name(value: object) -> str:
    """Return the name of a JSON-LD organisation; "" if it has none."""
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else ""


def _text(tree: HtmlElement, path: str) -> str:
    """Return the text of the first element at `path`, on one line; "" if there is none."""
    element = tree.find(path)
    return " ".join(element.text_content().split()) if element is not None else ""


def _shown_title(tree: HtmlElement) -> str:
    """Return the only h1 if the window's title begins with it (the rest names the site), else the window's title."""
    title = _text(tree, ".//title")
    headings = tree.findall(".//h1")
    heading = _text(tree, ".//h1") if len(headings) == 1 else ""
    return heading if heading and title.startswith(heading) else title


def _without_site(title: str, site: str) -> str:
    """Return `title` without the site and channel names that pages append."""
    parts = [(match.start(), match.end()) for match in _SITE_PART.finditer(title)]
    for start, end in reversed(parts):
        name = title[end:].strip()
        if name and name != site and not name.endswith("频道") and not is_organisation(name):
            break
        title = title[:start].rstrip()
    return title
