"""Writes the golden replies in replies/, as of a fixed day: run it after an intended change, then read the diff."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "tests")) if path not in sys.path]

if TYPE_CHECKING:
    from bot.app import App
    from bot.dialogue.router import Router
    from bot.models import Language

FOLDER = Path(__file__).parent / "replies"
TEXTS = {
    "compute": "/trend compute",
    "suanli": "/trend 算力",
    "start": "/start",
    "help": "/help",
    "nothing": "/trend volcanoes",
    "exclusion": "/trend compute -chips",
    "chart": "/chart compute",
    "compare": "/compare compute vs chips",
    "timeline": "/timeline 算力",
    "search": "/search liquid cooling",
    "figures": "/figures compute",
    "rising": "/rising",
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
    "alert": "/alert Nvidia price",
    "alert-verdict": "/alert 算力 升温",
    "alerts": "/alert",
}
LANGUAGES: tuple[Language, ...] = ("en", "zh")
# Scheduled digests: a first one from the library, a late one with news, the last of the library.
DIGESTS = ("daily-library", "daily-news", "daily-end")


def reply_to(conversation: Router, text: str, language: Language) -> str:
    """Return the reply to `text` in private for a reader who chose `language`."""
    from library_kit import NOW

    from bot.dialogue.events import TextEvent
    from bot.rendering.preview import as_text

    reply = conversation.answer(TextEvent(1, 1, text, private=True, chosen=language), NOW)
    assert reply is not None
    assert reply.message is not None
    return as_text(reply.message) + "\n"


def digest_of(app: App, name: str, language: Language) -> str:
    """Return the digest `name` for a reader who subscribed the day before, at 08:00 in Shanghai."""
    from datetime import timedelta

    from digest_kit import Subscribers, subscription, text_of
    from library_kit import NOW

    several: dict[Language, tuple[str, ...]] = {"en": ("compute", "AI agents"), "zh": ("算力", "智能体")}
    single: dict[Language, tuple[str, ...]] = {"en": ("liquid cooling",), "zh": ("液冷",)}
    queries = (single if name == "daily-end" else several)[language]
    own = f"{name}-{language}"[-16:]
    made = NOW.replace(hour=0)
    readers = Subscribers(app, subscription(own, queries, made, language))
    at = made + timedelta(days=1)
    if name == "daily-news":
        raw = json.dumps(
            {
                "title": "A day of compute",
                "publisher": "Daily",
                "published": "2026-11-22",
                "text": _NEWS[language],
            }
        )
        assert list(
            app.ingest.content(f"{own}.jsonl", raw.encode(), int(made.timestamp()) + 60, lambda _: None)
        )
        at += timedelta(days=1)
    (waiting,) = (one for one in readers.all() if one.id == own)
    late = frozenset({own} if name == "daily-news" else ())
    (prepared,) = readers.digests.prepare([waiting], at + timedelta(hours=2 if late else 0), late=late)
    return text_of(prepared) + "\n"


def recap_of(app: App, language: Language) -> str:
    """Return the recap of a morning in an office that speaks two languages."""
    from talk_kit import OFFICE, talk

    from bot.recaps.message import recap_message
    from bot.rendering.preview import as_text

    recap = app.recap_briefer().recap(talk(OFFICE), language)
    assert recap is not None
    return as_text(recap_message(app.renderer, recap, language, lambda _: None, "trend_bot")) + "\n"


_NEWS: dict[Language, str] = {
    "en": "The operators of three national clusters will sell spare compute to universities from January.\n\n"
    "Power took 41% of what compute cost them in 2026.\n\n"
    "AI agents now open half of all support tickets at the largest cloud provider.",
    "zh": "三个国家级集群的运营方将从明年1月起向高校出售富余算力。\n\n"
    "2026年，电力占算力成本的41%。\n\n"
    "最大的云厂商说，一半的工单如今由智能体发起。",
}


def main() -> None:
    """Write every reply."""
    from library_kit import open_folder

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = open_folder(Path(folder))
        conversation = app.router("trend_bot")
        for name, text in TEXTS.items():
            for language in LANGUAGES:
                (FOLDER / f"{name}.{language}.txt").write_text(
                    reply_to(conversation, text, language), "utf-8"
                )
        for language in LANGUAGES:
            (FOLDER / f"recap-of-a-talk.{language}.txt").write_text(recap_of(app, language), "utf-8")
        app.close()
    for name in DIGESTS:
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as folder:
                app = open_folder(Path(folder))
                (FOLDER / f"{name}.{language}.txt").write_text(digest_of(app, name, language), "utf-8")
                app.close()


if __name__ == "__main__":
    main()
