"""Which of the bot's languages a person or a chat is answered in. Pure."""

from __future__ import annotations

from bot.languages import CHINESE, Language, language_named
from bot.text.normalise import has_han


def language_for(chosen: str | None, text: str, language_code: str | None, default: Language) -> Language:
    """/lang if set, else Chinese for a text with Han characters, else what Telegram says, else the bot's own."""
    if stored := language_named(chosen or ""):
        return stored
    return CHINESE.code if has_han(text) else language_named(language_code or "") or default
