"""What Telegram's methods do, and what they refuse, on chats held in memory. Knows no HTTP and no updates."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from telegram_html import CannotParse, parse, units

TOKEN = "123456789:AAExampleTokenDontLeak-0123456789abcde"  # noqa: S105 - it opens nothing
KEY = TOKEN.partition(":")[2]
USERNAME = "trendtest_bot"

MAX_UNITS, MAX_BYTES, MAX_BUTTONS, MAX_DATA, MAX_NOTICE = 4096, 32_768, 100, 64, 200

Json = dict[str, Any]

_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
_ADMIN_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()


class Refused(Exception):
    """The server's refusal of a call."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class Chats:
    """Every chat that the bot is in. `call` does what a method does; the caller keeps threads apart."""

    def __init__(self) -> None:
        self.messages: dict[tuple[int, int], Json] = {}
        self.admins: set[tuple[int, int]] = set()
        self.queries: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.refused: list[str] = []
        self.lost: list[str] = []
        self._last = 0
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "answerCallbackQuery": self._answer_callback_query,
            "getChatMember": self._get_chat_member,
            "setMyCommands": self._set_my_commands,
            "setMyDescription": lambda given: _described(given, "description", 512),
            "setMyShortDescription": lambda given: _described(given, "short_description", 120),
            "getFile": self._get_file,
            "sendChatAction": lambda _: True,
            "deleteWebhook": lambda _: True,
        }

    def call(self, method: str, parameters: Json) -> Any:
        """The result of a method. Raises Refused, which is noted in `refused` unless it is of no harm."""
        try:
            return self._methods.get(method, _missing)(parameters)
        except Refused as refusal:
            if str(refusal) != _NOT_MODIFIED:
                self.refused.append(f"{method}: {refusal} {parameters}")
            raise

    def write(self, chat: int, author: Json, **fields: Any) -> Json:
        """Puts a message into a chat: a private one for a positive number, else a supergroup."""
        self._last += 1
        kind = {"type": "private", "first_name": "P"} if chat > 0 else {"type": "supergroup", "title": "G"}
        message = {"message_id": self._last, "date": int(time.time()), "chat": {"id": chat} | kind}
        message |= {"from": author} | fields
        self.messages[chat, self._last] = message
        return message

    def _get_me(self, _: Json) -> Json:
        return person(int(TOKEN.partition(":")[0])) | {"is_bot": True, "username": USERNAME}

    def _send_message(self, parameters: Json) -> Json:
        chat, fields = int(parameters["chat_id"]), _content(parameters, self.lost)
        if "message_thread_id" in parameters:
            fields |= {"message_thread_id": int(parameters["message_thread_id"]), "is_topic_message": True}
        if quoted := parameters.get("reply_parameters"):
            original = self.messages.get((chat, quoted["message_id"]))
            if original is None and not quoted.get("allow_sending_without_reply"):
                raise Refused(400, "Bad Request: message to be replied not found")
            if original:
                fields["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
        return self.write(chat, self._get_me({}), **fields)

    def _edit_message_text(self, parameters: Json) -> Json:
        key = (int(parameters["chat_id"]), int(parameters["message_id"]))
        old = self.messages.get(key)
        if old is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if not old["from"]["is_bot"]:
            raise Refused(400, "Bad Request: message can't be edited")
        kept = {name: value for name, value in old.items() if name != "reply_markup"}
        new = kept | _content(parameters, self.lost)
        if new == old:
            raise Refused(400, _NOT_MODIFIED)
        self.messages[key] = new
        return new

    def _answer_callback_query(self, parameters: Json) -> bool:
        if parameters["callback_query_id"] not in self.queries:
            raise Refused(400, _TOO_OLD)
        if units(parameters.get("text", "")) > MAX_NOTICE:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self.queries.remove(parameters["callback_query_id"])
        return True

    def _get_chat_member(self, parameters: Json) -> Json:
        user = int(parameters["user_id"])
        if (int(parameters["chat_id"]), user) in self.admins:
            return {"status": "administrator", "user": person(user)} | dict.fromkeys(_ADMIN_RIGHTS, True)
        return {"status": "member", "user": person(user)}

    def _get_file(self, parameters: Json) -> Json:
        name = parameters["file_id"]
        if name not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return {"file_id": name, "file_unique_id": name, "file_path": f"documents/{name}"}

    def _set_my_commands(self, parameters: Json) -> bool:
        for command in parameters["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= units(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True


def _described(parameters: Json, name: str, most: int) -> bool:
    if units(parameters.get(name, "")) > most:
        raise Refused(400, "Bad Request: description is too long")
    return True


def _missing(_: Json) -> Any:
    raise Refused(404, "Not Found")


def person(user: int) -> Json:
    """A User."""
    return {"id": user, "is_bot": False, "first_name": f"User {user}"}


def buttons(message: Json) -> list[Json]:
    """The inline buttons under a message, row after row."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def labels(message: Json) -> list[str]:
    """What stands on the inline buttons under a message."""
    return [button["text"] for button in buttons(message)]


def _content(parameters: Json, lost: list[str]) -> Json:
    """Text and buttons of a message, checked; what is dropped of its markup goes to `lost`."""
    text = parameters.get("text", "")
    if len(text.encode()) > MAX_BYTES:
        raise Refused(400, "Bad Request: text is too long")
    if parameters.get("parse_mode") == "HTML":
        try:
            parsed = parse(text)
        except CannotParse as error:
            raise Refused(400, f"Bad Request: {error}") from None
        lost.extend(parsed.lost)
        text = parsed.text
    text = text.strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > MAX_UNITS:
        raise Refused(400, "Bad Request: message is too long")
    if markup := parameters.get("reply_markup"):
        _check_buttons([button for row in markup["inline_keyboard"] for button in row])
        return {"text": text, "reply_markup": markup}
    return {"text": text}


def _check_buttons(found: list[Json]) -> None:
    if len(found) > MAX_BUTTONS:
        raise Refused(400, "Bad Request: reply markup is too long")
    for button in found:
        actions = button.keys() & {"callback_data", "url"}
        if len(actions) != 1 or not button.get("text", "").strip():
            raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if "callback_data" in actions and not 1 <= len(button["callback_data"].encode()) <= MAX_DATA:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in actions and not re.match(r"(https?|tg)://[^\s/]+", button["url"]):
            raise Refused(400, "Bad Request: BUTTON_URL_INVALID")
