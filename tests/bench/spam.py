"""Both errors of the spam rules: lines cut from a clean archive, and spam kept from the golden sets.

    python tests/bench/spam.py ARCHIVE [--every N] [--show]

ARCHIVE is a folder made by ../shared/tools/archive.py; editors chose its documents, so hardly a line is spam. Reads every Nth
file. Prints how many lines each rule for spam or notices cut, with --show the lines themselves for reading; then how many
of the spam lines in tests/golden are cut, close together and each alone in a page of 100 lines, and how many news lines.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bot.cleaning.clean import QUARANTINE, clean
from bot.intake.readers import ENDINGS, read_documents
from bot.models import CutLine, Document
from bot.text.plain_blocks import lines_of
from bot.text.unreadable import Unreadable

GOLDEN = Path(__file__).parents[1] / "golden"
NOTICES = frozenset({"copyright-notice", "legal-notice", "cookie-banner", "contact-footer"})
GOOD = "2024年,全球算力投资继续增长,多家机构上调了对数据中心的预测。"


def documents(archive: Path, every: int) -> Iterator[tuple[Path, Document]]:
    """Yield every Nth file of the archive with its documents, read as for an operator."""
    files = sorted(path for path in (archive / "raw").rglob("*") if path.suffix in ENDINGS)
    for path in files[::every]:
        reader = read_documents(str(path), path.read_bytes())
        while True:
            try:
                yield path, next(reader)
            except Unreadable:
                continue
            except StopIteration:
                break


def entries(name: str) -> list[str]:
    """Return the lines of a file in tests/golden/lines, without comments."""
    text = (GOLDEN / "lines" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def is_quarantined(line: str, good: int = 1) -> bool:
    """Return whether a line is taken for spam, wholly or in part, between `good` good sentences before and after it."""
    around = f"{GOOD}\n" * good
    return any(cut.rule in QUARANTINE for cut in clean(lines_of(f"{around}{line}\n{around}")).cut)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    lines = 0
    cuts: dict[str, list[tuple[Path, CutLine]]] = defaultdict(list)
    for path, document in documents(arguments.archive, arguments.every):
        lines += len(document.blocks) + len(document.cut)
        for cut in document.cut:
            if cut.rule in QUARANTINE | NOTICES:
                cuts[cut.rule].append((path, cut))
    print(f"archive: {lines} lines")
    for rule, hits in sorted(cuts.items()):
        print(f"{rule}: {len(hits)} cut, {10_000 * len(hits) / lines:.2f} of 10,000 lines")
        for path, cut in hits if arguments.show else ():
            print(f"    {path.name[:30]}:{cut.number}  {cut.text[:300]}")
    spam, news = entries("spam.txt"), entries("news.txt")
    print(f"golden spam: {sum(map(is_quarantined, spam))} of {len(spam)} cut")
    alone = sum(is_quarantined(line, good=50) for line in spam)
    print(f"golden spam, each alone in a page of 100 lines: {alone} of {len(spam)} cut")
    print(f"golden news: {sum(map(is_quarantined, news))} of {len(news)} cut")


if __name__ == "__main__":
    main()
