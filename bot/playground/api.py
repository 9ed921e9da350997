"""Maps each Bot API method to the function that serves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.playground import editing, inline, membership, sending
from bot.playground.profile import Profile, ProfileMethods
from bot.playground.refusals import NOT_MODIFIED, Json, Refused, own_refusal
from bot.playground.signatures import methods, parameters, read
from bot.playground.world import World

Method = Callable[[World, Json], Any]

SENDING = frozenset(
    "sendMessage sendDocument sendPhoto forwardMessage copyMessage editMessageText editMessageCaption "
    "editMessageMedia editMessageReplyMarkup pinChatMessage".split()
)
"""The methods that count towards Telegram's rate limits."""


class Api:
    """The Bot API's methods, applied to one `World`."""

    def __init__(self, world: World, *, privacy: bool) -> None:
        self.world = world
        self.profile = Profile()
        self._methods = _table(ProfileMethods(self.profile, privacy))
        self._names = methods()
        # Warms the cache, so that the first call is as quick as any other.
        for method in (*self._methods, "getUpdates"):
            parameters(method)

    def name(self, method: str) -> str:
        """Return a method's name in the API's spelling, whatever its case. Raises Refused for an unknown method."""
        method_name = self._names.get(method.lower())
        if method_name is None:
            raise Refused(404, "Not Found: method not found")
        return method_name

    def read(self, method: str, given: Json) -> Json:
        """Return a call's parameters, checked and typed by `signatures.read`."""
        return read(method, given, self.world.lost)

    def call(self, method: str, given: Json) -> Any:
        """Run a method and return its result. Raises Refused, also for a method that this server does not implement."""
        function = self._methods.get(method)
        if function is None:
            raise own_refusal(f"{method} is not played by this server")
        return function(self.world, given)

    def refuse(self, method: str, given: Json, refusal: Refused) -> None:
        """Record a refusal as a fault of the bot; leave out the harmless ones, "not modified" and 429."""
        if NOT_MODIFIED not in str(refusal) and refusal.status != 429:
            self.world.refused.append(f"{method}: {refusal} {given}")


def _table(profile: ProfileMethods) -> dict[str, Method]:
    return {
        "sendMessage": sending.send_message,
        "sendDocument": sending.send_document,
        "sendPhoto": sending.send_photo,
        "sendChatAction": sending.send_chat_action,
        "forwardMessage": sending.forward_message,
        "copyMessage": sending.copy_message,
        "getFile": sending.get_file,
        "editMessageText": editing.edit_message_text,
        "editMessageCaption": editing.edit_message_caption,
        "editMessageMedia": editing.edit_message_media,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
        "deleteMessage": editing.delete_message,
        "deleteMessages": editing.delete_messages,
        "answerCallbackQuery": editing.answer_callback_query,
        "answerInlineQuery": inline.answer_inline_query,
        "pinChatMessage": editing.pin_chat_message,
        "unpinChatMessage": editing.unpin_chat_message,
        "unpinAllChatMessages": editing.unpin_all_chat_messages,
        "setMessageReaction": editing.set_message_reaction,
        "getChat": membership.get_chat,
        "getChatMember": membership.get_chat_member,
        "getChatAdministrators": membership.get_chat_administrators,
        "getChatMemberCount": membership.get_chat_member_count,
        "leaveChat": membership.leave_chat,
        "createForumTopic": membership.create_forum_topic,
        "getMe": profile.get_me,
        "setMyCommands": profile.set_my_commands,
        "getMyCommands": profile.get_my_commands,
        "deleteMyCommands": profile.delete_my_commands,
        "setMyName": partial(profile.set_text, name="name", limit=64),
        "setMyDescription": partial(profile.set_text, name="description", limit=512),
        "setMyShortDescription": partial(profile.set_text, name="short_description", limit=120),
        "getMyName": partial(profile.get_text, name="name"),
        "getMyDescription": partial(profile.get_text, name="description"),
        "getMyShortDescription": partial(profile.get_text, name="short_description"),
        "setWebhook": _set_webhook,
        "deleteWebhook": _delete_webhook,
        "getWebhookInfo": _webhook_info,
        "logOut": _true,
        "close": _true,
    }


def _true(_: World, __: Json) -> bool:
    return True


def _webhook_info(world: World, _: Json) -> Json:
    return world.webhook.info(world.waiting())


def _delete_webhook(world: World, _: Json) -> bool:
    return world.webhook.set({})


def _set_webhook(world: World, given: Json) -> bool:
    if given.get("url") and not world.webhook.through:
        raise own_refusal("this server is polled, it delivers to no webhook")
    return world.webhook.set(given)
