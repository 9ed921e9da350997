"""Finds the day of publication in a page's visible elements. Reads no head, no script and no running text.

Skips what is not the article: comments, related articles, events. An element whose class or id is named for the day
counts anywhere; a bare `<time>` counts only in a byline, between the title and the first sentence of the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.intake.bylines import CREDIT_WIDTH
from bot.intake.dates import read_day
from bot.intake.day_roles import role_of
from bot.text.lines import is_sentence, width

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_OTHERS: Final = frozenset({"aside", "nav"})
_BLOCKS: Final = frozenset("address article aside dd div dt footer header li main p section td".split())
_NAME_PARTS: Final = re.compile(r"[A-Za-z](?:[a-z]+|[A-Z]+(?![a-z]))")
MOST_ELEMENTS: Final = 100
"""Most elements read for the day of one page; a page that has more is a list."""
_SENTENCE_WIDTH: Final = 60
"""Columns from which on a sentence is taken for the article's text or its teaser."""


def shown_days(tree: HtmlElement, named: Collection[str], others: Collection[str]) -> Iterator[list[str]]:
    """Yield lists of texts that state the day of publication, the most trustworthy list first.

    `named` holds the classes, itemprops and ids of elements for the day, `others` words in those of elements outside
    the article.
    """
    title = _title(tree)
    own = _own_elements(tree, title, others)
    marked = (
        element
        for element in own
        if not set(named).isdisjoint(_names(element))
        or (element.tag == "time" and "pubdate" in element.attrib)
    )
    yield [_day_text(element) for element in islice(marked, MOST_ELEMENTS)]
    yield [_day_text(time) for time in _byline_times(own, title)]


def _own_elements(tree: HtmlElement, title: HtmlElement | None, others: Collection[str]) -> list[HtmlElement]:
    """Return the article's elements in document order; every ancestor of its title belongs to it."""
    around = set(title.iterancestors()) if title is not None else set()
    outside: set[HtmlElement] = set()
    own: list[HtmlElement] = []
    for element in tree.iter("*"):
        if element.getparent() in outside or (element not in around and _is_outside_article(element, others)):
            outside.add(element)
        else:
            own.append(element)
    return own


def _title(tree: HtmlElement) -> HtmlElement | None:
    """Return the article's heading: the only h1 that begins the window's title, else the only h1; None if unclear."""
    headings = tree.findall(".//h1")
    window = " ".join("".join(tree.xpath(".//title//text()")).split())
    named = [h for h in headings if (text := " ".join(h.text_content().split())) and window.startswith(text)]
    only = named or headings
    return only[0] if len(only) == 1 else None


def _names(element: HtmlElement) -> list[str]:
    """Return an element's classes, properties and id in lower case."""
    return " ".join(element.get(key) or "" for key in ("class", "itemprop", "id")).lower().split()


def _is_outside_article(element: HtmlElement, others: Collection[str]) -> bool:
    """Return whether an element holds something other than the article."""
    if element.tag in {"html", "body", "main"}:
        return False
    names = " ".join(element.get(key) or "" for key in ("class", "itemprop", "itemtype", "id"))
    return element.tag in _OTHERS or any(part.lower() in others for part in _NAME_PARTS.findall(names))


def _day_text(element: HtmlElement) -> str:
    """Return the text in which an element states a day, its machine-readable form first; "" if none is a day."""
    texts = [element.get("datetime") or "", element.get("content") or "", element.text_content()]
    return next((text for text in texts if text and read_day(text)), "")


def _byline_times(own: list[HtmlElement], title: HtmlElement | None) -> Iterator[HtmlElement]:
    """Yield the `<time>` elements between the title, with its header, and the first sentence of the text."""
    if title is None or title not in own:
        return
    head = next(title.iterancestors("header"), title)
    left = MOST_ELEMENTS
    for element in own[own.index(head) :]:
        if element.tag == "time" and _may_date_article(element):
            yield element
        left -= element.tag == "time"
        text = " ".join((element.text or "").split())
        if left < 0 or (element is not title and width(text) >= _SENTENCE_WIDTH and is_sentence(text)):
            return


def _may_date_article(time: HtmlElement) -> bool:
    """Return whether the text around a `<time>` in its block says publication, or nothing about its role."""
    block = next((outer for outer in time.iterancestors() if outer.tag in _BLOCKS), time)
    text, own = (" ".join(element.text_content().split()) for element in (block, time))
    before, _, after = text.partition(own) if own else (text, "", "")
    return width(before) <= CREDIT_WIDTH and role_of(before, after[:CREDIT_WIDTH]) in {"published", "unsaid"}
