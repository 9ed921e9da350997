"""Title, publisher and day of a page: right, or unknown."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intake.bylines import read_credit
from bot.intake.dates import read_day
from bot.intake.metadata import Metadata, read_metadata

BODY = "算力需求在过去一年里继续增长,多家机构上调了预测。"
ENGLISH = "Demand for computing power kept growing last year, and several forecasts were raised."


def meta(*lines: str) -> Metadata:
    """Return the metadata of a page of these lines."""
    return read_metadata(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("国产芯片的三条路线", "2025-01-09 10:11:28", "来源:通信世界全媒体 包建羽??", BODY),
        ("国产芯片的三条路线", "来源：通信世界全媒体　时间：2025年1月9日", BODY),
        ("国产芯片的三条路线", "2025/01/09 10:11 来源:通信世界全媒体 作者:包建羽", BODY),
        (
            "国产芯片的三条路线",
            "面向2025年,会议提出要推进建设。",
            "发布时间:2025.1.9 稿源:通信世界全媒体",
            BODY,
        ),
        ("国产芯片的三条路线", "通信世界全媒体 2025-01-09 10:11", BODY),
        ("国产芯片的三条路线", "通信世界全媒体·2025-01-09", BODY),
        (BODY, BODY, "国产芯片的三条路线", "通信世界全媒体·2025-01-09 10:11"),
        ("标题:国产芯片的三条路线", "来源:通信世界全媒体", BODY, "2025年1月9日"),
        ("国产芯片的三条路线", "更新时间:2025-02-01 发布时间:2025-01-09", "来源:通信世界全媒体", BODY),
    ],
)
def test_credits_are_read_wherever_they_stand(lines: tuple[str, ...]) -> None:
    found = meta(*(line.replace("　", " ") for line in lines))
    if "更新时间" in lines[1]:
        lines = lines[:1]
    assert (found.title, found.publisher) == ("国产芯片的三条路线", "通信世界全媒体")
    assert found.published == date(2025, 1, 9)
    assert not found.inferred


@pytest.mark.parametrize(
    ("line", "publisher", "day"),
    [
        ("Published: March 14, 2025 09:30 GMT", "", date(2025, 3, 14)),
        ("Posted on 2 May 2025 by the platform team", "", date(2025, 5, 2)),
        ("Source: South China Morning Post | Sept. 3, 2024", "South China Morning Post", date(2024, 9, 3)),
        ("Reuters · 2025-03-01", "Reuters", date(2025, 3, 1)),
        ("By Dana Whitfield · April 2, 2025", "", date(2025, 4, 2)),
        ("Sou Hu Cai Jing·2026-02-26 11:08", "Sou Hu Cai Jing", date(2026, 2, 26)),
    ],
)
def test_english_credits_are_read(line: str, publisher: str, day: date) -> None:
    found = meta("Chip packaging becomes the bottleneck", line, ENGLISH)
    assert found.title == "Chip packaging becomes the bottleneck"
    assert (found.publisher, found.published) == (publisher, day)


@pytest.mark.parametrize(
    "line",
    [
        "朱文凤 2025-03-01",
        "John Smith · 2025-03-01",
        "Zhang Xiaoming · 2025-03-01 11:08",
        "来源:网络 2025-03-01",
        "来源:未知 2025-03-01",
        "作者:王明 2025-03-01",
        "2025-03-01",
    ],
)
def test_a_person_or_nobody_is_no_publisher(line: str) -> None:
    found = meta("国产芯片的三条路线", line, BODY)
    assert found.publisher == ""
    assert found.published == date(2025, 3, 1)


@pytest.mark.parametrize(
    "lines",
    [
        ("更新时间:2025-02-01",),
        ("2025-02-30",),
        ("03/04/2025",),
        ("2025年1月",),
        ("2025-01-09 10:11", "2025-01-12 09:00"),
    ],
)
def test_a_day_that_is_not_certain_is_unknown(lines: tuple[str, ...]) -> None:
    assert meta("国产芯片的三条路线", *lines, BODY).published is None


class TestDateline:
    def test_names_the_publisher_and_the_day(self) -> None:
        found = meta("财联社2025年4月8日讯,国内首条产线通线,首期月产能五千片。", BODY)
        assert (found.publisher, found.published, found.inferred) == ("财联社", date(2025, 4, 8), False)

    def test_may_name_the_day_in_han_numerals(self) -> None:
        found = meta("新华社北京2025年四月八日电 国内首条产线通线,首期月产能五千片。", BODY)
        assert (found.publisher, found.published) == ("新华社", date(2025, 4, 8))
        for day in ("四月三十一日", "十十月一日", "一一月二二二二日"):
            assert meta(f"财联社2025年{day}讯,国内首条产线通线。", BODY).published is None

    def test_takes_the_year_from_the_latest_month_told(self) -> None:
        found = meta("智东西4月8日报道,今天,一所大学发布年度报告。", "到2025年2月,差距缩小到1.7%。")
        assert (found.publisher, found.published, found.inferred) == ("智东西", date(2025, 4, 8), True)

    @pytest.mark.parametrize(
        "told",
        [
            "差距正在缩小。",
            "2025年,差距缩小到1.7%。",
            "到2025年6月,差距缩小到1.7%。",
            "到2025年2月,差距缩小。2026年差距不再。",
            "预计到2025年2月,差距会缩小。",
        ],
    )
    def test_leaves_the_year_open_without_a_safe_clue(self, told: str) -> None:
        found = meta("智东西4月8日报道,今天,一所大学发布年度报告。", told)
        assert found.published is None
        assert found.publisher == "智东西"

    @pytest.mark.parametrize(
        ("opening", "publisher"),
        [
            ("新华社北京4月8日电(记者王明)多部门部署算力建设工作。", "新华社"),
            ("通信世界网消息(CWW)2024年大模型技术加速迭代、产品丰富多样。", "通信世界网"),
            ("据路透社4月8日报道,多家公司上调了资本开支的预期。", ""),
            ("本报讯 多部门近日联合部署算力建设工作,明确了三项任务。", ""),
            ("特斯拉4月8日消息,公司将在上海建设新的储能工厂。", ""),
            (
                "SAN FRANCISCO, March 3 (Reuters) - Chip makers raised their spending plans on Monday.",
                "Reuters",
            ),
        ],
    )
    def test_knows_who_reports_from_who_is_reported(self, opening: str, publisher: str) -> None:
        assert meta(opening, BODY).publisher == publisher


class TestTitle:
    @pytest.mark.parametrize(
        "lines",
        [
            ("智东西 编译 陈骏达 程茜 编辑 Panken", BODY, BODY),
            (BODY, BODY),
            ("一、产业界主导大模型开发", BODY),
            ("Introduction", ENGLISH),
            ("摘要", BODY),
            (),
            ("", "  "),
        ],
    )
    def test_is_unknown_where_none_stands(self, lines: tuple[str, ...]) -> None:
        assert meta(*lines).title == ""

    def test_may_hold_a_pipe_and_a_year(self) -> None:
        found = meta("趋势2025 | 投资产出双向奔赴,算力布局不断优化", "", BODY)
        assert found.title == "趋势2025 | 投资产出双向奔赴,算力布局不断优化"
        assert found.published is None

    def test_stands_alone_above_the_text(self) -> None:
        assert meta("人工智能专题:2025白皮书2.0", "", BODY).title == "人工智能专题:2025白皮书2.0"

    def test_is_no_farewell_above_a_signature(self) -> None:
        assert meta("各位股东:", BODY, "谢谢!", "何小鹏", "2025年3月18日").title == ""

    def test_is_no_row_of_a_table(self) -> None:
        found = meta(
            BODY, "厂商 | 型号 | 发布", "华为 | 昇腾910C | 2025-03-01", "海光 | 深算三号 | 2025-06-30", BODY
        )
        assert (found.title, found.published, found.lines) == ("", None, frozenset())

    def test_is_no_question_of_an_interview(self) -> None:
        found = meta("记者:您怎么看今年的竞争?", "王兴兴:很激烈。", "记者:会打价格战吗?", BODY)
        assert (found.title, found.lines) == ("", frozenset())

    def test_is_no_short_statement(self) -> None:
        assert (
            meta("The following firms received funding in May.", "Form Energy: $405 million", BODY).title
            == ""
        )

    def test_is_not_the_name_of_the_site_above_it(self) -> None:
        found = meta("通信世界网", "国产芯片的三条路线", "2025-01-09 10:11:28", BODY)
        assert found.title == "国产芯片的三条路线"

    def test_that_is_known_leaves_the_body_too(self) -> None:
        found = read_metadata(("国产芯片的三条路线", BODY), title="国产芯片的三条路线!")
        assert (found.title, found.lines) == ("国产芯片的三条路线!", frozenset({0}))


def test_the_lines_that_said_it_are_named() -> None:
    found = meta(
        "国产芯片的三条路线", "面向2025年,会议提出要推进建设。", "2025-01-09 10:11:28", "来源:新华网", BODY
    )
    assert found.lines == {0, 2, 3}


def test_a_chronicle_keeps_its_days() -> None:
    found = meta("大事记", "2024年4月18日", BODY, "2024年12月26日", BODY)
    assert found.published is None
    assert 1 not in found.lines


@pytest.mark.parametrize(
    "line", [BODY, ENGLISH, "2025年将是关键的一年", "算力规模达到230EFLOPS", "来源多样的数据", "by 23%.", ""]
)
def test_a_line_of_the_text_is_no_credit(line: str) -> None:
    assert read_credit(line) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-09", date(2025, 1, 9)),
        ("2025-01-09T10:11:28Z", date(2025, 1, 9)),
        ("2025/1/9 10:11", date(2025, 1, 9)),
        ("2025年1月9日", date(2025, 1, 9)),
        ("20250109", date(2025, 1, 9)),
        ("January 9, 2025", date(2025, 1, 9)),
        ("2025年1⽉9⽇", date(2025, 1, 9)),
        ("2025-13-45", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_stated_day_is_read_or_unknown(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_hostile_lines_are_read_in_no_time() -> None:
    lines = ["作者 " * 3000, "来源:" * 3000, "2025-01-09 " * 900, " " * 9000, "(" * 9000, "1" * 9000]
    assert read_metadata(lines).publisher == ""


@pytest.mark.parametrize(
    "line",
    [
        "Published March 4, 2025",
        "First published on the 4th of March 2025",
        "Release date: March 4, 2025",
        "Date of publication: 4 March 2025",
        "Published: Tuesday, 4 March 2025",
        "Posted by Ann on March 4, 2025",
        "Published March 4, 2025; updated 9 March 2025",
        "发文日期：2025年3月4日",
        "本文发布于2025-03-04",
        "公布日期：1140304",
        "上版日期：114-03-04",
        "发布单位：能源局 发布日期：114/03/04",
        "更新日期：114-03-09 发布日期：114-03-04",
    ],
)
def test_a_line_says_that_its_day_is_of_publication(line: str) -> None:
    credit = read_credit(line)
    assert credit is not None
    assert credit.labelled
    assert credit.days == (date(2025, 3, 4),)


@pytest.mark.parametrize(
    "line",
    [
        "The fair opens on 20 May 2025 in Leipzig.",
        "The fair opens on 20 May 2025",
        "Register by 20 May 2025",
        "Deadline: 20 May 2025",
        "Next meeting: 20 May 2025",
        "Effective date: May 20, 2025",
        "Data as of 31 March 2025",
        "Oct. 20, 2025: the fair opens",
        "Copyright 2025 Example, 1 January 2025",
        "展会将于2025年5月20日在莱比锡开幕",
        "活动时间：2025年5月20日",
        "截止日期：2025年5月20日",
        "实施日期：2025年5月20日",
        "2025年5月20日起施行",
        "2025年5月20日至2025年5月22日",
        "2025年5月20日：展会开幕",
        "数据截至2025年3月31日",
    ],
)
def test_a_day_of_something_else_stays_in_the_text_and_dates_nothing(line: str) -> None:
    assert read_credit(line) is None
    assert meta("国产芯片的三条路线", line, BODY).published is None
    dated = meta("国产芯片的三条路线", "发布时间:2025-01-09", line, BODY)
    assert (dated.published, 2 in dated.lines) == (date(2025, 1, 9), False)


def test_a_day_that_is_said_to_be_of_publication_goes_before_one_that_is_not() -> None:
    assert meta("国产芯片的三条路线", "莱比锡 2025-05-20", "发布时间:2025-01-09", BODY).published == date(
        2025, 1, 9
    )
    assert meta("国产芯片的三条路线", "莱比锡 2025-05-20", "2025-01-09", BODY).published is None


def test_an_empty_name_of_an_author_is_no_publisher() -> None:
    found = meta("国产芯片的三条路线", "来源: 作者: 2025-01-09 08:30", BODY)
    assert (found.publisher, found.published) == ("", date(2025, 1, 9))
