"""The words with a fixed meaning in commands' arguments, the same for every command: on, off, add, remove."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.text.normalise import fold_script
from bot.text.rule_data import read_table


def argument_meaning(word: str) -> str:
    """Return the meaning of a word in any case and script, by its English name: "off" for 关闭; "" if it has none."""
    return _meanings().get(fold_script(word.strip()), "")


@cache
def _meanings() -> dict[str, str]:
    return read_table(Path(__file__).with_name("argument_words.tsv"))
