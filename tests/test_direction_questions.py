"""A question whether a topic rises or falls is answered by the verdict on the topic, before any sentence of a report."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from library_kit import TODAY, Shelf

from bot.dialogue.events import TextEvent
from bot.dialogue.router import Router
from bot.library.query import understand
from bot.library.question_frames import subject_of_direction
from bot.models import Language

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("is retrieval augmented generation growing?", "retrieval augmented generation"),
        ("Is LangChain still popular?", "LangChain"),
        ("are AI agents taking off or fading?", "AI agents"),
        ("is interest in Mamba declining", "Mamba"),
        ("has DeepSeek peaked already?", "DeepSeek"),
        ("how popular is Cursor these days?", "Cursor"),
        ("Has LangChain lost momentum?", "LangChain"),
        ("is ＲＡＧ growing", "ＲＡＧ"),
        ("is Mistral still relevant?", "Mistral"),
        ("Is Cohere worth watching?", "Cohere"),
        ("is OpenAI losing its lead?", "OpenAI"),
        ("is Meta catching up in AI?", "Meta"),
        ("does Hugging Face still matter?", "Hugging Face"),
        ("does anyone still use LangChain?", "LangChain"),
        ("should I keep an eye on Runway?", "Runway"),
        ("DeepSeek还火吗？", "DeepSeek"),
        ("DeepSeek最近还火不火", "DeepSeek"),
        ("强化学习是不是又火了", "强化学习"),
        ("算力是不是在降温", "算力"),
        ("算力還火嗎", "算力"),
        ("RAG 越来越火了吗", "RAG"),
        ("Stable Diffusion的热度如何", "Stable Diffusion"),
        ("Kimi有多火", "Kimi"),
        ("大模型的热度下降了吗", "大模型"),
    ],
)
def test_a_question_about_rise_or_fall_is_about_its_topic(text: str, subject: str) -> None:
    assert subject_of_direction(text) == subject


@pytest.mark.parametrize(
    "text",
    [
        "compute",
        "is DeepSeek growing faster than Kimi?",
        "why is compute not growing",
        "is open source catching up with closed models?",
        "is OpenAI losing money?",
        "is Gemini losing to Claude?",
        "is Cursor worth the price?",
        "growing",
        "is the hot phase over",
        "为什么不看好算力",
        "算力为什么增长",
        "火",
        "",
    ],
)
def test_what_asks_for_more_than_rise_or_fall_keeps_its_words(text: str) -> None:
    assert subject_of_direction(text) == ""


def test_a_question_about_the_rise_of_several_things_keeps_its_words(shelf: Shelf) -> None:
    query = understand("is the share of robots in hospitals growing?", shelf.glossary, shelf.segmenter)
    assert not query.asks_direction
    assert query.topics == ("robots", "healthcare")
    assert "growing" in query.content


def test_topics_together_are_judged_by_what_has_both(shelf: Shelf) -> None:
    for day in range(1, 9):
        shelf.put(f"r{day}", f"Robots took over {day} hospitals.", published=date(2026, 11, day))
        shelf.put(f"o{day}", f"Robots took over {day} farms.", published=date(2026, 11, day))
    query = understand("are hospital robots still growing?", shelf.glossary, shelf.segmenter)
    assert query.asks_direction
    assert set(query.topics) == {"healthcare", "robots"}
    told = shelf.brief("are hospital robots still growing?")
    assert told
    assert told.verdict.dated == 8
    assert all("hospitals" in point.text for point in told.points)


@pytest.mark.parametrize("text", ["is Zorblax still growing?", "Zorblax还火吗？"])
def test_a_name_is_judged_by_all_its_reports(shelf: Shelf, text: str) -> None:
    for week in range(60):
        shelf.put(f"r{week}", f"Zorblax sold {week} pumps.", published=TODAY - timedelta(weeks=week))
    told = shelf.brief(text)
    assert told
    assert told.verdict.dated == 60


@pytest.mark.parametrize(
    ("text", "language", "verdict"),
    [("is compute growing?", "en", "Too little data"), ("算力还火吗？", "zh", "数据太少")],
)
def test_the_verdict_comes_before_the_first_point(
    conversation: Router, text: str, language: Language, verdict: str
) -> None:
    reply = conversation.answer(TextEvent(1, 1, text, private=True, chosen=language), NOW)
    assert reply
    assert reply.message
    lines = re.sub(r"<[^>]+>", "", reply.message.html).split("\n")
    assert lines[1].startswith(verdict)
    assert "[1]" in "\n".join(lines[2:])


@pytest.mark.parametrize(
    ("asked", "language", "told"),
    [
        ("how many robots did China install?", "en", "From one report, of 8 Apr 2025."),
        ("中国装了多少机器人", "zh", "以上出自1份报告，发表于2025-04-08。"),
    ],
)
def test_under_a_fact_stands_how_new_it_is_and_no_verdict(
    conversation: Router, asked: str, language: Language, told: str
) -> None:
    reply = conversation.answer(TextEvent(1, 1, asked, private=True, chosen=language), NOW)
    assert reply
    assert reply.message
    text = reply.message.html
    assert told in text
    assert "Too little data" not in text
    assert "数据太少" not in text
