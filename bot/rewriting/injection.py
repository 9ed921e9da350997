"""Detects text addressed to language models: prompt injection in a passage. Matches a list of phrases and nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_words


def addresses_models(text: str) -> bool:
    """Return whether `text` addresses a language model. Such a passage is left out of prompts."""
    lines = (" ".join(line.split()) for line in fold(text).split("\n"))
    return _pattern().search("\n".join(lines)) is not None


@cache
def _pattern() -> re.Pattern[str]:
    words = read_words(Path(__file__).with_name("model_addresses.txt"))
    # A role with a colon ("system:") counts only at the beginning of a line or sentence; elsewhere it is an ordinary
    # word.
    roles = any_of(word for word in words if word.endswith(":"))
    latin = any_of(word for word in words if word.isascii() and not word.endswith(":"))
    han = any_of(word for word in words if not word.isascii() and not word.endswith(":"))
    return re.compile(rf"(?:^|[.!?。]\s*)(?:{roles})|(?<![a-z])(?:{latin})|{han}", re.MULTILINE)
