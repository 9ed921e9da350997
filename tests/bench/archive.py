"""Answers over a real archive: verdicts, events of a day, counts, languages, speed, and repeatability under load.

FOLDER is made by ../shared/tools/archive.py; the questions and their right answers are in TRENDBOT_SHARED. A DATA folder
without a library gets one built from FOLDER/dated, which takes some minutes.
    python tests/bench/archive.py FOLDER [--library DATA] [--only verdicts,events,…] [--events FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bot.app import App, open_app
from bot.dialogue.events import TextEvent
from bot.library.full_text import any_of
from bot.library.query import understand
from bot.library.terms import term_of
from bot.models import Language
from bot.settings import Settings
from bot.text.normalise import fold
from bot.trends.briefing import Briefing
from bot.trends.verdict import judge, published

_PARTS = ("verdicts", "events", "counts", "points", "speed", "load")
_CALLS = 20
_ASKED = 60
_TOPICS = 30
_OFF = 0.05
_COPIES = 700
_NAMES = (
    "LangChain", "Cursor", "Midjourney", "Stable Diffusion", "Kimi", "Groq", "Cohere", "Replicate", "Operator", "Devin",
    "Windsurf", "Suno", "Runway", "Ollama", "LlamaIndex", "llama.cpp", "vLLM", "LM Studio", "Mojo", "tinygrad", "Triton",
    "Gradio", "Whisper", "Unsloth", "Axolotl", "DSPy", "Mamba", "GPT-4o", "推理模型", "命令行",
)  # fmt: skip
"""Names outside the glossary."""


def build(app: App, folder: Path) -> None:
    """Ingest the dated documents, one source after another."""
    began, now = time.process_time(), int(time.time())
    for source in sorted((folder / "dated").iterdir()):
        outcomes = [
            result.status for result in app.ingest.paths(sorted(filter(Path.is_file, source.rglob("*"))), now)
        ]
        print(f"  {source.name}: {len(outcomes)} documents, {outcomes.count('failed')} failed", flush=True)
    print(f"  {time.process_time() - began:.0f} s of CPU")


class Archive:
    """A library, and the answers that readers get from it as of a day."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.conversation = app.router("bench_bot")
        self._day: date | None = None

    def on(self, day: date) -> datetime:
        """Show the library as of a day; return the end of that day."""
        if day != self._day:
            self.app.library.see_until(day)
            self._day = day
        return datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)

    def reply(self, text: str, language: Language, day: date) -> str:
        """Return the HTML of the first message that answers a question, "" if there is none."""
        event = TextEvent(1, 1, text, private=True, chosen=language)
        reply = self.conversation.answer(event, self.on(day))
        return reply.message.html if reply and reply.message else ""

    def briefing(self, text: str, language: Language, day: date) -> Briefing | None:
        """Return the briefing on a question, None if there is none."""
        self.on(day)
        return self.app.briefer.brief(understand(text, self.app.glossary, self.app.segmenter), language, day)

    def plain(self, text: str, day: date) -> str:
        """Return the texts of the five best passages by plain FTS5, published by the day."""
        self.on(day)
        best = self.app.library.match_passages(fold(text).split(), 5)
        return "\n".join(p.passage.text for p in self.app.library.passages(r for r, _ in best).values())


def verdicts(archive: Archive, shared: Path) -> None:
    """Compare the verdicts with those of data/archive/verdicts.jsonl, then again with many reports of one more publisher."""
    cases = [json.loads(line) for line in (shared / "data/archive/verdicts.jsonl").open(encoding="utf-8")]
    right = 0
    for case in cases:
        told = archive.briefing(case["query"], case["language"], date.fromisoformat(case["asof"]))
        name = told.verdict.name if told else "nothing"
        right += name == case["expected"]
        counts = f"{told.verdict.recent} / {told.verdict.earlier} of {told.verdict.dated}" if told else ""
        mark = " " if name == case["expected"] else "!"
        print(f" {mark} {case['query']:18} {case['asof']} {case['expected']:8} told {name:10} {counts}")
    print(f"verdicts: {right} of {len(cases)}")
    for spread, days in (("in the last 90 days", 90), ("one a day", _COPIES)):
        changed = [c["query"] for c in cases if _with_copies(archive, c, days) != _with_copies(archive, c, 0)]
        print(f"with {_COPIES} reports of one more publisher, {spread}: {changed or 'none'} changed")


