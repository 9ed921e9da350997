"""Every command, in private chats and in groups, from members and admins, in both languages, over real HTTP
against a Telegram that refuses what Telegram refuses.
"""

from __future__ import annotations

import itertools
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_process import BotProcess
from telegram_kit import labels

from bot.dialogue.registry import COMMANDS
from bot.messages import Rights
from bot.playground.refusals import Json
from bot.playground.server import USERNAME, LocalTelegram
from bot.text.normalise import has_han

PEOPLE = itertools.count(50_000)
ARGUMENTS = {
    "trend": {"en": "compute", "zh": "算力"},
    "search": {"en": "liquid cooling", "zh": "液冷"},
    "subscribe": {"en": "08:00 compute agents weekdays Asia/Shanghai", "zh": "早上8点 算力 北京"},
    "digest": {"en": "compute", "zh": "算力"},
    "pause": {"en": "7d", "zh": "三天"},
}
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def telegram() -> Iterator[LocalTelegram]:
    """A local Telegram; at the end it must have refused nothing and lost no markup."""
    with LocalTelegram() as telegram:
        yield telegram
    assert telegram.refused == []
    assert telegram.lost == []


@pytest.fixture(scope="module", autouse=True)
def service(
    telegram: LocalTelegram, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    data = shutil.copytree(seeded, tmp_path_factory.mktemp("commands") / "data")
    with BotProcess(data, telegram) as bot:
        yield bot.listening()
        assert bot.end(signal.SIGTERM) == 0
    assert "Traceback" not in bot.err


def speaking(telegram: LocalTelegram, chat: int, person: int, language: str) -> None:
    """Set the chat's language, in a group as its admin."""
    if chat < 0:
        telegram.promote(chat, person)
    telegram.say(chat, person, f"/lang {language}")
    telegram.reply(chat)


def text_of(message: Json) -> str:
    return str(message["text"])


def test_in_private_it_answers_in_the_chats_language(telegram: LocalTelegram) -> None:
    typed = [(c.name, bare) for c in COMMANDS for bare in (True, False)]
    chats = {}
    for language in LANGUAGES:
        for name, bare in typed:
            chat = chats[name, bare, language] = next(PEOPLE)
            words = "" if bare else ARGUMENTS.get(name, {}).get(language, "")
            telegram.say(chat, chat, f"/lang {language}")
            telegram.say(chat, chat, f"/{name} {words}".rstrip())
    answers = {key: text_of(telegram.reply(chat, 2)) for key, chat in chats.items()}
    for name, bare in typed:
        english, chinese = (answers[name, bare, language] for language in LANGUAGES)
        assert has_han(chinese), name
        assert english != chinese, name


REFUSALS = ("In a group, only an admin can change this.", "在群里，只有管理员能改这一项。")


@pytest.mark.parametrize("admin", [True, False], ids=["admin", "member"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_group_it_answers_members_and_configures_for_admins_alone(
    telegram: LocalTelegram, language: str, admin: bool
) -> None:
    # A group for each command: Telegram takes one message a second in a group.
    groups = {command: -next(PEOPLE) for command in COMMANDS}
    typed = {command: ARGUMENTS.get(command.name, {}).get(language, "") for command in COMMANDS}
    for command, group in groups.items():
        owner = next(PEOPLE)
        telegram.promote(group, owner)
        telegram.say(group, owner, f"/lang {language}")
        text = f"/{command.name}@{USERNAME} {typed[command]}".rstrip()
        telegram.say(group, owner if admin else next(PEOPLE), text)
    for command, group in groups.items():
        answer = telegram.reply(group, 2)
        refused = text_of(answer) in REFUSALS
        rights = command.rights_for(typed[command]) if command.rights_for else command.rights
        assert refused == (rights is Rights.ADMIN and not admin), command.name
        assert answer.get("reply_to_message"), command.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_topics_turn_in_place(telegram: LocalTelegram, language: str) -> None:
    chat = next(PEOPLE)
    speaking(telegram, chat, chat, language)
    telegram.say(chat, chat, "/topics")
    first = telegram.reply(chat, 2)
    following = labels(first)[-1]
    telegram.press(first, following, chat)
    second = telegram.edited(first)
    assert labels(second)[:-2] != labels(first)[:-1]
    telegram.press(second, labels(second)[-2], chat)
    assert labels(telegram.edited(second)) == labels(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_result_opens_and_leads_back(telegram: LocalTelegram, language: str) -> None:
    chat = next(PEOPLE)
    speaking(telegram, chat, chat, language)
    telegram.say(chat, chat, "/search 2025")
    results = telegram.reply(chat, 2)
    telegram.press(results, "2", chat)
    opened = telegram.edited(results)
    assert text_of(opened).startswith("[2]")
    telegram.press(opened, labels(opened)[0], chat)
    assert text_of(telegram.edited(opened)) == text_of(results)


WORDS = {
    "en": {"topics": "Topics", "topic": "Compute", "back": "Back", "save": "Subscribe", "place": "Shanghai"},
    "zh": {"topics": "主题", "topic": "算力", "back": "返回", "save": "订阅", "place": "上海"},
}


def pressing(telegram: LocalTelegram, message: Json, label: str, person: int) -> Json:
    """Press the first button whose label starts with `label`, and return the message once it has changed."""
    telegram.press(message, next(found for found in labels(message) if found.startswith(label)), person)
    return telegram.edited(message)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_panel_that_edits_itself_makes_a_digest(telegram: LocalTelegram, language: str) -> None:
    chat, words = next(PEOPLE), WORDS[language]
    speaking(telegram, chat, chat, language)
    telegram.say(chat, chat, "/subscribe")
    panel = telegram.reply(chat, 2)
    for name in ("topics", "topic", "back", "save", "place"):
        panel = pressing(telegram, panel, words[name], chat)
    assert "08:00" in text_of(panel)
    telegram.say(chat, chat, "/subscriptions")
    listed = text_of(telegram.reply(chat, 3))
    assert words["topic"] in listed
    assert "Next: " in listed or "下次：" in listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_anonymous_admin_subscribes_in_a_forum_topic(telegram: LocalTelegram, language: str) -> None:
    forum, owner, member = -next(PEOPLE), next(PEOPLE), next(PEOPLE)
    telegram.create_group(forum, "Forum", owner, forum=True, members=[member])
    telegram.add_bot(forum, owner)
    thread = telegram.create_topic(forum, owner, "News")
    telegram.promote(forum, owner, anonymous=True)
    telegram.say(forum, owner, f"/lang {language}", thread=thread, anonymous=True)
    telegram.reply(forum, 2)  # After the greeting.
    line = f"/subscribe@{USERNAME} {ARGUMENTS['subscribe'][language]}"
    telegram.say(forum, owner, line, thread=thread, anonymous=True)
    saved = telegram.reply(forum, 3)
    assert saved["message_thread_id"] == thread
    remove = labels(saved)[-1]
    refusal = telegram.notice(telegram.press(saved, remove, member))
    assert "only an admin" in refusal or "只有管理员" in refusal
    ended = pressing(telegram, saved, remove, owner)
    assert labels(ended) == []


def test_the_thirty_first_question_in_a_minute_gets_the_wait_once(telegram: LocalTelegram) -> None:
    chat = next(PEOPLE)
    for _ in range(35):
        telegram.say(chat, chat, "/lang")
    last = telegram.reply(chat, 31)
    assert "Please ask again in" in text_of(last)
    telegram.say(chat, chat, "/lang")
    assert len(telegram.sent(chat)) == 31


def test_the_sixteenth_question_in_a_group_gets_the_wait_once_whoever_asks(
    telegram: LocalTelegram,
) -> None:
    group, other = -next(PEOPLE), -next(PEOPLE)
    for _ in range(25):
        telegram.say(group, next(PEOPLE), "/lang@trendtest_bot")
    telegram.say(other, next(PEOPLE), "/help@trendtest_bot")
    assert "Send me a topic" in text_of(telegram.reply(other))
    person = next(PEOPLE)
    telegram.say(person, person, "/help")
    assert "Send me a topic" in text_of(telegram.reply(person)), "nor does it silence its members"

    def waits() -> list[Json]:
        return [m for m in telegram.sent(group) if "This group has asked a lot" in text_of(m)]

    assert len(telegram.wait(waits, "the wait")) == 1
