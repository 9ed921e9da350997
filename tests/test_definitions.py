"""A question what something is gets the sentence that defines it, before what else is said of it."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

from bot.library.question_frames import subject_of_definition
from bot.models import Language


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("what is DSPy?", "dspy"),
        ("What are AI agents", "ai agents"),
        ("what's RAG", "rag"),
        ("explain speculative decoding", "speculative decoding"),
        ("数据墙是什么？", "数据墙"),
        ("什么是智能体", "智能体"),
        ("數據牆是什麼", "数据墙"),
        ("LangChain框架是什么", "langchain"),
        ("什么是MCP 协议", "mcp"),
        ("Cursor编辑器是什么？", "cursor"),
        ("AI工具是什么", "ai工具"),
        ("GPT商店是什么", "gpt商店"),
        ("compute", ""),
        ("what happened to Llama", ""),
        ("what did Sam Altman say", ""),
        ("state of DSPy", ""),
    ],
)
def test_the_thing_that_is_to_be_defined_is_known(text: str, thing: str) -> None:
    assert subject_of_definition(text) == thing


@pytest.mark.parametrize(
    ("question", "language", "definition"),
    [
        ("what is Zorblax?", "en", "Zorblax is a framework for pumps."),
        ("what is Zorblax?", "en", "New tools: Zorblax (the Zonal Router) is an open protocol for pumps."),
        ("explain Zorblax", "en", "The team works with Zorblax, a database of ships."),
        ("Zorblax是什么？", "zh", "Zorblax 是一种给水泵用的协议。"),
        ("什么是Zorblax", "zh", "Zorblax（分区路由）是指水泵之间的协议。"),
        ("Zorblax协议是什么", "zh", "Zorblax是一种给水泵用的东西。"),
    ],
)
def test_the_definition_leads(shelf: Shelf, question: str, language: Language, definition: str) -> None:
    for day in range(1, 9):
        news = {"en": f"Zorblax 2.{day} sells well in spring.", "zh": f"Zorblax 2.{day} 在春天卖得很好。"}
        shelf.put(f"n{day}", news[language], language, date(2026, 9, day))
    shelf.put("old", definition, language, date(2026, 1, 2))
    told = shelf.brief(question, language)
    assert told is not None
    assert told.points[0].text == definition
    assert len(told.points) > 1
    assert not told.lacks_definition


@pytest.mark.parametrize(
    ("question", "definition"),
    [
        ("what is RAG?", "Retrieval-augmented generation is a way to look up what one says."),
        ("what is MoE?", "A mixture-of-experts is a model of which only a part is at work."),
    ],
)
def test_initials_are_defined_by_the_name_in_full(shelf: Shelf, question: str, definition: str) -> None:
    for day in range(1, 9):
        name = question[8:11]
        shelf.put(f"n{day}", f"{name} 2.{day} sells well in spring.", published=date(2026, 9, day))
    shelf.put("old", definition, published=date(2026, 1, 2))
    told = shelf.brief(question)
    assert told is not None
    assert told.points[0].text == definition


@pytest.mark.parametrize(
    "judgement",
    [
        "Zorblax is a great tool for pumps.",
        "Falcon Zorblax, a new engine, was shown.",
        "Zorblax is a topic of interest among pumps.",
        "A member said that Zorblax is a database of ships.",
    ],
)
def test_a_judgement_or_talk_is_no_definition(shelf: Shelf, judgement: str) -> None:
    shelf.put("old", judgement, published=date(2026, 1, 2))
    for day in range(1, 9):
        shelf.put(f"n{day}", f"Zorblax 2.{day} sells well in spring.", published=date(2026, 9, day))
    told = shelf.brief("what is Zorblax?")
    assert told is not None
    assert told.points[0].text != judgement
    assert told.lacks_definition
    other = shelf.brief("Zorblax")
    assert other is not None
    assert not other.lacks_definition


def test_a_definition_in_another_language_leads_where_there_is_no_other(shelf: Shelf) -> None:
    for day in range(1, 9):
        shelf.put(f"n{day}", f"Zorblax 2.{day} 在春天卖得很好。", "zh", date(2026, 9, day))
    shelf.put("old", "Zorblax, a framework for pumps, is sold in Oslo.", "en", date(2026, 1, 2))
    told = shelf.brief("Zorblax框架是什么", "zh")
    assert told
    assert told.points[0].text.startswith("Zorblax, a framework")
    shelf.put("zh", "Zorblax是一款水泵框架。", "zh", date(2026, 1, 1))
    own = shelf.brief("Zorblax框架是什么", "zh")
    assert own
    assert own.points[0].text == "Zorblax是一款水泵框架。"


def test_a_plural_before_a_kind_is_not_the_name(shelf: Shelf) -> None:
    shelf.put("old", "Zorblaxes, an AI model, mistook itself for another.", published=date(2026, 1, 2))
    shelf.put("older", "Zorblaxs, a model, mistook itself for another.", published=date(2026, 1, 1))
    for day in range(1, 9):
        shelf.put(f"n{day}", f"Zorblax 2.{day} sells well in spring.", published=date(2026, 9, day))
    told = shelf.brief("what is Zorblax?")
    assert told is not None
    assert told.lacks_definition
    shelf.put("kind", "Zorblax, an AI model, was trained in Oslo.", published=date(2026, 1, 1))
    told = shelf.brief("what is Zorblax?")
    assert told is not None
    assert told.points[0].text.startswith("Zorblax, an AI model")