def _with_copies(archive: Archive, case: dict[str, str], days: int) -> str:
    """Return the verdict of a case after adding 700 reports of another publisher on other subjects.

    The reports are spread evenly over the `days` up to the day of the case; 0 adds none.
    """
    last, library = date.fromisoformat(case["asof"]), archive.app.library
    archive.on(last)
    query = understand(case["query"], archive.app.glossary, archive.app.segmenter)
    own = library.topic_days(query.topics) if query.plain or not query.name else library.term_days(query.name)
    more = [
        (f"copy {n}", "Another Daily", last.toordinal() - n % days) for n in range(_COPIES if days else 0)
    ]
    return judge(own, published([*library.dated_origins(), *more], last)).name


def events(archive: Archive, file: Path) -> None:
    """Count the events of a file that the first reply mentions, asked as of their day; its list of sources does not count."""
    lines = file.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    right = {"en": 0, "zh": 0, "fts5": 0}
    for day, asked, pattern in rows:
        when, missed = date.fromisoformat(day), []
        languages: tuple[Language, ...] = ("en", "zh")
        for language in languages:
            told = re.search(pattern, _told(archive.reply(asked, language, when)))
            right[language] += told is not None
            missed += [] if told else [language]
        right["fts5"] += re.search(pattern, archive.plain(asked, when)) is not None
        print(
            f" {'!' if missed else ' '} {day} {asked:10} {pattern:22} {'missed in ' + ', '.join(missed) if missed else ''}"
        )
    print(f"events: en {right['en']}, zh {right['zh']}, plain FTS5 {right['fts5']} of {len(rows)}")


def _told(html: str) -> str:
    """Return a reply's text before its sources, without tags and without the first line, which repeats the question."""
    said = re.split(r"<b>(?:Sources|来源)</b>", html)[0]
    return re.sub(r"<[^>]+>", "", said).partition("\n")[2]


def counts(archive: Archive) -> None:
    """Compare the number of reports per term with grep over titles and texts, and with plain FTS5 (stemmed)."""
    library, glossary = archive.app.library, archive.app.glossary
    archive.on(date.max)
    by_count = sorted(library.topic_reports().items(), key=lambda item: -item[1])
    topics = [topic for topic, _ in by_count if topic in glossary.topics and glossary.topics[topic].proper]
    asked = {name: [name] for name in _NAMES}
    asked |= {topic: list(glossary.topics[topic].written()) for topic in topics[:_TOPICS]}
    grep = _grep(archive.app, {name: _pattern(forms) for name, forms in asked.items()})
    near = 0
    for name, forms in asked.items():
        if name in _NAMES:
            term = term_of(fold(name))
            held = len(library.term_days(term)) if term else 0
        else:
            held = len(library.topic_days([name]))
        expression = any_of(fold(form) for form in forms)
        plain = len(set(library.reports_of(library.match_newest(expression, 1_000_000)).values()))
        off = abs(held - grep[name]) / max(1, grep[name])
        near += off <= _OFF
        print(f" {' ' if off <= _OFF else '!'} {name:22} {held:6} grep {grep[name]:6} plain FTS5 {plain:6}")
    print(f"counts within {_OFF:.0%} of grep: {near} of {len(asked)}")


def _pattern(forms: list[str]) -> re.Pattern[str]:
    """Return the grep pattern for these forms as whole words; a hyphen, a space or neither may join their parts."""
    spelled = [re.sub(r"[\\ -]+", "[ -]?", re.escape(fold(form))) for form in forms]
    bounded = [rf"(?<![a-z0-9]){one}s?(?![a-z0-9])" if one.isascii() else one for one in spelled]
    return re.compile("|".join(bounded))


