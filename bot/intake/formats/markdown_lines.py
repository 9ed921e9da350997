"""Splits a Markdown paragraph into the lines of its source, and counts the letters in links and in bold of each.

What kind of block a line becomes is decided in markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.text.markup import read_emphasis, strip_markup

if TYPE_CHECKING:
    from markdown_it.token import Token

_HIDDEN: Final = re.compile(r"<(/?)(?:script|style|rt|rp)\b", re.IGNORECASE)
_ITEM: Final = re.compile(r"<li\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"\w+")

# Noncharacters, which no text contains, mark where links and bold text begin and end until a line is complete.
_MARKS: Final = {
    "link_open": "\ufdd0", "link_close": "\ufdd1", "strong_open": "\ufdd2", "strong_close": "\ufdd3"
}  # fmt: skip  # two pairs
_ANY_MARK: Final = re.compile("[\ufdd0-\ufdd3]")
_LINK: Final = re.compile("\ufdd0([^\ufdd0\ufdd1]*)(?:\ufdd1|$)")
_BOLD: Final = re.compile("\ufdd2([^\ufdd2\ufdd3]*)(?:\ufdd3|$)")
_REFERENCE: Final = re.compile(
    "[（(]\\s?\ufdd0[^\ufdd0\ufdd1]{1,12}\ufdd1(?:\\s?[,，、;；/]\\s?\ufdd0[^\ufdd0\ufdd1]{1,12}\ufdd1)*\\s?[)）]"
)
"""A bracketed reference that consists of links only: （[出处](…)）."""


class Line(NamedTuple):
    """A line of a paragraph, with its letters in total, in links and in bold. `forced`: it follows a hard line break.

    The counts are 0 for a line with neither links nor bold text.
    """

    text: str
    letters: int = 0
    linked: int = 0
    bold: int = 0
    forced: bool = False


def lines_of(words: Token) -> list[Line]:
    """Return the lines of an inline token, without markup and pictures; a later line of links only becomes empty."""
    texts, forced = [""], [False]
    hidden = depth = 0
    children = words.children or ()
    for index, child in enumerate(children):
        if child.type in {"softbreak", "hardbreak"}:
            opened = "\ufdd0" if depth else ""
            texts.append(opened)
            forced.append(child.type == "hardbreak")
        elif child.type == "html_inline" and (tag := _HIDDEN.match(child.content)):
            hidden += -1 if tag[1] else 1
        elif child.type == "html_inline" and _ITEM.match(child.content):
            texts.append("")
            forced.append(True)
        else:
            depth += child.nesting if child.type.startswith("link_") else 0
            text = "" if hidden > 0 else _MARKS.get(child.type) or _words_of(child)
            if depth and _is_number(children, index) and f"[{text}](" not in words.content:
                text = f"[{text}]"  # a page mark: a reference link whose number is defined below the text
            texts[-1] += text
        broken = child.content.count("\n") if child.type == "html_inline" else 0
        texts += [""] * broken
        forced += [False] * broken
    lines = [_line(*pair) for pair in zip(texts, forced, strict=True)]
    return [
        line._replace(text="") if index and 0 < line.letters == line.linked else line
        for index, line in enumerate(lines)
    ]


def _line(marked: str, forced: bool) -> Line:  # a field
    linked = bold = 0
    text = marked
    if _ANY_MARK.search(text):
        text = _REFERENCE.sub("", text)
        linked = _letters("".join(_LINK.findall(text)))
        bold = _letters("".join(_BOLD.findall(text)))
        text = _ANY_MARK.sub("", text)
    text = read_emphasis(text)
    return Line(text.strip(), _letters(text) if linked or bold else 0, linked, bold, forced)


def _letters(text: str) -> int:
    return sum(map(len, _LETTERS.findall(text)))


def _is_number(children: Sequence[Token], index: int) -> bool:
    """Return whether the text of a link is a number only."""
    return (
        children[index].content.isdigit()
        and children[index - 1].type == "link_open"
        and children[index + 1].type == "link_close"
    )


def _words_of(child: Token) -> str:
    """Return the visible text of an inline token."""
    if child.type == "html_inline":
        return strip_markup(child.content.replace("\n", " "))[0]
    return child.content.replace("\n", " ") if child.type in {"text", "code_inline", "text_special"} else ""
