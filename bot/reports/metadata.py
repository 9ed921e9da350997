"""Title, publisher and day of a plain page, from its first and last lines. Right or unknown: nothing is guessed.

A year that the page does not state is inferred only from the text's own latest month, and says so.
"""

from __future__ import annotations

import re
from collections import Counter
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
SPEAKER = re.compile(
    r"^(Q|A|问|答|记者|编辑|主持人|作者|reporter|editor|host|interviewer)\s?[:：]", re.IGNORECASE
)
"""Who speaks: a role that begins several lines is part of a conversation."""
DATELINE = re.compile(
    r"^[【\[(（]?(?P<who>[A-Za-z\d\u4e00-\u9fff·]{2,16}?)(?:[(（][A-Za-z\d ]{2,12}[)）])?[】\])）]?\s?"
    r"(?:(?:(?P<y>20\d\d)\s?年\s?)?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日\s?(?P<verb>报道|讯|电|消息|获悉)"
    r"|(?:消息|讯)(?=[,，:：(（\s\d]))"
)
WIRE = re.compile(r"^[A-Z][\w .,/'-]{2,60}\((?P<who>Reuters|AP|AFP|Bloomberg|Xinhua|UPI)\)\s?[-—–]")
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
YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)\s?年\s?(?:(\d{1,2})\s?月|(初))")
YEAR = re.compile(r"(?<![\d.])(20\d\d)\s?年")
FORECAST = re.compile(r"将|预计|有望|预期|预测|计划|规划|未来|目标|力争|拟")
TITLE_LABEL = re.compile(r"^(?:标题|题目|题名|title|headline)\s?[:：]\s?", re.IGNORECASE)
NAME_EDGES = ' \t?？·|｜,，;；:：/—-()（）[]【】"“”'


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; "" and None are unknown. `lines` are the places that said it."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    inferred: bool = False
    lines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Credit:
    """What one line says of source and day. `bare`: nothing but a day, which may be a chronicle's heading."""

    publisher: str
    days: tuple[date, ...]
    bare: bool


def read_metadata(lines: Sequence[str], *, title: str = "") -> Metadata:
    """The metadata of a page's `lines`, cleaned of furniture. `title` is given when it is known already."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    head = filled[:HEAD_LINES]
    tail = [at for at in filled[-TAIL_LINES:] if at not in head[:HEAD_LINES]]
    credits_ = _credits(lines, [*head, *tail])
    first, last = ([credits_[at] for at in part if at in credits_] for part in (head, tail))
    who, stated, month_day = _dateline([lines[at] for at in head if at not in credits_])
    published = _only_day(first) or _only_day(last) or stated
    inferred = False
    if published is None and month_day is not None and not any(credit.days for credit in (*first, *last)):
        published = _with_year(month_day, lines)
        inferred = published is not None
    place = _known_title(lines, head, title) if title else _title(lines, filled, credits_)
    found = title or (TITLE_LABEL.sub("", lines[place]).strip() if place is not None else "")
    publisher = next((credit.publisher for credit in (*first, *last) if credit.publisher), who)
    places = frozenset(credits_) | ({place} if place is not None else frozenset())
    return Metadata(found, publisher, published, inferred, places)


def _credits(lines: Sequence[str], places: Iterable[int]) -> dict[int, Credit]:
    """The lines among `places` that only name source, author or day. Several bare days are a chronicle's."""
    talk = Counter(match[1] for line in lines if (match := SPEAKER.match(line)))
    found = {
        at: credit
        for at in places
        if not ((match := SPEAKER.match(lines[at])) and talk[match[1]] > 1)
        and not _is_row(lines, at)
        and (credit := read_credit(lines[at])) is not None
    }
    bare = {credit.days for credit in found.values() if credit.bare}
    return {at: credit for at, credit in found.items() if not (credit.bare and len(bare) > 1)}


def _is_row(lines: Sequence[str], at: int) -> bool:
    """Whether a line is a row of a table: cells between bars, as many as in the line before or after it."""
    bars = lines[at].count("|")
    return bars > 1 and any(0 <= i < len(lines) and lines[i].count("|") == bars for i in (at - 1, at + 1))


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


def _only_day(credits_: Iterable[Credit]) -> date | None:
    """The one day that the lines agree on; None when they name none or several."""
    days = {day for credit in credits_ for day in credit.days}
    return days.pop() if len(days) == 1 else None


