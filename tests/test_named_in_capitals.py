"""A name that is also a word is told of by sentences that write it as a name."""

from __future__ import annotations

import pytest
from library_kit import Shelf

_NAMED = ("The guide covers Notion and its files.", "Teams of farmers moved to Notion in spring.")
_COMMON = ("He had no notion of what pumps cost.", "The notion that pumps fail is old.")


def _points(shelf: Shelf, question: str, texts: tuple[str, ...]) -> set[str]:
    for number, text in enumerate(texts):
        shelf.put(f"r{number}", text)
    told = shelf.brief(question)
    assert told
    return {point.text for point in told.points}


@pytest.mark.parametrize("question", ["Notion", "notion", "what's new with Notion"])
def test_the_common_word_is_no_evidence_of_a_name(shelf: Shelf, question: str) -> None:
    assert _points(shelf, question, (*_NAMED, *_COMMON)) == set(_NAMED)


def test_a_word_at_the_beginning_is_a_name_if_it_does_something(shelf: Shelf) -> None:
    named = ("Farmers run pumps on Replicate every day.", "Replicate launched a pump service for farmers.")
    common = ("Replicate this pump with a printer and glue.", "Farmers replicate the pump of a rival.")
    assert _points(shelf, "Replicate", (*named, *common)) == set(named)


@pytest.mark.parametrize("question", ["pumps", "Pumps"])
def test_a_word_that_is_hardly_ever_a_name_keeps_its_sentences(shelf: Shelf, question: str) -> None:
    texts = (
        "He had pumps of steel in spring.",
        "Farmers like pumps with valves.",
        "Pumps cost little in Norway.",
    )
    assert _points(shelf, question, texts) == set(texts)


def test_other_languages_write_a_name_in_capitals_too(shelf: Shelf) -> None:
    for number, text in enumerate((*_NAMED, *_COMMON)):
        shelf.put(f"r{number}", text)
    shelf.put("zh", "农民们把文件都搬到了Notion上面。", "zh")
    told = shelf.brief("Notion", "zh")
    assert told
    assert {point.text for point in told.points} == {*_NAMED, "农民们把文件都搬到了Notion上面。"}
