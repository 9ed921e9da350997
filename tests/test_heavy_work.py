"""Heavy work runs a few at a time, in order, and is refused when too much waits; nobody else waits for it."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from bot_process import BotProcess

from bot.inbound.heavy_work import AT_ONCE, MOST_IN_LINE, HeavyWork, TooMuchWork
from bot.playground.server import LocalTelegram
from bot.state.captures import Capture
from bot.state.state import State
from bot.talk import ChatMessage

OWNER, MEMBER, READER = 7, 8, 9
GROUPS = [-1_001_000 - number for number in range(8)]
SENTENCES = [
    "{}号机房的液冷机柜十二月到货，风冷的那排年底退租，配电容量要跟物业再确认一次。",
    "推理服务的预算每月不超过三万，空闲主要在夜里，批处理{}组要挪到凌晨两点。",
    "智能体的调用日志已经接进审计平台了，{}这家客户要求日志只存在他们自己的机房。",
]


def test_two_run_at_once_in_threads_of_their_own_and_give_their_places_back() -> None:
    async def run() -> None:
        places = asyncio.Semaphore(1)
        heavy, hold, began = HeavyWork(places), threading.Event(), threading.Semaphore(0)

        def work() -> str:
            began.release()
            assert hold.wait(10)
            return threading.current_thread().name

        async def chat() -> str:
            async with places:
                return await heavy.run(work)

        chats = [asyncio.create_task(chat()) for _ in range(AT_ONCE + 2)]
        for _ in range(AT_ONCE):
            assert await asyncio.to_thread(began.acquire, timeout=10)
        async with asyncio.timeout(5), places:
            assert not began.acquire(blocking=False), "a third has begun"
        hold.set()
        assert {name.split("_")[0] for name in await asyncio.gather(*chats)} == {"heavy"}
        assert not places.locked()

    asyncio.run(run())


def test_what_would_wait_too_long_is_refused_and_what_fails_leaves_its_turn() -> None:
    async def run() -> None:
        places = asyncio.Semaphore(0)
        heavy, hold = HeavyWork(places), threading.Event()
        waiting = [asyncio.create_task(heavy.run(hold.wait)) for _ in range(MOST_IN_LINE)]
        await asyncio.sleep(0)
        with pytest.raises(TooMuchWork):
            await heavy.run(hold.wait)
        hold.set()
        await asyncio.gather(*waiting)
        with pytest.raises(ZeroDivisionError):
            await heavy.run(lambda: 1 // 0)
        assert await heavy.run(lambda: 3) == 3

    asyncio.run(run())


def name_of(number: int) -> str:
    """Return a name for a number, since texts that differ only in digits are taken for spam."""
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))


def fill(data: Path) -> None:
    """Capture 2,000 messages of nearly Telegram's maximum length in each group."""
    state = State(data / "state.db")
    now = int(time.time())
    for group in GROUPS:
        with state.transaction():
            state.captures.turn_on(Capture(group, 72, OWNER, now), now)
            for number in range(1, 2001):
                names = (name_of(number + index) for index in range(99))
                page = "".join(SENTENCES[index % 3].format(name) for index, name in enumerate(names))[:4000]
                author = MEMBER + number % 5
                state.captures.keep(
                    group, ChatMessage(number, author, f"P{author}", page, now - 4000 + number)
                )
    state.close()


def test_while_eight_groups_ask_for_recaps_of_long_messages_others_are_answered(data: Path) -> None:
    fill(data)
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        for group in GROUPS:
            telegram.create_group(group, f"Hall {group}", OWNER, members=[MEMBER])
            telegram.add_bot(group, OWNER)
            telegram.reply(group)
        telegram.say(READER, READER, "/trend compute")
        telegram.reply(READER)
        for group in GROUPS:
            telegram.say(group, MEMBER, "/recap 2000")
        waits = []
        for number in range(8):
            asked = time.monotonic()
            telegram.say(READER + number, READER + number, "/trend 算力")
            telegram.reply(READER + number, 2 if not number else 1)
            waits.append(time.monotonic() - asked)
        recaps = [telegram.reply(group, 2)["text"] for group in GROUPS]
    assert max(waits) < 2.0, waits
    for text in recaps:
        assert "of 2,000 messages" in text
