"""Cost of preparing the digests of 10,000 subscribers over 50 sets of topics, without queueing them.

Needs TRENDBOT_SHARED for five weeks of a daily; without it the library holds the seeds alone.

    PYTHONPATH=.:tests python tests/bench/digests.py [subscribers]
"""

from __future__ import annotations

import gc
import os
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from library_kit import open_folder

from bot.app import App
from bot.models import Language, Subscription

SETS = 50
START = datetime(2025, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def issues() -> Iterator[tuple[datetime, str, bytes]]:
    """Yield (day, name, bytes) of each issue of the daily in Chinese and English; nothing without TRENDBOT_SHARED."""
    archive = Path(os.environ.get("TRENDBOT_SHARED", "."), "data", "daily", "hextra_cn_en_fr_ja.zip")
    if not archive.is_file():
        print("TRENDBOT_SHARED is not set: seeds alone")
        return
    with zipfile.ZipFile(archive) as files:
        for name in sorted(files.namelist(), key=lambda name: Path(name).stem):
            path = Path(name)
            if path.suffix == ".md" and path.stem[:2] == "20" and {"cn", "en"} & set(path.parts):
                yield datetime.fromisoformat(path.stem).replace(tzinfo=UTC), name, files.read(name)


def subscribers(app: App, count: int) -> list[Subscription]:
    """Return `count` subscriptions over 50 sets of one to five topics that the library covers."""
    chance = random.Random(50)  # noqa: S311  # The same every time.
    known = sorted(topic for topic in app.library.topic_counts() if topic in app.glossary.topics)
    made = int((START - DAY).timestamp())
    sets: list[tuple[tuple[str, ...], Language]] = []
    for number in range(SETS):
        language: Language = "zh" if number % 2 else "en"
        topics = chance.sample(known, 1 + number % 5)
        sets.append((tuple(app.glossary.topics[topic].names[language] for topic in topics), language))
    return [
        Subscription(
            f"s{n}",
            n + 1,
            0,
            n + 1,
            *_asked(sets[n % SETS]),
            news_only=False,
            silent=True,
            created=made,
            since=made,
        )
        for n in range(count)
    ]


def _asked(topics: tuple[tuple[str, ...], Language]) -> tuple[tuple[str, ...], int, int, str, Language]:
    return topics[0], 480, 127, "Asia/Shanghai", topics[1]


def resident() -> float:
    """Return the resident memory of this process in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def morning(app: App, name: str, everyone: list[Subscription], now: datetime) -> None:
    """Prepare everyone's digests once; print the CPU seconds, the growth of memory and the outcomes."""
    gc.collect()
    before, most, outcomes = resident(), 0.0, Counter[str]()
    start = time.process_time()
    for n, prepared in enumerate(app.digests("trend_bot").prepare(everyone, now)):
        outcomes[prepared.outcome] += 1
        if n % 500 == 0:
            most = max(most, resident())
    seconds = time.process_time() - start
    most = max(most, resident())
    print(
        f"{name}: {len(everyone)} digests in {seconds:.2f} s of CPU, memory +{most - before:.0f} MB, {dict(outcomes)}"
    )


def main() -> None:
    """Measure four mornings: the first, the same again, one after up to ten digests each, and one with news."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        app = open_folder(Path(folder))
        days = sorted({day for day, _, _ in issues()})
        for day, name, raw in issues():
            if day < days[-3]:
                list(app.ingest.content(name, raw, int(day.timestamp()) - 90 * 86_400, lambda _: None))
        everyone = subscribers(app, count)
        morning(app, "first morning, from the library", everyone, START)
        morning(app, "the same again", everyone, START)
        chance = random.Random(10)  # noqa: S311  # The same every time.
        for sub in everyone[:SETS]:
            _read_on(app, [s for s in everyone if s.queries == sub.queries], chance)
        morning(app, "readers who have had up to ten digests", everyone, START + DAY)
        if days:
            for day, name, raw in issues():
                if day == days[-3]:
                    list(app.ingest.content(name, raw, int(START.timestamp()) + 60, lambda _: None))
            morning(app, "a morning with news", everyone, START + DAY)
        app.close()


def _read_on(app: App, readers: list[Subscription], chance: random.Random) -> None:
    """Mark the sentences of the library's first none to ten digests as delivered, a random number of digests per reader."""
    first, told = readers[0], list[tuple[str, ...]]()
    for day in range(10):
        (prepared,) = app.digests(None).prepare([first], START + day * DAY)
        told.append(prepared.sentence_ids)
        app.state.delivered.put(first.reader, prepared.sentence_ids, int(START.timestamp()))
    with app.state.transaction():
        for reader in readers[1:]:
            had = chance.randint(0, 10)
            app.state.delivered.put(
                reader.reader, [m for marks in told[:had] for m in marks], int(START.timestamp())
            )


if __name__ == "__main__":
    main()
