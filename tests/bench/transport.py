"""CPU time of one sendMessage, by client and by number in flight: `python tests/bench/transport.py`.

The server is another process with a canned answer, so only the client's own work is measured. Each figure is the minimum
of several rounds; ratios within one run mean more than microseconds.
"""

from __future__ import annotations

import asyncio
import importlib.util
import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from telegram import Bot
from telegram.request import HTTPXRequest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.telegram.http import AiohttpRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from multiprocessing.connection import Connection

TOKEN = "123456789:AAExampleTokenForTheBenchmark-0123456"  # noqa: S105 - no real token
TEXT = "<b>算力趋势</b> compute demand grew again; 模型训练的需求继续增长。 " * 20
IN_FLIGHT = (1, 32, 256)
ROUNDS, MESSAGES = 3, 768


class Canned(asyncio.Protocol):
    """Answers each request with one Message once its body is complete."""

    BODY = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"x"}}'
    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(BODY),
        BODY,
    )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.data = b""

    def data_received(self, data: bytes) -> None:
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = self.data[:end].lower()
            _, found, after = head.partition(b"content-length:")
            if found:
                size = end + 4 + int(after.split(b"\r\n", 1)[0])
            else:
                last = self.data.find(b"0\r\n\r\n", end)
                size = len(self.data) + 1 if last < 0 else last + 5
            if len(self.data) < size:
                return
            self.data = self.data[size:]
            self.transport.write(self.ANSWER)


def serve(pipe: Connection) -> None:
    """Run the server process: send its port through the pipe, then serve until terminated."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def measure(send: Callable[[], Awaitable[Any]], in_flight: int) -> float:
    """Return the CPU microseconds of this process per message."""
    left = iter(range(MESSAGES))

    async def worker() -> None:
        for _ in left:
            await send()

    await asyncio.gather(*(send() for _ in range(in_flight)))
    start = time.process_time()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return (time.process_time() - start) / MESSAGES * 1e6


async def row(send: Callable[[], Awaitable[Any]]) -> list[float]:
    """Return the minimum of the rounds for each number in flight."""
    return [min([await measure(send, n) for _ in range(ROUNDS)]) for n in IN_FLIGHT]


async def with_ptb(base: str, request: HTTPXRequest | AiohttpRequest) -> list[float]:
    """Measure PTB's Bot over one of the transports."""
    bot = Bot(TOKEN, base_url=f"{base}/bot", request=request)
    await request.initialize()
    try:
        return await row(lambda: bot.send_message(7, TEXT, parse_mode="HTML"))
    finally:
        await request.shutdown()


async def with_aiohttp(base: str) -> list[float]:
    """Measure aiohttp without a library above it: what the form, the request and the answer cost alone."""
    url, form = f"{base}/bot{TOKEN}/sendMessage", {"chat_id": "7", "text": TEXT, "parse_mode": "HTML"}

    async def send() -> None:
        async with session.post(url, data=form) as response:
            await response.json()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        return await row(send)


async def with_aiogram(base: str) -> list[float]:
    """Measure aiogram, the most common alternative."""
    from aiogram import Bot as Other
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    session = AiohttpSession(api=TelegramAPIServer.from_base(base), limit=max(IN_FLIGHT))
    async with Other(TOKEN, session=session) as bot:
        return await row(lambda: bot.send_message(7, TEXT, parse_mode="HTML"))


def main() -> None:
    """Measure every client in turn and print the table."""
    near, far = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(far,), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{near.recv()}"
    most = max(IN_FLIGHT)
    clients: dict[str, Callable[[], Awaitable[list[float]]]] = {
        "PTB, httpx": lambda: with_ptb(base, HTTPXRequest(connection_pool_size=most, pool_timeout=60)),
        "PTB, AiohttpRequest": lambda: with_ptb(base, AiohttpRequest(pool_size=most)),
        "raw aiohttp": lambda: with_aiohttp(base),
    }
    if importlib.util.find_spec("aiogram"):
        clients["aiogram"] = lambda: with_aiogram(base)
    print(f"CPU µs per sendMessage of {len(TEXT)} characters (load {os.getloadavg()[0]:.1f})")
    print(f"{'in flight':<22}" + "".join(f"{n:>8}" for n in IN_FLIGHT))
    for name, client in clients.items():
        print(f"{name:<22}" + "".join(f"{cost:>8.0f}" for cost in asyncio.run(_collect(client))))
    server.terminate()


async def _collect(client: Callable[[], Awaitable[list[float]]]) -> list[float]:
    return await client()


if __name__ == "__main__":
    main()
