"""What is asked of something in one word is answered by sentences that put it otherwise, or said to be missing."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.trends.concepts import words_that_answer

DAY, NEW = date(2026, 9, 1), date(2026, 9, 9)

ASKED = [
    ("Is DeepSeek safe?", "Researchers found flaws in the DeepSeek app."),
    ("is it safe to use DeepSeek?", "Firms see security risks in DeepSeek."),
    ("Is DeepSeek secure?", "The DeepSeek database was leaked."),
    ("Is DeepSeek profitable?", "DeepSeek posted a loss last year."),
    ("Is DeepSeek banned?", "Texas prohibits DeepSeek on its phones."),
    ("Is DeepSeek reliable?", "A fifth of the answers of DeepSeek had errors."),
    ("Why was DeepSeek criticized?", "DeepSeek met a backlash from artists."),
    ("Is DeepSeek legal?", "DeepSeek faces a lawsuit in Munich."),
    ("Is DeepSeek dangerous?", "The harm that DeepSeek can do is small."),
    ("Is DeepSeek being sued?", "A court in Munich heard the plaintiffs against DeepSeek."),
    ("Is DeepSeek going bankrupt?", "DeepSeek may be insolvent by May."),
    ("Was DeepSeek hacked?", "Attackers broke into DeepSeek last week."),
    ("Is DeepSeek biased?", "Some call the replies of DeepSeek propaganda."),
    ("Is DeepSeek hiring?", "DeepSeek has three openings in Berlin."),
    ("Why was DeepSeek delayed?", "The launch of DeepSeek was postponed."),
]


@pytest.mark.parametrize(("question", "stated"), ASKED)
def test_what_is_put_otherwise_leads_alone(shelf: Shelf, question: str, stated: str) -> None:
    shelf.put("stated", stated, "en", DAY)
    shelf.put("other", "DeepSeek opened a museum of looms for the use of all.", "en", NEW)
    told = shelf.brief(question)
    assert told
    assert not told.query.without
    assert [point.text for point in told.points] == [stated]


@pytest.mark.parametrize("question", [question for question, _ in ASKED if "to use" not in question])
def test_what_no_report_says_of_it_is_said_first(shelf: Shelf, question: str) -> None:
    shelf.put("other", "DeepSeek opened a museum of looms.", "en", NEW)
    told = shelf.brief(question)
    assert told
    assert told.query.without in question
    assert told.points[0].text.startswith("DeepSeek opened")


def test_a_name_that_is_no_topic_is_asked_the_same(shelf: Shelf) -> None:
    shelf.put("stated", "Zorblax reported a loss. Zorblax has a blue door.", "en", DAY)
    told = shelf.brief("Is Zorblax profitable?")
    assert told
    assert [point.text for point in told.points] == ["Zorblax reported a loss."]


@pytest.mark.parametrize("word", ["secures", "house", "deepseek"])
def test_other_words_stand_for_themselves(word: str) -> None:
    assert words_that_answer(word) == ()
