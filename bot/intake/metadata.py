"""Reads title, publisher and day of a plain page from its first and last lines. Correct or unknown: never guessed.

A year that the page does not state is inferred only from the latest month in its own text, and marked as inferred.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from bot.intake.bylines import (
    AGENCIES,
    NAME_WIDTH,
    Credit,
    is_nobody,
    is_organisation,
    read_credit,
    without_place,
    words_of,
)
from bot.intake.dates import calendar_day, is_possible, number
from bot.text.lines import HEADLINE_WIDTH, is_heading, is_sentence, width

HEAD_LINES, TAIL_LINES = 8, 5
SPEAKER = re.compile(
    r"^(Q|A|问|答|记者|编辑|主持人|作者|reporter|editor|host|interviewer)\s?[:：]", re.IGNORECASE
)
"""A speaker's role: if it begins several lines, they are a conversation."""
DATELINE = re.compile(
    r"^[【\[(（]?(?P<who>[A-Za-z\d\u4e00-\u9fff·]{2,16}?)(?:[(（][A-Za-z\d ]{2,12}[)）])?[】\])）]?\s?"
    r"(?:(?:(?P<y>20\d\d)\s?年\s?)?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})\s?月\s?(?P<d>\d{1,2}|[一二三四五六七八九十廿]{1,4})\s?日\s?(?P<verb>报道|讯|电|消息|获悉)"
    r"|(?:消息|讯)(?=[,，:：(（\s\d]))"
)
WIRE = re.compile(r"^[A-Z][\w .,/'-]{2,60}\((?P<who>Reuters|AP|AFP|Bloomberg|Xinhua|UPI)\)\s?[-—–]")
YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)\s?年\s?(?:(\d{1,2})\s?月|(初))")
YEAR = re.compile(r"(?<![\d.])(20\d\d)\s?年")
FORECAST = re.compile(r"将|预计|有望|预期|预测|计划|规划|未来|目标|力争|拟")
TITLE_LABEL = re.compile(r"^(?:标题|题目|题名|title|headline)\s?[:：]\s?", re.IGNORECASE)
PARTS = frozenset(words_of("part"))
STATEMENT_WORDS = 5
"""Fewest words that, with a full stop behind them, make a statement instead of a title."""
SURE_WIDTH = 12
"""Smallest width, in columns, of a title that no credit confirms."""


class Metadata(Struct, frozen=True):
    """Metadata in a page's own lines; "" and None mean unknown. `lines` are the indexes of the lines that state it."""

    title: str = ""
    publisher: str = ""
    published: date | None = None
    inferred: bool = False
    lines: frozenset[int] = frozenset()


def read_metadata(
    lines: Sequence[str], *, title: str = "", today: date = date.max, translated: bool = False
) -> Metadata:
    """Return the metadata in a page's `lines`, which are free of boilerplate. `title` is the title if already known.

    A day of publication after `today` is unknown. The source that a translation names is that of its original, so it is
    ignored if `translated`.
    """
    filled = [index for index, line in enumerate(lines) if line.strip()]
    head = filled[:HEAD_LINES]
    tail = [index for index in filled[-TAIL_LINES:] if index not in head[:HEAD_LINES]]
    credits_ = _credits(lines, [*head, *tail])
    first, last = ([credits_[index] for index in part if index in credits_] for part in (head, tail))
    who, stated, month_day = _dateline([lines[index] for index in head if index not in credits_])
    published = _only_day(first) or _only_day(last) or stated
    if published is not None and not is_possible(published, today):
        published = None
    inferred = False
    if published is None and month_day is not None and not any(credit.days for credit in (*first, *last)):
        published = _with_year(month_day, lines)
        inferred = published is not None
    if inferred and published is not None and not is_possible(published, today):
        published, inferred = None, False
    place = _known_title(lines, head, title) if title else _title(lines, filled, credits_)
    heading = title or (TITLE_LABEL.sub("", lines[place]).strip() if place is not None else "")
    sources = [] if translated else [credit.publisher for credit in (*first, *last) if credit.publisher]
    publisher = next(iter(sources), who)
    places = frozenset(credits_) | ({place} if place is not None else frozenset())
    return Metadata(heading, publisher, published, inferred, places)


