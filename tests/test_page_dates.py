"""The day of a web page, wherever it states it: right or unknown, never another day on the page."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from bot.intake.readers import read_documents

TODAY: Final = date(2026, 11, 22)
DAY: Final = date(2025, 3, 4)
URL: Final = "https://news.example/cooling"
ENGLISH: Final = (
    "Liquid cooling cut the power bill of the new hall by 18% in its first year, the operator said. Pumps failed twice.",
    "The operator plans two more halls beside the first one. The city has not yet said what it thinks of the plan.",
    "Neighbours complain about the noise of the fans at night, and a court will hear them before the year is over.",
)
CHINESE: Final = (
    "运营商说，新机房第一年的电费因液冷降了百分之十八。其间水泵坏了两次，备用机组都及时接上了。",
    "运营商还要在旁边再建两个机房。市政府尚未表态，附近居民则担心风扇夜里的噪声，已经向法院起诉。",
    "业内人士认为，液冷的账要算到第三年才清楚。他们预计明年会有四成的新机房采用这种办法。",
)


def page(
    body: str = "",
    *,
    head: str = "",
    foot: str = "",
    url: str = "",
    title: str = "Cooling",
    han: bool = False,
) -> tuple[str, str]:
    """Return the address and source of a page with `body` above its text and `foot` below it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (CHINESE if han else ENGLISH))
    title = "液冷第一年的账本" if han and title == "Cooling" else title
    return url or URL, (
        f"<!doctype html><html lang={'zh' if han else 'en'}><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><main><article><h1>{title}</h1>{body}{text}</article></main>{foot}</body></html>"
    )


def linked(entry: str) -> str:
    """Return head content with this JSON-LD."""
    return f'<script type="application/ld+json">{entry}</script>'


