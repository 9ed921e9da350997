"""A briefing says only what its reports say, each thing once, in a message that can be read and sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from library_kit import NOW, TODAY, Shelf

from bot.app import App
from bot.dialogue.events import TextEvent
from bot.dialogue.router import Router
from bot.library.query import understand
from bot.models import Language, Passage
from bot.playground.cleaning import units
from bot.playground.markup import parse
from bot.trends.briefer import POINTS
from bot.trends.briefing import FIGURES, MORE_FIGURES, MORE_POINTS, Briefing
from bot.trends.quotes import FigurePoint, Point
from bot.trends.ranking import rank, similarity
from bot.trends.statements import statements

SAME = 0.55
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A briefing on the seeds, with its topic and language."""

    topic: str
    language: Language
    briefing: Briefing

    @property
    def points(self) -> tuple[Point, ...]:
        return self.briefing.points + self.briefing.more_points

    @property
    def figures(self) -> tuple[FigurePoint, ...]:
        return self.briefing.figures + self.briefing.more_figures

    def __str__(self) -> str:
        return f"{self.topic} in {self.language}"


@pytest.fixture(scope="module")
def told(app: App) -> list[Delivered]:
    """Briefings on every glossary topic that the seeds cover, in both languages."""
    found = []
    for topic in app.glossary.topics.values():
        for language in LANGUAGES:
            query = understand(topic.names[language], app.glossary, app.segmenter)
            briefing = app.briefer.brief(query, language, TODAY)
            if briefing is not None:
                found.append(Delivered(topic.id, language, briefing))
    assert len(found) > 200
    return found


def cited(app: App, told: Delivered, line: Point | FigurePoint) -> Passage:
    """Return the passage that a line's citation opens."""
    passage = app.library.passage(told.briefing.citations[line.citation - 1])
    assert passage is not None
    return passage


def test_every_point_is_verbatim_a_sentence_of_the_passage_that_it_cites(
    told: list[Delivered], app: App
) -> None:
    for one in told:
        for point in one.points:
            passage = cited(app, one, point)
            said = [s for s in passage.sentences if s.text in point.text]
            joined = ("" if passage.language == "zh" else " ").join(s.text for s in said)
            assert said, f"{one}: {point.text}"
            assert joined == point.text
            assert set(point.pages) == {page for s in said for page in s.pages}
            assert point.foreign == (passage.language != one.language)
            text = app.library.text(passage.report_id, passage.language) or ""
            assert all(s.text.rstrip("。.") in text for s in said)


def test_every_figure_stands_verbatim_in_a_sentence_of_the_passage_that_it_cites(
    told: list[Delivered], app: App
) -> None:
    seen = 0
    for one in told:
        for line in one.figures:
            seen += 1
            figure = line.figure
            sentence = next(s for s in cited(app, one, line).sentences if figure in s.figures)
            assert figure.clause in sentence.text
            assert figure.text in figure.clause
            assert figure.subject in sentence.text
            assert figure.period in sentence.text
            assert line.pages == sentence.pages
    assert seen > 100


def test_no_two_points_say_the_same(told: list[Delivered], app: App) -> None:
    for one in told:
        # Passages quoted from beside the query are among the cited ones.
        cited_rowids = app.library.rowids_of([c.report.id for c in one.briefing.sources], 10_000)
        found = app.library.passages(cited_rowids).values()
        reports = app.library.reports(indexed.passage.report_id for indexed in found)
        ranked = {
            r.statement.wording_for(one.language).sentence.text: r
            for r in rank(statements(found, reports, one.briefing.query, one.language))
        }
        said = [next(r for text, r in ranked.items() if point.text.endswith(text)) for point in one.points]
        assert all(similarity(a, b) < SAME for i, a in enumerate(said) for b in said[:i]), str(one)


def test_no_number_is_told_twice(told: list[Delivered]) -> None:
    for one in told:
        numbers = [(line.figure.value, line.figure.unit) for line in one.figures]
        assert len(set(numbers)) == len(numbers), str(one)


def test_points_are_spread_over_the_reports(told: list[Delivered], app: App) -> None:
    for one in told:
        reports = [cited(app, one, point).report_id for point in one.briefing.points]
        if one.briefing.query.topics == ("compute",):
            assert len(set(reports)) == 5
        if len(reports) == POINTS and len(one.briefing.sources) > 2:
            assert max(reports.count(report) for report in reports) < POINTS, str(one)


def test_a_briefing_holds_no_more_than_it_may(told: list[Delivered]) -> None:
    for one in told:
        briefing = one.briefing
        assert 1 <= len(briefing.points) <= POINTS
        assert len(briefing.more_points) <= MORE_POINTS
        assert len(briefing.figures) <= FIGURES
        assert len(briefing.more_figures) <= MORE_FIGURES
        assert len(briefing.related) <= (5 if briefing.broad else 2)


def test_citations_count_from_one_in_reading_order_and_each_has_a_source(
    told: list[Delivered], app: App
) -> None:
    for one in told:
        briefing = one.briefing
        groups = briefing.points, briefing.figures, briefing.more_points, briefing.more_figures
        first_uses = list(dict.fromkeys(line.citation for group in groups for line in group))
        assert first_uses == list(range(1, len(one.briefing.citations) + 1)), str(one)
        numbers = sorted(n for source in one.briefing.sources for n in source.numbers)
        assert numbers == first_uses
        for source in one.briefing.sources:
            owners = {
                p.report_id
                for n in source.numbers
                if (p := app.library.passage(one.briefing.citations[n - 1]))
            }
            assert owners == {source.report.id}


