"""A period after a topic or a name limits the answer to it; a library that has ended is judged at its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from library_kit import TODAY, Shelf

from bot.library.query import understand
from bot.text.periods import find_period

DAY = date(2025, 3, 15)


@pytest.mark.parametrize(
    ("asked", "left", "first", "last"),
    [
        ("deepseek last month", "deepseek", "2025-02-01", "2025-02-28"),
        ("deepseek in february 2025", "deepseek", "2025-02-01", "2025-02-28"),
        ("deepseek feb. 2024", "deepseek", "2024-02-01", "2024-02-29"),
        ("上个月的算力", "算力", "2025-02-01", "2025-02-28"),
        ("2025年2月的算力", "算力", "2025-02-01", "2025-02-28"),
        ("算力 2024年12月份", "算力", "2024-12-01", "2024-12-31"),
        ("compute 2025-01", "compute", "2025-01-01", "2025-01-31"),
        ("compute this month", "compute", "2025-03-01", "2025-03-15"),
        ("compute over the past 7 days", "compute", "2025-03-09", "2025-03-15"),
        ("最近30天的算力", "算力", "2025-02-14", "2025-03-15"),
        ("yesterday's compute", "'s compute", "2025-03-14", "2025-03-14"),
        ("上周算力", "算力", "2025-03-03", "2025-03-09"),
        ("去年的算力", "算力", "2024-01-01", "2024-12-31"),
        ("compute in march 2025", "compute", "2025-03-01", "2025-03-15"),
        ("deepseek since january", "deepseek", "2025-01-01", "2025-03-15"),
        ("deepseek since december", "deepseek", "2024-12-01", "2025-03-15"),
        ("deepseek since oct. 2024", "deepseek", "2024-10-01", "2025-03-15"),
        ("自一月以来的算力", "算力", "2025-01-01", "2025-03-15"),
        ("算力 2024年11月至今", "算力", "2024-11-01", "2025-03-15"),
        ("compute in q4 2024", "compute", "2024-10-01", "2024-12-31"),
        ("compute 2025q1", "compute", "2025-01-01", "2025-03-15"),
        ("compute in the third quarter of 2024", "compute", "2024-07-01", "2024-09-30"),
        ("第四季度的算力", "算力", "2024-10-01", "2024-12-31"),
        ("2024年第二季度算力", "算力", "2024-04-01", "2024-06-30"),
        ("2024年上半年的算力", "算力", "2024-01-01", "2024-06-30"),
        ("compute in h2 2024", "compute", "2024-07-01", "2024-12-31"),
        ("compute in the first half of 2024", "compute", "2024-01-01", "2024-06-30"),
        ("deepseek in february", "deepseek", "2025-02-01", "2025-02-28"),
        ("deepseek in october", "deepseek", "2024-10-01", "2024-10-31"),
        ("3月的算力", "算力", "2025-03-01", "2025-03-15"),
        ("算力 11月", "算力", "2024-11-01", "2024-11-30"),
        ("二月份的算力", "算力", "2025-02-01", "2025-02-28"),
    ],
)
def test_a_period_is_read_and_taken_out(asked: str, left: str, first: str, last: str) -> None:
    found = find_period(asked)
    assert found
    period, rest = found
    assert (rest, *map(str, period.days(DAY))) == (left, first, last)


@pytest.mark.parametrize(
    "asked",
    [
        "compute",
        "2024年ai投资",
        "march of the robots",
        "gpt 4",
        "compute 2025-13",
        "2025年2月3日",
        "may 5 last",
        "compute q5 2024",
        "audi q1",
        "the third half of 2024",
        "上半年",
        "自13月以来",
        "3个月的算力",
        "3月5日的算力",
        "13月的算力",
        "3月底的算力",
        "五月天",
        "who invested in may mobility",
        "3月到5月的算力",
        "3月和4月的算力",
        "3月上旬的算力",
        "算力 3月10-12日",
        "compute in may and june",
        "1-3月的算力",
    ],
)
def test_what_names_no_period_has_none(asked: str) -> None:
    assert find_period(asked) is None


@pytest.mark.parametrize(
    "asked", ["Nvidia revenue Q1 2025", "英伟达2025年第一季度营收", "英伟达 2025年上半年 营收"]
)
def test_the_quarter_of_a_figure_is_part_of_the_question(shelf: Shelf, asked: str) -> None:
    assert understand(asked, shelf.glossary, shelf.segmenter).period is None


@pytest.mark.parametrize(
    "asked", ["Nvidia Q1 2025", "Zorblax since March", "英伟达 2025年上半年", "英伟达 第一季度"]
)
def test_a_quarter_beside_a_name_alone_says_of_when(shelf: Shelf, asked: str) -> None:
    assert understand(asked, shelf.glossary, shelf.segmenter).period


def _monthly(shelf: Shelf, *days: date) -> None:
    things = (
        "a cook",
        "a mill",
        "two ships",
        "the old tower",
        "a school",
        "ten pumps",
        "a film",
        "trains",
        "gloves",
        "tea",
    )
    for number, day in enumerate(days):
        shelf.put(f"r{number}", f"Zorblax bought {things[number % 10]} in {day:%B}.", published=day)


def test_a_topic_in_a_period_is_told_and_judged_by_that_alone(shelf: Shelf) -> None:
    _monthly(shelf, *(TODAY - timedelta(days=10 * number) for number in range(40)))
    told = shelf.brief("Zorblax in August 2026")
    assert told
    assert all("in August." in point.text for point in told.points)
    assert told.verdict.window == (date(2026, 8, 1), date(2026, 8, 31))
    assert (told.verdict.recent, told.verdict.earlier_days) == (3, 124)
    assert told.verdict.dated == sum(TODAY - timedelta(days=10 * n) <= date(2026, 8, 31) for n in range(40))


def test_a_period_of_which_nothing_tells_has_no_briefing(shelf: Shelf) -> None:
    _monthly(shelf, *(TODAY - timedelta(days=number) for number in range(20)))
    assert shelf.brief("Zorblax in August 2025") is None


def test_a_library_that_has_ended_is_judged_at_its_end(shelf: Shelf) -> None:
    end = TODAY - timedelta(days=600)
    _monthly(shelf, *(end - timedelta(days=5 * number) for number in range(60)))
    shelf.put("later", "Nothing of it stands here.", published=TODAY - timedelta(days=300))
    told = shelf.brief("Zorblax")
    assert told
    assert told.verdict.library_ends
    assert told.verdict.window == (end - timedelta(days=89), end)
    assert (told.verdict.recent, told.verdict.dated, told.verdict.newest_age) == (18, 60, 600)


def test_a_library_that_goes_on_is_judged_today(shelf: Shelf) -> None:
    _monthly(shelf, *(TODAY - timedelta(days=80 + 5 * number) for number in range(60)))
    told = shelf.brief("Zorblax")
    assert told
    assert told.verdict.window is None
