"""Whether a text speaks to language models, as a passage that wants to give them orders does. Reads words alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_words


def speaks_to_models(text: str) -> bool:
    """Whether `text` addresses a language model: such a passage is left out of prompts."""
    lines = (" ".join(line.split()) for line in fold(text).split("\n"))
    return _pattern().search("\n".join(lines)) is not None


@cache
def _pattern() -> re.Pattern[str]:
    words = read_words(Path(__file__).with_name("model_addresses.txt"))
    # A role with a colon begins a line or a sentence; elsewhere it is a word of the report.
    roles = any_of(word for word in words if word.endswith(":"))
    latin = any_of(word for word in words if word.isascii() and not word.endswith(":"))
    han = any_of(word for word in words if not word.isascii() and not word.endswith(":"))
    return re.compile(rf"(?:^|[.!?。]\s*)(?:{roles})|(?<![a-z])(?:{latin})|{han}", re.MULTILINE)
