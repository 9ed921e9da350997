"""What goes on from each message: what is linked to it, and what is said right after a question in a form that answers it.

A day answers "when", a number "how many", yes or no a question that asks for that; no words need be shared. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.recaps.lines import columns
from bot.recaps.reactions import stance
from bot.recaps.speech_acts import children_of, is_question
from bot.recaps.threads import Parents, turns_away
from bot.talk import ChatMessage

_FEW, _SOON_SECONDS = 6, 120
_WIDEST = 160
"""Columns of an answer; who writes more tells something of their own."""

_DAY = (
    r"\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:this|next|last) (?:week|month|year|quarter)|noon|midnight|soon|"
    r"january|february|march|april|june|july|august|september|october|november|december|"
    r"(?:minutes?|hours?|days?|weeks?|months?|quarters?|years?)|(?:before|after|until|by) \w+)\b"
    r"|\d|今天|明天|后天|昨天|今晚|今年|明年|去年|[周月年底初前后]|星期|礼拜|马上|春节|国庆|假期|暑假|寒假"
)
_FORMS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(said, re.IGNORECASE))
    for asked, said in (
        (
            r"\b(?:when|what time|which day|how (?:long|soon))\b|什么时候|何时|几点|哪天|几号|几月|多久|啥时候",
            _DAY,
        ),
        (
            r"\b(?:how (?:many|much)|what (?:does|do|did|is|was|are) [^?]{0,60}\b(?:cost|price|rate|number|share))\b|多少|几[个份台人次块天]",
            r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozen|hundred|thousand|million|none|free)\b|[一二两三四五六七八九十百千万半]",
        ),
        (
            r"\bwho(?:se|m)?\b|谁",
            r"^(?:i|we|he|she|they|me|us)\b|\b(?:from|by|it was|it's|ask) @?[A-Z\u4e00-\u9fff]|^@|^(?:是|问|找|由)|^[我他她你](?:们)?(?:来|去|负责|给|问)",
        ),
        (
            r"\bwhere\b|哪里|哪儿|在哪|什么地方",
            r"\b(?:in|at|on|under|behind|near|here|there)\b|https?://|在|这里|那里",
        ),
    )
)
_UNKNOWN = re.compile(
    r"\b(?:no (?:idea|clue|news|date)|(?:i |we )?(?:don['’]?t|do not) know|not sure|nobody knows|no one knows|not (?:yet )?(?:known|announced))\b"
    r"|没有?消息|不知道|不清楚|不确定|没人知道|还没(?:定|公布|说)|未定",
    re.IGNORECASE,
)
"""Who says that they cannot tell has answered, too."""


def going_on(messages: Sequence[ChatMessage], parents: Parents) -> list[list[int]]:
    """For each message the places of those that go on from it.

    Where few people talk, the next one soon after goes on from any; where many do, only one whose form answers it.
    """
    children = children_of(parents)
    few = len({message.author_id for message in messages}) <= _FEW
    for index, (message, after) in enumerate(pairwise(messages)):
        soon = after.thread_id == message.thread_id and after.at - message.at <= _SOON_SECONDS
        if not soon or after.reply_to is not None or index + 1 in children[index] or turns_away(after.text):
            continue
        if few or _answers(message, after):
            children[index].append(index + 1)
    return children


def _answers(message: ChatMessage, after: ChatMessage) -> bool:
    if after.author_id == message.author_id or after.forwarded_from or not is_question(message.text):
        return False
    return answers_in_form(message.text, after.text)


def answers_in_form(asked: str, said: str) -> bool:
    """Whether `said`, right after the question `asked`, answers it by its form; a question never does."""
    if columns(said) > _WIDEST or is_question(said):
        return False
    if _UNKNOWN.search(said) is not None:
        return True
    forms = [answer for question, answer in _FORMS if question.search(asked)]
    if forms:
        return any(answer.search(said) for answer in forms)
    return stance(said) is not None
