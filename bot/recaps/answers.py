"""Finds the messages that answer a question, and counts the answers where many people said yes or no. Pure.

A question is answered by the messages linked to it, and by those whose form answers it: a day answers "when", a number "how
many", yes or no a yes-or-no question; they need not share words with it. Counted answers need no quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from bot.recaps.lines import Line
from bot.recaps.phrases import PhraseBook
from bot.recaps.reactions import WORDS, Reactions, stance
from bot.recaps.speech_acts import children_of, is_question
from bot.recaps.threads import Parents, turns_away
from bot.talk import ChatMessage
from bot.text.lines import columns
from bot.text.normalise import fold

FEWEST = 5
"""The least number of people who must answer a question by yes or no for it to be counted."""

_SHORT, _BRIEF = 40, 120
_MOST_OF = 0.5
_DENIES = WORDS.pattern(r"{denies-han}|\b{denies}\b|n['’]t\b")
_BACK = WORDS.pattern(r"\b{asks-back}\b|{asks-back-han}")


_FEW, _SOON_SECONDS = 6, 120

_WIDEST = 160
"""The greatest width of an answer, in columns; a longer message says something of its own."""

ANSWER_FORMS = PhraseBook("answer_forms.tsv")
"""Phrases that ask for a day, number, person or place, that answer such a question, or that say "I don't know"."""

_ANSWERS = {
    "asks-day": frozenset({"day"}),
    "asks-number": frozenset({"number"}),
    "asks-person": frozenset({"person"}),
    "asks-place": frozenset({"place"}),
}

_DIGIT = re.compile(r"\d")

_LINK = re.compile(r"https?://", re.IGNORECASE)


class Tally(Struct, frozen=True):
    """A question (index of its line), the number of people who said yes and no, and of all who answered.

    `telling` is the index of the longest answer, None if its author is not of the majority. `counted` are the indices
    of the short answers, which say little beside yes or no.
    """

    line: int
    yes: int
    no: int
    people: int
    telling: int | None
    counted: tuple[int, ...] = ()


def tallies(lines: Sequence[Line], messages: Sequence[ChatMessage], reactions: Reactions) -> list[Tally]:
    """Return the questions that at least FEWEST people answered by yes or no, those with most answers first."""
    places = {message.id: index for index, message in enumerate(messages)}
    tallies = [
        tally
        for index, line in enumerate(lines)
        if line.last and line.terms and is_question(line.text) and _BACK.search(line.text) is None
        if not messages[line.message].forwarded_from and messages[line.message].poll is None
        if (tally := _tally(index, line, reactions.answers(line.message), places)) is not None
    ]
    return sorted(tallies, key=lambda tally: (-tally.people, tally.line))


def _tally(index: int, line: Line, answers: Sequence[ChatMessage], places: dict[int, int]) -> Tally | None:
    """Count the answers to a question, each person's last. None if too few, or under half, say yes or no."""
    said: dict[int, str] = {}
    longest: ChatMessage | None = None
    counted: list[int] = []
    for answer in answers:
        if (side := _side(answer.text, line)) is not None:
            said[answer.author_id] = side
            if answer.id in places and len(answer.text) <= _SHORT:
                counted.append(places[answer.id])
            if answer.id in places and (longest is None or len(answer.text) > len(longest.text)):
                longest = answer
    sides = list(said.values())
    people = len({answer.author_id for answer in answers})
    if len(sides) < FEWEST or len(sides) < _MOST_OF * people:
        return None
    most = "yes" if sides.count("yes") >= sides.count("no") else "no"
    telling = None if longest is None or said[longest.author_id] != most else places[longest.id]
    return Tally(index, sides.count("yes"), sides.count("no"), people, telling, tuple(counted))


def _side(text: str, asked: Line) -> str | None:
    """Return "yes" or "no" by how an answer begins or, if short, by its use of the question's words; else None."""
    side = stance(text) if len(text) <= _BRIEF else None
    if side is not None or len(text) > _SHORT or is_question(text):
        return side
    folded = fold(text)
    if not any(term in folded for term in asked.terms):
        return None
    return "no" if _DENIES.search(text) else "yes"


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
    kinds = ANSWER_FORMS.kinds(text)
    number = {"asks-number"} if {"asks-what", "measure"} <= kinds else set()
    return (kinds & _ANSWERS.keys()) | number


def _answer_kinds(text: str) -> frozenset[str]:
    """Return the kinds of an answer: by its phrases, and day and number by a digit, place by a link, person by @."""
    phrases = ANSWER_FORMS.find(text)
    kinds = {kind for phrase in phrases for kind in phrase.kinds}
    if text.startswith("@") or any("person-first" in phrase.kinds and not phrase.start for phrase in phrases):
        kinds.add("person")
    if _DIGIT.search(text):
        kinds |= {"day", "number"}
    if _LINK.search(text):
        kinds.add("place")
    return frozenset(kinds)
