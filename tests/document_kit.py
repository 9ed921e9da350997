"""Generates hostile documents: random bytes, mutated real ones, HTML entities, and files of each format."""

from __future__ import annotations

import html.entities
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

import docx
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SEEDS: Final = sorted((Path(__file__).parent.parent / "seeds").glob("*.md"))
ENDINGS: Final = (".txt", ".md", ".html", ".jsonl", ".pdf", ".rss", ".docx")
_ENTITIES: Final = (
    *(f"&{name}" for name in html.entities.html5),
    *(f"&#{n};" for n in (*range(160), 0xD800, 0xFFFE, 0x10FFFF, 0x110000, 9_999_999)),
    *(f"&#x{n:X};" for n in (0, 9, 10, 13, 0x85, 0xA0, 0x2028, 0x2029, 0x200B, 0xDFFF)),
)
_PIECES: Final = (
    "算力需求在过去一年里继续增长，多家机构上调了预测。",
    "Compute grew by 18% in 2025, the U.S. report says.",
    "来源：新华网 2025-03-04",
    "發布日期：114/03/04",
    "民國114年3月4日",
    "By Dana Whitfield · April 2, 2025",
    "国产精品自拍 | 3天前 |",
    "\ufeff",
    "\u2028",
    "\u200d",
    "\x85",
    "\x1b[0m",
    "\ud83d",
    "e\u0301" * 40,
    "ﷺ",
    "𠀀",
    "  ",
    "\t",
    "\r",
    "\x0c",
    "# 标题",
    "**a**",
    "[a](b)",
    "![",
    "```",
    "~~~",
    "---",
    "+++",
    "| a | b |",
    "|-|-|",
    "> ",
    "1. ",
    "- [ ] ",
    "<br>",
    "<script>",
    "</p>",
    "<!--",
    "-->",
    "\\",
    "&",
    "<",
    "\\u4e2d",
    "ä½ å¥½",
    "锟斤拷",
    "\ufffd" * 3,
    "{",
    "}",
    "[[",
    '"',
    "'",
    "``",
    "$$",
    ":",
    "=",
    "===",
    "9" * 40,
    "1e999",
    "2025-13-45",
    "0x",
    "http://example.org/a?b=c#d",
)
_NAMES: Final = (
    "title", "text", "content", "body", "date", "pubDate", "published", "publisher", "source", "url", "link", "lang", "language",
    "正文", "日期", "来源", "标题", "data", "meta", "summary", "html", "brief", "inferred", "translation_of", "name", "updated", "x", "",
)  # fmt: skip


def soup(chance: Random, size: int = 30) -> str:
    """Return up to `size` random pieces of text, markup and odd characters, with line breaks anywhere."""
    pieces = (*_PIECES, *chance.choices(_ENTITIES, k=10))
    return "".join(
        chance.choice(pieces) + chance.choice(("", " ", "\n", "\n\n", "\r\n"))
        for _ in range(chance.randint(0, size))
    )


