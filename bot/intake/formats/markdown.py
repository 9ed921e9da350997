"""Markdown to plain lines: front matter, headings and marks. Keeps every line in its place, so numbers stay true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from bot.intake.dates import read_day
from bot.intake.declared import declared_in
from bot.intake.document import RawFile, decoded, to_document
from bot.intake.front_matter import LONGEST_FRONT_MATTER, split_front_matter
from bot.models import Document, Problem
from bot.text.decode import decode
from bot.text.markup import strip_markup
from bot.text.unreadable import Unreadable

FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")
HEADING = re.compile(r"^ {0,3}(#{1,6})\s+\S")
UNDERLINE = re.compile(r"^\s{0,3}(?:=+|-{2,})\s*$")
RULE = re.compile(r"^\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
DEFINITION = re.compile(r"^\s{0,3}\[[^\]]{1,80}\]:\s+\S")
BULLET = re.compile(r"^\s*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|>\s?)+")
BLOCK = re.compile(r"^\s*(?:[-*+]\s|\d{1,3}[.)]\s|>|\||#{1,6}\s)")
IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,2000}(?:\s\"[^\"]{0,300}\")?\)")
LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,2000}(?:\s\"[^\"]{0,300}\")?\)")
AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000})>")
STRONG = re.compile(
    r"\*\*(?=\S)([^*]{1,500}?\S|[^*\s])\*\*|(?<![\w_])__(?=\S)([^_]{1,500}?\S|[^_\s])__(?![\w_])"
)
EMPHASIS = re.compile(
    r"(?<![A-Za-z0-9*])\*(?=\S)([^*]{1,500}?\S|[^*\s])\*(?![A-Za-z0-9*])|(?<![\w_])_(?=\S)([^_]{1,500}?\S|[^_\s])_(?![\w_])"
)
CODE = re.compile(r"`{1,2}([^`]{1,500})`{1,2}")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
LONGEST_LINE = 10_000
POST = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
"""How the name of a dated post begins."""
TRANSLATION = b"translation_of"
WORD = re.compile(r"\w")
WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef《“]")
WIDE_END = re.compile(r"[\u2e80-\u9fff\uff00-\uffef][,.;:!?)”]?$")


def parse(file: RawFile) -> Iterator[Document]:
    """The document of a Markdown file, with what its front matter declares. Raises Unreadable."""
    values, body = split_front_matter(decoded(file).replace("\r\n", "\n").replace("\r", "\n"))
    declared = declared_in(values, file.today)
    title, plain = plain_lines(body)
    published = declared.published or _day_of_name(file.name, file.today)
    known = replace(declared, title=declared.title or title, published=published)
    key = _original_key(file, declared.translation_of) if declared.translation_of else ""
    yield to_document(file, plain, known, key)


def siblings(raw: bytes) -> tuple[str, ...]:
    """The file that a translation names as its original. Raises Unreadable."""
    if TRANSLATION not in raw[: 4 * LONGEST_FRONT_MATTER]:
        return ()
    values, _ = split_front_matter(decode(raw).replace("\r\n", "\n").replace("\r", "\n"))
    name = declared_in(values).translation_of
    return (name,) if name else ()


def _day_of_name(name: str, today: date) -> date | None:
    """The day that the name of a post begins with: `2025-06-04-title.md`, as site generators and dailies have it."""
    post = POST.match(PurePath(name).name)
    return read_day(post[0], today) if post else None


def _original_key(file: RawFile, sibling: str) -> str:
    """The source key of the document that a translation names as its original."""
    key = file.originals.get(sibling)
    if key is None:
        raise Unreadable("no_original", sibling)
    if isinstance(key, Problem):
        raise Unreadable("bad_original", sibling, key)
    return key


def plain_lines(text: str) -> tuple[str, str]:
    """The first heading of the first level, and `text` without headings and marks; paragraphs are one line each.

    Lines over 10,000 characters are taken as they are: no pattern sees them.
    """
    title = ""
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if len(line) > LONGEST_LINE:
            lines += ["", line]
        elif FENCE.match(line):
            fenced = not fenced
            lines.append("")
        elif fenced:
            lines.append(line)
        elif heading := HEADING.match(line):
            title = title or (inline(_heading(line)) if len(heading[1]) == 1 else "")
            lines.append("")
        elif UNDERLINE.match(line) and lines and lines[-1].strip() and not BLOCK.match(lines[-1]):
            title = title or (inline(lines[-1].strip()) if line.strip()[0] == "=" else "")
            lines[-1:] = ["", ""]
        elif RULE.match(line) or TABLE_RULE.match(line) or DEFINITION.match(line):
            lines.append("")
        else:
            lines.append(line)
    return title, "\n".join(_joined(lines))


def _heading(line: str) -> str:
    """The words of a heading line."""
    return line.strip().strip("#").strip()


def _joined(lines: list[str]) -> list[str]:
    """`lines` with each paragraph on its first line and the rest of its lines empty."""
    joined: list[list[str]] = []
    first = -1
    for at, line in enumerate(lines):
        joined.append([])
        if not line.strip():
            first = -1
        elif len(line) > LONGEST_LINE:
            first = -1
            joined[at].append(line)
        elif first < 0 or BLOCK.match(line) or lines[at - 1].endswith(("  ", "\\")):
            first = at
            joined[at].append(inline(BULLET.sub("", line).strip()))
        elif text := inline(line.strip()) if not _is_links(line) else "":
            joined[first] += [_space(joined[first][-1], text), text]
    return ["".join(parts) for parts in joined]


def _is_links(line: str) -> bool:
    """Whether a line inside a paragraph holds nothing but pictures and links to other pages."""
    return "](" in line and not WORD.search(strip_markup(LINK.sub("", IMAGE.sub("", line)))[0])


def _space(before: str, after: str) -> str:
    """What a line break inside a paragraph stands for: nothing between Chinese characters, else a space."""
    return "" if WIDE_END.search(before[-2:]) and WIDE.match(after) else " "


def inline(text: str) -> str:
    """`text` without the marks of links, emphasis and code, and without pictures.

    Page marks, `[17][19]`, are no links and stay.
    """
    if len(text) > LONGEST_LINE:
        return text
    text, _ = strip_markup(AUTOLINK.sub(r"\1", IMAGE.sub("", text)))
    text = CODE.sub(r"\1", LINK.sub(r"\1", text))
    for pattern in (STRONG, STRONG, EMPHASIS) if "*" in text or "_" in text else ():
        text = pattern.sub(lambda match: match[1] or match[2], text)
    return ESCAPE.sub(r"\1", text).strip()
