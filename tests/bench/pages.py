"""How much of a page's article is read, and how much else: 4-gram F1 against expected texts, beside trafilatura alone.

All texts are compared in simplified script. The pages are those of data/pages, found by TRENDBOT_SHARED, and those of the
folders given as arguments: one folder per page, with source.html and expected.html.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from lxml.html import fromstring
from trafilatura import extract

from bot.intake.readers import read_documents
from bot.text.normalise import to_simplified


def grams(text: str) -> Counter[str]:
    letters = "".join(to_simplified(text).split())
    return Counter(letters[start : start + 4] for start in range(len(letters) - 3))


def f1(text: str, right: str) -> float:
    ours, theirs = grams(text), grams(right)
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


READERS: dict[str, Callable[[bytes], str]] = {
    "Trendbot": lambda raw: next(read_documents("a.html", raw)).text,
    "trafilatura": lambda raw: extract(raw, include_comments=False) or "",
    "trafilatura fast": lambda raw: extract(raw, include_comments=False, fast=True) or "",
}


def main() -> None:
    folders = [Path(os.environ["TRENDBOT_SHARED"]) / "data" / "pages", *map(Path, sys.argv[1:])]
    pages = sorted(page for folder in folders for page in folder.iterdir() if (page / "source.html").exists())
    scores: dict[str, list[float]] = {}
    seconds: defaultdict[str, float] = defaultdict(float)
    for page in pages:
        raw = (page / "source.html").read_bytes()
        right = fromstring((page / "expected.html").read_text("utf-8")).text_content()
        for name, read in READERS.items():
            read(raw)
            began = time.process_time()
            scores.setdefault(name, []).append(f1(read(raw), right))
            seconds[name] += time.process_time() - began
        print(f"{page.name:12}", *(f"{name} {values[-1]:.3f}" for name, values in scores.items()), sep="  ")
    for name, values in scores.items():
        print(
            f"{name:18} mean F1 {sum(values) / len(values):.4f}, {1000 * seconds[name] / len(pages):.0f} ms of CPU a page"
        )


if __name__ == "__main__":
    main()
