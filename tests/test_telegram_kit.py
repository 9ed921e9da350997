"""The strict Telegram is as strict as the real one: what it refuses, in which words, and what it drops."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from telegram_html import CannotParse, parse, units
from telegram_kit import FakeTelegram
from telegram_methods import TOKEN


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A server without a bot."""
    with FakeTelegram() as telegram:
        yield telegram


def call(telegram: FakeTelegram, method: str, token: str = TOKEN, **parameters: Any) -> tuple[int, Any]:
    """The status and the result, or the description of the refusal."""
    form = {n: v if isinstance(v, str) else json.dumps(v) for n, v in parameters.items()}
    url = f"{telegram.url}/bot{token}/{method}"
    try:
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), timeout=30) as answer:  # noqa: S310
            return answer.status, json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["description"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>a</b> &lt;&gt;&amp;&quot;&#34;&#x27;&#39; &", "a <>&\"\"'' &"),
        ('<a href="https://x.org/?a=1&amp;b">x</a>', "x"),
        ("<BLOCKQUOTE expandable>x<b>y</b></blockquote>", "xy"),
        ('<pre><code class="language-py">x</code></pre>', "x"),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</>', "xy"),
        ("&lt &#60 a > b", "< < a > b"),
    ],
)
def test_html_that_telegram_reads(markup: str, text: str) -> None:
    assert parse(markup).text == text
    assert parse(markup).lost == ()


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("算<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <3", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_html_that_telegram_refuses(markup: str, reason: str) -> None:
    with pytest.raises(CannotParse) as caught:
        parse(markup)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "markup",
    [
        "a&nbsp;b",
        "&mdash;",
        '<a href="javascript:x">y</a>',
        "<a>y</a>",
        "<b><code>x</code></b>",
        "<code>x<b>y</b></code>",
        "<blockquote>x<blockquote>y</blockquote></blockquote>",
        '<a href="https://x.org">x<a href="https://y.org">y</a></a>',
        "<b>x</b>" * 101,
    ],
)
def test_markup_that_telegram_drops_without_an_error(markup: str) -> None:
    assert len(parse(markup).lost) == 1


def test_lengths_are_utf_16_units_after_the_tags(telegram: FakeTelegram) -> None:
    assert units("算😀") == 3
    longest = "😀" * 2048
    assert call(telegram, "sendMessage", chat_id=1, text=f"<b>{longest}</b>", parse_mode="HTML")[0] == 200
    assert call(telegram, "sendMessage", chat_id=1, text=f"{longest}.") == (
        400,
        "Bad Request: message is too long",
    )
    assert call(telegram, "sendMessage", chat_id=1, text=" \n")[1] == "Bad Request: message text is empty"
    assert len(telegram.refused) == 2


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "算力", "callback_data": "x" * 64}, None),
        ({"text": "x", "callback_data": "算" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "https://x.org"}, None),
        ({"text": "x", "url": "x"}, "BUTTON_URL_INVALID"),
        ({"text": "x"}, "text buttons are unallowed in the inline keyboard"),
    ],
)
def test_buttons(button: dict[str, str], reason: str | None, telegram: FakeTelegram) -> None:
    status, result = call(
        telegram, "sendMessage", chat_id=1, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert (status, reason and result) == (400 if reason else 200, reason and f"Bad Request: {reason}")


def test_an_edit_must_change_something(telegram: FakeTelegram) -> None:
    _, message = call(telegram, "sendMessage", chat_id=1, text="<b>x</b>", parse_mode="HTML")
    place = {"chat_id": 1, "message_id": message["message_id"]}
    assert "message is not modified" in call(telegram, "editMessageText", **place, text="x")[1]
    assert call(telegram, "editMessageText", **place, text="y")[1]["text"] == "y"
    assert (
        "message to edit not found" in call(telegram, "editMessageText", chat_id=2, message_id=1, text="y")[1]
    )


def test_wrong_tokens_methods_and_queries(telegram: FakeTelegram) -> None:
    assert call(telegram, "getMe", f"{TOKEN}x") == (401, "Unauthorized")
    assert call(telegram, "getYou") == (404, "Not Found")
    assert "query is too old" in call(telegram, "answerCallbackQuery", callback_query_id="1")[1]
    assert call(telegram, "deleteWebhook") == (200, True)


def test_updates_come_again_until_the_next_offset(telegram: FakeTelegram) -> None:
    numbers = [telegram.push({"message": {"text": str(number)}}) for number in range(3)]

    def got(**parameters: int) -> list[int]:
        return [update["update_id"] for update in call(telegram, "getUpdates", **parameters)[1]]

    assert got() == numbers
    assert got(limit=2) == numbers[:2]
    assert got(offset=numbers[1]) == numbers[1:]
    assert got(offset=numbers[2] + 1) == []
    assert got() == []


def test_a_second_poller_ends_the_first_and_an_update_wakes_it(telegram: FakeTelegram) -> None:
    answers: dict[str, tuple[int, Any]] = {}

    def poll(name: str) -> None:
        answers[name] = call(telegram, "getUpdates", timeout=30)

    threads = [threading.Thread(target=poll, args=(name,)) for name in ("first", "second")]
    for number, thread in enumerate(threads, 1):
        thread.start()
        telegram.wait(lambda number=number: len(telegram.called("getUpdates")) == number, "a poll")
    threads[0].join()
    telegram.say(1, 1, "x")
    threads[1].join()
    assert answers["first"][0] == 409
    assert [update["message"]["text"] for update in answers["second"][1]] == ["x"]


def test_faults_befall_the_next_call_alone(telegram: FakeTelegram) -> None:
    telegram.fail_next("sendMessage", 502, {"ok": False, "description": "Bad Gateway"})
    telegram.drop_next("sendMessage")
    assert call(telegram, "sendMessage", chat_id=1, text="x") == (502, "Bad Gateway")
    assert telegram.sent(1) == []
    with pytest.raises(OSError, match=r"closed|reset"):
        call(telegram, "sendMessage", chat_id=1, text="x")
    assert len(telegram.sent(1)) == 1
    assert call(telegram, "sendMessage", chat_id=1, text="x")[0] == 200
    assert [c.status for c in telegram.called("sendMessage")] == [502, 0, 200]
    assert telegram.refused == []
