"""A sentence and its translation are one statement, so readers of both languages get the same evidence."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import TODAY, Shelf

from bot.app import App
from bot.library.query import understand
from bot.models import Language
from bot.trends.statements import Statement, statements

ENGLISH = "Compute is scarce. Prices rose by 20% in 2025.\n\nChips are made in Taiwan. Compute needs power."
CHINESE = "算力紧张。2025年价格上涨20%。\n\n芯片产自台湾。算力需要电力。"


def told(shelf: Shelf, text: str, language: Language = "en") -> list[Statement]:
    query = shelf.query(text)
    found = shelf.search.evidence(query)
    reports = shelf.library.reports(indexed.passage.report_id for indexed in found.values())
    return statements(found.values(), reports, query, language)


def words(statement: Statement) -> dict[str, str]:
    return {language: wording.sentence.text for language, wording in statement.wordings.items()}


def test_a_sentence_and_its_translation_are_one_statement(shelf: Shelf) -> None:
    report = shelf.put("a", ENGLISH, "en", date(2026, 1, 1))
    shelf.put("a", CHINESE, "zh")
    found = told(shelf, "compute")
    assert [(s.key, s.direct, words(s)) for s in found] == [
        ((report, 0, 0), True, {"en": "Compute is scarce.", "zh": "算力紧张。"}),
        ((report, 0, 1), False, {"en": "Prices rose by 20% in 2025.", "zh": "2025年价格上涨20%。"}),
        ((report, 1, 0), False, {"en": "Chips are made in Taiwan.", "zh": "芯片产自台湾。"}),
        ((report, 1, 1), True, {"en": "Compute needs power.", "zh": "算力需要电力。"}),
    ]
    assert [s.wording_for("zh").sentence.text for s in found] == [words(s)["zh"] for s in found]


def test_a_statement_in_one_language_is_told_in_it(shelf: Shelf) -> None:
    shelf.put("a", CHINESE, "zh")
    assert {s.wording_for("en").passage.language for s in told(shelf, "compute")} == {"zh"}


def test_the_newest_report_comes_first_and_undated_ones_last(shelf: Shelf) -> None:
    ids = [
        shelf.put(name, ENGLISH, "en", day)
        for name, day in (("old", date(2025, 1, 1)), ("undated", None), ("new", date(2026, 1, 1)))
    ]
    assert list(dict.fromkeys(s.report.id for s in told(shelf, "compute"))) == [ids[2], ids[0], ids[1]]


def test_passages_with_different_counts_of_sentences_are_told_in_one_language(shelf: Shelf) -> None:
    shelf.put("a", "Compute is scarce. It will stay so.\n\nChips fell.", "en")
    shelf.put("a", "算力紧张，并将持续。\n\n芯片下跌。", "zh")
    told_in: dict[Language, list[str]] = {
        "en": ["Compute is scarce.", "It will stay so."],
        "zh": ["算力紧张，并将持续。"],
    }
    for language, expected in told_in.items():
        found = told(shelf, "算力", language)
        assert [s.wording_for(language).sentence.text for s in found] == expected


def test_editions_that_do_not_run_parallel_are_told_in_the_readers_language(shelf: Shelf) -> None:
    shelf.put("a", "Tea rose.\n\nCompute is scarce.\n\nSilk fell.", "en")
    shelf.put("a", "算力紧张。", "zh")
    assert [words(s) for s in told(shelf, "compute", "en")] == [{"en": "Compute is scarce."}]
    assert [words(s) for s in told(shelf, "compute", "zh")] == [{"zh": "算力紧张。"}]


def test_a_report_that_has_gone_in_between_is_left_out(shelf: Shelf) -> None:
    shelf.put("a", ENGLISH)
    query = shelf.query("compute")
    assert statements(shelf.search.evidence(query).values(), {}, query, "en") == []


def test_what_is_direct_holds_the_words_itself(shelf: Shelf) -> None:
    shelf.put("a", "The harvest was poor. Tea prices doubled.")
    assert [(words(s)["en"], s.direct) for s in told(shelf, "tea prices")] == [
        ("The harvest was poor.", False),
        ("Tea prices doubled.", True),
    ]


def places(app: App, text: str, language: Language) -> list[tuple[str, int, int]] | None:
    """Return the places of a briefing's points as (report, passage, sentence), None without a briefing."""
    briefing = app.briefer.brief(understand(text, app.glossary, app.segmenter), language, TODAY)
    if briefing is None:
        return None
    found = []
    for point in briefing.points:
        passage = app.library.passage(briefing.citations[point.citation - 1])
        assert passage is not None
        index = [sentence.text for sentence in passage.sentences].index(point.text)
        found.append((passage.report_id, passage.position, index))
    return found


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("/trend compute", "/trend 算力"),
        ("what about compute", "算力最近怎么样？"),
        ("compute -chips", "算力 -芯片"),
    ],
)
def test_a_question_in_either_language_is_answered_from_the_same_evidence(
    english: str, chinese: str, app: App
) -> None:
    english, chinese = english.removeprefix("/trend "), chinese.removeprefix("/trend ")
    expected = places(app, english, "en")
    assert expected is not None
    assert len(expected) == 5
    assert places(app, chinese, "zh") == expected
    assert places(app, chinese, "en") == expected


def test_every_topic_is_answered_from_the_same_evidence(app: App) -> None:
    answered = 0
    for topic in app.glossary.topics.values():
        english = places(app, topic.names["en"], "en")
        assert places(app, topic.names["zh"], "zh") == english, topic.id
        answered += english is not None
    assert answered >= 30
