"""What kill -9 costs while feeds are read: `python tests/bench/feed_kills.py --kills N`.

Ten feeds grow and change with each request. A process reads them all again and again and is killed at random times; a
last run finishes undisturbed. Its library is compared with one that has read only the final feeds, once.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bot_process import trendbot
from feed_kit import Post, rss
from library_kit import NOW, settings_of
from web_kit import Asked, Web

FEEDS, POSTS = 10, 30


@dataclass(frozen=True, slots=True)
class Figures:
    """The result of a measurement."""

    kills: int
    while_reading: int
    reports: int
    missing: int
    twice: int
    sound: bool
    seconds: float


class Growing:
    """A feed that gains one post at each request, up to POSTS, and then corrects one of its posts at each."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.asked = 0
        self.done = False

    def __call__(self, asked: Asked) -> None:
        """Answer with the feed as it is now."""
        self.asked += not self.done
        asked.say(200, self.now(), ETag=f'"{self.asked}"')

    def now(self) -> bytes:
        """Return the feed as it is now."""
        posts = [self._post(one) for one in range(min(POSTS, 3 + self.asked))]
        return rss(*reversed(posts), title=f"Feed {self.number}")

    def _post(self, one: int) -> Post:
        version = self.asked // POSTS if one == self.asked % POSTS else 0
        text = f"Plant {self.number}-{one} saved {10 + version}% of its power with liquid cooling this year."
        return Post(f"Plant {self.number}-{one} saves power", text, NOW - timedelta(hours=one), f"{one}")


def read_until_killed(data: Path, allow: str) -> None:
    """Read every feed again and again."""
    from bot.app import open_app
    from bot.clock import utc_now
    from bot.intake.sources.due import check_all

    app = open_app(settings_of(data, TRENDBOT_ALLOW=allow))

    async def read() -> None:
        while True:
            async for _ in check_all(app.source_check(), app.state.sources.all(), utc_now):
                pass

    asyncio.run(read())


def measure(kills: int, seed: int) -> Figures:
    """Kill the reading of feeds `kills` times, and compare the result with one undisturbed reading."""
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311  # Seeded for repeatable runs, no secret.
    forkserver = multiprocessing.get_context("forkserver")
    forkserver.set_forkserver_preload(["bot.app", "bot.intake.sources.check", "bot.intake.sources.due"])
    folder, busy = Path(tempfile.mkdtemp()), 0
    try:
        with Web() as web:
            feeds = [Growing(number) for number in range(FEEDS)]
            for feed in feeds:
                web.answers[f"/{feed.number}"] = feed
            killed, once = folder / "killed", folder / "once"
            addresses = [web.url(f"/{feed.number}") for feed in feeds]
            trendbot(killed, "feeds", "add", *addresses, TRENDBOT_ALLOW=web.allow)
            for _ in range(kills):
                before = sum(feed.asked for feed in feeds)
                process = forkserver.Process(target=read_until_killed, args=(killed, web.allow))
                process.start()
                deadline = time.monotonic() + 20
                while sum(feed.asked for feed in feeds) == before and time.monotonic() < deadline:
                    time.sleep(0.01)
                time.sleep(chance.uniform(0, 0.8))
                os.kill(process.pid or 0, 9)
                process.join()
                busy += sum(feed.asked for feed in feeds) > before
            for feed in feeds:
                feed.asked, feed.done = max(feed.asked, POSTS), True
            trendbot(killed, "feeds", "check", TRENDBOT_ALLOW=web.allow)
            trendbot(once, "feeds", "add", *addresses, TRENDBOT_ALLOW=web.allow)
            return compared(killed, once, kills, busy, time.monotonic() - began)
    finally:
        shutil.rmtree(folder)


def compared(killed: Path, once: Path, kills: int, busy: int, seconds: float) -> Figures:
    """Compare two libraries that should hold the same reports, and return the figures."""
    with (
        closing(sqlite3.connect(killed / "library.db")) as left,
        closing(sqlite3.connect(once / "library.db")) as right,
    ):
        texts = "SELECT title, hex(text) FROM edition ORDER BY title, text"
        held, wanted = left.execute(texts).fetchall(), right.execute(texts).fetchall()
        sound = left.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        left.execute("INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)")
    return Figures(
        kills=kills,
        while_reading=busy,
        reports=len(held),
        missing=len(set(wanted) - set(held)),
        twice=len(held) - len({title for title, _ in held}),
        sound=sound,
        seconds=seconds,
    )


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figures = measure(arguments.kills, arguments.seed)
    print(f"{figures.kills} kills, of which {figures.while_reading} while feeds were read")
    print(
        f"{figures.reports} reports; missing {figures.missing}, twice {figures.twice}, sound: {figures.sound}"
    )
    print(f"{figures.seconds:.0f} s")


if __name__ == "__main__":
    main()
