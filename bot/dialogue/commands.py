"""The one list of commands: handlers, /help, menus, the README and tests all read it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.normalise import fold


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, and the plain Chinese words that mean it in a private chat.

    `takes`: words may follow it. `admins`: in a group only an admin may use it. `groups`: a group's menu shows it.
    `listed`: /help shows it.
    """

    name: str
    words: tuple[str, ...]
    takes: bool = False
    admins: bool = False
    groups: bool = True
    listed: bool = True


COMMANDS = (
    Command("trend", ("趋势", "简报"), takes=True),
    Command("search", ("搜索", "查找", "搜寻"), takes=True),
    Command("topics", ("主题", "话题")),
    Command("sources", ("来源", "报告")),
    Command("subscribe", ("订阅",), takes=True, admins=True),
    Command("subscriptions", ("我的订阅",)),
    Command("digest", ("日报", "摘要"), takes=True),
    Command("pause", ("暂停",), takes=True, admins=True),
    Command("unsubscribe", ("退订", "取消订阅"), takes=True, admins=True),
    Command("lang", ("语言",), takes=True, admins=True),
    Command("about", ("关于",), groups=False),
    Command("recap", ("回顾", "总结"), takes=True),
    Command("capture", ("保留发言",), takes=True, admins=True),
    Command("purge", ("清空发言",), admins=True),
    Command("privacy", ("隐私",)),
    Command("optout", ("退出回顾",)),
    Command("optin", ("加入回顾",)),
    Command("forgetme", ("忘记我",)),
    Command("status", ("状态",), groups=False, listed=False),
    Command("help", ("帮助",)),
    Command("start", ("开始",), listed=False),
)

BY_NAME = {command.name: command for command in COMMANDS}
BY_WORD = {word: command.name for command in COMMANDS for word in command.words}


# A command ends where Telegram's own bot_command entity ends: before the first character that is no Latin letter,
# digit or underscore, so /trend算力 is /trend 算力. A path such as /etc/hosts is no command.
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<owner>[A-Za-z0-9_]+))?(?![A-Za-z0-9_@/.-])")
_WORD = re.compile(r"[^\s:：]+")


def parse_command(text: str, username: str | None) -> tuple[str | None, str]:
    """The command's name and what follows it.

    (None, text) for a text without a slash, ("", "") for a command of another bot than `username` and for a text
    whose slash begins no command.
    """
    if not text.startswith("/"):
        return None, text
    command = _COMMAND.match(text)
    if command is None:
        return "", ""
    owner = command["owner"]
    if owner and username and owner.lower() != username.lower():
        return "", ""
    return command["name"].lower(), _argument(text[command.end() :])


def plain_command(text: str) -> tuple[str | None, str]:
    """The command that a plain Chinese word (in either script) at the beginning of `text` means, and what follows.

    (None, text) without one; a word that takes nothing must stand alone, so that 隐私 计算 is a question.
    """
    word = _WORD.match(text)
    name = BY_WORD.get(fold(word[0])) if word else None
    if word is None or name is None:
        return None, text
    argument = _argument(text[word.end() :])
    return (None, text) if argument and not BY_NAME[name].takes else (name, argument)


def _argument(text: str) -> str:
    """What follows a command, without the colon or comma that people put between the two."""
    return text.strip().lstrip(":：,，、").strip()


def without_mention(text: str, username: str | None) -> str | None:
    """What a group's message asks of the bot called `username`, None when it does not mention it."""
    if not username:
        return None
    # A name that goes on is somebody else's; Han characters beside it are not part of it.
    mention = rf"(?<![A-Za-z0-9_])@{re.escape(username)}(?![A-Za-z0-9_])"
    rest, found = re.subn(mention, " ", text, flags=re.IGNORECASE)
    return " ".join(rest.split()).strip(",.:;!?，。：；！？ ") if found else None
