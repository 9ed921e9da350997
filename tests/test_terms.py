"""Every word, name or phrase is counted over the whole library: its reports, their origins and their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from library_kit import TODAY, Shelf

from bot.library.terms import name_in, term_of

START = date(2026, 6, 1)


def _held(shelf: Shelf, name: str) -> int:
    term = term_of(name)
    assert term
    return len(shelf.library.term_days(term))


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("claude code", "We tried Claude Code on it.", True),
        ("claude code", "Claude wrote the code.", False),
        ("gpt-4o", "They use GPT-4o, GPT 4o and gpt4o.", True),
        ("gpt4o", "They use GPT-4o.", True),
        ("llama 3", "We run Llama3 at home.", True),
        ("llama 3", "We run Llama 3.1 at home.", False),
        ("operator", "Many operations failed, and we operate on.", False),
        ("operator", "OpenAI's operators wait.", True),
        ("cohere", "The story is coherent.", False),
        ("reasoning model", "Reasoning models think longer.", True),
        ("推理模型", "新的推理模型更慢。", True),
        ("推理模型", "推理的模型更慢。", False),
        ("llama模型", "Llama的模型开源了。", True),
        ("llama模型", "模型开源了。", False),
        (".net", "They moved to .NET last year.", True),
        (".net", "The net is wide.", False),
    ],
)
def test_a_report_holds_a_name_where_its_words_stand_together(
    shelf: Shelf, name: str, text: str, held: bool
) -> None:
    shelf.put("a", text, "zh" if "模" in text else "en")
    assert _held(shelf, name) == held


@pytest.mark.parametrize(
    "asked", ["claude code", "kimi", "gpt-4o", "通义千问", "stable diffusion", "r1", "c++", "llama 3"]
)
def test_what_could_be_a_name_is_one(asked: str) -> None:
    assert name_in(asked)


@pytest.mark.parametrize(
    "asked", ["what is kimi", "who makes it?", "one two three four five", "机器学习的未来会怎么样呢", "!", ""]
)
def test_a_question_is_no_name(asked: str) -> None:
    assert name_in(asked) is None


def _filled(shelf: Shelf) -> None:
    """Store 160 reports on Zorblax on as many days, and others beside them."""
    for number in range(160):
        day = START + timedelta(days=number)
        shelf.put(f"z{number}", f"Zorblax {number} sells well in Madrid. Its rival waits.", published=day)
        shelf.put(f"o{number}", f"Rain fell on day {number}.", published=day)


def test_a_word_outside_the_glossary_is_counted_in_every_report(shelf: Shelf) -> None:
    _filled(shelf)
    told = shelf.brief("Zorblax")
    assert told
    assert told.verdict.dated == 160
    assert told.verdict.newest_age == (TODAY - START).days - 159
    assert (told.verdict.recent, told.verdict.earlier) == (75, 85)


def test_a_name_is_told_of_by_the_sentences_that_hold_it(shelf: Shelf) -> None:
    _filled(shelf)
    told = shelf.brief("Zorblax")
    assert told
    assert all("Zorblax" in point.text for point in told.points)


def test_reprints_and_editions_of_a_report_are_one_origin(shelf: Shelf) -> None:
    for key in ("a", "b"):
        shelf.put(key, "Zorblax opened a shop.", published=START)
    shelf.put("a", "Zorblax 开了一家店。", "zh", START)
    told = shelf.brief("Zorblax")
    assert told
    assert told.verdict.dated == 1


def test_an_edition_that_is_replaced_is_not_found_by_what_it_said(shelf: Shelf) -> None:
    shelf.put("a", "Zorblax opened a shop.\n\n## Blimfo\n\nIt sells tea.", published=START)
    assert (_held(shelf, "zorblax"), _held(shelf, "blimfo"), _held(shelf, "tea")) == (1, 1, 1)
    shelf.put("a", "It closed the shop.", published=START)
    assert (_held(shelf, "zorblax"), _held(shelf, "blimfo"), _held(shelf, "shop")) == (0, 0, 1)
    assert shelf.library.check() == []


def test_a_chinese_word_is_counted_where_only_words_of_the_dictionary_are_kept() -> None:
    """The text outside passages is stored as dictionary words, without the pairs of characters that find other words."""
    term = term_of("命令行")
    assert term
    assert term.stands_in("用 命令行 检查")
    assert term.stands_in("命令 令行")
    assert not term.stands_in("命令 一行")
