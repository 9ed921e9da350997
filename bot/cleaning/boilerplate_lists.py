"""Finds lists of other articles on a page: numbered headlines, headlines with times, or lines under a known heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cleaning.boilerplate_labels import is_list_head, is_tail_head
from bot.text.lines import HEADLINE_WIDTH, Outline, is_heading

ORDINAL = re.compile(r"^(?:no\.?\s?|top\s?|第|#)?0?(\d{1,3})[.、位名)]?$", re.IGNORECASE)
WHEN_WORDS = (
    r"(?:\d{1,3}\s?(?:秒|分钟|小时|天|周|个?月|年)前|\d{1,3}\s?(?:分|時間|时间|日|週間|ヶ月)前|\d{1,3}\s?(?:분|시간|일|주|개월) 전|刚刚|昨天|前天|今天|昨日|今日"
    r"|(?:\d{1,3}|an?)\s(?:second|minute|min|hour|hr|day|week|month|year)s?\sago|just now|yesterday)"
)
WHEN = re.compile(
    rf"^[·•|｜\s-]*(?:{WHEN_WORDS}"
    r"|(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2})[·•|｜\s-]*$",
    re.IGNORECASE,
)
KEPT_AT_END = re.compile(
    r"^\W{0,3}(?:参考|附|注[:：]|注释|资料来源|数据来源|(?:文章|稿件)?来源\s?[:：|]|references?|notes?\b|sources?\b|appendix|编者)",
    re.IGNORECASE,
)

FEW_ORDINALS, FEW_TIMES = 3, 3
"""So many consecutive ordinals, or headlines with a time, make a list of other articles."""

BETWEEN = 3
"""Most lines between two ordinals: a headline, a time, an image name."""

RULE = "headline-list"
Rules = dict[int, str]


def find_lists(page: Outline) -> Rules:
    """Return the lines of lists recognised by their shape."""
    rules = _ordinal_lists(page)
    return rules | _timed_lists(page, rules)


def _ordinal_lists(page: Outline) -> Rules:
    """Return headlines between bare consecutive ordinals, with the list headings above them."""
    marks = [
        (index, int(m[1]))
        for index, i in enumerate(page.filled)
        if page.widths[i] <= 8 and (m := ORDINAL.match(page.lines[i]))
    ]
    rules: Rules = {}
    run: list[int] = []
    for k, (index, number) in enumerate(marks):
        run.append(index)
        following = marks[k + 1] if k + 1 < len(marks) else (0, -1)
        if following[1] == number + 1 and _are_headlines(
            page, page.filled[index + 1 : following[0]][: BETWEEN + 1]
        ):
            continue
        tail = page.filled[index + 1 : index + 2]
        if len(run) >= FEW_ORDINALS and _are_headlines(page, tail):
            rules.update(dict.fromkeys(page.filled[run[0] : index + 1 + len(tail)], RULE))
            rules.update(_heads_above(page, run[0]))
        run = []
    return rules


def _are_headlines(page: Outline, places: Sequence[int]) -> bool:
    """Return whether the lines at `places` are one headline with its time or image name."""
    return 1 <= len(places) <= BETWEEN and all(
        "。" not in page.lines[i] and page.widths[i] <= HEADLINE_WIDTH * 2 for i in places
    )


def _heads_above(page: Outline, index: int) -> Rules:
    """Return the heading of a list and its tabs: lines of known words directly above it."""
    rules: Rules = {}
    for i in reversed(page.filled[max(0, index - 4) : index]):
        if not is_list_head(page.lines[i], page.widths[i]):
            break
        rules[i] = RULE
    return rules


def _timed_lists(page: Outline, rules: Rules) -> Rules:
    """Return headlines that each have a date or "3 hours ago" on the line below or above."""
    times = [
        index
        for index, i in enumerate(page.filled)
        if page.widths[i] <= 24 and i not in rules and WHEN.match(page.lines[i])
    ]
    hits: Rules = {}
    run: list[int] = []
    for k, index in enumerate(times):
        run.append(index)
        following = times[k + 1] if k + 1 < len(times) else -1
        if following - index in {2, 3} and _are_headlines(page, page.filled[index + 1 : following]):
            continue
        if len(run) >= FEW_TIMES:
            start = run[0] - (1 if run[0] and page.filled[run[0] - 1] not in page.sentences else 0)
            hits.update(dict.fromkeys(page.filled[start : index + 1], RULE))
            hits.update(_heads_above(page, start))
        run = []
    return hits


def find_headed_lists(page: Outline, rules: Rules, first: int, last: int) -> Rules:
    """Return lists under a heading such as "related articles": short lines up to the next sentence or heading.

    Above the text only the heading is included, since the next line may be the title.
    """
    hits: Rules = {}
    inside = False
    for index, i in enumerate(page.filled):
        if is_list_head(page.lines[i], page.widths[i]) or (i > last and is_tail_head(page.lines[i])):
            hits[i] = RULE
            inside = i > first
        elif inside and (i in rules or _is_entry(page, index, last)):
            hits[i] = rules.get(i, RULE)
        else:
            inside = False
    return hits


def _is_entry(page: Outline, index: int, last: int) -> bool:
    """Return whether a line continues a list of other articles and does not start the text's next section."""
    i = page.filled[index]
    line = page.lines[i]
    if i in page.sentences or page.widths[i] > HEADLINE_WIDTH or KEPT_AT_END.match(line):
        return False
    if i > last:
        return True
    opens = i > 0 and not page.lines[i - 1] and page.filled[index + 1] in page.sentences
    return not opens and not is_heading(line)
