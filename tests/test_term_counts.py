"""The counts of terms in library.db: stored with the editions, by days and origins, and the rises among them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from library_kit import NOW, Shelf, write

from bot.intake.identity import new_report_id
from bot.library.glossary import Glossary
from bot.models import Topic
from bot.text.segment import Segmenter
from bot.trends.rising import Window
from bot.trends.rising_terms import RisingTerms

DAY = date(2025, 3, 7)


@pytest.fixture
def shelf(tmp_path: Path, glossary: Glossary, segmenter: Segmenter) -> Shelf:
    """An empty library."""
    return Shelf(tmp_path, glossary, segmenter)


def _rows(shelf: Shelf, term: str) -> dict[str, int]:
    """Return the number of items of each report in which a term occurs."""
    editions = {e.key: e for e in shelf.library.dated_editions(date.min, date.max)}
    texts = shelf.library.term_texts(shelf.library.frequent_terms(editions, 1))
    keys = [key for key, text in texts.items() if text == term]
    held = shelf.library.occurrences(keys, editions)
    return {editions[edition].report: items for key in keys for edition, items in held[key]}


def _fill(shelf: Shelf, *, days: int = 40, burst: int = 5) -> None:
    """Store a report a day about the weather; the last `burst` of them are about Zorbax instead."""
    for back in range(days):
        told = f"People of Number{back} see what Zorbax can do." if back < burst else f"It rained on {back}."
        text = f"The harbour of Town{back} was calm, said Harbour Watch on morning {back}. {told}"
        shelf.put(f"day {back}", text, published=DAY - timedelta(days=back))


def test_items_of_a_compilation_are_counted_and_a_term_once_in_each(shelf: Shelf, tmp_path: Path) -> None:
    text = (
        "# Daily\n\n## Labs\n\nThe agent Zorbax was shown. They say Zorbax works.\n\n"
        "## Shops\n\nPeople buy Zorbax.\n\n## Rain\n\nIt rained all day long in Oslo."
    )
    shelf.take(write(tmp_path, "daily.md", text, date="2025-03-07"))
    (edition,) = shelf.library.dated_editions(DAY, DAY)
    assert edition.items == 3
    assert set(_rows(shelf, "zorbax").values()) == {2}


def test_an_edition_that_is_put_again_or_taken_out_leaves_no_counts(shelf: Shelf) -> None:
    shelf.put("one", "They showed Zorbax in Wuhan.", published=DAY)
    shelf.put("one", "They showed Sora in Wuhan.", published=DAY)
    assert not _rows(shelf, "zorbax")
    assert _rows(shelf, "wuhan") == {new_report_id("one"): 1}
    shelf.library.remove(new_report_id("one"))
    assert not _rows(shelf, "wuhan")


def test_a_day_that_a_translation_brings_moves_the_counts(shelf: Shelf) -> None:
    shelf.put("one", "They showed Zorbax in Wuhan.")
    assert not shelf.library.dated_editions(date.min, date.max)
    shelf.put("one", "他们在武汉展示了Zorbax。", "zh", published=DAY)
    assert {e.language for e in shelf.library.dated_editions(DAY, DAY)} == {"en", "zh"}


def test_what_is_said_on_the_last_days_rises_and_what_is_said_every_day_does_not(shelf: Shelf) -> None:
    _fill(shelf)
    told = RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7))
    assert told.enough
    assert [(rise.term, rise.count) for rise in told.rises] == [("zorbax", 5)]
    assert told.rises[0].since == DAY - timedelta(days=4)
    assert (told.reports, told.items) == (7, 7)


def test_copies_and_translations_make_nothing_rise_more(shelf: Shelf) -> None:
    _fill(shelf)
    before = RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7))
    copied = shelf.library.passages_at(new_report_id("day 0"), "en", [0])[0].text
    for number in range(20):
        shelf.put(f"copy {number}", copied, published=DAY)
    after = RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7))
    assert [(r.term, r.count, r.tail) for r in after.rises] == [
        (r.term, r.count, r.tail) for r in before.rises
    ]


def test_as_of_a_day_what_came_later_is_not_counted(shelf: Shelf) -> None:
    _fill(shelf)
    shelf.library.see_until(DAY - timedelta(days=5))
    told = RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7))
    assert not told.rises


def test_a_library_of_ten_days_says_that_it_is_too_young(shelf: Shelf) -> None:
    _fill(shelf, days=10)
    assert not RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7)).enough


def test_a_rebuild_counts_the_same_again(shelf: Shelf, tmp_path: Path) -> None:
    shelf.take(write(tmp_path, "one.md", "# One\n\nThey showed Zorbax in Wuhan.", date="2025-03-07"))
    before = _rows(shelf, "zorbax")
    assert before
    (seeds := tmp_path / "seeds").mkdir()
    list(shelf.ingest.rebuild(seeds, int(NOW.timestamp()), {}))
    assert _rows(shelf, "zorbax") == before


def test_a_topic_that_an_operator_adds_is_counted_in_what_is_there(shelf: Shelf) -> None:
    shelf.put("one", "They showed Zorbax in Wuhan.", published=DAY)
    topic = Topic("zorbax", {"en": "Zorbax", "zh": "Zorbax"}, {"en": ("Zorbax",), "zh": ("Zorbax",)})
    shelf.library.count_own_topics([topic])
    assert _rows(shelf, "#zorbax") == {new_report_id("one"): 1}
    shelf.library.count_own_topics([])
    assert not _rows(shelf, "#zorbax")


def test_a_translation_counts_no_second_time_and_names_are_those_of_the_english_edition(shelf: Shelf) -> None:
    _fill(shelf)
    before = RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7))
    for back in range(5):
        told = f"观察员{back}说，港口的人看到了Zorbax的本领。"
        shelf.put(f"day {back}", told, "zh", published=DAY - timedelta(days=back))
    assert RisingTerms(shelf.library, shelf.glossary).rising(Window(DAY, 7)) == before
