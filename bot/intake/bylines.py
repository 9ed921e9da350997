"""Reads source, author and day from one line. Where such lines are on a page is decided in metadata."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.cleaning.pinyin import SYLLABLES
from bot.intake.dates import DayInText, days_in, labelled_minguo
from bot.intake.day_roles import Role, role_of
from bot.text.lines import is_sentence, width
from bot.text.rule_data import read_rows

CLOCK = re.compile(
    r"T?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?\s?(?:am|pm|a\.m\.|p\.m\.)?\s?(?:Z|[+-]\d{2}:?\d{2}|gmt|utc|cst|est|edt|pst|pdt|et)?\b"
    r"|\(?\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\)?,?|[(（]?(?:星期|周)[一二三四五六日天][)）]?",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"[:：]\s?(?=1[0-4]\d)")
"""Label before a possible day with a three-digit year, as Taiwan's authorities write it."""
LABEL = re.compile(
    r"(?:发布|发表|发稿|刊发|出版|上传|创建)?(?:时间|日期)\s?[:：]|(?:发布|发表|刊发|出版)于\s?[:：]?|(?:最后|最近)?更新(?:时间|于)?\s?[:：]?"
    r"|\b(?:(?:first\s)?published|posted|updated|last updated|last modified|date|created|modified)\b(?:\s(?:on|at))?\s?:?|\d{1,3}\s?min(?:ute)?s?\sread"
    r"|(?:阅读|浏览|点击|评论)(?:量|数|次数)?\s?[:：]?\s?\d+",
    re.IGNORECASE,
)
SOURCE = re.compile(
    r"(?:文章|信息|稿件|本文|内容|新闻)?(?:来源|稿源|出处|转自)\s?[:：|｜丨]\s?|\b(?:source|publisher)\s?:\s?",
    re.IGNORECASE,
)
VIA = re.compile(r"^\W{0,3}via\s?[:：]\s?", re.IGNORECASE)
"""Who passed a text on, or where it was found: not its publisher."""
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WORDS = read_rows(Path(__file__).with_name("byline_words.tsv"))


def words_of(kind: str) -> tuple[str, ...]:
    """Return the words of bylines of one kind, the longest first."""
    words = (word for word, kinds in _WORDS if kind in kinds.split(","))
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


AUTHOR = re.compile(
    rf"(?:^|(?<=[\s|｜/·()（]))(?!by\s+\d)(?:{'|'.join(map(re.escape, words_of('author')))})\s?(?:[:：/丨|]|\s|$)",
    re.IGNORECASE,
)
AGENCIES = words_of("agency")
PLACES = words_of("place")
NOBODY = words_of("nobody")
ORGANISATIONS = words_of("organisation")
EXHIBITS = words_of("exhibit")
_TRANSLATED = re.compile(
    rf"(?:^|(?<=[\s|｜/·()（]))(?:{'|'.join(map(re.escape, words_of('translator')))})\s?[:：]\s?\S|^\W{{0,3}}via\s?[:：]\s?https?://",
    re.IGNORECASE,
)
ROLES = frozenset(words_of("role"))
NAME_EDGES = ' \t?？·|｜,，;；:：/—-()（）[]【】"“”'
CREDIT_WIDTH, NAME_WIDTH, LONGEST_NAME = 140, 40, 12
"""Largest width of a credit line and of a name in it, in columns; most characters of a word in a byline."""
_EDGE = 1000
"""Characters at either end of a text in which its translator may be named."""


class Credit(Struct, frozen=True):
    """Publisher and days in one credit line; "" and () mean unknown.

    `labelled`: a word says that the days are of publication. `bare`: the line is only a day, perhaps a chronicle's
    heading.
    """

    publisher: str
    days: tuple[date, ...]
    labelled: bool
    bare: bool


def read_credit(line: str) -> Credit | None:
    """Return the credit in a line of source, author and time; None for any other line."""
    if width(line) > CREDIT_WIDTH or "。" in line:
        return None
    stated = _stated_days(ADDRESS.sub(" ", line) if "://" in line or "www." in line else line)
    dated, rest = stated.dated, stated.rest
    remainder = LABEL.sub(" ", CLOCK.sub(" ", rest))
    source = _source(remainder)
    publisher = _publisher(remainder[source.end() :]) if source else ""
    author = AUTHOR.search(remainder)
    marked = min((m.start() for m in (source, author) if m is not None), default=len(remainder))
    name = without_place(remainder[:marked].strip(NAME_EDGES)).strip(NAME_EDGES)
    starts = ((source is not None or author is not None) and not name) or VIA.match(line) is not None
    if (
        not (dated or starts or _is_byline(line))
        or width(name) > NAME_WIDTH
        or (is_sentence(name) and not dated)
    ):
        return None
    if " " in name and not name.isascii() and name.split()[-1] in name.split()[:-1]:
        name = name.split()[-1]  # WeChat repeats the account's name as that of the author
    if dated and not publisher and name and not name[0].isdigit():
        publisher = name if is_organisation(name) else ""
    return Credit(publisher, stated.days, labelled=stated.labelled, bare=not rest.strip())


