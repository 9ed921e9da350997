"""Page furniture: the lines of a page that are not its text. Decides by shape, place and label; spam is not its field.

The structure comes first (a run of ordinals between headlines, a list under a known head, labels only); words decide
what a short line is for. Nothing here removes a line: the rules' names are given per line number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bot.text.furniture_words import ADVERTISING, CHANNELS, CONTACT, LIST_HEADS, NAVIGATION, SHARING
from bot.text.lines import HEADLINE_WIDTH, LABEL_WIDTH, is_heading, is_sentence, width
from bot.text.notices import find_notices

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
DECORATION = " \t-—_*#>»›·•|｜:：…【】[]()（）「」《》<＞>→←↓↑▼▲◆■●○★☆+,，。.!！"
SEPARATORS = re.compile(r"\s*[|｜/·•>»›→,，、:：;；\t()（）【】\[\]]+\s*|\s{2,}")
COUNT = re.compile(r"[\d.,]+\s?(?:万|亿|千|k|m|w)?\+?", re.IGNORECASE)

CONTACT_VALUE = re.compile(
    r"^\W{0,6}(?:官方|客服|商务|服务|联系|投稿|合作|咨询|举报|新闻)?(?:qq群?|微信号?|电话|热线|手机|传真|邮箱|e-?mail|tel|fax|phone|wechat|地址|address|邮编)"
    r"(?:合作|号码)?\s?[:：]\s?\S",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"^\W{0,3}(?:责任编辑|责编|本文编辑|编辑|校对|审核|审校|监制|排版|美编|实习编辑|值班编辑|网站编辑|文字编辑|主编|供稿|图源|图片来源|文章来源|原标题|标签|tags?|filed under|topics)\s?[:：丨|]"
    r"\s?\S|^[(（【\[]\s?(?:责任编辑|责编|编辑|来源|文|作者|记者|完)\s?[:：/丨|]?.{0,40}[)）】\]]$",
    re.IGNORECASE,
)
NEIGHBOUR = re.compile(
    r"^\W{0,3}(?:上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇|previous(?: article| post)?|next(?: article| post)?)\s?[:：]",
    re.IGNORECASE,
)
FOLLOW = re.compile(
    r"^\W{0,4}(?:欢迎|请|更多|长按|扫码|扫描|扫一扫|微信|关注|点击|识别|搜索|打开|下载|立即|想了解|喜欢).{0,30}"
    r"(?:公众号|二维码|微信号|视频号|小程序|(?:到|至|发)朋友圈|蓝字|客户端|app|订阅|关注我们|加群|进群|点个?[“\"]?(?:赞|在看))"
    r"|^(?:sign up|subscribe|register|join|follow us|get|download)\b.{0,60}\b(?:newsletters?|inbox|updates|app|alerts|channel|mailing list)\b",
    re.IGNORECASE,
)
KEPT_AT_END = re.compile(
    r"^\W{0,3}(?:参考|附|注|资料来源|数据来源|references?|notes?|sources?|appendix|编者)", re.IGNORECASE
)

FEW_ORDINALS, FEW_TIMES = 3, 3
"""So many ordinals in a row, or headlines with a time, make a list of other texts."""

LABELLED = 0.75
"""The share of a line's parts that must be labels."""

Rules = dict[int, str]


def find_furniture(lines: Sequence[str], skip: frozenset[int] = frozenset()) -> Rules:
    """The rule that removes each line that is furniture, by its place in `lines`; `skip` counts as absent."""
    rules: Rules = {}
    filled = [i for i, line in enumerate(lines) if line and i not in skip]
    rules.update(_ordinal_lists(lines, filled))
    rules.update(_timed_lists(lines, filled, rules))
    rules.update(find_notices(lines, [i for i in filled if i not in rules]))
    body = [i for i in filled if i not in rules and is_sentence(lines[i])]
    first, last = (body[0], body[-1]) if body else (len(lines), -1)
    for i in filled:
        if i not in rules and (rule := label_rule(lines[i], inside=first < i < last)):
            rules[i] = rule
    rules.update(_headed_lists(lines, filled, rules, first, last))
    rules.update(_menus(lines, filled, rules, first, last))
    rules.update(_rest_of_footer(lines, filled, rules, last))
    return rules


