"""Of several topics, the passages of the rarest are looked through, however the question orders them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.library.counts import in_one_passage

_PASSAGES = {"ai": 75_681, "nvidia": 3_790, "china": 1_020}


@pytest.mark.parametrize(
    "topics", [("ai", "nvidia", "china"), ("china", "nvidia", "ai"), ("nvidia", "ai", "china")]
)
def test_the_rarest_topic_comes_first(topics: tuple[str, ...]) -> None:
    _, values = in_one_passage(topics, lambda: _PASSAGES)
    assert values == ("china", "nvidia", "ai")


def test_a_topic_that_no_passage_has_is_the_rarest() -> None:
    _, values = in_one_passage(("ai", "gaming"), lambda: _PASSAGES)
    assert values == ("gaming", "ai")


def test_one_topic_has_no_condition_and_asks_for_no_counts() -> None:
    def counts() -> Mapping[str, int]:
        raise AssertionError

    assert in_one_passage(("ai",), counts) == ("", ())