def test_the_first_answer_has_at_most_25_lines_and_can_be_sent(
    told: list[Delivered], app: App, conversation: Router
) -> None:
    for one in told:
        name = app.glossary.topics[one.topic].names[one.language]
        asked = TextEvent(1, 1, f"/trend {name}", private=True, chosen=one.language)
        reply = conversation.answer(asked, NOW)
        assert reply is not None
        assert reply.message is not None
        parsed = parse(reply.message.html)
        assert parsed.lost == (), str(one)
        assert units(parsed.text) <= 4096
        assert parsed.text.count("\n") < 25, f"{one}:\n{parsed.text}"


def test_a_topic_that_is_on_half_of_the_library_offers_five_narrower_ones(told: list[Delivered]) -> None:
    broad = {one.topic: one for one in told if one.briefing.broad}
    assert "ai" in broad
    assert len(broad["ai"].briefing.related) == 5
    assert all(one.topic not in {topic.id for topic in one.briefing.related} for one in told)


def test_the_readers_language_is_used_where_the_library_has_it(shelf: Shelf) -> None:
    english = "Demand for compute keeps growing in every industry. Compute prices fell by half in 2025."
    chinese = "各行各业的算力需求持续增长。2025年算力价格下降了一半。"
    shelf.put("pair", english, "en", date(2026, 10, 1))
    shelf.put("pair", chinese, "zh")
    shelf.put("lone", "国内新建的算力集群已有十个投入使用。", "zh", date(2026, 10, 2))
    briefing = shelf.brief("compute")
    assert briefing is not None
    assert {(p.text, p.foreign) for p in briefing.points} == {
        ("Demand for compute keeps growing in every industry.", False),
        ("Compute prices fell by half in 2025.", False),
        ("国内新建的算力集群已有十个投入使用。", True),
    }
    told = shelf.brief("compute", "zh")
    assert told is not None
    assert not any(point.foreign for point in told.points)


def test_translations_that_do_not_run_parallel_are_not_laid_side_by_side(shelf: Shelf) -> None:
    """The passage at the same place in the other edition is about something else."""
    english = "\n\n".join(
        f"{word} sales rose." for word in ("Car", "Phone", "Watch", "Book", "Rice", "Tea", "Silk")
    )
    shelf.put("pair", "汽车销量上升。\n\n算力需求增长很快，各地正在建设智算中心。", "zh", date(2026, 10, 1))
    shelf.put("pair", english, "en")
    for language in LANGUAGES:
        briefing = shelf.brief("算力", language)
        assert briefing is not None
        assert [p.text for p in briefing.points] == ["算力需求增长很快，各地正在建设智算中心。"]
        assert briefing.points[0].foreign == (language == "en")


def test_nothing_found_is_no_briefing(shelf: Shelf) -> None:
    shelf.put("a", "Tea sales rose.")
    assert shelf.brief("compute") is None
    assert shelf.brief("zeppelin") is None


def test_a_briefing_gets_shorter_line_by_line_down_to_its_lead(told: list[Delivered]) -> None:
    briefing: Briefing | None = max(told, key=lambda one: len(one.points) + len(one.figures)).briefing
    steps = 0
    while briefing is not None:
        lead = briefing.points[0]
        briefing, steps = briefing.shortened(), steps + 1
        assert briefing is None or briefing.points[0] == lead
    assert steps > 15


def test_a_question_that_no_passage_answers_in_full_is_answered_by_what_holds_most_of_its_words(
    shelf: Shelf,
) -> None:
    shelf.put("a", "Training cost is what makers of large models speak of most.", "en", date(2026, 10, 2))
    shelf.put("b", "Compute hardware of equal speed costs a third less each year.", "en", date(2025, 1, 1))
    briefing = shelf.brief("how fast do hardware costs fall?")
    assert briefing is not None
    assert briefing.points[0].text == "Compute hardware of equal speed costs a third less each year."


def test_what_stands_beside_an_answer_is_not_told_as_one(shelf: Shelf) -> None:
    shelf.put(
        "a", "Nvidia may take a fifth of the revenue next year. Margins should reach 60%. Fees fell by 3%."
    )
    briefing = shelf.brief("nvidia")
    assert briefing is not None
    assert [p.text for p in briefing.points] == ["Nvidia may take a fifth of the revenue next year."]
    assert briefing.figures == ()


def test_bare_counts_are_no_figures(shelf: Shelf) -> None:
    shelf.put(
        "a",
        "Compute grows. A blog shared 20 tips on compute. Compute costs fell by 30%. Compute uses 40,000 cards.",
    )
    briefing = shelf.brief("compute")
    assert briefing is not None
    told = [f.figure.text for f in (*briefing.figures, *briefing.more_figures)]
    assert not any("20" in text for text in told)


def test_related_topics_lead_to_more_than_what_is_told(told: list[Delivered], app: App) -> None:
    counts = app.library.topic_counts()
    for one in told:
        passages = app.search.evidence(one.briefing.query).values()
        for topic in one.briefing.related:
            here = sum(topic.id in passage.mentions for passage in passages)
            assert counts[topic.id] > min(here, POINTS), f"{one}: {topic.id}"


def test_a_related_topic_counts_once_for_each_passage_wherever_it_stands_in_it(shelf: Shelf) -> None:
    for number in range(8):
        shelf.put(f"a{number}", f"Chips feed compute in plan {number}. It grows. It pays.")
    for number in range(6):
        shelf.put(
            f"b{number}", f"Compute grows in plan {number}. It pays. It lasts. It needs liquid cooling."
        )
    for number in range(30):
        shelf.put(f"c{number}", f"Trains ran late in year {number}. Snow fell. Nobody minded.")
    briefing = shelf.brief("compute")
    assert briefing is not None
    assert [topic.id for topic in briefing.related] == ["chips", "liquid-cooling"]
