"""Question to report on CMRC 2018 (dev): MRR@10 and R@1 of `trendbot search -`, beside plain FTS5.

Needs TRENDBOT_SHARED. Prints the scores of the questions as they are and in traditional script.
    python tests/bench/retrieval.py
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from opencc import OpenCC

from bot.text.normalise import fold
from bot.text.segment import Segmenter


def load(shared: Path) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Return the contexts as documents, and each question with the title of its context."""
    data = json.loads(gzip.decompress((shared / "data/retrieval/cmrc2018_dev.json.gz").read_bytes()))
    documents: list[dict[str, str]] = []
    questions: list[tuple[str, str]] = []
    for entry in data["data"]:
        for paragraph in entry["paragraphs"]:
            title = paragraph["id"]
            documents.append({"title": title, "text": paragraph["context"], "language": "zh"})
            questions.extend((qa["question"], title) for qa in paragraph["qas"])
    return documents, questions


def trendbot(data: Path, *arguments: str, text: str) -> list[dict[str, Any]]:
    """Run a command and return the JSON values that it prints, one per line."""
    done = subprocess.run(  # Our own command.
        [sys.executable, "-m", "bot", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TRENDBOT_DATA": str(data)},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def figures(ranks: list[int | None]) -> str:
    """Return MRR@10 and R@1 of the right reports' ranks (0 is the first, None is missing)."""
    mrr = sum(1 / (rank + 1) for rank in ranks if rank is not None and rank < 10) / len(ranks)
    return f"MRR@10 {mrr:.4f}   R@1 {sum(rank == 0 for rank in ranks) / len(ranks):.4f}"


def plain_fts5(documents: list[dict[str, str]], questions: list[tuple[str, str]]) -> list[int | None]:
    """Return the ranks by FTS5 alone: whole contexts, the same tokens, joined by OR."""
    segmenter = Segmenter()
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5 (terms, tokenize = \"unicode61 tokenchars '.+#'\")")
    for number, document in enumerate(documents):
        db.execute(
            "INSERT INTO f (rowid, terms) VALUES (?, ?)",
            (number, " ".join(segmenter.terms(fold(document["text"])))),
        )
    ranks: list[int | None] = []
    for question, title in questions:
        match = " OR ".join(f'"{term}"' for term in dict.fromkeys(segmenter.terms(fold(question))))
        found = [
            r[0] for r in db.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 10", (match,))
        ]
        titles = [documents[number]["title"] for number in found]
        ranks.append(titles.index(title) if title in titles else None)
    return ranks


def main() -> None:
    """Ingest the contexts, search and print the scores."""
    documents, questions = load(Path(os.environ["TRENDBOT_SHARED"]))
    with tempfile.TemporaryDirectory() as folder:
        data, lines = Path(folder), "\n".join(json.dumps(d, ensure_ascii=False) for d in documents)
        trendbot(data, "search", "-", text="")  # Builds the seeds, which are not to be measured.
        start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        ingested = trendbot(data, "ingest", "--json", "-", text=lines)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - start
        passages = sum(result["passages"] for result in ingested)
        print(
            f"{len(ingested)} reports, {passages} passages, {passages / spent:.0f} passages a second of CPU"
        )
        ids = {result["title"]: result["id"] for result in ingested}
        traditional = OpenCC("s2t")
        for name, spell in (("simplified", str), ("traditional", traditional.convert)):
            start = time.process_time()
            typed = "\n".join(spell(question) for question, _ in questions)
            answers = trendbot(data, "search", "-", text=typed)
            ranks: list[int | None] = []
            for (_, title), answer in zip(questions, answers, strict=True):
                found = list(dict.fromkeys(hit["report"] for hit in answer["hits"]))
                ranks.append(found.index(ids[title]) if ids[title] in found else None)
            print(f"trendbot, {name:12} {figures(ranks)}")
    print(f"FTS5 alone             {figures(plain_fts5(documents, questions))}")


if __name__ == "__main__":
    main()
