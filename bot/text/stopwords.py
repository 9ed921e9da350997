"""Words of a question that say nothing about its subject: never required, and searched only if there are no others."""

from __future__ import annotations

from pathlib import Path

from bot.text.rule_data import read_words

STOPWORDS = frozenset().union(
    *(read_words(Path(__file__).with_name(name)) for name in ("stop_words_en.txt", "stop_words_zh.txt"))
)
"""The stop words of every language, because a question may mix them."""
