"""Messages of a group as frozen values. Pure data: no input or output, no clock, no markup."""

from __future__ import annotations

from operator import attrgetter

from msgspec import Struct


class Poll(Struct, frozen=True):
    """A poll: options with their votes, number of voters, whether it is closed, and whether it is a quiz."""

    options: tuple[tuple[str, int], ...]
    voters: int
    closed: bool
    quiz: bool = False


class ChatMessage(Struct, frozen=True):
    """A message in a group. `id` is its number in the chat, `at` its time in UTC seconds.

    `reply_to` is the id of the message that it answers; `thread_id` is the forum topic, 0 for none; `bot`: a bot wrote
    it. `text` is the sender's own words; with `forwarded_from`, it is those of the person or channel of that name; with
    a `poll`, it is the poll's question.
    """

    id: int
    author_id: int
    author: str
    text: str
    at: int
    reply_to: int | None = None
    thread_id: int = 0
    bot: bool = False
    forwarded_from: str = ""
    poll: Poll | None = None


by_time = attrgetter("at", "id")
"""Key that sorts messages in the order in which they were written."""
