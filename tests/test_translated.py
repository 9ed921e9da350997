"""A question in English finds its answer in a report that exists only in Chinese, and says that it is foreign."""

from __future__ import annotations

import pytest
from library_kit import Shelf

from bot.text.english_chinese import chinese_for

AIRPORT = "漠河机场位于黑龙江省，是中国第一个建在永冻土上的机场。机场于2008年启用，跑道长2200米。"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("airport", "机场"), ("airports", "机场"), ("immune system", "免疫系统"), ("Warsaw", "华沙"), ("invested", "投资")],
)  # fmt: skip  # One line.
def test_a_word_has_its_usual_chinese_whatever_its_ending(english: str, chinese: str) -> None:
    assert chinese in chinese_for(english.lower())


def test_what_the_list_lacks_has_no_chinese() -> None:
    assert chinese_for("zzyzx") == ()


def test_an_english_question_is_answered_by_a_report_in_chinese_and_marked(shelf: Shelf) -> None:
    shelf.put("zh", AIRPORT, "zh")
    briefing = shelf.brief("Which airport was built on permafrost?")
    assert briefing is not None
    assert briefing.points[0].text.startswith("漠河机场位于黑龙江省")
    assert briefing.points[0].foreign


def test_a_report_in_the_readers_language_comes_first(shelf: Shelf) -> None:
    shelf.put("zh", AIRPORT, "zh")
    shelf.put("en", "Norvale's airport was built on permafrost. It opened in 1970.", "en")
    briefing = shelf.brief("Which airport was built on permafrost?")
    assert briefing is not None
    assert not briefing.points[0].foreign


@pytest.mark.parametrize("text", ["Kubernetes", "who won the football match?", "rice cooker"])
def test_what_no_report_speaks_of_is_not_found_by_its_chinese_either(text: str, shelf: Shelf) -> None:
    shelf.put("zh", AIRPORT, "zh")
    assert shelf.brief(text) is None
