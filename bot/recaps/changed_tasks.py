"""Reads what became of a task later in the talk: another day, another person, or that it need not be done. By form alone.

"badges will be Monday", "推到周三"   by whoever does it, with a word of the task and a word for moving it
"ok, Monday", "行，那周三"           by whoever does it, soon after the task, and nothing else
"can you make it Thursday?"         by others, if whoever does it says yes
"no, Carol takes it", "还是小雨来吧"   by anybody, next to the task, and nothing else; or with a word of the task
"no need for the badges", "会议纪要不用写了"   by anybody, with a word of the task
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from bot.recaps.due_days import day_words, days_in
from bot.recaps.lines import Line
from bot.recaps.phrases import FormWords, folded_line
from bot.recaps.reactions import Reactions
from bot.recaps.speech_acts import is_question
from bot.talk import ChatMessage

_WORDS = FormWords("change_words.tsv")
_MOVES = _WORDS.pattern(r"\b{moves}\b|{moves-han}")
_UNNEEDED = _WORDS.pattern(
    r"(?P<bare>^(?:well |oh |actually )?{unneeded}(?! to\b| for\b))|\b{unneeded}\b|\b{skips}\b|"
    r"{spared-han}再?(?P<verb>[^，。,.!！?？\s]{0,4})了"
)
_NAME = r"(?P<name{0}>@?[^\W\d_][\w.-]{{0,30}}(?: [^\W\d_][\w.-]{{0,30}})?)"
_THING = r"(?:it|(?:that|this)(?: one)?|(?P<thing{0}>(?:the|those|these) [^,;.!?]{{1,40}}))"
_HANDS_OVER = _WORDS.pattern(
    r"(?:{lead}[\s,.!:;-]+)*(?:"
    rf"(?:{_NAME.format(1)} {{takes}}|let {_NAME.format(2)} {{take}}|(?P<me>i(?:'ll| will| can)|let me) {{take}}) {_THING.format(1)}"
    rf"|(?:let's )?{{gives}} {_THING.format(2)} to {_NAME.format(3)})(?: (?:instead|over|then))*"
    r"|(?:{lead-han}[\s，,。!！]*)*(?:{gives-han}(?P<name4>[^\s，,。:：@]{1,12}?){takes-han}?|(?:(?P<me4>我)|(?P<name5>[^\s，,。:：@]{1,12}?)){takes-han})吧?"
)
# A day that only tells which thing is meant: the minutes of Monday, 周三的会.
_WHICH_BEFORE, _WHICH_BEHIND = (
    re.compile(r"\bof (?:last |next )?$", re.IGNORECASE),
    re.compile("['’]s |的(?!话)"),
)


class Change(NamedTuple):
    """The line that changes a task, and its new day as written and new person, "" as before; dropped if both are ""."""

    line: int
    due: str = ""
    who: str = ""


def last_change(
    index: int,
    who: str,
    lines: Sequence[Line],
    messages: Sequence[ChatMessage],
    reactions: Reactions,
    person: Callable[[str], str | None],
) -> Change | None:
    """Return the last change of the task in the line `index`, which `who` does; None if it stands as it was said.

    `person` returns the author with a full or first name, None without one.
    """
    task = lines[index]
    matter = task.terms - day_words(task.text)
    change = None
    days = day_words(task.text)
    for place in range(index + 1, len(lines)):
        line = lines[place]
        message = messages[line.message]
        if (
            line.message == task.message
            or message.forwarded_from
            or message.thread_id != messages[task.message].thread_id
        ):
            continue
        named = bool(matter & line.terms)
        last = index if change is None else change.line
        soon = reactions.is_soon_after(lines[last].message, line.message)
        next_to = soon and not any(
            between.terms - matter - day_words(between.text) for between in lines[last + 1 : place]
        )
        unneeded = _UNNEEDED.search(folded_line(line.text))
        if unneeded is not None and not is_question(line.text):
            if _drops(unneeded, task.text, named=named, soon=soon):
                change = Change(place)
        elif taker := _new_person(line, message.author, person, named=named, next_to=next_to):
            if taker != who:
                change, who = Change(place, change.due if change else "", taker), taker
        elif due := _new_day(line, matter, days, named=named, soon=soon):
            own = message.author == who and not is_question(line.text)
            if own or (message.author != who and who in reactions.assenting_names(line.message)):
                change, days = Change(place, due, change.who if change else ""), day_words(line.text)
    return change


def _drops(form: re.Match[str], task: str, *, named: bool, soon: bool) -> bool:
    """Return whether something unneeded is the task; in "不用急了" it is not, for the task has no such word."""
    if form["verb"] is not None:
        return (named or soon) and form["verb"] in folded_line(task)
    return named or (soon and form["bare"] is not None)


def _new_person(
    line: Line, author: str, person: Callable[[str], str | None], *, named: bool, next_to: bool
) -> str:
    """Return who takes a task over by a line of its author, "" if nobody does.

    What "it" is must be the task: `named`, or `next_to` it with nothing else said between.
    """
    form = _HANDS_OVER.fullmatch(line.text.replace("’", "'").strip(" .!。！~…"))
    if form is None or is_question(line.text):
        return ""
    said = {group: text for group, text in form.groupdict().items() if text}
    if not (named if any(group.startswith("thing") for group in said) else next_to):
        return ""
    if any(group.startswith("me") for group in said):
        return author
    return next((person(text) or "" for group, text in said.items() if group.startswith("name")), "")


def _new_day(
    line: Line, matter: AbstractSet[str], known: AbstractSet[str], *, named: bool, soon: bool
) -> str:
    """Return the day to which a line moves a task about `matter` from a `known` one, as written; "" if it moves nothing."""
    moves = _MOVES.search(folded_line(line.text))
    beside = {
        term for term in line.terms - day_words(line.text) - matter if moves is None or term not in moves[0]
    }
    if (moves is None or not named) and (beside or not soon):
        return ""
    days = days_in(line.text)
    moved = [day for day in days if moves is not None and day.start() >= moves.end()]
    return next(
        (
            day[0]
            for day in [*moved, *reversed(days)]
            if not day_words(day[0]) <= known
            and not _WHICH_BEFORE.search(line.text, 0, day.start())
            and not _WHICH_BEHIND.match(line.text, day.end())
        ),
        "",
    )
