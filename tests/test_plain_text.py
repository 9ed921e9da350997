"""Plain words in a private chat: greetings, commands in words, parts of the last briefing, follow-up questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from library_kit import NOW
from msgspec.structs import replace

from bot.app import App
from bot.dialogue.effects import OpenView
from bot.dialogue.events import TextEvent
from bot.dialogue.phrases import phrase_in
from bot.dialogue.registry import BY_NAME, BY_WORD
from bot.library.glossary import Glossary, places
from bot.messages import Rights
from bot.models import Language
from bot.rendering.preview import as_text
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.state.state import State
from bot.text.normalise import fold
from bot.text.rule_data import read_rows

DATA = Path(__file__).parents[1] / "bot/dialogue"
PHRASES = read_rows(DATA / "phrases.tsv")
CHAT = 30


class Talk:
    """A private chat in which each message comes a minute after the one before."""

    def __init__(self, app: App) -> None:
        self._state = app.state
        self._router = app.router("trend_bot")
        self.now: datetime = NOW

    def say(self, text: str, chat: int = CHAT, language: Language | None = None) -> str:
        """Return the bot's answer as text, with its buttons below it; "" if there is none."""
        self.now += timedelta(minutes=1)
        reply = self._router.answer(
            TextEvent(chat, abs(chat), text, private=chat > 0, chosen=language), self.now
        )
        if reply is None or reply.message is None:
            return ""
        for effect in reply.effects:
            if isinstance(effect, OpenView):
                self._state.views.put(effect.view, int(self.now.timestamp()))
        return as_text(reply.message)

    def heading(self, text: str, chat: int = CHAT) -> str:
        """Return the first line of the answer."""
        return self.say(text, chat).split("\n")[0]


@pytest.fixture
def talk(app: App, tmp_path: Path) -> Iterator[Talk]:
    own = replace(app, state=State(tmp_path / "state.db"))
    yield Talk(own)
    own.state.close()


# -- phrases -------------------------------------------------------------------------------------------


def test_every_phrase_means_something_that_there_is() -> None:
    renderer = Renderer(packaged("templates"))
    for text, kind, name in PHRASES:
        assert fold(text) == text
        if kind == "command":
            assert name in BY_NAME, text
        elif kind == "part":
            assert name in {"more", "figures", "sources"}, text
        else:
            for language in ("en", "zh"):
                assert renderer.word(name, language), text


def test_every_opening_names_a_command_of_everybody_that_takes_words() -> None:
    for text, name in read_rows(DATA / "phrase_openings.tsv"):
        assert fold(text) == text
        assert BY_NAME[name].takes
        assert BY_NAME[name].rights is not Rights.OPERATOR


def test_no_phrase_is_a_topic(glossary: Glossary) -> None:
    assert [text for text, _, _ in PHRASES if glossary.forms.named(text)] == []


def test_a_commands_own_word_stands_with_the_command_alone() -> None:
    """The exceptions name a part of the last briefing; without one, the command answers."""
    both = {text: name for text, _, name in PHRASES if text in BY_WORD}
    assert both == {"来源": "sources"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help", "/help"),
        ("怎么用？", "/help"),
        ("Subscribe", "/subscribe"),
        ("怎么订阅", "/subscribe"),
        ("怎麼訂閱", "/subscribe"),
        ("stop", "/unsubscribe"),
        ("停止", "/unsubscribe"),
        ("what topics are there?", "/topics"),
    ],
)
def test_plain_words_do_what_the_command_does(talk: Talk, text: str, expected: str) -> None:
    assert talk.say(text, language="en").split("\n[")[0] == talk.say(expected, language="en").split("\n[")[0]


@pytest.mark.parametrize(
    "text", ["hi", "Hello!", "你好", "您好。", "thanks", "Thank you!!", "谢谢", "多謝～", "ok", "bye", "設定"]
)
def test_small_talk_is_answered_in_a_few_words(talk: Talk, text: str) -> None:
    answer = talk.say(text)
    assert 0 < len(answer) < 260
    assert "!" not in answer
    assert "！" not in answer
    assert "Nothing on" not in answer
    assert "[" not in answer, "no topics are thrown at somebody who says hello"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("subscribe compute", "/subscribe compute"),
        ("Subscribe to AI agents", "/subscribe AI agents"),
        ("订阅算力", "/subscribe 算力"),
        ("我想订阅芯片", "/subscribe 芯片"),
        ("search for liquid cooling", "/search liquid cooling"),
    ],
)
def test_a_command_in_a_sentence_takes_what_follows(talk: Talk, text: str, command: str) -> None:
    assert talk.say(text, language="en") == talk.say(command, language="en")


