"""Removes leftover markup from plain text: entities, stray tags, links. Parses no pages (see intake.formats)."""

from __future__ import annotations

import html
import re
from pathlib import Path

from bot.text.rule_data import read_table

TAGS = read_table(Path(__file__).with_name("markup_tags.tsv"))
"""Only these count as tags; `<MoE>` and `a < b` are text. A block element leaves a space."""

MARKUP = re.compile(
    r"<!--[^<>]{0,2000}-->|<!\[CDATA\[|\]\]>|<!doctype[^<>]{0,200}>|</?([a-z][a-z0-9]{0,10})(?:\s[^<>]{0,2000})?\s?/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

READING = re.compile(r"<(r[tp])>[^<>]{0,100}</\1>", re.IGNORECASE)
"""Ruby annotation: the reading of a word, or its form in another language, written small above it."""
LINK = re.compile(
    r"!?\[([^\[\]\n]{1,300})\]\((?:https?://|mailto:|/|#)[^()\s]{0,2000}\)"
    r"|(?<![A-Za-z0-9_)\]])\[([^\[\]\n]{0,200}?[^\W\d_][^\[\]\n]{0,200})\]\s?\[\d{1,3}\]"
)
"""A Markdown link with its address or its number in a list: [Linux 5.15](https://…), [Linux 5.15][5]."""


STRONG = re.compile(r"\*\*(?=\S)([^*]{1,500}?\S|[^*\s])\*\*")
"""Markdown emphasis, including what CommonMark leaves because it touches Chinese punctuation: 算力**“规模”**提升."""
LEFT_STRONG = re.compile(r"(?<![A-Za-z0-9*])\*\*(?!\*)|(?<!\*)\*\*(?![A-Za-z0-9*])")
"""An emphasis mark without its partner."""


_FORUM_TAGS = read_table(Path(__file__).with_name("bbcode_tags.tsv"))
_DROPPED = "|".join(name for name, what in _FORUM_TAGS.items() if what == "dropped")
_FORUM_DROPPED = re.compile(
    rf"\[({_DROPPED})(?:=[^\[\]\n]{{1,100}})?\][^\[\]\n]{{0,2000}}\[/\1\]", re.IGNORECASE
)
_FORUM_TAG = re.compile(rf"\[/?(?:{'|'.join(_FORUM_TAGS)})(?:=[^\[\]\n]{{1,2000}})?\]", re.IGNORECASE)
_FORUM_END = re.compile(rf"\[/(?:{'|'.join(_FORUM_TAGS)})\]", re.IGNORECASE)


def has_forum_tags(text: str) -> bool:
    """Return whether `text` uses forum tags (BBCode): it closes one."""
    return "[/" in text and _FORUM_END.search(text) is not None


def read_forum_tags(line: str) -> str:
    """Return a line without its forum tags and without the addresses of its pictures."""
    return _FORUM_TAG.sub("", _FORUM_DROPPED.sub("", line)) if "[" in line else line


def read_emphasis(line: str) -> str:
    """Return `line` without the marks of bold words."""
    return LEFT_STRONG.sub("", STRONG.sub(r"\1", line)) if "**" in line else line


def read_links(line: str) -> str:
    """Return `line` with each Markdown link replaced by its text."""
    return (
        LINK.sub(lambda link: link[1] or link[2], line)
        if "](" in line or "][" in line or "] [" in line
        else line
    )


def strip_markup(line: str) -> tuple[str, tuple[str, ...]]:
    """Return `line` with entities decoded and stray tags removed, and the removed tags."""
    if "&" in line:
        line = ENTITY.sub(_character, line)
    if ">" not in line:
        return line, ()
    tags: list[str] = []
    line = READING.sub("", line)

    def drop(match: re.Match[str]) -> str:
        name = (match[1] or "").lower()
        if name and name not in TAGS:
            return match[0]
        tags.append(match[0])
        return " " if TAGS.get(name) == "block" else ""

    return MARKUP.sub(drop, line), tuple(tags)


def _character(match: re.Match[str]) -> str:
    """Return the character of an entity, a space for a non-breaking one; unknown entities stay."""
    return " " if match[0] == "&nbsp;" else html.unescape(match[0])
