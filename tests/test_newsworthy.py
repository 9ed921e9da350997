"""Which terms are reported as rising: those in titles and headings, and common words only if much is reported of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from library_kit import Shelf, write

from bot.library.glossary import Glossary
from bot.text.segment import Segmenter
from bot.trends.headlines import HeadlineFinder, Newsworthy
from bot.trends.negative_binomial import Expectation
from bot.trends.rising import Rise

DAY = date(2025, 3, 7)
MANY = 700
"""Items in a window of which a word must be in twelve."""


@pytest.fixture
def shelf(tmp_path: Path, glossary: Glossary, segmenter: Segmenter) -> Shelf:
    """An empty library."""
    return Shelf(tmp_path, glossary, segmenter)


def _rise(term: str, reports: list[str], count: int = 11, mean: float = 0.5) -> Rise:
    return Rise(term, count, Expectation(mean, 0), 0.0, 9, 0, (0, 0, 0, count), DAY, tuple(reports))


def _titled(shelf: Shelf, *titles: str) -> list[str]:
    """Store reports with these titles and return their ids."""
    return [shelf.put(title, f"It rained in Oslo on day {n}.") for n, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("term", "title"),
    [
        ("zorbax", "Zorbax lands"),
        ("llama 9.1", "Llama-9.1 is out"),
        ("量子鲸", "量子鲸正式发布"),
        ("#openai", "OpenAI hires"),
        ("#openai", "开放人工智能公司 OpenAI 招聘"),
    ],
)
def test_what_titles_name_is_told(shelf: Shelf, term: str, title: str) -> None:
    reports = _titled(shelf, title, f"{title} again", "Rain")
    assert Newsworthy(shelf.library, shelf.glossary).rises(_rise(term, reports), MANY)


def test_what_is_said_in_passing_is_not_told(shelf: Shelf) -> None:
    filler = " ".join(f"The harbour of Town{n} was calm on that morning." for n in range(80))
    reports = [shelf.put(f"Rain {n}", f"{filler} They had Zorbax, {n} of it.") for n in range(3)]
    news = Newsworthy(shelf.library, shelf.glossary)
    assert not news.rises(_rise("zorbax", reports), MANY)
    reports += _titled(shelf, "Zorbax lands")
    assert not news.rises(_rise("zorbax", reports), MANY)
    reports += _titled(shelf, "Zorbax lands", "Zorbax sails")
    assert news.rises(_rise("zorbax", reports), MANY)


@pytest.mark.parametrize("term", ["bubble", "connections", "#reasoning"])
def test_a_word_that_is_no_name_needs_more(shelf: Shelf, term: str) -> None:
    reports = _titled(
        shelf, "Bubble, connections and reasoning models", "Bubble, connections, reasoning models"
    )
    news = Newsworthy(shelf.library, shelf.glossary)
    assert not news.rises(_rise(term, reports, count=11), MANY)
    assert news.rises(_rise(term, reports, count=12), MANY)
    assert news.rises(_rise(term, reports, count=10), 90)
    assert not news.rises(_rise(term, reports, count=9), 90)
    assert not news.rises(_rise(term, reports, count=40, mean=20), MANY)


def test_a_name_needs_no_more_than_any_rise(shelf: Shelf) -> None:
    reports = _titled(shelf, "DeepSeek and Zorbax", "DeepSeek, Zorbax")
    news = Newsworthy(shelf.library, shelf.glossary)
    assert all(news.rises(_rise(term, reports, count=5, mean=2), MANY) for term in ("#deepseek", "zorbax"))


@pytest.mark.parametrize(
    "term", ["friday", "weekly recap", "v2.5", "b moe", "ai", "harbour watch", "星期五", "截图"]
)
def test_days_formats_sources_and_rests_of_names_are_never_told(shelf: Shelf, term: str) -> None:
    news = Newsworthy(shelf.library, shelf.glossary)
    assert news.named({1: term, 2: "zorbax"}, ["Harbour Watch"]) == {2: "zorbax"}


def test_the_name_of_a_talk_room_is_no_headline(shelf: Shelf, tmp_path: Path) -> None:
    text = (
        "# Daily\n\n## Zorbax IDE Discord\n\nThe people of the harbour see what Zorbax can do on a morning.\n\n"
        "## Zorbax raises money\n\nThe people of the town gave Zorbax some money on a day."
    )
    taken = shelf.take(write(tmp_path, "daily.md", text, date="2025-03-07"))
    assert taken.id
    headline = HeadlineFinder(shelf.library, shelf.glossary).headline_of(_rise("zorbax", [taken.id]), "en")
    assert headline.text == "Zorbax raises money"


def test_the_headline_is_of_the_story_that_most_origins_tell(shelf: Shelf, tmp_path: Path) -> None:
    told = (
        (
            "Chipmaker Zorbax raises $1.2 billion for a plant in Ohio",
            (
                "Zorbax, which designs accelerators for inference, raised $1.2 billion led by Fenwick Capital. "
                "The money goes to a packaging plant near Dayton, Ohio, with 900 jobs."
            ),
        ),
        (
            "Zorbax to build Ohio packaging plant after $1.2bn round",
            (
                "A $1.2 billion round led by Fenwick Capital pays for Zorbax's first plant of its own near Dayton. "
                "It will package the company's inference accelerators and employ 900 people."
            ),
        ),
        ("Zorbax opens a museum", "Visitors of the harbour saw the old boats of Zorbax on a quiet morning."),
    )
    reports = [
        shelf.take(
            write(tmp_path, f"{n}.md", f"# {title}\n\n{text}", date="2025-03-07", publisher=f"Paper {n}")
        )
        for n, (title, text) in enumerate(told)
    ]
    newest_first = [taken.id or "" for taken in reversed(reports)]
    assert set(shelf.library.stories_of(newest_first)) == set(newest_first[1:])
    headline = HeadlineFinder(shelf.library, shelf.glossary).headline_of(_rise("zorbax", newest_first), "en")
    assert headline.text == "Zorbax to build Ohio packaging plant after $1.2bn round"
