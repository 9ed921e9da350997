"""Telegram's HTML as its server reads it, for tests. After parse_html in tdlib's MessageEntity.cpp.

What the server refuses raises; what it drops without a word is reported as lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TAGS = frozenset(
    "a b blockquote code del em i ins pre s span strike strong tg-emoji tg-spoiler tg-time u".split()
)
MAX_ENTITIES = 100

_REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))|([a-zA-Z]+));?")
_ATTRIBUTE = re.compile(
    r"""([^\s=>/"']*)\s*(?:(=)\s*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([0-9A-Za-z.-]*)(?=[\s>])))?"""
)
_SCHEMES = ("http://", "https://", "tg://", "mailto:")


class CannotParse(ValueError):
    """The server's answer to HTML that it cannot read, without its beginning "Bad Request: "."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"can't parse entities: {reason}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text as it is counted and shown, and what of the markup the server dropped silently."""

    text: str
    lost: tuple[str, ...]


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, which Telegram's offsets and limits count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(markup: str) -> Parsed:
    """Reads Telegram HTML. Raises CannotParse."""
    reader = _Reader(markup)
    reader.read()
    return Parsed("".join(reader.text), tuple(reader.lost))


class _Reader:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.text: list[str] = []
        self.lost: list[str] = []
        self._at = 0
        self._open: list[str] = []
        self._entities = 0

    def read(self) -> None:
        while self._at < len(self.markup):
            character = self.markup[self._at]
            if character == "&":
                self._reference()
            elif self.markup.startswith("</", self._at):
                self._end_tag()
            elif character == "<":
                self._start_tag()
            else:
                self.text.append(character)
                self._at += 1
        if self._open:
            raise CannotParse(f'Can\'t find end tag corresponding to start tag "{self._open[-1]}"')
        if self._entities > MAX_ENTITIES:
            self.lost.append(f"{self._entities - MAX_ENTITIES} entities above {MAX_ENTITIES}")

    def _reference(self) -> None:
        match = _REFERENCE.match(self.markup, self._at)
        decoded = ""
        if match:
            digits = int(match[1], 16) if match[1] else int(match[2]) if match[2] else 0
            decoded = _REFERENCES.get(match[3] or "", "")
            decoded = chr(digits) if 0 < digits < 0x10FFFF else decoded
            if not decoded and match[0].endswith(";"):
                self.lost.append(f"{match[0]} is shown as it stands")
        self.text.append(decoded or "&")
        self._at += len(match[0]) if match and decoded else 1

    def _start_tag(self) -> None:
        begin = self._at
        end = self._name_end(begin + 1)
        if end == len(self.markup):
            raise CannotParse(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = self.markup[begin + 1 : end].lower()
        if tag not in TAGS:
            raise CannotParse(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        self._at = end
        self._check(tag, self._attributes(tag, begin), begin)
        self._open.append(tag)
        self._entities += 1

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._at >= len(self.markup):
                raise CannotParse(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
            if self.markup[self._at] == ">":
                self._at += 1
                return found
            match = _ATTRIBUTE.match(self.markup, self._at)
            if match is None or not match[1]:
                raise CannotParse(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
                )
            if match[2] is None and match[1] != "expandable":
                raise CannotParse(f"Unexpected end of name token at byte offset {self._byte(self._at)}")
            found[match[1].lower()] = match[3] or match[4] or match[5] or ""
            self._at = match.end()

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise CannotParse(f"Unexpected end tag at byte offset {self._byte(begin)}")
        end = self._name_end(begin + 2)
        self._at = end
        self._skip_space()
        if self.markup[self._at : self._at + 1] != ">":
            raise CannotParse(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self._at += 1
        tag, expected = self.markup[begin + 2 : end].lower(), self._open.pop()
        if tag not in {"", expected}:
            where = f"at byte offset {self._byte(begin)}"
            raise CannotParse(f'Unmatched end tag {where}, expected "</{expected}>", found "</{tag}>"')

    def _check(self, tag: str, attributes: dict[str, str], begin: int) -> None:
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise CannotParse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdecimal():
            raise CannotParse("Invalid custom emoji identifier specified")
        if tag == "a" and not attributes.get("href", "").startswith(_SCHEMES):
            self.lost.append(f"a link to {attributes.get('href')!r}")
        around = [outer for outer in self._open if outer != "blockquote"]
        monospaced = {"pre", "code"}
        if around and (tag in monospaced or monospaced & set(around)) and (tag, around) != ("code", ["pre"]):
            self.lost.append(f"<{tag}> inside <{around[-1]}>")
        elif tag in {"blockquote", "a"} and tag in self._open:
            self.lost.append(f"<{tag}> inside <{tag}>")

    def _name_end(self, at: int) -> int:
        while at < len(self.markup) and self.markup[at] != ">" and not self.markup[at].isspace():
            at += 1
        return at

    def _skip_space(self) -> None:
        while self._at < len(self.markup) and self.markup[self._at].isspace():
            self._at += 1

    def _byte(self, at: int) -> int:
        return len(self.markup[:at].encode())
