"""Which of the bot's languages a person or a chat is answered in. Pure."""

from __future__ import annotations

from bot.models import Language
from bot.text.normalise import has_han


def language_of(code: str) -> Language | None:
    """zh for every kind of Chinese, en for English, None for anything else (Telegram sends IETF tags)."""
    word = code.strip().lower()
    if word.startswith("zh") or word in {"中文", "汉语", "chinese"}:
        return "zh"
    return "en" if word.split("-")[0] in {"en", "english", "英文", "英语"} else None


def language_for(chosen: str | None, text: str, language_code: str | None, default: Language) -> Language:
    """/lang if set, else Chinese for a text with Han characters, else what Telegram says, else the bot's own."""
    if stored := language_of(chosen or ""):
        return stored
    return "zh" if has_han(text) else language_of(language_code or "") or default
