"""Front matter and JSON lines with other names and forms of fields: nothing is dropped silently."""

from __future__ import annotations

import json
from datetime import date

import pytest
from library_kit import in_words

from bot.intake.front_matter import split_front_matter
from bot.intake.readers import read_documents
from bot.models import Document
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.text.unreadable import Unreadable

TODAY = date(2026, 11, 22)
DAY = date(2025, 3, 4)
BODY = "Liquid cooling cut the power bill of the new hall by 18% in its first year, the operator said."
MORE = "The operator plans two more halls."
HAN = "运营商说，新机房第一年的电费因液冷降了18%。其间水泵坏了两次。运营商还要再建两个机房。"


def post(head: str, fence: str = "---") -> Document:
    """Return the document of a Markdown file with this front matter between fences."""
    (document,) = read_documents(
        "a.md", f"{fence}\n{head}\n{fence}\n\n{BODY}\n\n{MORE}\n".encode(), today=TODAY
    )
    assert document.text == f"{BODY}\n{MORE}"
    return document


def line(**fields: object) -> Document:
    """Return the document of a JSON line with these fields."""
    (document,) = read_documents("a.jsonl", json.dumps(fields, ensure_ascii=False).encode(), today=TODAY)
    return document


def refusal(**fields: object) -> str:
    """Return why a JSON line with these fields is refused."""
    with pytest.raises(Unreadable) as refused:
        line(**fields)
    return in_words(refused.value.problem)


class TestFrontMatterInOtherFormats:
    @pytest.mark.parametrize(
        "source",
        [
            '+++\ntitle = "Cooling in its first year"\ndate = 2025-03-04\n+++\n',
            '+++\ntitle = "Cooling in its first year"\ndate = 2025-03-04T08:00:00-08:00\ndraft = false\n+++\n',
            "+++\ntitle = 'Cooling in its first year'\n[params]\ndate = '2025-03-04'\n+++\n",
            "+++\ntitle = Cooling in its first year\ndate = 2025-03-04\n+++\n",
            '{\n  "title": "Cooling in its first year",\n  "date": "2025-03-04"\n}\n',
            '{"title": "Cooling in its first year", "date": "2025-03-04", "tags": ["a", {"b": 1}]}\n',
            '---json\n{"title": "Cooling in its first year", "date": "2025-03-04"}\n---\n',
            '---toml\ntitle = "Cooling in its first year"\ndate = 2025-03-04\n---\n',
            ';;;\n"title": "Cooling in its first year",\n"date": "2025-03-04"\n;;;\n',
            '---\n{"title": "Cooling in its first year", "date": "2025-03-04"}\n---\n',
            '{"title": "Cooling in its first year",\n "date": "2025-03-04",\n}\n',
        ],
    )
    def test_toml_and_json_state_title_and_day(self, source: str) -> None:
        (document,) = read_documents("a.md", f"{source}\n{BODY}\n\n{MORE}\n".encode(), today=TODAY)
        assert (document.title, document.published) == ("Cooling in its first year", DAY)
        assert document.text == f"{BODY}\n{MORE}"

    def test_what_a_reader_of_pages_sets_before_its_markdown_is_one(self) -> None:
        head = (
            "Title: Cooling in its first year\n\nURL Source: https://example.org/cooling\n\n"
            "Published Time: 2025-03-04T08:00:00Z\n\nMarkdown Content:\n"
        )
        (document,) = read_documents("a.md", f"{head}{BODY}\n\n{MORE}\n".encode(), today=TODAY)
        assert (document.title, document.published) == ("Cooling in its first year", DAY)
        assert (document.url, document.text) == ("https://example.org/cooling", f"{BODY}\n{MORE}")
        line = json.dumps({"title": "Cooling", "text": f"{head}{BODY}\n\n{MORE}"})
        assert next(read_documents("a.jsonl", line.encode())).text == f"{BODY}\n{MORE}"

    @pytest.mark.parametrize(
        "text",
        ['{"a": 1} is what it sends.', "{not json}\n\ntext", '{"a": 1}\n', "+++\nno end", "+++ a\n+++\nb"],
    )
    def test_what_only_begins_like_it_is_the_text(self, text: str) -> None:
        assert split_front_matter(text) == ({}, text)

    def test_lines_behind_it_keep_their_numbers(self) -> None:
        for source in ('{\n"title": "标题"\n}\n', '+++\ntitle="标题"\n+++\n', "---\ntitle: 标题\n---\n"):
            spam = "国产精品自拍 | 3天前 |"
            (document,) = read_documents("a.md", f"{source}{HAN}\n\n{spam}\n".encode())
            assert [(cut.number, cut.rule) for cut in document.cut] == [(6, "adult-spam")]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("@Operator on cooling", "@Operator on cooling"),
        ("Cooling: the first year", "Cooling: the first year"),
        ("`code` in the hall", "`code` in the hall"),
        ("%18 less", "%18 less"),
        ("[Draft] Cooling", "[Draft] Cooling"),
        ('"Cold" halls', '"Cold" halls'),
        ("'It's cold'", "It's cold"),
        ("*Star hall", "*Star hall"),
        ("!Cooling in the hall", "!Cooling in the hall"),
        ("&Cooling in the hall", "&Cooling in the hall"),
        ("{{ title }} of the hall", "{{ title }} of the hall"),
        ("\tCooling", "Cooling"),
        ("Yes", "Yes"),
        ("2025", "2025"),
        ("12:30", "12:30"),
        ("液冷：第一年", "液冷：第一年"),
    ],
)
def test_front_matter_that_is_no_strict_yaml_is_read_line_by_line(title: str, shown: str) -> None:
    document = post(f"title: {title}\ntags:\n\t- a\n\t- b\ndate: 2025-03-04")
    assert (document.title, document.published) == (shown, DAY)
    strict = post(f"title: {title}\ndate: 2025-03-04")
    assert (strict.title, strict.published) == (shown, DAY)


