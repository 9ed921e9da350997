"""Names the languages of reports in a reader's language, after the Unicode CLDR."""

from __future__ import annotations

from collections.abc import Iterable

from bot.languages import Language


def language_names(
    codes: Iterable[str], language: Language, written: dict[str, str], other: str
) -> list[str]:
    """Return the names of `codes` without duplicates, the bot's own languages first and `other` last.

    `written` names languages by their own word for text (中文 where CLDR has 汉语); `other` stands for unknown ones.
    """
    from babel import Locale

    names = Locale(language).languages
    ordered = sorted(sorted(codes, reverse=True), key=lambda code: code not in written)
    named = [written.get(code) or names.get(code.split("-")[0].lower()) or other for code in ordered]
    return sorted(dict.fromkeys(named), key=lambda name: name == other)
