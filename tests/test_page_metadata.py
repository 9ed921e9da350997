"""Pages that state their day and publisher in their body or their scripts, such as WeChat's articles."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intake.formats.html import Page, read_page
from bot.intake.readers import read_documents

TODAY = date(2026, 11, 22)
DAY = date(2024, 6, 10)
TITLE = "东数西算两年后：训练去了西部，推理留在东部"
PARAGRAPHS = "".join(
    f"<section><p><span leaf=''>{text}</span></p></section>"
    for text in (
        "西部新建的数据中心接下了东部一成的训练任务，平均时延降到二十毫秒。运营商去年为此新铺了三千公里光缆。",
        "运营商说，网络费用仍是最大的障碍，明年计划再降三成。地方政府则更在意机房的上架率。",
        "业内人士认为，推理任务不宜西迁，训练任务则没有问题。他们预计三年后西部会承担四成的训练。",
    )
)
ACCOUNT = '<a href="javascript:void(0);" id="js_name">\n 算力观察 </a>'
SCRIPT_ACCOUNT = 'var nickname = htmlDecode("算力观察");'
RAW = f"{ACCOUNT}<em id='publish_time'></em>"


def article(body: str, script: str = "", site: str = "微信公众平台", head: str = "") -> Page:
    """Return a page as WeChat serves it, with these contents in its body, scripts and head."""
    return read_page(
        f"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="author" content="李某">
        <meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="{site}">{head}<title></title></head>
        <body id="activity-detail"><h1 id="activity-name">{TITLE}</h1><div id="meta_content">{body}</div>
        <div class="rich_media_content" id="js_content" style="visibility: hidden;">{PARAGRAPHS}</div>
        <script>{script}</script></body></html>""",
        TODAY,
    )


@pytest.mark.parametrize(
    ("body", "script"),
    [
        (f"{ACCOUNT}<em id='publish_time'>2024年06月10日 14:13</em>", ""),
        (f"{ACCOUNT}<em id='publish_time'>2024-06-10 14:13</em>", 'var ct = "1718000000";'),
        (RAW, 'var ct = "1718000000";'),
        (RAW, "var createTime = '2024-06-10 14:13';"),
        (RAW, 'window.ct="1718000000"; var svr_time = "1760000000"; var ori_create_time = "1717000000";'),
        ("<em id='publish_time'></em>", f'{SCRIPT_ACCOUNT} var ct = "1718000000";'),
        ("", f"{SCRIPT_ACCOUNT} var publish_time = '2024-06-10' || '';"),
        (
            "<strong class='x' id='profile_nickname'>算力观察</strong><span id='publish-time'>2024/6/10</span>",
            "",
        ),
    ],
)
def test_an_article_of_an_account_has_its_day_and_its_account(body: str, script: str) -> None:
    page = article(body, script)
    assert (page.title, page.publisher, page.published) == (TITLE, "算力观察", DAY)
    assert page.blocks[0].text.startswith("西部新建的数据中心")


def test_seconds_are_those_of_beijing() -> None:
    assert article(RAW, 'var ct = "1718036000";').published == date(
        2024, 6, 11
    )  # 16:13 UTC is 00:13 the next day in China.


def test_two_accounts_are_told_apart() -> None:
    other = article(RAW.replace("算力观察", "电力前沿"), 'var ct = "1718000000";')
    assert (other.publisher, article(RAW).publisher) == ("电力前沿", "算力观察")


def test_a_platform_is_no_publisher() -> None:
    assert article("<p>2024</p>").publisher == ""
    assert article("", site="某某日报").publisher == "某某日报"
    page = f"<html><body><article>{PARAGRAPHS}</article><script>var nickname = '小明';</script></body></html>"
    assert read_page(page, TODAY).publisher == ""  # On no known platform, the name may be a reader's.


@pytest.mark.parametrize(
    "body",
    [
        "<span id='pubtime'>2024-06-10 08:00</span>",
        "<span id='publishtime'>发布时间：2024年6月10日</span>",
        "<div id='pubtime_baidu'></div><span class='pub-time'>二〇二四年六月十日</span>",
        "<time id='post-date' datetime='2024-06-10T08:00:00+08:00'>昨天</time>",
        "<script>var publishDate = '2024-06-10 08:00:00';</script>",
        '<script>window.__DATA__ = {"title": "x", "publishTime": "2024-06-10 08:00:00", "updateTime": "2024-07-01"};</script>',
        '<script>var page = {"pubTime":1718000000000};</script>',
        "<span itemprop='datePublished' content='x'>Mon, 10 Jun 2024 06:13:20 GMT</span>",
    ],
)
def test_any_page_may_declare_its_day_by_an_id_or_in_a_script(body: str) -> None:
    assert article(body, site="某某日报").published == DAY


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("<script>var list = [{'publishTime': '2024-06-10'}, {'publishTime': '2024-06-11'}];</script>", ""),
        ("<span id='updatetime'>2024-06-10</span><script>var updateTime = '2024-06-10';</script>", ""),
        ("<i class='pubtime'>2024-06-10</i><i class='pubtime'>2024-06-11</i>", ""),
        ("<script>var publishTime = '2999-01-01';</script>", ""),
        ("<script>var ct = 'soon';</script>", ""),
        (
            "<script>var publishTime = '2024-06-10';</script>",
            "<meta name='pubdate' content='2024-06-11'><meta name='publishdate' content='2024-06-12'>",
        ),
    ],
)
def test_a_day_that_is_not_certain_is_unknown(body: str, head: str) -> None:
    assert article(body, site="某某日报", head=head).published is None


def test_the_head_goes_before_the_body_and_the_body_before_a_script() -> None:
    head = "<meta property='article:published_time' content='2024-06-10T08:00:00+08:00'>"
    body = "<span id='pubtime'>2024-06-11</span>"
    script = "var publishTime = '2024-06-12';"
    assert article(body, script, head=head).published == DAY
    assert article(body, script).published == date(2024, 6, 11)
    assert article("", script).published == date(2024, 6, 12)


def test_an_article_that_was_saved_as_text_is_read_as_a_page() -> None:
    page = f"<html><head><title>{TITLE}</title></head><body>{RAW}<div id='js_content'>{PARAGRAPHS}</div><script>var ct = '1718000000';</script></body></html>"
    (document,) = read_documents("a.txt", page.encode(), today=TODAY)
    assert (document.title, document.publisher, document.published) == (TITLE, "算力观察", DAY)
