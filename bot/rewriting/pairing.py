"""Which numbers belong together in a sentence: each amount with its year, the two ends of a range, a list and its order.

Pure; reads tokens alone. What stands where is compared more generally in `places`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.rewriting.reading import Reading, Token

_RESPECTIVELY = re.compile(r"\brespectively\b|分别|依次")
_DASHED = re.compile(r"\s?[–—~-]\s?")


def keeps_pairs(said: Reading, sources: Sequence[Reading]) -> bool:
    """Whether ranges, amounts with their years, and what only its order tells apart are as in a source."""
    return (
        all(_in_order(said, source) for source in sources)
        and _keeps_ranges(said, sources)
        and _keeps_year_marks(said, sources)
        and keeps_years(said, sources) is not False
    )


def keeps_years(said: Reading, sources: Sequence[Reading]) -> bool | None:
    """Whether the amounts of `said` have the years that the sources give them; None where that cannot be told."""
    across = any(source.language != said.language for source in sources)
    pairs = _in_turn if across else _years
    own, told = pairs(said), [pairs(source) for source in sources]
    known = [(year, [years[amount] for years in told if amount in years]) for amount, year in own.items()]
    if any(years and year not in years for year, years in known):
        return False
    return True if len(known) > 1 and all(years for _, years in known) else None


def _years(reading: Reading) -> dict[str, str]:
    """The year of each amount that stands in a clause with one year, where its clause has one amount or the years differ."""
    pairs = {}
    for clause in reading.clauses:
        years = {token.key for token in clause if token.year}
        amounts = [token.key for token in clause if token.amount is not None]
        if len(years) == 1 and len(amounts) == 1:
            pairs[amounts[0]] = next(iter(years))
    return pairs


def _in_turn(reading: Reading) -> dict[str, str]:
    """The same, and where amounts and years follow each other in turn, as in 2023年占33%，2024年占71%, two and two.

    Chinese has the year before its amount and English behind it, so that this holds between them.
    """
    numbers = [token for token in _numbers(reading) if token.year or token.amount is not None]
    turns = [token.year for token in numbers]
    if len(turns) < 4 or any(a == b for a, b in pairwise(turns)) or len(turns) % 2:
        return _years(reading)
    return {
        (b if a.year else a).key: (a if a.year else b).key
        for a, b in zip(numbers[::2], numbers[1::2], strict=True)
    }


def _in_order(said: Reading, source: Reading) -> bool:
    """Whether what is told apart by its order alone (respectively, 分别) is in the source's order."""
    if not any(_RESPECTIVELY.search(reading.lower) for reading in (said, source)):
        return True
    rest = iter([token.key for token in _numbers(source)])
    return all(token.key in rest for token in _numbers(said))


def _keeps_ranges(said: Reading, sources: Sequence[Reading]) -> bool:
    """Whether two numbers that a dash joins follow each other in a source."""
    neighbours = {(a.key, b.key) for source in sources for a, b in pairwise(_numbers(source))}
    return all(
        (a.key, b.key) in neighbours
        for a, b in pairwise(_numbers(said))
        if _DASHED.fullmatch(said.text[a.start + len(a.text) : b.start])
    )


def _keeps_year_marks(said: Reading, sources: Sequence[Reading]) -> bool:
    """Whether what stands before 年 and is no calendar year, as in 五年, does so in a source of the same language."""
    told = {token.key for source in sources for token in _before_years(source)}
    alike = any(source.language == said.language for source in sources)
    return not alike or all(token.key in told for token in _before_years(said))


def _before_years(reading: Reading) -> list[Token]:
    ends = [(token, token.start + len(token.text)) for token in _numbers(reading)]
    return [token for token, end in ends if not token.year and "年" in reading.text[end - 1 : end + 1]]


def _numbers(reading: Reading) -> list[Token]:
    return [token for token in reading.tokens if token.kind == "number"]
