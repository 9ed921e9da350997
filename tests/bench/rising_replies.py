"""CPU time of whole replies to /rising and /compare on a data folder, from the question to text and buttons.

Each Friday of 39 weeks is asked for its day, week and month, of which nothing is cached; pairs of the topics with the most
passages are compared in both languages. The picture of a comparison is laid out but not drawn: that happens when it is sent.
    python tests/bench/rising_replies.py DATA [--last FRIDAY]
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

from bot.app import open_app
from bot.dialogue.events import TextEvent
from bot.dialogue.router import Router
from bot.languages import LANGUAGES
from bot.models import Language
from bot.settings import Settings

FRIDAYS = 39
TOPICS = 9
LAST = date(2025, 3, 28)


def milliseconds(router: Router, text: str, language: Language, now: datetime) -> float:
    """Return the CPU milliseconds of one reply."""
    event = TextEvent(1, 1, text, private=True, chosen=language)
    started = time.process_time()
    reply = router.answer(event, now)
    assert reply is not None
    assert reply.message is not None
    return 1_000 * (time.process_time() - started)


def told(name: str, figures: list[float]) -> str:
    """Return a line with the percentiles of these milliseconds."""
    ordered = sorted(figures)
    p50, p95 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    return f"{name:16} {len(ordered):3} replies  p50 {p50:6.1f}  p95 {p95:6.1f}  max {ordered[-1]:6.1f} ms"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--last", type=date.fromisoformat, default=LAST, help="the last of the Fridays")
    arguments = parser.parse_args()
    app = open_app(Settings.from_env({"TRENDBOT_DATA": str(arguments.data)}))
    app.segmenter.load()
    router = app.router("trend_bot")
    last = datetime.combine(arguments.last, datetime.min.time(), UTC)
    fridays = [last - timedelta(weeks=back) for back in range(FRIDAYS)]
    for text in ("/rising today", "/rising this week", "/rising this month"):
        milliseconds(router, text, "en", last + timedelta(days=1))
        print(told(text, [milliseconds(router, text, "en", now) for now in fridays]), flush=True)
    counts = app.library.topic_counts()
    topics = sorted(counts, key=lambda topic: (-counts[topic], topic))
    names = [app.glossary.topics[topic].names["en"] for topic in topics if topic in app.glossary.topics]
    pairs = [f"/compare {one} vs {other}" for one, other in combinations(names[:TOPICS], 2)]
    for language in LANGUAGES:
        milliseconds(router, pairs[0], language, last)
        figures = [milliseconds(router, pair, language, last) for pair in pairs]
        print(told(f"/compare ({language})", figures), flush=True)


if __name__ == "__main__":
    main()
