"""A recap attributes words to their author: never to a sender who quoted or forwarded them; polls are quoted with their votes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from talk_kit import START

from bot.app import App
from bot.inbound.capture import Edited, MessageWritten, talk_of
from bot.recaps.attribution import own_words, without_spans
from bot.recaps.compose import Recap
from bot.recaps.export import read_export
from bot.recaps.message import recap_message, recap_value
from bot.recaps.takeaways import winner
from bot.rendering.preview import as_text
from bot.state.captures import Capture
from bot.state.state import State
from bot.talk import ChatMessage, Poll

TALK = [
    ("Lena Roth", "Which rack design do we take for the second hall?"),
    ("Omar Haddad", "I looked at both. Immersion needs a new floor, cold plates do not."),
    ("Wu Jing", "Cold plates also fit the racks we already bought last winter."),
    ("Lena Roth", "Then we take cold plates for the second hall."),
    ("Omar Haddad", "I will ask the vendor for a quote by Friday."),
    ("Wu Jing", "Who checks the power budget of the second hall?"),
]
NEWS = "The ministry will subsidise cold plates by 30 percent from July, and halls that open early get all of it."
NAMES = {name: number for number, name in enumerate(sorted({name for name, _ in TALK}), 11)}


def entry(number: int, name: str, text: object, **fields: Any) -> dict[str, Any]:
    """Return a message of an export."""
    sender = {"from": name, "from_id": f"user{NAMES[name]}"}
    return (
        {"id": number, "type": "message", "date_unixtime": str(START + 60 * number), "text": text}
        | sender
        | fields
    )


def exported(*more: dict[str, Any]) -> list[ChatMessage]:
    """Return the messages of an export: the talk and `more`."""
    entries = [entry(number, name, text) for number, (name, text) in enumerate(TALK, 101)]
    chat = {"name": "Hall two", "type": "private_supergroup", "id": 1, "messages": [*entries, *more]}
    return list(read_export(io.BytesIO(json.dumps(chat).encode())))


def live(name: str, text: str = "", **fields: Any) -> ChatMessage | None:
    """Return a message as the bot receives it in a group, None if nothing of it is captured."""
    sender = {"id": NAMES[name], "is_bot": False, "first_name": name}
    words = {"text": text} if text else {}
    message = {"message_id": 107, "date": START, "chat": {"id": -1001, "type": "supergroup"}, "from": sender}
    said = talk_of({"update_id": 1, "message": message | words | fields}, "trend_bot")
    return said.message if isinstance(said, MessageWritten) else None


@pytest.fixture
def recap(app: App) -> Callable[[list[ChatMessage]], Recap]:
    def recap(messages: list[ChatMessage]) -> Recap:
        found = app.recap_briefer().recap(messages, "en")
        assert found is not None
        return found

    return recap


# -- forwarded ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"forwarded_from": "Energy Ministry News"}, "Energy Ministry News"),
        ({"forwarded_from": "能源部新闻", "forwarded_from_id": "channel9"}, "能源部新闻"),
        ({"forwarded_from": None}, "?"),
        ({"forwarded_from": "Wu Jing", "forwarded_from_id": "user13"}, "Wu Jing"),
        ({"forwarded_from": "Omar Haddad", "forwarded_from_id": "user99"}, "Omar Haddad"),
        ({"forwarded_from": "Deleted Account"}, "Deleted Account"),
        ({"forwarded_from": "Omar Haddad"}, ""),
        ({"forwarded_from": "Omar H.", "forwarded_from_id": "user12"}, ""),
        ({}, ""),
    ],
)
def test_an_exported_forward_is_of_whoever_wrote_it(fields: dict[str, Any], name: str) -> None:
    assert exported(entry(107, "Omar Haddad", NEWS, **fields))[-1].forwarded_from == name


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ({"type": "channel", "chat": {"id": -1009, "title": "Energy Ministry News"}}, "Energy Ministry News"),
        ({"type": "user", "sender_user": {"id": 99, "first_name": "李", "last_name": "雷"}}, "李 雷"),
        ({"type": "hidden_user", "sender_user_name": "Somebody"}, "Somebody"),
        ({"type": "chat", "sender_chat": {"id": -1008, "title": "能源群"}}, "能源群"),
        ({"type": "hidden_user"}, "?"),
        ({"type": "user", "sender_user": {"id": 12, "first_name": "Omar"}}, ""),
        ({}, ""),
    ],
)
def test_a_live_forward_is_of_whoever_wrote_it(origin: dict[str, Any], name: str) -> None:
    assert NAMES["Omar Haddad"] == 12
    message = live("Omar Haddad", NEWS, forward_origin=origin)
    assert message is not None
    assert message.forwarded_from == name


def test_a_forward_answers_nothing_settles_nothing_and_counts_for_nobody(
    app: App, recap: Callable[[list[ChatMessage]], Recap]
) -> None:
    forward = entry(107, "Omar Haddad", f"We agreed on it. {NEWS}", forwarded_from="Energy Ministry News")
    found = recap(exported(forward))
    assert "Who checks the power budget of the second hall?" in {quote.text for quote in found.questions}
    assert {person.name: person.messages for person in found.people}["Omar Haddad"] == 2
    told = as_text(recap_message(app.renderer, found, "en", lambda _: None, None))
    assert "Omar Haddad: The ministry" not in told
    assert not any("agreed" in quote.text for quote in found.decisions)
    for point in found.points:
        assert point.forwarded == (point.author == "Energy Ministry News")


@pytest.mark.parametrize(
    ("language", "mark"), [("en", "(Energy News, forwarded)"), ("zh", "（Energy News，转发）")]
)
def test_a_quoted_forward_is_marked(app: App, language: Any, mark: str) -> None:
    forwards = [entry(n, "Omar Haddad", f"{NEWS} {n}", forwarded_from="Energy News") for n in (107, 108)]
    more = [
        entry(n, "Wu Jing", f"The subsidy of the ministry for cold plates from July: {n}") for n in (109, 110)
    ]
    found = app.recap_briefer().recap(exported(*forwards, *more), language)
    assert found is not None
    assert any(point.forwarded for point in found.points)
    assert mark in as_text(recap_message(app.renderer, found, language, lambda _: None, None))


# -- quoted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("> I will ask the vendor.\nGood, thanks.", "Good, thanks."),
        (">谁去查电力预算？\n我那周不在。", "我那周不在。"),
        ("> one\n> two\n\nboth are wrong", "both are wrong"),
        ("Before\n  > quoted\nafter", "Before\nafter"),
        (">> nested\n＞ 全角引用\n好的", "好的"),
        ("> only somebody else's words", ""),
        ("Lena Roth, [04.06.2024 10:00]\nWhich rack design?", ""),
        ("我看到了\n王敏, [2024/6/4 10:00]\n谁去查？", "我看到了"),
        ("Look:\nLena, [6/4/2024 10:00 AM]:\nWhich rack?\nNot me", "Look:"),
        (">90% of the requests fail", ">90% of the requests fail"),
        (">_< that hurts", ">_< that hurts"),
        ("a > b, always", "a > b, always"),
        ("first\n\nsecond", "first\n\nsecond"),
        ("plain", "plain"),
    ],
)
def test_quoted_lines_are_no_own_words(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(
    ("text", "spans", "left"),
    [
        ("quoted\nown", [(0, 6)], "\n\nown"),
        ("😀 引用\n自己的话", [(0, 5)], "\n\n自己的话"),
        ("a\nbb\nc", [(2, 2)], "a\n\n\nc"),
        ("abc", [(1, 99)], "a\n"),
        ("abc", [(-1, 2), (0, 0)], "abc"),
    ],
)
def test_spans_are_counted_as_telegram_counts(text: str, spans: list[tuple[int, int]], left: str) -> None:
    assert without_spans(text, spans) == left


@pytest.mark.parametrize("kind", ["blockquote", "expandable_blockquote"])
def test_a_live_block_quote_is_not_kept(kind: str) -> None:
    entities = [
        {"type": kind, "offset": 0, "length": 11},
        {"type": "bold", "offset": 12, "length": 4},
        None,
        {},
    ]
    message = live("Omar Haddad", "Who checks?\nNot me, 我那周不在.", entities=entities)
    assert message is not None
    assert message.text.strip() == "Not me, 我那周不在."
    assert live("Omar Haddad", "Who checks?", entities=entities) is None


def test_an_edited_message_loses_its_quotation_too() -> None:
    message = {"message_id": 5, "date": 9, "chat": {"id": -1, "type": "group"}, "text": "> theirs\nmine"}
    assert talk_of({"update_id": 1, "edited_message": message}, "trend_bot") == Edited(-1, 5, "mine")


def test_an_exported_block_quote_is_not_read() -> None:
    text = [{"type": "blockquote", "text": "Who checks the power budget?"}, "\n", "Not me, I am away."]
    assert exported(entry(107, "Lena Roth", text))[-1].text.strip() == "Not me, I am away."


def test_a_quoted_question_is_not_asked_again(recap: Callable[[list[ChatMessage]], Recap]) -> None:
    text = "> Who checks the power budget of the second hall?\nNot me, I am away that week."
    found = recap(exported(entry(107, "Lena Roth", text, reply_to_message_id=106)))
    assert not any("power budget" in quote.text for quote in found.questions)
    assert all(">" not in quote.text for quote in (*found.points, *found.questions, *found.decisions))


# -- polls -------------------------------------------------------------------------------------------------


def poll(
    votes: list[int], *, closed: bool = True, question: object = "Move the pump test to Monday?"
) -> dict[str, Any]:
    """Return a poll of an export."""
    texts = ["Yes, Monday", "No", "任何一天都行"]
    answers = [{"text": text, "voters": count} for text, count in zip(texts, votes, strict=False)]
    return {"question": question, "closed": closed, "total_voters": sum(votes), "answers": answers}


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (poll([8, 1]), "decisions"),
        (poll([1, 0, 5]), "decisions"),
        (poll([8, 1], closed=False), "questions"),
        (poll([4, 4]), "questions"),
        (poll([0, 0]), "questions"),
        (poll([8, 1], question=["Move the pump ", {"type": "bold", "text": "test to Monday?"}]), "decisions"),
    ],
)
def test_a_poll_that_is_over_is_settled_by_its_votes_and_another_is_open(
    given: dict[str, Any], where: str, recap: Callable[[list[ChatMessage]], Recap]
) -> None:
    found = recap(exported(entry(107, "Lena Roth", "", poll=given)))
    value = recap_value(found, 7)
    told = {name: [point for point in value[name] if "poll" in point] for name in ("decisions", "questions")}
    assert [point["text"] for point in told[where]] == ["Move the pump test to Monday?"]
    assert sum(map(len, told.values())) == 1
    assert told[where][0]["poll"]["voters"] == given["total_voters"]
    assert "asked" not in told[where][0], "it answers nobody's question"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Yes, Monday: 8 of 9 · No: 1 of 9"), ("zh", "Yes, Monday：9人中8人 · No：9人中1人")],
)
def test_a_recap_tells_the_votes_of_a_poll(app: App, language: Any, said: str) -> None:
    found = app.recap_briefer().recap(exported(entry(107, "Lena Roth", "", poll=poll([8, 1]))), language)
    assert found is not None
    told = as_text(recap_message(app.renderer, found, language, lambda _: None, None))
    assert "Move the pump test to Monday?" in told
    assert said in told


@pytest.mark.parametrize(
    "given",
    [None, 3, {}, {"question": "?"}, {"question": "Why?", "answers": "x"}, {"answers": [{"text": "a"}]}],
)
def test_what_is_no_poll_is_passed_over(given: object) -> None:
    assert len(exported(entry(107, "Lena Roth", "", poll=given))) == len(TALK)
    assert live("Lena Roth", poll=given) is None


def test_a_live_poll_is_kept_with_its_options_and_a_quiz_settles_nothing() -> None:
    options = [{"text": "周一", "voter_count": 2}, {"text": "周二", "voter_count": 1}]
    given = {"question": "水泵测试改到周一？", "options": options, "total_voter_count": 3, "is_closed": True}
    message = live("Lena Roth", poll=given)
    assert message is not None
    assert message.text == "水泵测试改到周一？"
    assert message.poll == Poll((("周一", 2), ("周二", 1)), voters=3, closed=True)
    assert winner(message.poll) == "周一"
    quiz = live("Lena Roth", poll=given | {"type": "quiz"})
    assert quiz is not None
    assert quiz.poll is not None
    assert winner(quiz.poll) is None


def test_what_is_captured_comes_back_as_it_was(tmp_path: Any) -> None:
    state = State(tmp_path / "state.db")
    state.captures.turn_on(Capture(-1001, 24, 7, START), START)
    asked = ChatMessage(1, 7, "Ann", "Monday?", START, poll=Poll((("是", 2), ("No", 0)), 2, closed=False))
    passed_on = ChatMessage(2, 7, "Ann", NEWS, START + 1, forwarded_from="Energy News")
    for message in (asked, passed_on):
        state.captures.keep(-1001, message)
    assert state.captures.newest(-1001, 0, 9) == [asked, passed_on]
    state.close()


# -- encodings of an export --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-8", b""),
        ("gb18030", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_export_that_an_editor_saved_again_is_read(encoding: str, mark: bytes, end: str) -> None:
    entries = [entry(n, "Wu Jing", f"第{n}号机房的水泵周二到货了，配电柜下周装好 😀") for n in range(1, 3000)]
    chat = {"name": "二号机房", "type": "private_supergroup", "id": 1, "messages": entries}
    text = json.dumps(chat, ensure_ascii=False, indent=1).replace("\n", end)
    messages = list(read_export(io.BytesIO(mark + text.encode(encoding))))
    assert [message.text for message in messages] == [given["text"] for given in entries]
