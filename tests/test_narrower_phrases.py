"""A phrase that the glossary files under a wider topic is judged by its own reports, if it has enough of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from library_kit import TODAY, Shelf, blocks_of

from bot.alerts.due import AlertFinder
from bot.alerts.matches import Matches
from bot.alerts.verdict_evidence import VerdictEvidence
from bot.digests.movement import Movements
from bot.intake.identity import new_report_id
from bot.library.indexing import index_document
from bot.models import Document
from bot.state.alerts import Alert, Quiet
from bot.trends.briefing import Briefing
from bot.trends.events import HistoryReader


def _put(shelf: Shelf, key: str, text: str, published: date) -> None:
    document = Document(key, f"Note {key}", blocks_of(text), "en", f"Wire {key[-1]}", published)
    shelf.library.put(index_document(document, new_report_id(key), shelf.glossary, shelf.segmenter))


@pytest.fixture
def coding(shelf: Shelf) -> Shelf:
    """A library with 20 recent reports on vibe coding and 80 on AI coding, of which 40 write it in another way."""
    for number in range(20):
        _put(
            shelf,
            f"v{number}",
            f"Vibe coding made game {number} popular in town {number}.",
            TODAY - timedelta(number),
        )
    for number in range(40):
        day = TODAY - timedelta(days=9 * number)
        _put(shelf, f"a{number}", f"AI coding wrote tool {number} for village {number}.", day)
        _put(shelf, f"g{number}", f"Code generation built page {number} for ship {number}.", day)
    return shelf


def _briefing(shelf: Shelf, text: str) -> Briefing:
    told = shelf.brief(text)
    assert told
    return told


@pytest.mark.parametrize("text", ["vibe coding", "is vibe coding growing?"])
def test_a_phrase_narrower_than_its_topic_is_judged_by_its_own_reports(coding: Shelf, text: str) -> None:
    told = _briefing(coding, text)
    assert (told.verdict.dated, told.verdict.recent) == (20, 20)
    assert told.wider
    assert told.wider.id == "ai-coding"
    assert all("ibe coding" in point.text for point in told.points)


def test_its_chart_counts_what_its_verdict_counts(coding: Shelf) -> None:
    reader = HistoryReader(coding.library, coding.glossary)
    subject = reader.subject_of(coding.query("vibe coding"))
    assert subject
    assert len(coding.library.reports_mentioning(subject.topics, subject.term)) == 20


def test_an_alert_and_a_monthly_digest_judge_it_as_the_briefing_does(coding: Shelf) -> None:
    matches = Matches(coding.library, coding.glossary, coding.segmenter, coding.search)
    evidence = VerdictEvidence(coding.library, coding.glossary, coding.search)
    finder = AlertFinder(coding.library, matches, evidence, coding.glossary, coding.segmenter)
    alert = Alert("a", 7, 0, 7, "vibe coding", "rising", "", Quiet(0, 0), "en", 0, 0)
    news, verdict = finder.look(alert, [], TODAY)
    assert news, verdict
    assert news.verdict
    assert (verdict, news.verdict.dated) == (_briefing(coding, "vibe coding").verdict.name, 20)
    assert all("ibe coding" in match.statement.wording_for("en").sentence.text for match in news.matches)
    (moved,) = Movements(coding.library, coding.glossary, coding.segmenter).movements_of(
        ["vibe coding"], "month", TODAY
    )
    assert (moved.heading, moved.verdict.recent, moved.verdict.dated) == ("vibe coding", 20, 20)


def test_a_phrase_that_most_reports_on_its_topic_have_stands_for_the_topic(coding: Shelf) -> None:
    told = _briefing(coding, "code generation")
    assert (told.verdict.dated, told.wider) == (100, None)


@pytest.mark.parametrize("full", ["Artificial general intelligence", "Health care"])
def test_a_phrase_that_spells_its_topic_in_another_way_stands_for_the_topic(shelf: Shelf, full: str) -> None:
    short = {"Artificial general intelligence": "AGI", "Health care": "Healthcare"}[full]
    for number in range(80):
        name = full if number < 20 else short
        _put(shelf, f"n{number}", f"{name} changed town {number}.", TODAY - timedelta(days=number))
    told = _briefing(shelf, full)
    assert (told.verdict.dated, told.wider) == (80, None)


def test_a_phrase_that_few_reports_have_is_judged_as_its_topic(coding: Shelf) -> None:
    _put(coding, "p", "AI programming is taught in Bonn.", TODAY)
    assert _briefing(coding, "AI programming").verdict.dated == 101
