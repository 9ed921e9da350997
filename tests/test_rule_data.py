"""Rule data has one form: a header that says what belongs there, then sorted entries, each once."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from bot.text.rule_data import any_of, any_whole, read_rows, read_table, read_words

BOT = Path(__file__).parents[1] / "bot"
PAGE = BOT / "playground/page"
"""Loaded by the browser; no rule data."""
DATA = sorted(path for ending in ("txt", "tsv") for path in BOT.rglob(f"*.{ending}"))
BELONGS, DOES_NOT = "# Belongs here: ", "# Does not: "


def name_of(path: Path) -> str:
    return path.relative_to(BOT).as_posix()


def faults(text: str, *, table: bool) -> list[str]:
    """Return the faults in the text of a data file, one sentence each."""
    lines = text.removesuffix("\n").split("\n")
    header = [line for line in lines if line.startswith("#")]
    entries = lines[len(header) :]
    keys = [entry.split("\t")[0] for entry in entries]
    found = [
        f'the header has no line that begins with "{start.strip()}" and says something'
        for start in (BELONGS, DOES_NOT)
        if not any(line.startswith(start) and len(line) >= len(start) + 10 for line in header)
    ]
    if lines[: len(header)] != header:
        found.append("a line that begins with # stands among the entries")
    if not entries or not text.endswith("\n"):
        found.append("the file is empty or its last line is not ended")
    found += [f"{key!r} is there twice" for key, times in sorted(Counter(keys).items()) if times > 1]
    found += [
        f"{before!r} stands before {after!r}: sort with LC_ALL=C sort"
        for before, after in pairwise(entries)
        if before > after
    ]
    if len({entry.count("\t") for entry in entries}) > 1 or table != ("\t" in text):
        found.append("entries have different numbers of columns, or a .txt has tabs, or a .tsv none")
    for entry in entries:
        parts = entry.split("\t")
        if any(part != part.strip() for part in parts) or not parts[0]:
            found.append(f"{entry!r} has a space at an end of a column, or no key")
        if unicodedata.normalize("NFC", entry) != entry or "\r" in entry:
            found.append(f"{entry!r} is not in NFC, or ends in a carriage return")
    return found


def test_there_are_data_files() -> None:
    assert len(DATA) > 2


def test_nothing_but_code_and_rule_data_lies_in_the_package() -> None:
    other = [
        name_of(path)
        for path in BOT.rglob("*")
        if path.is_file() and path not in DATA and path.suffix not in {".py", ".pyc"}
        if PAGE not in path.parents and path.name != "py.typed"
    ]
    assert other == []


@pytest.mark.parametrize("path", DATA, ids=name_of)
def test_a_data_file_is_in_form(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), table=path.suffix == ".tsv") == []


@pytest.mark.parametrize("path", DATA, ids=name_of)
def test_a_data_file_lies_beside_the_module_that_reads_it(path: Path) -> None:
    assert any(f'"{path.name}"' in module.read_text("utf-8") for module in path.parent.glob("*.py"))


HEADER = f"{BELONGS}names of fruit that we sell\n{DOES_NOT}vegetables, berries\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("apple\npear\n", "the header has no line"),
        (f"{BELONGS}\n{DOES_NOT}vegetables, berries\napple\n", "the header has no line"),
        (HEADER + "apple\napple\n", "'apple' is there twice"),
        (HEADER + "pear\napple\n", "'pear' stands before 'apple'"),
        (HEADER + "apple \n", "'apple ' has a space"),
        (HEADER + "apple\tred\n", "entries have different numbers of columns"),
        (HEADER + "apple\n# green ones\npear\n", "a line that begins with # stands among the entries"),
        (HEADER + "apple", "the file is empty or its last line is not ended"),
        (HEADER, "the file is empty"),
        (HEADER + "cafe\u0301\n", "is not in NFC"),
    ],
)
def test_a_fault_of_a_list_is_named(text: str, fault: str) -> None:
    assert any(fault in said for said in faults(text, table=False))


def test_one_key_with_two_values_is_a_fault_of_a_table() -> None:
    assert faults(HEADER + "apple\tgreen\napple\tred\n", table=True) == ["'apple' is there twice"]
    assert faults(HEADER + "apple\tgreen\npear\tred\n", table=True) == []


def test_files_are_read_without_their_header(tmp_path: Path) -> None:
    words, table = tmp_path / "words.txt", tmp_path / "table.tsv"
    words.write_text(HEADER + "apple\n苹果\n", encoding="utf-8")
    table.write_text(HEADER + "apple\tred\n苹果\t红\n", encoding="utf-8")
    assert read_words(words) == {"apple", "苹果"}
    assert read_rows(table) == (("apple", "red"), ("苹果", "红"))
    assert read_table(table) == {"apple": "red", "苹果": "红"}


@pytest.mark.parametrize("build", [any_of, any_whole])
def test_a_pattern_of_many_words_finds_what_a_list_of_them_finds(
    build: Callable[[Iterable[str]], str],
) -> None:
    """The pattern branches by character; the plain list, longest first, is what it stands for."""
    chance = random.Random(5)  # noqa: S311 -- words for a test
    for _ in range(300):
        words = {"".join(chance.choices("ab算. ", k=chance.randint(1, 4))).strip() or "a" for _ in range(6)}
        edge = {end: r"\b" * (build is any_whole and end in "ab") for end in "ab算. "}
        longest_first = sorted(words, key=len, reverse=True)
        listed = "|".join(f"{edge[word[0]]}{re.escape(word)}{edge[word[-1]]}" for word in longest_first)
        text = "".join(chance.choices("ab算. ", k=60))
        assert re.findall(build(words), text) == re.findall(listed, text)


def test_a_star_stands_for_any_further_letters() -> None:
    found = re.compile(any_of(["releas*", "release note"]))
    assert found.findall("released, release notes, releas") == ["released", "release note", "releas"]
