"""Checks which numbers of a sentence belong together: amount and year, the ends of a range, the order of a list.

Pure; reads tokens alone. `places` compares the positions of names and numbers in general.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.rewriting.reading import Reading, Token

_RESPECTIVELY = re.compile(r"\brespectively\b|分别|依次")
_DASHED = re.compile(r"\s?[–—~-]\s?")


def keeps_pairs(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether ranges, pairs of amount and year, and lists in order are as in a source."""
    return (
        all(_in_order(sentence, source) for source in sources)
        and _keeps_ranges(sentence, sources)
        and _keeps_year_marks(sentence, sources)
        and keeps_years(sentence, sources) is not False
    )


def keeps_years(sentence: Reading, sources: Sequence[Reading]) -> bool | None:
    """Return whether the amounts of `sentence` have the years that the sources give them; None where undecided."""
    across = any(source.language != sentence.language for source in sources)
    pairs = _in_turn if across else _years
    own, source_pairs = pairs(sentence), [pairs(source) for source in sources]
    known = [
        (year, [years[amount] for years in source_pairs if amount in years]) for amount, year in own.items()
    ]
    if any(years and year not in years for year, years in known):
        return False
    return True if len(known) > 1 and all(years for _, years in known) else None


def _years(reading: Reading) -> dict[str, str]:
    """Return the year of each amount, by keys, from clauses with exactly one year and one amount."""
    pairs = {}
    for clause in reading.clauses:
        years = {token.key for token in clause if token.year}
        amounts = [token.key for token in clause if token.amount is not None]
        if len(years) == 1 and len(amounts) == 1:
            pairs[amounts[0]] = next(iter(years))
    return pairs


def _in_turn(reading: Reading) -> dict[str, str]:
    """Return the year of each amount, pairing neighbours where amounts and years alternate: 2023年占33%，2024年占71%.

    Otherwise fall back to `_years`. Chinese puts the year before its amount and English after it; pairing neighbours
    two by two makes both comparable.
    """
    numbers = [token for token in _numbers(reading) if token.year or token.amount is not None]
    turns = [token.year for token in numbers]
    if len(turns) < 4 or any(a == b for a, b in pairwise(turns)) or len(turns) % 2:
        return _years(reading)
    return {
        (b if a.year else a).key: (a if a.year else b).key
        for a, b in zip(numbers[::2], numbers[1::2], strict=True)
    }


def _in_order(sentence: Reading, source: Reading) -> bool:
    """Return whether `sentence` keeps the source's order of numbers where only the order pairs them (respectively, 分别)."""
    if not any(_RESPECTIVELY.search(reading.lower) for reading in (sentence, source)):
        return True
    rest = iter([token.key for token in _numbers(source)])
    return all(token.key in rest for token in _numbers(sentence))


def _keeps_ranges(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether each two numbers joined by a dash are also neighbours in a source."""
    neighbours = {(a.key, b.key) for source in sources for a, b in pairwise(_numbers(source))}
    return all(
        (a.key, b.key) in neighbours
        for a, b in pairwise(_numbers(sentence))
        if _DASHED.fullmatch(sentence.text[a.start + len(a.text) : b.start])
    )


def _keeps_year_marks(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Return whether numbers before 年 that are no calendar year (五年) also precede 年 in a source of the same language."""
    marked_keys = {token.key for source in sources for token in _before_years(source)}
    alike = any(source.language == sentence.language for source in sources)
    return not alike or all(token.key in marked_keys for token in _before_years(sentence))


def _before_years(reading: Reading) -> list[Token]:
    ends = [(token, token.start + len(token.text)) for token in _numbers(reading)]
    return [token for token, end in ends if not token.year and "年" in reading.text[end - 1 : end + 1]]


def _numbers(reading: Reading) -> list[Token]:
    return [token for token in reading.tokens if token.kind == "number"]
