"""Creates groups, channels and topics, and changes membership: join, leave, promote, demote, block, migrate."""

from __future__ import annotations

from collections.abc import Iterable

from bot.playground.membership import member_of, notify_own_status, notify_status, open_topic
from bot.playground.updates import bot_receives, post_message
from bot.playground.world import ANONYMOUS, Chat, Kind, Member, Status, World, supergroup_id


class Groups:
    """Test controls for chats and their members, callable from any thread. The bot receives the matching updates."""

    world: World

    def create_group(
        self,
        chat: int,
        title: str,
        owner: int,
        *,
        kind: Kind = "supergroup",
        forum: bool = False,
        members: Iterable[int] = (),
        username: str = "",
    ) -> None:
        """Create a group with its owner and members, without the bot."""
        with self.world.lock:
            who = {owner: Member("creator")} | {user: Member() for user in members}
            for user in who:
                self.world.user(user)
            self.world.add_chat(Chat(chat, kind, title, username, forum, who))

    def create_channel(
        self, chat: int, title: str, owner: int, *, linked: int | None = None, username: str = ""
    ) -> None:
        """Create a channel without the bot; `linked` is its discussion group, `username` its public name."""
        with self.world.lock:
            self.world.user(owner)
            self.world.add_chat(
                Chat(chat, "channel", title, username, members={owner: Member("creator")}, linked=linked)
            )
            if linked is not None:
                self.world.chat(linked).linked = chat

    def is_channel(self, chat: int) -> bool:
        """Return whether a chat is a channel."""
        with self.world.lock:
            known = self.world.chats.get(chat)
            return known is not None and known.kind == "channel"

    def has_bot(self, chat: int) -> bool:
        """Return whether the bot is in a chat."""
        with self.world.lock:
            return self.world.chat(chat).present(self.world.bot)

    def add_bot(self, chat: int, by: int, admin: bool = False) -> None:
        """Add the bot to a group or channel; in a channel it is always an admin."""
        with self.world.lock:
            world, where = self.world, self.world.chat(chat)
            self._set_bot(where, by, "administrator" if admin or where.kind == "channel" else "member")
            if where.kind != "channel":
                newcomer = {"new_chat_members": [world.user(world.bot)]}
                world.push({"message": world.write(where, by, **newcomer)})

    def remove_bot(self, chat: int, by: int) -> None:
        """Remove the bot from a chat; its status is then "kicked"."""
        with self.world.lock:
            self._set_bot(self.world.chat(chat), by, "kicked")

    def promote_bot(self, chat: int, by: int | None = None) -> None:
        """Make the bot an admin of a chat."""
        with self.world.lock:
            self._set_bot(self.world.chat(chat), by or self._owner(chat), "administrator")

    def demote_bot(self, chat: int, by: int | None = None) -> None:
        """Make the bot an ordinary member of a chat."""
        with self.world.lock:
            self._set_bot(self.world.chat(chat), by or self._owner(chat), "member")

    def join(self, chat: int, user: int) -> None:
        """Let a user join a chat."""
        with self.world.lock:
            world, where = self.world, self.world.chat(chat)
            self._set(where, user, user, Member())
            if where.kind != "channel":
                post_message(world, where, user, {"new_chat_members": [world.user(user)]})

    def leave(self, chat: int, user: int) -> None:
        """Let a user leave a chat."""
        with self.world.lock:
            world, where = self.world, self.world.chat(chat)
            if where.kind != "channel":
                post_message(world, where, user, {"left_chat_member": world.user(user)})
            self._set(where, user, user, Member("left"))

    def promote(self, chat: int, user: int, anonymous: bool = False) -> None:
        """Make a user an admin of a chat."""
        with self.world.lock:
            self._set(self.world.chat(chat), self._owner(chat), user, Member("administrator", anonymous))

    def demote(self, chat: int, user: int) -> None:
        """Make a user an ordinary member of a chat."""
        with self.world.lock:
            self._set(self.world.chat(chat), self._owner(chat), user, Member())

    def create_topic(self, chat: int, user: int, name: str) -> int:
        """Open a topic, which makes the group a forum; return the topic's thread id."""
        with self.world.lock:
            where = self.world.chat(chat)
            where.forum = True
            topic = open_topic(self.world, where, user, name)
            thread: int = topic["message_thread_id"]
            message = self.world.messages[chat, thread]
            if bot_receives(self.world, where, message):
                self.world.push({"message": message})
            return thread

    def block(self, user: int) -> None:
        """Let a user block the bot."""
        self._set_blocked(user, True)

    def unblock(self, user: int) -> None:
        """Let a user unblock the bot."""
        self._set_blocked(user, False)

    def migrate(self, chat: int) -> int:
        """Upgrade a group to a supergroup and return its new id."""
        with self.world.lock:
            world, old = self.world, self.world.chat(chat)
            new = Chat(supergroup_id(chat), "supergroup", old.title, members=dict(old.members))
            left = world.write(old, self._owner(chat), migrate_to_chat_id=new.id)
            world.push({"message": left})
            old.moved_to = new.id
            world.changed(old)
            world.add_chat(new)
            world.push(
                {
                    "message": world.write(
                        new, ANONYMOUS, sender_chat=world.shown(new), migrate_from_chat_id=chat
                    )
                }
            )
            return new.id

    def _owner(self, chat: int) -> int:
        members = self.world.chat(chat).members
        owners = [user for user, member in members.items() if member.status == "creator"]
        return owners[0] if owners else ANONYMOUS

    def _set(self, chat: Chat, by: int, user: int, member: Member) -> None:
        self.world.user(user)
        old = member_of(self.world, chat, user)
        chat.members[user] = member
        notify_status(self.world, chat, by, user, old)

    def _set_bot(self, chat: Chat, by: int, status: Status) -> None:
        old = member_of(self.world, chat, self.world.bot)
        chat.members[self.world.bot] = Member(status)
        notify_own_status(self.world, chat, by, old)

    def _set_blocked(self, user: int, blocked: bool) -> None:
        with self.world.lock:
            chat = self.world.chat(user)
            old = member_of(self.world, chat, self.world.bot)
            chat.blocked = blocked
            notify_own_status(self.world, chat, user, old)
