"""Days of publication in every form that sources use: read right, or unknown."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.dates import FIRST_DAY, days_in, read_day
from bot.intake.metadata import read_metadata
from bot.intake.readers import read_documents

TODAY = date(2026, 11, 22)
DAY = date(2025, 3, 4)
BODY = "去年全国数据中心用电一千六百亿千瓦时，比上年增长一成三。"


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-04T08:00:00+08:00",
        "2025-03-04 23:59:59.999 -0800",
        "2025.03.04 08:00",
        "2025 年 3 月 4 日 星期二",
        "20250304",
        "20250304T080000Z",
        "20250304080000",
        "2025-W10-2",
        "2025-Mar-04",
        "Tue, 04 Mar 2025 08:00:00 GMT",
        "Tue, 4 Mar 2025 23:30:00 -0800",
        "Tuesday, 04-Mar-25 08:00:00 GMT",
        "04 Mar 25 08:00 GMT",
        "Tue Mar  4 08:00:00 2025",
        "Tue Mar 4 08:00:00 CST 2025",
        "Tue Mar 04 2025 08:00:00 GMT+0800 (China Standard Time)",
        "4th of March 2025",
        "the 4th of March, 2025",
        "Sunday, March 4th, 2025 at 8:00 AM",
        "Mar. 4, 2025",
        "4-Mar-2025",
        "Published on 4 March 2025",
        "发布时间：2025-03-04 08:00 更新时间：2025-03-06 09:00",
        "1741046400",
        "1741046400000",
        "1741046400.25",
    ],
)
def test_a_day_in_the_forms_of_feeds_programs_and_people(text: str) -> None:
    assert read_day(text, TODAY) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "二〇二五年三月四日",
        "二○二五年三月四日",
        "二零二五年三月四號",
        "贰零贰伍年叁月肆日",
        "２０２５年３月４日",
        "２０２５－０３－０４　０８：００",
        "民國114年3月4日",
        "中華民國一一四年三月四日",
        "民国一百一十四年三月四日",
        "114/03/04",
        "114.3.4",
        "114年3月4日",
        "1140304",
    ],
)
def test_a_day_in_the_minguo_calendar_in_han_numerals_and_in_full_width_digits(text: str) -> None:
    assert read_day(text, TODAY) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二四年十月二十日", date(2024, 10, 20)),
        ("二〇二四年十一月廿四日", date(2024, 11, 24)),
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
        ("二〇二四年元月十五日", date(2024, 1, 15)),
        ("民國99年12月31日", date(2010, 12, 31)),
        ("民国八十五年二月卅日", None),
        ("二〇二五年二月三十日", None),
    ],
)
def test_han_numerals_are_counted(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "value",
    [
        1741046400,
        1741046400000,
        1741046400000000,
        1741046400.0,
        20250304,
        DAY,
        datetime(2025, 3, 4, 23, 59),  # noqa: DTZ001 -- TOML has times without a zone
        {"$date": "2025-03-04T00:00:00Z"},
        {"$date": {"$numberLong": "1741046400000"}},
        [2025, 3, 4, 8, 0, 0, 1, 63, 0],
        ["2025-03-04"],
        [["2025-03-04"]],
        "/Date(1741046400000)/",
    ],
)
def test_a_day_as_programs_hand_it_out(value: object) -> None:
    assert read_day(value, TODAY) == DAY


@pytest.mark.parametrize(
    "value",
    [
        "03/04/2025",
        "2025-03",
        "March 2025",
        "3月4日",
        "99年3月4日",
        "2025-03-04 – 2025-03-06",
        "更新时间：2025-03-04",
        "2025-02-30",
        "3 days ago",
        "12:30",
        "soon",
        "",
        5,
        True,
        None,
        float("nan"),
        float("inf"),
        10**400,
        -(10**30),
        [2025, 3],
        {"a": 1, "b": 2},
        "9" * 5000,
        "2025-03-04" + " and so on" * 50,
    ],
)
def test_what_means_no_day_or_two_is_unknown(value: object) -> None:
    assert read_day(value, TODAY) is None


def test_a_day_that_can_be_read_in_two_orders_is_read_where_both_are_one() -> None:
    assert read_day("25/04/2025", TODAY) == read_day("04/25/2025", TODAY) == date(2025, 4, 25)
    assert read_day("04/04/2025", TODAY) == date(2025, 4, 4)


def test_no_report_is_of_the_future_or_older_than_1990() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert read_day(tomorrow.isoformat(), TODAY) == tomorrow  # It has begun in Auckland.
    assert read_day((TODAY + timedelta(days=2)).isoformat(), TODAY) is None
    assert read_day(FIRST_DAY.isoformat(), TODAY) == FIRST_DAY
    for value in ("1989-12-31", "1970-01-01", "0001-01-01", 0, "0"):
        assert read_day(value, TODAY) is None
    lines = ("国产芯片的三条路线", "来源:新华网 2999-01-01", BODY)
    assert read_metadata(lines, today=TODAY).published is None
    assert (
        read_metadata(("国产芯片的三条路线", "来源:新华网 2026-12-01", BODY), today=TODAY).published is None
    )


def test_seconds_are_counted_in_beijing_for_a_chinese_document() -> None:
    midnight = 1741017600  # 2025-03-04 00:00 in Beijing
    for title, day in (("液冷第一年的账本", DAY), ("Cooling", date(2025, 3, 3))):
        line = f'{{"title": "{title}", "text": "{BODY}", "publish_time": {midnight}}}'
        (document,) = read_documents("a.jsonl", line.encode(), today=TODAY)
        assert document.published == day


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：二〇二五年三月四日",
        "来源：能源局 二○二五年三月四日",
        "發布日期：114/03/04",
        "發布日期：114-3-4",
        "民國114年3月4日 來源：能源局",
        "中華民國一百一十四年三月四日",
        "發布日期:中華民國114年03月04日",
        "２０２５年３月４日　来源：能源局",
        "发布日期：２０２５－０３－０４",
        "Published: 4th of March 2025",
    ],
)
def test_a_line_that_states_the_day_in_any_calendar_leaves_the_text(line: str) -> None:
    (document,) = read_documents("a.txt", f"数据中心用电统计\n{line}\n\n{BODY}\n".encode(), today=TODAY)
    assert (document.title, document.published, document.text) == ("数据中心用电统计", DAY, BODY)


def test_three_digits_are_no_year_without_a_label_of_publication() -> None:
    (document,) = read_documents(
        "a.txt", f"数据中心用电统计\n比值:114/03/04\n\n{BODY}\n".encode(), today=TODAY
    )
    assert document.published is None


@given(st.dates(date(1990, 1, 1), date(2026, 11, 22)))
def test_every_day_is_read_back_from_every_form(day: date) -> None:
    han = "〇一二三四五六七八九"
    tens = [
        "",
        *han[1:],
        "十",
        *(f"十{n}" for n in han[1:]),
        "二十",
        *(f"二十{n}" for n in han[1:]),
        "三十",
        "三十一",
    ]
    year = "".join(han[int(digit)] for digit in str(day.year))
    forms = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day:%a, %d %b %Y} 08:00:00 GMT",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{tens[day.month]}月{tens[day.day]}日",
        f"民國{day.year - 1911}年{day.month}月{day.day}日",
    ]
    assert {read_day(form, TODAY) for form in forms} == {day}


@given(st.text())
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert all(hit.start < hit.end for hit in days_in(text))
    day = read_day(text, TODAY)
    assert day is None or FIRST_DAY <= day <= TODAY + timedelta(days=1)