def value(chance: Random, depth: int = 0) -> object:
    """Return a random JSON value."""
    kind = chance.randint(0, 9 if depth < 4 else 6)
    if kind == 9:
        return {chance.choice(_NAMES): value(chance, depth + 1) for _ in range(chance.randint(0, 4))}
    if kind > 6:
        return [value(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    day = date(2025, 3, 4) + timedelta(days=chance.randint(-20_000, 2_000))
    simple = (
        None,
        chance.random() < 0.5,
        chance.randint(-(10**20), 10**20),
        chance.uniform(-1e300, 1e300),
        day.isoformat(),
    )
    return soup(chance, 6) if kind > 4 else simple[kind]


def generated(ending: str, chance: Random) -> bytes:
    """Return a generated file of one format, well-formed or nearly."""
    fields = {chance.choice(_NAMES): value(chance) for _ in range(chance.randint(0, 6))}
    if ending == ".jsonl":
        lines = [
            json.dumps({chance.choice(_NAMES): value(chance) for _ in range(chance.randint(0, 6))})
            for _ in range(3)
        ]
        return _encoded("\n".join([*lines, soup(chance, 3)]), chance)
    if ending == ".html":
        tags = [
            "p",
            "div",
            "td",
            "tr",
            "h1",
            "script",
            "li",
            "em",
            "article",
            "title",
            "meta",
            "time",
            "span",
            "svg",
            "math",
            "template",
        ]
        parts = [
            f"<{tag} {chance.choice(('', 'class=pubtime', 'id=js_name', 'content=2025-03-04 name=pubdate'))}>{soup(chance, 4)}"
            + chance.choice(("", f"</{tag}>"))
            for tag in chance.choices(tags, k=chance.randint(0, 12))
        ]
        return _encoded("<html><body>" + "".join(parts), chance)
    if ending in _PRINTED:
        return _PRINTED[ending](soup(chance))
    head = ""
    if ending == ".md":
        head = chance.choice(
            (
                "",
                f"---\n{chr(10).join(f'{k}: {v}' for k, v in fields.items())}\n---\n",
                f"+++\n{chr(10).join(f'{k} = {json.dumps(v)}' for k, v in fields.items())}\n+++\n",
                f"{json.dumps(fields, indent=1)}\n",
                f"---\n{soup(chance, 8)}\n---\n",
            )
        )
    return _encoded(head + soup(chance), chance)


def printed(text: str) -> bytes:
    """Return a PDF with the lines of a text, in a Chinese font that every PDF reader has."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target)
    for number, line in enumerate(text.encode("utf-8", "replace").decode().split("\n")):
        if number and number % 50 == 0:
            canvas.showPage()
        canvas.setFont("STSong-Light", 11)
        canvas.drawString(60, 780 - 15 * (number % 50), line[:70])
    canvas.save()
    return target.getvalue()


def in_word(text: str) -> bytes:
    """Return a Word document with a text's lines as paragraphs, without control characters, which XML forbids."""
    word, target = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        word.add_paragraph(
            "".join(
                char for char in line if char >= " " and not "\ud800" <= char <= "\udfff" and char < "\ufffe"
            )
        )
    word.save(target)
    return target.getvalue()


def in_feed(text: str) -> bytes:
    """Return a feed with a text's lines as entries, unescaped, so that it is as broken as they are."""
    items = "".join(
        f"<item><title>{line[:20]}</title><description>{line}</description></item>"
        for line in text.split("\n")[:40]
    )
    return f'<rss version="2.0"><channel><title>标题</title>{items}</channel></rss>'.encode(
        "utf-8", "replace"
    )


def mutated(ending: str, chance: Random) -> bytes:
    """Return a seed in one format with bytes changed, cut, doubled or inserted."""
    text = chance.choice(SEEDS).read_text(encoding="utf-8")
    start = chance.randint(0, max(0, len(text) - 1_500))
    text = text[:200] + text[start : start + 1_500]
    if ending == ".html":
        text = (
            "<html><body><article>"
            + "".join(f"<p>{line}</p>\n" for line in text.split("\n"))
            + "</article></body></html>"
        )
    elif ending == ".jsonl":
        text = "\n".join(
            json.dumps({"title": "标题", "content": text[index : index + 500]})
            for index in range(0, len(text), 500)
        )
    raw = bytearray(_PRINTED[ending](text) if ending in _PRINTED else text.encode())
    for _ in range(chance.randint(1, 12)):
        index = chance.randrange(len(raw) or 1)
        change = chance.randint(0, 3)
        if change == 0:
            raw[index : index + 1] = bytes([chance.randrange(256)])
        elif change == 1:
            del raw[index : index + chance.randint(1, 400)]
        elif change == 2:
            raw[index:index] = raw[index : index + chance.randint(1, 400)]
        else:
            raw[index:index] = soup(chance, 4).encode("utf-8", "surrogatepass")
    return bytes(raw)


_PRINTED: Final = {".pdf": printed, ".docx": in_word, ".rss": in_feed}


def hostile(chance: Random) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of four documents of each format: generated, mutated, random bytes, entities."""
    for ending in ENDINGS:
        yield f"generated{ending}", generated(ending, chance)
        yield f"mutated{ending}", mutated(ending, chance)
        yield f"bytes{ending}", chance.randbytes(chance.randint(0, 400))
        entities = "".join(chance.choices(_ENTITIES, k=chance.randint(1, 40)))
        text = f"算力{entities}增长，多家机构上调了预测。{entities}"
        yield f"entities{ending}", (json.dumps({"text": text}) if ending == ".jsonl" else text).encode()


def _encoded(text: str, chance: Random) -> bytes:
    encoding = chance.choice(
        ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "windows-1252", "shift_jis")
    )
    return text.encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")
