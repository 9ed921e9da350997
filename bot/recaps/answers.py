"""Finds questions that many people answered by yes or no, and counts the answers, which need no quotation then."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.recaps.lines import Line
from bot.recaps.reactions import WORDS, Reactions, stance
from bot.recaps.speech_acts import is_question
from bot.talk import ChatMessage
from bot.text.normalise import fold

FEWEST = 5
"""The least number of people who must answer a question by yes or no for it to be counted."""

_SHORT, _BRIEF = 40, 120
_MOST_OF = 0.5
_DENIES = WORDS.pattern(r"{denies-han}|\b{denies}\b|n['’]t\b")
_BACK = WORDS.pattern(r"\b{asks-back}\b|{asks-back-han}")


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
