"""Sets up markdown-it-py for documents of prose: CommonMark with tables and strikethrough, at half of its cost.

What it finds is what markdown-it-py finds (tests/test_markdown_parser). Where the first character shows that a rule
cannot apply, the rule is not called.
"""

from __future__ import annotations

import re
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from markdown_it import MarkdownIt
    from markdown_it.parser_block import RuleFuncBlockType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore

_INLINE: Final = re.compile(r"[\n\\`~*_\[\]<&]|!(?=\[)")
"""Characters at which an inline rule may begin or a link may end: the parser stops at no other one."""
_ADDRESS: Final = re.compile(r"[^\x00-\x20\x7f()<\\&]+")
"""The beginning of a link's address in which no character has a meaning of its own."""
_FIRST: Final = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
}
"""The characters with which a block of each rule begins."""
_DELIMITER_ROW: Final = "|-:"
"""The characters with which the second line of a table begins."""


@cache
def markdown_parser() -> MarkdownIt:
    """Return a CommonMark parser with tables and strikethrough, without indented code: Chinese indents paragraphs."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    parser.inline.terminator_re = _INLINE
    # Link addresses are never shown, and normalising them takes a tenth of the time.
    helpers = SimpleNamespace(**vars(parser.helpers) | {"parseLinkDestination": _link_destination})
    for name, own in (("normalizeLink", str), ("normalizeLinkText", str), ("helpers", helpers)):
        setattr(parser, name, own)
    for rule in parser.block.ruler.__rules__:
        if rule.name in _FIRST:
            rule.fn = _beginning_with(frozenset(_FIRST[rule.name]), rule.fn)
        elif rule.name == "table":
            rule.fn = _above(frozenset(_DELIMITER_ROW), rule.fn)
        elif rule.name == "lheading":
            rule.fn = _of_several_lines(rule.fn)
    parser.block.ruler.__cache__ = None
    parser.core.ruler.at("inline", _read_inline)
    return parser


def _beginning_with(characters: Collection[str], rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """Return `rule`, called only for lines that begin with one of `characters`."""

    def applies(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        place = state.bMarks[line] + state.tShift[line]
        return state.src[place : place + 1] in characters and rule(state, line, end, silent)

    return applies


def _above(characters: Collection[str], rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """Return `rule`, called only for lines above one that begins with one of `characters`."""

    def applies(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if line + 2 > end:
            return False
        place = state.bMarks[line + 1] + state.tShift[line + 1]
        return state.src[place : place + 1] in characters and rule(state, line, end, silent)

    return applies


def _of_several_lines(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """Return `rule`, called only for lines that an empty line or the end does not follow."""

    def applies(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        return line + 1 < end and not state.isEmpty(line + 1) and rule(state, line, end, silent)

    return applies


def _read_inline(state: StateCore) -> None:
    """Parse the text of each block; text without any markup, nearly half of it, is one token."""
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type == "inline":
            token.children = children = token.children or []
            if _INLINE.search(token.content):
                state.md.inline.parse(token.content, state.md, state.env, children)
            elif token.content:
                children.append(Token("text", "", 0, content=token.content))


class _Destination(NamedTuple):
    """The address of a link, and where it ends."""

    str: str
    pos: int
    ok: bool = True


def _link_destination(text: str, place: int, end: int) -> Any:
    """Return the address of a link at `place`; markdown-it reads one character by character, which few need."""
    plain = _ADDRESS.match(text, place, end)
    if plain and (plain.end() == end or text[plain.end()] not in "(<\\&"):
        return _Destination(plain[0], plain.end())
    from markdown_it.helpers import parseLinkDestination

    return parseLinkDestination(text, place, end)
