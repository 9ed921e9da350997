"""A question when something happened gets the first report of it, with that report's day; for the last time, the last."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.models import Language

EARLY, LATER, LAST = date(2025, 3, 14), date(2025, 6, 2), date(2025, 9, 9)


@pytest.mark.parametrize(
    ("question", "language", "early", "later"),
    [
        ("when was Zorblax released?", "en", "Acme released Zorblax today.", "The team praises Zorblax."),
        ("when did Acme launch Zorblax", "en", "Acme unveils Zorblax, a pump.", "Acme sells Zorblax."),
        ("When was Zorblax 3 launched?", "en", "Zorblax 3 is now released.", "Zorblax 2 is released."),
        (
            "when did Zorblax come out",
            "en",
            "New: Acme announced the launch of Zorblax.",
            "Zorblax came second.",
        ),
        ("when was Zorblax founded", "en", "Zorblax was founded in 2019.", "Zorblax founded a prize."),
        ("when did Zorblax raise money", "en", "Zorblax raised $5 million.", "Zorblax raised doubts."),
        ("Zorblax release date", "en", "Acme released Zorblax today.", "Acme is working on Zorblax 2."),
        (
            "GPT-9 release date",
            "en",
            "OpenAI released GPT-9 today.",
            "OpenAI released GPT-7 and a new GPT store.",
        ),
        ("Zorblax founding date", "en", "Zorblax was founded in 2019.", "Zorblax founded a prize."),
        ("Zorblax发布时间", "zh", "Acme今天发布了新水泵Zorblax。", "用户要求发布Zorblax 2。"),
        ("GPT-9上线日期", "zh", "OpenAI的GPT-9正式上线。", "OpenAI的GPT-7正式上线。"),
        ("Zorblax什么时候发布的", "zh", "Acme今天发布了新水泵Zorblax。", "用户喜欢发布会上的Zorblax。"),
        ("Zorblax是哪天上线的？", "zh", "Zorblax正式上线，免费使用。", "Zorblax的新版水泵卖得很好。"),
        ("Zorblax什么时候融资", "zh", "Zorblax成为新秀，宣布融资5亿元。", "Zorblax谈到融资环境。"),
        ("Zorblax什么时候成立", "zh", "Zorblax成立于2019年。", "Zorblax成立了工会。"),
    ],
)
def test_the_first_report_leads_with_its_day(
    shelf: Shelf, question: str, language: Language, early: str, later: str
) -> None:
    shelf.put("last", early.replace("today", "again"), language, LAST)
    shelf.put("later", later, language, LATER)
    shelf.put("early", early, language, EARLY)
    told = shelf.brief(question, language)
    assert told
    assert told.by_day
    assert (told.points[0].text, told.points[0].published) == (early, EARLY)
    assert later not in {point.text for point in told.points}


@pytest.mark.parametrize(
    ("question", "language", "texts"),
    [
        (
            "when did Zorblax last raise money",
            "en",
            ("Zorblax raised $5 million.", "Zorblax raises $9 million."),
        ),
        ("Zorblax最近一轮融资是什么时候", "zh", ("Zorblax完成5亿元融资。", "Zorblax再获9亿元B轮融资。")),
    ],
)
def test_for_the_last_time_the_last_report_leads(
    shelf: Shelf, question: str, language: Language, texts: tuple[str, str]
) -> None:
    shelf.put("early", texts[0], language, EARLY)
    shelf.put("last", texts[1], language, LAST)
    told = shelf.brief(question, language)
    assert told
    assert told.points[0].text == texts[1]


@pytest.mark.parametrize(
    ("question", "language", "plan"),
    [
        ("when was Zorblax released?", "en", "Acme might have released Zorblax by May, rumours say."),
        ("when was Zorblax released?", "en", "Ten tools were released since Acme launched Zorblax."),
        ("when was Zorblax released?", "en", "Acme released a pump that was built with Zorblax."),
        ("Zorblax什么时候发布", "zh", "Acme预计在五月发布Zorblax。"),
        ("Zorblax什么时候发布", "zh", "Acme发布Zorblax的说明书。"),
        ("Zorblax何时开源", "zh", "很多人使用开源模型Zorblax。"),
        ("Zorblax何时推出", "zh", "与定于下周推出的Zorblax相比，这些是小事。"),
    ],
)
def test_a_plan_and_another_things_release_are_no_release(
    shelf: Shelf, question: str, language: Language, plan: str
) -> None:
    shelf.put("plan", plan, language, EARLY)
    shelf.put("other", {"en": "Zorblax is a pump.", "zh": "Zorblax是水泵。"}[language], language, LATER)
    told = shelf.brief(question, language)
    assert told is None or not told.by_day


def test_what_has_no_date_is_no_answer(shelf: Shelf) -> None:
    shelf.put("a", "Zorblax is a pump that many people use.", "en", EARLY)
    assert shelf.brief("when was Zorblax released?") is None
    shelf.put("b", "In May 2023 the pump Zorblax was new.", "en", LATER)
    told = shelf.brief("when was Zorblax released?")
    assert told
    assert [point.text for point in told.points] == ["In May 2023 the pump Zorblax was new."]
