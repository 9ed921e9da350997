"""Records what the bot did, for tests and pages to query."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableSequence
from typing import TypeVar

from msgspec import Struct

from bot.playground.readers import Upload
from bot.playground.refusals import Json
from bot.playground.world import World

T = TypeVar("T")


class Call(Struct):
    """One request to the Bot API: its monotonic time, and its HTTP status, 0 if it has no answer yet or ever.

    The parameters are typed values, or raw if they could not be read.
    """

    method: str
    parameters: Json
    at: float
    status: int = 0


class Record:
    """Queries on the bot's calls and on the current state of the chats."""

    world: World
    calls: MutableSequence[Call]

    @property
    def messages(self) -> dict[tuple[int, int], Json]:
        """Every message in its current version, by (chat, id)."""
        return self.world.messages

    @property
    def files(self) -> dict[str, Upload]:
        """Every file, by id."""
        return self.world.files

    @property
    def refused(self) -> list[str]:
        """The bot's mistakes that Telegram answered with an error."""
        return self.world.refused

    @property
    def lost(self) -> list[str]:
        """The bot's mistakes that Telegram ignores silently: markup and parameters that it drops."""
        return self.world.lost

    def remember(self, call: Call) -> None:
        """Add a call to the record."""
        self.calls.append(call)

    def wait(self, condition: Callable[[], T | None], what: str, seconds: float = 60.0) -> T:
        """Return the first true value of `condition`, checked after each call. Raises AssertionError on timeout."""
        deadline = time.monotonic() + seconds
        with self.world.lock:
            while not (value := condition()):
                if not self.world.lock.wait(deadline - time.monotonic()):
                    last = [
                        f"{call.method} {call.status} {call.parameters}" for call in list(self.calls)[-10:]
                    ]
                    raise AssertionError("\n".join([f"Waited in vain for {what}. The last calls:", *last]))
            return value

    def called(self, method: str) -> list[Call]:
        """Return the remembered calls of a method so far."""
        with self.world.lock:
            return [call for call in self.calls if call.method == method]

    def sent(self, chat: int) -> list[Json]:
        """Return the bot's messages in a chat in their current versions, in the order sent."""
        with self.world.lock:
            known = self.world.chats.get(chat)
            return [self.world.messages[chat, number] for number in known.own] if known else []

    def reply(self, chat: int, number: int = 1) -> Json:
        """Wait for the bot's `number`-th message in a chat, counted from 1, and return it."""
        return self.wait(lambda: self.sent(chat)[number - 1 : number], f"reply {number} in chat {chat}")[0]

    def edited(self, message: Json) -> Json:
        """Wait until a message differs from the given version, and return the current one."""
        key = (message["chat"]["id"], message["message_id"])
        self.wait(lambda: self.messages[key] != message, f"an edit of {key}")
        return self.messages[key]

    def notice(self, query: str) -> str:
        """Wait for the answer to a pressed button and return its text."""

        def answers() -> list[Call]:
            calls = self.called("answerCallbackQuery")
            return [call for call in calls if call.parameters.get("callback_query_id") == query]

        return str(self.wait(answers, f"an answer to {query}")[-1].parameters.get("text", ""))

    def chats(self) -> list[Json]:
        """Return every chat as a page shows it, in order of creation."""
        with self.world.lock:
            return [self.world.view(chat) for chat in self.world.chats.values()]

    def history(self, chat: int, thread: int | None = None) -> list[Json]:
        """Return the messages of a chat, or of one of its topics, in their current versions."""
        with self.world.lock:
            known = self.world.chats.get(chat)
            messages = [self.world.messages[chat, number] for number in known.order] if known else []
        return [m for m in messages if thread is None or m.get("message_thread_id") == thread]
