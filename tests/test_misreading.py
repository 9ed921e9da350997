"""Text that was decoded in a wrong encoding or left escaped is repaired entirely, or its spoiled parts are removed."""

from __future__ import annotations

import html.entities
from urllib.parse import quote

import ftfy.bad_codecs  # noqa: F401 -- makes the codecs known that leave no byte out
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cleaning.clean import clean, repair
from bot.intake.readers import read_documents
from bot.text.escapes import read_escapes
from bot.text.normalise import to_simplified

SIMPLIFIED = """数据中心用电报告
来源：能源周刊
时间：2025年6月3日
去年全国数据中心用电一千六百亿千瓦时，比上年增长一成。
GDP增长3%，AI投资2亿元
共12条"""
TRADITIONAL = """資料中心用電報告
來源：能源週刊
時間：2025年6月3日
去年全國資料中心用電一千六百億度，比上年增長一成。
GDP增長3%，AI投資2億元
共12條"""
ONE_BYTE = (
    "latin-1",
    "sloppy-windows-1252",
    "sloppy-windows-1250",
    "sloppy-windows-1251",
    "sloppy-windows-1254",
    "iso8859-2",
    "iso8859-15",
    "mac-roman",
    "koi8-r",
    "cp437",
    "cp850",
    "cp866",
)


