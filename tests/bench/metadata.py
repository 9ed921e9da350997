"""Dates, publishers, titles and languages read from a real archive, compared with the truth.

    python tests/bench/metadata.py ARCHIVE [--every N] [--wrong N]

ARCHIVE is a folder made by ../shared/tools/archive.py (raw/ and truth.jsonl). Each raw file, or every Nth with --every, is
read as for an operator; each value is right, unknown or wrong, and is counted by source and in total. --wrong prints up to
N wrong values of each kind. A title is right if it has the letters of the true one. Values that the truth leaves open are
skipped, and so are days that more than MOST_A_DAY documents of a source share: such documents were moved to that day.

A last line gives the dates without the unknown ones whose file states the true day in no usual form. For these it prints by
source how many name only other days (of the translated original), how many name none, and how many a number in a series
would date because both dated neighbours appeared on one day: too few for such a rule to be worth its code.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.intake.readers import read_documents
from bot.models import Document
from bot.text.unreadable import Unreadable

KINDS = ("date", "publisher", "title", "language")
VERDICTS = ("right", "unknown", "wrong")
_ANY_DAY = re.compile(
    r"20\d\d(?P<sign>[-/.]?)(?:0[1-9]|1[0-2])(?P=sign)(?:0[1-9]|[12]\d|3[01])(?!\d)|20\d\d年\d{1,2}月\d{1,2}日"
)
_NUMBER = re.compile(r"(?:article-|第 ?)(\d+)")
MOST_A_DAY = 20
"""Documents that a source may publish on one day."""


@dataclass(frozen=True)
class Reading:
    """What was read of one document, and the truth; `document` is None if it could not be read."""

    document: Document | None
    truth: dict[str, str]
    raw: bytes

    def value(self, kind: str) -> str:
        """Return the value that was read, "" if unknown."""
        d = self.document
        if d is None:
            return ""
        day = d.published.isoformat() if d.published else ""
        return {"date": day, "publisher": d.publisher, "title": d.title, "language": d.language}[kind]

    def verdict(self, kind: str) -> str:
        """Return whether the value is "right", "unknown" or "wrong"."""
        value, true = self.value(kind), self.truth[kind]
        if not value:
            return "unknown"
        same = _letters(value) == _letters(true) if kind == "title" else value == true
        return "right" if same else "wrong"

    def states_its_day(self) -> bool:
        """Return whether the file or its name states the true day in any usual form."""
        day = date.fromisoformat(self.truth["date"])
        text = f"{self.truth['path']}\n{self.raw.decode('utf-8', 'replace')}".lower()
        return any(form in text for form in _forms(day))

    def names_a_day(self) -> bool:
        """Return whether the file or its name states any day at all."""
        return _ANY_DAY.search(f"{self.truth['path']}\n{self.raw.decode('utf-8', 'replace')}") is not None

    def number(self) -> int:
        """Return the document's number in a series, the first one that its beginning names; 0 if none."""
        named = _NUMBER.search(self.raw[:2000].decode("utf-8", "replace"))
        return int(named[1]) if named else 0


def nowhere(read: Iterable[Reading]) -> Iterator[str]:
    """Yield a line per source about the documents whose day is unknown and stated nowhere."""
    sources: dict[str, list[Reading]] = defaultdict(list)
    for reading in read:
        sources[reading.truth["source"]].append(reading)
    for source, own in sorted(sources.items()):
        unknown = [r for r in own if r.verdict("date") == "unknown" and not r.states_its_day()]
        if not unknown:
            continue
        others = sum(reading.names_a_day() for reading in unknown)
        series = sorted((r.number(), r.value("date")) for r in own if r.number() and r.value("date"))
        days = {r.truth["path"]: _between(series, r.number()) for r in unknown if r.number()}
        inferred = [r for r in unknown if days.get(r.truth["path"])]
        right = sum(days[r.truth["path"]] == r.truth["date"] for r in inferred)
        yield (
            f"  {source}: {len(unknown)} state it nowhere: {others} name only other days, {len(unknown) - others} none; "
            f"{len(inferred)} stand between two numbers of one day, {right} of which came out on it"
        )


