"""Prints every conflict of a library with the sentences of both sides, for reading; or, with --loose, the pairs of a looser rule.

PYTHONPATH=. python tests/bench/conflicts.py DATA [--loose UNIT]

DATA is a data folder with a built library. A conflict is real if a careful reader agrees that its sentences are about one
quantity of one thing, for one time and place, and that the values differ by more than rounding.

--loose estimates what there is to find: it groups the figures of one unit (count, %, USD; "all" for any) by the nearest
capitalised name before each, whatever else the sentences say, and lists the groups in which reports give different values.
Most of these are no conflicts.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from bot.figures.rounding import agree
from bot.library.compressed import load_passage
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.search import Search
from bot.models import Figure
from bot.settings import packaged
from bot.text.segment import Segmenter
from bot.trends.conflicts import Conflict, conflicts
from bot.trends.ledger import FigureLedgers

NAME = re.compile(r"[A-Z][\w.-]*(?: [A-Z\d][\w.-]*)*")
AROUND = 110
"""Characters of a sentence shown on either side of a number."""


class Told(NamedTuple):
    """A figure with its sentence and the origin of its report."""

    figure: Figure
    sentence: str
    origin: str


def quantities(path: Path) -> list[str]:
    """Return every quantity that has more than one value."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute(
            "SELECT quantity FROM figure WHERE quantity <> '' GROUP BY quantity HAVING min(value) < max(value)"
        )
        return [row[0] for row in rows]


def told(path: Path) -> Iterator[Told]:
    """Yield every figure of a whole sentence, newest report first."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        for content, origin in db.execute(
            """SELECT p.content, r.origin FROM passage p JOIN edition e ON e.key = p.edition
               JOIN report r ON r.id = e.report_id ORDER BY p.rowid DESC"""
        ):
            for sentence in load_passage(content)[0]:
                for figure in sentence.figures if sentence.whole else ():
                    yield Told(figure, sentence.text, origin)


def rivals(path: Path, unit: str) -> Iterator[tuple[str, list[Told]]]:
    """Yield (unit and name, one figure for each different value) where several origins give several values."""
    by_name: dict[str, list[Told]] = defaultdict(list)
    for one in told(path):
        names = NAME.findall(one.figure.clause[: max(0, one.figure.place)])
        if names and unit in ("all", one.figure.unit):
            by_name[f"{one.figure.unit} | {names[-1].lower()}"].append(one)
    for name, alike in sorted(by_name.items()):
        values: list[Told] = []
        for one in alike:
            if not any(agree(one.figure, other.figure) for other in values):
                values.append(one)
        if len(values) > 1 and len({one.origin for one in values}) > 1:
            yield name, values


def show(number: int, conflict: Conflict) -> None:
    print(f"\n{number}. {conflict.quantity}")
    for entry in conflict.entries:
        publisher = entry.report.edition(entry.language).publisher
        print(f"   {entry.figure.text} | {entry.report.published} {publisher} | {entry.sentence}")


def show_rivals(number: int, name: str, values: list[Told]) -> None:
    print(f"\n{number}. {name}")
    for one in values:
        place = one.sentence.find(one.figure.text)
        shown = one.sentence[max(0, place - AROUND) : place + len(one.figure.text) + AROUND]
        print(f"   {one.figure.text} | {one.origin[:6]} | {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--loose", metavar="UNIT")
    options = parser.parse_args()
    path = options.data / "library.db"
    if options.loose:
        for number, (name, values) in enumerate(rivals(path, options.loose), 1):
            show_rivals(number, name, values)
        return
    glossary = Glossary.parse((packaged("seeds") / "topics.toml").read_text("utf-8"))
    library = Library(path, read_only=True)
    ledgers = FigureLedgers(library, Search(library, glossary, Segmenter(glossary.forms.words)))
    differing = quantities(path)
    found = conflicts(ledgers.entries(library.figures_of(differing)))
    for number, conflict in enumerate(found, 1):
        show(number, conflict)
    print(f"\n{len(found)} conflicts of {len(differing)} quantities with several values")
    library.close()


if __name__ == "__main__":
    main()
