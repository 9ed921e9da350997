"""What is left of HTML in plain text: entities and stray tags. Parses no page (see intake.formats.html)."""

from __future__ import annotations

import html
import re
from pathlib import Path

from bot.text.rule_data import read_table

TAGS = read_table(Path(__file__).with_name("markup_tags.tsv"))
"""Only these are taken for tags, `<MoE>` and `a < b` are text; a block leaves a space."""

MARKUP = re.compile(
    r"<!--[^<>]{0,2000}-->|<!\[CDATA\[|\]\]>|<!doctype[^<>]{0,200}>|</?([a-z][a-z0-9]{0,10})(?:\s[^<>]{0,2000})?\s?/?>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def strip_markup(line: str) -> tuple[str, tuple[str, ...]]:
    """`line` with its entities read and without stray tags, and these tags."""
    if "&" in line:
        line = ENTITY.sub(_character, line)
    if ">" not in line:
        return line, ()
    tags: list[str] = []

    def drop(match: re.Match[str]) -> str:
        name = (match[1] or "").lower()
        if name and name not in TAGS:
            return match[0]
        tags.append(match[0])
        return " " if TAGS.get(name) == "block" else ""

    return MARKUP.sub(drop, line), tuple(tags)


def _character(match: re.Match[str]) -> str:
    """The character of an entity; a space for those that no reader sees; unknown ones stay."""
    return " " if match[0] == "&nbsp;" else html.unescape(match[0])
