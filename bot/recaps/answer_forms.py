"""Finds the messages that continue each message: those linked to it, and those whose form answers its question.

A day answers "when", a number "how many", yes or no a yes-or-no question; they need not share words with it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.recaps.phrases import PhraseBook
from bot.recaps.reactions import stance
from bot.recaps.speech_acts import children_of, is_question
from bot.recaps.threads import Parents, turns_away
from bot.talk import ChatMessage
from bot.text.lines import columns

_FEW, _SOON_SECONDS = 6, 120
_WIDEST = 160
"""The greatest width of an answer, in columns; a longer message says something of its own."""

WORDS = PhraseBook("answer_forms.tsv")
"""Phrases that ask for a day, number, person or place, that answer such a question, or that say "I don't know"."""

_ANSWERS = {
    "asks-day": frozenset({"day"}),
    "asks-number": frozenset({"number"}),
    "asks-person": frozenset({"person"}),
    "asks-place": frozenset({"place"}),
}
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"https?://", re.IGNORECASE)


def continuations(messages: Sequence[ChatMessage], parents: Parents) -> list[list[int]]:
    """Return, for each message, the indices of the messages that continue it.

    If at most six people talk, the next message within two minutes continues any; else only one whose form answers it.
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
    """Return whether `said`, right after the question `asked`, answers it by its form; a question never does."""
    if columns(said) > _WIDEST or is_question(said):
        return False
    told = _answer_kinds(said)
    if "unknown" in told:
        return True
    if wanted := _asked_kinds(asked):
        return any(_ANSWERS[kind] & told for kind in wanted)
    return stance(said) is not None


def _asked_kinds(text: str) -> frozenset[str]:
    """Return the kinds of answer that a question asks for: "asks-day" and so on; empty if none."""
    kinds = WORDS.kinds(text)
    number = {"asks-number"} if {"asks-what", "measure"} <= kinds else set()
    return (kinds & _ANSWERS.keys()) | number


def _answer_kinds(text: str) -> frozenset[str]:
    """Return the kinds of an answer: by its phrases, and day and number by a digit, place by a link, person by @."""
    phrases = WORDS.find(text)
    kinds = {kind for phrase in phrases for kind in phrase.kinds}
    if text.startswith("@") or any("person-first" in phrase.kinds and not phrase.start for phrase in phrases):
        kinds.add("person")
    if _DIGIT.search(text):
        kinds |= {"day", "number"}
    if _LINK.search(text):
        kinds.add("place")
    return frozenset(kinds)