def is_translated(text: str) -> bool:
    """Return whether the first or last lines of a text name its translator, or the page that it was taken from."""
    lines = [
        line for line in (*text[:_EDGE].split("\n"), *text[-_EDGE:].split("\n")) if len(line) <= CREDIT_WIDTH
    ]
    return any(_TRANSLATED.search(line) for line in lines)


def _source(text: str) -> re.Match[str] | None:
    """Return the label before the publisher; the source of a figure, picture or data set does not count."""
    before = ((match, text[: match.start()].rstrip().lower()) for match in SOURCE.finditer(text))
    return next((match for match, words in before if not words.endswith(EXHIBITS)), None)


class _StatedDays(Struct, frozen=True):
    """The days in a line.

    `days` are of publication, `labelled` if a word says so; `rest` is the line without any days; `dated`: the line has
    a day of publication or of a later change.
    """

    days: tuple[date, ...]
    labelled: bool
    rest: str
    dated: bool


def _stated_days(line: str) -> _StatedDays:
    """Return the days in a line. If one dates something else, unlabelled days do not count."""
    hits = list(days_in(line)) or _labelled_minguo(line)
    rest = " ".join(
        line[start:end]
        for start, end in zip([0, *(h.end for h in hits)], [*(h.start for h in hits), len(line)], strict=True)
    )
    days: dict[Role, list[date]] = {}
    start = 0
    for hit in hits:
        if hit.day is not None:
            days.setdefault(role_of(line[start : hit.start], line[hit.end :]), []).append(hit.day)
        start = hit.end
    labelled = days.get("published", [])
    unsaid = [] if "other" in days else days.get("unsaid", [])
    return _StatedDays(
        tuple(labelled or unsaid), bool(labelled), rest, bool(labelled or unsaid or days.get("changed"))
    )


def _labelled_minguo(line: str) -> list[DayInText]:
    """Return the days in `line` behind a label whose year has three digits (Minguo calendar)."""
    hits: list[DayInText] = []
    for label in _LABELLED.finditer(line):
        before = line[hits[-1].end if hits else 0 : label.end()]
        if role_of(before, "") in {"published", "changed"} and (hit := labelled_minguo(line[label.end() :])):
            hits.append(replace(hit, start=label.end(), end=label.end() + hit.end))
    return hits


def _is_byline(line: str) -> bool:
    """Return whether `line` consists of names between words for roles: `智东西 编译 陈骏达 编辑 Panken`."""
    tokens = line.split()
    if not 2 < len(tokens) <= 20 or any(len(token) > LONGEST_NAME for token in tokens):
        return False
    return any(token.strip(":：") in ROLES for token in tokens[:-1]) and not re.search("[，,。！？!?]", line)


def _publisher(text: str) -> str:
    """Return the publisher at the beginning of the text after 来源: or Source:; "" if it names none."""
    text = re.split(r"[|｜•，,;；]|\s{2,}", text.strip(" \t:："), maxsplit=1)[0]
    author = AUTHOR.search(text)
    text = text[: author.start()] if author else text
    if " " in text and not text.isascii():
        text = text.split()[0]
    name = text.strip(NAME_EDGES)
    return "" if not name or is_nobody(name) or width(name) > NAME_WIDTH else name


def without_place(name: str) -> str:
    """Return `name` without the place of a dateline at its end."""
    return next((name.removesuffix(place) for place in PLACES if name.endswith(place)), name)


def is_nobody(name: str) -> bool:
    """Return whether `name` is in the place of a publisher but names none."""
    return name.startswith(NOBODY) or name.isdecimal()


def is_organisation(name: str) -> bool:
    """Return whether `name` can only be a publisher: by its last word, or as a company's name in pinyin."""
    if is_nobody(name):
        return False
    syllables = name.lower().split()
    return (
        name.lower().endswith(ORGANISATIONS)
        or name in AGENCIES
        or (len(syllables) > 2 and SYLLABLES.issuperset(syllables))
    )
