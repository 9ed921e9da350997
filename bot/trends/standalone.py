"""Whether a sentence can be read without the one before it, and which of its words only tie it to its place. Pure."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.models import Sentence
from bot.text.rule_data import any_of, read_kinds, read_words
from bot.trends.statements import Wording

# A sentence that leans on the one before it cannot be quoted alone.
_LEANING = re.compile(
    r"(?:it|its|this|these|that|those|they|their|he(?! (?-i:[A-Z]))|she|his|her|we|our|such|another|other|both|but|and|so|or|nor|"
    r"however|moreover|furthermore|additionally|plus|in addition|also|accordingly|consequently|hence|nevertheless|nonetheless|"
    r"likewise|conversely|meanwhile|therefore|thus|then|instead|specifically|"
    r"for example|for instance|in contrast|by contrast|as a result|similarly|here|there|yet|still|even|"
    r"in fact|indeed|overall|in short|of course|that said|what[’']s more|finally|lastly|next|(?:second|third)(?:ly)?(?=,)|"
    r"on the (?:one|other) hand|(?:in|at|with|for|from|by|to|of|on|after|before|despite|because of) "
    r"(?:it|its|this|these|that|those|them|their))\b"
    r"|(?:as|with|by|while|since|after|unlike|despite|thanks to)\b[^.]{1,160}?, (?:it|they|he|she|this|these)\b"
    r"|according to\b[^,.]{1,80}, (?:this|these|those|such)\b"
    r"|(?:\w+(?:ed|ing)|built) (?:as|at|by|for|from|in|on|to|using|with)\b[^.]{1,160}?, (?:it|they)\b(?! (?:said|says?)\b)"
    r"|(?:虽然|尽管|由于|因为|即使|根据|据)[^，,。]{0,24}[，,]?\s?(?<!其)[他她它]"
    r"|(?:虽然|尽管|由于|因为|即使)[^，,。A-Za-z]{0,24}[，,]\s?(?:但|却|而|所以|因此)\s?[他她它]"
    r"|(?:虽然|尽管|由于|即使|凭借)其(?!他|它)[^。]{0,80}[，,]\s?(?:但|却|而)?\s?[他她它]"
    r"|据(?:称|悉|说|报道|了解)[，,]?[他她它该此其这]"
    r"|(?:根据|据|按照)[^，,。]{1,40}[，,]\s?(?:该|此款|这[款种些个一])"
    r"|该|其|此|这|那|它|他|她|但|而|且|并|不过|然而|因此|所以|于是|从而|同时|另外|此外|除此|另一方面|一方面|例如|比如|再如|又如|"
    r"具体|与[此之]|同样|接下来|随后|其次|再次|首先|最后|总之|上述|以上|前述|特别是|尤其是|甚至|更[^，,。]{1,5}的是|还|也|"
    r"值得[^，,。]{1,4}的是|不仅如此|相比之下|相反|反之|换言之|换句话说|也就是说|前者|后者|两者|二者|双方|"
    r"[在对为由从据以因][此这该其]|从中|如此|公司(?:预计|表示|称|计划|将|还|也|方面)|报告(?:还|也)|"
    r"[一二三四五六七八九十]{1,2}是",
    re.IGNORECASE,
)
# A sentence that adds to the one before it says less alone.
_ADDING = (" also ", " as well", " too.", "还", "也")
# What may stand before the first word: quotation marks, emoji.
_SIGNS = re.compile(r"^[\W_]+")
# Names separated by bars are a page's menu.
_BARS = re.compile(r"[|｜丨]")
OPEN = ("?", "？", ":", "：")
"""Endings of questions and headings, which wait for what comes next."""
# Words that give a sentence its place in a list or paragraph and say nothing themselves.
_PLACE = re.compile(
    r"(?P<number>[一二三四五六七八九十]{1,2})是(?![^，,。]{0,6}[一二三四五六七八九十]是)"
    r"|\d{1,2}(?:[.．]\s+|[、)）]\s*)(?=\D)"
    r"|第[一二三四五六七八九十]{1,2}[，,、]|[（(][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}、"
    r"|(?:首先|其次|再次|最后|此外|另外|同时|与此同时|具体(?:来看|来说|而言)|另一方面|总[的体]来看|整体来看)[，,]"
)
_NEXT_IN_LIST = re.compile(r"[，,；;。：:]\s*[一二三四五六七八九十]{1,2}是")
_WORDS_LEFT = 6


def stands_alone(text: str) -> bool:
    """Return whether a sentence can be read without the one before it and is no question, heading or menu."""
    return not (depends_on_previous(text) or text.endswith(OPEN) or len(_BARS.findall(text)) > 1)


def depends_on_previous(text: str) -> bool:
    """Return whether a sentence begins with something that only the one before it explains."""
    begin = _SIGNS.sub("", without_place(text))
    return any(known.match(begin) for known in (_LEANING, _referring(), _referring_in_chinese()))


def continues_previous(text: str) -> bool:
    """Return whether a sentence adds to what was said before, or is an item of a list."""
    return any(word in text for word in _ADDING) or without_place(text) is not text


def is_unfinished(text: str) -> bool:
    """Return whether a sentence lacks a closing mark, as headings do."""
    return text[-1:].isalnum()


def without_place(text: str) -> str:
    """Return a sentence without its number in a list or the word that joins it to its paragraph.

    A sentence that contains further items of the list keeps its number; so does one with too little left.
    """
    place = _PLACE.match(text)
    if not place or len(text) - place.end() < _WORDS_LEFT:
        return text
    if place["number"] and _NEXT_IN_LIST.search(text, place.end()):
        return text
    return text[place.end() :].lstrip()


def with_lead(wording: Wording) -> tuple[Sentence, ...]:
    """Return the sentence, preceded by up to two before it in its passage if it does not stand alone."""
    sentences, start = wording.passage.sentences, wording.index
    while start > max(0, wording.index - 2) and not stands_alone(sentences[start].text):
        start -= 1
    return sentences[start : wording.index + 1]


@cache
def _referring_in_chinese() -> re.Pattern[str]:
    """Return the pattern for subjects without a name, such as 模型支持 or 新版本将; with a heading before it a sentence has one."""
    words = read_kinds(Path(__file__).with_name("referring_subjects.tsv"))
    nouns, verbs, after_new = (f"(?:{any_of(words[kind])})" for kind in ("noun", "verb", "verb after new"))
    return re.compile(
        rf"(?!.{{0,40}}[:：])(?:(?:最?新的?|默认|内置)?{nouns}{verbs}|最?新的?{nouns}{after_new})"
    )


@cache
def _referring() -> re.Pattern[str]:
    """Return the pattern for beginnings that refer back to something, such as "The launch" or "The new model".

    With a complement of its own ("the launch of R1", but not "of the model") such a beginning names what it is
    about, and so does a proper name ("The Model Context Protocol").
    """
    nouns = "|".join(
        sorted(read_words(Path(__file__).with_name("referring_nouns.txt")), key=len, reverse=True)
    )
    return re.compile(
        rf"[Tt]he (?:new |latest |\d[\w.]* )?(?:{nouns})\b"
        r"(?! (?:of|by|between|behind|from|for|that|which) (?!the\b|this\b|these\b|its\b|their\b))"
    )
