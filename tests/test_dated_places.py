"""The day of publication from the places around a text: right, or unknown."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

import pytest

from bot.intake.dated_places import (
    day_of_address,
    day_of_folders,
    day_of_heading,
    day_of_name,
    month_of_folders,
)
from bot.intake.readers import read_documents
from bot.models import Document

TODAY = date(2026, 11, 22)
DAY = date(2024, 5, 17)
BODY = "算力需求在过去一年里继续增长,多家机构上调了预测。"


def read(name: str, text: str) -> Document:
    """Return the document of a file of this name."""
    return next(read_documents(name, text.encode(), today=TODAY))


@pytest.mark.parametrize(
    "name",
    [
        "20240517",
        "2024-05-17",
        "2024-5-17",
        "2024_05_17",
        "2024.05.17",
        "２０２４－０５－１７",
        "2024-05-17-the-week-in-chips",
        "2024-05-17T08-00",
        "24-05-17-the-week-in-chips",
        "chips-2024-05-17",
        "chips_20240517",
        "chips-20240517-en",
        "AI日报20240517",
        "AI日报2024年5月17日",
        "2024年5月17日 AI日报",
        "20240517 The week in chips",
    ],
)
def test_a_name_states_a_day_in_the_forms_that_people_sort_by(name: str) -> None:
    assert day_of_name(name, TODAY) == DAY


@pytest.mark.parametrize(
    "name",
    [
        "issue-123",
        "17-05-24",
        "24-05-17",
        "240517",
        "2024",
        "2024-05",
        "202405",
        "2024-05-32",
        "20241317",
        "2024-05-17_2024-05-24",
        "2024-05-13-17-weekly",
        "20240517-20240524",
        "IMG_20240517_080000",
        "backup-2024-05-17",
        "备份2024-05-17",
        "pycharm-2024.1.2-released",
        "000_0f20240517cf2fcb",
        "20240517.2 notes",
        "2030-05-17",
        "1899-05-17",
        "what-we-know-of-may-17-2024",
    ],
)
def test_a_name_that_may_mean_something_else_states_no_day(name: str) -> None:
    assert day_of_name(name, TODAY) is None


@pytest.mark.parametrize(
    "path",
    [
        "2024-05-17/chips.md",
        "20240517/en/chips.md",
        "2024/05/17/chips.md",
        "2024/05/17/chips/index.md",
        "2024/05/17.md",
        "2024-05/17.md",
        "202405/17.md",
        "2024/0517.md",
        "2024/05-17-chips.md",
        "2024年/5月17日.md",
        "2024年5月17日/早报.md",
    ],
)
def test_folders_state_a_day(path: str) -> None:
    assert day_of_folders(PurePath("/data/news") / path, TODAY) == DAY


@pytest.mark.parametrize(
    "path", ["2024/05/chips.md", "2024/05/17-chips.md", "2024/10-tips.md", "2024/chips.md"]
)
def test_folders_that_lack_a_part_of_it_state_none(path: str) -> None:
    assert day_of_folders(PurePath(path), TODAY) is None


@pytest.mark.parametrize("path", ["202405/a.md", "2024-05/a.md", "2024/05/a.md", "2024年5月/a.md"])
def test_a_folder_states_its_month(path: str) -> None:
    assert month_of_folders(PurePath(path)) == (2024, 5)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/2024/05/17/chips",
        "https://example.com/2024/5/17/chips/",
        "https://example.com/news/2024-05-17/chips.html",
        "https://example.com/n1/2024/0517/c1001-4.html",
        "https://example.com/202405/17/content_1.htm",
        "https://example.com/art/20240517/1.html",
        "https://example.com/t20240517_123.html",
        "https://example.com/2024/May/17/chips/",
    ],
)
def test_an_address_states_a_day(url: str) -> None:
    assert day_of_address(url, TODAY) == DAY


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/chips?date=2024-05-17",
        "https://example.com/2024/05/chips",
        "https://example.com/2024/05/17/2023/04/02/",
        "https://example.com/article-20240517123.html",
        "https://[bad/2024/05/17/",
    ],
)
def test_an_address_without_one_day_states_none(url: str) -> None:
    assert day_of_address(url, TODAY) is None


@pytest.mark.parametrize(
    "title",
    [
        "2024-05-17",
        "2024-05-17 AI早报",
        "2024年5月17日｜AI早报",
        "AI 日报 2024-05-17",
        "AI日报2024年5月17日",
        "AI 早报（2024年5月17日）",
        "The week in chips | May 17, 2024",
        "The week in chips (17 May 2024)",
    ],
)
def test_a_heading_of_a_daily_states_its_day(title: str) -> None:
    assert day_of_heading(title, TODAY) == DAY


@pytest.mark.parametrize(
    "title",
    [
        "What the outage of May 17, 2024 taught us",
        "回顾2024年5月17日的断电",
        "断电发生在2024年5月17日",
        "The outage of May 17, 2024",
        "2024-05-17 to 2024-05-24",
        "May 17",
    ],
)
def test_a_day_that_a_heading_tells_of_is_not_its_own(title: str) -> None:
    assert day_of_heading(title, TODAY) is None


class TestTrust:
    def test_goes_from_what_is_declared_over_name_folder_address_and_heading_to_a_line(self) -> None:
        heading, line = "# AI日报 2024-05-13\n\n", "发布时间：2024-05-12\n\n"
        address = "url: https://example.com/2024/05/14/a\n"
        path = "2024-05-15/2024-05-16-chips.md"
        for day, name, text in [
            (17, path, f"---\ndate: 2024-05-17\n{address}---\n{heading}{line}{BODY}"),
            (16, path, f"---\n{address}---\n{heading}{line}{BODY}"),
            (15, "2024-05-15/chips.md", f"---\n{address}---\n{heading}{line}{BODY}"),
            (14, "chips.md", f"---\n{address}---\n{heading}{line}{BODY}"),
            (13, "chips.md", f"{heading}{line}{BODY}"),
            (12, "chips.md", f"# AI日报\n\n{line}{BODY}"),
        ]:
            assert read(name, text).published == date(2024, 5, day)

    def test_is_lost_where_the_folder_is_of_another_month(self) -> None:
        assert read("202406/20240517 chips.md", BODY).published is None
        assert read("202405/20240517 chips.md", BODY).published == DAY

    @pytest.mark.parametrize(
        "credit", ["译者：王明", "via: https://example.com/2024/05/01/a", "Translated by: Ann Lee"]
    )
    def test_is_lost_where_name_and_source_may_be_those_of_an_original(self, credit: str) -> None:
        document = read("20240517 chips.md", f"国产芯片的三条路线\n\n{BODY}\n\n新闻来源：ZDNET\n\n{credit}")
        assert (document.published, document.publisher) == (None, "")

    def test_comes_from_pictures_only_with_the_folder_of_their_month(self) -> None:
        text = f"{BODY}\n\n![](https://img.example.com/album/202405/17/a.jpg)\n![](https://img.example.com/album/202405/17/b.png)"
        assert read("202405/chips.md", text).published == DAY
        assert read("chips.md", text).published is None
        assert read("202406/chips.md", text).published is None
        assert (
            read("202405/chips.md", f"{text}\n![](https://img.example.com/2024/05/18/c.png)").published
            is None
        )

    def test_a_name_says_nothing_of_the_many_documents_of_its_file(self) -> None:
        assert read("2024-05-17.jsonl", '{"text": "算力需求在过去一年里继续增长。"}').published is None


@pytest.mark.parametrize(
    "line",
    [
        "via: https://example.com/chips",
        "Via: TechCrunch",
        "来源：https://example.com/chips",
        "数据来源：国家统计局",
        "图片来源：新华社",
        "Data source: World Bank",
        "Image source: Reuters",
        "https://example.com/2024/05/17/chips",
    ],
)
def test_a_link_or_the_source_of_an_exhibit_is_neither_publisher_nor_day(line: str) -> None:
    document = read("chips.txt", f"国产芯片的三条路线\n{BODY}\n{line}")
    assert (document.publisher, document.published) == ("", None)
