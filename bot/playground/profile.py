"""Bot API methods about the bot itself: its identity, menus and descriptions."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.cleaning import units
from bot.playground.refusals import Json, bad, own_refusal
from bot.playground.world import Chat, World

MAX_COMMANDS, MAX_DESCRIBED = 100, 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = frozenset(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member".split()
)

Scope = tuple[str, int, int]
"""A scope's type, its chat and its user, 0 where it has none."""


class Profile:
    """The bot's commands and texts by language; "" stands for all other languages."""

    def __init__(self) -> None:
        self.commands: dict[tuple[Scope, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}

    def menu(self, world: World, chat: Chat, user: int) -> list[Json]:
        """Return the commands that `/` offers a user in a chat: those of the narrowest scope that has any, in the
        user's language or else in none.

        Source: "Determining list of commands" in the Bot API's documentation.
        """
        language = str(world.user(user).get("language_code", ""))[:2]
        for scope in _narrowest_first(chat, user):
            for code in (language, ""):
                if commands := self.commands.get((scope, code)):
                    return commands
        return []

    def introduction(self, language: str) -> Json:
        """Return the name and both descriptions as a user with this language sees them."""
        names = ("name", "description", "short_description")
        return {n: self.texts.get((n, language[:2])) or self.texts.get((n, ""), "") for n in names}


def _narrowest_first(chat: Chat, user: int) -> list[Scope]:
    if chat.kind == "private":
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    admin = chat.status(user) in {"creator", "administrator"}
    scopes: list[Scope] = [("chat_member", chat.id, user)]
    scopes += [("chat_administrators", chat.id, 0)] if admin else []
    scopes += [("chat", chat.id, 0)]
    scopes += [("all_chat_administrators", 0, 0)] if admin else []
    return [*scopes, ("all_group_chats", 0, 0), ("default", 0, 0)]


class ProfileMethods:
    """The profile methods of the Bot API, applied to one `Profile`."""

    def __init__(self, profile: Profile, privacy: bool) -> None:
        self._profile = profile
        self._privacy = privacy

    def get_me(self, world: World, _: Json) -> Json:
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": not self._privacy,
            "supports_inline_queries": world.inline_mode,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return world.user(world.bot) | abilities

    def set_my_commands(self, world: World, given: Json) -> bool:
        key = (_scope(world, given), _language(given))
        commands = given["commands"]
        if len(commands) > MAX_COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            command["command"] = command["command"].removeprefix("/")
            if not _NAME.fullmatch(command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= units(command["description"].strip()) <= MAX_DESCRIBED:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._profile.commands[key] = commands
        world.emit({"type": "commands"})
        return True

    def get_my_commands(self, world: World, given: Json) -> list[Json]:
        return self._profile.commands.get((_scope(world, given), _language(given)), [])

    def delete_my_commands(self, world: World, given: Json) -> bool:
        self._profile.commands.pop((_scope(world, given), _language(given)), None)
        world.emit({"type": "commands"})
        return True

    def set_text(self, world: World, given: Json, name: str, limit: int) -> bool:
        """Serve setMyName, setMyDescription and setMyShortDescription; `limit` is in UTF-16 units."""
        text, language = given.get(name, ""), _language(given)
        if units(text) > limit:
            raise bad("name is too long" if name == "name" else "description is too long")
        self._profile.texts[name, language] = text
        world.emit({"type": "commands"})
        return True

    def get_text(self, _: World, given: Json, name: str) -> Json:
        """Serve getMyName, getMyDescription and getMyShortDescription."""
        return {name: self._profile.introduction(_language(given))[name]}


def _language(given: Json) -> str:
    code: str = given.get("language_code", "")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad("language code is invalid (local)")
    return code


def _scope(world: World, given: Json) -> Scope:
    scope: dict[str, Any] = given.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if not kind.startswith("chat"):
        return kind, 0, 0
    if scope.get("chat_id") in (None, ""):
        raise bad("can't parse BotCommandScope: Can't find field \"chat_id\"")
    chat = scope["chat_id"]
    reached = world.resolve_chat(int(chat) if str(chat).lstrip("-").isdecimal() else chat)
    if kind != "chat_member":
        return kind, reached.id, 0
    if not isinstance(scope.get("user_id"), int):
        raise own_refusal("can't parse BotCommandScope: Can't find field \"user_id\"")
    return kind, reached.id, scope["user_id"]
