"""The day of a weekly's issue from its weekday and its pictures: right, or unknown."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intake.issue_days import FEWEST_PICTURES, day_of_issue
from bot.intake.readers import read_documents
from bot.models import Document

TODAY = date(2026, 11, 22)
FRIDAY = date(2024, 5, 17)
BODY = "算力需求在过去一年里继续增长，多家机构上调了预测。"
PICTURES = b"![](https://img.example.com/202405/bg2024051403.webp) ![](https://img.example.com/202405/bg2024051501.webp)"


def read(text: str) -> Document:
    """Return the document of a file whose name states no day."""
    return next(read_documents("issue-12.md", text.encode(), today=TODAY))


@pytest.mark.parametrize(
    "statement",
    [
        "这里记录每周值得分享的科技内容，周五发布。",
        "这个专栏每周五发布，同步更新在我的个人网站。",
        "本刊逢星期五出刊。",
        "這個週刊每週五發佈。",
        "A newsletter on chips, published every Friday.",
        "This digest goes out on Fridays.",
        "这里记录每周值得分享的科技内容，周五发布。（通知：下周五是假期，周刊提前到周四发布。）",
        "周刊每周五发布。下周假期，周刊提前到周三发布。",
    ],
)
def test_a_weekly_came_out_on_its_weekday_after_its_newest_picture(statement: str) -> None:
    assert day_of_issue([statement, BODY], PICTURES, TODAY) == FRIDAY


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "美国劳工部周五发布了就业数据。",
        "The Fed published its minutes on Friday.",
        "每周记录值得分享的内容。",
        "周刊每周五发布。由于明天是假期，本期提前一天发布。",
        "周刊每周五发布。本周端午节假期，提前到周三发布。",
        "A newsletter published every Friday. This issue is out a day early.",
        "周刊每周五发布，专栏每周二发布。",
    ],
)
def test_without_one_weekday_of_its_own_the_day_is_unknown(statement: str) -> None:
    assert day_of_issue([statement, BODY], PICTURES, TODAY) is None


@pytest.mark.parametrize(
    "pictures",
    [
        b"",
        b"![](https://img.example.com/a.png)",
        b"![](https://img.example.com/bg2024051403.webp)",
        PICTURES + b" ![](https://img.example.com/bg2024081411.webp)",
        b"![](https://img.example.com/bg20240541.webp) ![](https://img.example.com/bg20241301.webp)",
        b"[](https://example.com/20240514.html) [](https://example.com/20240515.html)",
    ],
)
def test_one_picture_of_its_week_or_none_confirms_no_day(pictures: bytes) -> None:
    assert FEWEST_PICTURES > 1
    assert day_of_issue(["周刊每周五发布。"], pictures, TODAY) is None


def test_older_pictures_and_a_day_that_is_yet_to_come_change_nothing() -> None:
    older = b" ![](https://img.example.com/bg2021010203.webp) ![](https://img.example.com/bg2030010203.webp)"
    assert day_of_issue(["周刊每周五发布。"], PICTURES + older, TODAY) == FRIDAY
    assert day_of_issue(["周刊每周五发布。"], PICTURES, date(2024, 5, 15)) is None


def test_a_text_says_when_it_comes_out_at_its_ends_not_in_its_middle() -> None:
    story = [BODY] * 40
    assert day_of_issue([*story, "周刊每周五发布。"], PICTURES, TODAY) == FRIDAY
    assert day_of_issue([*story, "周刊每周五发布。", *story], PICTURES, TODAY) is None


def test_a_stated_day_goes_first_and_show_names_where_each_came_from() -> None:
    issue = f"# 周刊（第 12 期）\n\n周刊每周五发布。\n\n{BODY}\n\n{PICTURES.decode()}\n"
    inferred = read(issue)
    assert (inferred.published, inferred.provenance.published) == (FRIDAY, "weekday")
    stated = read(f"---\ndate: 2024-05-18\n---\n{issue}")
    assert (stated.published, stated.provenance.published) == (date(2024, 5, 18), "declared")