def _between(series: list[tuple[int, str]], number: int) -> str:
    """Return the day of both neighbours of a number in a sorted series of (number, day), "" if they differ."""
    place = bisect_left(series, (number, ""))
    neighbours = {day for _, day in series[max(0, place - 1) : place + 1]}
    return neighbours.pop() if len(neighbours) == 1 and 0 < place < len(series) else ""


def _forms(day: date) -> set[str]:
    """Return the usual ways to write a day, in lower case."""
    year, month, number = day.year, day.month, day.day
    signs = ("", "-", "/", ".", "_")
    numeric = {f"{year}{a}{month:02}{b}{number:02}" for a in signs for b in signs}
    plain = {f"{year}{sign}{month}{sign}{number}" for sign in signs[1:]} | {f"{year}年{month}月{number}日"}
    named = {
        form
        for name in (f"{day:%B}".lower(), f"{day:%b}".lower())
        for form in (f"{name} {number}, {year}", f"{number} {name} {year}", f"{name} {number} {year}")
    }
    return numeric | plain | named


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def readings(archive: Path, every: int) -> Iterator[Reading]:
    """Yield a reading of every Nth document of the archive."""
    truths = [json.loads(line) for line in (archive / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    together = Counter((truth["source"], truth["date"]) for truth in truths)
    files: dict[str, list[dict[str, str]]] = defaultdict(list)
    for truth in truths[::every]:
        files[truth["path"].partition(".jsonl#")[0] + ".jsonl" * (".jsonl#" in truth["path"])].append(truth)
    for path, wanted in files.items():
        raw = (archive / "raw" / path).read_bytes()
        documents = list(_documents(path, raw))
        for truth in wanted:
            moved = together[truth["source"], truth["date"]] > MOST_A_DAY
            index = int(truth["path"].partition(".jsonl#")[2] or 1) - 1
            document = documents[index] if index < len(documents) else None
            yield Reading(document, truth | ({"date": ""} if moved else {}), raw)


def _documents(path: str, raw: bytes) -> Iterator[Document | None]:
    documents = read_documents(path, raw)
    while True:
        try:
            yield next(documents)
        except Unreadable:
            yield None
        except StopIteration:
            return


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--wrong", type=int, default=0)
    arguments = parser.parse_args()
    began = time.process_time()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wrong: dict[str, list[str]] = defaultdict(list)
    untold, read = 0, []
    for reading in readings(arguments.archive, arguments.every):
        if reading.truth["date"]:
            read.append(reading)
        for kind in KINDS:
            if not reading.truth[kind]:
                continue
            verdict = reading.verdict(kind)
            counts[kind, "all"][verdict] += 1
            counts[kind, reading.truth["source"]][verdict] += 1
            untold += kind == "date" and verdict == "unknown" and not reading.states_its_day()
            if verdict == "wrong":
                path, true, value = reading.truth["path"], reading.truth[kind], reading.value(kind)
                wrong[kind].append(f"{path}: {value!r}, not {true!r}")
    for (kind, source), count in sorted(counts.items()):
        shares = "  ".join(
            f"{verdict} {count[verdict]:4} {count[verdict] / count.total():6.1%}" for verdict in VERDICTS
        )
        print(f"{kind:9}  {source:12}  {shares}")
    dates = counts["date", "all"]
    print(
        f"dates of {dates.total()} files: {untold} unknown ones state it nowhere; of the other "
        f"{dates.total() - untold} right {dates['right'] / (dates.total() - untold):.1%}"
    )
    print(*nowhere(read), sep="\n")
    for kind in KINDS:
        print(*wrong[kind][: arguments.wrong], sep="\n")
    print(f"{time.process_time() - began:.1f} s CPU")


if __name__ == "__main__":
    main()
