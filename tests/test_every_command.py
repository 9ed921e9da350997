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

from bot.chat.commands import COMMANDS
from bot.playground.refusals import Json
from bot.playground.server import USERNAME, LocalTelegram
from bot.text.normalise import has_han

PEOPLE = itertools.count(50_000)
ARGUMENTS = {"trend": {"en": "compute", "zh": "算力"}, "search": {"en": "liquid cooling", "zh": "液冷"}}
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def telegram() -> Iterator[LocalTelegram]:
    """Nothing may have been refused in the end, and no markup lost."""
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
    """The chat chooses its language, as its admin."""
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


@pytest.mark.parametrize("admin", [True, False], ids=["admin", "member"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_group_it_answers_members_and_configures_for_admins_alone(
    telegram: LocalTelegram, language: str, admin: bool
) -> None:
    owner, replies = next(PEOPLE), 0
    for number, command in enumerate(COMMANDS):
        if number % 10 == 0:  # one group may ask fifteen times a minute
            group, replies = -next(PEOPLE), 1
            speaking(telegram, group, owner, language)
        person = owner if admin else next(PEOPLE)
        words = ARGUMENTS.get(command.name, {}).get(language, "")
        telegram.say(group, person, f"/{command.name}@{USERNAME} {words}".rstrip())
        replies += 1
        answer = telegram.reply(group, replies)
        refused = "only an admin" in text_of(answer) or "只有管理员" in text_of(answer)
        assert refused == (command.admins and not admin)
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
