"""A verdict explains itself: its counts add up, its windows are named, and the README states the same rule."""

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
from bot.trends.rising import LEAST_HISTORY
from bot.trends.verdict import EARLIER_DAYS, MIN_ORIGINS, RECENT_DAYS, judge, published

TODAY = date(2026, 11, 22)
NOW = TODAY.toordinal()
LANGUAGES: tuple[Language, ...] = ("en", "zh")
RENDERER = Renderer(packaged("templates"))
ROOT = Path(__file__).parents[1]


def said(ages: list[int], language: Language, *, undated: int = 0, others: int = 400, new: int = 0) -> str:
    """Return the words of the verdict on origins of these ages in days.

    `others` is the number of reports on other subjects, `new` that of the origins by a new publisher.
    """
    origins: list[tuple[str, int | None]] = [(f"o{i}", NOW - age) for i, age in enumerate(ages)]
    held = [(f"o{i}", "New" if i < new else "Daily", NOW - age) for i, age in enumerate(ages)]
    held += [(f"other {i}", "Daily", NOW - i % 450) for i in range(others)]
    origins += [(f"u{i}", None) for i in range(undated)]
    return RENDERER.word("verdict", language, judge(origins, published(held, TODAY)))


@pytest.mark.parametrize("language", LANGUAGES)
@given(ages=st.lists(st.integers(0, 900), min_size=MIN_ORIGINS, max_size=60), undated=st.integers(0, 3))
def test_the_counts_add_up(language: Language, ages: list[int], undated: int) -> None:
    windows = {str(RECENT_DAYS), str(EARLIER_DAYS)}
    text = said([0, *ages], language, undated=undated, others=2_000)
    counts = re.split(r"At the earlier pace|照此前的节奏|\. Too few|。此前也有", text)[0]
    dated, *parts = [int(n) for n in re.findall(r"\d+", counts) if n not in windows]
    assert dated == len(ages) + 1
    if "Too little" not in text and "数据太少" not in text:
        assert sum(parts) - undated in {dated, 0}, "0 where all are of one window"


def test_the_windows_and_what_was_expected_are_named() -> None:
    ages = [*range(1, 21), *range(100, 110), 800]
    assert said(ages, "en") == (
        "Rising: of 31 dated reports 20 are from the last 90 days, 10 from the 360 days before, 1 older."
        " At the earlier pace there would have been about 4."
    )
    assert said(ages, "zh") == (
        "升温：有日期的报告31份，近90天20份，此前360天10份，更早1份。照此前的节奏，大约会有4份。"
    )


def test_what_a_new_publisher_adds_is_told_and_not_compared() -> None:
    ages = [*range(1, 31), *range(100, 110)]
    assert (
        "15 are by publishers that also reported before; at their earlier pace there would have been about 3."
        in said(ages, "en", new=15)
    )
    assert "其中15份的来源此前也有报告；照它们当时的节奏，大约会有3份。" in said(ages, "zh", new=15)


def test_too_few_reports_are_said_to_be_too_few() -> None:
    assert said([269, 300], "en", undated=1) == (
        "Too little data to call a trend: 2 dated reports of the 3 it takes, the newest 269 days old; 1 undated."
    )
    assert "至少需要3份有日期的报告，现有2份" in said([269, 300], "zh")


def test_no_report_on_all_that_was_asked_is_no_verdict() -> None:
    assert said([], "en") == "No report speaks of all of this together."
    assert said([], "zh") == "没有一份报告同时谈到这些。"


def test_many_old_reports_are_said_to_be_old() -> None:
    assert "3 dated reports, but none from the last 90 days, the newest 200 days old" in said([200] * 3, "en")
    assert said([*range(100, 140)], "en").startswith(
        "Fading: of 40 dated reports none is from the last 90 days"
    )


def test_the_rule_about_publishers_is_the_same_in_the_message_and_in_the_readme() -> None:
    assert "Too few come from publishers that also reported earlier." in said(list(range(9)), "en", others=0)
    assert "此前也有报告的来源太少" in said(list(range(9)), "zh", others=0)
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    assert (
        "needs three dated reports on the topic by publishers that report\nnow and did 14 days before"
        in english
    )
    assert "至少需要3份有日期的报告" in chinese
    assert (MIN_ORIGINS, LEAST_HISTORY, RECENT_DAYS, EARLIER_DAYS) == (3, 14, 90, 360)
