"""What operators send is read: files, addresses, posts of channels. A real bot, as a person sees it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_process import BotProcess
from feed_kit import Post, rss
from pdf_kit import typeset
from telegram_kit import labels
from web_kit import Asked, Web

from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram

OPERATOR, STRANGER, OWNER = 60_001, 60_002, 60_003
CHANNEL = -1_003_000_000_001
PAGE = "<!doctype html><html><head><title>Zeppelins over Oslo</title></head><body><article>{}</article></body></html>"
TEXT = "<p>Zeppelins carried mail to Oslo in the summer of that year, the post office said on Monday.</p>" * 3

FORWARDED = {
    "type": "channel",
    "chat": {"id": CHANNEL, "type": "channel", "title": "Oslo News", "username": "oslo_news"},
    "message_id": 42,
    "date": 1_795_000_000,
}
"""Where a forwarded message comes from, as Telegram tells it."""


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def telegram(seeded: Path, tmp_path: Path, web: Web) -> Iterator[LocalTelegram]:
    """A Telegram with a bot that may fetch from the local server; nothing may be refused."""
    data = shutil.copytree(seeded, tmp_path / "data")
    settings = {"TRENDBOT_OPERATORS": str(OPERATOR), "TRENDBOT_ALLOW": web.allow}
    with LocalTelegram() as telegram, BotProcess(data, telegram, **settings) as bot:
        bot.listening()
        telegram.add_user(OPERATOR, first_name="Ada", language_code="en")
        yield telegram
        assert telegram.refused == []
        assert telegram.lost == []
    assert "Traceback" not in bot.err


def told(telegram: LocalTelegram, number: int = 1) -> Json:
    """Return the `number`th answer to the operator, once it is more than how far the reading is."""
    telegram.reply(OPERATOR, number)
    return telegram.wait(
        lambda: next(
            (o for o in telegram.sent(OPERATOR)[number - 1 :] if not o["text"].startswith("Reading")), None
        ),
        f"answer {number}",
    )


def pressed(telegram: LocalTelegram, message: Json, label: str) -> Json:
    """Press a button that edits its message, and return the edited message."""
    telegram.press(message, label, OPERATOR)
    return telegram.edited(message)


def answered(telegram: LocalTelegram, question: str) -> str:
    """Ask as the operator and return the answer."""
    count = len(telegram.sent(OPERATOR))
    telegram.say(OPERATOR, OPERATOR, question)
    return str(telegram.reply(OPERATOR, count + 1)["text"])


def ask_until(telegram: LocalTelegram, question: str, words: str) -> None:
    """Asks until the answer has these words. The pauses keep to the 30 questions a minute that a person has."""
    for _ in range(40):
        if words in answered(telegram, question):
            return
        time.sleep(2.1)
    pytest.fail(f"The answer to {question!r} never had {words!r}.")


def test_an_address_is_read_and_its_text_and_its_end_are_a_press_away(
    telegram: LocalTelegram, web: Web
) -> None:
    telegram.say(OPERATOR, OPERATOR, web.serve("/page", PAGE.format(TEXT).encode()))
    read = told(telegram)
    assert read["text"] == "Read: Zeppelins over Oslo, date unknown, 1 passage."
    assert labels(read) == ["Text", "Take it out"]
    assert "carried mail" in answered(telegram, "zeppelins")
    text = pressed(telegram, read, "Text")
    assert text["text"].startswith("Zeppelins over Oslo\n")
    assert "the post office said on Monday." in text["text"]
    assert labels(text) == ["Take it out"]
    telegram.press(text, "Take it out", OPERATOR)
    gone = telegram.edited(text)
    assert gone["text"] == "Zeppelins over Oslo is out of the library. Send it again to have it back."
    assert "carried mail" not in answered(telegram, "zeppelins")


def test_what_was_cut_of_a_file_without_lines_is_counted(telegram: LocalTelegram) -> None:
    pages = [
        f"Hall {n} of the north saved {n + 10}% of its power last year, said its operator." for n in range(40)
    ]
    telegram.upload(OPERATOR, OPERATOR, "report.pdf", typeset(pages, head="Oslo Weekly", size=30).raw)
    read = told(telegram)
    assert "lines cut (head or foot that pages repeat)" in read["text"]
    cut = pressed(telegram, read, "What was cut")["text"].splitlines()
    assert cut[1].endswith("lines cut. How many · why:")
    assert cut[2:] == [f"{cut[1].split()[0]} · head or foot that pages repeat"]


def test_an_address_of_a_feed_is_read_once_and_the_answer_says_how_to_follow_it(
    telegram: LocalTelegram, web: Web
) -> None:
    address = web.serve("/feed", rss(Post("Airships", "Zeppelins carried mail to Oslo on Monday.")))
    telegram.say(OPERATOR, OPERATOR, address)
    assert told(telegram)["text"].splitlines()[1:] == [
        f"This is a feed, read once. To read what it brings from now on, send /feeds add {address}"
    ]
    assert answered(telegram, f"/feeds add {address}").startswith("Added: Compute News")
    count = len(telegram.sent(OPERATOR))
    telegram.say(OPERATOR, OPERATOR, address)
    assert "/feeds add" not in told(telegram, count + 1)["text"]


def test_what_takes_longer_than_two_seconds_says_so_and_becomes_the_answer(
    telegram: LocalTelegram, web: Web
) -> None:
    def slow(asked: Asked) -> None:
        time.sleep(3)
        asked.say(200, PAGE.format(TEXT).encode())

    web.answers["/slow"] = slow
    telegram.say(OPERATOR, OPERATOR, web.url("/slow"))
    first = telegram.reply(OPERATOR)
    assert first["text"] == "Reading…"
    assert telegram.edited(first)["text"].startswith("Read: Zeppelins over Oslo")
    assert len(telegram.sent(OPERATOR)) == 1


def test_a_photo_is_answered_with_what_can_be_read(telegram: LocalTelegram) -> None:
    telegram.say(
        OPERATOR, OPERATOR, "", photo=[{"file_id": "P", "file_unique_id": "U", "width": 9, "height": 9}]
    )
    assert told(telegram)["text"].startswith("I can read .pdf, .docx")


def test_an_address_that_leads_inside_is_refused_in_words(telegram: LocalTelegram) -> None:
    telegram.say(OPERATOR, OPERATOR, "http://169.254.169.254/latest/meta-data")
    assert "private network" in told(telegram)["text"]


def test_a_stranger_who_sends_an_address_has_it_fetched_by_nobody(telegram: LocalTelegram, web: Web) -> None:
    telegram.say(STRANGER, STRANGER, web.serve("/page", PAGE.format(TEXT).encode()))
    telegram.reply(STRANGER)
    assert web.requests == []


def test_a_forwarded_post_is_read_from_an_operator_and_a_question_from_anybody_else(
    telegram: LocalTelegram,
) -> None:
    said = "Zeppelins over Oslo\nZeppelins carried mail to Oslo again on Monday."
    telegram.say(OPERATOR, OPERATOR, said, forward_origin=FORWARDED)
    read = told(telegram)["text"]
    assert read == "Read: Zeppelins over Oslo, @oslo_news, 18 Nov 2026, 1 passage."
    assert "oslo_news" in answered(telegram, "/sources")
    opened = pressed(telegram, telegram.sent(OPERATOR)[-1], "1")
    assert labels(opened) == ["All reports", "Take it out"]
    assert labels(pressed(telegram, opened, "Take it out")) == ["All reports"]
    assert "oslo_news" not in answered(telegram, "/sources")
    telegram.say(STRANGER, STRANGER, said, forward_origin=FORWARDED)
    assert not telegram.reply(STRANGER)["text"].startswith("Read")


def test_a_channel_with_a_chinese_name_is_offered_in_chinese(telegram: LocalTelegram) -> None:
    answered(telegram, "/help")
    telegram.create_channel(CHANNEL, "机器周报", OWNER, username="jqzb")
    telegram.add_bot(CHANNEL, OWNER)
    assert telegram.reply(OPERATOR, 2)["text"] == "我现在是频道 机器周报 的管理员。要把它的帖子收进库里吗？"


def test_a_channels_posts_and_their_edits_come_in_once_an_operator_says_so(
    telegram: LocalTelegram,
) -> None:
    answered(telegram, "/help")  # A bot may write only to people who have written to it.
    telegram.create_channel(CHANNEL, "Oslo News", OWNER, username="oslo_news")
    telegram.add_bot(CHANNEL, OWNER)
    offer = telegram.reply(OPERATOR, 2)
    assert (
        offer["text"] == "I am an admin of the channel Oslo News now. Shall its posts come into the library?"
    )
    telegram.post(CHANNEL, "Airships carried nobody to Bergen on Sunday.")
    taken = pressed(telegram, offer, "Take its posts")
    assert "Oslo News" in taken["text"]
    answered(
        telegram, "/help"
    )  # the press is committed, not only answered: a chat's updates are handled in turn
    post = telegram.post(CHANNEL, "Zeppelins carried mail to Oslo on Monday.")
    ask_until(telegram, "zeppelins", "on Monday")
    telegram.edit_text(post, "Zeppelins carried mail to Oslo on Tuesday.")
    ask_until(telegram, "zeppelins", "on Tuesday")
    assert "on Monday" not in answered(telegram, "zeppelins")
    assert "carried nobody" not in answered(telegram, "airships Bergen"), (
        "what came before the yes is kept nowhere"
    )
    assert telegram.sent(CHANNEL) == []
    telegram.remove_bot(CHANNEL, OWNER)
    ask_until(telegram, "/feeds", "Paused")


def approved_channel(telegram: LocalTelegram) -> None:
    """Make the bot an admin of a channel, and let the operator approve it."""
    answered(telegram, "/help")  # A bot may write only to people who have written to it.
    telegram.create_channel(CHANNEL, "Oslo News", OWNER, username="oslo_news")
    telegram.add_bot(CHANNEL, OWNER)
    pressed(telegram, telegram.reply(OPERATOR, 2), "Take its posts")
    answered(telegram, "/help")


def test_a_document_that_an_approved_channel_posts_is_a_report_of_that_channel(
    telegram: LocalTelegram,
) -> None:
    approved_channel(telegram)
    prose = "Zeppelins carried mail to Oslo, the post office said on Monday."
    telegram.post(CHANNEL, "", ("Mail by air.pdf", typeset([prose]).raw))
    ask_until(telegram, "zeppelins", "the post office said")
    telegram.post(
        CHANNEL, "Our note of the week", ("note.md", b"Airships carried nobody to Bergen on Sunday.")
    )
    ask_until(telegram, "airships", "carried nobody")
    listed = answered(telegram, "/sources")
    assert listed.count("@oslo_news") >= 3, "two documents, and the caption as a post"
    assert "Mail by air" in listed
    assert telegram.sent(CHANNEL) == []


def test_a_channels_document_that_cannot_be_read_is_told_to_the_operators_once(
    telegram: LocalTelegram,
) -> None:
    approved_channel(telegram)
    count = len(telegram.sent(OPERATOR))
    post = telegram.post(CHANNEL, "", ("scan.pdf", typeset([]).raw))
    note = telegram.reply(OPERATOR, count + 1)["text"]
    assert note.startswith("Not read from the channel Oslo News: scan.pdf: ")
    assert note.endswith(f"https://t.me/oslo_news/{post['message_id']}")
    telegram.edit_text(post, "Zeppelins carried mail to Oslo on Tuesday.")
    ask_until(telegram, "zeppelins", "on Tuesday")
    assert [one["text"] for one in telegram.sent(OPERATOR)].count(note) == 1
    assert telegram.sent(CHANNEL) == []


def test_a_stranger_who_forwards_a_channels_document_is_refused_like_any_file(
    telegram: LocalTelegram,
) -> None:
    document = {"file_id": "D", "file_unique_id": "U", "file_name": "note.md", "file_size": 9}
    telegram.say(STRANGER, STRANGER, "", forward_origin=FORWARDED, document=document)
    assert telegram.reply(STRANGER)["text"].startswith("Only the operator")


def test_a_feed_that_was_added_in_the_chat_is_read_by_the_running_bot(
    telegram: LocalTelegram, web: Web
) -> None:
    address = web.serve("/feed", rss(Post("Airships", "Zeppelins carried mail to Oslo on Monday.")))
    assert answered(telegram, f"/feeds add {address}").startswith("Added: Compute News")
    ask_until(telegram, "zeppelins", "on Monday")
    assert "1 report; read " in answered(telegram, "/feeds")
