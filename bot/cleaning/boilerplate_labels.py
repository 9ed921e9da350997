"""Recognises labels: short lines of buttons, menus, contacts and credits. Judges one line at a time, without context."""

from __future__ import annotations

import re
from pathlib import Path

from bot.cleaning.spam_evidence import HANDLE
from bot.text.lines import LABEL_WIDTH, is_sentence
from bot.text.rule_data import any_of, read_table, read_words

LIST_HEADS = read_words(Path(__file__).with_name("boilerplate_list_heads.txt"))
_KINDS = {
    label: kinds.split()
    for label, kinds in read_table(Path(__file__).with_name("boilerplate_labels.tsv")).items()
}
KIND_OF = {label: kinds[-1] for label, kinds in _KINDS.items()}
"""The rule of each label."""
CHANNELS = frozenset(label for label, kinds in _KINDS.items() if "channel" in kinds)
CHANNEL_ROW, SURE_LABEL = 3, 4
"""So many channel names make a menu; a Chinese label of so many characters is no heading."""

DECORATION = " \t-—_*#>»›·•|｜:：…【】[]()（）「」《》<＞>→←↓↑▼▲◆■●○★☆+,，。.!！"
SEPARATORS = re.compile(r"\s*[|｜/·•>»›→,，、:：;；\t()（）【】\[\]]+\s*|\s{2,}")
DIGIT = re.compile(r"\d")
COUNT = re.compile(r"[\d.,]+\s?(?:万|亿|千|k|m|w)?\+?", re.IGNORECASE)

_OPENINGS = read_table(Path(__file__).with_name("boilerplate_openings.tsv"))


def openings(role: str) -> str:
    """Return a pattern of the words that start a boilerplate line of this role (see boilerplate_openings.tsv)."""
    return any_of(word for word, roles in _OPENINGS.items() if role in roles.split())


CONTACT_VALUE = re.compile(
    rf"^\W{{0,6}}(?:官方|客服|商务|服务|联系|投稿|合作|咨询|举报|新闻)?(?:{openings('contact')})(?:合作|号码)?\s?[:：]\s?\S",
    re.IGNORECASE,
)
BYLINE = re.compile(
    rf"^\W{{0,3}}(?:{openings('byline')})\s?[:：丨|]\s?\S"
    rf"|^[(（【\[]\s?(?:{openings('bracket')})\s?[:：/丨|]?.{{0,40}}[)）】\]]$"
    r"|^\d{1,3}[\s-]?min(?:ute)?s?\s(?:read|listen|watch)$|^\W{0,3}(?:本文|全文)(?:共|约)?\s?\d{2,5}\s?字"
    r"|^\W{0,3}(?:预计)?阅读(?:时间|时长|本文).{0,6}\d{1,3}\s?分钟",
    re.IGNORECASE,
)
NEIGHBOUR = re.compile(
    rf"^\W{{0,3}}(?:(?:{openings('neighbour')})(?:文章|新闻)?(?:\s?[:：]|\s+\S)|(?:previous|next)(?: article| post)?\s?[:：])",
    re.IGNORECASE,
)
FOLLOW = re.compile(
    rf"^\W{{0,4}}(?:{openings('call')}|更多.{{0,12}}关注).{{0,30}}"
    rf"(?:{openings('target')}|(?:到|至|发|和)朋友圈|点个?[“\"]?(?:赞|在看))"
    r"|^.{0,16}(?:app|客户端)内?(?:打开|阅读|查看)(?:全文)?$"
    r"|^(?:sign up|subscribe|register|join|follow us|get|download)\b.{0,70}\b(?:newsletters?|inbox|updates|app|alerts|channel|mailing list)\b",
    re.IGNORECASE,
)
INVITATION = re.compile(
    r"^(?:sign up|subscribe|register)\s(?:for|to|now|here|today)\b.{0,80}\b(?:newsletters?|inbox|alerts|mailing list)\b",
    re.IGNORECASE,
)
"""A call to subscribe, in a sentence of any length anywhere on the page."""
MORE_FROM = re.compile(r"more (?:from|on|in|about)(?: the)?(?:\s[\w&'’-]{2,20}){1,3}", re.IGNORECASE)
TAIL_HEADS = frozenset({"read more", "more", "see more", "阅读更多", "更多阅读", "更多", "查看更多"})
HANDLED = re.compile(HANDLE, re.IGNORECASE)
COUNTER = re.compile(r"\+?\d{1,3}")
"""A like counter."""
LABELLED = 0.75
"""Share of a line's parts that must be labels."""


