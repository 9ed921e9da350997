"""How widely a rise is reported: in more than one talk of a compilation, and in passages that no other rise uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from library_kit import Shelf, write

from bot.library.glossary import Glossary
from bot.text.segment import Segmenter
from bot.trends.negative_binomial import Expectation
from bot.trends.rising import Rise, Window
from bot.trends.tellings import Tellings

DAY = date(2025, 3, 7)
WEEK = Window(DAY, 7)
TALK = ("Summary", "Forums", "In detail")
"""The chapters in which a compilation reports the talk of one forum."""


@pytest.fixture
def shelf(tmp_path: Path, glossary: Glossary, segmenter: Segmenter) -> Shelf:
    """An empty library."""
    return Shelf(tmp_path, glossary, segmenter)


def _compile(shelf: Shelf, folder: Path, said: Sequence[Mapping[str, str]]) -> None:
    """Store a daily for each of the last days, with thirty items of its own and `said` as further chapters."""
    for back, chapters in enumerate(said):
        own = (f"### Pier {n}\n\nThe harbour of Town{back} was calm at pier {n}." for n in range(30))
        told = (f"# {chapter}\n\n### From {chapter}\n\n{text}" for chapter, text in chapters.items())
        text = "\n\n".join(["# Harbour", *own, *told])
        day = DAY - timedelta(days=back)
        shelf.take(write(folder, f"day{back}.md", text, date=day.isoformat(), title=f"Daily {back}"))


def _rise(term: str, count: int = 6) -> Rise:
    return Rise(term, count, Expectation(0.1, 0), 0.0, 9, 0, (0, 0, 0, count), DAY, ())


def _tellings(shelf: Shelf, window: Window = WEEK) -> Tellings:
    editions = {e.key: e for e in shelf.library.dated_editions(window.history, window.last)}
    return Tellings(shelf.library, shelf.glossary, window, editions)


def _said(chapters: Sequence[str], back: int) -> dict[str, str]:
    return {chapter: f"The people of {chapter}{back} see what Zorbax can do." for chapter in chapters}


def test_what_one_forum_talked_about_is_no_news_in_whatever_chapters_it_is_retold(
    shelf: Shelf, tmp_path: Path
) -> None:
    _compile(shelf, tmp_path, [_said(TALK, back) for back in range(4)])
    assert not _tellings(shelf).are_news(_rise("zorbax", 12))


def test_what_others_tell_too_is_news(shelf: Shelf, tmp_path: Path) -> None:
    _compile(shelf, tmp_path, [_said((*TALK, "Papers"), 0), _said(TALK, 1)])
    assert _tellings(shelf).are_news(_rise("zorbax"))


def test_two_retellings_of_which_one_lacks_a_chapter_are_too_few_but_for_what_is_told_much(
    shelf: Shelf, tmp_path: Path
) -> None:
    _compile(shelf, tmp_path, [_said((*TALK, "Papers"), 0), _said(TALK[:2], 1)])
    assert not _tellings(shelf).are_news(_rise("zorbax", 9))
    assert _tellings(shelf).are_news(_rise("zorbax", 10))


def test_of_a_single_day_four_chapters_are_enough(shelf: Shelf, tmp_path: Path) -> None:
    _compile(shelf, tmp_path, [_said((*TALK, "Papers"), 0)])
    assert _tellings(shelf, Window(DAY, 1)).are_news(_rise("zorbax", 4))


def test_articles_are_on_one_thing_whatever_their_chapters(shelf: Shelf) -> None:
    for back in range(2):
        text = f"The people of Town{back} see what Zorbax can do."
        shelf.put(f"article {back}", text, published=DAY - timedelta(days=back))
    assert _tellings(shelf).are_news(_rise("zorbax", 5))


def test_what_was_told_before_the_window_does_not_count(shelf: Shelf, tmp_path: Path) -> None:
    quiet: list[Mapping[str, str]] = [{}] * 7
    _compile(shelf, tmp_path, [*quiet, _said((*TALK, "Papers"), 7), _said(TALK, 8)])
    assert not _tellings(shelf).are_news(_rise("zorbax"))


def test_a_phrase_in_small_letters_names_nothing(shelf: Shelf, tmp_path: Path) -> None:
    said = {chapter: f"In {chapter} people met rate limits again." for chapter in (*TALK, "Papers")}
    _compile(shelf, tmp_path, [said, said])
    tellings = _tellings(shelf)
    assert tellings.telling_of(_rise("rate limits")).is_wide
    assert not tellings.are_news(_rise("rate limits"))


def test_two_names_that_stand_in_the_same_passages_are_one(shelf: Shelf, tmp_path: Path) -> None:
    said = {
        chapter: f"The people of {chapter} see that Zorbax gives Implicit Rewards."
        for chapter in (*TALK, "Papers")
    }
    _compile(shelf, tmp_path, [said, {"Papers": "Later Quimbly was shown in Oslo, and people saw it."}])
    tellings = _tellings(shelf)
    assert tellings.are_same(_rise("zorbax"), _rise("implicit rewards"))
    assert not tellings.are_same(_rise("zorbax"), _rise("quimbly"))
