"""Classifies how a number is meant: reported, forecast or plan. Only reads strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.figures.numerals import Span
    from bot.figures.periods import Time
    from bot.models import Modality

# 将 expresses the future only before a verb; before a noun it marks the object (将AI用于…).
_ZH_CUE = re.compile(
    r"(?P<plan>计划(?![》”」\"'的中等与和书期,，。:：、]|$)|规划(?=建|到|投|新|总|在)|力争"
    r"|争取(?=[到在将实]|20)|旨在"
    r"|拟(?=[建投在于新发])|目标(?:是|为|[:：])|[要应需须](?=达到|增至|升至|降至|占|突破|在[0-9]|不低于)"
    r"|承诺|(?:目标|要求)[^,，]{0,8}达到?)"
    r"|(?P<forecast>预计|预估|预期(?!寿)|预测(?=[,，:：将会称到显]|20)|有望|或将|即将|可能(?!性)|料(?=将"
    r"|会)|或(?=[达超增降]|突破)"
    r"|将(?:会|[在于从由以]|与(?!其)|进一步|大幅|显著|持续|逐步|很快|不断|继续|全面|首次|至少|同比|再|更"
    r"|超(?![级算大分])|达|占(?!比)|为|是|有(?!效)"
    r"|成(?=[为立倍真])|突破|增(?=[长加至速设强持产])|减|升|降|提[升高供]|上(?=升|涨|市|线)"
    r"|下(?=[降跌滑调])|迎|改|接|推(?=[出动进])|投|实[现施]|保[持障]"
    r"|带[来动领]|进[入行]|面[临向世]|角逐|聚焦|导致|充[斥满]|重[构塑新]|激[活发增]|兴起|落地"
    r"|出[现台售货口]|耗[尽资费时]|被|需要|拥有"
    r"|建(?![筑议])|发[布生射起]|用[于来]|开[始启放展设]|让|使|取[代得消]|替代|扩[大展]|缩[小短减]"
    r"|覆盖(?!率)|翻|贡献|消[失耗]|产生|创|获|引[发领入爆]|采|对(?![话象手齐]))"
    r"|(?<![议社机协大都年学工商峰展委开国理员])会(?=[在有达超增减降升占被让把]|改变|成为|出现|进一步))"
)
_EN_CUE = re.compile(
    r"\b(?:(?P<plan>plan(?:s|ned|ning)? to|plans? (?:of|about|around|some|up to)(?=(?: about"
    r"| around)? [$€£0-9])"
    r"|plans(?= [$€£0-9])|aim(?:s|ing)? (?:to|for|at)|targets?(?= (?:of|to|is|for|an?)\b| [$0-9])"
    r"|target(?:ing|ed)(?= an?\b| [$0-9])"
    r"|goals? (?:of|is|to)|intends? to|pledge[sd]?|vow(?:s|ed) to|commit(?:s|ted)? to|seeks? to"
    r"|wants? (?:to|its)|hop(?:es?|ing) to"
    r"|should (?:reach|make up|be at least|exceed|account|rise|fall))"
    r"|(?P<forecast>would|will|(?<!than )expect(?:s|ed|ing)?|forecasts?|projected|projections?"
    r"|projects (?:that|to)|predict(?:s|ed)? (?:that|to)"
    r"|predictions?(?= (?:of|that|for)\b)|may|might|likely to|set to (?:reach|hit|grow|rise|become|double"
    r"|exceed|be)|on track to|poised to|(?:is|are|was) anticipated to|anticipates? (?:that|an?)"
    r"|estimated to|could (?:reach|hit|grow|rise|become|exceed|top|surpass|cost|add|save|be|fall|lead)))\b"
)
# 预计 governs a whole list of numbers; 将 and 计划 only what follows without another number between.
_WIDE = re.compile(r"预计|预测|预估|力争|(?i:expect|forecast|project|predict|anticipat)")
_DONE = re.compile(r"[已了]|目前|现在|累计|\b(?:is|are|has|have|had|was|were|already)\b")
_DIGIT = re.compile(r"(?<![A-Za-z-])[0-9]")
_OPINION = re.compile(
    r"认为|预计|相信|表示|担心|希望|计划"
    r"|\b(?:expects?|thinks?|believes?|says?|said|fears?|plans?|worr(?:y|ies)|hopes?)\b"
)
# After a number, a cue is somebody's opinion or belongs to another phrase: 9063 stars that aims to.
_OTHER = re.compile(_OPINION.pattern + r"|\b(?:that|which|who|aim(?:s|ed|ing)?|to|and)\b")
_UNSURE = frozenset({"会", "旨在"})
"""Cues too common after a number to tell how it is meant: 只占1%就会让模型崩溃."""
_PLANNED = re.compile(r"的[^,，。；;]{0,6}(?:计划|目标|规划)(?![外中])")
_AHEAD = re.compile(r"未来|今后|接下来|明年|后年|(?i:\b(?:next|coming)\b)")
_FORETOLD = re.compile(r"(?:预计|预测|预估|料)\s?[,，:：]?\s?$")


def modality(
    text: str,
    number: Span,
    clause: Span,
    part: Span,
    time: Time | None,
    published: date | None,
    chinese: bool,
) -> Modality:
    """Return how the number at `number` of a folded sentence is meant.

    `clause` is the clause it is quoted with, `part` its run between commas, `time` its time. The last cue before it in
    the clause decides, then a cue after it in its part, then whether its time lies after `published`.
    """
    cues = _ZH_CUE if chinese else _EN_CUE
    year = published.year if published else 0
    before = list(cues.finditer(text, clause[0], number[0] + 1))
    if before and _holds(text, before[-1], number, part, time, year):
        return "plan" if before[-1]["plan"] else "forecast"
    if not before and _FORETOLD.search(text, max(0, clause[0] - 6), clause[0]):
        return "forecast"
    if _PLANNED.match(text, number[1]):
        return "plan"
    behind = cues.search(text, number[1], max(part[1], number[1]))
    if behind and behind[0] not in _UNSURE and not _OTHER.search(text, number[1], behind.end()):
        return "plan" if behind["plan"] else "forecast"
    return "forecast" if _lies_ahead(text, number, time, year) else "reported"


def _holds(text: str, cue: re.Match[str], number: Span, part: Span, time: Time | None, year: int) -> bool:
    """Return whether a cue before a number still applies to it: always within its part, else unless cancelled."""
    if cue.start() >= part[0]:
        return True
    if time and time.year and time.year < year and part[0] <= time.start:
        return False  # the number has a past year of its own
    if _OPINION.search(text, number[1], part[1]):
        return False
    if _WIDE.match(cue[0]):
        return True
    if "旨在" in cue[0] or cue[0].startswith("aim") or _DONE.search(text, *part):
        return False
    return not _DIGIT.search(text, cue.end(), part[0])


def _lies_ahead(text: str, number: Span, time: Time | None, year: int) -> bool:
    """Return whether the number is for the future: a later year, or this year as a deadline (到2025年)."""
    if _AHEAD.search(text, max(0, number[0] - 5), number[0]):
        return True
    if not time:
        return False
    if _AHEAD.search(text, time.start, time.end):
        return True
    return bool(year) and (time.year > year or (time.due and time.year == year))
