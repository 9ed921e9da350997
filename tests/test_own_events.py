"""A comparison's events of each side: news about that name, and not about both."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from library_kit import Shelf, write

from bot.library.glossary import Glossary
from bot.library.terms import term_of
from bot.models import Language
from bot.text.segment import Segmenter
from bot.trends.events import Event, HistoryReader, Subject
from bot.trends.own_events import OwnEvents
from bot.trends.verdict import Span

DAY = date(2025, 3, 7)
FIRST = DAY - timedelta(days=90)


@pytest.fixture
def shelf(tmp_path: Path, glossary: Glossary, segmenter: Segmenter) -> Shelf:
    """An empty library."""
    return Shelf(tmp_path, glossary, segmenter)


def _put(shelf: Shelf, folder: Path, title: str, text: str, back: int = 1, language: str = "en") -> None:
    day = DAY - timedelta(days=back)
    name = f"{back}-{language}.md"
    shelf.take(write(folder, name, text, date=day.isoformat(), title=title, language=language))


def _named(name: str) -> Subject:
    return Subject((), term_of(name))


def _events(shelf: Shelf, name: str, other: str, language: Language = "en") -> tuple[Event, ...]:
    reader = HistoryReader(shelf.library, shelf.glossary)
    history = reader.history(_named(name), language, Span(DAY))
    return OwnEvents(shelf.library, reader).events_of(_named(name), _named(other), history, language, FIRST)


def _headline(shelf: Shelf, name: str, other: str) -> str:
    return _events(shelf, name, other)[0].headline


def test_a_side_is_told_by_the_report_that_says_most_of_it_and_not_of_the_other(
    shelf: Shelf, tmp_path: Path
) -> None:
    _put(
        shelf,
        tmp_path,
        "Zorbax beats Quimbly",
        "Zorbax won in Oslo.\n\nZorbax beat Quimbly.\n\nZorbax ran.",
        1,
    )
    _put(shelf, tmp_path, "Zorbax lands in Oslo", "Zorbax was seen there.\n\nPeople like Zorbax.", 5)
    _put(shelf, tmp_path, "Zorbax sings", "Zorbax was heard.", 2)
    assert _headline(shelf, "zorbax", "quimbly") == "Zorbax lands in Oslo"
    assert _headline(shelf, "quimbly", "zorbax") == "Zorbax beats Quimbly"  # No report is about it alone.


def test_what_is_about_a_name_goes_before_what_only_holds_it(shelf: Shelf, tmp_path: Path) -> None:
    _put(shelf, tmp_path, "The port of Oslo was full of people and Zorbax", "Zorbax came.\n\nZorbax went.", 1)
    _put(shelf, tmp_path, "Zorbax learns to sail", "In Oslo Zorbax sailed.", 3)
    assert _headline(shelf, "zorbax", "quimbly") == "Zorbax learns to sail"


def test_a_compilation_gives_the_heading_of_its_item(shelf: Shelf, tmp_path: Path) -> None:
    text = "## Rain again\n\nIt rained in Oslo.\n\n## Zorbax learns to sail at night\n\nPeople saw Zorbax sail in Oslo."
    _put(shelf, tmp_path, "Daily of the harbour", text)
    assert _headline(shelf, "zorbax", "quimbly") == "Zorbax learns to sail at night"


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Zorbax and boats", "People saw Zorbax sail in Oslo."),
        ("Theme 2: Zorbax learns to sail at night", "People saw Zorbax sail in Oslo."),
        ("3. Zorbax learns to sail at night", "People saw Zorbax sail in Oslo."),
        ("Zorbax 3.5 learns to sail at night", "Zorbax 3.5 learns to sail at night"),
    ],
)
def test_the_title_of_a_section_is_no_headline(shelf: Shelf, tmp_path: Path, heading: str, told: str) -> None:
    text = f"## Rain again\n\nIt rained in Oslo.\n\n## {heading}\n\nPeople saw Zorbax sail in Oslo."
    _put(shelf, tmp_path, "Daily of the harbour", text)
    assert _headline(shelf, "zorbax", "quimbly") == told


def test_without_title_or_heading_a_sentence_that_names_it_alone_is_told(
    shelf: Shelf, tmp_path: Path
) -> None:
    text = "Zorbax and Quimbly met in Oslo. Later Zorbax was seen at the port of the town."
    _put(shelf, tmp_path, "Daily of the harbour", text)
    assert _headline(shelf, "zorbax", "quimbly") == "Later Zorbax was seen at the port of the town."


def test_what_is_older_than_the_window_is_told_where_nothing_newer_is(shelf: Shelf, tmp_path: Path) -> None:
    _put(shelf, tmp_path, "Zorbax lands in Oslo", "Zorbax was seen there.", 200)
    assert _headline(shelf, "zorbax", "quimbly") == "Zorbax lands in Oslo"
    _put(shelf, tmp_path, "Zorbax sings", "Zorbax was heard.", 2)
    assert _headline(shelf, "zorbax", "quimbly") == "Zorbax sings"


def test_who_reads_chinese_is_told_the_title_of_the_chinese_edition(shelf: Shelf, tmp_path: Path) -> None:
    _put(shelf, tmp_path, "Zorbax 抵达奥斯陆", "人们在港口看到了 Zorbax 的本领。", 1, "zh")
    events = _events(shelf, "zorbax", "quimbly", "zh")
    assert events[0].headline == "Zorbax 抵达奥斯陆"


def test_a_sentence_in_the_readers_language_goes_before_a_title_in_another(
    shelf: Shelf, tmp_path: Path
) -> None:
    _put(shelf, tmp_path, "Zorbax 抵达奥斯陆", "人们在港口看到了 Zorbax 的本领。", 1, "zh")
    assert _headline(shelf, "zorbax", "quimbly") == "Zorbax 抵达奥斯陆"  # There is no other.
    _put(shelf, tmp_path, "Daily of the harbour", "People saw Zorbax sail in Oslo.", 5)
    assert _headline(shelf, "zorbax", "quimbly") == "People saw Zorbax sail in Oslo."


def test_what_no_report_names_has_no_event(shelf: Shelf, tmp_path: Path) -> None:
    _put(shelf, tmp_path, "Rain", "It rained in Oslo.")
    assert _events(shelf, "zorbax", "quimbly") == ()


def test_a_second_event_is_of_another_report_and_never_on_both(shelf: Shelf, tmp_path: Path) -> None:
    _put(shelf, tmp_path, "Zorbax sails", "Zorbax left Oslo.\n\nZorbax is fast.\n\nZorbax won.", 1)
    _put(shelf, tmp_path, "Zorbax beats Quimbly", "Zorbax beat Quimbly in Oslo.", 2)
    assert [event.headline for event in _events(shelf, "zorbax", "quimbly")] == ["Zorbax sails"]
    _put(shelf, tmp_path, "Zorbax lands in Rome", "Zorbax came to Rome in the rain.", 4)
    told = [event.headline for event in _events(shelf, "zorbax", "quimbly")]
    assert told == ["Zorbax sails", "Zorbax lands in Rome"]
