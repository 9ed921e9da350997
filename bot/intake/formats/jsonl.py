"""Converts one line of JSON to a document. How a file is cut into lines is decided in line_stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from bot.blocks import Block
from bot.intake.body import Body, body_in
from bot.intake.declared import declared_in, fields_of, one_line
from bot.intake.document import Keys, RawFile, check_lines, to_document
from bot.models import Document
from bot.text.escapes import join_surrogates
from bot.text.plain_blocks import lines_of
from bot.text.unreadable import Unreadable

DEEPEST: Final = 100
"""Deepest nesting of arrays and objects. Exports have ten levels."""

_NESTING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def parse(file: RawFile) -> Iterator[Document]:
    """Yield the document of one JSON object in UTF-8.

    Raises Unreadable for broken or too deeply nested JSON, a value that is no object, an object with neither text nor
    title, a field that should hold the text and does not, and a text that is binary or has too many lines.
    """
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
    # An entry of a feed is identified by its id (intake.formats.feed.key_of).
    key = one_line(values.get("source_key"))
    yield to_document(file, blocks, declared, Keys(key) if key else None)


def _object(line: str) -> dict[str, object]:
    """Return the JSON object in a line. Raises Unreadable if there is none."""
    _check_nesting(line)
    try:
        values = json.loads(line, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json") from error
    if not isinstance(values, dict):
        raise Unreadable("not_object")
    return values


def _check_nesting(line: str) -> None:
    """Raise Unreadable if JSON is nested deeper than DEEPEST."""
    if line.count("[") + line.count("{") <= DEEPEST:
        return
    depth = 0
    for match in _NESTING.finditer(line):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > DEEPEST:
            raise Unreadable("nested_too_deep", DEEPEST)


def _number(digits: str) -> int | float | str:
    """Return a number, or `digits` themselves if longer than any day or count: parsing them takes quadratic time."""
    if len(digits) > 40:
        return digits
    return int(digits) if digits.lstrip("-").isdigit() else float(digits)


def _read(body: Body) -> tuple[str, Sequence[Block]]:
    """Return the title that a body's own markup gives ("" if none), and the body's blocks."""
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