def test_front_matter_may_have_chinese_colons_alone() -> None:
    document = post("标题：液冷第一年\n日期：2025年3月4日")
    assert (document.title, document.published) == ("液冷第一年", DAY)


@pytest.mark.parametrize(
    "field",
    [
        "pubDatetime: 2025-03-04T08:00:00Z",
        "pubDate: 'Mar 04 2025'",
        "pubDate: Tue, 04 Mar 2025 08:00:00 GMT",
        "publishDate: 2025-03-04T10:00:00+08:00",
        "publish_date: 2025/3/4",
        "created: 2025-03-04",
        "date created: 2025-03-04 08:00",
        "published_at: 1741046400",
        "发布日期: 2025年3月4日",
        "發布時間: 民國114年3月4日",
        "日期: 二〇二五年三月四日",
        "datePublished: 4th of March 2025",
        "dc:date: 2025-03-04",
        "article.published_time: 2025-03-04",
    ],
)
def test_the_day_stands_under_every_usual_name_and_a_later_change_is_not_it(field: str) -> None:
    document = post(
        f"title: Cooling\nupdated: 2025-04-01\n{field}\nlastmod: 2025-05-01\nmodified: 2025-05-02"
    )
    assert (document.published, document.remarks) == (DAY, ())
    assert post("title: Cooling\nlastmod: 2025-03-04\nupdated: 2025-03-04").published is None


def test_the_day_of_publication_goes_before_the_day_of_the_note() -> None:
    assert post("created: 2025-03-01\npublished: 2025-03-04").published == DAY
    assert post("published: true\ndate: 2025-03-04").published == DAY
    assert line(timestamp=1, createdAt="2025-03-05", pubDate="2025-03-04", text=BODY).published == DAY


