"""What the local Telegram refuses, with which status and in which words.

A text that ends in (local) is this server's own; the others are meant to be Telegram's: some were read in its
server's source, some are from memory.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from telegram_kit import call

from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram

ME, BLOCKER, STRANGER, OUTSIDER = 1, 2, 3, 4
GROUP, FORUM, KICKED, LEFT, OLD, CHANNEL, ADMINISTERED = -10, -11, -12, -13, -14, -15, -16
MIGRATED = -1_000_000_000_014

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

Case = tuple[str, Json, str]


@pytest.fixture(scope="module")
def telegram() -> Iterator[LocalTelegram]:
    """A server with every kind of chat. In the private one, message 1 is a person's and message 2 the bot's."""
    with LocalTelegram() as telegram:
        telegram.say(ME, ME, "hello")
        assert call(telegram, "sendMessage", chat_id=ME, text="here")[0] == 200
        for number, user in enumerate((BLOCKER, OUTSIDER)):
            telegram.add_user(user, first_name=f"P{number}")
        telegram.say(BLOCKER, BLOCKER, "hello")
        telegram.block(BLOCKER)
        telegram.say(GROUP, ME, "hello")
        telegram.create_topic(FORUM, ME, "Compute")
        for group in (KICKED, LEFT):
            telegram.say(group, ME, "hello")
        telegram.remove_bot(KICKED, ME)
        assert call(telegram, "leaveChat", chat_id=LEFT) == (200, True)
        telegram.create_group(OLD, "Old", ME, kind="group")
        telegram.add_bot(OLD, ME)
        assert telegram.migrate(OLD) == MIGRATED
        telegram.create_channel(CHANNEL, "News", ME)
        telegram.say(ADMINISTERED, ME, "hello")
        telegram.promote_bot(ADMINISTERED)
        yield telegram


def text(**given: Any) -> Json:
    return {"chat_id": ME, "text": "x"} | given


def html(markup: str) -> Json:
    return text(text=markup, parse_mode="HTML")


def keys(*row: Json) -> Json:
    return text(reply_markup={"inline_keyboard": [list(row)]})


def entity(**given: Any) -> Json:
    return text(text="hello", entities=[given])


def document(**given: Any) -> Json:
    return {"chat_id": ME, "document": "file_0"} | given


PARAMETERS: list[Case] = [
    ("sendMessage", {}, "message text is empty"),
    ("sendMessage", {"chat_id": 0}, "message text is empty"),
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": ""}, "chat_id is empty"),
    ("sendMessage", text(text=["x"]), 'field "text" must be of type String (local)'),
    (
        "sendMessage",
        text(message_thread_id="seven"),
        'field "message_thread_id" must be of type Integer (local)',
    ),
    ("sendMessage", text(protect_content="maybe"), 'field "protect_content" must be of type Boolean (local)'),
    ("sendMessage", text(reply_markup="{"), "can't parse reply keyboard markup JSON object"),
    ("sendMessage", text(reply_markup=[]), "object expected as reply markup"),
    (
        "sendMessage",
        text(reply_markup={"inline_keyboard": "x"}),
        'field "inline_keyboard" must be of type Array',
    ),
    ("sendMessage", text(reply_markup={"keyboard": "x"}), 'field "keyboard" must be of type Array'),
    (
        "sendMessage",
        text(reply_markup={"keyboard": [[{"text": "A"}]], "selective": "yes please"}),
        'field "selective" must be of type Boolean',
    ),
    (
        "sendMessage",
        text(reply_markup={"force_reply": "maybe"}),
        'field "force_reply" must be of type Boolean',
    ),
    (
        "sendMessage",
        text(reply_markup={"remove_keyboard": "maybe"}),
        'field "remove_keyboard" must be of type Boolean',
    ),
    (
        "sendMessage",
        text(link_preview_options={"is_disabled": "maybe"}),
        'field "is_disabled" must be of type Boolean',
    ),
    ("sendMessage", text(reply_parameters={"quote": "x"}), 'can\'t find field "message_id"'),
    ("sendMessage", text(business_connection_id="x"), "business connection not found"),
    ("sendMessage", text(allow_paid_broadcast=True), "FLOODSKIP_NOT_ALLOWED"),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": ME, "message_id": 2}, "message text is empty"),
    ("editMessageText", {"text": "x", "message_id": 2}, "chat_id is empty"),
    ("deleteMessage", {"message_id": 2}, "chat identifier is not specified"),
    ("deleteMessage", {"chat_id": ME}, "message identifier is not specified"),
    ("forwardMessage", {"chat_id": ME, "message_id": 2}, 'parameter "from_chat_id" is required'),
    ("sendDocument", {"chat_id": ME}, "there is no document in the request"),
    ("sendPhoto", {"chat_id": ME}, "there is no photo in the request"),
    ("sendVideoNote", {"chat_id": ME}, "there is no video note in the request"),
    ("getFile", {}, "file_id not specified"),
    ("getChatMember", {"chat_id": ME}, "invalid user_id specified"),
    ("getChatMember", {"chat_id": ME, "user_id": "x"}, "invalid user_id specified"),
    ("sendChatAction", {"chat_id": ME}, "wrong parameter action in request"),
    ("sendChatAction", {"chat_id": ME, "action": "dancing"}, "wrong parameter action in request"),
    ("answerCallbackQuery", {}, TOO_OLD),
    ("getUpdates", {"limit": "many"}, 'field "limit" must be of type Integer (local)'),
    ("getUpdates", {"allowed_updates": "message"}, "can't parse allowed_updates JSON object"),
    ("setMyCommands", {"commands": "x"}, "can't parse commands JSON object"),
    ("sendDice", {"chat_id": ME}, "sendDice is not played by this server (local)"),
    ("setWebhook", {"url": "https://x.org"}, "this server is polled, it delivers to no webhook (local)"),
]

TEXTS: list[Case] = [
    ("sendMessage", text(text=""), "message text is empty"),
    ("sendMessage", text(text=" \n\t\u2028"), "text must be non-empty"),
    ("sendMessage", html("<b> </b>"), "text must be non-empty"),
    ("sendMessage", text(text="x" * 4097), "message is too long"),
    ("sendMessage", text(text="😀" * 2048 + "."), "message is too long"),
    ("sendMessage", text(text="算" * 10_923), "text is too long"),
    ("sendMessage", html("<b></b>" * 4700), "text is too long"),
    ("sendMessage", text(parse_mode="BBCode"), "unsupported parse_mode"),
    ("sendMessage", text(parse_mode="Markdown"), "Markdown is not read by this server, HTML is (local)"),
    ("sendDocument", document(caption="x" * 1025), "message caption is too long"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    (
        "sendMessage",
        entity(type="shiny", offset=0, length=1),
        "can't parse MessageEntity: Unsupported type specified",
    ),
    ("sendMessage", entity(type="bold", offset=0), "can't parse MessageEntity: Can't find field \"length\""),
    (
        "sendMessage",
        entity(type="bold", offset="first", length=1),
        'can\'t parse MessageEntity: Field "offset" must be of type Integer',
    ),
    (
        "sendMessage",
        entity(type="text_link", offset=0, length=1),
        "can't parse MessageEntity: Can't find field \"url\"",
    ),
    (
        "sendMessage",
        entity(type="text_mention", offset=0, length=1),
        "can't parse MessageEntity: Can't find field \"user\"",
    ),
    ("sendMessage", entity(type="bold", offset=-1, length=1), "receive an entity with incorrect offset -1"),
    (
        "sendMessage",
        entity(type="bold", offset=100, length=1),
        "entity begins after the end of the text at UTF-16 offset 100",
    ),
    (
        "sendMessage",
        entity(type="bold", offset=0, length=100),
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100",
    ),
]

MARKUP: list[Case] = [
    ("sendMessage", html(markup), f"can't parse entities: {reason}")
    for markup, reason in (
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("算<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("<script>alert(1)</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <3", "Unclosed start tag at byte offset 2"),
        ("<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<a href>x</a>", "Unexpected end of name token at byte offset 3"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            '<tg-emoji emoji-id="9999999999999999999">x</tg-emoji>',
            "Invalid custom emoji identifier specified",
        ),
        (
            "&#xD800;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ),
        ),
    )
]

BUTTONS: list[Case] = [
    ("sendMessage", keys(button), reason)
    for button, reason in (
        ({"text": "x", "callback_data": "算" * 22}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        (
            {"text": ["x"], "callback_data": "x"},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (
            {"text": "x", "url": "not-a-url"},
            "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "url": "ftp://x.org"},
            "inline keyboard button URL 'ftp://x.org' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "x", "web_app": {"url": "http://x.org"}},
            "inline keyboard button Web App URL 'http://x.org' is invalid: Only HTTPS links are allowed",
        ),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "pay": True}, "BUTTON_TYPE_INVALID"),
    )
]
BUTTONS += [
    (
        "sendMessage",
        text(reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y"}]] * 101}),
        "reply markup is too long",
    )
]

CHATS: list[Case] = [
    ("sendMessage", text(chat_id=0), "chat not found"),
    ("sendMessage", text(chat_id=-1), "chat not found"),
    ("sendMessage", text(chat_id=STRANGER), "chat not found"),
    ("sendMessage", text(chat_id="@nobody_is_here"), "chat not found"),
    ("sendMessage", text(chat_id="not_a_chat"), "chat not found"),
    ("sendChatAction", {"chat_id": STRANGER, "action": "typing"}, "chat not found"),
    ("getChat", {"chat_id": STRANGER}, "chat not found"),
    ("sendMessage", text(chat_id=OLD), "group chat was upgraded to a supergroup chat"),
    ("sendMessage", text(message_thread_id=7), "message thread not found"),
    ("sendMessage", text(chat_id=FORUM, message_thread_id=7), "message thread not found"),
    ("sendMessage", text(reply_parameters={"message_id": 9}), "message to be replied not found"),
    ("sendMessage", text(reply_parameters={"message_id": 1, "quote": "bye"}), "QUOTE_TEXT_INVALID"),
    ("getChatAdministrators", {"chat_id": ME}, "there are no administrators in the private chat"),
    ("getChatMember", {"chat_id": GROUP, "user_id": 99}, "PARTICIPANT_ID_INVALID"),
    ("leaveChat", {"chat_id": ME}, "chat member status can't be changed in private chats"),
    ("createForumTopic", {"chat_id": GROUP, "name": "x"}, "the chat is not a forum"),
    ("createForumTopic", {"chat_id": FORUM, "name": "x"}, "not enough rights to create a topic"),
]

MESSAGES: list[Case] = [
    ("editMessageText", text(message_id=2, text="here"), NOT_MODIFIED),
    ("editMessageReplyMarkup", {"chat_id": ME, "message_id": 2}, NOT_MODIFIED),
    ("editMessageText", text(message_id=9), "message to edit not found"),
    ("editMessageText", text(message_id=1), "message can't be edited"),
    ("editMessageCaption", {"chat_id": ME, "message_id": 2}, "there is no caption in the message to edit"),
    ("deleteMessage", {"chat_id": ME, "message_id": 9}, "message to delete not found"),
    ("deleteMessage", {"chat_id": GROUP, "message_id": 1}, "message can't be deleted for everyone"),
    ("forwardMessage", {"chat_id": ME, "from_chat_id": ME, "message_id": 9}, "message to forward not found"),
    ("copyMessage", {"chat_id": ME, "from_chat_id": ME, "message_id": 9}, "message to copy not found"),
    ("pinChatMessage", {"chat_id": ME, "message_id": 9}, "message to pin not found"),
    (
        "pinChatMessage",
        {"chat_id": GROUP, "message_id": 1},
        "not enough rights to manage pinned messages in the chat",
    ),
    ("unpinChatMessage", {"chat_id": ME}, "message to unpin not found"),
    ("setMessageReaction", {"chat_id": ME, "message_id": 9}, "message to react not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("getFile", {"file_id": "nothing"}, "invalid file_id"),
]

MENUS: list[Case] = [
    ("setMyCommands", {"commands": [{"command": command, "description": description}]}, reason)
    for command, description, reason in (
        ("Trend", "x", "BOT_COMMAND_INVALID"),
        ("趋势", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "BOT_COMMAND_INVALID"),
        ("trend", " ", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("trend", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    )
]
MENUS += [
    ("setMyCommands", {"commands": [{"command": "trend"}]}, 'can\'t find field "description"'),
    ("setMyCommands", {}, 'parameter "commands" is required'),
    ("setMyCommands", {"commands": [{"command": "x", "description": "y"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    (
        "getMyCommands",
        {"scope": {"type": "everywhere"}},
        "can't parse BotCommandScope: Unsupported type specified",
    ),
    ("getMyCommands", {"scope": {"type": "chat", "chat_id": STRANGER}}, "chat not found"),
    ("getMyCommands", {"language_code": "zh-hans"}, "language code is invalid (local)"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "description is too long"),
    ("setMyDescription", {"description": "x" * 513}, "description is too long"),
]

FORBIDDEN: list[Case] = [
    ("sendMessage", text(chat_id=BLOCKER), "bot was blocked by the user"),
    ("sendChatAction", {"chat_id": BLOCKER, "action": "typing"}, "bot was blocked by the user"),
    ("sendMessage", text(chat_id=OUTSIDER), "bot can't initiate conversation with a user"),
    ("sendMessage", text(chat_id=KICKED), "bot was kicked from the supergroup chat"),
    ("getChat", {"chat_id": KICKED}, "bot was kicked from the supergroup chat"),
    ("sendMessage", text(chat_id=LEFT), "bot is not a member of the supergroup chat"),
    ("sendMessage", text(chat_id=CHANNEL), "bot is not a member of the channel chat"),
]

BAD_REQUESTS = [*PARAMETERS, *TEXTS, *MARKUP, *BUTTONS, *CHATS, *MESSAGES, *MENUS]


def name_of(value: object) -> str:
    return value if isinstance(value, str) and len(value) < 50 else ""


@pytest.mark.parametrize(("method", "given", "reason"), BAD_REQUESTS, ids=name_of)
def test_bad_request(telegram: LocalTelegram, method: str, given: Json, reason: str) -> None:
    before = len(telegram.messages), [dict(m) for m in telegram.messages.values()]
    assert call(telegram, method, **given) == (400, f"Bad Request: {reason}")
    assert (len(telegram.messages), list(telegram.messages.values())) == before


@pytest.mark.parametrize(("method", "given", "reason"), FORBIDDEN, ids=name_of)
def test_forbidden(telegram: LocalTelegram, method: str, given: Json, reason: str) -> None:
    assert call(telegram, method, **given) == (403, f"Forbidden: {reason}")


def test_the_table_is_long_and_says_nothing_twice() -> None:
    cases = [json.dumps([method, given]) for method, given, _ in [*BAD_REQUESTS, *FORBIDDEN]]
    assert len(cases) >= 80
    assert len(set(cases)) == len(cases)


def test_an_old_group_names_the_new_one(telegram: LocalTelegram) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{telegram.url}/bot{telegram.token}/sendMessage?chat_id={OLD}&text=x"
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310
    with caught.value as error:
        assert json.load(error)["parameters"] == {"migrate_to_chat_id": MIGRATED}
    assert call(telegram, "sendMessage", chat_id=MIGRATED, text="x")[0] == 200


def test_wrong_tokens_and_methods(telegram: LocalTelegram) -> None:
    def get(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{telegram.url}{path}", timeout=30) as answer:  # noqa: S310
                return answer.status, ""
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)["description"]

    assert get(f"/bot{telegram.token}x/getMe") == (401, "Unauthorized")
    assert get("/botnonsense/getMe") == (404, "Not Found")
    assert get(f"/bot{telegram.token}/getYou") == (404, "Not Found: method not found")
    assert get(f"/bot{telegram.token}/GETME") == (200, "")
    assert get(f"/file/bot{telegram.token}/documents/none") == (404, "Not Found")


def test_text_that_is_no_utf_8(telegram: LocalTelegram) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{telegram.url}/bot{telegram.token}/sendMessage",
        b"chat_id=1&text=%FF%FE",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310
    with caught.value as error:
        assert json.load(error)["description"] == "Bad Request: strings must be encoded in UTF-8"
