"""Two figures of one quantity agree if rounding, truncation or a bound explains the difference."""

from __future__ import annotations

from datetime import date

import pytest

from bot.figures.extraction import find_figures
from bot.figures.rounding import agree
from bot.models import Figure
from bot.text.normalise import has_han


def figure(sentence: str) -> Figure:
    return find_figures(sentence, "zh" if has_han(sentence) else "en", date(2025, 4, 8))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Investment reached $252.3 billion.", "Investment reached $252 billion."),
        ("Investment reached $252.3 billion.", "投资达2523亿美元。"),
        ("The run cost $5.576 million.", "The run cost $5.5 million."),  # Truncated.
        ("The run cost $5.576 million.", "The run cost $6 million."),  # Rounded.
        ("It has 671 billion parameters.", "It has 670 billion parameters."),
        ("ChatGPT has more than 100 million users.", "ChatGPT has 180 million users."),
        ("用户超过1亿人。", "用户为1.8亿人。"),
        ("Fewer than 50 models were released.", "40 models were released."),
        ("It cost about $100 million.", "It cost $96 million."),
        ("约10万人参加。", "96000人参加。"),
        ("Services sell at 20% to 50% of the price.", "Services sell at 60% of the price."),
    ],
)
def test_what_rounding_explains_agrees(one: str, other: str) -> None:
    assert agree(figure(one), figure(other))
    assert agree(figure(other), figure(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Investment reached $252.3 billion.", "Investment reached $230 billion."),
        ("Investment reached $252.3 billion.", "投资达2510亿美元。"),
        ("35% of compute was intelligent.", "36% of compute was intelligent."),
        ("40 models were released.", "43 models were released."),
        ("ChatGPT has more than 200 million users.", "ChatGPT has 100 million users."),
        ("用户超过2亿人。", "用户为1亿人。"),
        ("Fewer than 50 models were released.", "61 models were released."),
        ("It cost about $100 million.", "It cost $78 million."),
        ("It has 671 billion parameters.", "It has 685 billion parameters."),
    ],
)
def test_what_it_does_not_explain_contradicts(one: str, other: str) -> None:
    assert not agree(figure(one), figure(other))
    assert not agree(figure(other), figure(one))
