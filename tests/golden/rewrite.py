"""The replies that are kept word for word in replies/, on a fixed day. Run it to write them again, then read the diff."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "tests")) if path not in sys.path]

if TYPE_CHECKING:
    from bot.chat.conversation import Conversation
    from bot.models import Language

FOLDER = Path(__file__).parent / "replies"
TEXTS = {
    "compute": "/trend compute",
    "suanli": "/trend 算力",
    "start": "/start",
    "help": "/help",
    "nothing": "/trend volcanoes",
    "exclusion": "/trend compute -chips",
    "search": "/search liquid cooling",
    "topics": "/topics",
    "sources": "/sources",
    "lang": "/lang",
    "about": "/about",
    "privacy": "/privacy",
    "forgetme": "/forgetme",
    "optout": "/optout",
    "optin": "/optin",
    "recap": "/recap",
    "purge": "/purge",
    "subscribe": "/subscribe",
    "subscribe-one-line": "/subscribe 08:00 compute agents weekdays Asia/Shanghai",
    "subscribe-dingyue": "订阅 早上8点 算力 北京",
    "subscribe-no-zone": "/subscribe 8 pm compute",
    "subscribe-unclear": "/subscribe 25:00 compute",
    "subscriptions": "/subscriptions",
    "unsubscribe": "/unsubscribe",
    "digest": "/digest compute",
    "pause": "/pause 7d",
}
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def reply_to(conversation: Conversation, text: str, language: Language) -> str:
    """What somebody who chose `language` reads after sending `text` in private."""
    from library_kit import NOW

    from bot.chat.turn import Asked
    from bot.rendering.preview import as_text

    reply = conversation.answer(Asked(1, 1, text, private=True, chosen=language), NOW)
    assert reply is not None
    assert reply.message is not None
    return as_text(reply.message) + "\n"


def main() -> None:
    """Writes every reply."""
    from library_kit import open_folder

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = open_folder(Path(folder))
        conversation = app.conversation("trend_bot")
        for name, text in TEXTS.items():
            for language in LANGUAGES:
                (FOLDER / f"{name}.{language}.txt").write_text(
                    reply_to(conversation, text, language), "utf-8"
                )
        app.close()


if __name__ == "__main__":
    main()
