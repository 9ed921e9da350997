"""What one line says of source, author and day. Knows no place on the page: see metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.cleaning.pinyin import SYLLABLES
from bot.intake.dates import UPDATED, days_in, labelled_minguo
from bot.text.lines import is_sentence, width

CLOCK = re.compile(
    r"T?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?\s?(?:am|pm|a\.m\.|p\.m\.)?\s?(?:Z|[+-]\d{2}:?\d{2}|gmt|utc|cst|est|edt|pst|pdt|et)?\b"
    r"|\(?\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\)?,?|[(（]?(?:星期|周)[一二三四五六日天][)）]?",
    re.IGNORECASE,
)
PUBLISHED_LABEL = re.compile(r"(?:发布|发表|发稿|刊发|出版)(?:时间|日期)?\s?[:：]\s?")
"""What Taiwan's authorities set before a day that has three digits for its year."""
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
    days, rest, dated = _days_and_rest(line)
    remainder = LABEL.sub(" ", CLOCK.sub(" ", rest))
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
    return Credit(publisher, days, bare=not rest.strip())


def _days_and_rest(line: str) -> tuple[tuple[date, ...], str, bool]:
    """The days of publication in `line`, the line without any days, and whether it has a day at all."""
    hits = list(days_in(line))
    if not hits and (label := PUBLISHED_LABEL.search(line)) and (hit := labelled_minguo(line[label.end() :])):
        hits = [replace(hit, start=label.end(), end=label.end() + hit.end)]
    days: list[date] = []
    rest: list[str] = []
    end = 0
    for hit in hits:
        before = line[end : hit.start]
        if hit.day is not None and UPDATED.search(before) is None:
            days.append(hit.day)
        rest.append(before)
        end = hit.end
    return tuple(days), " ".join([*rest, line[end:]]), any(hit.day for hit in hits)


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