def _grep(app: App, patterns: dict[str, re.Pattern[str]]) -> dict[str, int]:
    """Return the number of reports that match each pattern."""
    found = dict.fromkeys(patterns, 0)
    for report in app.library.reports(app.library.report_ids()).values():
        texts = [app.library.text(report.id, e.language) or "" for e in report.editions]
        text = fold("\n".join([*(e.title for e in report.editions), *texts]))
        for name, pattern in patterns.items():
            found[name] += pattern.search(text) is not None
    return found


def points(archive: Archive) -> None:
    """Print the share of points that are not in the reader's language, over the topics with the most reports."""
    day = date(2025, 3, 31)
    archive.on(day)
    by_count = sorted(archive.app.library.topic_reports().items(), key=lambda item: -item[1])
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        told = [archive.briefing(topic, language, day) for topic, _ in by_count[:_ASKED]]
        lines = [point for one in told if one for point in one.points]
        foreign = sum(point.foreign for point in lines)
        print(f"points in {language}: {len(lines)}, in another language {foreign / max(1, len(lines)):.1%}")


def speed(archive: Archive) -> None:
    """Print the CPU milliseconds of a first reply on a topic or name, beside plain FTS5."""
    day = date(2025, 3, 31)
    archive.on(day)
    by_count = sorted(archive.app.library.topic_reports().items(), key=lambda item: -item[1])
    asked = [topic for topic, _ in by_count][:: max(1, len(by_count) // _ASKED)] + list(_NAMES)
    works: dict[str, Callable[[str], object]] = {
        "topic or name to HTML": lambda text: archive.reply(text, "en", day),
        "plain FTS5": lambda text: archive.plain(text, day),
    }
    for name, work in works.items():
        spent = []
        for text in asked:
            began = time.thread_time()
            work(text)
            spent.append((time.thread_time() - began) * 1_000)
        spent.sort()
        print(
            f"{name:22} p50 {statistics.median(spent):6.1f}  p95 {spent[int(len(spent) * 0.95)]:6.1f}  max {spent[-1]:6.1f} ms"
        )


def load(archive: Archive) -> None:
    """Print how many different briefings the same question gets while every core is busy; 1 is right."""
    day = date(2025, 2, 15)
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))
    ]  # Our own interpreter.
    try:
        for text in ("DeepSeek", "Cursor", "LangChain", "how much did DeepSeek cost to train?"):
            told = {repr(archive.briefing(text, "en", day)) for _ in range(_CALLS)}
            print(f"{_CALLS} calls under load, {text}: {len(told)} different")
    finally:
        for process in busy:
            process.kill()


def main() -> None:
    """Open or build the library and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--library", type=Path, help="a data folder, to use or to build")
    parser.add_argument("--events", type=Path, help="other events, such as tests/bench/events_more.tsv")
    parser.add_argument("--only", default=",".join(_PARTS))
    arguments = parser.parse_args()
    shared, wanted = Path(os.environ["TRENDBOT_SHARED"]), arguments.only.split(",")
    with tempfile.TemporaryDirectory() as temporary:
        data = arguments.library or Path(temporary)
        app = open_app(Settings.from_env({"TRENDBOT_DATA": str(data)}))
        app.segmenter.load()
        if app.library.coverage().reports < 100:
            build(app, arguments.folder)
        archive = Archive(app)
        print(f"{app.library.topic_counts().get('', 0)} passages, {app.library.coverage().reports} reports")
        if "verdicts" in wanted:
            verdicts(archive, shared)
        if "events" in wanted:
            events(archive, arguments.events or shared / "data/archive/events.tsv")
        for part in (counts, points, speed, load):
            if part.__name__ in wanted:
                part(archive)
        app.close()


if __name__ == "__main__":
    main()