def label_rule(line: str, columns: int, *, inside: bool) -> str:
    """Return the rule for a line of labels, contacts or credits, else "". `inside`: there is body text on both sides."""
    if columns > LABEL_WIDTH * 2:
        return ""
    if BYLINE.match(line):
        return "byline"
    if NEIGHBOUR.match(line):
        return "navigation"
    if INVITATION.match(line) or ((columns <= LABEL_WIDTH or not inside) and FOLLOW.match(line)):
        return "follow-prompt"
    if columns > LABEL_WIDTH and "|" not in line:
        return ""
    if not inside and COUNTER.fullmatch(line):
        return "share-bar"
    if (CONTACT_VALUE.match(line) or HANDLED.search(line)) and not is_sentence(line):
        return "contact-footer"
    return _labels(line, inside=inside)


def is_list_head(line: str, columns: int) -> bool:
    """Return whether `line` is the heading of a list of other articles, possibly with a first entry after a colon."""
    if columns > LABEL_WIDTH:
        return False
    text = line.strip(DECORATION).lower()
    if text in LIST_HEADS or (MORE_FROM.fullmatch(text) and not line.endswith(".")):
        return True
    if SEPARATORS.search(text) is None:
        return False
    parts = [part for part in SEPARATORS.split(text) if part]
    heads = [part in LIST_HEADS for part in parts]
    if any(heads) and all(head or part in CHANNELS for head, part in zip(heads, parts, strict=True)):
        return True
    return heads[:1] == [True] and text.removeprefix(parts[0]).startswith((":", "：", "|", "｜"))


def is_tail_head(line: str) -> bool:
    """Return whether `line` is a button that heads a list of other articles when it is below the text."""
    return line.strip(DECORATION).lower() in TAIL_HEADS


def is_known(line: str) -> bool:
    """Return whether `line` is exactly a known label."""
    text = line.lower().strip(DECORATION)
    return text in KIND_OF or text in LIST_HEADS


def _labels(line: str, *, inside: bool) -> str:
    """Return the rule for a line of labels, of which one part in four may be another word."""
    text = line.lower().strip(DECORATION)
    if text in KIND_OF or SEPARATORS.search(text) is None:
        kinds = _kinds(text)
    else:
        kinds = [kind for part in SEPARATORS.split(text) if part for kind in _kinds(part.strip(DECORATION))]
    known = [kind for kind in kinds if kind]
    if not known or len(known) < LABELLED * len(kinds):
        return ""
    strong = [kind for kind in known if kind not in {"channel", "count"}]
    if not strong:
        return "navigation" if known.count("channel") >= CHANNEL_ROW and not inside else ""
    if inside and len(known) == 1 and _is_ambiguous(text):
        return ""
    return max(strong, key=strong.count)


def _is_ambiguous(label: str) -> bool:
    """Return whether a lone label could also be a heading of the text (评论, Privacy)."""
    if KIND_OF.get(label) == "advertisement":
        return False
    return " " not in label if label.isascii() else len(label) < SURE_LABEL


def _kinds(part: str) -> list[str]:
    """Return the rules of `part` as a label; of each of its words if it is none as a whole. "" means none."""
    kind = _kind(part)
    return [kind] if kind or " " not in part else [_kind(word) for word in part.split()]


def _kind(part: str) -> str:
    """Return the rule of a label, ignoring a counter in it."""
    if part in KIND_OF or not DIGIT.search(part):
        return KIND_OF.get(part, "")
    bare = COUNT.sub("", part).strip(DECORATION)
    return KIND_OF.get(bare, "") if bare else "count"


CHANNEL_ROW, SURE_LABEL = 3, 4
"""So many channel names make a menu; a Chinese label of so many characters is no heading."""
