"""What one line says of source, author and day. Knows no place on the page: see metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.cleaning.pinyin import SYLLABLES
from bot.text.lines import is_sentence, width

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
    r"(?:最后|最近)?(?:更新|修改|编辑)(?:时间|于|日期)?\s?[:：]?\s*$|(?:last\s)?(?:updated|modified|edited)(?:\s(?:on|at))?\s?:?\s*$",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:发布|发表|发稿|刊发|出版|上传|创建)?(?:时间|日期)\s?[:：]|(?:发布|发表|刊发|出版)于\s?[:：]?|(?:最后|最近)?更新(?:时间|于)?\s?[:：]?"
    r"|\b(?:(?:first\s)?published|posted|updated|last updated|last modified|date|created|modified)\b(?:\s(?:on|at))?\s?:?|\d{1,3}\s?min(?:ute)?s?\sread"
    r"|(?:阅读|浏览|点击|评论)(?:量|数|次数)?\s?[:：]?\s?\d+",
    re.IGNORECASE,
)
SOURCE = re.compile(
    r"(?:文章|信息|稿件|本文|内容|新闻)?(?:来源|稿源|出处|转自)\s?[:：|｜丨]\s?|\b(?:source|via|publisher)\s?:\s?",
    re.IGNORECASE,
)
AUTHOR = re.compile(
    r"(?:^|(?<=[\s|｜/·()（]))(?:作者|撰文|文|记者|本报记者|编辑|责编|责任编辑|编译|翻译|校对|审校|摄影|图|author|written by|by|reporter|editor|editing by|reporting by)"
    r"\s?(?:[:：/丨|]|\s|$)",
    re.IGNORECASE,
)
AGENCIES = (
    "新华社",
    "中新社",
    "中新网",
    "法新社",
    "美联社",
    "路透社",
    "彭博社",
    "人民网",
    "新华网",
    "央视网",
    "财联社",
    "韩联社",
    "共同社",
    "中国新闻社",
)
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
NAME_EDGES = ' \t?？·|｜,，;；:：/—-()（）[]【】"“”'
ROLES = frozenset("作者 撰文 文 记者 编辑 责编 编译 翻译 校对 审校 摄影 出品 来源".split())
CREDIT_WIDTH, NAME_WIDTH, LONGEST_NAME = 140, 40, 12
"""Columns of a credit line, of a name in it; characters of one name."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What one line says of source and day. `bare`: nothing but a day, which may be a chronicle's heading."""

    publisher: str
    days: tuple[date, ...]
    bare: bool


def read_credit(line: str) -> Credit | None:
    """What a line of source, author and time says, None for any other line."""
    if width(line) > CREDIT_WIDTH or "。" in line:
        return None
    days: list[date] = []
    rest: list[str] = []
    end = 0
    dated = False
    for match in DATE.finditer(line):
        before = line[end : match.start()]
        day = _date(match)
        dated = dated or day is not None
        if day is not None and UPDATED.search(before) is None:
            days.append(day)
        rest.append(before)
        end = match.end()
    remainder = LABEL.sub(" ", CLOCK.sub(" ", " ".join([*rest, line[end:]])))
    source = SOURCE.search(remainder)
    publisher = _publisher(remainder[source.end() :]) if source else ""
    author = AUTHOR.search(remainder)
    marked = min((m.start() for m in (source, author) if m is not None), default=len(remainder))
    name = PLACES.sub("", remainder[:marked].strip(NAME_EDGES)).strip(NAME_EDGES)
    starts = (source is not None or author is not None) and not name
    if (
        not (dated or starts or _is_byline(line))
        or width(name) > NAME_WIDTH
        or (is_sentence(name) and not dated)
    ):
        return None
    if " " in name and not name.isascii() and name.split()[-1] in name.split()[:-1]:
        name = name.split()[-1]  # WeChat names the account once as the author too
    if dated and not publisher and name and not name[0].isdigit():
        publisher = name if is_organisation(name) else ""
    return Credit(publisher, tuple(days), bare=DATE.fullmatch(line.strip()) is not None)


def _is_byline(line: str) -> bool:
    """Whether `line` is names between words of roles: `智东西 编译 陈骏达 编辑 Panken`."""
    tokens = line.split()
    if not 2 < len(tokens) <= 20 or any(len(token) > LONGEST_NAME for token in tokens):
        return False
    return any(token.strip(":：") in ROLES for token in tokens[:-1]) and not re.search("[，,。！？!?]", line)


def _publisher(text: str) -> str:
    """The publisher at the beginning of what follows 来源: or Source:."""
    text = re.split(r"[|｜•，,;；]|\s{2,}", text.strip(" \t:："), maxsplit=1)[0]
    author = AUTHOR.search(text)
    text = text[: author.start()] if author and author.start() else text
    if " " in text and not text.isascii():
        text = text.split()[0]
    name = text.strip(NAME_EDGES)
    return "" if not name or NOT_A_PUBLISHER.match(name) or width(name) > NAME_WIDTH else name


def is_organisation(name: str) -> bool:
    """Whether `name` can only be a publisher: by its last word, or a company's name spelt out in pinyin."""
    if NOT_A_PUBLISHER.match(name):
        return False
    syllables = name.lower().split()
    return (
        ORGANISATION.search(name) is not None
        or name in AGENCIES
        or (len(syllables) > 2 and SYLLABLES.issuperset(syllables))
    )


def _date(match: re.Match[str]) -> date | None:
    """The day that DATE found, None when the calendar has no such day."""
    month = match["a"] or match["b"]
    year, day = match["y"] or match["ay"] or match["by"], match["d"] or match["ad"] or match["bd"]
    try:
        return date(
            int(year), int(match["m"]) if match["m"] else MONTHS.index(month[:3].lower()) + 1, int(day)
        )
    except ValueError:
        return None


def parse_day(text: str) -> date | None:
    """The day at the beginning of `text` (2025-01-09T10:11:28Z, 2025年1月9日, March 3, 2025), None for any other."""
    match = DATE.match(text.strip()) or re.match(
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)(?P<a>)(?P<b>)(?P<ay>)(?P<by>)(?P<ad>)(?P<bd>)",
        text.strip(),
    )
    return _date(match) if match else None
