"""The digests of each morning from January to March 2025, as one reader per language gets them: their events and how they read.

FOLDER is made by ../shared/tools/archive.py, and a library is built from FOLDER/dated; DATA, a data folder with a library,
is copied instead. The events are in TRENDBOT_SHARED. Prints the events of a day that the next morning's digest reports,
repeated lines, leftovers, the sources cited on mornings when several publishers have news, and random lines for reading.
--show prints the whole digests instead. The 90 mornings of a language take five minutes of CPU; --from and --until choose fewer.
    PYTHONPATH=.:tests python tests/bench/digests_read.py FOLDER|DATA [--language zh] [--from D] [--until D] [--read 60] [--seed N] [--show]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bench.leftovers import leftover
from library_kit import open_folder

from bot.app import App
from bot.digests.candidate import Window
from bot.digests.candidates import CandidatePool
from bot.models import Language, Subscription
from bot.rendering.preview import as_text

TOPICS: dict[Language, tuple[str, ...]] = {
    "en": ("OpenAI", "DeepSeek", "AI agents", "AI chips"),
    "zh": ("DeepSeek", "智能体", "芯片", "大模型"),
}
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
BEFORE = date(2024, 12, 15)
"""The library begins here, so that the first digests have earlier reports to compare with."""
_CITATION = re.compile(r"\[(\d+)\]")
_LISTED = re.compile(r"(?:^| · )\[\d+\]", re.MULTILINE)
"""Start of a report in the list of sources, which has two on a line."""
_SOURCES = ("Sources", "来源")
_SAME = 0.6


@dataclass(frozen=True, slots=True)
class Morning:
    """One reader's digest of a day: the text of all its parts and its lines that have a citation.

    `sources` is the number of reports that it lists, `offered` the number of publishers that had news on the topics.
    """

    day: date
    text: str
    lines: tuple[str, ...]
    sources: int
    offered: int


def build(folder: Path, data: Path) -> None:
    """Ingest the reports published from BEFORE to LAST."""
    app = open_folder(data)
    rows = [json.loads(line) for line in (folder / "truth.jsonl").open(encoding="utf-8")]
    paths = [
        folder / "dated" / row["path"]
        for row in rows
        if BEFORE.isoformat() <= row["date"] <= LAST.isoformat() and "#" not in row["path"]
    ]
    results = list(app.ingest.paths(sorted(filter(Path.is_file, paths)), int(datetime.now(UTC).timestamp())))
    print(f"{len(results)} documents")
    app.close()


def mornings(app: App, language: Language, first: date, last: date) -> Iterator[Morning]:
    """Yield the digest after each day from first to last for a reader who got all earlier ones; days without a digest are left out."""
    digests = app.digests("bench_bot")
    app.state.delivered.forget(1)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        app.library.see_until(day)
        now = datetime.combine(day + timedelta(days=1), time(8), UTC)
        before = int((now - timedelta(days=1)).timestamp())
        one = Subscription(
            "", 1, 0, 1, TOPICS[language], 480, 127, "UTC", language, True, True, before, before
        )
        prepared = digests.on_past_day(one, now)
        app.state.delivered.put(one.reader, prepared.sentence_ids, int(now.timestamp()))
        if prepared.parts:
            offered = _publishers_of(
                app, [report for _, report in app.library.published_since(day)], language
            )
            yield _morning(day, "\n".join(map(as_text, prepared.parts)), offered)


def _publishers_of(app: App, reports: list[str], language: Language) -> int:
    """Return how many publishers have news on the topics among these reports."""
    window = Window(frozenset(reports))
    pool = CandidatePool(app.library, app.glossary, app.segmenter, app.search)
    return len({one.source for topic in TOPICS[language] for one in pool.news(topic, window, language)})


def _morning(day: date, text: str, offered: int) -> Morning:
    said = re.split(rf"^(?:{'|'.join(_SOURCES)})$", text, flags=re.MULTILINE)
    lines = [line.lstrip("• ") for line in said[0].split("\n") if _CITATION.search(line)]
    sources = sum(len(_LISTED.findall(part)) for part in said[1:])
    return Morning(day, text, tuple(lines), sources, offered)


def report(
    language: Language, told: list[Morning], shared: Path | None, arguments: argparse.Namespace
) -> None:
    """Print the figures of a language, and random lines for reading."""
    print(f"== {language}: {len(told)} digests of {(arguments.until - arguments.first).days + 1} mornings")
    if shared:
        events(told, shared, arguments.first, arguments.until)
    lines = [(morning.day, _CITATION.sub("", line).strip()) for morning in told for line in morning.lines]
    twice = list(repeated([line for _, line in lines]))
    print(f"lines {len(lines)}, told twice {len(twice)}")
    for one, other in twice[:10]:
        print(f"   {one[:110]}\n = {other[:110]}")
    left = [(reason, line) for _, line in lines if (reason := leftover(line))]
    print(f"leftovers {len(left)}, {len(left) / max(1, len(lines)):.1%}")
    for reason, line in left[:10]:
        print(f"   {reason}: {line[:140]}")
    for least in (2, 3):
        several = [morning.sources for morning in told if morning.offered >= least]
        cited = ""
        if several:
            cited = (
                f", cited: median {statistics.median(several)}, as many on {sum(n >= least for n in several)}"
            )
        print(f"mornings when {least} publishers have news: {len(several)}{cited}")
    chance = random.Random(arguments.seed)  # noqa: S311  # The same lines each time.
    for day, line in sorted(chance.sample(lines, min(arguments.read, len(lines)))):
        print(f" {day:%d %b} {line}")


def events(told: list[Morning], shared: Path, first: date, last: date) -> None:
    """Print how many events of a day the next morning's digest reports, and which it misses."""
    rows = [
        line.split("\t")
        for line in (shared / "data/archive/events.tsv").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    due = [row for row in rows if first <= date.fromisoformat(row[0]) <= last]
    by_day = {morning.day: _CITATION.sub("", "\n".join(morning.lines)) for morning in told}
    missed = [row for row in due if not re.search(row[2], by_day.get(date.fromisoformat(row[0]), ""))]
    print(f"events told the next morning: {len(due) - len(missed)} of {len(due)}")
    for row in missed:
        print("   missed", *row)


def repeated(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of lines that say the same in nearly the same words."""
    words = [frozenset(re.findall(r"[a-z0-9.$%-]+|[\u4e00-\u9fff]{2}", line.lower())) for line in lines]
    for index, own in enumerate(words):
        for before in range(index):
            both = len(own & words[before])
            if both and both / (len(own) * len(words[before])) ** 0.5 >= _SAME:
                yield lines[before], lines[index]


def main() -> None:
    """Build or copy the library, make the digests in both languages, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--read", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", choices=tuple(TOPICS))
    parser.add_argument("--from", type=date.fromisoformat, default=FIRST, dest="first")
    parser.add_argument("--until", type=date.fromisoformat, default=LAST)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    shared = os.environ.get("TRENDBOT_SHARED")
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch)
        if (arguments.folder / "library.db").is_file():
            shutil.copytree(arguments.folder, data, dirs_exist_ok=True)
        else:
            build(arguments.folder, data)
        app = open_folder(data)
        for language in (arguments.language,) if arguments.language else TOPICS:
            told = list(mornings(app, language, arguments.first, arguments.until))
            if arguments.show:
                print(*(morning.text for morning in told), sep="\n\n")
            else:
                report(language, told, Path(shared) if shared else None, arguments)
        app.close()


if __name__ == "__main__":
    main()
