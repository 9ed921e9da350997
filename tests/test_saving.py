"""A briefing and a subscription's digests as files: their contents, and that Telegram takes them."""

from __future__ import annotations

import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from bot_process import BotProcess
from library_kit import NOW, write

from bot.app import App
from bot.dialogue.commands.trend import SaveBriefing
from bot.dialogue.effects import OpenView
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.reply import Reply
from bot.models import Language, Subscription
from bot.playground.server import LocalTelegram
from bot.rendering.callbacks import encode

PERSON = 71
MONTH = timedelta(days=40)


def asked(app: App, text: str) -> Reply:
    """Return the reply to a text in a private chat."""
    reply = app.router("trend_bot").answer(TextEvent(PERSON, PERSON, text, private=True), NOW)
    assert reply is not None
    return reply


def subscribed(app: App, *queries: str, language: Language = "en") -> None:
    begun = int((NOW - MONTH).timestamp())
    app.state.subscriptions.put(
        Subscription("s", PERSON, 0, PERSON, queries, 480, 127, "UTC", language, True, False, begun, begun)
    )


def ingested(app: App, folder: Path, days_ago: int, name: str, text: str) -> None:
    path = write(
        folder, f"{name}.md", text, title=name, publisher="Compute & Co", url=f"https://example.org/{name}"
    )
    moment = int((NOW - timedelta(days=days_ago)).timestamp())
    assert [result.error for result in app.ingest.path(path, moment)] == [None]


@pytest.mark.parametrize(("language", "heading"), [("en", "# Compute (算力)"), ("zh", "# 算力（Compute）")])
def test_a_saved_briefing_holds_its_points_figures_and_sources(
    own_app: App, language: Language, heading: str
) -> None:
    reply = asked(own_app, "/trend compute")
    (opened,) = (effect for effect in reply.effects if isinstance(effect, OpenView))
    own_app.state.views.put(opened.view, int(NOW.timestamp()))
    data = encode(SaveBriefing(opened.view.id, language))
    (file,) = own_app.router("trend_bot").press(ButtonEvent(PERSON, PERSON, data, private=True), NOW).files
    assert file.name == "briefing-2026-11-22.md"
    assert file.text.startswith(heading)
    cited = set(re.findall(r"^- .*?\[(\d+)\]", file.text, re.MULTILINE))
    sources = "".join(re.findall(r"^- ((?:\[\d+\])+)", file.text, re.MULTILINE))
    assert cited <= set(re.findall(r"\d+", sources))
    assert len(cited) > 5
    assert "&#" not in file.text
    assert "<b>" not in file.text


def test_an_export_holds_the_digests_of_thirty_days_and_nothing_older(own_app: App, tmp_path: Path) -> None:
    subscribed(own_app, "compute")
    ingested(own_app, tmp_path, 35, "Old", "Chile doubled its compute with three centres in the desert.")
    ingested(own_app, tmp_path, 20, "First", "Compute in Norway grew by 40% & more within a year.")
    ingested(own_app, tmp_path, 5, "Second", "Fishermen in Peru rent idle compute at night for weather maps.")
    reply = asked(own_app, "/export")
    assert reply.message is not None
    assert "2 digests" in reply.message.html
    (file,) = reply.files
    assert file.text.index("Peru") < file.text.index("Norway")
    assert "Chile" not in file.text
    assert "40% & more" in file.text
    assert "<https://example.org/First>" in file.text


def test_without_news_or_without_a_subscription_there_is_no_file(own_app: App) -> None:
    assert asked(own_app, "/export").files == ()
    subscribed(own_app, "wolframite")
    reply = asked(own_app, "/export")
    assert reply.files == ()
    assert reply.message is not None
    assert "no digest" in reply.message.html


def test_telegram_takes_the_file(data: Path) -> None:
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        telegram.say(PERSON, PERSON, "/trend compute")
        answer = telegram.reply(PERSON)
        telegram.press(answer, "Sources 5", PERSON)
        telegram.press(telegram.edited(answer), "Save", PERSON)
        document = telegram.reply(PERSON, 2)["document"]
        assert document["file_name"].endswith(".md")
        assert telegram.refused == []
        assert bot.end(signal.SIGTERM) == 0
