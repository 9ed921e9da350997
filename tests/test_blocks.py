"""A document is blocks: the parts that its author set apart, whatever the format; the blocks decide what can be quoted."""

from __future__ import annotations

import json

import pytest
from library_kit import Shelf

from bot.blocks import ITEM_TITLE, LIST_LEAD
from bot.intake.readers import read_documents
from bot.library.terms import term_of
from bot.models import Document

SAID = "Demand for computing power grew by a third in 2024, the survey says."
MORE = "Prices fell in the same year, and two suppliers left the market."
HAN = "液冷让新机房第一年的电费降了两成，运营商还要再建两个。"


def read(text: str, name: str = "a.md") -> Document:
    """Return the only document of a file."""
    (document,) = read_documents(name, text.encode())
    return document


def kinds(text: str, name: str = "a.md") -> list[tuple[str, str]]:
    """Return the kind and text of each block of a file."""
    return [(block.kind, block.text) for block in read(text, name).blocks]


class TestMarkdown:
    def test_a_title_has_no_marks(self) -> None:
        assert read(f"---\ntitle: '**A** [new](https://a.example) chip'\n---\n{SAID}").title == "A new chip"

    def test_says_what_each_block_is(self) -> None:
        text = f"## Part\n\n{SAID}\n\n- {MORE}\n\n> {SAID}\n\n```sh\nrun now\n```\n\n| a | b |\n|---|---|\n| c | d |\n"
        assert kinds(text) == [
            ("heading", "Part"),
            ("paragraph", SAID),
            ("item", MORE),
            ("quote", SAID),
            ("code", "run now"),
            ("row", "| a | b |"),
            ("row", "| c | d |"),
        ]

    def test_a_line_in_bold_is_the_heading_of_what_follows(self) -> None:
        document = read(f"**A new chip**\n\n{SAID}\n\n**{SAID}**")
        assert [(block.kind, block.level) for block in document.blocks] == [
            ("heading", ITEM_TITLE),
            ("paragraph", 0),
            ("paragraph", 0),
        ]

    def test_a_list_of_links_is_no_text(self) -> None:
        assert kinds(
            f"{SAID}\n\n- [A page](https://a.example)\n- [Another page](https://b.example) · [third](https://c.example)"
        ) == [
            ("paragraph", SAID),
            ("links", "A page"),
            ("links", "Another page · third"),
        ]

    @pytest.mark.parametrize(
        ("marked", "plain"),
        [
            ("它用的是 [Linux 内核 5.15][5]，下个月发布。", "它用的是 Linux 内核 5.15，下个月发布。"),
            ("照片很浪漫，实在太危险了（[出处](https://a.example)）。", "照片很浪漫，实在太危险了。"),
            (
                "研究 Git 的 <ruby>子命令<rt>subcommands</rt></ruby> 的人不多。",
                "研究 Git 的 子命令 的人不多。",
            ),
            ("** Commenters agreed with the post in general.", "Commenters agreed with the post in general."),
            (
                "Prices fell&#10;and rose &amp; fell&NewLine;again in a year.",
                "Prices fell and rose & fell again in a year.",
            ),
            (
                f"{SAID}\n\n<details><summary>What fell</summary>\n\n{MORE}\n\n</details>",
                f"{SAID}\nWhat fell\n{MORE}",
            ),
        ],
    )
    def test_marks_inside_a_sentence_are_resolved(self, marked: str, plain: str) -> None:
        assert "\n".join(text for _, text in kinds(marked)) == plain

    def test_html_inside_it_has_blocks_too(self) -> None:
        assert kinds(f"{SAID}\n\n<ul>\n<li>{MORE}</li>\n</ul>\n<pre>\nrun now\n</pre>\n") == [
            ("paragraph", SAID),
            ("item", MORE),
            ("code", "run now"),
        ]


