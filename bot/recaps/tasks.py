"""Finds tasks: what somebody takes on, or is asked to do and agrees to, with the person and the day. By form alone.

I'll …, 我来…               its author, if the verb is one of work or a day is named
NAME will …, NAME 负责…      the person named, if a participant has that name
@NAME could you …, 麻烦NAME…  the person named, once they say yes
without those doubted, reported, joking, private, denied or taken back
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.recaps.changed_tasks import last_change
from bot.recaps.due_days import day_words, due_in
from bot.recaps.lines import Line
from bot.recaps.phrases import folded_line
from bot.recaps.reactions import MARKERS, Reactions
from bot.recaps.speech_acts import content_score, is_question
from bot.talk import ChatMessage
from bot.text.lines import columns
from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_words

MOST = 10
"""The most tasks that are returned; a message shows fewer."""

_TELLING = 2
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_NO_WORK = frozenset(
    "be have see go say think need want love like know come stay sleep wait miss eat leave".split()
)
_NARROW, _WIDEST, _LONG, _NAME_LENGTH = 12, 220, 300, 40
_VOID = frozenset({"private", "ironic", "void", "doubted", "revoked", "reported"})

_NAME = r"(?P<name>@?[^\W\d_][\w.-]{0,30}(?: [^\W\d_][\w.-]{0,30})?)"
_SELF = re.compile(
    r"^(?:(?:ok(?:ay)?|sure|yes|yeah|fine|so|and|then|great|thanks|good|alright|no problem)[\s,.!:;-]+)*"
    r"(?:i['’]?ll|i will|i am going to|i['’]?m going to|(?P<offers>i can|let me)|i shall)(?: (?:also|then|just|quickly|gladly|happily|try to|go ahead and))* (?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_SELF_HAN = re.compile(
    r"(?:好|行|可以|没问题|那|ok|嗯)*[,，。!！\s]*(?:[^\s，,。：:我你您他她它]{1,10}(?:的话|就|都)?)?"
    r"(?:(?P<takes>我来(?!不|晚|过|了)|我负责|由我|交给我|包我身上)|我去|我会|我(?:今天|明天|后天|今晚|晚上|下午|上午|明早|周[一二三四五六日]|下周\S?|这周|马上|稍后|回头|等下|月底|\d{1,2}[日号]))"
)
_CLAUSE_HAN = re.compile(r"(?:^|(?<=[，,；;。]))\s*")
_OTHER = re.compile(
    rf"^{_NAME} (?:will|is going to|to|takes care of|owns|volunteered to|agreed to|is on)(?: (?:also|then))* (?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(
    rf"^(?:todo|to do|action(?: item)?s?|待办|行动项)\s*[:：-]\s*(?:{_NAME}\s*[:：-])?", re.IGNORECASE
)
_OTHER_DOES = re.compile(rf"^{_NAME} (?P<verb>[a-z]+)s\b", re.IGNORECASE)
_OTHER_HAN = re.compile(
    r"^(?:那|就)?(?:由|让|请|麻烦|辛苦)?@?(?P<name>[^\s，,。:：@]{1,12}?)\s?(?:来|负责|去|今天|明天|后天|今晚|下午|上午|下?周[一二三四五六日末]|这周|月底)(?!了|过)"
)
_ASKED = re.compile(
    rf"^@?{_NAME}[\s,，:：]+(?:please|pls|can you|could you|would you|will you|请|麻烦|辛苦|帮忙|你)|^(?:麻烦|辛苦|请)\s?@?(?P<name2>[^\s，,。:：@]{{1,12}}?)\s?(?:把|帮|在|跟|给|去|来|将|看|查|写|发|改|补|出|约|催|确认|整理|准备|更新)",
    re.IGNORECASE,
)


class Task(Struct, frozen=True):
    """A task: the index of its line, the person who has to do it, and the day as written ("" if none).

    `moved` is the index of the later line that names the day or the person, None if the task's own does.
    """

    line: int
    who: str
    due: str
    moved: int | None = None


def find_tasks(lines: Sequence[Line], messages: Sequence[ChatMessage], reactions: Reactions) -> list[Task]:
    """Return at most MOST tasks: those with a day first, then the most telling; none with a better one's words.

    The last word on a task counts: said again it stands as said last, moved it has the new day, dropped it is none.
    """
    people = {
        fold(message.author): message.author for message in reactions.timeline if not message.forwarded_from
    }
    first = {name.split()[0]: author for name, author in people.items() if " " in name}
    authors = {**first, **people}
    tasks = [
        task
        for index, line in enumerate(lines)
        if _NARROW <= line.columns <= _WIDEST and line.terms and _can_contain_task(messages[line.message])
        if (task := _task(index, lines, messages, authors, reactions)) is not None
    ]
    tasks = [task for task in tasks if not any(_is_said_again(task, later, lines) for later in tasks)]
    tasks.sort(key=lambda task: (not task.due, -content_score(lines[task.line]), -task.line))
    kept: list[Task] = []
    for task in tasks:
        terms = lines[task.line].terms
        new = all(len(terms & lines[other.line].terms) * 2 <= len(terms) for other in kept)
        if len(kept) == MOST or not new:
            continue
        change = last_change(
            task.line, task.who, lines, messages, reactions, lambda name: _person(name, authors)
        )
        if reactions.takes_back(task.line if change is None else change.line):
            continue
        if change is None:
            kept.append(task)
        elif (change.due or change.who) and all(other.line != change.line for other in tasks):
            who, due = change.who or task.who, change.due or task.due
            kept.append(replace(task, who=who, due=due, moved=change.line))
    return kept


def _is_said_again(task: Task, later: Task, lines: Sequence[Line]) -> bool:
    """Return whether a later message says a task again, in most of its words and not without its day."""
    if lines[later.line].message <= lines[task.line].message or (task.due and not later.due):
        return False
    matter = lines[task.line].terms - day_words(lines[task.line].text)
    return 2 * len(matter & lines[later.line].terms) > len(matter)


def _can_contain_task(message: ChatMessage) -> bool:
    """Return whether a message can contain a task: not forwarded, no poll, and not long."""
    return not message.forwarded_from and message.poll is None and columns(message.text) <= _LONG


def _task(
    index: int,
    lines: Sequence[Line],
    messages: Sequence[ChatMessage],
    people: Mapping[str, str],
    reactions: Reactions,
) -> Task | None:
    line = lines[index]
    text = _with_addressee(line, messages[line.message].text)
    if MARKERS.kinds(text) & _VOID:
        return None
    due = due_in(text)
    asked = _ASKED.match(text)
    if asked is not None and (name := _person(asked["name"] or asked["name2"], people)):
        works = _names_work(text) or any(map(_is_work, _WORD.findall(text[asked.end() :])[:4]))
        return Task(index, name, due) if works and name in reactions.assenting_names(line.message) else None
    if is_question(text):
        return None
    if (item := _ITEM.match(text)) is not None and item["name"]:
        return Task(index, _person(item["name"], people) or item["name"].lstrip("@"), due)
    if _takes_on(text, due) and (due or len(line.terms) >= _TELLING):
        return Task(index, messages[line.message].author, due)
    does = _OTHER_DOES.match(text)
    if (
        does is not None
        and (name := _person(does["name"], people))
        and _is_work(does["verb"].removesuffix("e"), does["verb"])
    ):
        return Task(index, name, due) if due or name in reactions.assenting_names(line.message) else None
    for form in (_OTHER, _OTHER_HAN):
        other = form.match(text)
        if other is not None and (name := _person(other["name"], people)):
            works = form is _OTHER_HAN or _is_work(other["verb"])
            return Task(index, name, due) if works and (form is _OTHER or due or _names_work(text)) else None
    return None


def _with_addressee(line: Line, message: str) -> str:
    """Return a line with the name at the start of its message, which the cutting into lines left off."""
    before = message[: line.start]
    return before + line.text if len(before) <= _NAME_LENGTH and "\n" not in before else line.text


def _takes_on(text: str, due: str) -> bool:
    """Return whether the author takes on some work."""
    own = _SELF.match(text)
    if own is not None:
        offers = own["offers"] is not None
        return (_is_work(own["verb"]) and not offers) or (
            bool(due) and folded_line(own["verb"]) not in _NO_WORK
        )
    taken = [own for begin in _CLAUSE_HAN.finditer(text) if (own := _SELF_HAN.match(text, begin.end()))]
    return any(
        (bool(due) and own["takes"] is not None)
        or _names_work(text)
        or _short_work_han().match(text, own.end()) is not None
        for own in taken
    )


def _person(name: str | None, people: Mapping[str, str]) -> str | None:
    """Return the author with this full or first name, None without one."""
    return people.get(fold(name.lstrip("@")).strip()) if name else None


def _is_work(*spellings: str) -> bool:
    return any(folded_line(verb) in _work_verbs() for verb in spellings)


def _names_work(text: str) -> bool:
    return _work_han().search(text) is not None


@cache
def _work_verbs() -> frozenset[str]:
    return frozenset(
        word for word in read_words(Path(__file__).with_name("work_verbs.txt")) if word.isascii()
    )


@cache
def _short_work_han() -> re.Pattern[str]:
    verbs = any_of(read_words(Path(__file__).with_name("short_work_verbs.txt")))
    return re.compile(rf"(?:就|先|来|去|再|把[^，。,]{{1,12}}?)?(?:{verbs})(?![了过不得完])")


@cache
def _work_han() -> re.Pattern[str]:
    verbs = read_words(Path(__file__).with_name("work_verbs.txt"))
    return re.compile(any_of(word for word in verbs if not word.isascii()))
