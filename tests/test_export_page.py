"""Exports as HTML pages and of a whole account are read like those of one chat."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from bot.recaps.export import ExportError, ManyChats, newest_messages
from bot.recaps.export_page import is_chat_page
from bot.talk import ChatMessage, Poll

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"/><title>Exported Data</title></head>
<body onload="CheckLocation();"><div class="page_wrap">
<div class="page_header"><div class="content"><div class="text bold">Hall two</div></div></div>
<div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">4 June 2024</div></div>
<div class="message default clearfix" id="message101">
 <div class="pull_left userpic_wrap"><div class="userpic userpic1"><div class="initials">L</div></div></div>
 <div class="body">
  <div class="pull_right date details" title="04.06.2024 12:01:00 UTC+02:00">12:01</div>
  <div class="from_name">Lena Roth</div>
  <div class="text">Which rack design do we take for the second hall?<br>It &amp; the floor</div>
 </div></div>
<div class="message default clearfix joined" id="message102">
 <div class="body">
  <div class="pull_right date details" title="04.06.2024 12:02:00 UTC+02:00">12:02</div>
  <div class="text"><blockquote>cold plates fit</blockquote>and who checks the <a href="https://example.org/">power budget</a>?</div>
 </div></div>
<div class="message default clearfix" id="message103">
 <div class="body">
  <div class="pull_right date details" title="04.06.2024 12:03:00 UTC+02:00">12:03</div>
  <div class="from_name">Omar Haddad</div>
  <div class="reply_to details">In reply to <a href="#go_to_message101" onclick="return GoToMessage(101)">this message</a></div>
  <div class="text">Immersion needs a new floor.</div>
 </div></div>
<div class="message default clearfix joined" id="message104">
 <div class="body">
  <div class="pull_right date details" title="04.06.2024 12:04:00">12:04</div>
  <div class="forwarded body">
   <div class="from_name">Energy News <span class="date details" title="03.06.2024 09:00:00"> 03.06.2024 09:00:00</span></div>
   <div class="text">The ministry will subsidise cold plates.</div>
  </div></div></div>
<div class="message default clearfix" id="message105">
 <div class="body">
  <div class="pull_right date details" title="04.06.2024 12:05:00 UTC+02:00">12:05</div>
  <div class="from_name">Lena Roth</div>
  <div class="media_wrap clearfix"><div class="media_poll">
   <div class="question bold">Move the pump test to Monday?</div><div class="details">Final results</div>
   <div class="answer">- Yes, Monday <span class="details">
8 votes, chosen vote</span></div>
   <div class="answer">- No <span class="details">
1 vote</span></div>
   <div class="total details">9 votes</div>
  </div></div></div></div>
<div class="message default clearfix" id="message106">
 <div class="body"><div class="pull_right date details" title="04.06.2024 12:06:00 UTC+02:00">12:06</div>
 <div class="from_name">Wu Jing</div><div class="media_wrap"><div class="media_photo">Photo</div></div></div></div>
</div></div></div></body></html>"""
NOON = 1_717_495_200


def test_a_page_is_read_with_authors_replies_forwards_and_polls() -> None:
    talk = newest_messages(BytesIO(PAGE.encode()), lambda _count: None)
    assert talk.total == 5
    assert talk.messages == [
        ChatMessage(
            101,
            1,
            "Lena Roth",
            "Which rack design do we take for the second hall?\nIt & the floor",
            NOON + 60,
        ),
        ChatMessage(102, 1, "Lena Roth", "and who checks the power budget?", NOON + 120),
        ChatMessage(103, 2, "Omar Haddad", "Immersion needs a new floor.", NOON + 180, reply_to=101),
        ChatMessage(
            104,
            2,
            "Omar Haddad",
            "The ministry will subsidise cold plates.",
            NOON + 240 + 7_200,
            forwarded_from="Energy News",
        ),
        ChatMessage(
            105,
            1,
            "Lena Roth",
            "Move the pump test to Monday?",
            NOON + 300,
            poll=Poll((("Yes, Monday", 8), ("No", 1)), 9, closed=True),
        ),
    ]


def test_a_page_with_a_byte_order_mark_is_one() -> None:
    raw = PAGE.encode("utf-8-sig")
    assert is_chat_page(raw)
    assert newest_messages(BytesIO(raw), lambda _count: None).total == 5


@pytest.mark.parametrize("cut", range(0, len(PAGE), 97))
def test_a_page_that_was_cut_anywhere_is_read_as_far_as_it_goes(cut: int) -> None:
    try:
        talk = newest_messages(BytesIO(PAGE[:cut].encode()), lambda _count: None)
    except ExportError:
        return
    assert talk.total <= 5


def chat(name: str, count: int, first: int = 1) -> dict[str, Any]:
    entries = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": str(NOON + number),
            "from": "Ann",
            "from_id": "user7",
            "text": f"{name}: the pumps arrived, lot {number}",
        }
        for number in range(first, first + count)
    ]
    return {"name": name, "type": "private_group", "id": first, "messages": entries}


ACCOUNT = json.dumps(
    {
        "about": "All your data",
        "chats": {"list": [chat("Hall two", 3), chat("读书会", 5, 50), {"name": "Empty"}]},
    }
).encode()


def test_a_whole_accounts_export_offers_its_chats() -> None:
    with pytest.raises(ManyChats) as raised:
        newest_messages(BytesIO(ACCOUNT), lambda _count: None)
    assert raised.value.names == ["读书会", "Hall two"]
    assert "--chat" in str(raised.value)


@pytest.mark.parametrize(("named", "count"), [("Hall two", 3), ("hall TWO", 3), ("读书会", 5)])
def test_of_a_whole_account_the_chat_that_is_named_is_read(named: str, count: int) -> None:
    talk = newest_messages(BytesIO(ACCOUNT), lambda _count: None, named)
    assert (len(talk.messages), talk.total) == (count, count)
    assert all(message.text.lower().startswith(named.lower()) for message in talk.messages)


def test_a_name_that_no_chat_has_offers_them_again() -> None:
    with pytest.raises(ManyChats):
        newest_messages(BytesIO(ACCOUNT), lambda _count: None, "Hall three")
