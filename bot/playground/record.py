"""What the bot did, as a test or a page asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass
from typing import TypeVar

from bot.playground.readers import Upload
from bot.playground.refusals import Json
from bot.playground.world import World

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """One request to the Bot API: when it came (monotonic), and its status, 0 for no answer yet or ever.

    The parameters are values of their types, or as they came where they could not be read.
    """

    method: str
    parameters: Json
    at: float
    status: int = 0


class Record:
    """The calls, and the chats as they stand."""

    world: World
    calls: MutableSequence[Call]

    @property
    def messages(self) -> dict[tuple[int, int], Json]:
        """Every message as it stands now, by chat and id."""
        return self.world.messages

    @property
    def files(self) -> dict[str, Upload]:
        """Every file, by id."""
        return self.world.files

    @property
    def refused(self) -> list[str]:
        """What the bot got wrong with an error."""
        return self.world.refused

    @property
    def lost(self) -> list[str]:
        """What the bot got wrong without one: markup and parameters that Telegram drops."""
        return self.world.lost

    def remember(self, call: Call) -> None:
        """Adds a call."""
        self.calls.append(call)

    def wait(self, condition: Callable[[], T], what: str, seconds: float = 60.0) -> T:
        """The first true value of `condition`, asked after each call; AssertionError when none comes."""
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
        """Every call of a method so far, of those that are remembered."""
        with self.world.lock:
            return [call for call in self.calls if call.method == method]

    def sent(self, chat: int) -> list[Json]:
        """The bot's messages in a chat, as they stand now, in the order they were sent."""
        with self.world.lock:
            known = self.world.chats.get(chat)
            return [self.world.messages[chat, number] for number in known.own] if known else []

    def reply(self, chat: int, number: int = 1) -> Json:
        """Waits for the bot's `number`-th message in a chat."""
        return self.wait(lambda: self.sent(chat)[number - 1 : number], f"reply {number} in chat {chat}")[0]

    def edited(self, message: Json) -> Json:
        """Waits until a message is no longer what it was, and returns what it is."""
        key = (message["chat"]["id"], message["message_id"])
        self.wait(lambda: self.messages[key] != message, f"an edit of {key}")
        return self.messages[key]

    def notice(self, query: str) -> str:
        """Waits for the answer to a pressed button and returns its text."""

        def answers() -> list[Call]:
            calls = self.called("answerCallbackQuery")
            return [call for call in calls if call.parameters.get("callback_query_id") == query]

        return str(self.wait(answers, f"an answer to {query}")[-1].parameters.get("text", ""))

    def chats(self) -> list[Json]:
        """Every chat as a page shows it, in the order they were made."""
        with self.world.lock:
            return [self.world.view(chat) for chat in self.world.chats.values()]

    def history(self, chat: int, thread: int | None = None) -> list[Json]:
        """The messages of a chat, or of one of its topics, as they stand now."""
        with self.world.lock:
            known = self.world.chats.get(chat)
            messages = [self.world.messages[chat, number] for number in known.order] if known else []
        return [m for m in messages if thread is None or m.get("message_thread_id") == thread]
