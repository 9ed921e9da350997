"""Bot API methods about chats, their members and their topics."""

from __future__ import annotations

from bot.playground.cleaning import units
from bot.playground.refusals import Json, bad
from bot.playground.world import Chat, Member, World

MAX_TOPIC = 128

RIGHTS = (
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()
_IN_GROUPS = ("can_pin_messages", "can_manage_topics")
_IN_CHANNELS = ("can_post_messages", "can_edit_messages")
_FREE = "can_send_messages can_send_polls can_send_other_messages can_add_web_page_previews".split()


def get_chat(world: World, given: Json) -> Json:
    """Serve getChat; return a ChatFullInfo."""
    chat = world.resolve_chat(given["chat_id"])
    shown = world.shown(chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if chat.kind in {"group", "supergroup"}:
        shown["permissions"] = dict.fromkeys(_FREE, True)
    if chat.linked is not None:
        shown["linked_chat_id"] = chat.linked
    if chat.pinned:
        shown["pinned_message"] = world.messages[chat.id, chat.pinned[-1]]
    return shown


def get_chat_member(world: World, given: Json) -> Json:
    """Serve getChatMember; return a ChatMember for any user that the server knows."""
    chat = world.resolve_chat(given["chat_id"])
    user = given["user_id"]
    if user not in world.users:
        raise bad("invalid user_id specified") if user <= 0 else bad("PARTICIPANT_ID_INVALID")
    return member_of(world, chat, user)


def get_chat_administrators(world: World, given: Json) -> list[Json]:
    """Serve getChatAdministrators; return the ChatMembers of the admins, including the owner."""
    chat = world.resolve_chat(given["chat_id"])
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat")
    members = (member_of(world, chat, user) for user in chat.members)
    return [member for member in members if member["status"] in {"creator", "administrator"}]


def get_chat_member_count(world: World, given: Json) -> int:
    """Serve getChatMemberCount; the count includes the bot."""
    chat = world.resolve_chat(given["chat_id"])
    return 2 if chat.kind == "private" else sum(chat.present(user) for user in chat.members)


def leave_chat(world: World, given: Json) -> bool:
    """Serve leaveChat."""
    chat = world.resolve_chat(given["chat_id"])
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    old = member_of(world, chat, world.bot)
    chat.members[world.bot] = Member("left")
    notify_own_status(world, chat, world.bot, old)
    return True


def create_forum_topic(world: World, given: Json) -> Json:
    """Serve createForumTopic, for a name of 1 to 128 characters; return the ForumTopic."""
    chat = world.resolve_chat(given["chat_id"], write=True)
    if not chat.forum:
        raise bad("the chat is not a forum")
    if chat.status(world.bot) != "administrator":
        raise bad("not enough rights to create a topic")
    if not 1 <= units(given["name"].strip()) <= MAX_TOPIC:
        raise bad("TOPIC_TITLE_EMPTY" if not given["name"].strip() else "TOPIC_TITLE_TOO_LONG")
    return open_topic(world, chat, world.bot, given["name"])


def open_topic(world: World, chat: Chat, author: int, name: str) -> Json:
    """Open a forum topic and return the ForumTopic; its id is that of the service message announcing it."""
    created = {"name": name, "icon_color": 7322096}
    message = world.write(chat, author, forum_topic_created=created, is_topic_message=True)
    thread = message["message_id"]
    message["message_thread_id"] = thread
    chat.topics[thread] = name
    world.changed(chat)
    return {"message_thread_id": thread} | created


def member_of(world: World, chat: Chat, user: int) -> Json:
    """Return a user's ChatMember in a chat."""
    member_object: Json = {"user": world.user(user), "status": chat.status(user)}
    if chat.kind == "private":
        return (
            member_object
            | {"status": "kicked" if chat.blocked and user == world.bot else "member"}
            | _until(chat)
        )
    member = chat.members.get(user, Member("left"))
    if member.status == "creator":
        member_object["is_anonymous"] = member.anonymous
    if member.status == "administrator":
        more = _IN_CHANNELS if chat.kind == "channel" else _IN_GROUPS
        rights = dict.fromkeys((*RIGHTS, *more), True)
        member_object |= {"can_be_edited": False, "is_anonymous": member.anonymous} | rights
    if member.status == "kicked":
        member_object["until_date"] = 0
    return member_object


def _until(chat: Chat) -> Json:
    return {"until_date": 0} if chat.blocked else {}


def notify_own_status(world: World, chat: Chat, by: int, old: Json) -> None:
    """Notify the bot and the listeners that the bot's own status in a chat has changed."""
    new = member_of(world, chat, world.bot)
    changed = {"chat": world.shown(chat), "from": world.user(by), "date": int(world.now())}
    world.push({"my_chat_member": changed | {"old_chat_member": old, "new_chat_member": new}})
    world.emit({"type": "member", "chat": chat.id, "user": world.bot, "status": new["status"]})
    world.changed(chat)


def notify_status(world: World, chat: Chat, by: int, user: int, old: Json) -> None:
    """Notify the listeners, and the bot if it is an admin there, that a user's status has changed."""
    new = member_of(world, chat, user)
    changed = {"chat": world.shown(chat), "from": world.user(by), "date": int(world.now())}
    if chat.status(world.bot) == "administrator":
        world.push({"chat_member": changed | {"old_chat_member": old, "new_chat_member": new}})
    world.emit({"type": "member", "chat": chat.id, "user": user, "status": new["status"]})
    world.changed(chat)
