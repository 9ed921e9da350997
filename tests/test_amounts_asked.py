"""A question for the amount of something a thing has gets the sentences that state it beside the name, or is not answered."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

OLD, NEW = date(2025, 3, 14), date(2025, 9, 9)


@pytest.mark.parametrize(
    ("question", "stated", "other"),
    [
        ("Zorblax有多少参数", "Zorblax 拥有 70亿参数，开源可用。", "Zorblax的参数可以在设置页面里调整。"),
        ("Zorblax参数量多大？", "开源了 7B 参数的 Zorblax。", "Zorblax胜过一款70亿参数的模型。"),
        ("Zorblax的上下文多长", "Zorblax发布，上下文长度为 7k tokens。", "Zorblax善于处理长上下文任务。"),
        (
            "Mistral 7B的上下文多长",
            "Mistral 7B 的上下文长度为 7k tokens。",
            "Qwen 2 7B 的上下文长度为 9k tokens。",
        ),
        ("Zorblax有多少token的上下文", "Zorblax 支持 7k tokens 的上下文。", "Acme支持 9k tokens 的上下文。"),
        ("Zorblax有多少用户", "水泵应用Zorblax的月活超过7000万。", "Zorblax的用户喜欢它的7种颜色。"),
        ("Zorblax的日活多少", "Zorblax用户数达7亿，日活过半。", "Zorblax融资7亿元。"),
        ("Zorblax融资多少", "Zorblax获得7亿美元融资。", "Zorblax的估值为7亿美元。"),
        ("Zorblax融了多少钱", "Zorblax宣布完成B轮融资，共筹集 70 亿美元。", "Zorblax每月收费70元。"),
        ("Zorblax投入多少", "Zorblax今年投入70亿元研发水泵。", "Zorblax投入了新的水泵研发。"),
        ("Zorblax市值多少", "水泵厂Zorblax的市值升至7000亿元。", "Zorblax的营收为7000亿元。"),
        ("Zorblax和Acme的用户谁多", "Zorblax用户超7亿，是Acme的两倍。", "Zorblax与Acme的用户都很多。"),
        ("Zorblax估值多高", "Zorblax洽谈新一轮融资，估值 70 亿美元。", "Zorblax每月收费70元。"),
        ("Zorblax去年的营收是多少", "Zorblax公布营收70亿元。", "Zorblax公布市值70亿元。"),
    ],
)
def test_the_newest_amount_leads_with_its_day(shelf: Shelf, question: str, stated: str, other: str) -> None:
    shelf.put("old", stated.replace("7", "6"), "zh", OLD)
    shelf.put("new", stated, "zh", NEW)
    shelf.put("other", other, "zh", NEW)
    told = shelf.brief(question, "zh")
    assert told
    assert told.by_day
    assert (told.points[0].text, told.points[0].published) == (stated, NEW)
    assert other not in {point.text for point in told.points}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Zorblax有多少用户", "Zorblax的128k上下文受到用户喜爱，Zorblax还有3种颜色。"),
        ("Zorblax的上下文多长", "Acme足以跟Zorblax竞争，上下文长度为 7k tokens。"),
        ("Zorblax融资多少", "Zorblax宣布融资，投资者包括9家公司。"),
        ("Zorblax投入多少", "Zorblax获得Acme支持：Acme投入70亿元。"),
    ],
)
def test_an_amount_that_no_report_states_is_not_answered(shelf: Shelf, question: str, text: str) -> None:
    shelf.put("new", text, "zh", NEW)
    assert shelf.brief(question, "zh") is None


def test_a_question_for_something_else_of_a_name_is_not_answered_by_an_amount(shelf: Shelf) -> None:
    shelf.put("new", "Zorblax拥有70亿参数，上下文长度为 7k tokens。", "zh", NEW)
    told = shelf.brief("Zorblax最近怎么样", "zh")
    assert told is None or not told.by_day
