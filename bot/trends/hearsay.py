"""Whether a sentence tells what people whom nobody names talk about, rather than what happened. Pure.

Judged by who begins a clause and what they do (hearsay_words.tsv): "A member asked", "Users reported", 一位成员询问. Somebody
who has a name, and be it a handle, is no such source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from bot.text.normalise import has_han
from bot.text.rule_data import any_of, read_rows


def is_hearsay(text: str) -> bool:
    """Whether a clause of a sentence begins with somebody unnamed who talks, or with the talk itself."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    words: defaultdict[str, list[str]] = defaultdict(list)
    han: defaultdict[str, list[str]] = defaultdict(list)
    for word, kind in read_rows(Path(__file__).with_name("hearsay_words.tsv")):
        own = han if has_han(word) else words
        for one in ("says", "occasion") if kind == "both" else (kind,):
            own[one].append(word)
    forms = (_english(*(any_of(words[k]) for k in _KINDS)), _chinese(*(any_of(han[k]) for k in _KINDS)))
    # A clause begins with the sentence, behind a colon, or behind a short clause that leads to it.
    begin = r"(?:^|[:.!?：。！？]\s*)\W*(?:[^,，:：]{1,30}[,，]\s*)?"
    return re.compile(f"{begin}(?:{'|'.join(forms)})", re.IGNORECASE)


_KINDS = ("speaker", "says", "occasion")


def _english(speaker: str, says: str, occasion: str) -> str:
    """Some new users also reported, user @name asked, users are trying, the discussion."""
    return (
        rf"(?:[a-z]+ ){{0,3}}(?:{speaker})(?: @?[\w.-]+){{0,2}} (?:(?:{says})\b|(?:is|are|was|were) (?:\w+ly )?\w+ing\b)"
        rf"|(?:[a-z]+ ){{0,2}}(?:{occasion})\b"
    )


def _chinese(speaker: str, says: str, occasion: str) -> str:
    """另一位社区成员对……表示担忧, 用户 @name 询问, 关于……的讨论."""
    named = r"们?(?:[（(][^）)]*[）)])?(?:\s?@?[\w.\-]+\s?){0,2}"
    return (
        rf"[^\s，。：:,]{{0,6}}\s?(?:{speaker}){named}[^，。]{{0,24}}?(?:{says})"
        rf"|[^，。：:,]{{0,12}}(?:{occasion})"
    )