STATED: Final = {
    "Open Graph": page(head="<meta property='article:published_time' content='2025-03-04T23:30:00-08:00'>"),
    "a meta name in capitals": page(head="<meta name='DC.Date.Issued' content='2025-03-04'>"),
    "a meta element of microdata": page(
        head="<meta itemprop='datePublished' content='2025-03-04T08:00+08:00'>"
    ),
    "a day as search engines have it": page(
        head="<meta name='citation_publication_date' content='2025/03/04'>"
    ),
    "JSON-LD": page(
        head=linked(
            '{"@type": "NewsArticle", "datePublished": "2025-03-04T08:00:00Z", "dateModified": "2025-06-01"}'
        )
    ),
    "a graph of JSON-LD": page(
        head=linked(
            '{"@graph": [{"@type": "WebPage", "datePublished": "2019-01-01"}, {"@type": ["Article"], "datePublished": "2025-03-04"}]}'
        )
    ),
    "an article that JSON-LD names as what a page is about": page(
        head=linked('{"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2025-03-04"}}')
    ),
    "JSON-LD of the scholars": page(
        head=linked('{"@type": "ScholarlyArticle", "datePublished": "2025-03-04"}')
    ),
    "JSON-LD between comment marks": page(
        head=linked('<!-- {"@type": "Article", "datePublished": "2025-03-04"} -->')
    ),
    "microdata": page("<span itemprop='datePublished' content='2025-03-04'>yesterday</span>"),
    "microdata in seconds": page(
        "<time itemprop='datePublished' datetime='2025-03-04T08:00:00+08:00'>3h ago</time>"
    ),
    "a lone time": page("<time datetime='2025-03-04T08:00:00Z'>Tuesday</time>"),
    "a lone time without its attribute": page("<p class=byline>By Ann Lee, <time>4 March 2025</time></p>"),
    "a time marked as that of publication": page(
        "<time datetime='2025-03-04' pubdate>Tue</time><time datetime='2025-03-09'>Sun</time>"
    ),
    "the address": page(url="https://news.example/2025/03/04/cooling.html"),
    "the address in one number": page(url="https://news.example/a/20250304/cooling.html"),
    "an English line": page("<p>Published on March 4th, 2025</p>"),
    "an English line of two days": page("<p>Published March 4, 2025; updated 9 March 2025</p>"),
    "a line of an author": page("<div>By Ann Lee | Tuesday, 4 March 2025 | 5 min read</div>"),
    "a Chinese line": page("<p>2025年3月4日 08:30 来源：能源周刊 作者：李明</p>", han=True),
    "a Chinese line of two days": page(
        "<p>发布时间：2025-03-04 08:00　更新时间：2025-03-09 10:00</p>", han=True
    ),
    "Han numerals": page("<p>发布日期：二〇二五年三月四日</p>", han=True),
    "the Minguo calendar": page("<p>中華民國114年3月4日</p>", han=True),
    "the Minguo calendar after a label": page("<p>發布日期：114/03/04</p>", han=True),
    "the Minguo calendar in one number": page("<p>發布日期：1140304</p>", han=True),
    "full-width digits": page("<p>发布时间：２０２５－０３－０４</p>", han=True),
    "a span of the usual class": page("<span class='pub-time'>2025-03-04 08:00</span>", han=True),
    "a variable of a script": page(
        head="<script>var publishTime = '2025-03-04 08:00:00';</script>", han=True
    ),
    "seconds in a script, by Beijing's clock": page(
        head="<script>var createTime = '1741017600';</script>", han=True, title="液冷的账"
    ),
    "a day beside a copyright year": page(
        "<p>4 March 2025</p>", foot="<footer>© 2012-2026 Example. All rights reserved.</footer>"
    ),
    "a day beside those of other articles": page(
        "<p>4 March 2025</p>",
        foot="<aside><h3>Related</h3><ul><li><a href=/a>Heat pumps</a> <time datetime='2024-01-02'></time></li>"
        "<li><a href=/b>Wind farms</a> <time datetime='2024-02-03'></time></li></ul></aside>",
    ),
    "a day beside those of comments": page(
        "<time datetime='2025-03-04'>4 March</time>",
        foot="<section id=comments><div class=comment>Bob, <time datetime='2025-03-05'>a day later</time><p>Good to know.</p></div></section>",
    ),
    "a day beside that of an event": page(
        "<p>Published: 4 March 2025</p><p>The fair opens on 20 May 2025 in Leipzig.</p>"
    ),
}
UNKNOWN: Final = {
    "a day in the future": page(head="<meta property='article:published_time' content='2027-03-04'>"),
    "a day before 1990": page(
        head="<meta name='date' content='1970-01-01'>", url="https://news.example/1970/01/01/x"
    ),
    "only the day of an event": page(
        "<p>The fair opens on 20 May 2025 in Leipzig, where the operator shows its hall.</p>"
    ),
    "only a copyright year": page(foot="<footer>Copyright © 2025 Example, 1 January 2025</footer>"),
    "only a copyright year in Chinese": page(foot="<div>版权所有 © 2012-2026 能源周刊</div>", han=True),
    "only days of other articles": page(
        foot="<aside><a href=/a>Heat pumps</a> <time datetime='2024-01-02'>2 Jan</time><a href=/b>Wind</a> <time datetime='2024-02-03'>3 Feb</time></aside>"
    ),
    "only the day of one other article": page(
        foot="<aside class=related><a href=/a>Heat pumps</a> <time datetime='2024-01-02'>2 Jan</time></aside>"
    ),
    "only the day of a comment": page(
        foot="<div class=comments><p>Bob: <time datetime='2025-03-05'>5 March</time> Good.</p></div>"
    ),
    "only the day of a change": page(
        "<p>Last updated: 9 March 2025</p>",
        head="<meta property='article:modified_time' content='2025-03-09'>",
    ),
    "only the day of a change, in a time": page(
        "<p>Updated <time datetime='2025-03-09'>9 March 2025</time></p>"
    ),
    "a day without a year": page("<p>11月23日 08:00 来源：能源周刊</p>", han=True),
    "days ago": page("<p>3天前 来源：能源周刊</p>", han=True),
    "a day that can be read in two orders": page("<p>Published: 03/04/2025</p>"),
    "two days of publication that differ": page(
        head="<meta name='pubdate' content='2025-03-04'><meta name='publishdate' content='2025-03-05'>"
    ),
    "a month": page("<p>Published: March 2025</p>"),
    "a day that the calendar lacks": page("<p>发布时间：2025-02-30</p>", han=True),
    "a copy of today's date in the head of the page": page(
        foot="", head="<script>var today = '2026-11-22', serverTime = 1795000000;</script>"
    ),
}


@pytest.mark.parametrize("place", STATED)
def test_the_day_that_a_page_states_is_read_from(place: str) -> None:
    name, source = STATED[place]
    (document,) = read_documents(name, source.encode(), today=TODAY)
    assert document.published == DAY


@pytest.mark.parametrize("place", UNKNOWN)
def test_a_page_has_no_day_that_states(place: str) -> None:
    name, source = UNKNOWN[place]
    (document,) = read_documents(name, source.encode(), today=TODAY)
    assert document.published is None
