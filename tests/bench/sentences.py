"""Whether quotable sentences of real reports begin and end where sentences do, and how long the splitter takes.

Needs TRENDBOT_SHARED. Ingests a bilingual daily, CMRC 2018 and the folders given as arguments beside the seeds. The judge
is tests/sentence_kit.py, which knows nothing of the splitter.
    PYTHONPATH=.:tests python tests/bench/sentences.py [FOLDER…]
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from sentence_kit import violations
from sentencex import get_sentence_boundaries

from bot.library.library import Library
from bot.text.sentences import sentence_spans

SHOWN = 20


def documents(shared: Path, folder: Path) -> None:
    """Write the daily and the contexts of CMRC into `folder`."""
    with zipfile.ZipFile(shared / "data/daily/hextra_cn_en_fr_ja.zip") as archive:
        members = [name for name in archive.namelist() if name.startswith(("content/cn/", "content/en/"))]
        archive.extractall(folder, members)
    data = json.loads(gzip.decompress((shared / "data/retrieval/cmrc2018_dev.json.gz").read_bytes()))
    contexts = [(p["id"], p["context"]) for entry in data["data"] for p in entry["paragraphs"]]
    lines = [
        json.dumps({"title": title, "text": text, "language": "zh"}, ensure_ascii=False)
        for title, text in contexts
    ]
    (folder / "cmrc.jsonl").write_text("\n".join(lines), "utf-8")


def speed(library: Library) -> float:
    """Return the splitter's CPU time over every paragraph of the library, as a multiple of sentencex's own."""
    paragraphs = [
        (line.strip(), edition.language)
        for report in library.reports(library.report_ids()).values()
        for edition in report.editions
        if (text := library.text(report.id, edition.language))
        for line in text.split("\n")
        if line.strip()
    ]
    start = time.process_time()
    for paragraph, language in paragraphs:
        boundaries = get_sentence_boundaries("zh" if language == "zh" else "en", paragraph)
        [(b["start_index"], paragraph[b["start_index"] : b["end_index"]].strip()) for b in boundaries]
    alone = time.process_time() - start
    start = time.process_time()
    for paragraph, language in paragraphs:
        sentence_spans(paragraph, language)
    return (time.process_time() - start) / alone


def main() -> None:
    """Ingest, judge and print."""
    with tempfile.TemporaryDirectory() as name:
        data, own = Path(name, "data"), Path(name, "documents")
        own.mkdir()
        documents(Path(os.environ["TRENDBOT_SHARED"]), own)
        subprocess.run(  # Our own command.
            [sys.executable, "-m", "bot", "ingest", str(own), *sys.argv[1:]],
            stdout=subprocess.DEVNULL,
            env=os.environ | {"TRENDBOT_DATA": str(data)},
            check=False,  # An archive may have documents that are refused; the others are judged.
        )
        library = Library(data / "library.db")
        quotable, pieces, wrong = violations(library)
        print(f"{quotable} sentences may be quoted, {pieces} pieces of longer ones may not")
        print(f"{len(wrong)} violations", dict(Counter(fault for fault, _ in wrong)))
        for fault, sentence in wrong[:: max(1, len(wrong) // SHOWN)]:
            print(f"  {fault}: {sentence[:160]}")
        print(f"time of the splitter: {speed(library):.2f} times that of sentencex alone")
        library.close()


if __name__ == "__main__":
    main()
