"""What an attempt to send a part means for it: a pure function of Telegram's answer.

The order of the cases is that of python-telegram-bot's classes: BadRequest and TimedOut are NetworkErrors.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.state.outbox import Part
from bot.telegram.http import NOT_SENT
from bot.telegram.limiter import seconds_of

MOST_ATTEMPTS = 10
"""How often a part is tried while Telegram answers with errors of its own: about 45 minutes in all."""

NO_ANSWER = "No answer; it may have arrived."

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 600.0
_UNSURE_SECONDS = 30

# 400s that say that the bot may not write to the chat any more (telegram-bot-api, Client.cpp).
_CLOSED = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "group chat was deactivated",
    "bot is not a member",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Again:
    """To be tried again from `not_before` (UTC second), as a row in `state`.

    `counts` says that this was one of the attempts of a part; `plain` that its markup is left out from now on.
    `reached` says that Telegram itself answered, so that other parts may go on at once.
    """

    state: str
    error: str
    not_before: int
    counts: bool = True
    plain: bool = False
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Dead:
    """Never to be tried again."""

    error: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The chat is closed to the bot."""

    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has become the supergroup `chat_id`."""

    chat_id: int


Verdict = Sent | Again | Dead | Closed | Moved


def judge(part: Part, error: TelegramError, now: int, chance: random.Random) -> Verdict:
    """What to do with a part whose sending raised `error` at `now`."""
    match error:
        case RetryAfter():
            # The time is counted from an answer that was under way itself: a second more, and never less than asked.
            return Again(
                part.state, "Too Many Requests", now + math.ceil(seconds_of(error)) + 1, counts=False
            )
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Closed(error.message)
        case BadRequest():
            return _refused(part, error.message, now)
        case TimedOut() if NOT_SENT not in error.message:
            return _unsure(part, now)
        case NetworkError() if NOT_SENT in error.message:
            # Nothing of the part's own: the network is down, and every other part would fail as well.
            return Again(part.state, error.message, now, counts=False, reached=False)
        case _:
            return _failed(part, error, now, chance)


def _refused(part: Part, said: str, now: int) -> Verdict:
    if any(words in said.lower() for words in _CLOSED):
        return Closed(said)
    if part.plain:
        return Dead(said)
    return Again("failed", said, now, plain=True)


def _unsure(part: Part, now: int) -> Verdict:
    if part.state == "unknown" and part.error == NO_ANSWER:
        return Dead("No answer twice; it may have arrived.")
    return Again("unknown", NO_ANSWER, now + _UNSURE_SECONDS, reached=False)


def _failed(part: Part, error: TelegramError, now: int, chance: random.Random) -> Verdict:
    said = f"{type(error).__name__}: {error.message}"
    if part.attempts + 1 >= MOST_ATTEMPTS:
        return Dead(said)
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**part.attempts) * chance.uniform(0.5, 1.0)
    # An error after a request has left says as little about its arrival as none, but comes from Telegram's side.
    return Again("failed", said, now + math.ceil(pause), reached=False)
