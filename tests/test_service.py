"""`trendbot run` as a real process against a strict Telegram: what people see, what it survives, how it ends."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bench.kills import measure
from bot_process import LISTENING, BotProcess, trendbot
from library_kit import write
from telegram_kit import labels, shown
from test_http import ELSEWHERE, HttpProxy, listening

from bot.dialogue.registry import COMMANDS
from bot.playground.refusals import Json
from bot.playground.server import TOKEN, USERNAME, LocalTelegram
from bot.playground.updates import FIRST_UPDATE
from bot.state.state import State

CHATS = itertools.count(100)
"""Ids of private chats and their people; negative for groups. Each test uses chats of its own."""

EDITED, OPERATOR = next(CHATS), next(CHATS)
OTHER_TOKEN = "987654321:AAAnotherTokenDontLeak-0123456789abcd"  # noqa: S105 - no real token


def strict(telegram: LocalTelegram) -> Iterator[LocalTelegram]:
    """Run a Telegram; at the end it must have refused nothing and lost no markup."""
    with telegram:
        yield telegram
    assert telegram.refused == []
    assert telegram.lost == []


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    """A Telegram of the test's own."""
    yield from strict(LocalTelegram())


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalTelegram]:
    """The Telegram of the running bot that most tests talk to."""
    yield from strict(LocalTelegram())


