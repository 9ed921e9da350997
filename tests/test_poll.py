"""Updates from the inbox are handled once per run of the process, in whatever order things happen."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from library_kit import NOW
from telegram import Bot

from bot.dialogue.events import Event
from bot.inbound.dispatch import CHATS_AT_ONCE, Dispatcher
from bot.inbound.poll import Polling
from bot.inbound.receiver import Receiver
from bot.playground.server import TOKEN, LocalTelegram
from bot.state.database import Database
from bot.state.inbox import Inbox, Received
from bot.state.state import State
from bot.telegram.http import AiohttpRequest


class SlowInbox(Inbox):
    """Inbox whose second read returns only after the update that it found has been handled."""

    def __init__(self, store: Database) -> None:
        super().__init__(store)
        self.reads = 0
        self.read_again = threading.Event()
        self.handled = threading.Event()

    def waiting(self, after: int, limit: int) -> list[Received]:
        """Return the updates that waited when the read began."""
        waiting = super().waiting(after, limit)
        self.reads += 1
        if self.reads == 2:
            self.read_again.set()
            self.handled.wait(30)
        return waiting


def test_an_update_that_is_finished_during_a_read_is_not_handled_again(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.inbox = inbox = SlowInbox(state.database)
    inbox.receive([(1, '{"message": {"chat": {"id": 5}}}')], 0)
    handled: list[int] = []

    async def handle(update_id: int, _event: Event | None) -> None:
        handled.append(update_id)
        await asyncio.to_thread(inbox.read_again.wait, 30)
        await asyncio.to_thread(inbox.finish, update_id, "done")
        inbox.handled.set()

    async def test() -> None:
        arrived = asyncio.Event()
        dispatcher = Dispatcher(state, handle, arrived, asyncio.Semaphore(CHATS_AT_ONCE), None)
        running = asyncio.create_task(dispatcher.run())
        while inbox.reads < 3:
            # Something arrives, so that there is a third read even if the second found nothing new.
            arrived.set()
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await dispatcher.drain(30)

    asyncio.run(test())
    state.close()
    assert handled == [1]


def test_what_a_command_answers_or_quotes_waits_in_no_inbox(tmp_path: Path) -> None:
    state, group = State(tmp_path / "state.db"), -1_001_234
    with LocalTelegram() as telegram:
        telegram.create_group(group, "Team", 7)
        telegram.add_bot(group, 7)
        said = telegram.say(group, 7, "somebody else's words")
        telegram.say(group, 7, "/trend compute", reply_to=said)

        async def test() -> list[Received]:
            async with Bot(telegram.token, base_url=f"{telegram.url}/bot", request=AiohttpRequest()) as bot:
                receiver = Receiver(bot.username, state, lambda: NOW, asyncio.Event())
                polling = asyncio.create_task(Polling(bot, receiver, state, lambda: NOW).run())
                while not any("/trend" in one.body for one in state.inbox.waiting(-1, 9)):  # noqa: ASYNC110  # No event signals it.
                    await asyncio.sleep(0.01)
                polling.cancel()
                await asyncio.gather(polling, return_exceptions=True)
            return state.inbox.waiting(-1, 9)

        waiting = asyncio.run(test())
    state.close()
    assert not [one for one in waiting if "somebody" in one.body]


class HeldPoll(Bot):
    """A bot whose getUpdates is answered when the test says so."""

    def __init__(self, answer: asyncio.Future[list[Any]]) -> None:
        super().__init__(TOKEN)
        with self._unfrozen():
            self.polling, self.answer = asyncio.Event(), answer

    async def _post(self, *_: Any, **__: Any) -> Any:
        if self.polling.is_set():
            await asyncio.Event().wait()
        self.polling.set()
        return await self.answer


def test_a_stop_that_comes_together_with_an_answer_ends_the_poll(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")

    async def test() -> bool:
        bot = HeldPoll(asyncio.get_running_loop().create_future())
        receiver = Receiver("a_bot", state, lambda: NOW, asyncio.Event())
        polling = asyncio.create_task(Polling(bot, receiver, state, lambda: NOW).run())
        await bot.polling.wait()
        bot.answer.set_result([])
        polling.cancel()
        await asyncio.wait({polling}, timeout=5)
        return polling.cancelled()

    assert asyncio.run(test())
    state.close()
