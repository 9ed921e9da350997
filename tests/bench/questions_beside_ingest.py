"""How long answers take while an operator's file of 5,000 documents is ingested: `questions_beside_ingest.py [DOCUMENTS]`.

The bot is a real process with the seeds in its library, and the local Telegram is its only network. Prints the times from
question to answer, for the same questions before and during the ingest. Needs TRENDBOT_SHARED.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.boxed_ingest import lines
from bot_process import BotProcess

from bot.playground.server import LocalTelegram

OPERATOR, READER = 1, 2
QUESTIONS = ("/trend 算力", "/trend compute", "/trend AI agents", "/trend 大模型", "/rising", "/help")
FIRST = 18
"""Questions measured before the file, after as many that let the bot load its dictionaries."""
PAUSE = 0.1
"""Seconds between two questions. Each comes from another reader, since a chat gets at most one message a second."""


def asked(telegram: LocalTelegram, reader: int, question: str) -> float:
    """Ask a question and return the seconds until it is answered."""
    before, began = len(telegram.sent(reader)), time.monotonic()
    telegram.say(reader, reader, question)
    telegram.reply(reader, before + 1)
    return time.monotonic() - began


def waits(telegram: LocalTelegram) -> Iterator[tuple[str, float]]:
    """Ask the questions again and again; yield each with the seconds until its answer."""
    for number, question in enumerate(cycle(QUESTIONS)):
        reader = READER + number
        telegram.add_user(reader, language_code="en")
        yield question, asked(telegram, reader, question)
        time.sleep(PAUSE)


def told(name: str, times: list[tuple[str, float]]) -> str:
    """Return a line with the median, the 95th percentile and the maximum of some waits."""
    seconds = sorted(wait for _, wait in times)
    slowest = max(times, key=lambda one: one[1])
    return (
        f"{name}: {len(times)} questions, median {seconds[len(seconds) // 2]:.2f} s, "
        f"19 of 20 within {seconds[len(seconds) * 19 // 20]:.2f} s, at most {slowest[1]:.2f} s ({slowest[0]})"
    )


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    raw = lines(5 * documents)
    with tempfile.TemporaryDirectory() as folder, LocalTelegram() as telegram:
        telegram.add_user(OPERATOR, language_code="en")
        with BotProcess(Path(folder), telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
            bot.listening()
            questions = waits(telegram)
            before = [next(questions) for _ in range(2 * FIRST)][FIRST:]
            telegram.upload(OPERATOR, OPERATOR, "documents.jsonl", raw)
            update, began, beside = telegram.last_update, time.monotonic(), []
            while bot.outcomes().get(update, "new") == "new":
                beside.append(next(questions))
            seconds = time.monotonic() - began
            last = telegram.sent(OPERATOR)[-1]["text"].splitlines()[0]
            assert bot.end(signal.SIGTERM) == 0, bot.err
    print(told("before", before))
    print(told("beside", beside))
    print(
        f"{documents:,} documents, {len(raw) >> 20} MiB, in {seconds:.0f} s: {last!r}; load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
