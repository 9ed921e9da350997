"""Finds a group's decisions: stated outcomes, and proposals that others agreed to. People act on these lines, so a
wrong one is a recap's worst fault: whatever may mean something else is left out.

    outcomes   = lines that state one, each with the request that it answers   (outcomes)
    statements = lines that say what was settled                               (settled)
    proposals  = lines that propose, and to which somebody else says yes       (settled, reactions)
    without those denied or taken back                                         (reactions)
    outcomes with a request first, then the most telling; none on the same words as a better one
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile

from msgspec import Struct

from bot.recaps.lines import Line
from bot.recaps.outcomes import calls_for_agreement, names_request, outcome_of, requests
from bot.recaps.phrases import PhraseBook, folded_line
from bot.recaps.reactions import WORDS, Reactions, objects, stance
from bot.recaps.settled import form_of
from bot.recaps.speech_acts import content_score, is_question, is_quotable
from bot.talk import ChatMessage
from bot.text.lines import columns
from bot.text.normalise import has_han

MOST = 10
"""The most decisions that are returned; a message shows fewer."""

_WIDEST = 220
_LOOK_BACK, _LOOK_BACK_BARE, _NEAR = 20, 30, 4
_SEVERAL, _SMALL = 2, 3
_UNFINISHED = re.compile(r"--|(?:\.\s?\.\s?\.|…|\bor|-|—|–)\s*[?？]?$|(?:那个|这个|就是)。?$")
_ACCEPTING = 120
_NUMBER = re.compile(r"\d")
# Long speeches also tell of decisions made elsewhere.
_LONG = 500

_SUGGESTS = WORDS.pattern(r"\b{suggests}\b|{suggests-han}")

PROCEDURE = PhraseBook("procedure.tsv")
"""Phrases of lines about the talk itself, which decide nothing beyond it."""


class Decision(Struct, frozen=True):
    """A decision, by the index of the line that states it.

    `request` is the index of the line that asked the meeting to agree, None without one; `agreed` is the number of
    others who said yes.
    """

    line: int
    request: int | None = None
    agreed: int = 0


def find_decisions(
    lines: Sequence[Line], messages: Sequence[ChatMessage], reactions: Reactions
) -> list[Decision]:
    """Return at most MOST decisions, those that answer a request first, then the most telling."""
    candidates = [
        (index, decision)
        for index, line in enumerate(lines)
        if line.columns <= _WIDEST and not messages[line.message].forwarded_from
        if (decision := _decision(index, lines, messages, reactions)) is not None
    ]
    candidates.sort(key=lambda candidate: (-_worth(candidate[1], lines), -candidate[0]))
    kept: list[Decision] = []
    for index, decision in candidates:
        if len(kept) == MOST:
            break
        if not _repeats(decision, kept, lines) and not reactions.takes_back(index):
            kept.append(decision)
    return kept


def _decision(
    index: int, lines: Sequence[Line], messages: Sequence[ChatMessage], reactions: Reactions
) -> Decision | None:
    """Return the decision that the line at `index` states, None if it states none."""
    line = lines[index]
    text = messages[line.message].text
    if objects(text[:_ACCEPTING]):
        return None
    # A long Chinese speech reports what others passed; an English chair states outcomes within long turns.
    speech = has_han(line.text) and columns(text) > _LONG
    if not speech and (outcome := outcome_of(line.text, _sentence_before(index, lines, text))):
        request = _request(index, lines, messages, _LOOK_BACK if outcome == "told" else _LOOK_BACK_BARE)
        if request is not None or (outcome == "told" and (line.terms or _NUMBER.search(line.text))):
            return Decision(index, request)
    if requests(line.text):
        agreed = len(reactions.supporting(index, _goes_on_to_ask(index, lines)))
        return Decision(index, agreed=agreed) if agreed >= _SEVERAL else None
    if stance(text) == "no" or not line.terms or PROCEDURE.find(line.text) or _UNFINISHED.search(line.text):
        return None
    opener = text[line.start - line.opening : line.start]
    form = form_of(line.text, _sentence_before(index, lines, text), opener)
    quotable = is_quotable(line)
    if form == "settled" and quotable and _turn_width(line.message, messages) <= _LONG:
        return Decision(index, agreed=len(reactions.assenting(line.message)))
    short = columns(text) <= _LONG
    if form is None or not short or _goes_on_to_ask(index, lines):
        return None
    concludes = form == "concluded" and columns(text) <= _WIDEST
    assenting = reactions.assenting(line.message)
    agreed = len(assenting | reactions.assenting_before(index) if concludes else assenting)
    accepts = (
        form in {"concluded", "proposed"}
        and columns(text) <= _ACCEPTING
        and _SUGGESTS.search(folded_line(line.text)) is None
        and stance(text) == "yes"
    )
    clear = form in {"concluded", "proposed"} and columns(text) <= _WIDEST
    # One word of content (let's go with Qdrant) says enough if several agree to it.
    enough = 1 if quotable and (clear or reactions.people <= _SMALL) else _SEVERAL
    return Decision(index, agreed=agreed) if (accepts and quotable) or agreed >= enough else None


def _sentence_before(index: int, lines: Sequence[Line], text: str) -> str:
    """Return the part of its sentence before the line at `index`, "" if the line begins it."""
    line = lines[index]
    first = index
    while first and lines[first - 1].message == line.message and lines[first - 1].sentence == line.sentence:
        first -= 1
    return text[lines[first].start : line.start] if first < index else ""


def _goes_on_to_ask(index: int, lines: Sequence[Line]) -> bool:
    """Return whether the message goes on to a question after the line at `index`: a yes would answer that."""
    rest = takewhile(lambda line: line.message == lines[index].message, islice(lines, index + 1, None))
    return any(is_question(line.text) for line in rest)


def _turn_width(place: int, messages: Sequence[ChatMessage]) -> int:
    """Return the width, in columns, of the run of messages in a row by the author of the one at `place`."""
    author = messages[place].author_id
    first = last = place
    while first and messages[first - 1].author_id == author:
        first -= 1
    while last + 1 < len(messages) and messages[last + 1].author_id == author:
        last += 1
    return sum(columns(message.text) for message in messages[first : last + 1])


def _request(
    index: int, lines: Sequence[Line], messages: Sequence[ChatMessage], look_back: int
) -> int | None:
    """Return the index of the last line before the one at `index` that asks for agreement to something that it names.

    Looks back `look_back` messages at most. Without one, returns the last line shortly before that only asks whether
    all agree, or None.
    """
    message = lines[index].message
    calling: int | None = None
    for other in range(index - 1, -1, -1):
        line = lines[other]
        earlier = messages[line.message]
        if message - line.message > look_back:
            break
        if earlier.thread_id != messages[message].thread_id or earlier.forwarded_from:
            continue
        if line.columns <= _WIDEST and names_request(line.text):
            return other
        near = 0 < message - line.message <= _NEAR
        if calling is None and near and is_quotable(line) and calls_for_agreement(line.text):
            calling = other
    return calling


def _worth(decision: Decision, lines: Sequence[Line]) -> float:
    """Rate a decision by how much its lines say; one that answers a request ranks above all others."""
    score = content_score(lines[decision.line])
    request_score = 0.0 if decision.request is None else content_score(lines[decision.request])
    return (
        max(score, request_score + score / 2)
        + (10.0 if decision.request is not None else 0.0)
        + min(decision.agreed, 3)
    )


def _repeats(decision: Decision, kept: Sequence[Decision], lines: Sequence[Line]) -> bool:
    """Return whether a better decision has the same words, answers the same request or is the same one summed up."""
    terms = lines[decision.line].terms
    return any(
        (decision.request is not None and decision.request == other.request)
        or decision.line == other.request
        or (decision.request is None and len(terms & lines[other.line].terms) * 2 >= len(terms))
        or (decision.request is None and _restates(lines[decision.line], lines[other.line]))
        for other in kept
    )


def _restates(line: Line, other: Line) -> bool:
    """Return whether one of two lines sums up the other: shortly after it, with a word in common."""
    return abs(line.message - other.message) <= _NEAR and bool(line.terms & other.terms)
