"""Title, publisher and day of a plain page, from its first and last lines. Right or unknown: nothing is guessed.

A year that the page does not state is inferred only from the text's own latest month, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.text.lines import HEADLINE_WIDTH, is_heading, is_sentence, width
from bot.text.pinyin import SYLLABLES

HEAD_LINES, TAIL_LINES = 8, 5

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)\s?日?"
    rf"|\b{MONTH.format('a')}\s(?P<ad>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<ay>(?:19|20)\d\d)\b"
    rf"|\b(?P<bd>\d{{1,2}})(?:st|nd|rd|th)?\s{MONTH.format('b')},?\s(?P<by>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"T?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?\s?(?:am|pm|a\.m\.|p\.m\.)?\s?(?:Z|[+-]\d{2}:?\d{2}|gmt|utc|cst|est|edt|pst|pdt|et)?\b"
    r"|\(?\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\)?,?|[(（]?(?:星期|周)[一二三四五六日天][)）]?",
    re.IGNORECASE,
)
UPDATED = re.compile(
    r"(?:最后|最近)?(?:更新|修改|编辑)(?:时间|于|日期)?\s?[:：]?\s*$|(?:last\s)?(?:updated|modified|edited)(?:\s(?:on|at))?\s?:?\s*$", re.IGNORECASE
)
LABEL = re.compile(
    r"(?:发布|发表|发稿|刊发|出版|上传|创建)?(?:时间|日期)\s?[:：]|(?:发布|发表|刊发|出版)于\s?[:：]?|(?:最后|最近)?更新(?:时间|于)?\s?[:：]?"
    r"|\b(?:(?:first\s)?published|posted|updated|last updated|last modified|date|created|modified)\b(?:\s(?:on|at))?\s?:?|\d{1,3}\s?min(?:ute)?s?\sread"
    r"|(?:阅读|浏览|点击|评论)(?:量|数|次数)?\s?[:：]?\s?\d+",
    re.IGNORECASE,
)
SOURCE = re.compile(r"(?:文章|信息|稿件|本文|内容|新闻)?(?:来源|稿源|出处|转自)\s?[:：]\s?|\b(?:source|via|publisher)\s?:\s?", re.IGNORECASE)
AUTHOR = re.compile(
    r"(?:^|(?<=[\s|｜/·()（]))(?:作者|撰文|文|记者|本报记者|编辑|责编|责任编辑|编译|翻译|校对|审校|摄影|图|author|written by|by|reporter|editor|editing by|reporting by)"
    r"\s?(?:[:：/丨|]|\s|$)",
    re.IGNORECASE,
)
DATELINE = re.compile(
    r"^[【\[(（]?(?P<who>[A-Za-z\d\u4e00-\u9fff·]{2,16}?)(?:[(（][A-Za-z\d ]{2,12}[)）])?[】\])）]?\s?"
    r"(?:(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日\s?(?:报道|消息|讯|电|获悉|最新消息)|(?:消息|讯)(?=[,，:：(（\s\d]))"
)
AGENCIES = ("新华社", "中新社", "中新网", "法新社", "美联社", "路透社", "彭博社", "人民网", "新华网", "央视网", "财联社", "韩联社", "共同社", "中国新闻社")
PLACES = re.compile(
    "(?:北京|上海|天津|重庆|广州|深圳|杭州|南京|武汉|成都|西安|香港|澳门|台北|东京|首尔|纽约|华盛顿|伦敦|巴黎|柏林|莫斯科|日内瓦|硅谷|旧金山|新加坡|布鲁塞尔|联合国)$"
)
NOT_A_PUBLISHER = re.compile(
    r"^(?:据|本报|本台|本刊|本网|记者|近日|今日|今天|昨日|日前|当地时间|北京时间|网络|互联网|本站|未知|原创|转载|综合|不详|官网|公众号|微信公众号|internet|unknown|original)|^\d+$"
)
ORGANISATION = re.compile(
    r"(?:网|社|报|台|刊|新闻|周刊|杂志|科技|财经|传媒|媒体|研究院|研究所|大学|学院|公司|集团|中心|协会|学会|委员会|委|部|局|办|银行|证券|智库|观察|评论|世界|在线|头条|研报|咨询|资讯|出版社|实验室|之家|时报|日报|晚报|早报|快报|news|times|post|journal|daily|review|magazine|institute|university|press|agency|research|labs?|foundation|group|inc\.?|corp\.?|bank|weekly|today|media|reuters|bloomberg|bbc|cnn|techcrunch|wired|association|ministry|commission|office|bureau|\.(?:com|cn|org|net|gov|edu|io|ai))$",
    re.IGNORECASE,
)
YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)\s?年\s?(?:(\d{1,2})\s?月|(初))")
YEAR = re.compile(r"(?<![\d.])(20\d\d)(?![\d.])(?=\s?年|[》)）\s,，.。:：])")
FORECAST = re.compile(r"将|预计|有望|预期|计划|到20|未来|目标|力争|拟|或")
TITLE_LABEL = re.compile(r"^(?:标题|题目|题名|title|headline)\s?[:：]\s?", re.IGNORECASE)
NAME_EDGES = " \t?？·|｜,，;；:：/—-()（）[]【】\"“”"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; "" and None are unknown. `lines` are the places that said it."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    inferred: bool = False
    lines: frozenset[int] = frozenset()


def read_metadata(lines: Sequence[str], *, title: str = "") -> Metadata:
    """The metadata of a page's `lines`, cleaned of furniture. `title` is given when it is known already."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    head = filled[:HEAD_LINES]
    tail = [at for at in filled[-TAIL_LINES:] if at not in head]
    spoken = {at: credit for at in [*head, *tail] if (credit := read_credit(lines[at])) is not None}
    found, place = (title, _place_of(title, lines, head)) if title else _title(lines, head, tail, spoken)
    published = _day([spoken[at] for at in head if at in spoken]) or _day([spoken[at] for at in tail if at in spoken])
    opening = next((lines[at] for at in head if at not in spoken and is_sentence(lines[at])), "")
    who, day = _dateline(opening)
    inferred = False
    if published is None and day is not None and not any(credit.days for credit in spoken.values()):
        published = _infer_year(day, lines)
        inferred = published is not None
    publisher = next((spoken[at].publisher for at in [*head, *tail] if at in spoken and spoken[at].publisher), who)
    places = set(spoken) | ({place} if place is not None else set())
    return Metadata(found, publisher, published, inferred, frozenset(places))
