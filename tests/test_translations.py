"""A sentence and its translation are quoted once, even if nothing declares that their reports belong together."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.models import Language

DAY = date(2026, 10, 1)
ENGLISH = "MiniMax released the video model Hailuo 02, which makes its compute 2.5 times as efficient."
CHINESE = "MiniMax发布视频模型Hailuo 02，使算力效率提升到2.5倍。"


def told(shelf: Shelf, language: Language) -> list[str]:
    briefing = shelf.brief("compute", language)
    assert briefing is not None
    return [point.text for point in briefing.points]


@pytest.mark.parametrize(("language", "expected"), [("en", ENGLISH), ("zh", CHINESE)])
def test_a_translation_of_the_same_day_is_not_told_beside_it(
    shelf: Shelf, language: Language, expected: str
) -> None:
    shelf.put("a", ENGLISH, "en", DAY)
    shelf.put("b", CHINESE, "zh", DAY)
    assert told(shelf, language) == [expected]


def test_what_only_speaks_of_the_same_topic_is_told(shelf: Shelf) -> None:
    shelf.put("a", ENGLISH, "en", DAY)
    shelf.put("b", "国内新建的算力集群已有十个投入使用。", "zh", DAY)
    assert len(told(shelf, "en")) == 2


def test_what_another_day_says_is_told(shelf: Shelf) -> None:
    shelf.put("a", ENGLISH, "en", DAY)
    shelf.put("b", CHINESE, "zh", date(2026, 10, 9))
    assert len(told(shelf, "en")) == 2


def test_the_readers_language_comes_first_however_little_it_says(shelf: Shelf) -> None:
    for number, subject in enumerate(("Prices", "Demand", "Supply", "Staff")):
        text = f"{subject} of compute rose in Germany after the new law on electric power."
        shelf.put(f"en{number}", text, "en", DAY)
    shelf.put("zh", "国内新建的算力集群已有十个投入使用。", "zh", DAY)
    assert told(shelf, "zh")[0] == "国内新建的算力集群已有十个投入使用。"
    assert len(told(shelf, "zh")) > 1
