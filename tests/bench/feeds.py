"""Number of entries that the box reads of public feed test suites, beside feedparser's own count: `feeds.py`.

The suites of feedparser, feed-rs and defusedxml are found by TRENDBOT_SHARED. "better" counts files of which we read more
entries (JSON feeds, wrong labels), "worse" those of which we read fewer; each of the latter is named.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections import Counter
from pathlib import Path

import feedparser

from bot.intake.box.box import Box
from bot.text.unreadable import Unreadable


def main() -> None:
    box = Box()
    for suite in sorted((Path(os.environ["TRENDBOT_SHARED"]) / "data" / "feeds").glob("*.zip")):
        counts: Counter[str] = Counter()
        began = time.perf_counter()
        with zipfile.ZipFile(suite) as archive:
            names = [name for name in archive.namelist() if name.endswith((".xml", ".json"))]
            for name in names:
                raw = archive.read(name)
                outcome = box.feed(raw, "")
                ours = 0 if isinstance(outcome, Unreadable) else len(outcome.entries)
                theirs = len(feedparser.parse(io.BytesIO(raw)).entries)
                counts["entries"] += ours
                counts["feedparser's"] += theirs
                counts["better" if ours > theirs else "worse" if ours < theirs else "same"] += 1
                if isinstance(outcome, Unreadable) and outcome.problem.name != "no_feed":
                    counts[outcome.problem.name] += 1
                if ours < theirs:
                    print(f"  {name}: {ours} of {theirs}")
        seconds = time.perf_counter() - began
        print(
            f"{suite.stem}: {len(names)} files in {seconds:.1f} s;",
            ", ".join(f"{k} {n:,}" for k, n in counts.items()),
        )
    box.close()


if __name__ == "__main__":
    main()
