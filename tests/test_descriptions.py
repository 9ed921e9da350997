"""A word that only describes a subject is left out where no report says it of it, and the answer says so."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

DAY = date(2026, 9, 9)


@pytest.fixture
def robots(shelf: Shelf) -> Shelf:
    shelf.put("war", "人形机器人走进工厂，一天搬了三千个箱子。", "zh", DAY)
    shelf.put("other", "本地报纸讲的是天气，以及国产水果的收成。", "zh", DAY)
    return shelf


@pytest.mark.parametrize("word", ["国产", "全球", "主流", "新一代", "头部", "海外"])
def test_what_is_said_without_the_word_is_told(robots: Shelf, word: str) -> None:
    told = robots.brief(f"{word}人形机器人", "zh")
    assert told
    assert told.query.without == word
    assert "箱子" in told.points[0].text


def test_nothing_is_left_out_of_what_reports_say(robots: Shelf) -> None:
    robots.put("own", "国产人形机器人在工厂里搬箱子。", "zh", DAY)
    told = robots.brief("国产人形机器人", "zh")
    assert told
    assert not told.query.without
    assert told.points[0].text.startswith("国产")


@pytest.mark.parametrize("text", ["火星人形机器人", "国产火箭", "国产"])
def test_other_words_are_missed(robots: Shelf, text: str) -> None:
    told = robots.brief(text, "zh")
    assert told is None or not told.query.without