def _dateline(lines: Iterable[str]) -> tuple[str, date | None, tuple[int, int] | None]:
    """Publisher, day, and month and day without a year, from how the text begins: `智东西4月8日报道`."""
    for line in [line for line in lines if is_sentence(line)][:3]:
        if wire := WIRE.match(line):
            return wire["who"], None, None
        match = DATELINE.match(line)
        if match is None or NOT_A_PUBLISHER.match(match["who"]):
            continue
        who = next(
            (agency for agency in AGENCIES if match["who"].startswith(agency)), PLACES.sub("", match["who"])
        )
        plain = match["verb"] in {"报道", "讯", "电"}
        if not who or not (plain or is_organisation(who)):
            continue
        if match["m"] is None:
            return who, None, None
        month, day = int(match["m"]), int(match["d"])
        return who, _valid(int(match["y"]), month, day) if match["y"] else None, (month, day)
    return "", None, None


def _valid(year: int, month: int, day: int) -> date | None:
    """That day, None when there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_year(month_day: tuple[int, int], lines: Iterable[str]) -> date | None:
    """That day in the latest year the text tells of, when it also tells of an earlier month of that year.

    A text that tells of February 2025 and of nothing after 2025, dated 8 April, is of 2025; a text that tells of
    2025 as a whole may be of 2026, so its year stays unknown.
    """
    text = "\n".join(lines)
    years = {
        int(m[1]) for m in YEAR.finditer(text) if not FORECAST.search(text, max(0, m.start() - 10), m.start())
    }
    months = {
        (int(m[1]), int(m[2] or 1))
        for m in YEAR_MONTH.finditer(text)
        if not FORECAST.search(text, max(0, m.start() - 10), m.start())
    }
    if not months or not years:
        return None
    year, month = max(months)
    return _valid(year, *month_day) if year == max(years) and month <= month_day[0] else None


def _known_title(lines: Sequence[str], head: Iterable[int], title: str) -> int | None:
    """The place of a title that is known, when the page repeats it."""
    wanted = _letters(title)
    return next((at for at in head if wanted and _letters(lines[at]) == wanted), None)


def _letters(text: str) -> str:
    """`text` without spaces and punctuation, to compare titles by."""
    return re.sub(r"\W+", "", text).lower()


def _title(lines: Sequence[str], filled: Sequence[int], credits_: dict[int, Credit]) -> int | None:
    """The place of the title: above the first credit, or alone above the text, or above a credit at the very end."""
    head = filled[:HEAD_LINES]
    spoken = [at for at in head if at in credits_]
    if spoken:
        text = next((at for at in head if at not in credits_ and is_sentence(lines[at])), len(lines))
        over = [at for at in head if at < spoken[0]]
        above = [at for at in over if at < text and _may_be_title(lines[at])]
        closing = over[-1:] if over and over[-1] > text else []
        named = [at for at in above if not (width(lines[at]) <= NAME_WIDTH and is_organisation(lines[at]))]
        below = [at for at in head if at > spoken[0] and at not in credits_][:1]
        alone = [
            at for at in (*closing, *below) if _may_be_title(lines[at]) and width(lines[at]) >= SURE_WIDTH
        ]
        return next(iter([*named, *above, *alone]), None)
    if len(filled) > 1 and _may_be_title(lines[filled[0]]) and width(lines[filled[0]]) >= SURE_WIDTH:
        return filled[0]
    if (
        len(filled) > 2
        and filled[-1] in credits_
        and is_sentence(lines[filled[-3]])
        and _may_be_title(lines[filled[-2]])
    ):
        return filled[-2]
    return None


def _may_be_title(line: str) -> bool:
    """Whether `line` has the shape of a title: one headline, no numbered section, no word for a part of a text."""
    return (
        4 <= width(line) <= HEADLINE_WIDTH * 1.3
        and not is_sentence(line)
        and not line.startswith(("-", "•", "·", "*", "|"))
        and not line.endswith((":", "："))
        and SPEAKER.match(line) is None
        and not (line.endswith(".") and len(line.split()) >= STATEMENT_WORDS)
        and (re.match(r"\d", line) is not None or not is_heading(line))
        and line.lower().strip(" :：") not in PARTS
        and read_credit(line) is None
    )


ROLES = frozenset("作者 撰文 文 记者 编辑 责编 编译 翻译 校对 审校 摄影 出品 来源".split())
PARTS = frozenset(
    "introduction abstract summary overview contents foreword preface background conclusion 目录 摘要 简介 背景 正文 概述 要点 核心观点 core insights key points".split()
) | {"core insights", "key points", "key takeaways", "executive summary", "table of contents"}
STATEMENT_WORDS = 5
"""Words that, with a full stop behind them, make a statement rather than a title."""
CREDIT_WIDTH, NAME_WIDTH, SURE_WIDTH, LONGEST_NAME = 140, 40, 12, 12
"""Columns of a credit line, of a name in it, of a title that no credit confirms; characters of one name."""
