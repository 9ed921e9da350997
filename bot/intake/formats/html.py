"""A web page to text, and what its head states. The main text is trafilatura's; no text is cleaned here.

Only what a page declares counts (Open Graph, JSON-LD, meta names, else the element that is named for it): a date
found by search may be any date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.intake.bylines import is_organisation, parse_day

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml ships no types

PUBLISHED = frozenset(
    "article:published_time og:published_time og:article:published_time og:release_date publishdate publish_date "
    "publish-date pubdate publication_date date.created dc.date dc.date.issued dcterms.created dcterms.issued "
    "citation_publication_date citation_date datepublished weibo:article:create_at bytedance:published_time "
    "parsely-pub-date sailthru.date article.published".split()
)
SHOWN = frozenset(
    "pubtime pub-time pub_time publishtime publish-time publish_time pubdate pub-date pub_date publishdate publish-date "
    "publish_date datepublished entry-date post-date".split()
)
"""Classes of the element that shows the day where the head declares none."""
SITE = frozenset(
    "og:site_name application-name citation_journal_title dc.publisher dcterms.publisher".split()
)
ADDRESS = frozenset(["og:url"])
HEADLINE = frozenset("og:title twitter:title dc.title citation_title".split())
ARTICLE = re.compile(r"(?:Article|Report|BlogPosting|Posting)$")
SITE_PART = re.compile(r"\s+[|–—-]\s+|\s*[_|｜]\s*|\s+::\s+")
BULLET = re.compile(r"^- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """The main text of a page, and what its head states of it; "" and None are unknown."""

    text: str
    title: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""


def read_page(html: str) -> Page:
    """The article of a page. A page without one has an empty text."""
    from trafilatura import extract
    from trafilatura.utils import load_html

    tree = load_html(html)
    if tree is None:
        return Page("")
    meta = _meta(tree)
    data = list(_linked_data(tree))
    site = _first(meta, SITE) or next(filter(None, (_name(entry.get("publisher")) for entry in data)), "")
    days = {day for text in _declared_days(meta, data) if (day := parse_day(text)) is not None}
    days = days or {day for text in _shown_days(tree) if (day := parse_day(text)) is not None}
    title = _first(meta, HEADLINE) or _shown_title(tree)
    address = _first(meta, ADDRESS) or next(iter(tree.xpath(".//link[@rel='canonical']/@href")), "")
    text = extract(tree, include_comments=False, include_images=False, include_links=False) or ""
    return Page(
        text=BULLET.sub("", text),
        title=_without_site(title, site),
        publisher=site,
        published=days.pop() if len(days) == 1 else None,
        url=address if address.startswith(("http://", "https://")) else "",
    )


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of the meta elements by their lower-case name."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for name in {(element.get(key) or "").lower() for key in ("property", "name", "itemprop")} - {""}:
            if content:
                found.setdefault(name, []).append(content)
    return found


def _first(meta: dict[str, list[str]], names: Iterable[str]) -> str:
    """The first content under one of `names`."""
    return next((meta[name][0] for name in sorted(names, key=len) if name in meta), "")


def _declared_days(meta: dict[str, list[str]], data: Iterable[dict[str, object]]) -> Iterator[str]:
    """Every text in which the page declares its day of publication."""
    for name in PUBLISHED & meta.keys():
        yield from meta[name]
    for entry in data:
        if isinstance(day := entry.get("datePublished"), str):
            yield day


def _shown_days(tree: HtmlElement) -> Iterator[str]:
    """Every text that is marked up as the day of publication; a list of other articles shows several."""
    for element in tree.xpath(".//*[@class or @itemprop]"):
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower().split()
        if not SHOWN.isdisjoint(names):
            yield element.get("datetime") or element.text_content()


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, object]]:
    """The articles among the JSON-LD entries of the page; broken ones are left out."""
    for script in tree.xpath(".//script[@type='application/ld+json']/text()"):
        try:
            loaded = json.loads(str(script), strict=False)
        except (ValueError, RecursionError):
            continue
        entries = loaded if isinstance(loaded, list) else [loaded]
        nested = [e["@graph"] for e in entries if isinstance(e, dict) and isinstance(e.get("@graph"), list)]
        for entry in [*entries, *(item for graph in nested for item in graph)]:
            if isinstance(entry, dict) and any(
                ARTICLE.search(str(kind)) for kind in _list(entry.get("@type"))
            ):
                yield entry


def _list(value: object) -> list[object]:
    """`value` as a list."""
    return value if isinstance(value, list) else [value]


def _name(value: object) -> str:
    """The name of a JSON-LD organisation."""
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else ""


def _text(tree: HtmlElement, path: str) -> str:
    """The text of the first element at `path`, on one line."""
    element = tree.find(path)
    return " ".join(element.text_content().split()) if element is not None else ""


def _shown_title(tree: HtmlElement) -> str:
    """The title of the window, or the only first-level heading when that begins with it (the rest names the site)."""
    title = _text(tree, ".//title")
    headings = tree.findall(".//h1")
    heading = _text(tree, ".//h1") if len(headings) == 1 else ""
    return heading if heading and title.startswith(heading) else title


def _without_site(title: str, site: str) -> str:
    """`title` without the names of site and channel that pages put behind it."""
    parts = [(match.start(), match.end()) for match in SITE_PART.finditer(title)]
    for start, end in reversed(parts):
        name = title[end:].strip()
        if name and name != site and not name.endswith("频道") and not is_organisation(name):
            break
        title = title[:start].rstrip()
    return title
