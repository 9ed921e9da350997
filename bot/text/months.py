"""The English names of months, full and short, with their numbers. Chinese months are numbers."""

from __future__ import annotations

from pathlib import Path

from bot.text.rule_data import any_of, read_table

MONTHS = {
    name: int(number) for name, number in read_table(Path(__file__).with_name("month_names.tsv")).items()
}
"""The number of each month, 1 to 12, by its name in lower case."""

MONTH_NAME = f"(?:{any_of(MONTHS)})"
"""A pattern that matches any of the names, the longest first."""
