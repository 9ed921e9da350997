"""Inline mode: typing the bot's name and a topic in any chat offers cards, which are sent with their citations."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess
from library_kit import NOW
from telegram_kit import call

from bot.app import App
from bot.dialogue.events import InlineEvent, MalformedUpdate, OtherEvent
from bot.inbound.capture import talk_of
from bot.inbound.updates import dump, load, read
from bot.messages import Card
from bot.playground.refusals import CannotDo, Json
from bot.playground.server import LocalTelegram
from bot.rendering.preview import as_text

ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "en"}
GROUP = -1001


def offered(app: App, text: str, code: str = "en") -> list[Card]:
    return app.router("trend_bot").cards(InlineEvent(7, 7, "1", text, code), NOW)


# -- what is offered -----------------------------------------------------------------------------------------


def test_a_topic_brings_its_briefing_first_then_its_chart_and_single_figures(app: App) -> None:
    cards = offered(app, "compute")
    assert [card.title for card in cards[:2]] == ["Briefing: compute", "Chart: compute"]
    assert len(cards) > 3
    assert all(re.search("[0-9]", card.title) for card in cards[2:])
    assert len({card.id for card in cards}) == len(cards)


def test_every_card_says_where_it_stands_and_links_to_it(app: App) -> None:
    for card in offered(app, "compute"):
        assert "https://t.me/trend_bot?start=p_" in card.message.html
        assert "2025" in as_text(card.message) or "2024" in as_text(card.message)
        assert card.message.buttons == ()


def test_chinese_is_answered_in_chinese_whatever_the_app_speaks(app: App) -> None:
    cards = offered(app, "算力", "en")
    assert cards[0].title == "简报：算力"


def test_the_chart_card_says_in_words_what_the_chart_shows(app: App) -> None:
    english, chinese = offered(app, "compute")[1], offered(app, "算力")[1]
    text = as_text(english.message)
    sparkline = re.search("[▁▂▃▄▅▆▇█]{6,24}", text)
    assert sparkline
    assert re.search(r"\d+ dated reports", text)
    assert english.description.startswith(sparkline[0])
    assert "[1]" in text
    assert chinese.title == "走势：算力"
    assert re.search("[▁▂▃▄▅▆▇█]{6,24}", as_text(chinese.message))


def test_what_one_report_mentions_has_no_chart_card(app: App) -> None:
    assert "chart" not in [card.id for card in offered(app, "Phi-3-mini")]


@pytest.mark.parametrize("text", ["volcanoes", "the", "?"])
def test_nothing_is_offered_on_what_the_library_does_not_hold(app: App, text: str) -> None:
    assert offered(app, text) == []


# -- what an update says -------------------------------------------------------------------------------------


def query(**fields: Any) -> dict[str, Any]:
    asked = {"id": "99", "from": ANN, "query": "compute", "offset": ""} | fields
    return {"update_id": 1, "inline_query": asked}


def test_an_inline_query_is_an_event_that_the_inbox_keeps() -> None:
    event = read(query(), "trend_bot")
    assert event == InlineEvent(7, 7, "99", "compute", "en")
    assert load(dump(event), "trend_bot") == event


def test_an_empty_query_and_a_further_page_ask_for_nothing() -> None:
    assert read(query(query=" "), "trend_bot") is None
    assert read(query(offset="5"), "trend_bot") is None


def test_a_query_of_another_form_is_poison() -> None:
    assert isinstance(read(query(id=5), "trend_bot"), MalformedUpdate)


def test_a_card_that_somebody_sent_is_no_question_and_nobodys_words() -> None:
    sent = {"message_id": 5, "date": 90, "from": ANN, "text": "compute", "via_bot": {"id": 1, "is_bot": True}}
    private = {"update_id": 1, "message": sent | {"chat": {"id": 7, "type": "private"}}}
    group = {"update_id": 1, "message": sent | {"chat": {"id": GROUP, "type": "supergroup", "title": "G"}}}
    assert read(private, "trend_bot") == OtherEvent(7)
    assert read(group, "trend_bot") is None
    assert talk_of(group, "trend_bot") is None


# -- the local Telegram is as strict as the real one -----------------------------------------------------------


def article(**fields: Any) -> Json:
    return {
        "type": "article",
        "id": "a",
        "title": "T",
        "input_message_content": {"message_text": "x"},
    } | fields


@pytest.mark.parametrize(
    ("results", "refusal"),
    [
        ([article() for _ in range(51)], "RESULTS_TOO_MUCH"),
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article(id="")], "RESULT_ID_INVALID"),
        ([article(id="é" * 33)], "RESULT_ID_INVALID"),
        ([article(title=" ")], "ARTICLE_TITLE_EMPTY"),
        ([{"type": "article", "id": "a", "title": "T"}], 'Can\'t find field "input_message_content"'),
        (
            [article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})],
            "can't parse entities",
        ),
        ([article(input_message_content={"message_text": "x" * 4097})], "message is too long"),
        ([{"id": "a"}], 'Can\'t find field "type"'),
    ],
)
def test_results_of_a_wrong_form_are_refused(results: list[Json], refusal: str) -> None:
    with LocalTelegram() as telegram:
        asked = telegram.type_inline(7, "compute")
        status, said = call(telegram, "answerInlineQuery", inline_query_id=asked, results=results)
        assert status == 400
        assert refusal in str(said)
        assert telegram.offers(asked) is None


def test_a_query_is_answered_once_and_only_what_was_offered_can_be_sent() -> None:
    with LocalTelegram() as telegram:
        asked = telegram.type_inline(7, "compute")
        assert call(telegram, "answerInlineQuery", inline_query_id=asked, results=[article()])[0] == 200
        status, said = call(telegram, "answerInlineQuery", inline_query_id=asked, results=[article()])
        assert (status, "query is too old" in str(said)) == (400, True)
        with pytest.raises(CannotDo):
            telegram.choose(GROUP, 7, asked, "b")
        assert telegram.choose(GROUP, 7, asked, "a")["via_bot"]["id"] == telegram.world.bot


def test_a_bot_that_its_operator_has_taken_inline_mode_from_is_asked_nothing() -> None:
    with LocalTelegram() as telegram:
        telegram.world.inline_mode = False
        assert call(telegram, "getMe")[1]["supports_inline_queries"] is False
        with pytest.raises(CannotDo):
            telegram.type_inline(7, "compute")


# -- the whole bot -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalTelegram]:
    data = shutil.copytree(seeded, tmp_path_factory.mktemp("inline") / "data")
    with LocalTelegram() as telegram, BotProcess(data, telegram) as bot:
        bot.listening()
        yield telegram


def test_typing_the_bots_name_in_a_group_it_is_not_in_sends_a_cited_card_there(
    running: LocalTelegram,
) -> None:
    asked = running.type_inline(7, "算力")
    running.wait(lambda: running.offers(asked) is not None, "an answer to the inline query")
    offers = running.offers(asked)
    assert offers
    sent = running.choose(GROUP, 7, asked, offers[0]["id"])
    assert "[1]" in sent["text"]
    assert {e["url"].partition("?")[2][:8] for e in sent["entities"] if e["type"] == "text_link"} == {
        "start=p_"
    }
    chart = running.choose(GROUP, 7, asked, "chart")
    assert "▁" in chart["text"]
    assert {e["type"] for e in chart["entities"]} == {"bold", "text_link"}
    assert running.refused == []
    assert running.lost == []
