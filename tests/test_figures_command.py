"""/figures shows the ledger a page at a time, conflicting figures beside each other, and forecasts that came due."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from library_kit import NOW, write

from bot.app import App
from bot.dialogue.events import TextEvent
from bot.messages import Message
from bot.models import Language
from bot.rendering.preview import as_text


def ingest(app: App, folder: Path, name: str, text: str, published: date, language: str = "en") -> None:
    path = write(
        folder, f"{name}.md", text, title=name, published=f"{published}", publisher=name, language=language
    )
    (result,) = app.ingest.path(path, int(NOW.timestamp()))
    assert result.error is None


@pytest.fixture
def filled(own_app: App, tmp_path: Path) -> App:
    ingest(
        own_app,
        tmp_path,
        "Ledger",
        "Global corporate AI investment was $201 billion in 2024.",
        date(2025, 2, 3),
    )
    ingest(
        own_app,
        tmp_path,
        "Oracle",
        "Global AI investment will reach $200 billion in 2025.",
        date(2024, 1, 10),
    )
    ingest(own_app, tmp_path, "Auditor", "2025年，全球AI投资为3100亿美元。", date(2026, 3, 1), "zh")
    return own_app


def ask(app: App, text: str, language: Language = "en") -> Message:
    reply = app.router("trend_bot").answer(TextEvent(1, 1, text, private=True, chosen=language), NOW)
    assert reply is not None
    assert reply.message is not None
    return reply.message


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def test_a_conflict_stands_under_its_figure_with_both_citations(filled: App) -> None:
    text = as_text(ask(filled, "/figures investment"))
    assert re.search(
        r"\nZhidx on .*\n(?:• .*\n)*• .*\$252\.3 billion in 2024 \[\d\]\n"
        r" +differs: .*\$201 billion in 2024 \[\d\] Ledger, 3 Feb 2025",
        text,
    )


def test_the_parts_of_a_ledger_have_a_button_with_what_each_holds(filled: App) -> None:
    shown = labels(ask(filled, "/figures investment"))
    assert {"Told differently 1", "Due 1", "中文", "Briefing"} <= set(shown)


def test_a_topic_without_conflicts_has_no_such_button(app: App) -> None:
    shown = labels(ask(app, "/figures liquid cooling"))
    assert not any(label.startswith("Told differently") for label in shown)


def test_the_number_is_bold_and_a_forecast_says_so(app: App) -> None:
    html = ask(app, "/figures electricity").html
    assert "<b>20%</b>" in html
    assert "a CAICT talk forecasts" in html


def test_chinese_words_ask_for_it(app: App) -> None:
    assert "数字，新的在前" in as_text(ask(app, "数据 液冷", "zh"))


def test_without_a_topic_some_are_offered(app: App) -> None:
    assert "Figures on what?" in as_text(ask(app, "/figures"))


def test_what_the_library_has_no_figures_on_is_said(app: App) -> None:
    assert as_text(ask(app, "/figures volcanoes")).startswith("Nothing")
