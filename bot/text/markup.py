"""What is left of HTML in plain text: entities and stray tags. Parses no page (see intake.formats.html)."""

from __future__ import annotations

import html
import re

TAGS = frozenset(
    "a abbr article aside audio b big blockquote body br button center code dd del div dl dt em embed figcaption "
    "figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins label li link main mark "
    "meta nav noscript ol option p picture pre q s script section select small source span strike strong style sub "
    "sup svg table tbody td textarea tfoot th thead title tr tt u ul video".split()
)
"""Only these are taken for tags: `<MoE>` and `a < b` are text."""
BLOCKS = frozenset("br p div li td th tr hr h1 h2 h3 h4 h5 h6 section article blockquote".split())

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
    found: list[str] = []

    def drop(match: re.Match[str]) -> str:
        name = (match[1] or "").lower()
        if name and name not in TAGS:
            return match[0]
        found.append(match[0])
        return " " if name in BLOCKS else ""

    return MARKUP.sub(drop, line), tuple(found)


def _character(match: re.Match[str]) -> str:
    """The character of an entity; a space for those that no reader sees; unknown ones stay."""
    return " " if match[0] == "&nbsp;" else html.unescape(match[0])
