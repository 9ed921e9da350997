"""Which questions ask for all on a subject: a name among words that only ask, topics together, what came out in a month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from library_kit import TODAY, Shelf, blocks_of

from bot.intake.identity import new_report_id
from bot.library.indexing import index_document
from bot.models import Document
from bot.trends.briefing import Briefing


def _put(shelf: Shelf, key: str, text: str, published: date) -> None:
    document = Document(key, f"第{key}期", blocks_of(text), "zh", "周刊", published)
    shelf.library.put(index_document(document, new_report_id(key), shelf.glossary, shelf.segmenter))


def _cited_days(briefing: Briefing) -> set[date | None]:
    return {source.report.published for source in briefing.sources}


@pytest.fixture
def zorblax(shelf: Shelf) -> Shelf:
    for number in range(12):
        day = TODAY - timedelta(days=40 * number)
        _put(
            shelf, f"z{number}", f"Zorblax浏览器第{number}版修好了{number + 3}个漏洞，并改写了设置页面。", day
        )
        _put(shelf, f"w{number}", f"本地报纸的第{number}条消息讲的是天气，最近怎么样谁也说不准。", day)
    return shelf


@pytest.mark.parametrize(
    "text",
    [
        "Zorblax最近怎么样",
        "Zorblax 最近新闻",
        "Zorblax有什么新消息",
        "请问Zorblax最近有什么进展？",
        "Zorblax浏览器最近情况",
        "Zorblax现状",
        "Zorblax前景如何",
        "Zorblax最近发布了什么",
        "Zorblax还活着吗？",
        "我想了解Zorblax",
        "Zorblax发展得怎么样了",
        "带我快速了解Zorblax",
        "Zorblax有什么新动作",
        "Zorblax最近有什么动静？",
        "Zorblax近来如何",
        "Zorblax最新动向",
        "Zorblax发展趋势",
        "Zorblax到哪一步了",
        "Zorblax为什么这么火",
        "Zorblax为何爆火",
        "为什么Zorblax会火",
        "Zorblax怎么突然火了",
        "Zorblax火在哪里",
        "Zorblax行业怎么样",
        "what changed in Zorblax?",
        "recent developments in Zorblax",
        "outlook for Zorblax",
        "what should I know about Zorblax?",
        "state of Zorblax",
        "What is the current state of Zorblax?",
        "where do things stand with Zorblax",
        "bring me up to speed on Zorblax",
        "what has Zorblax been up to?",
    ],
)
def test_words_that_only_ask_leave_a_name_whose_reports_are_all_counted(zorblax: Shelf, text: str) -> None:
    briefing = zorblax.brief(text, "zh")
    assert briefing
    assert briefing.verdict.dated == 12
    assert all("Zorblax" in point.text for point in briefing.points)


@pytest.mark.parametrize(
    "text", ["谁开发了Zorblax", "Zorblax修好了多少漏洞", "Zorblax什么时候改写了设置页面"]
)
def test_a_question_for_one_fact_is_answered_and_not_reduced_to_its_name(zorblax: Shelf, text: str) -> None:
    briefing = zorblax.brief(text, "zh")
    assert briefing is None or not briefing.query.is_name


def _of_google(shelf: Shelf) -> None:
    for month in range(1, 7):
        for day in (3, 12, 21):
            text = f"谷歌发布了{month}月{day}日的地图更新。谷歌还在{month}月开了{day}家门店，吸引了不少顾客前来。"
            _put(shelf, f"g{month}-{day}", text, date(TODAY.year - 1, month, day))


@pytest.mark.parametrize(
    "text",
    [
        "{}年3月谷歌发布了什么",
        "{}年3月谷歌有哪些新的地图更新发布出来给大家",
        "what did Google release in March {}?",
    ],
)
def test_what_was_published_in_a_month_is_told_from_its_reports(shelf: Shelf, text: str) -> None:
    _of_google(shelf)
    briefing = shelf.brief(text.format(TODAY.year - 1), "zh")
    assert briefing
    assert _cited_days(briefing) <= {date(TODAY.year - 1, 3, day) for day in (3, 12, 21)}
    assert "3月" in briefing.points[0].text


def test_what_a_question_asks_beside_its_topic_comes_first(shelf: Shelf) -> None:
    for number in range(1, 9):
        text = f"谷歌在第{number}座城市开了门店，排队的人很多。谷歌发布了编号为{number}的新地图产品。"
        _put(shelf, f"g{number}", text, date(TODAY.year - 1, 3, number))
    briefing = shelf.brief(f"{TODAY.year - 1}年3月谷歌发布了什么", "zh")
    assert briefing
    assert all("发布" in point.text for point in briefing.points)


def test_nothing_published_since_yesterday_is_no_reason_to_tell_older_news(shelf: Shelf) -> None:
    _of_google(shelf)
    assert shelf.brief("昨天谷歌发布了什么", "zh") is None


def test_of_a_month_without_reports_later_ones_may_tell(shelf: Shelf) -> None:
    _put(shelf, "g", "回顾2015年8月，谷歌成立了母公司，由两位创始人掌管。", TODAY)
    briefing = shelf.brief("2015年8月谷歌成立了什么", "zh")
    assert briefing
    assert "母公司" in briefing.points[0].text


def test_a_product_behind_its_makers_name_is_the_subject(shelf: Shelf) -> None:
    for number in range(8):
        day = TODAY - timedelta(days=20 * number)
        _put(shelf, f"q{number}", f"通义千问在第{number}轮评测里排到前列，答对了{number + 50}道题。", day)
        _put(shelf, f"a{number}", f"阿里在第{number}座仓库换了传送带，工人们说效率高了。", day)
    briefing = shelf.brief("阿里通义千问最近怎么样", "zh")
    assert briefing
    assert briefing.query.topics == ("qwen",)
    assert all("通义千问" in point.text for point in briefing.points)


def test_the_version_of_a_product_is_a_name(shelf: Shelf) -> None:
    for number in range(4):
        day = TODAY - timedelta(days=20 * number)
        _put(shelf, f"v{number}", f"Grok 3在第{number}轮评测里排到前列，答对了{number + 50}道题。", day)
    briefing = shelf.brief("Grok 3 最近怎么样", "zh")
    assert briefing
    assert briefing.verdict.dated == 4


def test_two_topics_together_are_told_from_the_newest_reports_on_both(shelf: Shelf) -> None:
    for number in range(60):
        day = TODAY - timedelta(days=15 * number)
        _put(shelf, f"n{number}", f"英伟达股价在第{number}周波动，交易所记录了{number + 100}笔大单。", day)
    briefing = shelf.brief("英伟达股价", "zh")
    assert briefing
    newest = max(day for day in _cited_days(briefing) if day)
    assert newest == TODAY
    assert "英伟达" in briefing.points[0].text


def test_a_question_about_money_is_answered_by_an_amount_of_money(shelf: Shelf) -> None:
    _put(shelf, "a", "训练Zorblax用了2048块芯片，训练在3个机房里进行。", TODAY)
    _put(shelf, "b", "训练Zorblax一共花费550万美元，由两家基金承担。", TODAY - timedelta(days=9))
    briefing = shelf.brief("训练Zorblax花了多少钱", "zh")
    assert briefing
    assert "550万美元" in briefing.points[0].text


def test_topics_side_by_side_are_a_name_only_where_most_reports_on_both_write_them_so(shelf: Shelf) -> None:
    for number in range(8):
        text = f"Start-up {number} in Bonn builds AI chips for farm {number}."
        shelf.put(f"s{number}", text, published=TODAY - timedelta(days=number))
    for number in range(2):
        shelf.put(f"n{number}", f"AI chip start-ups rent hall {number} in Bonn.", published=TODAY)
    told = shelf.brief("AI chip start-ups")
    assert told
    assert (told.counts_together, told.verdict.dated) == (True, 10)
