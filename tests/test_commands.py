"""One list of commands: what users type, what menus and /help show, and both languages agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_kit import NOW

from bot.dialogue.commands.search import OpenResult
from bot.dialogue.effects import ForgetPerson
from bot.dialogue.events import TextEvent
from bot.dialogue.parse import parse_command, plain_command, without_mention
from bot.dialogue.registry import BY_WORD, COMMANDS
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.messages import Button, Rights
from bot.models import Language
from bot.rendering.renderer import plain_text
from bot.state.state import State
from bot.state.views import View


def told(reply: Reply | None) -> str:
    assert reply is not None
    assert reply.message is not None
    return plain_text(reply.message.html)


def ask(conversation: Router, text: str, *, private: bool = True, admin: bool = True) -> Reply | None:
    return conversation.answer(TextEvent(5 if private else -5, 9, text, private=private, admin=admin), NOW)


def buttons(reply: Reply | None) -> list[Button]:
    assert reply is not None
    assert reply.message is not None
    return [button for row in reply.message.buttons for button in row]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/trend compute", ("trend", "compute")),
        ("/Trend@Trend_Bot  compute now", ("trend", "compute now")),
        ("/trend\ncompute", ("trend", "compute")),
        ("/trend@other_bot compute", ("", "")),
        ("trend compute", (None, "trend compute")),
        ("/trend算力", ("trend", "算力")),
        ("/trend@Trend_Bot算力", ("trend", "算力")),
        ("/search液冷", ("search", "液冷")),
        ("/subscribe早上8点算力", ("subscribe", "早上8点算力")),
        ("/trend:compute", ("trend", "compute")),
        ("/trend：算力", ("trend", "算力")),
        ("/trend，算力", ("trend", "算力")),
        ("/subscribe:08:00 compute", ("subscribe", "08:00 compute")),
        ("/recap：6h", ("recap", "6h")),
        ("/digest「算力」", ("digest", "「算力」")),
        ("/trend@other_bot算力", ("", "")),
        ("/etc/hosts", ("", "")),
        ("/", ("", "")),
    ],
)
def test_a_command_is_read_as_telegram_sends_it(text: str, expected: tuple[str | None, str]) -> None:
    assert parse_command(text, "trend_bot") == expected


def test_a_plain_chinese_word_is_a_command_only_as_a_word_of_its_own() -> None:
    def read(text: str) -> tuple[str | None, str]:
        command, argument = plain_command(text)
        return None if command is None else command.name, argument

    assert read("搜索 液冷") == ("search", "液冷")
    assert read("帮助") == ("help", "")
    assert read("搜索：液冷") == ("search", "液冷")
    assert read("趋势: 算力") == ("trend", "算力")
    assert read("搜索引擎") == (None, "搜索引擎")
    assert read("搜索引擎：液冷") == (None, "搜索引擎：液冷")
    assert read("隐私 计算") == (None, "隐私 计算")
    assert read("幫助") == ("help", "")
    assert read("") == (None, "")


def test_no_two_commands_share_a_word() -> None:
    assert len(BY_WORD) == sum(len(command.words) for command in COMMANDS)


def test_a_mention_asks_what_stands_beside_it() -> None:
    assert without_mention("@trend_bot 算力", "trend_bot") == "算力"
    assert without_mention("what about compute, @Trend_Bot?", "trend_bot") == "what about compute"
    assert without_mention("compute", "trend_bot") is None
    assert without_mention("@trend_bot", None) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_answers_in_private_in_both_languages(conversation: Router, language: Language) -> None:
    for command in COMMANDS:
        asked = TextEvent(5, 9, f"/{command.name}", private=True, chosen=language)
        assert told(conversation.answer(asked, NOW))
        for word in command.words:
            assert told(
                conversation.answer(TextEvent(5, 9, word, private=True, chosen=language), NOW)
            ) == told(conversation.answer(asked, NOW))


def test_help_lists_the_commands_of_the_place_it_is_asked_in(conversation: Router) -> None:
    private, group = told(ask(conversation, "/help")), told(ask(conversation, "/help", private=False))
    for command in COMMANDS:
        assert (f"/{command.name} " in private) == command.listed
        assert (f"/{command.name} " in group) == (command.listed and command.in_groups)


def test_a_group_is_configured_by_its_admins_alone(conversation: Router) -> None:
    for command in COMMANDS:
        refused = "only an admin" in told(ask(conversation, f"/{command.name}", private=False, admin=False))
        rights = command.rights_for("") if command.rights_for else command.rights
        assert refused == (rights is Rights.ADMIN), command.name


def test_search_pages_lead_on_and_back(conversation: Router) -> None:
    reply = ask(conversation, "/search 2025")
    first = buttons(reply)[0].action
    assert isinstance(first, OpenResult)
    assert first.place == 0
    assert "[1]" in told(reply)


def test_topics_show_only_those_with_evidence_and_their_reports(conversation: Router) -> None:
    reply = ask(conversation, "/topics")
    labels = [b.text for b in buttons(reply)]
    assert "Compute · 5" in labels
    assert labels[-1] == "Next ›"
    assert not any(label.endswith("· 0") for label in labels)


def test_sources_names_every_report_and_that_no_link_is_known(conversation: Router) -> None:
    text = told(ask(conversation, "/sources"))
    assert text.count("; Trendbot's brief") == 5
    assert text.count("No public link known.") == 5


def test_about_tells_the_readers_id_for_the_operators_list(conversation: Router) -> None:
    assert "Your Telegram user id: 9" in told(ask(conversation, "/about"))


def test_forgetme_asks_for_everything_of_that_person_to_go(conversation: Router) -> None:
    reply = ask(conversation, "/forgetme")
    assert reply is not None
    assert reply.effects == (ForgetPerson(9),)


def test_what_is_forgotten_is_gone_and_what_others_asked_is_not(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.views.put(View("mine", 9, 9, "my question"), 1)
    state.views.put(View("group", -5, 9, "my group question"), 1)
    state.views.put(View("other", -5, 8, "another question"), 1)
    state.chats.set_language(9, "zh")
    state.erase.person(9)
    assert [state.views.get(name) for name in ("mine", "group")] == [None, None]
    assert state.views.get("other") is not None
    assert state.chats.language(9) is None
    state.close()
