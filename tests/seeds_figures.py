"""Every figure of the seeds' originals, and every name in Latin letters of the Chinese ones, with the brief's
sentence that states it, or the reason why none does.

Prints one line each; exit code 1 if a figure or a name is in no brief. The originals are public texts that are not part
of the project.

Needs TRENDBOT_SHARED.
    PYTHONPATH=. python tests/seeds_figures.py
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

from bot.cleaning.clean import clean
from bot.settings import packaged
from bot.text.decode import decode
from bot.text.normalise import fold
from bot.text.rule_data import read_table
from bot.text.sentences import sentence_spans

ORIGINALS: Final = {
    "000_0f991769ccaf2fcb.txt": ("qbitai-ten-ai-trends-2025", "en"),
    "001_665ed680ab1206de.txt": ("ai-computing-center-white-paper", "en"),
    "002_5da7a6c806ee0fa2.txt": ("stanford-ai-index-2025", "zh"),
    "003_606fb6ff1daa9a07.txt": ("cww-compute-2025", "zh"),
    "004_682665925d9ca1c4.txt": ("caict-large-models-second-half", "zh"),
}
"""The briefs of each original, and the original's language."""

LEAST_SHARED: Final = 2
"""Words, or pairs of Han characters, that a brief's sentence must share with the original's: an equal number alone may be chance."""

_LEFT_OUT: Final = Path(__file__).with_name("seeds_left_out.tsv")
_SCALES: Final = {
    "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000,
    "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_IN_WORDS: Final = {"三分之二": "2/3"}
_MARK: Final = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*)"
    r"|(?P<number>\d+(?:,\d{3})+|\d+(?:\.\d+)?)(?: ?(?P<scale>[百千万亿]|thousand\b|million\b|billion\b))?"
)
_HEADING: Final = re.compile(r"(?:\d|[一二三四五六七])、|Group \d:|量子位;|人工智能专题:")
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_WORD: Final = re.compile(r"[a-z]{2,}")
_HAN: Final = re.compile("[一-鿿]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure or a name: as written, and in the form in which it is compared."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A mark with the brief's sentence that states it, or with the reason why none does."""

    slug: str
    mark: Mark
    said: str
    brief: str = ""
    reason: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether no sentence states the mark and no reason is given."""
        return not self.brief and not self.reason


def rows(originals: Path, briefs: Path) -> Iterator[Row]:
    """Yield the table for the originals in one folder and the briefs in another."""
    left_out = [(*key.split("/"), why) for key, why in read_table(_LEFT_OUT).items()]
    for name, (slug, language) in ORIGINALS.items():
        reasons = {words: why for briefs_of, words, why in left_out if briefs_of == slug}
        cleaned = clean(decode((originals / name).read_bytes()))
        brief = sentences(
            (briefs / f"{slug}.{language}.md").read_text("utf-8").split("---\n", 2)[2], language
        )
        carriers = [(sentence, {mark.value for mark in marks(sentence, language)}) for sentence in brief]
        for before, sentence in pairwise(["", *sentences(cleaned.text, language)]):
            for mark in marks(sentence, language):
                reason = _form(sentence) or _reason(mark, sentence, reasons)
                carrier = "" if reason else _carrier(mark, f"{before} {sentence}", carriers)
                yield Row(slug, mark, sentence, carrier, reason)
        for line in cleaned.cut:
            for mark in marks(line.text, language):
                yield Row(slug, mark, line.text, reason=f"cut as {line.rule}")


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences of a text."""
    return [
        line[start:end]
        for line in map(str.strip, text.split("\n"))
        for start, end in sentence_spans(line, language)
    ]


def marks(sentence: str, language: str) -> list[Mark]:
    """Return the figures in a sentence; in a Chinese one also the words in Latin letters, which are names."""
    for words, digits in _IN_WORDS.items():
        sentence = sentence.replace(words, digits)
    return [
        Mark(match[0], _value(match))
        for match in _MARK.finditer(sentence)
        if match["number"] or language == "zh"
    ]


def _value(match: re.Match[str]) -> str:
    """Return a name folded, a number in full."""
    if match["name"]:
        return fold(match["name"]).replace("-", "")
    number = Decimal(match["number"].replace(",", "")) * _SCALES.get(match["scale"] or "", 1)
    return f"{number.normalize():f}"


def _reason(mark: Mark, sentence: str, reasons: Mapping[str, str]) -> str:
    """Return why the words around a mark are left out, "" if they are not."""
    fitting = {words: why for words, why in reasons.items() if words in sentence}
    return next((why for words, why in fitting.items() if mark in marks(words, "zh")), "")


def _form(sentence: str) -> str:
    """Return why a line of the original is no statement, "" if it is one."""
    if _HEADING.match(sentence):
        return "a heading, whose text follows"
    return "the day of publication, in the front matter" if _STAMP.search(sentence) else ""


def _carrier(mark: Mark, said: str, carriers: Sequence[tuple[str, set[str]]]) -> str:
    """Return the sentence with this mark that is closest to the original's words around it, "" if there is none."""
    own = _words(said)
    shared = [
        (len(own & _words(sentence)), sentence) for sentence, values in carriers if mark.value in values
    ]
    count, nearest = max(shared, default=(0, ""))
    return nearest if count >= LEAST_SHARED else ""


def _words(sentence: str) -> frozenset[str]:
    """Return the first letters of a sentence's words, and its pairs of Han characters."""
    folded = fold(sentence)
    pairs = (run[i : i + 2] for run in _HAN.findall(folded) for i in range(len(run) - 1))
    return frozenset([*pairs, *(word[:5] for word in _WORD.findall(folded))])


def main() -> int:
    """Print the table and what is missing."""
    table = list(rows(Path(os.environ["TRENDBOT_SHARED"]) / "seeds", packaged("seeds")))
    for row in table:
        print(row.slug, row.mark.text, row.brief or f"({row.reason or 'missing'})", sep="\t")
    missing = [row for row in table if row.is_missing]
    for row in missing:
        print(f"in no brief of {row.slug}: {row.mark.text}: {row.said}", file=sys.stderr)
    carried = sum(bool(row.brief) for row in table)
    print(f"{len(table)} figures and names, {carried} carried, {len(missing)} missing", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
