"""How texts write a term: the name that it is known by, and whether it is written as a name."""

from __future__ import annotations

import pytest

from bot.trends.spelling import is_written_as_name, name_in


@pytest.mark.parametrize(
    ("texts", "term", "name"),
    [
        (["Reka Flash 3 is out", "with Reka Flash 3, said", "Reka Flash 3.", "like Reka Flash"], "reka flash", "Reka Flash 3"),
        (["the Model Context Protocol"] * 4, "context protocol", "Model Context Protocol"),
        (["use Gemini-exp-1121 now"] * 4, "exp 1121", "Gemini-exp-1121"),
        (["The Gemma is out", "The Gemma ran", "The Gemma", "The Gemma"], "gemma", "Gemma"),
        (["Gemma 3", "Gemma 3", "Gemma 2", "Gemma", "Gemma 3"], "gemma", "Gemma"),
        (["Reka Flash 3"] * 3, "reka flash", "Reka Flash"),
        (["grok 3", "Grok-3", "Grok-3"], "grok 3", "Grok-3"),
        ([], "zorbax", "zorbax"),
        (["量子鲸 Alpha 发布"] * 4, "量子鲸", "量子鲸 Alpha"),
    ],
)  # fmt: skip
def test_a_name_is_told_as_it_is_written_most_with_what_always_belongs_to_it(
    texts: list[str], term: str, name: str
) -> None:
    assert name_in(texts, term) == name


@pytest.mark.parametrize(
    ("term", "sentences", "named"),
    [
        ("rate limits", ["They met rate limits.", "Again rate limits, and Rate Limits."], False),
        ("rate limits", ["Rate Limits Return: they met rate limits in Oslo."], False),
        ("open source ai", ["People like open source AI.", "They talk of open source AI."], False),
        ("eureka labs", ["He founded Eureka Labs.", "They like Eureka Labs."], True),
        ("operator", ["It launched Operator today.", "People use Operator, said an operator."], True),
        ("gpt 4o mini", ["They use gpt-4o-mini.", "We use gpt-4o-mini."], True),
        ("量子鲸", ["他们发布了量子鲸。"], True),
        ("zorbax", [], True),
    ],
)
def test_what_is_written_mostly_in_small_letters_is_no_name(
    term: str, sentences: list[str], named: bool
) -> None:
    assert is_written_as_name(term, sentences) is named