def _ordinal_lists(lines: Sequence[str], filled: Sequence[int]) -> Rules:
    """Lists of headlines between bare ordinals that count up by one, with the heads above them."""
    marks = [(at, int(m[1])) for at, i in enumerate(filled) if (m := ORDINAL.match(lines[i]))]
    rules: Rules = {}
    run: list[int] = []
    for k, (at, number) in enumerate(marks):
        run.append(at)
        following = marks[k + 1] if k + 1 < len(marks) else None
        if following and following[1] == number + 1 and _are_headlines(lines, filled[at + 1 : following[0]]):
            continue
        tail = filled[at + 1 : at + 2]
        if len(run) >= FEW_ORDINALS and _are_headlines(lines, tail):
            rules.update(dict.fromkeys(filled[run[0] : at + 1 + len(tail)], "headline-list"))
            rules.update(_heads_above(lines, filled, run[0]))
        run = []
    return rules


def _are_headlines(lines: Sequence[str], places: Sequence[int]) -> bool:
    """Whether what stands between two ordinals is one headline, perhaps with a time and a picture's name."""
    return 1 <= len(places) <= 3 and all(
        "。" not in lines[i] and width(lines[i]) <= HEADLINE_WIDTH * 2 for i in places
    )


def _heads_above(lines: Sequence[str], filled: Sequence[int], at: int) -> Rules:
    """The head of a list, and the tabs beside it: short lines of known words right above it."""
    rules: Rules = {}
    for i in reversed(filled[max(0, at - 4) : at]):
        if not _is_list_head(lines[i]):
            break
        rules[i] = "headline-list"
    return rules


def _is_list_head(line: str) -> bool:
    """Whether `line` is the head of a list of other texts, perhaps with a first entry behind a colon."""
    if width(line) > LABEL_WIDTH:
        return False
    text = line.strip(DECORATION).lower()
    if text in LIST_HEADS:
        return True
    parts = [part for part in SEPARATORS.split(text) if part]
    heads = [part in LIST_HEADS for part in parts]
    if any(heads) and all(head or part in CHANNELS for head, part in zip(heads, parts, strict=True)):
        return True
    return heads[:1] == [True] and text.removeprefix(parts[0]).startswith((":", "：", "|", "｜"))


def _timed_lists(lines: Sequence[str], filled: Sequence[int], rules: Rules) -> Rules:
    """Headlines that each have a line with a date or "3 hours ago" below (or above) them."""
    times = [at for at, i in enumerate(filled) if i not in rules and WHEN.match(lines[i])]
    found: Rules = {}
    run: list[int] = []
    for k, at in enumerate(times):
        run.append(at)
        following = times[k + 1] if k + 1 < len(times) else -1
        if following - at in {2, 3} and _are_headlines(lines, filled[at + 1 : following]):
            continue
        if len(run) >= FEW_TIMES:
            start = run[0] - (1 if run[0] and not is_sentence(lines[filled[run[0] - 1]]) else 0)
            found.update(dict.fromkeys(filled[start : at + 1], "headline-list"))
            found.update(_heads_above(lines, filled, start))
        run = []
    return found


def label_rule(line: str, *, inside: bool) -> str:
    """The rule for a short line of labels, contacts or bylines, else "". `inside`: body stands on both sides."""
    if width(line) > LABEL_WIDTH * 2:
        return ""
    if BYLINE.match(line):
        return "byline"
    if NEIGHBOUR.match(line):
        return "navigation"
    if FOLLOW.match(line) and (width(line) <= LABEL_WIDTH or not inside):
        return "follow-prompt"
    if width(line) > LABEL_WIDTH and "|" not in line:
        return ""
    if CONTACT_VALUE.match(line) and not is_sentence(line):
        return "contact-footer"
    return _labels(line, inside=inside)


def _labels(line: str, *, inside: bool) -> str:
    """The rule for a line that holds labels only (one in four parts may be another word)."""
    text = line.lower().strip(DECORATION)
    parts = [part.strip(DECORATION) for part in SEPARATORS.split(text)] if text not in CONTACT else [text]
    kinds = [kind for part in parts if part for kind in _kinds(part)]
    known = [kind for kind in kinds if kind]
    if not known or len(known) < LABELLED * len(kinds):
        return ""
    strong = [kind for kind in known if kind not in {"channel", "count"}]
    if not strong:
        return "navigation" if known.count("channel") > 2 and not inside else ""
    if inside and len(known) == 1 and _is_ambiguous(text):
        return ""
    return max(strong, key=strong.count)


