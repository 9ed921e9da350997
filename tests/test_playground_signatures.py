"""The local Telegram's methods come from python-telegram-bot and agree with the published specification."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.playground.refusals import Refused
from bot.playground.signatures import methods, parameters, read

SPECIFICATION = "data/telegram/bot_api_10.1.min.json"

# The library implements 10.0, and the specification is 10.1.
NEWER_METHODS = {
    "answerChatJoinRequestQuery",
    "sendChatJoinRequestWebApp",
    "sendRichMessage",
    "sendRichMessageDraft",
}
NEWER_PARAMETERS = {("editMessageText", "rich_message")}
# Kept by the library for bots that use the name from before 10.0.
OLDER_PARAMETERS = {("sendPoll", "correct_option_id")}
# Without the new parameter, the text is required.
NEEDED = {("editMessageText", "text")}
WORDS = {"Float": "Number", "InputFile": "File", "InputFile or String": "File"}


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    """Return the methods of the specification by name; skip the test without TRENDBOT_SHARED."""
    shared = os.environ.get("TRENDBOT_SHARED")
    if not shared:
        pytest.skip("TRENDBOT_SHARED names no folder with the specification")
    found: dict[str, Any] = json.loads((Path(shared) / SPECIFICATION).read_text("utf-8"))["methods"]
    return found


def test_every_method_is_known(specification: dict[str, Any]) -> None:
    assert set(specification) - set(methods().values()) == NEWER_METHODS
    assert set(methods().values()) <= set(specification)


def test_every_parameter_is_known_and_needed_where_telegram_needs_it(specification: dict[str, Any]) -> None:
    theirs, ours, needed_there, needed_here = set(), set(), set(), set()
    for method in methods().values():
        for field in specification[method].get("fields", ()):
            theirs.add((method, field["name"]))
            needed_there |= {(method, field["name"])} if field["required"] else set()
        for parameter in parameters(method).values():
            ours.add((method, parameter.name))
            needed_here |= {(method, parameter.name)} if parameter.required else set()
    assert theirs - ours == NEWER_PARAMETERS
    assert ours - theirs == OLDER_PARAMETERS
    assert needed_there - needed_here == set()
    assert needed_here - needed_there == NEEDED


def test_every_type_is_the_specifications(specification: dict[str, Any]) -> None:
    different = set()
    for method in methods().values():
        fields = {field["name"]: field["types"] for field in specification[method].get("fields", ())}
        for parameter in parameters(method).values():
            if parameter.name not in fields:
                continue
            stated = " or ".join(fields[parameter.name])
            word = "Array" if stated.startswith("Array") else WORDS.get(stated, stated)
            if word not in {"Array", "Boolean", "File", "Integer", "Integer or String", "Number", "String"}:
                word = "Object"
            if parameter.kind != word:
                different.add((method, parameter.name, parameter.kind, stated))
    assert different == set()


def test_values_are_read_into_their_types() -> None:
    given = {
        "chat_id": "-100",
        "text": 5,
        "message_thread_id": "7",
        "protect_content": "true",
        "reply_parameters": '{"message_id": "3", "allow_sending_without_reply": true}',
        "link_preview_options": {"is_disabled": True},
    }
    assert read("sendMessage", given, []) == {
        "chat_id": -100,
        "text": "5",
        "message_thread_id": 7,
        "protect_content": True,
        "reply_parameters": {"message_id": 3, "allow_sending_without_reply": True},
        "link_preview_options": {"is_disabled": True},
    }
    assert read("sendMessage", {"chat_id": "@news", "text": "x"}, [])["chat_id"] == "@news"
    with pytest.raises(Refused, match="is_disabled"):
        read("sendMessage", given | {"link_preview_options": {"is_disabled": "true"}}, [])