class TestMisreading:
    @pytest.mark.parametrize("shown", ONE_BYTE)
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            (SIMPLIFIED, "gbk"),
            (SIMPLIFIED, "utf-8"),
            (TRADITIONAL, "big5"),
            (TRADITIONAL, "gbk"),
            (TRADITIONAL, "utf-8"),
        ],
        ids=["simplified-gbk", "simplified-utf8", "big5", "traditional-gbk", "traditional-utf8"],
    )
    def test_is_undone_in_every_line(self, text: str, meant: str, shown: str) -> None:
        try:
            spoiled = "\n".join(line.encode(meant).decode(shown) for line in text.split("\n"))
        except UnicodeDecodeError:
            pytest.skip("this codec has no character for one of the bytes: nobody can have read it so")
        assert clean(spoiled).text == to_simplified(text)
        assert clean(spoiled).cut == ()

    @pytest.mark.parametrize("shown", ["latin-1", "sloppy-windows-1252", "sloppy-windows-1250"])
    def test_is_undone_in_head_and_text_of_a_document(self, shown: str) -> None:
        page = "数据中心用电报告\n\n来源：能源周刊\n时间：2025年6月3日\n\n去年全国数据中心用电一千六百亿千瓦时，比上年增长一成。"
        spoiled = "\n".join(line.encode("gbk").decode(shown) for line in page.split("\n"))
        (document,) = read_documents("a.txt", spoiled.encode())
        assert (document.title, document.publisher, str(document.published), document.language) == (
            "数据中心用电报告",
            "能源周刊",
            "2025-06-03",
            "zh",
        )

    def test_is_undone_inside_a_line_that_is_right_otherwise(self) -> None:
        spoiled = "人生是美好的".encode("gbk").decode("latin-1")
        assert clean(f"标题：{spoiled}，完。").text == "标题：人生是美好的，完。"

    @pytest.mark.parametrize(
        "text",
        [
            "The operator’s hall in São Paulo opened.",
            "Its cafés cost £3 million.",
            "He said “naïve plans fail.",
            "A résumé of the year",
        ],
    )
    def test_of_english_is_undone(self, text: str) -> None:
        assert clean(text.encode("cp1252").decode("latin-1")).text == text
        assert clean(text.encode().decode("gbk")).text == text

    @pytest.mark.parametrize("shown", ["sloppy-windows-1251", "cp437", "cp850", "cp866", "koi8-r"])
    def test_of_the_punctuation_of_english_is_undone(self, shown: str) -> None:
        lines = "The city’s “green” plans cost £30m – a third less.\nIts café’s owner, Müller, isn’t happy."
        assert clean(lines.encode().decode(shown)).text == lines

    def test_of_japanese_is_undone(self) -> None:
        line = "規制当局は各地に電力データの公開を求めている。"
        assert clean(line.encode("euc-jp").decode("latin-1")).text == line

    @pytest.mark.parametrize("text", ["AI茅台和GPT锦标赛开幕。", "The word 茶 means tea, and cha茶 too."])
    def test_is_not_seen_in_chinese_beside_english(self, text: str) -> None:
        assert clean(text).text == text

    @pytest.mark.parametrize("cut", [1, 2])
    @pytest.mark.parametrize(
        "title",
        [
            "国内算力中心的上架率继续下降",
            "专家建议删除重复建设的项目",
            "服务器采购价格上传到公开平台",
            "新办法要求企业公开用电数据",
            "2025年机房用电增长一成",
            "芯片出口新规生效",
        ],
    )
    def test_takes_the_rest_of_a_cut_character_along(self, title: str, cut: int) -> None:
        cleaned = clean(title.encode()[:-cut].decode("sloppy-windows-1252"))
        assert cleaned.text == title[:-1]
        assert [line.rule for line in cleaned.cut] == ["lost-characters"]

    @pytest.mark.parametrize("ending", ["...", " ...", "... "])
    def test_takes_the_rest_of_a_cut_character_before_an_ellipsis_along(self, ending: str) -> None:
        spoiled = "国内算力中心的上架率继续下降".encode()[:-1].decode("sloppy-windows-1252")
        assert clean(spoiled + ending).text == "国内算力中心的上架率继续下" + ending.rstrip()

    def test_takes_no_title_along_whose_end_was_cut_and_replaced(self) -> None:
        cut = "国内算力中心的上架率继续下降".encode()[:-1].decode("utf-8", "replace")
        assert clean(cut).text == "国内算力中心的上架率继续下"

    def test_that_lost_a_byte_loses_one_clause(self) -> None:
        raw = "人工智能正在改变世界，算力需求快速上升，电价下降。".encode()
        spoiled = (raw[:40] + raw[41:]).decode("latin-1")
        assert clean(spoiled).text == "人工智能正在改变世界，…，电价下降。"

    def test_takes_the_rest_of_a_cut_character_of_two_bytes_along(self) -> None:
        spoiled = "服务器采购价格上传到公开平台".encode("gbk")[:-1].decode("latin-1")
        assert clean(spoiled).text == "服务器采购价格上传到公开平"

    @pytest.mark.parametrize(
        "line",
        [
            "æ•°æ®ä¸å¿ƒç”¨ç”µæŠ¥å‘Š",
            "è¿™ä¸€è¡Œçš„å­—èŠ‚å·²ç»ä¸¢å¤±ä¸å…¨",
            "ÊýÝÖÐÐÄÓÃµç±¨¸æ",
            "ĘýÝÖĐĐÄÓĂµçą¨¸ć",
            "Ã¤Â¸Â­Ã¥â€º",
            "澶撮儴浼佷笟杞鍑哄敭鏁村鏈嶅姟",
        ],
    )
    def test_that_lost_bytes_goes_where_it_is_not_put_right(self, line: str) -> None:
        text = clean(f"能效普遍提高。\n{line}\n平均能效比降低。").text
        assert not set(text) & set(line) - set("。\n")

    @pytest.mark.parametrize(
        "text",
        [
            "Příští týden: žluťoučký kůň úpěl ďábelské ódy.",
            "ÅÄÖ åäö ÀÉÈÙ, ŒUVRE œuvre naïve – ’80s ½ × ¾ «été» §5",
            "“……”——“一”‘二’……",
            "µ±°·×÷§¶¬¤¦¢¥£€™®©",
            "Центр обработки данных: «№ 5» за 3 € … ёлка",
            "約翰·史密斯在São Paulo的café里用了5 °C±1 °C的水。",
            "Þetta er íslensk setning með þremur orðum.",
        ],
    )
    def test_is_not_seen_in_text_that_is_right(self, text: str) -> None:
        assert clean(text).text == to_simplified(text)


