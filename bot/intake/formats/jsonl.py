"""A line of JSON to a document. Knows nothing of the lines around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.blocks import Block
from bot.intake.body import Body, body_in
from bot.intake.declared import declared_in, fields_of, one_line
from bot.intake.document import Keys, RawFile, check_lines, to_document
from bot.models import Document
from bot.text.escapes import join_surrogates
from bot.text.plain_blocks import lines_of
from bot.text.unreadable import Unreadable

DEEPEST: Final = 100
"""Arrays and objects within each other. Exports have ten."""

_NESTING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def parse(file: RawFile) -> Iterator[Document]:
    """The document of one JSON object in UTF-8. Raises Unreadable."""
    values = _object(file.raw.decode("utf-8", "replace"))
    fields = fields_of(values)
    body = body_in(fields)
    declared = declared_in(values, file.today)
    if body is None and not declared.title:
        raise Unreadable("nothing_said")
    body = replace(body, text=join_surrogates(body.text)) if body else Body(declared.title, "")
    if "\0" in body.text:
        raise Unreadable("binary")
    check_lines(body.text)
    title, blocks = _read(body)
    if title and not declared.title:
        declared = replace(declared, title=one_line(title), title_from="heading")
    # Entries of a feed are known by their ids (intake.sources.feed_items).
    key = one_line(values.get("source_key"))
    yield to_document(file, blocks, declared, Keys(key) if key else None)


def _object(line: str) -> dict[str, object]:
    """The JSON object in a line."""
    _check_nesting(line)
    try:
        values = json.loads(line, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json") from error
    if not isinstance(values, dict):
        raise Unreadable("not_object")
    return values


def _check_nesting(line: str) -> None:
    """Raises Unreadable for JSON that is nested too deep."""
    if line.count("[") + line.count("{") <= DEEPEST:
        return
    depth = 0
    for match in _NESTING.finditer(line):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > DEEPEST:
            raise Unreadable("nested_too_deep", DEEPEST)


def _number(digits: str) -> int | float | str:
    """A number; one of more digits than any day or count has stays text, since reading it takes quadratic time."""
    if len(digits) > 40:
        return digits
    return int(digits) if digits.lstrip("-").isdigit() else float(digits)


def _read(body: Body) -> tuple[str, Sequence[Block]]:
    """The title that a body's own markup has, and its blocks."""
    if body.markup == "markdown":
        from bot.intake.formats.markdown import markdown_blocks
        from bot.intake.front_matter import split_front_matter

        _, text = split_front_matter(body.text.replace("\r\n", "\n").replace("\r", "\n"))
        return markdown_blocks(text)
    if body.markup == "html":
        from bot.intake.formats import html

        if html.is_page(body.text):
            return "", html.read_page(body.text).blocks or html.fragment_blocks(body.text)
        return "", html.fragment_blocks(body.text)
    return "", lines_of(body.text)
