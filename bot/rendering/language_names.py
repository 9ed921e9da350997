"""What the languages of reports are called in a reader's language, by the names of the Unicode CLDR."""

from __future__ import annotations

from collections.abc import Iterable

from bot.languages import Language


def language_names(
    codes: Iterable[str], language: Language, written: dict[str, str], other: str
) -> list[str]:
    """The languages `codes` by name, each once, those of readers first.

    `written` names the languages whose texts have a name of their own (中文 where CLDR has 汉语), `other` what is left.
    """
    from babel import Locale

    names = Locale(language).languages
    ordered = sorted(sorted(codes, reverse=True), key=lambda code: code not in written)
    named = [written.get(code) or names.get(code.split("-")[0].lower()) or other for code in ordered]
    return sorted(dict.fromkeys(named), key=lambda name: name == other)
