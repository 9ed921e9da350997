"""What search finds, in both languages and every spelling; and that no query breaks or stalls it."""

from __future__ import annotations

from datetime import date

import pytest
from bench.fuzz import asked, questions
from library_kit import Shelf

from bot.app import App
from bot.dialogue.router import Router
from bot.library.full_text import any_of
from bot.library.query import understand

COMPUTE_EN = "Demand for compute grew quickly. Computing power is scarce in the east."
COMPUTE_ZH = "算力需求增长很快。东部的智算资源紧张。"
CHIPS_EN = "Nvidia sells most of the chips that train large models."
CHIPS_ZH = "训练大模型的芯片多数由英伟达出售。"
COOLING_EN = "Liquid cooling halves the power that data centers spend on fans."
COOLING_ZH = "液冷让数据中心花在风扇上的电力减半。"
TEA_EN = "Tea sales rose in Hangzhou."
TEA_ZH = "杭州的茶叶销量上升，GPT-4也这么说。"


@pytest.fixture
def corpus(shelf: Shelf) -> Shelf:
    """A library of four reports, each in both languages."""
    pairs = [(COMPUTE_EN, COMPUTE_ZH), (CHIPS_EN, CHIPS_ZH), (COOLING_EN, COOLING_ZH), (TEA_EN, TEA_ZH)]
    for number, (english, chinese) in enumerate(pairs):
        shelf.put(f"r{number}", english, "en", date(2026, 10, 1 + number))
        shelf.put(f"r{number}", chinese, "zh")
    return shelf


@pytest.mark.parametrize(
    ("spellings", "found"),
    [
        (
            ["compute", "COMPUTE", "ｃｏｍｐｕｔｅ", "com\u200bpute", "算力", "智算", "算\u200b力", "算力？"],
            COMPUTE_ZH,
        ),
        (["data centre", "data centers", "數據中心", "数据中心", "Data\u00a0Center"], COOLING_ZH),
        (["nvidia", "NVIDIA", "英伟达", "英偉達", "𝗡𝗩𝗜𝗗𝗜𝗔"], CHIPS_EN),
        (["hangzhou sales", "HANGZHOU, sale?", "Sales in Hangzhou"], TEA_EN),
        (["杭州茶叶", "杭州茶葉", "杭州 茶叶", "杭州的茶叶怎么样？"], TEA_ZH),
        (["gpt-4", "GPT‑4", "ＧＰＴ－４"], TEA_ZH),
    ],
)
def test_all_spellings_find_the_same(spellings: list[str], found: str, corpus: Shelf) -> None:
    answers = {spelling: corpus.texts(spelling) for spelling in spellings}
    assert found in answers[spellings[0]]
    assert all(answer == answers[spellings[0]] for answer in answers.values()), answers


def test_a_passage_brings_its_translation(corpus: Shelf) -> None:
    assert corpus.texts("compute") == {COMPUTE_EN, COMPUTE_ZH}
    assert corpus.texts("Hangzhou") == {TEA_EN, TEA_ZH}
    assert corpus.texts("液冷 风扇") == {COOLING_EN, COOLING_ZH}


def test_all_topics_of_a_question_must_be_there(corpus: Shelf) -> None:
    assert corpus.texts("nvidia and large models") == {CHIPS_EN, CHIPS_ZH}
    assert corpus.texts("compute chips") == set()


def test_a_phrase_must_stand_together(corpus: Shelf) -> None:
    assert corpus.texts('"liquid cooling"') == {COOLING_EN, COOLING_ZH}
    assert corpus.texts('"cooling liquid"') == set()
    assert corpus.texts("“茶叶销量”") == {TEA_EN, TEA_ZH}
    assert corpus.texts('compute "Computing Power"') == {COMPUTE_EN, COMPUTE_ZH}


@pytest.mark.parametrize(
    "question",
    [
        "data centers -liquid",
        "数据中心 -liquid",
        "data centers -液冷",
        "数据中心 -液冷",
        '数据中心 -"liquid cooling"',
    ],
)
def test_an_exclusion_drops_the_translation_too(question: str, corpus: Shelf) -> None:
    assert COOLING_EN in corpus.texts("data centers")
    assert corpus.texts(question) == set()


@pytest.mark.parametrize("word", ["风扇上", "花在风扇上", "扇上", "FANS", "fans", "fan"])
def test_what_is_excluded_need_not_be_a_word_of_the_dictionary(word: str, corpus: Shelf) -> None:
    assert corpus.texts(f"数据中心 -{word}") == set()


def test_an_exclusion_of_what_is_not_there_changes_nothing(corpus: Shelf) -> None:
    for question in ("compute -zeppelin", "compute -齐柏林", "compute -computer", '算力 -"liquid cooling"'):
        assert corpus.texts(question) == corpus.texts("compute"), question
    assert corpus.texts("Hangzhou -compute") == {TEA_EN, TEA_ZH}


