"""Recognises sentences that tell what unnamed people talk about, not what happened. Pure.

It looks at who begins a clause and what they do (hearsay_words.tsv): "A member asked", "Users reported",
一位成员询问. Anyone with a name, or a handle only, is not such a source, unless they joke, ask or start a debate. Nor is
there news in what something stirred ("the law sparked concern"), but there is in what stirred it: "X left the firm, which
sparked concern".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.text.normalise import has_han
from bot.text.rule_data import any_of, read_kinds


def is_hearsay(text: str) -> bool:
    """Return whether a clause of the sentence begins with an unnamed speaker, or with the discussion itself."""
    return said_before_hearsay(text) is not None


# Asked of a sentence as often as it is weighed, for each topic that it is on.
@lru_cache(maxsize=8_192)
def said_before_hearsay(text: str) -> str | None:
    """Return what a sentence says before its clause with an unnamed speaker; None if it has no such clause."""
    match = _pattern(with_chinese=has_han(text)).search(text)
    return text[: match.start("speaker")] if match else None


@cache
def _pattern(*, with_chinese: bool) -> re.Pattern[str]:
    kinds = read_kinds(Path(__file__).with_name("hearsay_words.tsv"))
    kinds |= read_kinds(Path(__file__).with_name("hearsay_reactions.tsv"))
    english, chinese = (
        _Words({kind: [word for word in words if has_han(word) == han] for kind, words in kinds.items()})
        for han in (False, True)
    )
    # A clause begins at the start of a sentence, after a colon, or after a short introductory clause.
    begin = r"(?:^|[:.!?：。！？]\s*)\W*(?:[^,，:：]{1,90}[,，]\s*)?"
    speaker = "|".join([_english(english), *[_chinese(chinese)] * with_chinese])
    return re.compile(f"{begin}(?P<speaker>{speaker})", re.IGNORECASE)


class _Words(NamedTuple):
    """The words of one script, by kind."""

    by_kind: dict[str, list[str]]

    def any_of(self, *kinds: str) -> str:
        """Return a pattern for any word of these kinds."""
        return f"(?:{any_of(word for kind in kinds for word in self.by_kind[kind])})"


def _english(words: _Words) -> str:
    """Return the pattern for English, as in "Some new users also reported", "user @name asked" and "the discussion".

    An indefinite person ("a member") matches whatever they did; so does "some" without a noun, and a passive without
    anybody ("a link was shared").
    """
    says, people = words.any_of("says", "told", "both"), words.any_of("speaker", "somebody")
    return (
        rf"{words.any_of('indefinite')} (?:\w+ly |even |also )?{says}\b"
        rf"|[^,.:;!?]{{1,80}} (?:was|were|been) (?:\w+ly )?{words.any_of('told')}\b(?! (?:by|to|at|in) (?-i:[A-Z@]))"
        rf"|(?:[a-z]+ ){{0,3}}{people}s?(?: @?[\w.-]+){{0,2}} (?:{says}\b|(?:is|are|was|were) (?:\w+ly )?\w+ing\b)"
        rf"|(?:an?|one|another) (?:[\w-]+ ){{0,2}}{words.any_of('somebody')}\b"
        rf"|(?:(?<![,，] )|(?![a-z]+ing\b))(?:[a-z]+ ){{0,2}}{words.any_of('occasion', 'both')}\b"
        rf"|(?:[a-z]+ ){{0,2}}{people}s? (?:is|are|were) in {words.any_of('occasion', 'both')}\b"
        rf"|[^,.:;!?]{{1,80}} (?:has |have )?{words.any_of('stirs')} (?:[\w-]+ ){{0,2}}{words.any_of('stirred')}\b(?![^.:]{{0,80}}: )"
        rf"|there(?:'s| is| are| was| were) (?:[\w-]+ ){{0,2}}{words.any_of('stirred')}\b"
        rf"|@\w+ (?:[^\s,.:;!?]+ ){{0,5}}{words.any_of('idle')}\b"
    )


def _chinese(words: _Words) -> str:
    """Return the pattern for Chinese, as in 社区成员对……表示担忧, 用户 @name 询问 and 关于……的讨论.

    An indefinite person (一位成员) matches whatever they did.
    """
    says, people = words.any_of("says", "both"), words.any_of("speaker", "somebody")
    named = r"们?(?:[（(][^）)]*[）)])?(?:\s?@?[\w.\-]+\s?){0,2}"
    return (
        rf"[^\s，。：:,]{{0,6}}\s?{people}{named}[^，。]{{0,24}}?{says}"
        rf"|(?:有|另)?一[位名个](?:[^\s，。：:,]{{0,6}}\s?){words.any_of('somebody')}"
        rf"|[^，。：:,]{{0,12}}{words.any_of('occasion', 'both')}"
        rf"|(?:关于|围绕|针对)[^，。：:,]{{1,60}}的[^，。：:,]{{0,6}}{words.any_of('occasion', 'both')}"
    )