class TestEscapes:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            (r"\u6db2\u51b7\u4f7f\u65b0\u673a\u623f", "液冷使新机房"),
            (r"2025\u5e743\u67084\u65e5", "2025年3月4日"),
            (r"AI \u82af\u7247 GPU \u6da8\u4ef7 3%", "AI 芯片 GPU 涨价 3%"),
            (r"\\u6db2\\u51b7", "液冷"),
            (r"\xe6\xb6\xb2\xe5\x86\xb7", "液冷"),
            (r"%u6db2%u51b7", "液冷"),
            (r"\u{6db2}\u{51b7}\U0001f600", "液冷😀"),
            (r"\ud83d\ude00\u6db2\u51b7", "😀液冷"),
            (r"\u6db2\u51b7\n\u201c\u673a\u623f\u201d", "液冷 “机房”"),
            (r"It didn\u2019t open, and it\u2019s late.", "It didn’t open, and it’s late."),
            (r"标题：\u6db2\u51b7\u673a\u623f", "标题：液冷机房"),
            (r"\u201cGreen\u201d plans of S\u00e3o Paulo", "“Green” plans of São Paulo"),
        ],
    )
    def test_of_a_line_that_is_still_escaped_are_read(self, written: str, meant: str) -> None:
        assert read_escapes(written) == meant
        assert clean(f"第一行。\n{written}\n第三行。").lines[1] == meant

    @pytest.mark.parametrize(
        "text",
        [
            r"Write \u2019 for an apostrophe, or \u4e2d for the first character, in a string of Python.",
            r"The class [\u4e00-\u9fff] holds them.",
            r"C:\users\new\xyz",
            r"The bytes \xff\xfe are a mark.",
            "中文里写 \\u6db2 表示液。",
            "A growth of 100%u",
        ],
    )
    def test_of_a_line_that_speaks_of_them_stay(self, text: str) -> None:
        assert clean(text).text == text

    def test_of_addresses_are_read_in_a_text_and_left_in_an_address(self) -> None:
        text = "液冷使新机房第一年的电费下降一成。"
        assert clean(quote(text)).text == text
        address = f"See https://example.org/{quote(text)} for it."
        assert clean(address).text == address

    def test_of_line_breaks_between_sentences_part_them(self) -> None:
        assert (
            clean(r"Pumps failed twice.\n\nTwo halls follow.").text == "Pumps failed twice. Two halls follow."
        )
        assert clean(r"It lies in C:\new\notes and ends a line with \n.").text.count("\\n") == 3

    def test_reach_title_and_text_of_a_json_line(self) -> None:
        raw = rb'{"title": "\\u6db2\\u51b7", "text": "\\u6db2\\u51b7\\u4f7f\\u7535\\u8d39\\u4e0b\\u964d\\u3002"}'
        (document,) = read_documents("a.jsonl", raw)
        assert (document.title, document.text) == ("液冷", "液冷使电费下降。")


CODES = st.one_of(
    st.integers(0, 0x110010).map("&#{};".format),
    st.integers(0, 0x110010).map("&#x{:X};".format),
    st.sampled_from(sorted(html.entities.html5)).map("&{}".format),
    st.sampled_from(
        ["&#10;", "&#xA;", "&NewLine;", "&#13;", "&#0;", "&#x85;", "&#8232;", "&#8233;", "&#x1c;", "&Tab;"]
    ),
)
TEXTS = st.sampled_from(
    ["", " ", "算力", "power", "增长。", "<p>", "</p>", "??", "(shì)", "É", "\\u000a", "\\n", "ÈËÉú"]
)


class TestEntities:
    @pytest.mark.parametrize(
        "entity", ["&#10;", "&#xA;", "&NewLine;", "&#13;", "&#013;", "&#x0D;", "&Tab;", "&#x2028;", "&#133;"]
    )
    def test_that_break_lines_leave_the_line_whole(self, entity: str) -> None:
        repaired = repair(f"算力{entity}增长\n第二行。")
        assert [block.line for block in repaired.blocks] == [1, 2]
        assert repaired.blocks[0].text in {"算力 增长", "算力…增长"}

    @pytest.mark.parametrize(
        "entity", ["&#8203;", "&ZeroWidthSpace;", "&shy;", "&#x200B;", "&#xFEFF;", "&#7;", "&#xE000;"]
    )
    def test_that_nobody_sees_go(self, entity: str) -> None:
        assert clean(f"算{entity}力增长。").text == "算力增长。"

    @given(st.lists(st.lists(st.one_of(CODES, TEXTS), max_size=8).map("".join), min_size=1, max_size=5))
    @settings(max_examples=300, deadline=None)
    def test_whatever_they_are_a_line_stays_a_line(self, lines: list[str]) -> None:
        cleaned = clean("\n".join(lines))
        assert all("\n" not in line and "\r" not in line for line in cleaned.lines)
        assert all(1 <= block.line <= len(lines) for block in cleaned.blocks)
        assert all(1 <= cut.number <= len(lines) for cut in cleaned.cut)


class TestForumTags:
    def test_leave_the_words_between_them(self) -> None:
        source = "[b]Liquid[/b] cooling [url=https://example.org]cut[/url] the bill.[img]https://x.example/a.png[/img]\n[quote]He said so.[/quote]"
        assert clean(source).lines == ("Liquid cooling cut the bill.", "He said so.")

    @pytest.mark.parametrize(
        "text", ["As [b] shows, pumps fail.", "He [sic] said so [1].", "The list [i] is closed by a list."]
    )
    def test_are_not_seen_where_none_is_closed(self, text: str) -> None:
        assert clean(text).text == text
