"""CPU time of one delivered digest, outbox included, beside loops that store nothing: `python tests/bench/outbox_cost.py`.

The outbox is a file and, with --postgres, also a database, whose server's CPU time is counted apart.

Ours takes each digest from the outbox, marks it as sending, sends it through the limiter and records it. The others only
send: python-telegram-bot with its own transport (httpx), and aiogram if it is installed. The server is another process
with a canned answer. The limiter's rates are so high that nothing waits; each figure is the minimum of several rounds,
each of which runs all clients in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.transport import TOKEN, serve
from postgres_kit import Debian
from process_kit import children
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.clock import utc_now
from bot.digests.buttons import EndDigest, ExplainDigest, MuteQuery
from bot.messages import Button, Message, Place
from bot.outbox.fence import Fence
from bot.outbox.payload import dump
from bot.outbox.sender import Sender
from bot.state.state import State
from bot.telegram.http import AiohttpRequest
from bot.telegram.limiter import LaneLimiter
from bot.telegram.pacing import Pacing, Rate

# As long as a real digest.
HTML = "<b>算力趋势</b> compute demand grew again; 模型训练的需求继续增长。 " * 20
DIGEST = Message(
    HTML,
    (
        (Button("Why did I get this?", ExplainDigest("0", "en", "a1b2c3d4e5f6")),),
        (Button("Mute 7 days", MuteQuery("0", "en", "a1b2c3d4e5f6", 0)), Button("Unsubscribe", EndDigest("0", "en", "a1b2c3d4e5f6"))),
    ),
)  # fmt: skip
BUTTONS = [
    [("Why did I get this?", "1.a.en.why")],
    [("Mute 7 days", "1.a.en.mute"), ("Unsubscribe", "1.a.en.unsub")],
]
FREE = Rate(10_000_000, 1.0, 0)


async def ours(base: str, messages: int, place: Path | str) -> float:
    """Return the CPU microseconds of this process per digest sent from an outbox in `place`."""
    state = State(place)
    payload, now = dump(DIGEST), int(utc_now().timestamp())
    with state.transaction():
        for number in range(messages):
            state.outbox.put(
                f"d{number}-{time.monotonic()}", Place(1_000 + number), [payload], now, silent=True
            )
    limiter = LaneLimiter(Pacing(FREE, FREE, FREE))
    bot: ExtBot[Any] = ExtBot(TOKEN, base_url=f"{base}/bot", request=AiohttpRequest(), rate_limiter=limiter)
    await bot._request[1].initialize()
    fence = Fence(state, utc_now, "here")
    fence.acquire()
    sender = Sender(bot, state, limiter, fence, utc_now, random.Random(1))  # noqa: S311
    start = time.process_time()
    running = asyncio.create_task(sender.run())
    while state.outbox.next_at() is not None:  # noqa: ASYNC110  # The sender raises no event when it is done.
        await asyncio.sleep(0.1)
    spent = time.process_time() - start
    sender.stop()
    await running
    await bot._request[1].shutdown()
    state.close()
    return spent / messages * 1e6


async def _loop(send: Callable[[int], Awaitable[Any]], messages: int) -> float:
    await send(1)
    start = time.process_time()
    for number in range(messages):
        await send(1_000 + number)
    return (time.process_time() - start) / messages * 1e6


async def bare_ptb(base: str, messages: int) -> float:
    """Return the CPU microseconds per message of python-telegram-bot with its own transport."""
    request = HTTPXRequest(connection_pool_size=8)
    bot = Bot(TOKEN, base_url=f"{base}/bot", request=request)
    await request.initialize()
    markup = InlineKeyboardMarkup(
        [[InlineKeyboardButton(t, callback_data=d) for t, d in row] for row in BUTTONS]
    )
    try:
        return await _loop(
            lambda chat: bot.send_message(
                chat, HTML, parse_mode="HTML", reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
            messages,
        )  # fmt: skip
    finally:
        await request.shutdown()


async def bare_aiogram(base: str, messages: int) -> float:
    """Return the CPU microseconds per message of aiogram, the most common alternative."""
    from aiogram import Bot as Other
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import InlineKeyboardButton as B
    from aiogram.types import InlineKeyboardMarkup as M
    from aiogram.types import LinkPreviewOptions as L

    markup = M(inline_keyboard=[[B(text=t, callback_data=d) for t, d in row] for row in BUTTONS])
    async with Other(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(base))) as bot:
        return await _loop(
            lambda chat: bot.send_message(
                chat, HTML, parse_mode="HTML", reply_markup=markup, link_preview_options=L(is_disabled=True)
            ),
            messages,
        )


def spent_by(server: Debian) -> float:
    """Return the CPU seconds used so far by a server and its running and ended child processes."""
    pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for process in [pid, *children(pid)]:
        # After the name in parentheses: user and system time of the process and of its ended children.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def run(work: Awaitable[float], *, fast: bool = True) -> float:
    """Run on the event loop that the bot would use, or on asyncio's own unless `fast`."""
    factory = None
    if fast and importlib.util.find_spec("uvloop"):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:

        async def main() -> float:
            return await work

        return runner.run(main())


def main() -> None:
    """Measure in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true")
    arguments = parser.parse_args()
    near, far = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(far,), daemon=True)
    server.start()
    base, least = f"http://127.0.0.1:{near.recv()}", dict[str, float]()
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder:
            found = {
                "ours, out of the outbox": run(ours(base, arguments.messages, Path(folder) / "state.db"))
            }
        if arguments.postgres:
            with Debian() as database:
                before = spent_by(database)
                found["ours, out of PostgreSQL"] = run(ours(base, arguments.messages, database.url))
                found["  its server"] = (spent_by(database) - before) / arguments.messages * 1e6
        found["PTB and httpx, bare"] = run(bare_ptb(base, arguments.messages), fast=False)
        if importlib.util.find_spec("aiogram"):
            found["aiogram, bare"] = run(bare_aiogram(base, arguments.messages))
        least = {name: min(cost, least.get(name, cost)) for name, cost in found.items()}
    server.terminate()
    print(
        f"CPU per delivered digest of {len(HTML)} characters, three buttons (load {os.getloadavg()[0]:.1f})"
    )
    for name, cost in least.items():
        print(f"{name:<26}{cost / 1000:6.2f} ms")


if __name__ == "__main__":
    main()
