"""Retry policy: decides what a failed attempt to send means for a part. A pure function of the error.

Only Telegram's own answers give a part up, close a chat or move it. After any other error, or no answer, the part is
kept and retried after longer and longer pauses, since it may have arrived. The order of the cases is that of
python-telegram-bot's classes: BadRequest and TimedOut are NetworkErrors.
"""

from __future__ import annotations

import math
import random

from msgspec import Struct
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
from bot.telegram.answers import TelegramFailure
from bot.telegram.http import NOT_SENT
from bot.telegram.limiter import seconds_of

MOST_ATTEMPTS = 10
"""Maximum attempts of a part while Telegram answers that it fails: about 45 minutes in all."""

NO_ANSWER = "No answer; it may have arrived."

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 600.0
# Seconds after no answer: longer, since a message that arrives each time would be repeated by each retry.
_FIRST_SILENCE, _LONGEST_SILENCE = 30, 6 * 3600

# Descriptions of 400s that mean that the bot may no longer write to the chat (telegram-bot-api, Client.cpp).
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


class Sent(Struct, frozen=True):
    """Outcome: the part arrived."""

    message_id: int


class Again(Struct, frozen=True):
    """Outcome: the part is retried from `not_before` (UTC second), and stored as `state` until then.

    `counts`: it was one of the part's attempts. `plain`: its markup is left out from now on. `reached`: Telegram itself
    answered, so other parts may go on at once.
    """

    state: str
    error: str
    not_before: int
    counts: bool = True
    plain: bool = False
    reached: bool = True


class Dead(Struct, frozen=True):
    """Outcome: the part is given up."""

    error: str


class Closed(Struct, frozen=True):
    """Outcome: the chat is closed to the bot."""

    error: str


class Moved(Struct, frozen=True):
    """Outcome: the group has become the supergroup `chat_id`."""

    chat_id: int


Unsent = Again | Dead | Closed | Moved
Outcome = Sent | Unsent
OUTCOMES = tuple(kind.__name__.lower() for kind in (Sent, Again, Dead, Closed, Moved))
"""Names of the outcomes where they are counted."""


def outcome_of(part: Part, error: TelegramError, now: int, chance: random.Random) -> Outcome:
    """Return the outcome for a part whose sending raised `error` at `now` (UTC second); `chance` varies the pause."""
    match error:
        case RetryAfter():
            # Telegram counts from its answer, which took time to arrive: add a second, and never retry sooner than asked.
            return Again(
                part.state, "Too Many Requests", now + math.ceil(seconds_of(error)) + 1, counts=False
            )
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Closed(error.message)
        case BadRequest():
            return _refused(part, error.message, now)
        case TelegramFailure() if part.attempts + 1 >= MOST_ATTEMPTS:
            return Dead(_named(error))
        case NetworkError() if NOT_SENT in error.message:
            # Not the part's fault: the network is down, and every other part would fail as well.
            return Again(part.state, error.message, now, counts=False, reached=False)
        case TimedOut():
            return Again("unknown", NO_ANSWER, now + _silence(part.attempts), reached=False)
        case _:
            pause = _pause(part.attempts) * chance.uniform(0.5, 1.0)
            return Again("failed", _named(error), now + math.ceil(pause), reached=False)


def _refused(part: Part, description: str, now: int) -> Outcome:
    if any(words in description.lower() for words in _CLOSED):
        return Closed(description)
    if part.plain:
        return Dead(description)
    return Again("failed", description, now, plain=True)


def _pause(attempts: int) -> float:
    """Return the seconds to wait after a failure: doubled with each attempt, at most 10 minutes."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempts, 10))


def _silence(attempts: int) -> int:
    """Return the seconds to wait after no answer: four times as many with each attempt, at most 6 hours."""
    return min(_LONGEST_SILENCE, _FIRST_SILENCE << 2 * min(attempts, 10))


def _named(error: TelegramError) -> str:
    return f"{type(error).__name__}: {error.message}"