class TestJsonLines:
    @pytest.mark.parametrize(
        "fields",
        [
            {"content": HAN},
            {"body": HAN},
            {"article": HAN},
            {"正文": HAN},
            {"內容": HAN},
            {"content_text": HAN, "summary": "摘要。"},
            {"text": "", "content": HAN},
            {"text": None, "full_text": HAN},
            {"content": {"rendered": f"<p>{HAN}</p>\n"}},
            {"content": [{"type": "text/html", "value": f"<p>{HAN}</p>"}]},
            {"content_html": f"<div><p>{HAN}</p></div>"},
            {"paragraphs": [HAN[:26], HAN[26:]]},
            {"data": {"content": HAN}},
            {"_id": 5, "doc": {"body": HAN}},
            {"markdown": f"# 液冷第一年的账本\n\n{HAN}", "metadata": {"language": "zh"}},
            {"summary": HAN},
            {"content": {"type": "doc", "content": [{"content": [{"text": HAN[:9]}, {"text": HAN[9:]}]}]}},
        ],
    )
    def test_the_text_stands_under_every_usual_name_and_in_every_usual_shape(
        self, fields: dict[str, object]
    ) -> None:
        document = line(title="液冷第一年的账本", **fields)
        assert document.text.replace("\n", "") == HAN
        assert document.title == "液冷第一年的账本"

    @pytest.mark.parametrize(
        ("fields", "publisher", "url"),
        [
            ({"name": "算力观察", "account": "slgc"}, "算力观察", ""),
            (
                {"source": {"id": None, "name": "算力观察"}, "link": "https://a.b/c"},
                "算力观察",
                "https://a.b/c",
            ),
            ({"媒体": "算力观察", "链接": "https://a.b/c"}, "算力观察", "https://a.b/c"),
            ({"publisher": {"@type": "Organization", "name": "算力观察"}}, "算力观察", ""),
            ({"site_name": "算力观察", "source": "https://a.b/c"}, "算力观察", "https://a.b/c"),
            (
                {"公众号": "算力观察", "guid": "tag:5", "permalink": "https://a.b/c"},
                "算力观察",
                "https://a.b/c",
            ),
            ({"来源": "算力观察", "id": 7}, "算力观察", ""),
        ],
    )
    def test_publisher_and_link_too(self, fields: dict[str, object], publisher: str, url: str) -> None:
        document = line(headline={"rendered": "液冷第一年的账本"}, text=HAN, **fields)
        assert (document.title, document.publisher, document.url) == ("液冷第一年的账本", publisher, url)

    @pytest.mark.parametrize(
        "fields",
        [
            {"inhoud": BODY},
            {"texte_complet": BODY},
            {"b": HAN},
            {"sections_of_it": [BODY[:40], BODY[40:]]},
            {"summary": "Short.", "texte_complet": BODY},
        ],
    )
    def test_a_field_that_looks_like_the_text_and_is_not_known_is_named(
        self, fields: dict[str, object]
    ) -> None:
        name = list(fields)[-1]
        reason = refusal(title="Cooling", **fields)
        assert reason.startswith(f"Line 1: The field {name} looks like the text")

    @pytest.mark.parametrize("value", [5, {"x": 1}, [1, 2], True, [[], {}]])
    def test_a_text_that_is_none_is_refused(self, value: object) -> None:
        assert refusal(title="Cooling", text=value) == "Line 1: The field text holds no text."

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"published": "soon"}, "published"),
            ({"date": "03/04/2025"}, "date"),
            ({"Erscheinungsdatum": "2025-03-04"}, "Erscheinungsdatum"),
            ({"pub_datum": "2025-03-04"}, "pub_datum"),
            ({"published": "2999-01-01"}, "published"),
            ({"日期": "上周二"}, "日期"),
        ],
    )
    def test_a_field_that_looks_like_the_day_and_is_not_understood_is_named(
        self, fields: dict[str, object], name: str
    ) -> None:
        document = line(title="Cooling", text=BODY, **fields)
        assert document.published is None
        (remark,) = document.remarks
        assert in_words(remark).startswith(f"The field {name} looks like the day of publication")
        renderer = Renderer(packaged("templates"))
        chinese = renderer.word("problem", "zh", remark.name, remark.values)
        assert name in chinese
        assert "发布日期" in chinese

    @pytest.mark.parametrize(
        "fields",
        [
            {"candidate": "Smith"},
            {"updateFrequency": "weekly"},
            {"publisherId": "a5"},
            {"更新时间": "昨天"},
            {"published": True},
        ],
    )
    def test_no_remark_where_a_name_only_resembles_one_of_a_day(self, fields: dict[str, object]) -> None:
        assert line(title="Cooling", text=BODY, **fields).remarks == ()

    def test_no_remark_where_the_day_is_known(self) -> None:
        assert line(title="Cooling", text=BODY, date="soon", published="2025-03-04").remarks == ()
        assert line(title="Cooling", text=BODY, crawl_time="soon", updated="2025-03-04").remarks == ()

    @pytest.mark.parametrize(
        "text",
        [
            "# Cooling\n\n**Liquid cooling** cut the bill by 23% in [hall eleven](https://example.org/x).",
            "<p><b>Liquid cooling</b> cut the bill by 23% in hall eleven.</p><script>var a=1;</script>",
            '<div style="x">Liquid cooling cut the bill by 23% in <a href="/x">hall eleven</a>.</div>',
            "&lt;p&gt;Liquid cooling cut the bill by 23% in hall eleven.&lt;/p&gt;",
            "Liquid cooling cut the bill by *23%* in hall eleven.\n\n![x](https://example.org/x.png)",
            "<style>p{color:red}</style><p>Liquid cooling cut the bill by 23%<br>in hall eleven.</p>",
            "## Part\n\nLiquid cooling cut the bill by `23%` in __hall eleven__.",
            "> Liquid cooling cut the bill by 23% in hall eleven.",
            "<p>Liquid&nbsp;cooling cut the bill by 23% in hall&#32;eleven.</p><!-- end -->",
        ],
    )
    def test_markup_in_the_text_is_cleaned_as_in_a_file_of_its_own(self, text: str) -> None:
        blocks = line(title="Cooling", content=text).blocks
        assert (
            " ".join(block.text for block in blocks if block.kind != "heading")
            == "Liquid cooling cut the bill by 23% in hall eleven."
        )

    @pytest.mark.parametrize(
        "text",
        [
            "第一段说了一件事，很重要。\n第二段说了另一件事。",
            "a < b and b > c, 2 * 3 * 4 stay.",
            "Use snake_case_name here.",
        ],
    )
    def test_a_plain_text_stays_as_it_is(self, text: str) -> None:
        assert line(title="Cooling", text=text).text == text

    def test_a_whole_page_in_the_text_is_read_as_a_page(self) -> None:
        page = f"<!doctype html><html><body><nav>Home</nav><article><p>{BODY}</p><p>{MORE}</p></article></body></html>"
        assert line(title="Cooling", html=page).text == f"{BODY}\n{MORE}"

    def test_a_heading_of_the_first_level_is_the_title_where_there_is_none(self) -> None:
        assert line(markdown=f"# Cooling\n\n{BODY}").title == "Cooling"
