"""A question what a maker released gets the sentences in which it released something, the newest first."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.models import Language

OLD, NEW = date(2025, 3, 14), date(2025, 9, 9)


@pytest.mark.parametrize(
    ("question", "language", "old", "new", "other"),
    [
        (
            "what did Zorblax release?",
            "en",
            "Zorblax released a pump.",
            "Zorblax has just launched a valve.",
            "Acme released a tool for Zorblax.",
        ),
        (
            "What has Zorblax launched recently?",
            "en",
            "A new pump was unveiled by Zorblax.",
            "Zorblax's pump team releases a valve.",
            "Zorblax will release a third pump.",
        ),
        (
            "which models did Zorblax release",
            "en",
            "Zorblax introduced a small model for farms.",
            "Zorblax open-sources its translator.",
            "Users praise Zorblax, and Acme released a valve.",
        ),
        (
            "new releases from Zorblax",
            "en",
            "Zorblax announced a valve.",
            "Zorblax shipped a pump.",
            "Zorblax is rumoured to have released nothing.",
        ),
        (
            "Zorblax最近发布了什么",
            "zh",
            "Zorblax发布了新水泵。",
            "Zorblax今天正式推出阀门。",
            "Zorblax的发布会很热闹。",
        ),
        (
            "Zorblax开源了哪些模型？",
            "zh",
            "Zorblax宣布开源翻译模型。",
            "会上，Zorblax开源了能看图的小助手。",
            "Zorblax预计明年推出第三款水泵。",
        ),
        (
            "Zorblax有哪些新产品",
            "zh",
            "Zorblax上线水泵服务。",
            "Zorblax推出新阀门。",
            "Acme为Zorblax的用户写了指南。",
        ),
    ],
)
def test_what_the_maker_released_is_told_newest_first(
    shelf: Shelf, question: str, language: Language, old: str, new: str, other: str
) -> None:
    shelf.put("old", old, language, OLD)
    shelf.put("other", other, language, NEW)
    shelf.put("new", new, language, NEW)
    told = shelf.brief(question, language)
    assert told
    assert told.by_day
    assert [point.text for point in told.points] == [new, old]


@pytest.mark.parametrize(
    ("question", "language"),
    [("what did Zorblax release in March 2025?", "en"), ("Zorblax 2025年3月发布了什么", "zh")],
)
def test_a_period_leaves_out_what_was_released_at_other_times(
    shelf: Shelf, question: str, language: Language
) -> None:
    shelf.put("old", {"en": "Zorblax released a pump.", "zh": "Zorblax发布了水泵。"}[language], language, OLD)
    shelf.put(
        "new", {"en": "Zorblax released a valve.", "zh": "Zorblax发布了阀门。"}[language], language, NEW
    )
    told = shelf.brief(question, language)
    assert told
    assert [point.published for point in told.points] == [OLD]


def test_who_released_nothing_is_told_of_as_on_any_question(shelf: Shelf) -> None:
    shelf.put("a", "Zorblax makes pumps for farms in Norway.")
    shelf.put("b", "Farms in Norway buy pumps of Zorblax.")
    told = shelf.brief("what did Zorblax release?")
    assert told
    assert not told.by_day


def test_a_product_that_came_out_was_released_by_its_maker(shelf: Shelf) -> None:
    shelf.put("old", "Claude 3 has launched with a large window.", "en", OLD)
    shelf.put("new", "Anthropic released a tool.", "en", NEW)
    shelf.put("other", "Acme Claude tools for farmers were praised when they launched.", "en", NEW)
    told = shelf.brief("what did Anthropic release?")
    assert told
    assert [point.text[:9] for point in told.points] == ["Anthropic", "Claude 3 "]


@pytest.mark.parametrize(
    "question",
    [
        "what did Zorblax release in 2025?",
        "What has Zorblax launched during 2025",
        "Zorblax 2025年发布了什么",
    ],
)
def test_a_year_beside_a_maker_limits_the_days_of_its_releases(shelf: Shelf, question: str) -> None:
    shelf.put("old", "Zorblax released a pump.", "en", date(2024, 3, 14))
    shelf.put("new", "Zorblax launched a valve.", "en", NEW)
    told = shelf.brief(question)
    assert told
    assert told.by_day
    assert [point.text for point in told.points] == ["Zorblax launched a valve."]
