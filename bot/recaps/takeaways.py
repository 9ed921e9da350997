"""Selects what a recap lists apart from its subjects: decisions, tasks, answered and open questions.

Open questions that concern the group most come first, those that look for somebody to do something before others; among
equals by how clearly it asks, by how many other people use one of its words, and less if it addresses one person by name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.recaps.answers import ANSWER_FORMS, answers_in_form, tallies
from bot.recaps.decisions import Decision, find_decisions
from bot.recaps.lines import Line
from bot.recaps.outcomes import outcome_of
from bot.recaps.quotes import Quote, Talk
from bot.recaps.reactions import WORDS, Reactions
from bot.recaps.speech_acts import Exchanges
from bot.recaps.tasks import Task, find_tasks
from bot.talk import ChatMessage, Poll

_TO_ONE, _SHARED = 0.6, 2.0
_NAME = re.compile(r"@?\w[\w|-]{1,31}[,:，：]\s")


# Words for the group itself ("we"), left out before a line is compared with forms of answers.
_GROUP = WORDS.pattern(r"\s*(?:{group}\b|{group-han})")

_DECISIONS, _TASKS, _ANSWERED, _QUESTIONS = 4, 4, 2, 3


def most_pressing(exchanges: Exchanges, lines: Sequence[Line], messages: Sequence[ChatMessage]) -> list[int]:
    """Return the indices of the lines with open questions, those that concern the group most first."""
    speakers: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        for term in line.terms:
            speakers[term].add(messages[line.message].author_id)
    people = len({message.author_id for message in messages})

    def worth(index: int) -> tuple[bool, float]:
        line = lines[index]
        others = max((len(speakers[term]) - 1 for term in line.terms), default=0)
        shared = min(1.0, _SHARED * others / people)
        to_one = _TO_ONE if _NAME.match(line.text) else 1.0
        return "asks-doer" in ANSWER_FORMS.kinds(line.text), exchanges.clarity(index) * to_one * (
            1.0 + shared
        )

    return sorted(exchanges.open_questions(), key=lambda index: (worth(index), index), reverse=True)


class Takeaways(Struct, frozen=True):
    """Quotations that a recap lists outside its subjects, and the indices of all lines that they show or count.

    Decisions are in order of time, since the last may revoke the first; the others begin with the most important.
    """

    decisions: tuple[Quote, ...]
    tasks: tuple[Quote, ...]
    answered: tuple[Quote, ...]
    questions: tuple[Quote, ...]
    places: frozenset[int]


def find_takeaways(talk: Talk) -> Takeaways:
    """Return decisions, tasks, questions that many answered, and open questions; each line occurs once only.

    Polls come first: a closed poll with a winner is a decision, any other an open question; quizzes are neither.
    """
    voted, open_polls = _polls(talk)
    reactions = Reactions(talk.lines, talk.messages, talk.courtesies)
    decided = [*map(Decision, voted), *find_decisions(talk.lines, talk.messages, reactions)]
    settled = [_with_question(talk, decision) for decision in decided[:_DECISIONS]]
    settled.sort(key=lambda decision: decision.line)
    shown = set(
        talk.quoted_with(
            index for decision in settled for index in (decision.request, decision.line) if index is not None
        )
    )
    tasks = [task for task in find_tasks(talk.lines, talk.messages, reactions) if task.line not in shown][
        :_TASKS
    ]
    shown |= talk.quoted_with(line for task in tasks for line in (task.line, task.moved) if line is not None)
    counted = [tally for tally in tallies(talk.lines, talk.messages, reactions) if tally.line not in shown][
        :_ANSWERED
    ]
    shown |= talk.quoted_with(tally.line for tally in counted)
    pressing = most_pressing(talk.exchanges, talk.lines, talk.messages)
    questions = [index for index in (*open_polls, *pressing) if index not in shown][:_QUESTIONS]
    answered = []
    for tally in counted:
        shown |= {index for place in tally.counted for index in talk.of_message[place]}
        lines_of_answer = None if tally.telling is None else talk.of_message[tally.telling]
        shown |= talk.quoted_with(lines_of_answer[:1]) if lines_of_answer else set()
        answer = talk.quote(lines_of_answer[0]) if lines_of_answer else None
        answered.append(replace(talk.quote(tally.line), tally=tally, answer=answer))
    return Takeaways(
        decisions=tuple(_quote_decision(talk, decision) for decision in settled),
        tasks=tuple(_quote_task(talk, task) for task in tasks),
        answered=tuple(answered),
        questions=tuple(map(talk.quote, questions)),
        places=frozenset(shown | talk.quoted_with(questions)),
    )


def _with_question(talk: Talk, decision: Decision) -> Decision:
    """Add to a decision the question that its line answers, unless it has a request or is a stated outcome."""
    line = talk.lines[decision.line]
    if decision.request is not None or outcome_of(line.text) is not None:
        return decision
    question = talk.exchanges.question(decision.line)
    return (
        decision
        if question is None or not _answers(talk, line, question)
        else replace(decision, request=question)
    )


def _answers(talk: Talk, line: Line, question: int) -> bool:
    """Return whether a line replies to the question, shares a word with it, or has the form of an answer to it."""
    asking_line = talk.lines[question]
    replies = talk.messages[line.message].reply_to == talk.messages[asking_line.message].id
    return (
        replies
        or bool(line.terms & asking_line.terms)
        or answers_in_form(asking_line.text, _GROUP.sub("", line.text))
    )


def _quote_decision(talk: Talk, decision: Decision) -> Quote:
    """Quote a decision, with the question or request that it answers if that is not part of the quotation."""
    quote = talk.quote(decision.line)
    apart = decision.request is not None and decision.request not in talk.quoted_with([decision.line])
    request = talk.quote(decision.request) if decision.request is not None and apart else None
    return replace(quote, asked=request, agreed=decision.agreed)


def _quote_task(talk: Talk, task: Task) -> Quote:
    """Quote a task, with the line that moved it to another day."""
    moved = None if task.moved is None else talk.quote(task.moved)
    return replace(talk.quote(task.line), who=task.who, due=task.due, answer=moved)


def _polls(talk: Talk) -> tuple[list[int], list[int]]:
    """Return the lines of polls with a winner, and of polls without one that are no quiz, newest first."""
    decided_polls, open_polls = [], []
    for message, own in zip(reversed(talk.messages), reversed(talk.of_message), strict=True):
        if message.poll is None or message.forwarded_from or not own:
            continue
        if winner(message.poll) is not None:
            decided_polls.append(own[0])
        elif not message.poll.quiz:
            open_polls.append(own[0])
    return decided_polls, open_polls


def winner(poll: Poll) -> str | None:
    """Return the option of a closed poll with more votes than any other; None without one, or in a quiz."""
    ranked = sorted(poll.options, key=lambda option: -option[1])
    if not poll.closed or poll.quiz or not ranked or not ranked[0][1]:
        return None
    return None if len(ranked) > 1 and ranked[1][1] == ranked[0][1] else ranked[0][0]
