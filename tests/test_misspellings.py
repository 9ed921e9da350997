"""A misspelled name is asked about, with a button that opens what was probably meant."""

from __future__ import annotations

import pytest
from library_kit import TODAY, Shelf

from bot.trends.spelling import meant_by


@pytest.fixture
def zorblaxian(shelf: Shelf) -> Shelf:
    """A library that has Zorblaxian forty times, and twice misspelled."""
    for number in range(40):
        shelf.put(f"z{number}", f"Zorblaxian sold {number} pumps.", published=TODAY)
    for number in range(2):
        shelf.put(f"m{number}", f"Number {number} of the mill is called Zorblaxin.", published=TODAY)
    shelf.put("rare", "Quarries near Kiel are run by Morblay.", published=TODAY)
    return shelf


@pytest.mark.parametrize("typed", ["zorblaxin", "zorbaxian", "zorblaxain", "zorblaxiam", "zzorblaxian"])
def test_the_frequent_word_one_letter_away_was_meant(zorblaxian: Shelf, typed: str) -> None:
    assert meant_by([typed], zorblaxian.library) == {typed: "zorblaxian"}


@pytest.mark.parametrize("typed", ["zorblaxian", "morblay", "zorblx", "zo", "kestrel"])
def test_what_is_spelled_well_or_like_nothing_is_left_alone(zorblaxian: Shelf, typed: str) -> None:
    assert meant_by([typed], zorblaxian.library) == {}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("marbld", "marbled"),
        ("handld", "handled"),
        ("juggld", "juggled"),
        ("settld", "settled"),
        ("saddld", "saddled"),
    ],
)
def test_a_stem_that_is_no_word_is_not_offered(shelf: Shelf, typed: str, word: str) -> None:
    for number in range(40):
        shelf.put(f"r{number}", f"Shop {number} sells {word} in Oslo.")
    assert meant_by([typed], shelf.library) == {typed: word}
