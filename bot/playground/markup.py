"""Parses Telegram HTML into text and entities as the server does; after parse_html in tdlib's MessageEntity.cpp.

Markup that the server refuses raises an error; markup that it drops silently is reported as lost.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct, field

from bot.playground.cleaning import clean, units

MAX_ENTITIES = 100

_TYPES = {
    "a": "text_link",
    "b": "bold",
    "blockquote": "blockquote",
    "code": "code",
    "del": "strikethrough",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "pre": "pre",
    "s": "strikethrough",
    "span": "spoiler",
    "strike": "strikethrough",
    "strong": "bold",
    "tg-emoji": "custom_emoji",
    "tg-spoiler": "spoiler",
    "tg-time": "date_time",
    "u": "underline",
}
_MONOSPACED = {"pre", "code"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))|([a-zA-Z]+));?")
_ATTRIBUTE = re.compile(
    r"""([^\s=>/"']*)\s*(?:(=)\s*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([0-9A-Za-z.-]*)(?=[\s>])))?"""
)
_SCHEMES = ("http://", "https://", "tg://", "mailto:", "tel:")
_MENTION = re.compile(r"tg://user\?id=(\d+)")


class CannotParse(ValueError):
    """HTML that the server cannot parse; the text is the server's answer without the leading "Bad Request: "."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"can't parse entities: {reason}")


class Parsed(Struct, frozen=True):
    """Parsed HTML: the plain text, its entities with offsets in UTF-16 units, and what was dropped silently."""

    text: str
    lost: tuple[str, ...]
    entities: tuple[dict[str, Any], ...] = ()


class _Tag(Struct):
    name: str
    attributes: dict[str, str]
    start: int
    dropped: bool = False


def parse(markup: str) -> Parsed:
    """Parse Telegram HTML; the text is cleaned as on the server, but not trimmed. Raises CannotParse."""
    reader = _Reader(markup)
    reader.read()
    entities = sorted(reader.entities, key=lambda entity: (entity["offset"], -entity["length"]))
    if len(entities) > MAX_ENTITIES:
        reader.lost.append(f"{len(entities) - MAX_ENTITIES} entities above {MAX_ENTITIES}")
    return Parsed("".join(reader.text), tuple(reader.lost), tuple(entities[:MAX_ENTITIES]))


class _Reader(Struct):
    markup: str
    text: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    at: int = 0
    length: int = 0
    open: list[_Tag] = field(default_factory=list)

    def read(self) -> None:
        markup = self.markup
        while self.at < len(markup):
            if plain := _PLAIN.match(markup, self.at):
                self._add(plain[0])
                self.at = plain.end()
            elif markup[self.at] == "&":
                self._reference()
            elif markup.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise CannotParse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')

    def _add(self, text: str) -> None:
        cleaned = clean(text)
        self.text.append(cleaned)
        self.length += units(cleaned)

    def _reference(self) -> None:
        match = _REFERENCE.match(self.markup, self.at)
        decoded = ""
        if match:
            digits = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
            decoded = _NAMED.get(match[3] or "", "")
            decoded = chr(digits) if 0 < digits < 0x10FFFF else decoded
            if 0xD800 <= digits < 0xE000:
                raise CannotParse(
                    "Text contains invalid Unicode characters after decoding HTML entities, "
                    "check for unmatched surrogate code units"
                )
            if not decoded and match[0].endswith(";"):
                self.lost.append(f"{match[0]} is shown as it stands")
        self._add(decoded or "&")
        self.at += len(match[0]) if match and decoded else 1

    def _start_tag(self) -> None:
        begin = self.at
        end = self._name_end(begin + 1)
        if end == len(self.markup):
            raise CannotParse(f"Unclosed start tag at byte offset {self._byte(begin)}")
        name = self.markup[begin + 1 : end].lower()
        if name not in _TYPES:
            raise CannotParse(f'Unsupported start tag "{name}" at byte offset {self._byte(begin)}')
        self.at = end
        tag = _Tag(name, self._attributes(name, begin), self.length)
        self._check(tag, begin)
        self.open.append(tag)

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.at >= len(self.markup):
                raise CannotParse(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
            if self.markup[self.at] == ">":
                self.at += 1
                return attributes
            match = _ATTRIBUTE.match(self.markup, self.at)
            if match is None or not match[1]:
                raise CannotParse(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
                )
            if match[2] is None and match[1] != "expandable":
                raise CannotParse(f"Unexpected end of name token at byte offset {self._byte(self.at)}")
            attributes[match[1].lower()] = _decoded(match[3] or match[4] or match[5] or "")
            self.at = match.end()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise CannotParse(f"Unexpected end tag at byte offset {self._byte(begin)}")
        end = self._name_end(begin + 2)
        self.at = end
        self._skip_space()
        if self.markup[self.at : self.at + 1] != ">":
            raise CannotParse(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        name, tag = self.markup[begin + 2 : end].lower(), self.open.pop()
        if name not in {"", tag.name}:
            where = f"at byte offset {self._byte(begin)}"
            raise CannotParse(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
        self._close(tag)

    def _close(self, tag: _Tag) -> None:
        if tag.dropped or self.length == tag.start:
            return
        entity: dict[str, Any] = {
            "type": _TYPES[tag.name],
            "offset": tag.start,
            "length": self.length - tag.start,
        }
        if tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "a":
            entity |= _target(tag.attributes["href"])
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = tag.attributes["emoji-id"]
        elif tag.name == "tg-time":
            entity["unix_time"] = int(tag.attributes["unix"])
        elif tag.name == "code" and (language := tag.attributes.get("class", "")).startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        elif tag.name == "pre":
            entity |= self._inner_language(entity)
        self.entities.append(entity)

    def _inner_language(self, pre: dict[str, Any]) -> dict[str, str]:
        """Return the language of `<pre><code class="language-x">` and remove the code entity, as tdlib does."""
        last = self.entities[-1] if self.entities else {"type": ""}
        if last["type"] != "code" or (last["offset"], last["length"]) != (pre["offset"], pre["length"]):
            return {}
        self.entities.pop()
        return {"language": last["language"]} if "language" in last else {}

    def _check(self, tag: _Tag, begin: int) -> None:
        name, attributes = tag.name, tag.attributes
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise CannotParse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        if name == "tg-emoji" and not _is_id(attributes.get("emoji-id", "")):
            raise CannotParse("Invalid custom emoji identifier specified")
        if name == "tg-time" and not attributes.get("unix", "").isdecimal():
            raise CannotParse("Invalid date specified")
        if name == "a" and not attributes.get("href", "").lower().startswith(_SCHEMES):
            self._drop(tag, f"a link to {attributes.get('href')!r}")
        names = [outer.name for outer in self.open]
        around = [outer for outer in names if outer != "blockquote"]
        mixed = bool(around) and (name in _MONOSPACED or not _MONOSPACED.isdisjoint(around))
        if mixed and (name, around) != ("code", ["pre"]):
            self._drop(tag, f"<{name}> inside <{around[-1]}>")
        elif name in {"blockquote", "a"} and name in names:
            self._drop(tag, f"<{name}> inside <{name}>")

    def _drop(self, tag: _Tag, what: str) -> None:
        tag.dropped = True
        self.lost.append(what)

    def _name_end(self, index: int) -> int:
        while index < len(self.markup) and self.markup[index] != ">" and not self.markup[index].isspace():
            index += 1
        return index

    def _skip_space(self) -> None:
        while self.at < len(self.markup) and self.markup[self.at].isspace():
            self.at += 1

    def _byte(self, index: int) -> int:
        return len(self.markup[:index].encode())


def _decoded(value: str) -> str:
    def one(match: re.Match[str]) -> str:
        digits = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
        return chr(digits) if 0 < digits < 0x10FFFF else _NAMED.get(match[3] or "", match[0])

    return _REFERENCE.sub(one, value) if "&" in value else value


def _target(address: str) -> dict[str, Any]:
    if mention := _MENTION.fullmatch(address):
        return {"type": "text_mention", "user": {"id": int(mention[1]), "is_bot": False, "first_name": ""}}
    return {"url": address}


def _is_id(value: str) -> bool:
    return value.isdecimal() and 0 < int(value) < 1 << 63
