"""The limiter as PTB uses it: real waiting on an event loop, with limits scaled down to milliseconds."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest
from telegram.warnings import PTBDeprecationWarning

from bot.telegram.limiter import TRIES, LaneLimiter, NotPermitted, counted_chat, seconds_of
from bot.telegram.pacing import Lane, Pacing, Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

WIDE = Rate(1000, 0.01, 0)
SOON = timedelta(milliseconds=30)


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


def lanes(overall: Rate = WIDE, chat: Rate = WIDE, group: Rate = WIDE) -> Pacing:
    return Pacing(overall, chat, group)


class Chats:
    """Records what is sent, and plays a script of faults per message: an error to raise, or an event to wait for."""

    def __init__(self, limiter: LaneLimiter) -> None:
        self.limiter = limiter
        self.sent: list[str] = []
        self.times: list[float] = []
        self.started = asyncio.Event()
        self.trouble: dict[str, list[Exception | asyncio.Event]] = {}

    def send(
        self, name: str, chat: int | str = 7, lane: Lane | None = None, method: str = "sendMessage"
    ) -> asyncio.Task[Any]:
        async def call(text: str, *, flag: bool) -> bool:
            assert flag
            self.sent.append(text)
            self.started.set()
            self.times.append(asyncio.get_running_loop().time())
            match self.trouble.get(text):
                case [Exception() as error, *_]:
                    self.trouble[text].pop(0)
                    raise error
                case [asyncio.Event() as event, *_]:
                    await event.wait()
            return True

        data = {"chat_id": chat, "text": name}
        coroutine = self.limiter.process_request(call, (name,), {"flag": True}, method, data, lane)
        return asyncio.ensure_future(coroutine)


@pytest.mark.parametrize(
    ("endpoint", "data", "chat"),
    [
        ("sendMessage", {"chat_id": 5}, 5),
        ("sendPhoto", {"chat_id": "-100"}, -100),
        ("editMessageText", {"chat_id": "@Name"}, "@name"),
        ("copyMessage", {"chat_id": 5}, 5),
        ("forwardMessage", {"chat_id": 5}, 5),
        ("editMessageText", {"inline_message_id": "x"}, None),
        ("sendChatAction", {"chat_id": 5}, None),
        ("deleteMessage", {"chat_id": 5}, None),
        ("getChatMember", {"chat_id": 5}, None),
        ("answerCallbackQuery", {}, None),
        ("setMyCommands", {}, None),
    ],
)
def test_messages_and_edits_count(endpoint: str, data: dict[str, Any], chat: int | str | None) -> None:
    assert counted_chat(endpoint, data) == chat


def test_no_window_is_ever_overfull() -> None:
    overall, chat = Rate(10, 0.2, 2), Rate(3, 0.3, 1)

    async def test() -> None:
        world = Chats(LaneLimiter(lanes(overall, chat)))
        names = [f"{n}" for n in range(60)]
        await asyncio.gather(
            *(world.send(n, int(n) % 12, ("interactive", "broadcast")[int(n) % 2]) for n in names)
        )
        assert sorted(world.sent, key=int) == names
        for earlier, later in zip(world.times, world.times[overall.limit :], strict=False):
            assert later - earlier >= overall.seconds - 0.001

    run(test())


def test_a_reply_overtakes_every_waiting_broadcast() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes(Rate(1, 0.01, 0))))
        under_way = asyncio.Event()
        world.trouble["b1"] = [under_way]
        broadcasts = [world.send(f"b{n}", n, "broadcast") for n in range(1, 6)]
        await world.started.wait()
        reply = world.send("reply", 100)
        await asyncio.sleep(0)
        under_way.set()
        await asyncio.gather(reply, *broadcasts)
        assert world.sent[:2] == ["b1", "reply"]

    run(test())


def test_what_does_not_count_never_waits() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes(Rate(1, 60.0, 0))))
        await world.send("first")
        waiting = world.send("second")
        await world.send("typing", method="sendChatAction")
        assert world.sent == ["first", "typing"]
        waiting.cancel()

    run(test())


def test_a_reply_is_tried_again_after_a_429_and_stays_before_the_next() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes()))
        world.trouble["a"] = [RetryAfter(SOON)]
        assert list(await asyncio.gather(world.send("a"), world.send("b"))) == [True, True]
        assert world.sent == ["a", "a", "b"]
        assert world.times[1] - world.times[0] >= SOON.total_seconds() - 0.001

    run(test())


def test_a_429_is_tried_again_only_so_often() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes()))
        world.trouble["a"] = [RetryAfter(timedelta(milliseconds=1)) for _ in range(9)]
        with pytest.raises(RetryAfter):
            await world.send("a")
        assert len(world.sent) == TRIES["interactive"]

    run(test())


def test_a_broadcasts_429_is_its_senders_and_so_are_those_behind_it() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes()))
        world.trouble["a"] = [RetryAfter(timedelta(seconds=9))]
        results = await asyncio.gather(
            world.send("a", 7, "broadcast"),
            world.send("b", 7, "broadcast"),
            world.send("c", 8, "broadcast"),
            return_exceptions=True,
        )
        assert [type(r) for r in results] == [RetryAfter, RetryAfter, bool]
        with pytest.raises(RetryAfter) as caught:
            await world.send("d", 7, "broadcast")
        assert seconds_of(caught.value) <= 9
        assert sorted(world.sent) == ["a", "c"]

    run(test())


def test_a_closed_chat_halts_no_other() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes()))
        world.trouble["a"] = [RetryAfter(timedelta(seconds=50))]
        closed = world.send("a", -7)
        await world.started.wait()
        await asyncio.gather(*(world.send(f"{n}", n) for n in range(1, 40)))
        assert not closed.done()
        closed.cancel()

    run(test())


def test_whole_seconds_are_understood_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PTB_TIMEDELTA")

    async def test() -> None:
        world = Chats(LaneLimiter(lanes()))
        world.trouble["a"] = [RetryAfter(61)]
        with pytest.raises(RetryAfter):
            await world.send("a")

    with pytest.warns(PTBDeprecationWarning):
        run(test())


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("x"), BadRequest("x"), Forbidden("x")])
def test_other_errors_are_the_callers_and_free_the_place(error: Exception) -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes(Rate(1, 0.001, 0))))
        world.trouble["a"] = [error]
        with pytest.raises(type(error)):
            await world.send("a")
        assert await world.send("b")
        assert world.sent == ["a", "b"]

    run(test())


def test_a_cancelled_caller_leaves_no_trace() -> None:
    async def test() -> None:
        limiter = LaneLimiter(lanes(Rate(1, 0.01, 0)))
        world = Chats(limiter)
        world.trouble["flying"] = [asyncio.Event()]
        flying, waiting, last = world.send("flying"), world.send("waiting"), world.send("last")
        await world.started.wait()
        waiting.cancel()
        flying.cancel()
        assert await last
        assert world.sent == ["flying", "last"]
        assert not limiter._waiting

    run(test())


def test_a_caller_cancelled_in_the_very_moment_of_its_turn_holds_nobody_up() -> None:
    async def test() -> None:
        world = Chats(LaneLimiter(lanes()))
        under_way = asyncio.Event()
        world.trouble["flying"] = [under_way]
        flying, waiting, last = world.send("flying"), world.send("waiting"), world.send("last")
        await world.started.wait()
        under_way.set()
        waiting.cancel()
        assert await flying
        assert await last
        assert world.sent == ["flying", "last"]

    run(test())


def test_many_cancelled_at_any_moment_hold_nobody_up() -> None:
    async def test() -> None:
        limiter = LaneLimiter(lanes(Rate(5, 0.01, 1)))
        world = Chats(limiter)
        tasks = [world.send(f"{n}", n % 9, "broadcast" if n % 4 else None) for n in range(200)]
        for number, task in enumerate(tasks):
            if number % 2:
                await asyncio.sleep(0)
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(results[::2])
        assert not limiter._waiting

    run(test())


def test_shutdown_releases_who_waits_and_the_limiter_lives_again() -> None:
    async def test() -> None:
        limiter = LaneLimiter(lanes(Rate(1, 0.2, 0)))
        world = Chats(limiter)
        await world.send("first")
        waiting = [world.send(f"{n}") for n in range(3)]
        await asyncio.sleep(0)
        await limiter.shutdown()
        for task in waiting:
            with pytest.raises(NetworkError, match="not sent"):
                await task
        await limiter.initialize()
        assert await world.send("again")
        assert world.sent == ["first", "again"]

    run(test())


class Canned(BaseRequest):
    """A transport that answers every call at once, as Telegram would."""

    def __init__(self, reply: Callable[[str], bytes]) -> None:
        self.reply = reply
        self.urls: list[str] = []

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        self.urls.append(url.rpartition("/")[2])
        return 200, self.reply(self.urls[-1])


def test_ptb_hands_its_calls_to_the_limiter_and_its_polls_past_it() -> None:
    sent = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"x"}}'

    def reply(method: str) -> bytes:
        if method == "getMe":
            return b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"T","username":"t"}}'
        return sent if method == "sendMessage" else b'{"ok":true,"result":[]}'

    async def test() -> None:
        request = Canned(reply)
        limiter = LaneLimiter(lanes(Rate(2, 60.0, 1)))
        bot = ExtBot("1:x", request=request, get_updates_request=Canned(reply), rate_limiter=limiter)
        async with bot:
            await bot.send_message(7, "one", rate_limit_args="broadcast")
            broadcast = asyncio.create_task(bot.send_message(7, "two", rate_limit_args="broadcast"))
            await asyncio.sleep(0)
            await bot.send_message(7, "three")
            assert await bot.get_updates() == ()
            assert not broadcast.done()
        with pytest.raises(NetworkError):
            await broadcast
        assert request.urls == ["getMe", "sendMessage", "sendMessage"]

    run(test())


def test_a_message_that_may_not_leave_is_not_sent_and_keeps_nobody() -> None:
    async def test() -> None:
        permitted = asyncio.Event()

        async def permit(_: int | str) -> bool:
            return permitted.is_set()

        world = Chats(LaneLimiter(lanes(), permit=permit))
        with world.limiter.in_flight.recorded():
            with pytest.raises(NotPermitted):
                await world.send("a")
            assert world.sent == []
            permitted.set()
            with world.limiter.in_flight.recorded():
                await world.send("b")
        assert world.sent == ["b"]

    run(test())
