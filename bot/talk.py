"""What is said in a group, as frozen values. Pure data: no input or output, no clock, no markup."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll: its options with their votes, how many people voted, whether it is over, and whether it is a quiz."""

    options: tuple[tuple[str, int], ...]
    voters: int
    closed: bool
    quiz: bool = False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """What somebody wrote in a group. `id` is the message's number in its chat, `at` when, in UTC seconds.

    `reply_to` is the number of the message it answers; `thread_id` is the forum topic (0 where there is none);
    `bot` says that a bot wrote it. `text` holds the sender's own words, but for a message with `forwarded_from`: it
    holds those of the person or channel of that name. A message with a `poll` has its question as text.
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
