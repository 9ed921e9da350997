"""A question what something costs gets the sentences with an amount of money beside its name, the newest first, with their days."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.models import Language

OLD, NEW = date(2025, 3, 14), date(2025, 9, 9)


@pytest.mark.parametrize(
    ("question", "language", "price", "other"),
    [
        ("how much does Zorblax cost?", "en", "Zorblax is $5 per month.", "Zorblax is loved by many."),
        ("how much is Zorblax", "en", "Acme cut the price of Zorblax to $5.", "Zorblax raised $9 million."),
        ("what is the price of Zorblax?", "en", "Zorblax costs €5 a month.", "Zorblax prices are fair."),
        ("how much does Zorblax cost", "en", "Zorblax costs $5 per hour.", "Zorblax Mini costs $9 per hour."),
        (
            "what does Zorblax Pro cost?",
            "en",
            "Acme asks $5 a month for Zorblax Pro.",
            "Zorblax costs $9 a month.",
        ),
        (
            "Zorblax pricing",
            "en",
            "Zorblax is now priced at $5.",
            "Quux compares well to Zorblax, at $9 a month.",
        ),
        (
            "Zorblax price",
            "en",
            "Quux is priced similarly to Zorblax at $5.",
            "Quux, rivaling Zorblax at $9, costs more.",
        ),
        (
            "Zorblax API price",
            "en",
            "Zorblax, at $5 per token, sells.",
            "The price of Zorblax's $9 chess game is fair.",
        ),
        (
            "price of Zorblax 3",
            "en",
            "The $5 price of Zorblax 3 is fair.",
            "Quux, rivaling Zorblax 3 at $9 a month, is new.",
        ),
        (
            "how much is Zorblax",
            "en",
            "Zorblax costs $5 a month.",
            "Zorblax costs little and gives $9 API credits.",
        ),
        ("Zorblax多少钱？", "zh", "Zorblax每月收费20元。", "很多人花钱买Zorblax。"),
        ("Zorblax的价格是多少", "zh", "Acme把Zorblax的定价调到20美元。", "训练Zorblax的费用是500万美元。"),
        ("Zorblax怎么收费", "zh", "水泵Zorblax的订阅为每月$20。", "Acme为Zorblax融资5亿元。"),
        ("Zorblax一个月多少钱", "zh", "Zorblax（每月20元）很受欢迎。", "泵车每月20元，比Zorblax便宜。"),
    ],
)
def test_the_newest_price_leads_with_its_day(
    shelf: Shelf, question: str, language: Language, price: str, other: str
) -> None:
    shelf.put("old", price.replace("5", "7").replace("20", "70"), language, OLD)
    shelf.put("new", price, language, NEW)
    shelf.put("other", other, language, NEW)
    told = shelf.brief(question, language)
    assert told
    assert told.by_day
    assert (told.points[0].text, told.points[0].published) == (price, NEW)
    assert other not in {point.text for point in told.points}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("what is Zorblax", "Zorblax is a pump that costs $5 per month."),
        ("how much did Zorblax raise?", "Zorblax costs $5 per month."),
        ("how much is Zorblax worth?", "Zorblax costs $5 per month."),
        ("how many people use Zorblax", "Zorblax costs $5 per month for 80 people."),
    ],
)
def test_other_questions_are_not_answered_by_prices(shelf: Shelf, question: str, text: str) -> None:
    shelf.put("new", text, "en", NEW)
    told = shelf.brief(question)
    assert told is None or not told.by_day
