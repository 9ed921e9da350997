"""The parser of Markdown finds what markdown-it-py finds without the shortcuts of bot.intake.formats.markdown_parser."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.intake.formats.markdown_parser import markdown_parser

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.md"))
_LINES = [
    "",
    "",
    "Models grew cheaper.",
    "算力投资增长。",
    "# Heading",
    "## 标题 *emphasis*",
    "Setext",
    "===",
    "---",
    "- item",
    "  - nested",
    "    continued",
    "* * *",
    "+ plus",
    "1. first",
    "2. second",
    "-no item",
    "> quoted",
    "> > twice",
    ">lazy",
    "| a | b |",
    "|---|:-:|",
    "| 1 | **2** |",
    "a | b",
    "- | -",
    "```python",
    "~~~",
    "```",
    "<div>",
    "</div>",
    "<!-- note -->",
    "[ref]: https://example.org/a_(b) 'title'",
    "[other]: <https://example.org/a b>",
    "    indented",
    "\tindented by a tab",
]
_WORDS = [
    "word",
    "词",
    " ",
    "\n",
    "  \n",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "[text](https://example.org/path?a=1&b=2)",
    "[text](https://example.org/a_(b)_c)",
    "[text](<https://example.org/a b> 'title')",
    "[text](https://example.org/a\\)b)",
    "[text](https://example.org/a(b)",
    "[text](https://example.org/&amp;)",
    "[text](javascript:alert)",
    '[text](  /relative   "title" )',
    "[text]()",
    "[text](/open",
    "![picture](a.png)",
    "[ref]",
    "[ref][]",
    "[1][ref]",
    "<b>",
    "</b>",
    "<https://example.org>",
    "&amp;",
    "&",
    "\\*",
    "!",
    "]",
    "(",
    ")",
]


def plain() -> MarkdownIt:
    """Return the parser with the same settings and none of the shortcuts."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    for name in ("normalizeLink", "normalizeLinkText"):
        setattr(parser, name, str)
    return parser


def values(tokens: list[Token]) -> list[object]:
    return [token.as_dict() for token in tokens]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_seeds_have_the_same_tokens(path: Path) -> None:
    text = path.read_text("utf-8")
    assert values(markdown_parser().parse(text)) == values(plain().parse(text))


@pytest.mark.parametrize("pieces", [_LINES, _WORDS], ids=["blocks", "inline"])
@pytest.mark.parametrize("seed", range(4))
def test_composed_texts_have_the_same_tokens(pieces: list[str], seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311  # a test, not a secret
    parser, other = markdown_parser(), plain()
    for _ in range(250):
        between = "\n" if pieces is _LINES else ""
        text = between.join(chosen.choices(pieces, k=chosen.randint(1, 14)))
        assert values(parser.parse(text)) == values(other.parse(text)), text
