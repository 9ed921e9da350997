"""A question which of two is better, or how they differ, gets the sentences that compare them, the newest first, with their days."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf, assert_answers_by_day

from bot.models import Language

OLD, NEW = date(2025, 3, 14), date(2025, 9, 9)


@pytest.mark.parametrize(
    ("question", "language", "told", "other"),
    [
        ("Zorblax和Quux哪个更强", "zh", "Zorblax在数学上优于Quux。", "Zorblax和Quux都已发布。"),
        ("Zorblax和Quux哪个好用", "zh", "用户认为Quux不如Zorblax好用。", "Acme超越了Zorblax和Quux。"),
        ("Quux与Zorblax的差距", "zh", "Zorblax与Quux的差距正在缩小。", "Zorblax发布了，Acme超过了Quux。"),
        ("DeepSeek和Claude谁更强", "zh", "DeepSeek V3的编程能力媲美Claude。", "DeepSeek支持Claude的格式。"),
        ("Zorblax还是Quux", "zh", "Zorblax比Quux更快。", "支持Zorblax、Quux等100个模型。"),
        ("RAG和微调的区别", "zh", "RAG在新知识上优于微调。", "Zorblax用RAG和微调来做客服。"),
        ("Zorblax和Quux哪个便宜", "zh", "Zorblax比Quux便宜一半。", "Zorblax的成绩优于Quux。"),
        ("which is better, Zorblax or Quux?", "en", "In maths Zorblax outperforms Quux.", "Zorblax and Quux are here."),
        ("difference between Zorblax and Quux", "en", "The gap between Zorblax and Quux is small.", "We saw Zorblax, and Acme beat Quux."),
    ],
)  # fmt: skip  # a question a line
def test_what_compares_the_two_answers_the_newest_first(
    shelf: Shelf, question: str, language: Language, told: str, other: str
) -> None:
    shelf.put("old", f"Last year: {told}", language, OLD)
    assert_answers_by_day(shelf, question, language, NEW, told, other)


@pytest.mark.parametrize("question", ["Zorblax和Quux的价格对比", "Zorblax和Quux哪个更便宜"])
def test_the_prices_of_each_come_in_turn_where_none_compares_them(shelf: Shelf, question: str) -> None:
    shelf.put("a", "Zorblax每月收费20元。", "zh", NEW)
    shelf.put("b", "Quux的订阅为每月30元。", "zh", OLD)
    shelf.put("c", "Zorblax的定价此前是每月25元。", "zh", OLD)
    briefing = shelf.brief(question, "zh")
    assert briefing
    said = [point.text for point in briefing.points]
    assert said[:2] == ["Zorblax每月收费20元。", "Quux的订阅为每月30元。"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Zorblax和Quux发布了什么", "Zorblax优于Quux。"),
        ("Zorblax有什么不同", "Zorblax优于Quux。"),
        ("Zorblax、Quux和Acme哪个好", "Zorblax优于Quux。"),
        ("Zorblax和Quux哪个好", "Zorblax优于Quux-2。"),
    ],
)
def test_other_questions_and_other_names_are_not_answered_by_comparisons(
    shelf: Shelf, question: str, text: str
) -> None:
    shelf.put("a", text, "zh", NEW)
    briefing = shelf.brief(question, "zh")
    assert briefing is None or not briefing.by_day


@pytest.mark.parametrize(
    "question",
    [
        "Is DeepSeek catching up with ChatGPT?",
        "Has DeepSeek overtaken ChatGPT?",
        "Is DeepSeek better than ChatGPT?",
        "Can DeepSeek beat ChatGPT?",
        "Is DeepSeek ahead of ChatGPT?",
        "Is DeepSeek as good as ChatGPT?",
        "Does DeepSeek outperform ChatGPT?",
    ],
)
@pytest.mark.parametrize(
    "stated", ["DeepSeek outpaces ChatGPT in maths.", "ChatGPT trails DeepSeek in most tests."]
)
def test_a_comparison_asked_in_english_is_answered_by_one(shelf: Shelf, question: str, stated: str) -> None:
    shelf.put("stated", stated, "en", OLD)
    shelf.put("other", "DeepSeek and ChatGPT are catching the interest of overtaken schools.", "en", NEW)
    told = shelf.brief(question)
    assert told
    assert told.points[0].text == stated
