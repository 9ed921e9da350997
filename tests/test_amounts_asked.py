"""A question for the amount of something a thing has gets the sentences that state it beside the name, or is not answered."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.models import Language

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


def test_how_many_people_use_something_asks_for_its_users(shelf: Shelf) -> None:
    shelf.put("a", "People like to use Zorblax, and 40 of them asked for a pump.", "en", NEW)
    assert shelf.brief("How many people use Zorblax?") is None
    shelf.put("b", "Zorblax has 40 million users.", "en", NEW)
    told = shelf.brief("How many people use Zorblax?")
    assert told
    assert told.points[0].text == "Zorblax has 40 million users."


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


@pytest.mark.parametrize(
    ("question", "whole", "part"),
    [
        ("How many parameters does Zorblax have?", "Zorblax is a 671B parameter model.", "Zorblax has 37B active parameters."),
        ("How many parameters does Zorblax have?", "Zorblax has 236 billion parameters.", "Zorblax runs 21 billion parameters that are activated per token."),
        ("How many parameters are in Zorblax?", "The 141B parameter Zorblax is out.", "Zorblax activates 39B parameters."),
        ("How many params does Zorblax have?", "Zorblax packs 132B params, 36B of them active.", "Zorblax uses 36B active params."),
        ("What is Zorblax's number of parameters?", "Zorblax counts 46B parameters.", "Zorblax keeps 13B parameters active."),
    ],
)  # fmt: skip  # a case a line
def test_the_size_of_the_whole_leads_before_that_of_a_part(
    shelf: Shelf, question: str, whole: str, part: str
) -> None:
    shelf.put("whole", whole, "en", OLD)
    shelf.put("part", part, "en", NEW)
    told = shelf.brief(question)
    assert told
    assert told.points[0].text == whole


@pytest.mark.parametrize(
    "question",
    [
        "How much did it cost to train Zorblax?",
        "How much does it cost to train Zorblax?",
        "How much was spent on training Zorblax?",
        "What was the training cost of Zorblax?",
        "What is Zorblax's training cost?",
    ],
)
@pytest.mark.parametrize(
    "stated",
    [
        "Zorblax cost only $6 million to train.",
        "Zorblax was trained for $6M of rented chips.",
        "The lab put the training of Zorblax at $6 million.",
        "With a training budget of $6 million Zorblax is cheap.",
    ],
)
def test_the_cost_of_training_is_the_amount_beside_the_word(shelf: Shelf, question: str, stated: str) -> None:
    shelf.put("stated", stated, "en", OLD)
    shelf.put("other", "Zorblax costs $0.55 per million tokens.", "en", NEW)
    told = shelf.brief(question)
    assert told
    assert [point.text for point in told.points] == [stated]


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("What is Zorblax's valuation?", "Zorblax reached a valuation of $7 billion."),
        ("What's Zorblax's revenue?", "Zorblax has crossed $7 million in annualized revenue."),
        ("What is the market cap of Zorblax?", "Zorblax rose to a market cap of $7 trillion."),
        ("What is the valuation of Zorblax?", "The valuation of Zorblax rose to $7 billion."),
        ("What was the revenue of Zorblax?", "Zorblax told of $7 million in revenue."),
    ],
)
def test_what_the_amount_is_asks_for_it_too(shelf: Shelf, question: str, stated: str) -> None:
    shelf.put("stated", stated, "en", OLD)
    shelf.put(
        "other", "Zorblax has hired a head of revenue, a judge of its market and of its worth.", "en", NEW
    )
    told = shelf.brief(question)
    assert told
    assert told.by_day
    assert [point.text for point in told.points] == [stated]


@pytest.mark.parametrize(
    "other", ["Phi-4 with 14B parameters", "Qwen-2 and its 72B parameters", "Llama-v3, at 70B parameters,"]
)
def test_a_number_behind_another_product_is_that_ones(shelf: Shelf, other: str) -> None:
    shelf.put("other", f"Zorblax loses: {other} beats Zorblax.", "en", NEW)
    assert shelf.brief("How many parameters does Zorblax have?") is None


@pytest.mark.parametrize(
    ("question", "language", "told", "other"),
    [
        ("Zorblax-V3 参数", "zh", "Zorblax V3是一个671B参数的模型。", "Zorblax V3的参数很多。"),
        ("Zorblax的参数", "zh", "Zorblax有70亿参数。", "Zorblax公布了参数。"),
        ("Zorblax 3 上下文", "zh", "Zorblax 3支持128k token的上下文。", "Zorblax 3的上下文变长了。"),
        ("OpenAI估值", "zh", "OpenAI的估值达到3000亿美元。", "OpenAI的估值引发争论。"),
        ("英伟达 营收", "zh", "英伟达的营收为350亿美元。", "英伟达的营收好于预期。"),
        ("OpenAI revenue", "en", "OpenAI reported revenue of $4 billion.", "OpenAI is proud of its revenue."),
        ("valuation of OpenAI", "en", "OpenAI has a valuation of $157 billion.", "OpenAI likes its valuation."),
    ],
)  # fmt: skip  # a question a line
def test_a_name_with_what_it_has_an_amount_of_asks_for_the_amount(
    shelf: Shelf, question: str, language: Language, told: str, other: str
) -> None:
    shelf.put("told", told, language, date(2025, 1, 1))
    shelf.put("other", other, language, date(2025, 3, 3))
    briefing = shelf.brief(question, language)
    assert briefing
    assert briefing.by_day
    assert [point.text for point in briefing.points] == [told]


def test_a_name_with_what_no_report_has_the_amount_of_is_told_of_in_words(shelf: Shelf) -> None:
    shelf.put("a", "英伟达的利润好于预期。", "zh", date(2025, 3, 3))
    briefing = shelf.brief("英伟达 利润", "zh")
    assert briefing
    assert not briefing.by_day
