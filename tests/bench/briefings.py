"""From a query to the HTML of its briefing: CPU milliseconds per glossary topic and per whole question on a large library,
beside plain FTS5 on the same terms, and beside tantivy if it is installed.

Needs TRENDBOT_SHARED: the library mixes sentences of its daily news and of encyclopedia paragraphs into reports of six
paragraphs, dated over three years, half of them in each language. Plain FTS5 answers from the same index.
    python tests/bench/briefings.py [--passages 1000000] [--folder FOLDER]
With --folder the library is kept and reused: reports are added until it has that many passages; if it has them already,
it is measured as it is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import App, open_app
from bot.blocks import Block
from bot.dialogue.events import TextEvent
from bot.intake.identity import new_report_id
from bot.library.full_text import any_of
from bot.library.indexing import index_document
from bot.library.query import understand
from bot.models import Document, IndexedEdition
from bot.settings import Settings
from bot.text.normalise import fold
from bot.text.sentences import sentence_spans

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TOGETHER = 50
_MARKUP = re.compile(r"\*\*|\[([^\]]*)\]\([^)]*\)|<[^>]*>|^\s*(?:\d+\.|[-*#>|]+)\s*")


def pool(shared: Path) -> dict[str, list[str]]:
    """Return real sentences by language, of 20 to 300 characters."""
    found: dict[str, list[str]] = {"zh": [], "en": []}
    cmrc = json.loads(gzip.decompress((shared / "data/retrieval/cmrc2018_dev.json.gz").read_bytes()))
    texts = [("zh", p["context"]) for entry in cmrc["data"] for p in entry["paragraphs"]]
    with zipfile.ZipFile(shared / "data/daily/hextra_cn_en_fr_ja.zip") as archive:
        for name in archive.namelist():
            language = {"cn": "zh", "en": "en"}.get(name.split("/")[1])
            if language and name.endswith(".md"):
                lines = archive.read(name).decode().split("---", 2)[-1].splitlines()
                texts.extend((language, _MARKUP.sub(r"\1", line)) for line in lines)
    for language, text in texts:
        spans = sentence_spans(text, language)
        found[language].extend(text[a:b] for a, b in spans if 20 <= b - a <= 300)
    return found


def fill(app: App, sentences: dict[str, list[str]], passages: int) -> None:
    """Add reports until the library has about `passages` passages, continuing where an earlier run ended."""
    if app.library.topic_counts().get("", 0) >= passages:
        return
    present = app.library.coverage().reports
    for start in range(0, passages // 6, _TOGETHER):
        batch = [
            edition(app, sentences, number) for number in range(start, start + _TOGETHER) if number >= present
        ]
        if batch:
            app.library.put_all(batch)


def edition(app: App, sentences: dict[str, list[str]], number: int) -> IndexedEdition:
    """Return report number `number`, six paragraphs of three sentences; always the same for the same number."""
    choose = random.Random(number)  # noqa: S311  # The same library each time.
    language = choose.choice(("zh", "en"))
    joint = "" if language == "zh" else " "
    paragraphs = [joint.join(choose.choices(sentences[language], k=3)) for _ in range(6)]
    day = date(2026, 11, 20) - timedelta(days=choose.randrange(1_095))
    blocks = tuple(Block("paragraph", text) for text in paragraphs)
    document = Document(f"bench {number}", f"Report {number}", blocks, language, "Bench", day)
    return index_document(document, new_report_id(document.source_key), app.glossary, app.segmenter)


def measured(name: str, work: Callable[[str], object], queries: Iterable[str]) -> None:
    """Print p50, p95 and the maximum of the CPU milliseconds that `work` takes over the queries."""
    spent = []
    for query in queries:
        start = time.thread_time()
        work(query)
        spent.append((time.thread_time() - start) * 1_000)
    spent.sort()
    p95 = spent[int(len(spent) * 0.95)]
    print(f"  {name:34} p50 {statistics.median(spent):7.2f}  p95 {p95:7.2f}  max {spent[-1]:7.2f} ms")


def measure(app: App, questions: list[str]) -> None:
    """Print the figures of one library."""
    conversation = app.router("bench_bot")
    plain = sqlite3.connect(app.settings.data / "library.db")

    def briefing(text: str) -> object:
        return conversation.answer(TextEvent(1, 1, text, private=True), NOW)

    def terms(text: str) -> Iterable[str]:
        query = understand(text, app.glossary, app.segmenter)
        forms = [fold(f) for t in query.topics for f in app.glossary.topics[t].written("en")]
        return dict.fromkeys([*query.literal, *forms])

    def fts5(text: str) -> object:
        sql = "SELECT rowid FROM passage_index WHERE passage_index MATCH ? ORDER BY rank LIMIT 10"
        return plain.execute(sql, (any_of(terms(text)),)).fetchall()

    tantivy = _tantivy(app.settings.data / "library.db")

    topics = list(app.glossary.topics)
    briefing(topics[0])  # Compiles the templates.
    passages = app.library.topic_counts().get("", 0)
    print(f"{passages} passages, {len(topics)} topics, {len(questions)} questions")
    measured("topic to HTML", briefing, topics)
    measured("plain FTS5, the topic's forms", fts5, topics)
    if tantivy:
        measured("tantivy, the topic's forms", lambda text: tantivy(terms(text)), topics)
    measured("question to HTML", briefing, questions)
    measured("plain FTS5, the question", fts5, questions)
    if tantivy:
        measured("tantivy, the question", lambda text: tantivy(terms(text)), questions)


def _tantivy(library: Path) -> Callable[[Iterable[str]], list[int]] | None:
    """Return tantivy's search for the ten best passages, in an index of its own, or None if it is not installed."""
    try:
        from bench.tantivy_terms import Tantivy
    except ModuleNotFoundError:
        print("tantivy: not installed")
        return None
    return Tantivy(library).search


def main() -> None:
    """Fill the library and print the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--passages", type=int, default=100_000)
    arguments.add_argument("--folder", type=Path)
    given = arguments.parse_args()
    shared = Path(os.environ["TRENDBOT_SHARED"])
    cmrc = json.loads(gzip.decompress((shared / "data/retrieval/cmrc2018_dev.json.gz").read_bytes()))
    questions = [q["question"] for e in cmrc["data"][::8] for p in e["paragraphs"] for q in p["qas"]][:300]
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(Settings.from_env({"TRENDBOT_DATA": str(given.folder or folder)}))
        app.segmenter.load()
        start = time.process_time()
        fill(app, pool(shared), given.passages)
        size = (app.settings.data / "library.db").stat().st_size
        print(f"(filled in {time.process_time() - start:.0f} s of CPU; {size / 1e9:.2f} GB)", file=sys.stderr)
        measure(app, questions)
        app.close()


if __name__ == "__main__":
    main()
