"""/status: what waits, what failed and when Telegram last answered, for the people who run the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.models import Language, Message
from bot.rendering.renderer import Renderer
from bot.state.outbox import WAITING
from bot.state.state import POLL, State

_LETTERS = 5


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, and when."""

    chat_id: int
    error: str
    at: datetime


class Status:
    """Tells operators how the bot does, and nobody else."""

    def __init__(
        self, state: State, renderer: Renderer, operators: frozenset[int], timezone: ZoneInfo
    ) -> None:
        self._state = state
        self._renderer = renderer
        self._operators = operators
        self._timezone = timezone

    def message(self, user_id: int, language: Language, *, private: bool) -> Message | None:
        """The state of things, None for who is no operator and where others read along."""
        if user_id not in self._operators or not private:
            return None
        outbox, inbox = self._state.outbox.counts(), self._state.inbox_counts()
        letters = [
            DeadLetter(chat, error, self._local(at))
            for chat, error, at in self._state.outbox.dead_letters(_LETTERS)
        ]
        heard = self._state.last_beat(POLL)
        html = self._renderer.message(
            "status",
            language,
            waiting=sum(outbox.get(name, 0) for name in WAITING),
            sent=outbox.get("sent", 0),
            dead=outbox.get("dead", 0),
            closed=outbox.get("closed", 0),
            letters=letters,
            updates=inbox.get("new", 0),
            failed=inbox.get("failed", 0) + inbox.get("poison", 0),
            subscriptions=len(self._state.subscriptions.all()),
            heard=self._local(heard) if heard is not None else None,
        )
        return Message(html)

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, UTC).astimezone(self._timezone)