class TestPage:
    def test_says_what_each_block_is(self) -> None:
        page = (
            f"<html><body><article><h1>A title</h1><p>{SAID} {MORE}</p><h2>Part</h2><p>{MORE} {SAID}</p><ul><li>{SAID}</li>"
            f"<li>{MORE}</li></ul><blockquote>{SAID}</blockquote></article></body></html>"
        )
        assert [kind for kind, _ in kinds(page, "a.html")] == [
            "heading",
            "paragraph",
            "heading",
            "paragraph",
            "item",
            "item",
            "quote",
        ]

    def test_a_table_that_only_lays_out_is_text(self) -> None:
        line = json.dumps(
            {"title": "T", "text": f"<table><tr><td>{SAID}</td></tr><tr><td>a</td><td>b</td></tr></table>"}
        )
        assert kinds(line, "a.jsonl") == [("paragraph", SAID), ("row", "| a | b |")]


class TestJsonLine:
    def test_markdown_that_holds_html_is_read_as_markdown(self) -> None:
        text = f"{SAID} See [the notes](https://a.example).\n\n<pre>run now</pre>\n\n## Part\n\n{MORE}"
        assert [kind for kind, _ in kinds(json.dumps({"text": text}), "a.jsonl")] == [
            "paragraph",
            "code",
            "heading",
            "paragraph",
        ]


class TestItems:
    def test_a_title_with_its_counts_is_the_heading_of_its_text(self) -> None:
        text = f"- **A faster engine** ([Score: 154, Comments: 113](https://a.example)): {SAID}\n  - {MORE}"
        blocks = read(text).blocks
        assert [(block.kind, block.text) for block in blocks] == [
            ("heading", "A faster engine"),
            ("item", SAID),
            ("item", MORE),
        ]
        assert blocks[0].level > LIST_LEAD

    @pytest.mark.parametrize(
        "count", ["(得分: 92, 评论: 41):", "(1.2k upvotes | 35 comments)", "（Score：154）"]
    )
    def test_what_an_aggregator_counts_goes(self, count: str) -> None:
        assert kinds(f"{SAID}\n\n- {count} {MORE}") == [("paragraph", SAID), ("item", MORE)]

    def test_a_list_of_links_in_html_goes_on_over_blank_lines(self) -> None:
        text = (
            f"{SAID}\n\n<div>\n<strong>Links mentioned</strong>:\n<ul>\n<li><a href='x'>A page</a>: {MORE}\n\n{SAID} {MORE}</li>"
            f"<li><a href='y'>B</a>: {MORE}</li></ul>\n</div>\n\n{MORE}"
        )
        told = [text for kind, text in kinds(text) if kind in {"paragraph", "item"}]
        assert told == [SAID, MORE]

    @pytest.mark.parametrize(
        "title", ["1、植物牛排", "2、[全屋光纤](https://a.example)（中文）", "3、多余的电去哪了？（英文）"]
    )
    def test_a_number_and_a_title_alone_are_its_heading(self, title: str) -> None:
        assert [kind for kind, _ in kinds(f"{HAN}\n\n{title}\n\n{HAN}")] == [
            "paragraph",
            "heading",
            "paragraph",
        ]

    def test_a_label_leads_to_its_items(self) -> None:
        text = f"The survey names these reasons:\n\n- {SAID}\n- {MORE}\n\n要点解析：\n\n- {HAN}"
        assert [kind for kind, _ in kinds(text)] == ["heading", "item", "item", "navigation", "item"]

    def test_a_table_of_contents_is_no_text(self) -> None:
        assert [
            kind
            for kind, _ in kinds(
                f"- New chips\n- Old chips\n\n## New chips\n\n{SAID}\n\n## Old chips\n\n{MORE}"
            )
        ] == [
            "navigation",
            "navigation",
            "heading",
            "paragraph",
            "heading",
            "paragraph",
        ]

    def test_links_under_their_label_are_no_text(self) -> None:
        text = f"{SAID}\n\n**Links mentioned**:\n\n- [A page](https://a.example): {MORE}\n- [B](https://b.example): {MORE}\n\n## Part\n\n{MORE}"
        assert [kind for kind, _ in kinds(text)] == [
            "paragraph",
            "navigation",
            "links",
            "links",
            "heading",
            "paragraph",
        ]