@pytest.fixture(scope="module")
def service(
    shared: LocalTelegram, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    """A running bot whose /help fails."""
    folder = tmp_path_factory.mktemp("service")
    edited = {"message_id": 1, "date": 1, "edit_date": 2, "chat": {"id": EDITED, "type": "private"}}
    shared.push({"edited_message": edited | {"text": "/trend compute"}})
    data = shutil.copytree(seeded, folder / "data")
    changes = {"TRENDBOT_TEMPLATES": str(broken_help(folder)), "TRENDBOT_OPERATORS": str(OPERATOR)}
    with BotProcess(data, shared, **changes) as bot:
        yield bot.listening()
        assert bot.end(signal.SIGTERM) == 0


def broken_help(folder: Path) -> Path:
    """Write a folder of templates, one of which fails when it is rendered, and return it."""
    write(folder / "templates", "help.html", "{{ commands.nowhere() }}")
    return folder / "templates"


def ask(telegram: LocalTelegram, text: str = "/trend compute") -> Json:
    """Ask in a new private chat and return the answer."""
    chat = next(CHATS)
    telegram.say(chat, chat, text)
    return telegram.reply(chat)


def settled(bot: BotProcess, update: int, outcome: str) -> None:
    """Wait until an update has an outcome, which must be `outcome`."""
    deadline = time.monotonic() + 60
    while (state := bot.outcomes().get(update)) in {None, "new"}:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert state == outcome


# -- in a chat -----------------------------------------------------------------------------------------


def test_it_says_where_it_listens_and_nothing_else(service: BotProcess) -> None:
    assert service.out == LISTENING


# The points and figures that the seeds have beyond the first message.
MORE, FIGURES = "More 10", "Figures 7"


@pytest.mark.usefixtures("service")
def test_each_button_edits_the_briefing_and_back_restores_it(shared: LocalTelegram) -> None:
    names = labels(ask(shared))
    assert names[:8] == ["1", "2", "3", "4", "5", MORE, FIGURES, "Sources 5"]
    assert len(names) > 9
    assert names[-2:] == ["中文", "Daily"]
    names.pop()  # It starts a conversation of its own, about a digest.
    # Each in a chat of its own, since a chat takes one message a second.
    firsts = {name: ask(shared) for name in names}
    queries = {name: shared.press(first, name, first["chat"]["id"]) for name, first in firsts.items()}
    opened = {name: shared.edited(first) for name, first in firsts.items()}
    for name, first in firsts.items():
        assert shared.notice(queries[name]) == ""
        assert opened[name]["message_id"] == first["message_id"]
        assert len(shared.sent(first["chat"]["id"])) == 1
    assert all(opened[str(n)]["text"].startswith(("[", "Compute")) for n in range(1, 6))
    assert opened[MORE]["text"].startswith("Compute (算力): more")
    assert opened[FIGURES]["text"].startswith("Compute (算力): figures")
    assert opened["Sources 5"]["text"].startswith("Compute (算力): sources")
    assert opened["中文"]["text"].startswith("算力")
    for topic in names[8:-1]:
        assert opened[topic]["text"].startswith(topic)
    for name in [*names[:8], "中文"]:
        back = "English" if name == "中文" else "Back"
        shared.press(opened[name], back, firsts[name]["chat"]["id"])
        assert shown(shared.edited(opened[name])) == firsts[name]


def test_a_private_text_is_a_question_and_a_button_of_no_view_is_stale(
    shared: LocalTelegram, service: BotProcess
) -> None:
    message = ask(shared, "what about 算力？")
    assert message["text"].startswith("算力")
    assert "reply_to_message" not in message
    for data in ("1.nobody000000.en.more", "made up", "1.0.en.c:99"):
        notice = shared.notice(shared.press(message, data, message["chat"]["id"]))
        assert notice.startswith(("This button is too old", "这个按钮已经过期"))
    assert service.running


@pytest.mark.usefixtures("service")
def test_in_a_group_only_commands_and_mentions_are_answered(shared: LocalTelegram) -> None:
    group = -next(CHATS)
    for unheard in (
        "We talk about compute.",
        "/trend@other_bot compute",
        "/weather",
        f"@{USERNAME}s compute",
    ):
        shared.say(group, 1, unheard)
    heard = [
        shared.say(group, 1, text)
        for text in ("/trend compute", f"@{USERNAME.upper()}算力", f"/trend@{USERNAME} large models")
    ]
    replies = [shared.reply(group, number) for number in (1, 2, 3)]
    assert [reply["reply_to_message"] for reply in replies] == heard
    assert [reply["text"].split()[0] for reply in replies] == ["Compute", "算力（Compute）", "Large"]
    # Updates of a chat are handled in order, so the others have been handled by now.
    assert len(shared.sent(group)) == 3


def test_a_group_s_talk_is_not_kept(shared: LocalTelegram, service: BotProcess) -> None:
    group = -next(CHATS)
    shared.say(group, 1, "Nobody but us shall read of wolframite.")
    shared.say(group, 1, "/trend compute")
    shared.reply(group)
    kept = b"".join(path.read_bytes() for path in service.data.iterdir() if path.is_file())
    assert b"wolframite" not in kept
    assert "wolframite" not in service.out + service.err


@pytest.mark.usefixtures("service")
def test_a_reply_and_an_apology_stay_in_the_forum_topic(shared: LocalTelegram) -> None:
    group = -next(CHATS)
    for text in ("/trend compute", "/help"):
        shared.say(group, 1, text, message_thread_id=7, is_topic_message=True)
    for number in (1, 2):
        assert shared.reply(group, number)["message_thread_id"] == 7
    assert "operator" in shared.reply(group, 2)["text"]


@pytest.mark.usefixtures("service")
def test_a_stranger_s_press_is_refused_and_an_admin_s_is_not(shared: LocalTelegram) -> None:
    group, asker, stranger, admin = -next(CHATS), 1, 2, 3
    shared.promote(group, admin)
    shared.say(group, asker, "/trend compute")
    first = shared.reply(group)
    assert shared.notice(shared.press(first, MORE, stranger)).startswith("Only the person who asked")
    assert shared.called("answerCallbackQuery")[-1].parameters["show_alert"] is True
    assert shared.messages[group, first["message_id"]] == first
    assert shared.notice(shared.press(first, MORE, admin)) == ""
    more = shared.edited(first)
    assert shared.notice(shared.press(more, "Back", asker)) == ""
    assert shown(shared.edited(more)) == first


@pytest.mark.usefixtures("service")
def test_only_an_admin_changes_a_group_s_language(shared: LocalTelegram) -> None:
    group, member, admin = -next(CHATS), 1, 3
    shared.promote(group, admin)
    for user in (member, admin):
        shared.say(group, user, "/lang zh")
    assert "only an admin" in shared.reply(group, 1)["text"]
    assert shared.reply(group, 2)["text"] == "好，我用中文回答。"


def test_an_edited_message_does_not_run(shared: LocalTelegram, service: BotProcess) -> None:
    settled(service, FIRST_UPDATE, "done")
    assert shared.sent(EDITED) == []


@pytest.mark.usefixtures("service")
def test_the_menus_are_set_in_both_languages(shared: LocalTelegram) -> None:
    shared.wait(lambda: len(shared.called("setMyShortDescription")) == 2, "the last of them")
    menus = {
        (menu.parameters.get("language_code"), menu.parameters["scope"]["type"]): [
            command["command"] for command in menu.parameters["commands"]
        ]
        for menu in shared.called("setMyCommands")
    }
    listed = [command for command in COMMANDS if command.listed]
    for language in (None, "zh"):
        assert menus[language, "all_private_chats"] == [command.name for command in listed]
        assert menus[language, "all_group_chats"] == [command.name for command in listed if command.in_groups]


def test_a_report_ingested_beside_it_is_in_the_next_answer(
    shared: LocalTelegram, service: BotProcess, tmp_path: Path
) -> None:
    sentence = "Glasswort farms grew by 14% in 2025, and their operators expect to double the area in 2026."
    assert "1" not in labels(ask(shared, "/trend glasswort"))
    report = write(
        tmp_path, "g.md", f"# Glasswort\n\n{sentence}", title="Glasswort farming", date="2026-11-01"
    )
    ingested = trendbot(service.data, "ingest", str(report))
    assert (ingested.returncode, ingested.stderr) == (0, "")
    answer = ask(shared, "/trend glasswort")
    assert sentence in answer["text"]
    assert "1" in labels(answer)


def test_a_file_from_an_operator_alone_is_taken(shared: LocalTelegram, service: BotProcess) -> None:
    raw = b"# Samphire\n\nSamphire sales rose 9% in 2025, and restaurants bought two thirds of the harvest."
    stranger = next(CHATS)
    for person in (stranger, OPERATOR):
        shared.upload(person, person, "samphire.md", raw)
    assert str(stranger) in shared.reply(stranger)["text"]
    # On a slow machine the bot first says that it is reading.
    shared.wait(lambda: any("Samphire" in one["text"] for one in shared.sent(OPERATOR)), "word of the file")
    assert "Samphire sales rose 9%" in ask(shared, "/trend samphire")["text"]
    assert len(list((service.data / "sources").iterdir())) >= 1


def test_health_is_good_while_it_polls(shared: LocalTelegram, service: BotProcess) -> None:
    ask(shared)
    health = trendbot(service.data, "doctor", "--health")
    assert (health.returncode, health.stderr) == (0, "")
    assert "running, Telegram last answered" in health.stdout


def test_a_second_run_on_the_same_folder_is_refused(shared: LocalTelegram, service: BotProcess) -> None:
    second = trendbot(service.data, "run", TRENDBOT_TOKEN=TOKEN, TRENDBOT_API_URL=shared.url)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith("trendbot: Another trendbot runs with")
    assert second.stderr.count("\n") == 1
    assert len(shared.called("getMe")) == 1
    ask(shared)


# -- what goes wrong -----------------------------------------------------------------------------------


def test_a_poison_update_is_skipped_and_its_neighbours_are_not(
    shared: LocalTelegram, service: BotProcess
) -> None:
    chat, secret = next(CHATS), "a confession"
    here = {"id": chat, "type": "private"}
    shared.say(chat, chat, "/lang en")
    poison = [
        shared.push(raw)
        for raw in (
            {"message": {"message_id": 1, "text": secret}},
            {"message": {"message_id": 1, "chat": here, "text": secret}},
            {"message": {"message_id": 1, "date": 1, "chat": {"type": "private"}, "text": secret}},
            {"message": secret},
            {"callback_query": {"id": "1", "data": secret}},
        )
    ]
    shared.say(chat, chat, "/lang zh")
    shared.reply(chat, 2)
    for update in poison:
        settled(service, update, "poison")
        assert service.rows("SELECT body FROM inbox WHERE update_id = ?", update) == [(None,)]
        assert f"Update {update} cannot be read" in service.err
    assert secret not in service.out + service.err


def test_a_failure_is_marked_and_told_with_a_reference(shared: LocalTelegram, service: BotProcess) -> None:
    chat = next(CHATS)
    shared.say(chat, chat, "/help with my secret plan")
    failed = shared.last_update
    shared.say(chat, chat, "/trend compute")
    told = re.search(r"\b([0-9a-f]{6})\b", shared.reply(chat, 1)["text"])
    assert told
    assert shared.reply(chat, 2)["text"].startswith("Compute")
    settled(service, failed, "failed")
    assert f"Update {failed} failed, reference {told[1]}." in service.err
    assert "secret plan" not in service.err


def test_a_lost_answer_to_a_sending_is_sent_again(shared: LocalTelegram, service: BotProcess) -> None:
    chat = next(CHATS)
    shared.drop_next("sendMessage")
    shared.say(chat, chat, "/trend compute")
    first, second = shared.reply(chat, 1), shared.reply(chat, 2)
    assert first["text"] == second["text"]
    settled(service, shared.last_update, "done")


def test_a_press_outlives_a_bad_connection(shared: LocalTelegram, service: BotProcess) -> None:
    first = ask(shared)
    shared.drop_next("answerCallbackQuery")
    shared.fail_next("editMessageText", 502, "<h1>Bad Gateway</h1>")
    # The edit takes effect, so that the next try finds nothing to modify.
    shared.drop_next("editMessageText")
    shared.press(first, MORE, first["chat"]["id"])
    shared.edited(first)
    settled(service, shared.last_update, "done")
    assert len(shared.sent(first["chat"]["id"])) == 1


@pytest.mark.usefixtures("service")
def test_html_that_telegram_cannot_read_is_sent_as_plain_text(shared: LocalTelegram) -> None:
    description = 'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 0'
    shared.fail_next("sendMessage", 400, {"ok": False, "error_code": 400, "description": description})
    message = ask(shared)
    assert message["text"] == ask(shared)["text"]
    assert "parse_mode" not in shared.called("sendMessage")[-2].parameters


def test_a_flood_is_waited_out_and_a_closed_chat_is_left_alone(
    shared: LocalTelegram, service: BotProcess
) -> None:
    flood = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
    shared.fail_next("sendMessage", 429, flood | {"parameters": {"retry_after": 1}})
    assert ask(shared)["text"].startswith("Compute")
    closed = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    shared.fail_next("sendMessage", 403, closed)
    chat = next(CHATS)
    shared.say(chat, chat, "/trend compute")
    settled(service, shared.last_update, "failed")
    assert shared.sent(chat) == []


def test_a_chat_that_was_closed_opens_when_its_person_writes(
    shared: LocalTelegram, service: BotProcess
) -> None:
    chat, other = next(CHATS), next(CHATS)
    with closing(State(service.data / "state.db")) as state:
        for number in (chat, other):
            state.chats.close(number, 1)
        shared.say(chat, chat, "/start")
        shared.reply(chat)
        assert not state.chats.closed(chat)
        assert state.chats.closed(other)


def test_polling_goes_on_after_every_kind_of_failure(shared: LocalTelegram, service: BotProcess) -> None:
    shared.fail_next("getUpdates", 409, {"ok": False, "error_code": 409, "description": "Conflict: twice"})
    shared.drop_next("getUpdates")
    ask(shared)
    ask(shared)
    assert "Another process polls with this token" in service.err


def test_a_menu_is_set_after_the_wait_that_telegram_asks_for(telegram: LocalTelegram, data: Path) -> None:
    for method in ("setMyCommands", "setMyDescription"):
        telegram.fail_next(method, 429, retry_after=1)
    with BotProcess(data, telegram) as bot:
        telegram.wait(lambda: len(telegram.called("setMyShortDescription")) == 2, "the last description")
        assert bot.end(signal.SIGTERM) == 0
        assert (bot.out, bot.err) == (LISTENING, "")
    for method in ("setMyCommands", "setMyDescription"):
        tried = telegram.called(method)
        assert [call.status for call in tried] == [429] + [200] * (len(tried) - 1)
        assert tried[0].parameters == tried[1].parameters
        assert tried[1].at - tried[0].at >= 1


# -- start and stop ------------------------------------------------------------------------------------


def test_a_stop_under_load_loses_nothing_and_repeats_nothing(telegram: LocalTelegram, data: Path) -> None:
    chats = [next(CHATS) for _ in range(60)]
    for chat in chats:
        telegram.say(chat, chat, "/trend compute")
    with BotProcess(data, telegram) as bot:
        telegram.reply(chats[2])
        assert bot.end(signal.SIGTERM) == 0
        assert (bot.out, bot.err) == (LISTENING, "")
        sent = len(telegram.called("sendMessage"))
        assert sent < len(chats)
        assert list(bot.outcomes().values()).count("done") == sent
    health = trendbot(data, "doctor", "--health")
    assert health.returncode == 1
    assert "not running" in health.stdout
    with BotProcess(data, telegram) as bot:
        for chat in chats:
            telegram.reply(chat)
        assert bot.end(signal.SIGINT) == 0
        assert (bot.out, bot.err) == (LISTENING, "")
        assert Counter(bot.outcomes().values()) == {"done": len(chats)}
    assert len(telegram.called("sendMessage")) == len(chats)


def test_a_stop_does_not_wait_for_a_telegram_that_hangs(telegram: LocalTelegram, data: Path) -> None:
    with BotProcess(data, telegram, TRENDBOT_LOG="DEBUG") as bot:
        bot.listening()
        for _ in range(3):
            telegram.hang("sendMessage")
        chat = next(CHATS)
        telegram.say(chat, chat, "/trend compute")
        telegram.reply(chat)
        assert bot.end(signal.SIGTERM) == 0
        # The bot cannot know that the message arrived.
        assert bot.outcomes() == {telegram.last_update: "new"}
        assert "Sending failed (TimedOut)" in bot.err
        assert_silent_about(TOKEN, bot)


def test_a_stop_does_not_wait_for_whoever_holds_the_database(telegram: LocalTelegram, data: Path) -> None:
    chat = next(CHATS)
    with BotProcess(data, telegram) as bot:
        bot.listening()
        with closing(sqlite3.connect(data / "state.db", timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            polls = len([call for call in telegram.called("getUpdates") if call.status])
            telegram.say(chat, chat, "/lang en")
            telegram.say(chat, chat, "/trend compute")
            # The updates have been fetched, and wait for the database.
            telegram.wait(
                lambda: len([call for call in telegram.called("getUpdates") if call.status]) > polls,
                "the updates",
            )
            # Telegram has answered; whether the bot has read the answer cannot be seen from here.
            time.sleep(1)
            assert bot.end(signal.SIGTERM) == 1
            assert "Something does not end" in bot.err
            other.execute("ROLLBACK")
    with BotProcess(data, telegram) as bot:
        telegram.reply(chat, 2)
        assert bot.end(signal.SIGTERM) == 0
        assert list(bot.outcomes().values()) == ["done"] * 2


def test_a_wrong_token_is_told_in_one_line(telegram: LocalTelegram, data: Path) -> None:
    with BotProcess(data, telegram, OTHER_TOKEN, TRENDBOT_LOG="DEBUG") as bot:
        assert bot.ended() == 1
        assert bot.out == ""
        assert bot.err.endswith(
            "trendbot: Telegram refuses the token; check TRENDBOT_TOKEN with @BotFather.\n"
        )
        assert_silent_about(OTHER_TOKEN, bot)
    again = trendbot(data, "run", TRENDBOT_TOKEN=OTHER_TOKEN, TRENDBOT_API_URL=telegram.url)
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (1, "", 1)


def test_it_waits_for_telegram_at_the_start_and_ends_when_its_token_is_revoked(data: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with BotProcess(data, f"http://127.0.0.1:{port}") as bot:
        bot.saying("Telegram cannot be reached")
        assert bot.out == ""
        for telegram in strict(LocalTelegram(port)):
            bot.listening()
            ask(telegram)
        # Removed and added again.
        bot.saying("Telegram did not answer")
        for telegram in strict(LocalTelegram(port)):
            telegram.last_update += 100
            ask(telegram)
            telegram.fail_next("getUpdates", 401)
            chat = next(CHATS)
            telegram.say(chat, chat, "/trend compute")
            assert bot.ended() == 1
        assert bot.err.endswith(
            "trendbot: Telegram refuses the token; check TRENDBOT_TOKEN with @BotFather.\n"
        )


def test_a_stop_while_it_waits_for_telegram_is_clean(data: Path) -> None:
    with BotProcess(data, "http://127.0.0.1:9") as bot:
        bot.saying("Telegram cannot be reached")
        assert bot.end(signal.SIGTERM) == 0
        assert bot.out == ""
        assert bot.err.count("\n") == bot.err.count("Telegram cannot be reached")


def test_a_proxy_leads_to_a_telegram_that_only_it_can_find(telegram: LocalTelegram, data: Path) -> None:
    def talk(port: int) -> None:
        with BotProcess(data, f"http://{ELSEWHERE}", HTTPS_PROXY=f"127.0.0.1:{port}") as bot:
            assert ask(telegram)["text"].startswith("Compute")
            assert bot.end(signal.SIGTERM) == 0
            assert bot.err == ""

    async def test() -> None:
        proxy = HttpProxy(telegram.port)
        async with listening(proxy) as port:
            await asyncio.to_thread(talk, port)
        assert set(proxy.asked) == {f"{ELSEWHERE}:80"}

    asyncio.run(test())


# -- promises ------------------------------------------------------------------------------------------


def test_the_token_is_nowhere_after_a_crash_at_debug_level(telegram: LocalTelegram, data: Path) -> None:
    templates = str(broken_help(data.parent))
    with BotProcess(data, telegram, TRENDBOT_LOG="DEBUG", TRENDBOT_TEMPLATES=templates) as bot:
        bot.listening()
        telegram.fail_next("sendMessage", 502, f"no route to /bot{TOKEN}/sendMessage")
        telegram.fail_next("getUpdates", 502, f"no route to /bot{TOKEN}/getUpdates")
        ask(telegram, "/help")
        telegram.fail_next("getUpdates", 200, {"ok": True, "result": [f"https://t/bot{TOKEN}/x"]})
        telegram.say(EDITED, EDITED, "/trend compute")
        bot.saying("updates have no number")
        telegram.fail_next("getUpdates", 401)
        assert bot.ended() == 1
        for said in ("not Telegram's", "TemplateProblem", "reference", "ForeignAnswer", "refuses the token"):
            assert said in bot.err
        assert_silent_about(TOKEN, bot)


def assert_silent_about(token: str, bot: BotProcess) -> None:
    """Assert that neither the token nor its part after the colon is in the output or in any file."""
    key = token.partition(":")[2].encode()
    files = [path for path in bot.data.parent.rglob("*") if path.is_file()]
    assert bot.data.with_suffix(".err") in files
    assert bot.data / "state.db" in files
    assert [path for path in files if key in path.read_bytes()] == []


def test_kills_lose_no_update_and_double_no_effect(data: Path) -> None:
    figures = measure(data, kills=20, updates=600, seed=1)
    assert figures.lost == 0
    assert figures.double_effects == 0
    assert figures.repeated <= figures.under_way
    assert figures.busy_kills >= 10