def test_a_dropped_form_no_longer_counts_as_the_topic(shelf: Shelf) -> None:
    shelf.put("a", "Compute is scarce.")
    shelf.put("b", "Computing power is scarce.")
    assert shelf.texts("compute") == {"Compute is scarce.", "Computing power is scarce."}
    assert shelf.texts('compute -"computing power"') == {"Compute is scarce."}


def test_the_whole_report_counts_as_well_as_the_passage(shelf: Shelf) -> None:
    shelf.put("about", "Tea is grown in Hangzhou.\n\nTea is sold in Suzhou.\n\nThe price doubled.")
    shelf.put("other", "The price of steel fell.\n\nThe price doubled.")
    shelf.put("third", "Silk is sold in Suzhou.")
    (first, _), *_ = shelf.search.by_report(shelf.query("tea price"), 10)
    assert first.report_id == shelf.index("about", "Tea.").report_id


def test_a_report_is_found_once_with_its_best_passage(corpus: Shelf) -> None:
    hits = corpus.search.by_report(corpus.query("liquid cooling of data centers"), 10)
    assert hits[0][0].text == COOLING_EN
    reports = [passage.report_id for passage, _ in hits]
    assert len(set(reports)) == len(reports)
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    assert len(corpus.search.by_report(corpus.query("compute chips tea cooling"), 2)) == 2


def test_a_topic_alone_is_answered_newest_first(shelf: Shelf) -> None:
    for day in (3, 1, 2):
        shelf.put(f"r{day}", f"Compute grew on day {day}.", "en", date(2026, 10, day))
    shelf.put("undated", "Compute grew some day.")
    found = [p.passage.text for p in shelf.search.evidence(shelf.query("compute")).values()]
    assert found == [f"Compute grew on day {day}." for day in (3, 2, 1)] + ["Compute grew some day."]


def test_a_search_of_words_that_are_everywhere_weighs_the_rarer_ones_alone(shelf: Shelf) -> None:
    for day in range(1, 29):
        text = "\n\n".join(f"Tea sale {n} of day {day} in Hangzhou rose." for n in range(20))
        shelf.put(f"r{day}", text, "en", date(2026, 2, day))
    shelf.put("rare", "Tea from Dali rose.", "en", date(2026, 1, 1))
    shelf.library.most_weighed = 100
    hits = shelf.search.ranked(shelf.query("tea sale Hangzhou Dali"), 30)
    best = shelf.library.passages([hits[0].rowid])[hits[0].rowid].passage
    assert best.text == "Tea from Dali rose."


def test_whole_reports_are_weighed_by_the_rarer_words_alone_too(shelf: Shelf) -> None:
    for day in range(1, 29):
        shelf.put(f"r{day}", f"Tea sale of day {day} in Hangzhou rose.", "en", date(2026, 2, day))
    shelf.put("rare", "Tea from Dali rose.", "en", date(2026, 1, 1))
    assert len(shelf.library.match_editions(["tea", "dali"], 100)) == 29
    shelf.library.most_weighed = 20
    assert len(shelf.library.match_editions(["tea", "dali"], 100)) == 1
    assert shelf.library.match_editions(["tea", "sale"], 100) == []


def test_a_search_whose_every_word_is_everywhere_is_answered_newest_first(shelf: Shelf) -> None:
    for day in range(1, 29):
        text = "\n\n".join(f"Tea sale {n} of day {day} in Hangzhou rose." for n in range(20))
        shelf.put(f"r{day}", text, "en", date(2026, 2, day))
    assert shelf.library.match_passages(["tea"], 30)[0][1] > 0
    shelf.library.most_weighed = 100
    hits = shelf.library.match_passages(["tea", "hangzhou"], 30)
    assert [score for _, score in hits] == [0.0] * 30
    assert [rowid for rowid, _ in hits] == sorted((rowid for rowid, _ in hits), reverse=True)
    newest = shelf.library.passages([hits[0][0]])[hits[0][0]].passage
    assert "of day 28 " in newest.text


def test_terms_are_strings_to_the_index_whatever_they_hold() -> None:
    assert any_of(['a"b', "NOT", "x\0y"]) == '"a""b" OR "NOT" OR "xy"'


def test_what_people_type_to_break_a_search_is_a_question_like_any_other(conversation: Router) -> None:
    failures = [(o.text[:80], o.error) for t in questions(3_000) if (o := asked(conversation, t)).error]
    assert failures == []


def test_hostile_questions_do_not_break_the_command_lines_search_either(app: App) -> None:
    for text in questions(300):
        query = understand(text, app.glossary, app.segmenter)
        assert len(app.search.by_report(query, 5)) <= 5


@pytest.mark.parametrize("question", ["compute without power", "算力 !电力", "compute NOT electricity"])
def test_what_is_left_out_is_left_out_in_either_language(question: str, shelf: Shelf) -> None:
    shelf.put("a", "Compute is scarce.")
    shelf.put("b", "算力需要更多电力。", "zh")
    shelf.put("c", "Compute needs electricity.")
    assert shelf.texts(question) == {"Compute is scarce."}
