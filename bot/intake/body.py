"""Finds the text of a JSON line: its field, its shape, and its markup. Cleans nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from bot.intake.declared import Field
from bot.text.lines import width
from bot.text.unreadable import Unreadable

Markup = Literal["", "html", "markdown"]

DEEPEST: Final = 16
"""Deepest nesting of lists and objects in which a text is searched."""

MOST_PARTS: Final = 50_000
"""Most pieces of one text."""

SUMMARY: Final = 3
"""Rank of fields that may hold less than the whole text."""

_WORDS: Final = (
    "text",
    "value",
    "rendered",
    "html",
    "markdown",
    "content",
    "children",
    "paragraphs",
    "body",
    "#text",
)
"""Fields in which an object that is a piece of a text has its words or further pieces."""

_TEXT_WIDTH: Final = 60
"""Smallest width, in columns, at which a field of unknown name may be the document's text."""

_HTML: Final = re.compile(
    r"</(?:p|div|span|a|b|i|em|strong|li|ul|ol|h[1-6]|section|article|table|script|style|font|body|blockquote|td|figure)\s*>"
    r"|<(?:br|p|img|hr)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ESCAPED_HTML: Final = re.compile(
    r"&lt;/(?:p|div|span|a|b|em|strong|li|ul|h[1-6]|section|script)&gt;|&lt;br ?/?&gt;", re.IGNORECASE
)
_MARKDOWN: Final = re.compile(
    r"^ {0,3}(?:#{1,6} +\S|```|~~~|> ?\S)|\*\*\S[^*\n]{0,500}\*\*|__\S[^_\n]{0,500}__|\]\((?:https?://|/|#|mailto:)[^()\s]{0,2000}"
    r"|!\[[^\]\n]{0,300}\]\(|^ {0,3}\|?\s*:?-{3,}:?\s*\||(?<![\w*])\*[^\s*][^*\n]{0,300}\*(?![\w*])|~~\S[^~\n]{0,300}~~|^.{1,200}\n(?:={3,}|-{3,})[ \t]*$|^Markdown Content:[ \t]*$",
    re.MULTILINE,
)

_MARKED: Final = re.compile(r"\]\((?:https?://|/|#)|^ {0,3}(?:#{1,6} +\S|```|~~~)", re.MULTILINE)
"""Markup that HTML does not have: if a text has both, its HTML is part of the Markdown."""


class Body(Struct, frozen=True):
    """A document's text as its field holds it, and its markup."""

    text: str
    markup: Markup


def body_in(fields: Sequence[Field]) -> Body | None:
    """Return the text among the fields of a JSON line; None if there is none.

    Raises Unreadable for a field that should hold the text and does not, and for a field of unknown name that looks
    like the text: a document must not be ingested without it.
    """
    bodies = [field for field in fields if field.meaning == "body" and field.value not in (None, "", [], {})]
    unknown = next((field for field in fields if not field.meaning and _looks_like_text(field.value)), None)
    for field in bodies:
        text = _text_of(field)
        if field.rank == SUMMARY and unknown is not None and len(str(unknown.value)) > len(text):
            break
        if text.strip():
            return Body(text, _markup(field.name, text))
    if unknown is not None:
        raise Unreadable("text_not_known", unknown.name[:100])
    if odd := next((field for field in bodies if not isinstance(field.value, str)), None):
        raise Unreadable("text_no_string", odd.name[:100])
    return None


def _text_of(field: Field) -> str:
    """Return the text of a field, its pieces joined by line breaks.

    Raises Unreadable for too many or too deep pieces.
    """
    if isinstance(field.value, str):
        return field.value
    parts: list[str] = []
    for part in _pieces(field.value, 0):
        parts.append(part)
        if len(parts) > MOST_PARTS:
            raise Unreadable("too_many_parts", field.name[:100], MOST_PARTS)
    return "\n".join(parts)


def _pieces(value: object, depth: int) -> Iterator[str]:
    """Yield the pieces of a text that is a string, or lists and objects of strings. Raises Unreadable if too deep."""
    if depth > DEEPEST:
        raise Unreadable("nested_too_deep", DEEPEST)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if depth > 1:  # pieces of one paragraph
            yield "".join(piece for item in value for piece in _pieces(item, depth + 1))
        else:
            for item in value:
                yield from _pieces(item, depth + 1)
    elif isinstance(value, Mapping):
        key = next((key for key in _WORDS if value.get(key)), None)
        if key is not None:
            yield from _pieces(value[key], depth + 1)


def _looks_like_text(value: object) -> bool:
    """Return whether the value of an unknown field may be a document's text."""
    if isinstance(value, list):
        value = " ".join(item for item in value if isinstance(item, str))
    if not isinstance(value, str) or value.startswith(("http://", "https://", "data:")):
        return False
    words = len(value.split()) > 5 or not value.isascii()
    return words and width(value) >= _TEXT_WIDTH


def _markup(name: str, text: str) -> Markup:
    """Return the markup of a text by its looks, or by the name of its field."""
    if _HTML.search(text) or _ESCAPED_HTML.search(text):
        return "html" if text.lstrip().startswith("<") or not _MARKED.search(text) else "markdown"
    if _MARKDOWN.search(text) or name.lower().rpartition("_")[2] in {"md", "markdown"}:
        return "markdown"
    return ""
