"""Whatever a client sends, the local Telegram answers as Telegram does: with a result or with a refusal."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from bot.playground.api import Api
from bot.playground.readers import Upload
from bot.playground.refusals import Json, Refused
from bot.playground.signatures import methods, parameters
from bot.playground.world import World

ME, GROUP = 7, -70
GARBAGE: list[Any] = [
    *(None, "", "x", "@x", "\x00", "\ud800", "[]", "{}", "[[]]", "null", "0", "-1", "1e5", "true"),
    *(0, 1, 2, -1, 10**30, 1.5, float("nan"), True, [], {}, [[]], [{}], {"type": "chat"}, [None]),
    *(
        {"inline_keyboard": [[{}]]},
        {"inline_keyboard": [[{"text": "x", "url": "http://[x"}]]},
        {"keyboard": [["A"]]},
    ),
    *(
        [{"type": "bold", "offset": 0, "length": 1}],
        [{"type": "emoji"}],
        {"message_id": 1},
        Upload("x", b"x", ""),
    ),
    *("<b>", "<a href='", "&#x110000;", "a" * 40_000, ME, GROUP, "file_1"),
]


@pytest.fixture
def api() -> Api:
    """A private chat and a group in which the bot is an admin, with a message of each side."""
    world = World(1, "a_bot", lambda: 1e9)
    for chat in (ME, GROUP):
        world.write(world.chat(chat), ME, text="hello")
        world.write(world.chat(chat), world.bot, text="here")
    world.chat(GROUP).members[world.bot].status = "administrator"
    return Api(world, privacy=False)


def tried(api: Api, method: str, given: Json) -> bool:
    """Return whether a call is accepted, with a result that is JSON; raise anything but a refusal, with the call."""
    try:
        json.dumps(api.call(method, api.read(method, given)), default=repr)
    except Refused as refusal:
        if refusal.status not in range(400, 500):
            raise
        return False
    except Exception as error:
        error.add_note(f"{method} {given}")
        raise
    return True


def test_every_method_survives_every_kind_of_garbage_in_every_parameter(api: Api) -> None:
    usual: Json = {
        "chat_id": ME,
        "text": "x",
        "message_id": 2,
        "from_chat_id": ME,
        "user_id": ME,
        "name": "x",
    }
    usual |= {"commands": [], "action": "typing", "message_ids": [9], "document": Upload("x.md", b"x", "")}
    for method in methods().values():
        known = parameters(method)
        sound = {name: value for name, value in usual.items() if name in known}
        tried(api, method, {})
        for name in known:
            for value in GARBAGE:
                tried(api, method, sound | {name: value})


def test_garbage_in_many_parameters_at_once(api: Api) -> None:
    chance = random.Random(1)  # noqa: S311 - not a secret
    names = (
        "sendMessage",
        "editMessageText",
        "sendDocument",
        "setMyCommands",
        "copyMessage",
        "pinChatMessage",
    )
    taken = 0
    for _ in range(20_000):
        method = chance.choice(names)
        known = list(parameters(method))
        some = chance.sample(known, chance.randrange(len(known)))
        taken += tried(api, method, {"chat_id": GROUP} | {name: chance.choice(GARBAGE) for name in some})
    assert taken > 20
