"""One message is in flight: the next leaves when the one before it is recorded, or after a time limit."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.messages import Message, Place
from bot.playground.server import TOKEN, LocalTelegram
from bot.telegram import in_flight
from bot.telegram.http import AiohttpRequest
from bot.telegram.in_flight import RECORD_SECONDS, InFlight
from bot.telegram.limiter import LaneLimiter
from bot.telegram.send import edit_first, send_first

OPERATOR = 7
ANSWER_SECONDS = 0.2


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_flight, "ANSWER_SECONDS", ANSWER_SECONDS)


def run(work: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await work

    asyncio.run(bounded())


def sending(place: InFlight, left: list[str], name: str) -> asyncio.Task[None]:
    """Start a task that sends one message and records it at once."""

    async def send() -> None:
        with place.recorded():
            await in_flight.start()
            left.append(name)

    return asyncio.create_task(send())


async def a_moment() -> None:
    """Sleep longer than any wait for an answer: what has not happened then waits for something else."""
    await asyncio.sleep(2 * ANSWER_SECONDS)


def test_the_next_message_waits_for_the_record_of_one_that_was_answered() -> None:
    async def main() -> None:
        place, left = InFlight(), list[str]()
        hold = place.begin()
        await in_flight.start()
        in_flight.answered()
        others = [sending(place, left, name) for name in ("second", "third")]
        await a_moment()
        assert left == []
        hold.release()
        await asyncio.gather(*others)
        assert left == ["second", "third"]

    run(main())


def test_the_next_message_waits_for_the_answer_to_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_flight, "ANSWER_SECONDS", 60.0)

    async def main() -> None:
        place, left = InFlight(), list[str]()
        hold = place.begin()
        await in_flight.start()
        other = sending(place, left, "second")
        await a_moment()
        assert left == []
        hold.release()
        await other

    run(main())


def test_nobody_waits_for_ever_for_an_answer() -> None:
    async def main() -> None:
        place, left = InFlight(), list[str]()
        place.begin()
        await in_flight.start()
        await asyncio.gather(*(sending(place, left, name) for name in ("second", "third")))
        assert left == ["second", "third"]

    run(main())


def test_the_place_of_a_message_that_took_long_is_not_given_away_twice() -> None:
    async def main() -> None:
        place, left = InFlight(), list[str]()
        slow = place.begin()
        await in_flight.start()
        await sending(place, left, "second")
        holder = place.begin()
        await in_flight.start()
        in_flight.answered()
        slow.release()
        third = sending(place, left, "third")
        await a_moment()
        assert left == ["second"]
        holder.release()
        await third

    run(main())


@pytest.mark.parametrize("ended", ["refused", "cancelled"])
def test_what_was_not_taken_keeps_nobody(ended: str) -> None:
    async def main() -> None:
        place, left, begun = InFlight(), list[str](), asyncio.Event()

        async def first() -> None:
            with place.recorded():
                await in_flight.start()
                in_flight.answered()
                begun.set()
                if ended == "refused":
                    in_flight.release()
                await asyncio.Event().wait()

        task = asyncio.create_task(first())
        await begun.wait()
        if ended == "cancelled":
            task.cancel()
        second = sending(place, left, "second")
        async with asyncio.timeout(RECORD_SECONDS / 2):
            await second
        task.cancel()

    run(main())


def test_how_far_long_work_is_keeps_nobody_waiting() -> None:
    """Reading a file for minutes reports its progress every three seconds."""

    async def main() -> None:
        limiter, left = LaneLimiter(), list[str]()
        bot: ExtBot[Any] = ExtBot(
            TOKEN, base_url=f"{telegram.url}/bot", request=AiohttpRequest(), rate_limiter=limiter
        )
        async with bot:
            limiter.in_flight.begin()
            number = await send_first(bot, Place(OPERATOR), Message("Reading…"))
            assert number is not None
            await edit_first(bot, OPERATOR, number, Message("Reading… 100 documents"))
            async with asyncio.timeout(RECORD_SECONDS / 2):
                await sending(limiter.in_flight, left, "another's")
        assert telegram.sent(OPERATOR)[0]["text"] == "Reading… 100 documents"

    with LocalTelegram() as telegram:
        telegram.say(OPERATOR, OPERATOR, "hello")
        run(main())


def test_outside_of_a_record_nothing_is_waited_for() -> None:
    async def main() -> None:
        place = InFlight()
        hold = place.begin()
        await in_flight.start()
        in_flight.answered()

        async def free() -> None:
            in_flight._current.set(None)  # As in a task that no handler started.
            await in_flight.start()

        await asyncio.create_task(free())
        hold.release()

    run(main())