@pytest.mark.parametrize("text", ["订阅经济", "订阅收入增长", "subscriber growth", "search engines"])
def test_a_word_that_only_begins_like_one_is_a_question(talk: Talk, text: str) -> None:
    assert talk.say(text) == talk.say(f"/trend {text}")


def test_settings_lead_to_what_can_be_set(talk: Talk) -> None:
    for text in ("settings", "设置"):
        answer = talk.say(text)
        for command in ("/lang", "/subscriptions", "/pause", "/privacy"):
            assert command in answer


def test_a_phrase_with_a_topic_is_a_question(talk: Talk) -> None:
    for text in (
        "more chips",
        "更多芯片",
        "help robots",
        "sources of electricity",
        "stop words",
        "thanks to compute",
    ):
        assert phrase_in(text) is None
    assert talk.say("more chips") == talk.say("/trend more chips")


def test_a_group_is_not_answered_for_saying_hello(talk: Talk) -> None:
    for text in ("hi", "thanks", "more", "来源", "and in China?"):
        assert talk.say(text, chat=-CHAT) == ""


# -- parts of the last briefing ------------------------------------------------------------------------


def test_more_and_sources_go_on_with_the_last_briefing_of_the_chat(talk: Talk) -> None:
    talk.say("compute")
    assert talk.heading("more") == "Compute (算力): more"
    assert talk.heading("sources") == "Compute (算力): sources"
    assert talk.heading("Show me the numbers.") == "Compute (算力): figures"
    assert talk.heading("更多") == "算力（compute）：更多要点".replace("compute", "Compute")
    assert talk.heading("来源") == "算力（Compute）：来源"
    talk.say("芯片")
    assert talk.heading("更多").startswith("芯片")


def test_without_a_briefing_more_offers_topics_and_sources_are_the_librarys(talk: Talk) -> None:
    talk.say("compute", chat=31)
    assert talk.heading("more").startswith("Which topic?")
    assert talk.heading("sources").startswith("The library: 5 reports")


# -- questions that go on ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "understood"),
    [
        ("compute", "and in China?", "compute in China"),
        ("compute in the US", "what about Huawei?", "compute in Huawei"),
        ("compute", "what about Nvidia?", "compute Nvidia"),
        ("AI investment in China", "and the US?", "AI investment in the US"),
        ("算力", "那在美国呢", "算力 美国"),
        ("compute", "what about chips?", "Chips (芯片)"),
        ("how many robots did China install?", "and Japan?", "how many robots did Japan install?"),
        ("AI investment in the US", "And in China?", "AI investment in China"),
        ("AI investment in 2024", "and in 2023?", "AI investment in 2023"),
        ("算力", "那英伟达呢", "算力 英伟达"),
        ("算力", "那中国呢？", "算力 中国"),
        ("美国的AI投资", "那中国呢？", "中国的AI投资"),
        ("中国装了多少机器人", "日本呢", "日本装了多少机器人"),
        ("英伟达的芯片", "那華為呢", "華為的芯片"),
    ],
)
def test_a_question_that_goes_on_is_shown_as_it_was_understood(
    talk: Talk, first: str, then: str, understood: str
) -> None:
    talk.say(first)
    answer = talk.say(then)
    assert understood in answer.split("\n")[0]


def test_it_goes_on_with_what_went_on(talk: Talk) -> None:
    talk.say("compute")
    talk.say("and in China?")
    assert "compute in Japan" in talk.heading("and in Japan?")


def test_after_ten_minutes_it_is_a_question_of_its_own(talk: Talk) -> None:
    talk.say("compute")
    talk.now += timedelta(minutes=10)
    assert "compute" not in talk.say("and in China?").split("\n")[0]


def test_it_never_goes_on_with_another_chats_question(talk: Talk) -> None:
    talk.say("compute", chat=31)
    assert "compute" not in talk.heading("and in China?")


def test_a_whole_question_stands_on_its_own(talk: Talk) -> None:
    talk.say("compute")
    whole = ("what about training costs in China?", "and how many robots did Japan install?", "chips")
    for text in (*whole, "what about it?", "what about that one?", "那这个呢", "and?"):
        assert "compute" not in talk.heading(text).lower()


def test_every_place_is_a_topic(glossary: Glossary) -> None:
    assert places() <= glossary.topics.keys()