def _credits(lines: Sequence[str], places: Iterable[int]) -> dict[int, Credit]:
    """Return the credit lines among `places`: those that only name source, author or day.

    Bare days are ignored if there are several different ones: they are headings of a chronicle.
    """
    talk = Counter(match[1] for line in lines if (match := SPEAKER.match(line)))
    found = {
        index: credit
        for index in places
        if not ((match := SPEAKER.match(lines[index])) and talk[match[1]] > 1)
        and not _is_row(lines, index)
        and (credit := read_credit(lines[index])) is not None
    }
    bare = {credit.days for credit in found.values() if credit.bare}
    return {index: credit for index, credit in found.items() if not (credit.bare and len(bare) > 1)}


def _is_row(lines: Sequence[str], index: int) -> bool:
    """Return whether a line is a table row: it has as many bars, at least two, as the line before or after it."""
    bars = lines[index].count("|")
    return bars > 1 and any(
        0 <= i < len(lines) and lines[i].count("|") == bars for i in (index - 1, index + 1)
    )


def _only_day(credits_: Iterable[Credit]) -> date | None:
    """Return the day on which the lines agree, labelled days first; None if they name none or several."""
    dated = list(credits_)
    days = {day for credit in dated if credit.labelled for day in credit.days}
    days = days or {day for credit in dated for day in credit.days}
    return days.pop() if len(days) == 1 else None


def _dateline(lines: Iterable[str]) -> tuple[str, date | None, tuple[int, int] | None]:
    """Return publisher, day, and month and day without a year, from the dateline of the text: `智东西4月8日报道`."""
    for line in [line for line in lines if is_sentence(line)][:3]:
        if wire := WIRE.match(line):
            return wire["who"], None, None
        match = DATELINE.match(line)
        if match is None or is_nobody(match["who"]):
            continue
        who = next(
            (agency for agency in AGENCIES if match["who"].startswith(agency)), without_place(match["who"])
        )
        plain = match["verb"] in {"报道", "讯", "电"}
        if not who or not (plain or is_organisation(who)):
            continue
        if match["m"] is None:
            return who, None, None
        try:
            month, day = number(match["m"]), number(match["d"])
        except ValueError:  # 十十月: numerals that are no number
            return who, None, None
        return who, calendar_day(int(match["y"]), month, day) if match["y"] else None, (month, day)
    return "", None, None


def _with_year(month_day: tuple[int, int], lines: Iterable[str]) -> date | None:
    """Return that day in the latest year that the text tells about, if it also tells about a month up to it; else None.

    A text that tells about February 2025 and nothing after 2025, dated 8 April, is of 2025. One that tells about 2025
    as a whole may be of 2026, so its year stays unknown.
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
    return calendar_day(year, *month_day) if year == max(years) and month <= month_day[0] else None


def _known_title(lines: Sequence[str], head: Iterable[int], title: str) -> int | None:
    """Return the index of the line that repeats a known title; None if there is none."""
    wanted = _letters(title)
    return next((index for index in head if wanted and _letters(lines[index]) == wanted), None)


def _letters(text: str) -> str:
    """Return `text` in lower case without spaces and punctuation, for comparing titles."""
    return re.sub(r"\W+", "", text).lower()


def _title(lines: Sequence[str], filled: Sequence[int], credits_: dict[int, Credit]) -> int | None:
    """Return the index of the title: above or near the first credit, alone above the text, or above a closing credit.

    None if no line is surely the title.
    """
    head = filled[:HEAD_LINES]
    spoken = [index for index in head if index in credits_]
    if spoken:
        text = next(
            (index for index in head if index not in credits_ and is_sentence(lines[index])), len(lines)
        )
        over = [index for index in head if index < spoken[0]]
        above = [index for index in over if index < text and _may_be_title(lines[index])]
        closing = over[-1:] if over and over[-1] > text else []
        named = [
            index
            for index in above
            if not (width(lines[index]) <= NAME_WIDTH and is_organisation(lines[index]))
        ]
        below = [index for index in head if index > spoken[0] and index not in credits_][:1]
        alone = [
            index
            for index in (*closing, *below)
            if _may_be_title(lines[index]) and width(lines[index]) >= SURE_WIDTH
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
    """Return whether `line` looks like a title: one headline, no numbered section, no word for a part of a text."""
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
