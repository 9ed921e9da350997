"""Decides what a block is by the blocks around it: title of an item, lead of a list, boilerplate. Reads no markup.

for each clean block, in order:
    a plain line: judged by its shape                               # text/plain_blocks
    a counter behind a title: removed, and the title is a heading   # "Title (Score: 5, Comments: 3): text"
    an ordinal and a title in a line of their own: a heading
    a label over items: the heading of these items
    a label over links, and the links; addresses; entries of a table of contents; repeated lines: no text
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.blocks import ITEM_TITLE, LIST_LEAD, Block
from bot.text.lines import HEADLINE_WIDTH, is_sentence, width
from bot.text.plain_blocks import judged
from bot.text.prose import ADDRESS
from bot.text.rule_data import any_of, read_words

_COUNTER_WORDS: Final = any_of(read_words(Path(__file__).with_name("counter_words.txt")))
_NUMBER: Final = r"[\d.,]+\s?[km万千]?"
_COUNT: Final = rf"(?:(?:{_COUNTER_WORDS})s?\s?[:：]?\s?{_NUMBER}|{_NUMBER}\s?(?:{_COUNTER_WORDS})s?)"
_COUNTS: Final = re.compile(
    rf"\s?[(（\[]\s?{_COUNT}(?:\s?[,，;；、·|/]\s?{_COUNT})*\W{{0,4}}?[)）\]](?P<colon>\s?[:：])?",
    re.IGNORECASE,
)
_LINK_HEADS: Final = read_words(Path(__file__).with_name("link_list_heads.txt"))
_ORDINAL: Final = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[、.．)）]|(?=\s))\s?")
_BRACKETED: Final = re.compile(r"[\[【『〖《<＜«{(（]{1,2}[^。.!?！？]{1,60}[\]】』〗》>＞»})）]{1,2}")
_STOP_INSIDE: Final = re.compile(r"[。！？!?;；]|\.\s")
_COLONS: Final = (":", "：")
_TEXT: Final = frozenset({"paragraph", "item", "quote"})
_LABELS: Final = _TEXT | {"heading", "navigation", "links"}
_LABEL: Final = re.compile(r"\s?[:：]")
_ADDRESS_SIGN: Final = re.compile("//|www|@")
_NO_LETTER: Final = re.compile(r"[\W_]+")

_LONGEST_TITLE: Final = 300
"""Most characters before a counter that may be a title."""
_OFTEN: Final = 3
"""Repetitions in one document from which on a line is boilerplate."""
_LABEL_WIDTH: Final = 16
"""Largest width, in columns, of a label that says nothing about the items under it."""


def blocks_in_context(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return `blocks`, each with the kind that it has among the others."""
    pieces = list(_without_link_lists(piece for block in judged(blocks) for piece in _without_counts(block)))
    headings = {_letters(block.text) for block in pieces if block.kind == "heading"} - {""}
    times = Counter(block.text for block in pieces if block.kind in _TEXT)
    result: list[Block] = []
    for block, following in zip(pieces, [*pieces[1:], None], strict=False):
        often = times[block.text] >= _OFTEN and not is_sentence(block.text)
        if block.kind not in _TEXT:
            result.append(block)
        elif often or (block.kind == "item" and _letters(block.text) in headings):
            result.append(block._replace(kind="navigation"))
        else:
            result.append(_in_context(block, following))
    return tuple(result)


def _without_counts(block: Block) -> Iterator[Block]:
    """Yield `block` without an aggregator's counters; a title before its counters becomes a heading."""
    match = _COUNTS.search(block.text) if block.kind not in {"code", "row"} else None
    if match is None:
        yield block
        return
    title, text = block.text[: match.start()].strip(), block.text[match.end() :].strip()
    if not title and match["colon"]:
        yield block.with_text(text)
        return
    if match["colon"] and title and text and block.kind in _TEXT and len(title) <= _LONGEST_TITLE:
        yield block._replace(
            kind="heading", text=title, level=LIST_LEAD + block.level if block.kind == "item" else ITEM_TITLE
        )
        yield block._replace(text=_COUNTS.sub("", text).strip(), level=block.level + (block.kind == "item"))
    elif words := _COUNTS.sub("", block.text).strip():
        yield block.with_text(words)


def _in_context(block: Block, following: Block | None) -> Block:
    """Return a block of text with its kind, given the block that follows it."""
    text = block.text
    if _ADDRESS_SIGN.search(text) and not _NO_LETTER.sub("", ADDRESS.sub("", text)):
        return block._replace(kind="links")
    if _BRACKETED.fullmatch(text):
        return block._replace(kind="navigation")
    if width(text) > HEADLINE_WIDTH or following is None:
        return block
    if text.endswith(_COLONS) and not _STOP_INSIDE.search(text):
        if width(text) <= _LABEL_WIDTH:
            return block._replace(kind="navigation")
        return (
            block._replace(kind="heading", level=LIST_LEAD + block.level)
            if following.kind == "item"
            else block
        )
    if block.kind == "paragraph" and _is_title_of(text, following):
        return block._replace(kind="heading", level=ITEM_TITLE)
    return block


def _is_title_of(text: str, following: Block) -> bool:
    """Return whether `text` is an ordinal and a title over the next block, and not an entry of a list."""
    ordinal = _ORDINAL.match(text)
    return (
        ordinal is not None
        and following.kind in {"paragraph", "quote", "code", "item"}
        and _ORDINAL.match(following.text) is None
        and "。" not in text
        and not text.endswith((".", "：", ":", "；", ";"))
    )


def _without_link_lists(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield `blocks`, with the entries of link lists, recognised by the label over them, as links."""
    first = entries = False
    for block in blocks:
        rest = _after_link_label(block)
        if rest is not None:
            first = entries = not rest
            yield block._replace(kind="links" if rest else "navigation", level=0)
        elif entries and (block.kind in {"item", "links"} or (first and block.kind in _TEXT)):
            first = False
            yield block._replace(kind="links")
        else:
            first = entries = False
            yield block


def _after_link_label(block: Block) -> str | None:
    """Return the text after a label over links ("" if there is none), or None if `block` begins with no such label."""
    colon = _LABEL.search(block.text)
    if block.kind not in _LABELS or (colon is None and block.kind != "heading"):
        return None
    label = block.text[: colon.start()] if colon else block.text
    if label.strip().lower() not in _LINK_HEADS:
        return None
    return block.text[colon.end() :].strip() if colon else ""


def _letters(text: str) -> str:
    """Return `text` in lower case without spaces and punctuation, for comparing lines."""
    return _NO_LETTER.sub("", text).lower()
