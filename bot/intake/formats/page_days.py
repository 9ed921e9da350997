"""The day of publication as elements of a page show it. Reads no head, no script and no running text.

What belongs to others is passed over: comments, related articles, events. An element named for the day counts, whichever
it is; a bare `<time>` counts where bylines stand, between the title and the first sentence of the text.
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
"""Elements that may state the day of one page; a page that has more is a list."""
_SENTENCE_WIDTH: Final = 60
"""Columns of a text from which on it is the article's, or a teaser over it."""


def shown_days(tree: HtmlElement, named: Collection[str], others: Collection[str]) -> Iterator[list[str]]:
    """The texts that state the day of publication, those to be trusted before others.

    `named` are the classes and ids of elements that hold it, `others` words in those of elements that hold what is not the
    article.
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
    yield [_day_text(time) for time in _in_byline(own, title)]


def _own_elements(tree: HtmlElement, title: HtmlElement | None, others: Collection[str]) -> list[HtmlElement]:
    """The elements that hold the article, in their order; what its title stands in belongs to it."""
    around = set(title.iterancestors()) if title is not None else set()
    outside: set[HtmlElement] = set()
    own: list[HtmlElement] = []
    for element in tree.iter("*"):
        if element.getparent() in outside or (element not in around and _is_of_others(element, others)):
            outside.add(element)
        else:
            own.append(element)
    return own


def _title(tree: HtmlElement) -> HtmlElement | None:
    """The heading of the article: the only one of the first level, or the one that begins the window's title."""
    headings = tree.findall(".//h1")
    window = " ".join("".join(tree.xpath(".//title//text()")).split())
    named = [h for h in headings if (text := " ".join(h.text_content().split())) and window.startswith(text)]
    only = named or headings
    return only[0] if len(only) == 1 else None


def _names(element: HtmlElement) -> list[str]:
    """The classes, properties and the id of an element, in lower case."""
    return " ".join(element.get(key) or "" for key in ("class", "itemprop", "id")).lower().split()


def _is_of_others(element: HtmlElement, others: Collection[str]) -> bool:
    """Whether an element holds what is not the article."""
    if element.tag in {"html", "body", "main"}:
        return False
    names = " ".join(element.get(key) or "" for key in ("class", "itemprop", "itemtype", "id"))
    return element.tag in _OTHERS or any(part.lower() in others for part in _NAME_PARTS.findall(names))


def _day_text(element: HtmlElement) -> str:
    """The text of an element that states a day: what it says to programs, or else to readers."""
    texts = [element.get("datetime") or "", element.get("content") or "", element.text_content()]
    return next((text for text in texts if text and read_day(text)), "")


def _in_byline(own: list[HtmlElement], title: HtmlElement | None) -> Iterator[HtmlElement]:
    """The `<time>` elements between the title, with its header, and the first sentence of the text."""
    if title is None or title not in own:
        return
    head = next(title.iterancestors("header"), title)
    left = MOST_ELEMENTS
    for element in own[own.index(head) :]:
        if element.tag == "time" and _is_byline(element):
            yield element
        left -= element.tag == "time"
        text = " ".join((element.text or "").split())
        if left < 0 or (element is not title and width(text) >= _SENTENCE_WIDTH and is_sentence(text)):
            return


def _is_byline(time: HtmlElement) -> bool:
    """Whether what stands around a `<time>` in its block says that it is of publication, or nothing."""
    block = next((outer for outer in time.iterancestors() if outer.tag in _BLOCKS), time)
    text, own = (" ".join(element.text_content().split()) for element in (block, time))
    before, _, after = text.partition(own) if own else (text, "", "")
    return width(before) <= CREDIT_WIDTH and role_of(before, after[:CREDIT_WIDTH]) in {"published", "unsaid"}
