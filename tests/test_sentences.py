"""A quoted sentence begins and ends where the report's sentence does, so that a quotation is what the report says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_kit import Shelf, open_folder
from sentence_kit import violation, violations

from bot.text.boundaries import is_whole
from bot.text.sentences import sentence_spans

ENGLISH = [
    "Character.AI raised $150 million from investors in March 2025.",
    "Rival C3.AI lost a quarter of its customers in 2025.",
    "Microsoft released .NET 10 in November.",
    ".NET is free.",
    "The class System.Text of ASP.NET Core was rewritten for Node.js 20.1.",
    "Booking.Com and Salesforce.Org agreed.",
    "Dr. Lee of St. Mary's met Prof. Wu at 5 p.m. on Monday.",
    "On Tuesday at 8 A.M. PT, Simba Khadder will host a workshop.",
    "See Fig. 3 and Sec. 4 of vol. 2, no. 7, e.g. Table 1.",
    "J. R. R. Tolkien and George W. Bush were not there.",
    "Version 2.0.1 costs $1.5 million, i.e. 3.2% more than v1.9.",
    "It is described at https://example.com/Foo.Bar?Page=1.Html in full.",
    "“Is it so?” he asked.",
    "“We will win!” Musk said on Friday.",
    'The so-called "A.I. boom" (which began in 2022. or so) goes on.',
    "Prices rose ... and fell again.",
    "Yahoo! is old news.",
    "Is anybody left?",
    "Nobody knows!",
    "The U.S. government agreed with Acme Co. shares.",
    "Approx. 40 models vs. 12 a year ago were shown.",
    "iPhone sales rose.",
]
CHINESE = [
    "零一万物旗下的01.AI去年营收增长两成。",
    "微软发布了.NET 10，启动时间缩短一半。",
    "ASP.NET与Node.js都变了。",
    "J.K.罗琳与约翰·F.肯尼迪都没有来。",
    "M.沃尔夫写了《为什么？》一书。",
    "U.S.政府与Apple Inc.公布了结果。",
    "“你好。”他说。",
    "“我们会赢！”公司负责人表示。",
    "节目“谁是王者？”明天开播。",
    "版本v2.0的价格是3.5亿元，涨幅为5%。",
    "详情见www.example.com/A.B?c=D。",
    "好的……他走了。",
    "省略...后面还有。",
    "（见图。）这是结果！",
    "真的吗？！",
    "中国A.I.产业增长了。",
    "5G用户超过10亿。",
    "威廉．肯特是建筑师。",
    "他说：“我来了。我看见了。我赢了！”",
]


def cut(paragraph: str, language: str) -> list[str]:
    return [paragraph[start:end] for start, end in sentence_spans(paragraph, language)]


@pytest.mark.parametrize("sentence", ENGLISH)
def test_an_english_sentence_stays_whole_between_two_others(sentence: str) -> None:
    before, after = "The market grew.", "Nothing else happened."
    assert cut(f"{before} {sentence} {after}", "en") == [before, sentence, after]


@pytest.mark.parametrize("sentence", CHINESE)
def test_a_chinese_sentence_stays_whole_between_two_others(sentence: str) -> None:
    before, after = "市场增长了。", "别的没有发生。"
    assert cut(before + sentence + after, "zh") == [before, sentence, after]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("1. First item. 2. Second item.", ["1. First item.", "2. Second item."]),
        ("1.人工智能。2.大模型。3. 芯片。", ["1.人工智能。", "2.大模型。", "3. 芯片。"]),
        ("这是.那是.他用 Python.她用 Java.", ["这是.", "那是.", "他用 Python.", "她用 Java."]),
        ("Growth.[17] More.[2][3] End.", ["Growth.[17]", "More.[2][3]", "End."]),
        ("It grew. . . Then it fell.", ["It grew. . .", "Then it fell."]),
        ("他说：“走。”然后走了。", ["他说：“走。”", "然后走了。"]),
        ("增长两成。3家公司受益。", ["增长两成。", "3家公司受益。"]),
        ("『好！』他喊。", ["『好！』他喊。"]),
        ("See Mr.-Ranedeer here. // 1. Go.", ["See Mr.-Ranedeer here.", "// 1. Go."]),
        ("! [figure] It grew.", ["! [figure] It grew."]),
        ("（记者注：[甲]是一种“工具”。它已停售）下文。", ["（记者注：[甲]是一种“工具”。它已停售）下文。"]),
        ("let us go. we ship on friday. ok", ["let us go.", "we ship on friday.", "ok"]),
    ],
)
def test_sentences_are_cut_where_a_reader_would_cut_them(paragraph: str, expected: list[str]) -> None:
    assert cut(paragraph, "zh" if any("一" <= c <= "鿿" for c in paragraph) else "en") == expected


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([(ENGLISH, " ", "en"), (CHINESE, "", "zh")]).flatmap(
        lambda kind: st.tuples(st.lists(st.sampled_from(kind[0]), min_size=1, max_size=8), st.just(kind[1:]))
    )
)
def test_no_sentence_of_a_paragraph_begins_or_ends_inside_one(
    drawn: tuple[list[str], tuple[str, str]],
) -> None:
    sentences, (joint, language) = drawn
    paragraph = joint.join(sentences)
    ends, place = set(), 0
    for sentence in sentences:
        place += len(sentence)
        ends.add(place)
        place += len(joint)
    found = sentence_spans(paragraph, language)
    assert {end for _, end in found} <= ends
    assert [violation(paragraph, *span) for span in found] == [""] * len(found)


def test_a_sentence_that_is_too_long_is_cut_and_its_pieces_are_known() -> None:
    short, long = "It grew.", "A table of " + "names and numbers " * 60 + "ends."
    paragraph = f"{short} {long} {short}"
    spans = sentence_spans(paragraph, "en")
    assert [is_whole(paragraph, *span) for span in spans] == [True, False, False, True]
    assert max(end - start for start, end in spans) <= 600
    assert "".join(cut(paragraph, "en")).replace(" ", "") == paragraph.replace(" ", "")


def test_a_long_quotation_is_cut_where_its_own_sentences_end() -> None:
    paragraph = "他说：“" + "我们今年增长了很多。" * 80 + "”"
    assert all(is_whole(paragraph, *span) for span in sentence_spans(paragraph, "zh"))


def test_a_piece_of_a_long_sentence_is_found_but_never_quoted(shelf: Shelf) -> None:
    shelf.put("a", "Compute is scarce. Compute: " + "row of the table, compute, " * 60 + "end.")
    assert len(shelf.texts("compute")) >= 1
    briefing = shelf.brief("compute")
    assert briefing is not None
    points = (*briefing.points, *briefing.more_points)
    assert [point.text for point in points] == ["Compute is scarce."]


def test_every_sentence_of_the_seeds_begins_and_ends_where_one_does(tmp_path: Path) -> None:
    app = open_folder(tmp_path)
    quotable, _, wrong = violations(app.library)
    app.close()
    assert quotable > 400
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Rival C3.AI lost.", 9, 17),
        ("Rival C3.AI lost.", 0, 9),
        ("It rose by 3.5%. It fell.", 0, 13),
        ("Dr. Lee came.", 4, 13),
        ("“走。”他来了。", 3, 8),
        ("He said (see b. Then) no.", 0, 15),
        ("用.NET开发。", 2, 8),
    ],
)
def test_the_judge_of_sentences_sees_a_false_one(text: str, start: int, end: int) -> None:
    assert violation(text, start, end)
