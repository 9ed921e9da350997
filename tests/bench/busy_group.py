"""A busy group: real chat logs at 50 messages a second, sent to a running bot that captures them for recaps.

Meanwhile people ask questions, in private and in the group. Prints what was sent and what was captured, the waits for
answers (p50, p95, worst), and the bot's memory after a quarter of the time, after half of it and at the end.

Needs TRENDBOT_SHARED: the logs of #ubuntu.
    python tests/bench/busy_group.py [--messages 20000] [--rate 50]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import BotProcess, trendbot

from bot.playground.server import LocalTelegram

GROUP, OWNER = -1_001_555, 900
PRIVATE_EVERY, GROUP_EVERY = 2.0, 6.0
"""Seconds between questions: in the group slower than Telegram's 20 messages a minute."""
QUESTIONS = ("/trend compute", "/trend 算力", "/search liquid cooling", "/topics")
IN_GROUP = ("/recap 1h", "/trend compute", "/recap 300")
_LINE = re.compile(r"\[\d\d:\d\d\] <([^>]+)> (.*\S)")


@dataclass(slots=True)
class Figures:
    """The result of a run; times are in seconds, memory is resident megabytes."""

    said: int
    kept: int
    wrong: int
    rate: float
    asked: int
    waits: list[float] = field(default_factory=list)
    by_command: dict[str, list[float]] = field(default_factory=dict)
    recaps: int = 0
    early: float = 0.0
    middle: float = 0.0
    late: float = 0.0

    def wait(self, share: float, command: str | None = None) -> float:
        """Return the wait within which this `share` of the answers arrived, to all commands or to one."""
        ordered = sorted(self.by_command[command] if command else self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def talk(shared: Path) -> list[tuple[str, str]]:
    """Return the (nick, text) of every message in the logs, in order."""
    with zipfile.ZipFile(shared / "data" / "chat" / "irc.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".raw.txt"))
        lines = (
            line for name in names for line in archive.read(name).decode("utf-8", "replace").splitlines()
        )
        found = (_LINE.fullmatch(line) for line in lines)
        # A text that begins with a slash might be a command of the bot.
        return [(match[1], match[2]) for match in found if match and not match[2].startswith("/")]


def measure(lines: list[tuple[str, str]], messages: int, rate: float, data: Path) -> Figures:
    """Send `messages` lines at `rate` a second to a bot over the data folder, and return the figures."""
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        people = {nick: 1_000 + number for number, nick in enumerate(sorted({nick for nick, _ in lines}))}
        telegram.create_group(GROUP, "Busy", OWNER, members=people.values())
        telegram.add_bot(GROUP, OWNER, admin=True)
        telegram.say(GROUP, OWNER, "/capture 7d")
        telegram.reply(GROUP, 2)
        bot.marked(telegram.last_update)
        run = _Run(telegram, bot, people)
        run.talk(list(islice(cycle(lines), messages)), rate)
        return run.figures()


class _Run:
    """State of one run: who asked what when, and the bot's memory once a second."""

    def __init__(self, telegram: LocalTelegram, bot: BotProcess, people: dict[str, int]) -> None:
        self._telegram = telegram
        self._bot = bot
        self._people = people
        self._said: Counter[str] = Counter()
        self._asked: dict[tuple[int, int], float] = {}
        self._texts: dict[tuple[int, int], str] = {}
        self._memory: list[float] = []
        self._seconds = 0.0

    def talk(self, lines: list[tuple[str, str]], rate: float) -> None:
        start = time.monotonic()
        private = group = weighed = 0
        for number, (nick, text) in enumerate(lines):
            passed = time.monotonic() - start
            if passed < number / rate:
                time.sleep(number / rate - passed)
            self._telegram.say(GROUP, self._people[nick], text)
            self._said[text] += 1
            if passed >= private * PRIVATE_EVERY:
                self._ask(500_000 + private, 500_000 + private, QUESTIONS[private % len(QUESTIONS)])
                private += 1
            if passed >= (group + 1) * GROUP_EVERY:
                self._ask(GROUP, 600_000 + group, IN_GROUP[group % len(IN_GROUP)])
                group += 1
            if passed >= weighed:
                self._memory.append(_resident(self._bot.pid))
                weighed += 1
        self._seconds = time.monotonic() - start

    def _ask(self, chat: int, person: int, text: str) -> None:
        now = time.monotonic()
        message = self._telegram.say(chat, person, text)
        key = (chat, 0 if chat > 0 else message["message_id"])
        self._asked[key] = now
        self._texts[key] = text

    def figures(self) -> Figures:
        """Wait for the last answer, stop the bot, and compare the captured messages with those sent."""
        last = self._telegram.last_update
        self._telegram.wait(lambda: len(self._answers()) >= len(self._asked), "the last answers", 120.0)
        deadline = time.monotonic() + 60
        while self._bot.outcomes().get(last, "new") == "new" and time.monotonic() < deadline:
            time.sleep(0.1)
        kept = Counter(row[0] for row in self._bot.rows("SELECT text FROM captured"))
        answers = self._answers()
        said = sum(self._said.values())
        figures = Figures(
            said=said,
            kept=kept.total(),
            wrong=(self._said - kept).total() + (kept - self._said).total(),
            rate=said / self._seconds,
            asked=len(self._asked),
            waits=[moment - self._asked[key] for key, moment in answers.items()],
            recaps=sum(m["text"].startswith("Recap: ") for m in self._telegram.sent(GROUP)),
            early=self._memory[len(self._memory) // 4],
            middle=self._memory[len(self._memory) // 2],
            late=self._memory[-1],
        )
        for key, moment in answers.items():
            figures.by_command.setdefault(self._texts[key], []).append(moment - self._asked[key])
        self._bot.end(signal.SIGTERM)
        return figures

    def _answers(self) -> dict[tuple[int, int], float]:
        """Return the time of the first answer to each question, by (chat, id of the quoted message or 0 in a private chat)."""
        found: dict[tuple[int, int], float] = {}
        for call in list(self._telegram.calls):
            if call.method == "sendMessage" and call.status == 200:
                chat = int(call.parameters["chat_id"])
                quoted = (call.parameters.get("reply_parameters") or {}).get("message_id", 0)
                key = (chat, 0 if chat > 0 else quoted)
                if key in self._asked:
                    found.setdefault(key, call.at)
        return found


def _resident(process: int) -> float:
    """Return the resident megabytes of a process, from /proc (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Seed a data folder, run once and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50.0)
    arguments = parser.parse_args()
    shared = os.environ.get("TRENDBOT_SHARED")
    if not shared:
        sys.exit("Set TRENDBOT_SHARED to where the logs lie.")
    with tempfile.TemporaryDirectory() as folder:
        seeded = Path(folder) / "seeded"
        trendbot(seeded, "ask", "compute")
        data = shutil.copytree(seeded, Path(folder) / "data")
        f = measure(talk(Path(shared)), arguments.messages, arguments.rate, data)
    print(f"said {f.said} at {f.rate:.1f} a second, kept {f.kept}, lost or changed {f.wrong}")
    print(f"asked {f.asked}, answered {len(f.waits)}, {f.recaps} of them recaps")
    print(f"answers took p50 {f.wait(0.5):.2f} s, p95 {f.wait(0.95):.2f} s, at worst {max(f.waits):.2f} s")
    for command, waits in sorted(f.by_command.items()):
        print(
            f"  {command}: {len(waits)}, p50 {f.wait(0.5, command):.2f} s, p95 {f.wait(0.95, command):.2f} s"
        )
    print(
        f"memory {f.early:.0f} MB after a quarter of the time, {f.middle:.0f} MB at half, {f.late:.0f} MB at the end"
    )


if __name__ == "__main__":
    main()
