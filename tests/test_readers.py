"""Files of every kind become documents, or are refused with a reason in one sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from library_kit import in_words

from bot.blocks import Block
from bot.intake.formats.html import read_page
from bot.intake.formats.markdown import markdown_blocks
from bot.intake.front_matter import split_front_matter
from bot.intake.readers import read_documents
from bot.models import Document
from bot.provenance import Provenance
from bot.text.unreadable import Unreadable

SEEDS = Path(__file__).parent.parent / "seeds"
BODY = "算力需求在过去一年里继续增长,多家机构上调了预测。"
PAGE = """<!doctype html><html><head><title>Chip packaging - Example Times</title>
<meta property="og:title" content="Chip packaging becomes the bottleneck">
<meta property="og:site_name" content="Example Times">
<meta property="article:published_time" content="2025-03-14T09:30:00Z">
<link rel="canonical" href="https://example.com/chips"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Chip packaging becomes the bottleneck</h1>
<p>Advanced packaging capacity is now scarcer than wafers. Foundries have doubled their spending on it since 2023.</p>
<p>Analysts expect relief only when two new plants open in 2026. Until then buyers reserve capacity years ahead.</p>
</article><div class="comments"><p>First!!! Great post, visit my casino.</p></div>
<footer>About us | Contact us | &copy; Example Times</footer></body></html>"""


def one(name: str, content: str | bytes) -> Document:
    """Return the only document of a file."""
    raw = content.encode() if isinstance(content, str) else content
    (document,) = read_documents(name, raw)
    return document


def refusal(name: str, content: str | bytes) -> str:
    """Return why a file cannot be read, in the words shown to an operator."""
    with pytest.raises(Unreadable) as refused:
        one(name, content)
    return in_words(refused.value.problem)


class TestText:
    def test_is_read_with_what_its_lines_say(self) -> None:
        document = one("a.txt", f"国产芯片的三条路线\n2025-01-09 10:11\n来源:通信世界网\n\n{BODY}\n")
        assert document.text == BODY
        assert (document.title, document.publisher) == ("国产芯片的三条路线", "通信世界网")
        assert document.published == date(2025, 1, 9)
        assert document.language == "zh"
        assert [(cut.number, cut.rule) for cut in document.cut] == [(n, "metadata") for n in (1, 2, 3)]

    def test_is_known_by_publisher_and_title_else_by_its_name(self) -> None:
        known = f"国产芯片的三条路线\n来源:通信世界网\n{BODY}"
        assert one("a.txt", known).source_key == one("b/c.txt", known).source_key
        assert one("b/c.txt", BODY).source_key == "b/c.txt"

    def test_that_is_a_web_page_is_read_as_one(self) -> None:
        assert one("a.txt", PAGE).title == "Chip packaging becomes the bottleneck"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
    def test_may_have_any_encoding(self, encoding: str) -> None:
        assert one("a.txt", BODY.encode(encoding)).text == BODY


class TestMarkdown:
    def test_front_matter_states_the_rest(self) -> None:
        document = one(
            "a.md",
            "---\ntitle: 标题\npublisher: 某网\npublished: 2025-03-01\nlanguage: zh-CN\nurl: https://example.com/a\n"
            f"brief: true\ninferred: true\n---\n\n# 标题\n\n{BODY}\n",
        )
        assert document == Document(
            "https://example.com/a",
            "标题",
            (Block("paragraph", BODY, line=13),),
            "zh",
            "某网",
            date(2025, 3, 1),
            True,
            "https://example.com/a",
            True,
            provenance=Provenance("declared", "declared", "declared", "declared"),
        )

    def test_the_words_of_site_generators_and_clippers_state_it_too(self) -> None:
        head = "date: 2025-03-01 08:00:00 +0800\nlang: en\nsource: https://example.com/b"
        document = one("2024-01-01-a.md", f"---\n{head}\n---\n{BODY}")
        assert (document.published, document.language, document.url, document.publisher) == (
            date(2025, 3, 1),
            "en",
            "https://example.com/b",
            "",
        )
        assert one("a.md", f"---\nsource: 某网\n---\n{BODY}").publisher == "某网"

    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("/notes/2025-06-04.md", date(2025, 6, 4)),
            ("2025-06-04-ten-trends.md", date(2025, 6, 4)),
            ("2025-06-31.md", None),
            ("2025-06-045.md", None),
            ("trends-2025-06-04.md", date(2025, 6, 4)),
            ("2025-06-04.txt", date(2025, 6, 4)),
            ("backup-2025-06-04.txt", None),
        ],
    )
    def test_a_post_has_the_day_of_its_name(self, name: str, day: date | None) -> None:
        assert one(name, BODY).published == day

    def test_headings_are_blocks_of_their_own(self) -> None:
        document = one("a.md", f"# The title\n\n## Part\n\n{BODY}\n\nLower\n-----\n\n{BODY}")
        assert document.title == "The title"
        assert [(block.kind, block.level, block.line) for block in document.blocks] == [
            ("heading", 2, 3),
            ("paragraph", 0, 5),
            ("heading", 2, 7),
            ("paragraph", 0, 10),
        ]
        assert document.cut == ()

    @pytest.mark.parametrize(
        ("marked", "plain"),
        [
            ("算力**规模**继续*快速*提升。", "算力规模继续快速提升。"),
            ("See [the report](https://example.com/a) and `code`.", "See the report and code."),
            ("An image ![alt](https://example.com/a.png) goes.", "An image  goes."),
            ("Demand grows [17][19].", "Demand grows [17][19]."),
            ("snake_case_name and 2 * 3 * 4 stay.", "snake_case_name and 2 * 3 * 4 stay."),
            ("第一行,\n第二行。", "第一行,第二行。"),
            ("One line\nand the next.", "One line and the next."),
            ("- First item.\n- Second item.", "First item.\nSecond item."),
            ("> Quoted words.", "Quoted words."),
            ("<br/>Line<br>break.", "Line break."),
            ("算力**“规模”**提升。", "算力“规模”提升。"),
            ("1. One.\n2. Two.\n\n3) Three.", "1. One.\n2. Two.\n3) Three."),
            ("Three reasons:\n2. Second.\n3. Third.", "Three reasons:\n2. Second.\n3. Third."),
            ("| a | b |\n|---|---|\n| **x** | [y](z) |\n\nAfter.", "| a | b |\n| x | y |\nAfter."),
            ("| a | b |\n| c | d |", "| a | b |\n| c | d |"),
            (
                "See [the report][1] and [17].\n\n[1]: https://x.y\n[17]: https://z",
                "See the report and [17].",
            ),
            ("<div>\n<script>var a=1;\nvar b</script>\n**Bold** text\n</div>", "Bold text"),
            ("Text.<script>var a=1;</script> More.", "Text. More."),
            ("    第一段。\n\n    第二段。", "第一段。\n第二段。"),
            ("One line  \nline two\\\nline three", "One line\nline two\nline three"),
            ("~~Gone~~ stays; a&#10;b &amp; c.", "Gone stays; a b & c."),
            ("```sh\nrun **it**\n\nnow\n```\nAfter.", "run **it**\nnow\nAfter."),
            ("- \n\n1.\n\nAfter.", "After."),
            ("A sentence.\n['More'](https://example.com/a) ![x](https://example.com/b.png)", "A sentence."),
        ],
    )
    def test_marks_go_and_words_stay(self, marked: str, plain: str) -> None:
        _, blocks = markdown_blocks(marked)
        assert "\n".join(block.text for block in blocks) == plain

    def test_a_sentence_above_a_rule_is_no_heading(self) -> None:
        sentence = "A sentence ends here, and it has a good many words in it."
        assert markdown_blocks(f"{sentence}\n---\nnext") == (
            "",
            [Block("paragraph", sentence, line=1), Block("paragraph", "next", line=3)],
        )
        assert markdown_blocks("第一行\n标题\n===\n正文") == (
            "标题",
            [
                Block("paragraph", "第一行", line=1),
                Block("heading", "标题", 1, line=2),
                Block("paragraph", "正文", line=4),
            ],
        )

    @pytest.mark.parametrize("path", sorted(SEEDS.parent.glob("*.md")), ids=lambda path: path.name)
    def test_every_line_of_code_and_every_paragraph_stays_where_it_stands(self, path: Path) -> None:
        source = path.read_text(encoding="utf-8").split("\n")
        _, blocks = markdown_blocks("\n".join(source))
        assert blocks
        for block in blocks:
            word = re.search(r"[a-z]{3,}|[\u4e00-\u9fff]{2,}", block.text)
            assert word is None or word[0] in source[block.line - 1]

    def test_lines_keep_their_numbers(self) -> None:
        spam = "国产精品自拍 | 3天前 |"
        document = one("a.md", f"---\ntitle: 标题\n---\n\n# 标题\n\n{BODY}\n{BODY}\n\n{spam}\n\n{BODY}")
        assert [(cut.number, cut.rule) for cut in document.cut] == [(10, "adult-spam")]

    def test_a_translation_has_the_key_of_its_original(self) -> None:
        original = f"---\ntitle: 标题\npublisher: 某网\n---\n{BODY}".encode()
        translation = b"---\ntitle: A title\ntranslation_of: a.zh.md\n---\nDemand grew, and grew again."
        (read,) = read_documents("seeds/a.en.md", translation, {"a.zh.md": original})
        (first,) = read_documents("seeds/a.zh.md", original)
        assert read.source_key == first.source_key
        assert (read.language, read.title) == ("en", "A title")

    def test_a_translation_without_its_original_is_refused(self) -> None:
        assert "a.zh.md" in refusal("a.en.md", "---\ntranslation_of: a.zh.md\n---\nDemand grew.")

    @pytest.mark.parametrize("head", ["- a\n- b", "[" * 20_000, "no: field\n" * 10_000])
    def test_broken_front_matter_is_refused(self, head: str) -> None:
        assert refusal("a.md", f"---\n{head}\n---\n{BODY}").startswith("The front matter")

    @pytest.mark.parametrize(
        "text",
        [
            "データセンターの電力使用量は昨年一割増えた。",
            "Расход электроэнергии вырос на десять процентов.",
            "작년 전력 사용량은 10% 늘었다.",
        ],
    )
    def test_an_english_title_over_foreign_letters_makes_no_english_text(self, text: str) -> None:
        assert one("a.md", f"# Power report\n\n{text}\n").language == "other"

    def test_a_rule_at_the_top_is_no_front_matter(self) -> None:
        assert split_front_matter("---\nno end") == ({}, "---\nno end")

    @pytest.mark.parametrize("path", sorted(SEEDS.glob("*.md")), ids=lambda path: path.name)
    def test_our_own_briefs_come_out_unchanged(self, path: Path) -> None:
        (document,) = read_documents(
            path.name,
            path.read_bytes(),
            {beside.name: beside.read_bytes() for beside in SEEDS.glob("*.zh.md")},
        )
        _, body = split_front_matter(path.read_text(encoding="utf-8"))
        assert list(document.blocks) == markdown_blocks(body)[1]
        assert document.cut == ()
        assert document.brief


class TestPage:
    def test_is_read_with_what_its_head_states(self) -> None:
        document = one("a.html", PAGE)
        assert document.title == "Chip packaging becomes the bottleneck"
        assert (document.publisher, document.published) == ("Example Times", date(2025, 3, 14))
        assert document.source_key == document.url == "https://example.com/chips"
        assert document.text.startswith("Advanced packaging")
        assert document.text.endswith("years ahead.")

    def test_does_not_guess_its_day(self) -> None:
        page = PAGE.replace("article:published_time", "modified").replace("2025-03-14", "2024-03-14")
        assert one("a.html", page).published is None
        two = PAGE.replace("</head>", '<meta name="pubdate" content="2024-01-01"></head>')
        assert one("a.html", two).published is None

    def test_reads_linked_data(self) -> None:
        data = {
            "@graph": [
                {"@type": "NewsArticle", "datePublished": "2024-05-06", "publisher": {"name": "A Paper"}}
            ]
        }
        script = f'<script type="application/ld+json">{json.dumps(data)}</script><script type="application/ld+json">{{</script>'
        page = (
            PAGE.replace("article:published_time", "x")
            .replace("og:site_name", "x")
            .replace("</head>", script)
        )
        document = one("a.html", page)
        assert (document.publisher, document.published) == ("A Paper", date(2024, 5, 6))

    def test_loses_the_name_of_the_site_in_its_title(self) -> None:
        page = PAGE.replace("og:title", "x")
        assert one("a.html", page).title == "Chip packaging"

    def test_is_named_by_its_only_heading_where_the_window_adds_a_name(self) -> None:
        page = (
            PAGE.replace("og:title", "x")
            .replace("og:site_name", "x")
            .replace("- Example Times", "- Elsewhere")
        )
        heading = "<h1>Chip packaging becomes the bottleneck</h1>"
        assert one("a.html", page.replace(heading, "<h1>Chip packaging</h1>")).title == "Chip packaging"
        assert one("a.html", page.replace(heading, "<h1>Home</h1>")).title == "Chip packaging - Elsewhere"

    @pytest.mark.parametrize("page", ["<html><body></body></html>", "<p>", "<script>alert(1)</script>"])
    def test_without_a_text_is_refused(self, page: str) -> None:
        assert refusal("a.html", page) == "The page holds no text that reads like an article."

    def test_over_the_cap_is_refused_unread(self) -> None:
        assert "limit" in refusal("a.html", b"<p>" * 1024 * 1024)


class TestLines:
    def test_each_line_is_a_document(self) -> None:
        lines = [
            {
                "title": "标题",
                "text": BODY,
                "published": "2025-01-09",
                "publisher": "某网",
                "url": "https://a.b/c",
            },
            {"text": BODY},
            {"title": "只有标题"},
            {"text": BODY, "language": "en", "published": "soon", "title": 5},
        ]
        raw = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
        first, second, third, fourth = read_documents("a.jsonl", raw)
        assert (first.source_key, first.published) == ("https://a.b/c", date(2025, 1, 9))
        assert (second.source_key, second.language, second.title) == ("a.jsonl#2", "zh", "")
        assert third.text == "只有标题"
        assert (fourth.language, fourth.published, fourth.title) == ("en", None, "")

    def test_a_bad_line_is_refused_in_its_turn_and_the_rest_goes_on(self) -> None:
        bad = ["{", "[1]", '{"text": 5}', "{}", '{"text": "a\\u0000b"}', "[" * 100_000, '{"text": NaN}']
        found = read_documents("a.jsonl", "\n".join([*bad, json.dumps({"text": BODY})]).encode())
        for number in range(1, len(bad) + 1):
            with pytest.raises(Unreadable) as refused:
                next(found)
            assert in_words(refused.value.problem).startswith(f"Line {number}: ")
        assert next(found).text == BODY
        with pytest.raises(StopIteration):
            next(found)

    def test_spam_reaches_neither_title_nor_text(self) -> None:
        raw = json.dumps(
            {"title": "澳门新葡京官网注册送88元", "text": f"{BODY}\n久久精品国产 | 2天前 |"}
        ).encode()
        (document,) = read_documents("a.jsonl", raw)
        assert document.title == ""
        assert document.text == BODY


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "cannot be read"),
        ("noending", b"text", "cannot be read"),
        ("a.txt", rb"{\rtf1\ansi Cooling\par}", ".rtf"),
        ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".doc"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.txt", b"a\n" * 60_000, "lines"),
        ("a.jsonl", b" " * (16 * 1024 * 1024 + 1), "limit"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(name: str, content: bytes, words: str) -> None:
    reason = refusal(name, content)
    assert words in reason
    assert reason.endswith(".")
    assert "\n" not in reason


def test_reading_plain_text_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom bot.intake.readers import read_documents\n"
        "list(read_documents('a.txt', 'Plain English text, nothing else in it.'.encode()))\n"
        "print([name for name in ('trafilatura', 'ftfy', 'opencc', 'chardet', 'jieba') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ('<span class="pubTime">2016年10月14日07:17</span>', date(2016, 10, 14)),
        (
            '<time class="entry-date published" datetime="2024-05-06T10:00:00Z">last May</time>',
            date(2024, 5, 6),
        ),
        ('<span itemprop="datePublished">2024-05-06</span>', date(2024, 5, 6)),
        ('<i class="pubtime">2024-05-06</i><li><i class="pubtime">2024-05-07</i></li>', None),
        ("<span>2024-05-06</span>", None),
    ],
)
def test_a_day_in_the_body_of_a_page_counts_where_its_element_is_named_for_it(
    shown: str, day: date | None
) -> None:
    paragraph = "<p>Compute grew by a fifth, the report says, and the grid did not keep up with it.</p>"
    page = f"<html><head><title>Compute</title></head><body><article>{shown}{paragraph * 8}</article></body></html>"
    assert read_page(page).published == day
