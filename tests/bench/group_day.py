"""A day of a group of 50 people in the local Telegram: how the bot reports facts planted in the talk, and when.

The clock is advanced with each message. The admin sets a digest at 08:00, a recap at 09:00 and an alert, all in Shanghai
time. The report that matches the alert arrives at night, so the alert must come at 08:00, the digest and the recap at
their times; the recap must contain the planted decision, task and count, and any member may press its buttons. Prints the
times, the facts reported, the presses that work, and the bot's messages per hundred of the group's.

Needs TRENDBOT_SHARED: lines of real groups to fill the talk.
    python tests/bench/group_day.py [--messages 600] [--show]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.playground.refusals import Json

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.busy_group import talk

from bot.app import open_app
from bot.demo import DemoClock
from bot.playground.server import TOKEN, LocalTelegram
from bot.rendering.renderer import plain_text
from bot.service import run
from bot.settings import Settings

GROUP, ADMIN, PEOPLE = -1_001_555, 900, 50
ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = """---
title: 液冷机柜报价下降
publisher: 机房观察
---

多家厂商周五晚下调液冷机柜报价，平均降幅一成五，交货期缩短到六周。
"""
ASKED = "大家最近焦虑吗？"
PLANTED = {
    60: (3, "我们把复盘会改到下周一上午十点吧"),
    61: (4, "好的"),
    62: (5, "+1"),
    63: (6, "👍"),
    120: (7, "我来整理供应商的报价单，周五前发出来"),
    200: (8, ASKED),
    **{
        201 + n: (10 + n, ("不焦虑", "没有", "不太焦虑，活多得很", "没有，我们刚又招了两个人")[n % 4])
        for n in range(24)
    },
    225: (35, "有点"),
    300: (9, "谁去跟物业确认配电容量？"),
    400: (11, "液冷机柜十二月到货，风冷的那排年底退租"),
    402: (12, "液冷的算力密度高一倍，电费省两成"),
    404: (13, "看到一份报告说算力的瓶颈是电力，液冷只能省一部分"),
}


class Day:
    """The script of the day: what people send and press, and what is measured."""

    def __init__(
        self,
        telegram: LocalTelegram,
        clock: DemoClock,
        lines: list[tuple[str, str]],
        arrive: Callable[[int], None],
    ) -> None:
        self._telegram = telegram
        self._arrive = arrive
        self._clock = clock
        self._lines = cycle(line for line in lines if 20 < len(line[1]) < 160)
        self.figures: list[str] = []

    def play(self, messages: int) -> None:
        """Play the whole day and the morning after it."""
        telegram = self._telegram
        telegram.create_group(GROUP, "算力读书会", ADMIN, members=[1_000 + n for n in range(PEOPLE)])
        for n in range(PEOPLE):
            telegram.add_user(1_000 + n, first_name=f"组员{n}", language_code="zh-hans")
        telegram.add_bot(GROUP, ADMIN, admin=True)
        self._next(0, "the greeting")
        self._until(8, 0)
        for text in (
            "/capture 7d",
            "/recap 每天 09:00 上海",
            "/subscribe 08:00 算力 上海",
            "/alert 液冷 机柜",
        ):
            self._asked(text)
        quiet = len(telegram.sent(GROUP))
        for n in range(messages):
            self._clock.advance(14 * 3_600 / messages)
            person, text = PLANTED.get(n, (n * 7 % PEOPLE, next(self._lines)[1]))
            telegram.say(GROUP, 1_000 + person, text)
        self._settle()
        self.figures.append(
            f"{messages} messages said; of the bot meanwhile {len(telegram.sent(GROUP)) - quiet}"
        )
        self._morning(messages)

    def _morning(self, messages: int) -> None:
        telegram = self._telegram
        before = len(telegram.sent(GROUP))
        self._until(23, 30)
        self._arrive(int(self._clock.now().timestamp()))
        self._until(7, 50, days=1)
        self._settle()
        self.figures.append(f"messages of the bot in the night: {len(telegram.sent(GROUP)) - before}")
        self._until(8, 1, days=1)
        telegram.wait(lambda: len(telegram.sent(GROUP)) >= before + 2, "digest and alert", 120.0)
        digest, alert = sorted(telegram.sent(GROUP)[before:], key=lambda m: m["text"].startswith("提醒"))
        self._until(9, 1, days=1)
        recap = self._next(before + 2, "the recap")
        for name, message in (("digest", digest), ("alert", alert), ("recap", recap)):
            moment = datetime.fromtimestamp(message["date"], ZONE)
            self.figures.append(f"{name} at {moment:%H:%M} {ZONE.key}")
        told = {"decision": "复盘会", "task": "报价单", "count": ASKED, "open": "配电"}
        shown = ", ".join(f"{name} {'yes' if word in recap['text'] else 'no'}" for name, word in told.items())
        self.figures.append(f"recap tells: {shown}; lines {recap['text'].count('•')}")
        pressed = telegram.edited(self._press(recap, "展开", 1_007))
        self.figures.append(
            f"[More] by another member: {len(recap['text'])} to {len(pressed['text'])} characters"
        )
        labels = [b["text"] for row in pressed["reply_markup"]["inline_keyboard"] for b in row]
        if "[1]" in labels:
            quoted = telegram.notice(telegram.press(pressed, "[1]", 1_011))
            self.figures.append(f"[1] by a third: {quoted}")
        said, unasked = len(telegram.sent(GROUP)), len(telegram.sent(GROUP)) - before
        self.figures.append(
            f"messages of the bot in all {said}, unasked {unasked}: {unasked * 100 / messages:.1f} for 100 of theirs"
        )
        self.texts = (digest["text"], alert["text"], recap["text"], pressed["text"])

    def _press(self, message: dict[str, object], label: str, user: int) -> dict[str, object]:
        self._telegram.press(message, label, user)
        return message

    def _asked(self, text: str) -> None:
        count = len(self._telegram.sent(GROUP))
        self._telegram.say(GROUP, ADMIN, text)
        self._next(count, text)

    def _next(self, count: int, what: str) -> Json:
        return self._telegram.wait(lambda: self._telegram.sent(GROUP)[count:], what, 120.0)[0]

    def _until(self, hour: int, minute: int, days: int = 0) -> None:
        now = self._clock.now().astimezone(ZONE)
        then = (now + timedelta(days=days if now.hour >= 12 else 0)).replace(
            hour=hour, minute=minute, second=0
        )
        if then < now:
            then += timedelta(days=1)
        self._clock.advance((then - now).total_seconds())

    def _settle(self) -> None:
        done = threading.Event()
        done.wait(15.0)


def main() -> None:
    """Play the day and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--show", action="store_true", help="print the digest and the recap, short and whole")
    arguments = parser.parse_args()
    if not os.environ.get("TRENDBOT_SHARED"):
        sys.exit("TRENDBOT_SHARED is not set; it names the folder with the public test sets.")
    clock = DemoClock()
    telegram = LocalTelegram(now=lambda: clock.now().timestamp())
    failed: list[BaseException] = []
    with telegram, tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env(
            {"TRENDBOT_DATA": folder, "TRENDBOT_TOKEN": TOKEN, "TRENDBOT_API_URL": telegram.url}
        )
        app = open_app(settings)

        def arrive(at: int) -> None:
            path = Path(folder, "night.md")
            path.write_text(NIGHT, "utf-8")
            assert [one.status for one in app.ingest.path(path, at)] == ["added"]

        day = Day(telegram, clock, talk(Path(os.environ["TRENDBOT_SHARED"])), arrive)

        def ready(_: str) -> None:
            threading.Thread(target=_guarded, args=(lambda: day.play(arguments.messages), failed)).start()

        run(app, clock.now, ready, 1.0)
        app.close()
    print("\n".join(day.figures))
    if arguments.show and not failed:
        for text in day.texts:
            print("-" * 40, plain_text(text), sep="\n")
    if failed:
        raise failed[0]


def _guarded(play: Callable[[], None], failed: list[BaseException]) -> None:
    """Run `play`, keep its exception in `failed`, and stop the bot in any case."""
    try:
        play()
    except BaseException as error:  # noqa: BLE001  # Raised once the bot has stopped.
        failed.append(error)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
