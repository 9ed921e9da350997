"""10,000 subscribers to 50 sets of topics, all due at 08:00: `python tests/bench/subscribers.py [--subscribers N]`.

All get digests of the packaged reports for the first time. Prints the CPU seconds of one tick, from finding who is due to
the last message in the outbox, and by how much the peak memory grew.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.app import open_app
from bot.digests.due import DueDigests
from bot.models import Subscription
from bot.outbox.fence import Fence
from bot.settings import Settings
from bot.trends.topics import richest_topics

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--sets", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(Settings.from_env({"TRENDBOT_DATA": folder}))
        app.segmenter.load()
        names = [topic.names["en"] for topic in richest_topics(app.library, app.glossary, arguments.sets)]
        sets = [(names[n % len(names)], names[(n * 7 + 3) % len(names)]) for n in range(arguments.sets)]
        created = int((MORNING - timedelta(days=1)).timestamp())
        one = Subscription(
            id="", chat_id=0, thread_id=0, user_id=0, queries=(), minute=480, days=127, timezone="UTC",
            language="en", news_only=False, silent=True, created=created, since=created,
        )  # fmt: skip
        with app.state.transaction():
            for n in range(arguments.subscribers):
                app.state.subscriptions.put(
                    replace(one, id=f"s{n}", chat_id=n + 1, user_id=n + 1, queries=sets[n % len(sets)])
                )
        fence = Fence(app.state, lambda: MORNING, "here")
        fence.acquire()
        tick = DueDigests(app.state, app.digests("trend_bot"), fence).queue
        # The peak, in kilobytes on Linux.
        before, cpu = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        taken = tick(MORNING)
        cpu = time.process_time() - cpu
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        counts = app.state.outbox.counts()
        app.close()
    print(f"{taken} slots, {counts.get('ready', 0)} messages queued (load {os.getloadavg()[0]:.1f})")
    print(f"{cpu:.2f} s of CPU, memory grew by {grown:.0f} MB")


if __name__ == "__main__":
    main()