def _is_ambiguous(label: str) -> bool:
    """Whether a lone label may as well be a heading of the text (评论, Privacy)."""
    return label not in ADVERTISING and (len(label) <= 3 if not label.isascii() else " " not in label)


def _kinds(part: str) -> list[str]:
    """What kind of label `part` is, "" for none; words one by one when it is none as a whole."""
    kind = _kind(part)
    return [kind] if kind or " " not in part else [_kind(word) for word in part.split()]


def _kind(part: str) -> str:
    """The rule that a label belongs to, without the number that it may carry."""
    bare = COUNT.sub("", part).strip(DECORATION)
    if not bare:
        return "count"
    for kind, vocabulary in VOCABULARIES:
        if part in vocabulary or bare in vocabulary:
            return kind
    return ""


VOCABULARIES = (
    ("share-bar", SHARING),
    ("contact-footer", CONTACT),
    ("navigation", NAVIGATION),
    ("advertisement", ADVERTISING),
    ("channel", CHANNELS),
)


def _headed_lists(lines: Sequence[str], filled: Sequence[int], rules: Rules, first: int, last: int) -> Rules:
    """Lists under a head such as "related articles": short lines up to the next sentence or heading.

    Above the text only the head goes, since the next line may be the title.
    """
    found: Rules = {}
    inside = False
    for at, i in enumerate(filled):
        if _is_list_head(lines[i]):
            found[i] = "headline-list"
            inside = i > first
        elif inside and (i in rules or _is_entry(lines, filled, at, last)):
            found[i] = rules.get(i, "headline-list")
        else:
            inside = False
    return found


def _is_entry(lines: Sequence[str], filled: Sequence[int], at: int, last: int) -> bool:
    """Whether a line goes on a list of other texts and does not open the next section of this one."""
    i = filled[at]
    line = lines[i]
    if is_sentence(line) or width(line) > HEADLINE_WIDTH or KEPT_AT_END.match(line):
        return False
    if i > last:
        return True
    opens = i > 0 and not lines[i - 1] and any(is_sentence(lines[j]) for j in islice(filled, at + 1, at + 2))
    return not opens and not is_heading(line)


def _menus(lines: Sequence[str], filled: Sequence[int], rules: Rules, first: int, last: int) -> Rules:
    """Menus set out one entry a line, above or below the text."""
    found: Rules = {}
    run: list[int] = []
    for i in [*filled, -1]:
        entry = (
            i >= 0 and (i < first or i > last) and width(lines[i]) <= MENU_WIDTH and not is_sentence(lines[i])
        )
        if entry:
            run.append(i)
            continue
        known = [j for j in run if j in rules or any(_kinds(lines[j].lower().strip(DECORATION)))]
        if len(run) >= MENU_ENTRIES and len(known) >= MENU_SHARE * len(run):
            found.update({j: "navigation" for j in known if j not in rules})
            between = (j for j in run if known[0] < j < known[-1] and width(lines[j]) <= ENTRY_WIDTH)
            found.update({j: "navigation" for j in between if j not in rules})
        run = []
    return found


MENU_WIDTH, MENU_ENTRIES, MENU_SHARE, ENTRY_WIDTH = 24, 4, 0.5, 12
"""Columns of a menu's lines at most, lines at least, how many of them must be known labels; columns of the others."""


def _rest_of_footer(lines: Sequence[str], filled: Sequence[int], rules: Rules, last: int) -> Rules:
    """What follows the first line of a footer when no sentence comes after it."""
    anchored = [i for i in filled if i > last and rules.get(i) in {"contact-footer", "copyright-notice"}]
    if not anchored:
        return {}
    rest = [i for i in filled if i > anchored[0] and i not in rules and not KEPT_AT_END.match(lines[i])]
    return {i: "page-footer" for i in rest if width(lines[i]) <= HEADLINE_WIDTH}
