"""Random and hostile questions, from text to message, on a library of the seeds: exceptions and CPU times.

`python tests/bench/fuzz.py [COUNT]`, 50,000 by default.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "tests")) if path not in sys.path]

from library_kit import NOW, open_folder  # noqa: E402  # the checkout goes before what is installed

from bot.dialogue.events import TextEvent  # noqa: E402
from bot.dialogue.router import Router  # noqa: E402
from bot.rendering.renderer import fits  # noqa: E402

SEED = 2026
LONGEST = 4_092
"""Characters left for the question in a message that begins with /trend."""

FIXED = (
    "gpu " * 1_023,
    "(" * 300,
    '"' * 300,
    "-" * 300,
    "*" * 300,
    "NEAR(a b, 9e9)",
    "NEAR/9 AND OR NOT",
    "terms:secret",
    "{terms} : ^x*",
    "a AND",
    "c++",
    "gpt-4",
    "what's new",
    "at&t",
    "#ai",
    "a/b",
    "x'; DROP TABLE passage; --",
    "\ud800",
    "\0",
    "\ufdfa" * LONGEST,
    "算" * LONGEST,
    "算力芯片电力" * 682,
    "一" * LONGEST,
    " ".join(f"w{i}" for i in range(900)),
    '"a b" ' * 680,
    "-compute " * 450,
    "compute -computing-power " * 160,
    "<b>&amp;</b>" * 340,
    "％ｓ%d{}{0}{{x}}{% raw %}",
    "\u202e" * LONGEST,
    "e" + "\u0301" * (LONGEST - 1),
    "👩‍👩‍👧‍👦" * 580,
)
OPERATORS = (
    *(
        '"',
        "'",
        "(",
        ")",
        "*",
        "^",
        "-",
        "+",
        ":",
        "{",
        "}",
        "[",
        "]",
        "|",
        "&",
        "<",
        ">",
        "/",
        "\\",
        ",",
        ".",
    ),
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(",
        "terms:",
        "rowid",
        "“",
        "”",
        "「",
        "」",
        "，",
        "。",
        "？",
        "－",
        "\n",
    ),
)
WORDS = (
    *(
        "compute",
        "chips",
        "AI",
        "OpenAI",
        "data centre",
        "price",
        "2030",
        "20%",
        "$252.3B",
        "the",
        "what about",
    ),
    *(
        "算力",
        "芯片",
        "人工智能",
        "数据中心",
        "電力",
        "趨勢",
        "怎么样",
        "的",
        "亿美元",
        "2025年",
        "理智算法",
        "ＧＰＵ",
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of asking a question: the CPU seconds, and the exception raised, if any."""

    text: str
    seconds: float
    error: Exception | None


def questions(count: int) -> Iterator[str]:
    """Yield the fixed questions, then random ones of seven kinds; the same each time."""
    chance = random.Random(SEED)  # noqa: S311  # The same questions each time.
    yield from FIXED[:count]
    for _ in range(count - len(FIXED)):
        yield _question(chance)[:LONGEST]


def _question(chance: random.Random) -> str:
    size = min(LONGEST, int(chance.paretovariate(1) * 4))
    match chance.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6)):
        case 0:
            return "".join(chr(chance.randrange(0x110000)) for _ in range(size))
        case 1:
            return "".join(chr(chance.randrange(0x20, 0x250)) for _ in range(size))
        case 2:
            return "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(size))
        case 3:
            return " ".join(chance.choice(OPERATORS + WORDS) for _ in range(size))
        case 4:
            return "".join(chance.choice(OPERATORS + WORDS) for _ in range(size))
        case 5:
            return (chance.choice(OPERATORS) + chance.choice(WORDS)) * size
        case _:
            return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 6)))


def asked(conversation: Router, text: str) -> Outcome:
    """Ask the bot, and check that the reply is a message that Telegram takes."""
    start = time.process_time()
    try:
        reply = conversation.answer(TextEvent(1, 1, f"/trend {text}", private=True), NOW)
        spent = time.process_time() - start
        assert reply is not None
        assert reply.message is not None
        assert fits(reply.message)
        reply.message.html.encode()
    except Exception as error:  # noqa: BLE001  # Any exception is a failure.
        return Outcome(text, time.process_time() - start, error)
    return Outcome(text, spent, None)


def main() -> int:
    """Ask all questions and print the figures; return 1 if one failed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        app = open_folder(Path(folder))
        app.segmenter.load()
        conversation = app.router("trend_bot")
        outcomes = [asked(conversation, text) for text in questions(count)]
        app.close()
    failures = [outcome for outcome in outcomes if outcome.error]
    for outcome in failures[:10]:
        print(f"{outcome.error!r} on {outcome.text[:80]!r}")
    slowest = sorted(outcomes, key=lambda outcome: -outcome.seconds)
    p99 = slowest[len(slowest) // 100].seconds * 1_000
    print(f"{len(outcomes)} questions, {len(failures)} exceptions")
    print(f"CPU p99 {p99:.0f} ms, worst {slowest[0].seconds * 1_000:.0f} ms on {slowest[0].text[:40]!r}")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
