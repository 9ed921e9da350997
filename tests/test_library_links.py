"""A recap links the library where a report is on the same thing as the talk, not where it only has the same wide topic."""

from __future__ import annotations

from datetime import timedelta

import pytest
from library_kit import TODAY, Shelf
from talk_kit import talk

from bot.recaps.library_links import EvidenceFinder


@pytest.fixture
def held(shelf: Shelf) -> Shelf:
    """A library with 60 reports on costs, 30 each on Nvidia and DeepSeek, and one each on what they say together."""
    for number in range(60):
        day = TODAY - timedelta(days=number)
        shelf.put(f"c{number}", f"Costs of mill {number} fell in village {number}.", published=day)
        if number < 30:
            shelf.put(f"n{number}", f"Nvidia opened office {number} in town {number}.", published=day)
            shelf.put(f"d{number}", f"DeepSeek hired person {number} in city {number}.", published=day)
    shelf.put(
        "pair", "DeepSeek trained its model on Nvidia chips that it had bought before.", published=TODAY
    )
    shelf.put("card", "Nvidia sells the Jetson board to schools in Graz.", published=TODAY)
    shelf.put("cool", "Liquid cooling came to a hall in Graz.", published=TODAY)
    return shelf


def linked(shelf: Shelf, said: str) -> dict[str, str]:
    """Return the topics that a recap of a talk links, each with the text of its passage."""
    messages = talk(said)
    finder = EvidenceFinder(shelf.library, shelf.glossary, shelf.segmenter)
    found = finder.of([(m, frozenset({0})) for m in messages], [m.text for m in messages], "en")
    passages = {known.topic.id: shelf.library.passage(known.passage_id) for known in found}
    return {topic: passage.text for topic, passage in passages.items() if passage is not None}


@pytest.mark.parametrize(
    "said",
    [
        "Ann: the costs of the hall are too high\nBo: which costs? the rent?\nAnn: all costs",
        "Ann: costs again\nBo: the costs in village nine were lower",
        "Ann: Nvidia sent a bill\nBo: Nvidia always sends bills",
        "小雨: 会议室的成本太高\n陈浩: 成本还行吧",
    ],
)
def test_a_topic_that_the_talk_only_mentions_is_not_linked(held: Shelf, said: str) -> None:
    assert linked(held, said) == {}


def test_two_names_spoken_of_together_open_a_report_on_both(held: Shelf) -> None:
    found = linked(held, "Ann: did DeepSeek train on Nvidia?\nBo: I read that DeepSeek had Nvidia cards")
    assert found.keys() == {"deepseek", "nvidia"}
    assert all("bought before" in text for text in found.values())


def test_a_rare_name_said_beside_the_topic_chooses_the_report(held: Shelf) -> None:
    found = linked(held, "Ann: has anybody tried the Jetson of Nvidia?\nBo: yes, Nvidia gave us one")
    assert "Jetson" in found["nvidia"]


def test_a_rare_topic_is_linked_by_itself(held: Shelf) -> None:
    found = linked(held, "Ann: liquid cooling would fit the hall\nBo: ok")
    assert "came to a hall" in found["liquid-cooling"]
