"""Whether a sentence tells what people whom nobody names talk about, rather than what happened. Pure.

Judged by who begins a clause and what they do (hearsay_words.tsv): "A member asked", "Users reported", 一位成员询问. Somebody
who has a name, and be it a handle, is no such source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.text.normalise import has_han
from bot.text.rule_data import any_of, read_rows


def is_hearsay(text: str) -> bool:
    """Whether a clause of a sentence begins with somebody unnamed who talks, or with the talk itself."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    english, chinese = _Words(defaultdict(list)), _Words(defaultdict(list))
    for word, kind in read_rows(Path(__file__).with_name("hearsay_words.tsv")):
        (chinese if has_han(word) else english).by_kind[kind].append(word)
    # A clause begins with the sentence, behind a colon, or behind a short clause that leads to it.
    begin = r"(?:^|[:.!?：。！？]\s*)\W*(?:[^,，:：]{1,30}[,，]\s*)?"
    return re.compile(f"{begin}(?:{_english(english)}|{_chinese(chinese)})", re.IGNORECASE)


class _Words(NamedTuple):
    """The words of a script, by kind."""

    by_kind: dict[str, list[str]]

    def any_of(self, *kinds: str) -> str:
        """A pattern for any word of these kinds."""
        return f"(?:{any_of(word for kind in kinds for word in self.by_kind[kind])})"


def _english(words: _Words) -> str:
    """Some new users also reported, user @name asked, users are trying; a member, whatever they did; the discussion."""
    says, people = words.any_of("says", "both"), words.any_of("speaker", "somebody")
    return (
        rf"(?:[a-z]+ ){{0,3}}{people}s?(?: @?[\w.-]+){{0,2}} (?:{says}\b|(?:is|are|was|were) (?:\w+ly )?\w+ing\b)"
        rf"|(?:an?|one|another) (?:[\w-]+ ){{0,2}}{words.any_of('somebody')}\b"
        rf"|(?:[a-z]+ ){{0,2}}{words.any_of('occasion', 'both')}\b"
    )


def _chinese(words: _Words) -> str:
    """社区成员对……表示担忧, 用户 @name 询问; 一位成员, whatever they did; 关于……的讨论."""
    says, people = words.any_of("says", "both"), words.any_of("speaker", "somebody")
    named = r"们?(?:[（(][^）)]*[）)])?(?:\s?@?[\w.\-]+\s?){0,2}"
    return (
        rf"[^\s，。：:,]{{0,6}}\s?{people}{named}[^，。]{{0,24}}?{says}"
        rf"|(?:有|另)?一[位名个](?:[^\s，。：:,]{{0,6}}\s?){words.any_of('somebody')}"
        rf"|[^，。：:,]{{0,12}}{words.any_of('occasion', 'both')}"
    )
