"""A verdict explains itself: its counts add up, its windows are named, and README states the same rule."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Language
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.trends.verdict import EARLIER_DAYS, MIN_ORIGINS, RECENT_DAYS, judge

TODAY = date(2026, 11, 22)
NOW = TODAY.toordinal()
LANGUAGES: tuple[Language, ...] = ("en", "zh")
RENDERER = Renderer(packaged("templates"))
ROOT = Path(__file__).parents[1]


def said(
    ages: list[int], language: Language, *, undated: int = 0, library: tuple[int, int] = (100, 400)
) -> str:
    """The verdict in words on origins of these ages in days."""
    origins: list[tuple[str, int | None]] = [(f"o{i}", NOW - age) for i, age in enumerate(ages)]
    origins += [(f"u{i}", None) for i in range(undated)]
    return RENDERER.word("verdict", language, judge(origins, library, TODAY))


@pytest.mark.parametrize("language", LANGUAGES)
@given(ages=st.lists(st.integers(0, 900), min_size=MIN_ORIGINS, max_size=60), undated=st.integers(0, 3))
def test_the_counts_add_up(language: Language, ages: list[int], undated: int) -> None:
    windows = {str(RECENT_DAYS), str(EARLIER_DAYS)}
    text = said([0, *ages], language, undated=undated, library=(1_000, 1_000))
    dated, *parts = [int(n) for n in re.findall(r"\d+", text) if n not in windows]
    assert dated == len(ages) + 1
    assert sum(parts) - undated in {dated, 0}, "0 where all are of one window"


def test_the_windows_are_named() -> None:
    ages = [*range(1, 21), *range(100, 110), 800]
    assert said(ages, "en") == (
        "Rising: of 31 dated reports 20 are from the last 90 days, 10 from the 360 days before, 1 older."
    )
    assert said(ages, "zh") == "升温：有日期的报告31份，近90天20份，此前360天10份，更早1份。"


def test_too_few_reports_are_said_to_be_too_few() -> None:
    assert said([269, 300], "en", undated=1) == (
        "Too little data to call a trend: 2 dated reports of the 8 it takes, the newest 269 days old; 1 undated."
    )
    assert "至少需要8份有日期的报告，现有2份" in said([269, 300], "zh")


def test_no_report_on_all_that_was_asked_is_no_verdict() -> None:
    assert said([], "en") == "No report speaks of all of this together."
    assert said([], "zh") == "没有一份报告同时谈到这些。"


def test_many_old_reports_are_said_to_be_old() -> None:
    assert "9 dated reports, but none from the last 90 days, the newest 200 days old" in said([200] * 9, "en")


def test_the_rule_about_older_reports_is_the_same_in_the_message_and_in_the_readme() -> None:
    english = said(list(range(9)), "en", library=(100, 7))
    chinese = said(list(range(9)), "zh", library=(100, 7))
    assert "fewer than 8 reports from the 360 days before to compare with" in english
    assert "库里此前360天的报告不到8份" in chinese
    assert (
        "at least eight reports from the 360 days before to compare them with"
        in (ROOT / "README.md").read_text()
    )
    assert "至少8份此前360天的报告可以对比" in (ROOT / "README.zh.md").read_text("utf-8")
    assert (MIN_ORIGINS, RECENT_DAYS, EARLIER_DAYS) == (8, 90, 360)
