"""Sets up the people and chats that a demo starts with."""

from __future__ import annotations

from typing import Literal

from bot.playground.server import LocalTelegram

YOU = 100_000_001
"""The person at the keyboard."""

ADMIN, MEMBER, OTHER = 100_000_002, 100_000_003, 100_000_004
GROUP, FORUM, CHANNEL = -4_000_001, -1_002_000_000_001, -1_002_000_000_002


_TITLES = {"en": ("Compute Club", "Trend Desk", "Compute Wire"), "zh": ("算力小组", "趋势编辑部", "算力快讯")}
_TOPICS = {"en": ("Compute", "Papers"), "zh": ("算力", "论文")}


def create_demo_chats(telegram: LocalTelegram, language: Literal["en", "zh"]) -> None:
    """Create a group with an admin, two members and you, a forum with two topics, a channel of yours, and the private
    chat with the bot.
    """
    telegram.add_user(YOU, first_name="Alex", language_code=language)
    # Nothing was said yet: until you write, the bot may not.
    telegram.world.chat(YOU).started = False
    telegram.add_user(ADMIN, first_name="Lin Lan", username="linlan", language_code=language)
    telegram.add_user(MEMBER, first_name="陈宇", language_code="zh-hans")
    telegram.add_user(OTHER, first_name="Ben", username="ben_c", language_code="en")
    club, desk, wire = _TITLES[language]
    telegram.create_group(GROUP, club, ADMIN, kind="group", members=[MEMBER, OTHER, YOU])
    telegram.create_group(FORUM, desk, ADMIN, forum=True, members=[MEMBER, OTHER, YOU])
    for chat in (GROUP, FORUM):
        telegram.add_bot(chat, ADMIN)
    # The bot becomes its admin with your first post: until you have written to the bot, it may not ask you.
    telegram.create_channel(CHANNEL, wire, YOU, username="compute_wire")
    for topic in _TOPICS[language]:
        telegram.create_topic(FORUM, ADMIN, topic)
