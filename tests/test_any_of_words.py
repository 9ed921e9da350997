"""Whether a text contains any of many words is found in one pass, as if each were looked for."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.rule_data import AnyOfWords


def test_a_word_counts_anywhere_even_inside_another() -> None:
    assert AnyOfWords(["版权", "cookie"]).occurs_in("accept all cookies")


def test_a_word_in_another_case_does_not_count() -> None:
    assert not AnyOfWords(["cookie"]).occurs_in("Cookies")


def test_without_words_nothing_occurs() -> None:
    assert not AnyOfWords([]).occurs_in("cookie")


@settings(max_examples=200)
@given(st.lists(st.text("ab版权", min_size=1, max_size=4), max_size=6), st.text("abc版权"))
def test_gives_what_looking_for_each_word_gives(words: list[str], text: str) -> None:
    assert AnyOfWords(words).occurs_in(text) == any(word in text for word in words)