class TestQuotes:
    def quotable(self, shelf: Shelf, text: str, name: str = "a.md") -> list[str]:
        """Return the sentences of a file that may be quoted."""
        path = shelf.folder / name
        path.write_text(text, encoding="utf-8")
        outcome = shelf.take(path)
        passages = shelf.library.passages_at(outcome.id, outcome.language, range(outcome.passages))
        return [sentence.text for passage in passages for sentence in passage.sentences if sentence.whole]

    def test_only_prose_can_be_quoted(self, shelf: Shelf) -> None:
        text = f"## Compute prices\n\n{SAID}\n\n| Model | Price |\n|---|---|\n| A | $2 |\n\n```\nrun now please\n```\n\nhttps://a.example\n"
        assert self.quotable(shelf, text) == [SAID]

    def test_a_document_of_tables_is_found_and_says_nothing(self, shelf: Shelf) -> None:
        text = "# The prices of the large models\n\n| Model | Price |\n|---|---|\n| Gemini | $2 |\n| Llama | $1 |\n"
        assert self.quotable(shelf, text) == []
        assert shelf.texts("Gemini") != set()

    def test_what_is_in_no_passage_is_counted_all_the_same(self, shelf: Shelf) -> None:
        text = f"{SAID}\n\n| Model | Price |\n|---|---|\n| Frobnitz | $2 |\n| Gemini | $3 |\n\n```\nwobblegong --run\n```\n"
        for replaced in (text, text):
            self.quotable(shelf, replaced)
        for name in ("frobnitz", "wobblegong"):
            term = term_of(name)
            assert term is not None
            assert len(shelf.library.term_days(term)) == 1
        (topic,) = [
            mention.topic for mention in shelf.glossary.forms.find("gemini", lambda: [("gemini", 0, 6)])
        ]
        assert len(shelf.library.topic_days([topic])) == 1
        self.quotable(shelf, f"{SAID}\n{MORE}")
        assert shelf.library.topic_days([topic]) == []
        assert shelf.library.check() == []

    def test_a_passage_keeps_the_headings_of_its_item(self, shelf: Shelf) -> None:
        path = shelf.folder / "a.md"
        path.write_text(
            f"# A weekly\n\n## Tools\n\n1、[An engine](https://a.example)\n\n{SAID}\n\n2、[A chip](https://b.example)\n\n{MORE}\n\n"
            f"- **Prices**: {SAID}\n  - {MORE}\n",
            encoding="utf-8",
        )
        outcome = shelf.take(path)
        passages = shelf.library.passages_at(outcome.id, "en", range(outcome.passages))
        assert [passage.headings for passage in passages] == [
            "Tools\n1、An engine",
            "Tools\n2、A chip",
            "Tools\n2、A chip",
            "Tools\n2、A chip\nPrices",
        ]

    def test_what_stands_under_a_heading_is_found_by_it(self, shelf: Shelf) -> None:
        self.quotable(shelf, f"# A weekly\n\n## Liquid cooling\n\n{SAID}\n\n## Tea\n\n{MORE}")
        assert shelf.texts("liquid cooling") == {SAID}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "# The state of the models in this year\n\n"
            + "| Foo | Bar | Baz | Qux |\n|---|---|---|---|\n" * 1
            + "| Alpha | Beta | Gamma | Delta |\n" * 30,
            "en",
        ),
        ("# 今年的模型\n\n| 甲 | Bar |\n|---|---|\n" + "| Alpha | Beta |\n" * 30, "zh"),
    ],
)
def test_a_page_of_tables_is_in_the_language_of_its_headings(text: str, language: str) -> None:
    assert read(text).language == language
