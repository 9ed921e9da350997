"""The local Telegram's server: requests in every form, updates, faults, events, files, ports, menus."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from telegram_kit import call

from bot.playground.server import LocalTelegram
from bot.playground.serving import PortTaken

ME, GROUP = 7, -70


@pytest.fixture
def telegram() -> Iterator[LocalTelegram]:
    """A server without a bot, where one person has sent "hello"."""
    with LocalTelegram() as telegram:
        telegram.say(ME, ME, "hello")
        yield telegram


def got(telegram: LocalTelegram, **given: Any) -> list[Any]:
    return list(call(telegram, "getUpdates", **given)[1])


# -- requests ------------------------------------------------------------------------------------------


def test_parameters_come_in_four_ways(telegram: LocalTelegram) -> None:
    place = f"{telegram.url}/bot{telegram.token}/sendMessage"
    form = urllib.parse.urlencode({"chat_id": ME, "text": "算力 & <x>"})
    boundary = "\r\n".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in (("chat_id", ME), ("text", "算力 & <x>\r\n--b--\r\n"))
    )
    requests = [
        urllib.request.Request(f"{place}?{form}"),  # noqa: S310 - our own server
        urllib.request.Request(place, form.encode()),  # noqa: S310
        urllib.request.Request(  # noqa: S310
            place, boundary.encode(), {"Content-Type": "multipart/form-data; boundary=b"}
        ),
        urllib.request.Request(  # noqa: S310
            place,
            json.dumps({"chat_id": str(ME), "text": "算力 & <x>"}).encode(),
            {"Content-Type": "application/json"},
        ),
    ]
    for request in requests:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            assert json.load(answer)["result"]["text"] == "算力 & <x>"
    assert telegram.refused == []


def test_a_parameter_that_the_method_does_not_have_is_ignored_and_noted(telegram: LocalTelegram) -> None:
    assert call(telegram, "sendMessage", chat_id=ME, text="x", reply_to=1)[0] == 200
    assert telegram.lost == ["sendMessage has no parameter reply_to"]


def test_what_is_wrong_is_remembered_but_not_an_edit_that_changes_nothing(telegram: LocalTelegram) -> None:
    _, message = call(telegram, "sendMessage", chat_id=ME, text="<b>x</b>", parse_mode="HTML")
    place = {"chat_id": ME, "message_id": message["message_id"]}
    assert "not modified" in call(telegram, "editMessageText", text="<b>x</b>", parse_mode="HTML", **place)[1]
    assert telegram.refused == []
    edited = call(telegram, "editMessageText", text="x", **place)[1]
    assert "entities" not in edited
    assert edited["edit_date"] >= edited["date"]
    assert "empty" in call(telegram, "editMessageText", text="", **place)[1]
    assert len(telegram.refused) == 1


def test_files_go_up_and_come_down(telegram: LocalTelegram) -> None:
    message = telegram.upload(ME, ME, "算力.md", b"# x", caption="a report")
    assert message["caption"] == "a report"
    document = message["document"]
    assert (document["file_name"], document["mime_type"]) == ("算力.md", "text/markdown")
    path = call(telegram, "getFile", file_id=document["file_id"])[1]["file_path"]
    with urllib.request.urlopen(f"{telegram.url}/file/bot{telegram.token}/{path}", timeout=30) as answer:  # noqa: S310
        assert answer.read() == b"# x"
    _, again = call(
        telegram,
        "sendDocument",
        chat_id=ME,
        document=document["file_id"],
        caption="<i>y</i>",
        parse_mode="HTML",
    )
    assert again["document"]["file_name"] == "算力.md"
    assert again["caption_entities"] == [{"type": "italic", "offset": 0, "length": 1}]


def test_only_the_last_calls_are_remembered_when_asked() -> None:
    with LocalTelegram(remember_calls=3) as telegram:
        for _ in range(5):
            call(telegram, "getMe")
        call(telegram, "getChat", chat_id=1)
        assert [c.method for c in telegram.calls] == ["getMe", "getMe", "getChat"]


def test_a_taken_port_is_told_and_the_next_can_be_tried(telegram: LocalTelegram) -> None:
    other = LocalTelegram(telegram.port)
    with pytest.raises(PortTaken, match=str(telegram.port)), other:
        pass
    other.port = 0
    with other:
        assert other.port not in {0, telegram.port}
        assert call(other, "getMe")[1]["username"] == other.username


# -- updates -------------------------------------------------------------------------------------------


def test_updates_come_again_until_the_next_offset(telegram: LocalTelegram) -> None:
    numbers = [telegram.last_update] + [telegram.push({"message": {"text": str(n)}}) for n in range(2)]

    def ids(**given: int) -> list[int]:
        return [update["update_id"] for update in got(telegram, **given)]

    assert ids() == numbers
    assert ids(limit=2) == numbers[:2]
    assert ids(offset=numbers[1]) == numbers[1:]
    assert ids(offset=-1) == numbers[2:]
    assert ids(offset=numbers[2] + 1) == []
    assert ids() == []


def test_a_second_poller_ends_the_first_and_an_update_wakes_it(telegram: LocalTelegram) -> None:
    answers: dict[str, tuple[int, Any]] = {}
    got(telegram, offset=telegram.last_update + 1)
    telegram.calls.clear()

    def poll(name: str) -> None:
        answers[name] = call(telegram, "getUpdates", timeout=30)

    def polled(times: int) -> bool:
        return len(telegram.called("getUpdates")) == times

    threads = [threading.Thread(target=poll, args=(name,)) for name in ("first", "second")]
    for number, thread in enumerate(threads, 1):
        thread.start()
        telegram.wait(partial(polled, number), "a poll")
    threads[0].join()
    telegram.say(ME, ME, "x")
    threads[1].join()
    assert answers["first"][0] == 409
    assert answers["first"][1].startswith("Conflict: terminated by other getUpdates request")
    assert [update["message"]["text"] for update in answers["second"][1]] == ["x"]


def test_only_the_kinds_that_were_asked_for_come(telegram: LocalTelegram) -> None:
    def kinds() -> list[str]:
        updates = got(telegram)
        got(telegram, offset=telegram.last_update + 1)
        return [kind for update in updates for kind in update if kind != "update_id"]

    telegram.edit_text(telegram.history(ME)[0], "changed")
    telegram.react(telegram.history(ME)[0], ME, "👍")
    # Reactions come only on request.
    assert kinds() == ["message", "edited_message"]
    got(telegram, allowed_updates=["message", "message_reaction"])
    telegram.edit_text(telegram.history(ME)[0], "again")
    telegram.react(telegram.history(ME)[0], ME)
    assert kinds() == ["message_reaction"]
    # No list keeps the last choice; an empty list means the default kinds.
    got(telegram, allowed_updates=[])
    telegram.edit_text(telegram.history(ME)[0], "and again")
    assert kinds() == ["edited_message"]


# -- faults --------------------------------------------------------------------------------------------


def test_faults_befall_the_next_call_alone(telegram: LocalTelegram) -> None:
    telegram.fail_next("sendMessage", 502, {"ok": False, "description": "Bad Gateway"})
    telegram.drop_next("sendMessage")
    assert telegram.pending_faults() == {"sendMessage": ["fail", "drop"]}
    assert call(telegram, "sendMessage", chat_id=ME, text="x") == (502, "Bad Gateway")
    assert telegram.sent(ME) == []
    with pytest.raises(OSError, match=r"closed|reset"):
        call(telegram, "sendMessage", chat_id=ME, text="x")
    assert len(telegram.sent(ME)) == 1
    assert call(telegram, "sendMessage", chat_id=ME, text="x")[0] == 200
    assert [c.status for c in telegram.called("sendMessage")] == [502, 0, 200]
    assert telegram.refused == []
    assert telegram.pending_faults() == {}


def test_a_flood_on_any_method_spares_the_poll(telegram: LocalTelegram) -> None:
    telegram.fail_next("*", retry_after=9)
    assert call(telegram, "getUpdates")[0] == 200
    assert call(telegram, "sendChatAction", chat_id=ME, action="typing") == (
        429,
        "Too Many Requests: retry after 9",
    )
    assert call(telegram, "sendChatAction", chat_id=ME, action="typing") == (200, True)


def test_a_delay_comes_after_the_effect(telegram: LocalTelegram) -> None:
    telegram.delay_next("sendMessage", 0.3)
    thread = threading.Thread(
        target=call, args=(telegram, "sendMessage"), kwargs={"chat_id": ME, "text": "x"}
    )
    thread.start()
    telegram.reply(ME)
    assert telegram.called("sendMessage")[0].status == 0
    thread.join()
    assert telegram.called("sendMessage")[0].status == 200


def test_a_disconnection_ends_polls_and_the_next_one_works(telegram: LocalTelegram) -> None:
    got(telegram, offset=telegram.last_update + 1)
    telegram.calls.clear()
    errors: list[OSError] = []

    def poll() -> None:
        try:
            call(telegram, "getUpdates", timeout=30)
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=poll)
    thread.start()
    telegram.wait(lambda: telegram.called("getUpdates"), "a poll")
    telegram.disconnect()
    thread.join()
    assert len(errors) == 1
    telegram.push_malformed()
    assert "date" not in got(telegram)[0]["message"]


# -- events --------------------------------------------------------------------------------------------


def test_listeners_are_told_what_happens(telegram: LocalTelegram) -> None:
    queue = telegram.subscribe()
    _, sent = call(
        telegram,
        "sendMessage",
        chat_id=ME,
        text="x",
        reply_markup={"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]},
    )
    call(telegram, "sendChatAction", chat_id=ME, action="typing")
    query = telegram.press(sent, "More", ME)
    call(telegram, "answerCallbackQuery", callback_query_id=query, text="done", show_alert=True)
    call(telegram, "editMessageText", chat_id=ME, message_id=sent["message_id"], text="y")
    call(telegram, "deleteMessage", chat_id=ME, message_id=sent["message_id"])
    telegram.block(ME)
    call(telegram, "getMe")  # Earlier events have arrived.
    telegram.unsubscribe(queue)
    telegram.say(GROUP, ME, "unheard")
    call(telegram, "getMe")
    events = [queue.get_nowait() for _ in range(queue.qsize())]
    told = [event for event in events if event["type"] != "call"]
    assert [event["type"] for event in told] == (
        ["message", "action", "callback_answer", "edited", "deleted", "member", "chat"]
    )
    assert told[0]["message"]["reply_markup"]
    assert told[2] == {
        "type": "callback_answer",
        "query": query,
        "chat": ME,
        "user": ME,
        "text": "done",
        "alert": True,
        "url": "",
    }
    assert told[5]["status"] == "kicked"
    assert told[6]["chat"]["blocked"] is True
    calls = [event for event in events if event["type"] == "call"][:5]
    assert [event["method"] for event in calls] == (
        ["sendMessage", "sendChatAction", "answerCallbackQuery", "editMessageText", "deleteMessage"]
    )
    assert all(
        event["status"] == 200 and event["milliseconds"] >= 0 and event["chat"] in {ME, None}
        for event in calls
    )
    assert calls[0]["summary"] == "x"


def test_listeners_are_told_of_a_fault_and_of_its_end_though_the_next_call_takes_it(
    telegram: LocalTelegram,
) -> None:
    queue = telegram.subscribe()
    call(telegram, "getMe")
    telegram.fail_next("*", retry_after=3)
    call(telegram, "getMe")
    call(telegram, "getMe")  # Earlier events have arrived.
    events = [queue.get_nowait() for _ in range(queue.qsize())]
    assert [event["faults"] for event in events if event["type"] == "faults"] == [{"*": ["fail"]}, {}]


def test_a_listener_that_sleeps_is_told_that_it_is_behind() -> None:
    async def test() -> None:
        telegram = LocalTelegram()
        runner = await telegram.serve()
        queue = telegram.subscribe()
        for number in range(1001):
            telegram.say(ME, ME, str(number))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (await queue.get()) == {"type": "behind"}
        await runner.cleanup()

    asyncio.run(test())


# -- menus ---------------------------------------------------------------------------------------------


def test_the_narrowest_menu_in_the_persons_language_is_offered(telegram: LocalTelegram) -> None:
    def menu(name: str, **given: Any) -> None:
        commands = [{"command": name, "description": "x"}]
        assert call(telegram, "setMyCommands", commands=commands, **given) == (200, True)

    def offered(chat: int, user: int) -> str:
        return "".join(command["command"] for command in telegram.menu(chat, user))

    telegram.add_user(8, first_name="宇", language_code="zh-hans")
    telegram.say(GROUP, 8, "hello")
    assert offered(ME, ME) == ""
    menu("everywhere")
    menu("private", scope={"type": "all_private_chats"})
    menu("sili", scope={"type": "all_private_chats"}, language_code="zh")
    menu("admins", scope={"type": "all_chat_administrators"})
    assert (offered(ME, ME), offered(8, 8), offered(GROUP, 8)) == ("private", "sili", "everywhere")
    telegram.promote(GROUP, 8)
    assert offered(GROUP, 8) == "admins"
    menu("here", scope={"type": "chat", "chat_id": GROUP})
    assert offered(GROUP, 8) == "here"
    assert call(telegram, "deleteMyCommands", scope={"type": "chat", "chat_id": GROUP}) == (200, True)
    assert offered(GROUP, 8) == "admins"
    listed = call(telegram, "getMyCommands", scope={"type": "all_private_chats"}, language_code="zh")[1]
    assert listed == [{"command": "sili", "description": "x"}]


def test_descriptions_are_kept_by_language(telegram: LocalTelegram) -> None:
    call(telegram, "setMyDescription", description="What is it")
    call(telegram, "setMyDescription", description="这是什么", language_code="zh")
    assert call(telegram, "getMyDescription", language_code="zh")[1] == {"description": "这是什么"}
    assert call(telegram, "getMyDescription", language_code="de")[1] == {"description": "What is it"}
    assert telegram.introduction("zh-hans")["description"] == "这是什么"


def test_routes_of_others_are_served_on_the_same_port() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="a page")

    def add_page(app: web.Application) -> None:
        app.router.add_get("/", page)

    telegram = LocalTelegram()
    telegram.mount(add_page)
    with telegram:
        with urllib.request.urlopen(telegram.url, timeout=30) as answer:  # noqa: S310 - our own server
            assert answer.read() == b"a page"
        assert call(telegram, "getMe")[0] == 200


def test_it_listens_on_this_machine_alone(telegram: LocalTelegram) -> None:
    assert telegram.url == f"http://127.0.0.1:{telegram.port}"
    with socket.socket() as other:
        # Another address of the same machine.
        assert other.connect_ex(("127.0.0.2", telegram.port)) != 0


def test_what_it_does_not_read_as_a_request_is_refused(telegram: LocalTelegram) -> None:
    def status(method: str, body: bytes, kind: str) -> tuple[int, str]:
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{telegram.url}/bot{telegram.token}/getMe", body, {"Content-Type": kind}, method=method
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)  # noqa: S310
        with caught.value as error:
            return error.code, json.load(error)["description"]

    assert status("PUT", b"x", "text/plain") == (405, "Method Not Allowed")
    assert status("POST", b"{", "application/json")[1].endswith("can't parse the request's body (local)")
    assert status("POST", b"[]", "application/json")[1].endswith("expected an Object as the body (local)")
