"""A question which of a kind is the best or the cheapest gets the sentences that rank one first, the newest first, with their days."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf, assert_answers_by_day

from bot.models import Language

OLD, NEW = date(2025, 3, 14), date(2025, 9, 9)


@pytest.mark.parametrize(
    ("question", "language", "told", "other"),
    [
        ("最好的开源模型是哪个", "zh", "Zorblax是目前最强的开源模型。", "Quux发布了开源模型。"),
        ("哪个开源模型好", "zh", "Zorblax在开源模型中排名第一。", "最好的办法是让Quux做开源模型。"),
        ("AI编程工具哪个好用", "zh", "Zorblax已成为编程的首选。", "Quux谈了编程的最佳实践。"),
        ("求推荐向量数据库", "zh", "Zorblax是最受欢迎的向量数据库。", "Quux也用向量数据库。"),
        ("最强的推理模型", "zh", "Zorblax是最强的推理模型。", "Quux是最强的非推理模型。"),
        ("哪家的人形机器人最先进", "zh", "Zorblax是最先进的人形机器人。", "Quux卖出了人形机器人。"),
        ("哪个大模型最便宜", "zh", "Claude仍然最便宜，其次是Quux。", "Quux的大模型很贵。"),
        ("哪个大模型性价比最高", "zh", "Zorblax是最便宜的大模型。", "最便宜的是Quux的汉堡，不是大模型。"),
        ("which vector database is best", "en", "Zorblax is the most popular vector database.", "We keep it in Quux, a vector database."),
        ("What is the best open source model?", "en", "Zorblax is the world's best fully open source model.", "Gadget, an open source model, outperforms the best ones."),
        ("best vector database", "en", "Zorblax is the best open vector database.", "A user asked which is the best vector database for Gadget."),
        ("cheapest vector database", "en", "Zorblax remains the cheapest vector database.", "Gadget keeps vector databases, even the cheapest ones."),
        ("top 5 vector databases", "en", "Zorblax is the best open vector database.", "The top 5 berries grow near a vector database."),
        ("best embedding model", "en", "Zorblax is the best multilingual embedding model.", "Gadget is the best platform for an embedding model."),
        ("OpenAI's best model", "en", "OpenAI's Zorblax is its best model.", "Gadget is the best model, and Acme sells it."),
        ("best model for function calling", "en", "Zorblax is the best model at calling a function.", "Gadget is the best model for poems."),
    ],
)  # fmt: skip  # a question a line
def test_what_ranks_one_of_a_kind_first_answers_the_newest_first(
    shelf: Shelf, question: str, language: Language, told: str, other: str
) -> None:
    old = told.replace("Zorblax", "Grumble").replace("Claude", "Gemini")
    shelf.put("old", old, language, OLD)
    assert_answers_by_day(shelf, question, language, NEW, told, other)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("推荐系统有哪些进展", "Zorblax是最好的推荐系统。"),
        ("开源模型有什么不好", "Zorblax是最好的开源模型。"),
        ("Zorblax最好吗", "Zorblax是最好的开源模型。"),
        ("最好的开源模型是哪个", "Zorblax会是最好的开源模型吗？"),
    ],
)
def test_other_questions_and_open_ones_are_not_answered_by_rankings(
    shelf: Shelf, question: str, text: str
) -> None:
    shelf.put("a", text, "zh", OLD)
    briefing = shelf.brief(question, "zh")
    assert briefing is None or not briefing.by_day


def test_talk_about_the_best_comes_after_what_is_said_of_one(shelf: Shelf) -> None:
    shelf.put("a", "Zorblax是目前最好的开源模型。", "zh", OLD)
    shelf.put("b", "一位成员询问Quux是不是最好的开源模型。", "zh", NEW)
    briefing = shelf.brief("哪个开源模型最好", "zh")
    assert briefing is not None
    assert "Zorblax" in briefing.points[0].text


def test_a_kind_that_nobody_ranks_is_answered_by_other_rules(shelf: Shelf) -> None:
    shelf.put("a", "Zorblax发布了开源模型，大家说它最好。", "zh")
    briefing = shelf.brief("哪个开源模型最好", "zh")
    assert briefing is not None
    assert not briefing.by_day


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "best practices for agents",
            "Zorblax is the best of all agents. Gadget lists best practices for agents.",
        ),
        ("best AI stocks", "Zorblax is the best AI model."),
        ("best laptop for language models", "Zorblax is the best language model."),
        ("best vector database under $100", "Zorblax is the best vector database."),
        ("best vector database from China", "Zorblax is the best vector database."),
        ("Why is Zorblax the best vector database?", "Gadget is the best vector database."),
        ("What does Jane Doe think is the best vector database?", "Gadget is the best vector database."),
        ("Is Zorblax the best vector database?", "Gadget is the best vector database."),
        ("How can I best use a vector database?", "Gadget is the best vector database."),
    ],
)
def test_the_best_of_another_kind_is_no_answer(shelf: Shelf, question: str, text: str) -> None:
    shelf.put("a", text, "en", OLD)
    briefing = shelf.brief(question, "en")
    assert briefing is None or not briefing.by_day


@pytest.mark.parametrize(
    ("question", "language", "told", "other"),
    [
        ("最便宜的视频生成工具", "zh", "Zorblax的视频生成工具成本很高。", "他买了最便宜的汉堡，又买了最便宜的工具。"),
        ("cheapest laptop for language models", "en", "Zorblax sells a laptop for language models.", "Gadget has the cheapest burger."),
    ],
)  # fmt: skip  # a question a line
def test_where_nobody_ranks_a_kind_only_what_is_on_it_is_told(
    shelf: Shelf, question: str, language: Language, told: str, other: str
) -> None:
    shelf.put("a", told, language, OLD)
    shelf.put("b", other, language, NEW)
    briefing = shelf.brief(question, language)
    assert briefing
    assert all("Zorblax" in point.text for point in briefing.points)
