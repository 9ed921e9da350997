"""Figures of a sentence: each number with its unit, its clause, its time and how it is meant. Only reads strings.

A range is one figure whose value is its lower bound. A length of time, or the base of a rate (每1000人), is a figure
only in a sentence that has no other number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.models import Figure, Modality
from bot.reports.clauses import clause_span, part_spans, subject_span
from bot.reports.numerals import Quantity, find_quantities, fold
from bot.reports.periods import Time, find_times, period_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.reports.numerals import Span

_LONGEST = 2000
"""Characters of a sentence that are read; nothing longer is a sentence."""
_MOST = 40
"""Figures of a sentence; what has more is a table, and its cells have no clause."""

_ANY_DIGIT = re.compile(r"(?<![A-Za-z-])[0-9]")
_HAN = re.compile("[一-鿿]")
# What holds numbers that are not the text's: addresses and page marks.
_NOISE = re.compile(r"(?:https?://|www\.)[^\s，。；、）]+|第\s?[0-9][0-9、,，\s-]*[页届]")

_ZH_CUE = re.compile(
    r"(?P<plan>计划(?![》”」\"'的中等与和书期,，。:：、]|$)|规划(?=建|到|投|新|总|在)|力争|争取(?=[到在将实]|20)|旨在"
    r"|拟(?=[建投在于新发])|目标(?:是|为|[:：])|[要应需须](?=达到|增至|升至|降至|占|突破|在[0-9]|不低于)|承诺|(?:目标|要求)[^,，]{0,8}达到?)"
    r"|(?P<forecast>预计|预估|预期(?!寿)|预测(?=[,，:：将会称到显]|20)|有望|或将|即将|可能(?!性)|料(?=将|会)|或(?=[达超增降]|突破)"
    r"|将(?:会|[在于从由以]|与(?!其)|进一步|大幅|显著|持续|逐步|很快|不断|继续|全面|首次|至少|同比|再|更|超(?![级算大分])|达|占(?!比)|为|是|有(?!效)"
    r"|成(?=[为立倍真])|突破|增(?=[长加至速设强持产])|减|升|降|提[升高供]|上(?=升|涨|市|线)|下(?=[降跌滑调])|迎|改|接|推(?=[出动进])|投|实[现施]|保[持障]"
    r"|带[来动领]|进[入行]|面[临向世]|角逐|聚焦|导致|充[斥满]|重[构塑新]|激[活发增]|兴起|落地|出[现台售货口]|耗[尽资费时]|被|需要|拥有"
    r"|建(?![筑议])|发[布生射起]|用[于来]|开[始启放展设]|让|使|取[代得消]|替代|扩[大展]|缩[小短减]|覆盖(?!率)|翻|贡献|消[失耗]|产生|创|获|引[发领入爆]|采|对(?![话象手齐]))"
    r"|(?<![议社机协大都年学工商峰展委开国理员])会(?=[在有达超增减降升占被让把]|改变|成为|出现|进一步))"
)
_EN_CUE = re.compile(
    r"\b(?:(?P<plan>plan(?:s|ned|ning)? (?:to|about|for|of)|aim(?:s|ed|ing)? (?:to|for|at)|target(?:s|ing|ed)?(?= (?:of|to|is|for|an?)\b| \$| [0-9])"
    r"|goals? (?:of|is|to)|intends? to|pledge[sd]?|vow(?:s|ed) to|commit(?:s|ted)? to|seeks? to|wants? (?:to|its)|hop(?:es?|ing) to"
    r"|should (?:reach|make up|be at least|exceed|account|rise|fall))"
    r"|(?P<forecast>would|will|(?<!than )expect(?:s|ed|ing)?|forecasts?|projected|projections?|projects (?:that|to)|predict(?:s|ed)? (?:that|to)"
    r"|predictions?(?= (?:of|that|for)\b)|may|might|likely to|set to (?:reach|hit|grow|rise|become|double|exceed|be)|on track to|poised to|(?:is|are|was) anticipated to|anticipates? (?:that|an?)"
    r"|estimated to|could (?:reach|hit|grow|rise|become|exceed|top|surpass|cost|add|save|be|fall|lead)))\b"
)
# 预计 rules a whole list of numbers; 将 and 计划 only what goes on without a number between.
_WIDE = re.compile(r"预计|预测|预估|力争|(?i:expect|forecast|project|predict|anticipat)")
_DONE = re.compile(r"[已了]|目前|现在|累计|\b(?:is|are|has|have|had|was|were|already)\b")
_OPINION = re.compile(
    r"认为|预计|相信|表示|担心|希望|计划|\b(?:expects?|thinks?|believes?|says?|said|fears?|plans?|worr(?:y|ies)|hopes?)\b"
)
# What looks ahead behind a number is an opinion, or belongs to a phrase of its own: 9063 stars that aims to.
_OTHER = re.compile(_OPINION.pattern + r"|\b(?:that|which|who|aim(?:s|ed|ing)?|to|and)\b")
_PLANNED = re.compile(r"的[^,，。；;]{0,6}(?:计划|目标|规划)(?!的?(?:外|中))")
_AHEAD = re.compile(r"未来|今后|接下来|明年|后年|(?i:\b(?:next|coming)\b)")
_FORETOLD = re.compile(r"(?:预计|预测|预估|料)\s?[,，:：]?\s?$")


def find_figures(sentence: str, language: str, published: date | None) -> tuple[Figure, ...]:
    """The figures of one clean sentence in simplified Chinese or English, in order; every text in them is verbatim.

    Reads the first 2,000 characters and returns at most 40 figures. `language` chooses the rules ("zh" or, for
    everything else, English); a sentence without Chinese characters is always read as English. `published` makes
    a number for a later year a forecast; None leaves that to the words. Never raises; time grows with the length.
    """
    text = fold(sentence[:_LONGEST])
    chinese = language == "zh" and bool(_HAN.search(text))
    quantities = find_quantities(text)
    if not quantities:
        return ()
    times = find_times(text, chinese)
    hidden = [(t.start, t.end) for t in times if t.kind in ("date", "day")]
    if "://" in text or "www." in text or "第" in text:
        hidden += [match.span() for match in _NOISE.finditer(text)]
    quantities = [q for q in quantities if not any(s < q.end and q.start < e for s, e in hidden)]
    told = [q for q in quantities if not q.minor] or quantities
    parts = part_spans(text)
    return tuple(_figure(sentence, text, q, told, times, parts, chinese, published) for q in told[:_MOST])


def _figure(
    sentence: str,
    text: str,
    quantity: Quantity,
    told: Sequence[Quantity],
    times: Sequence[Time],
    parts: Sequence[Span],
    chinese: bool,
    published: date | None,
) -> Figure:
    number = (quantity.start, quantity.end)
    clause = clause_span(text, parts, times, number, chinese)
    time = period_of(text, quantity, told, times, clause, chinese)
    subject = subject_span(text, parts, times, number, chinese)
    part = next(p for p in parts if quantity.start <= p[1])
    return Figure(
        value=quantity.value,
        unit=quantity.unit,
        text=sentence[quantity.start : quantity.end],
        clause=sentence[slice(*clause)],
        period=sentence[time.start : time.end] if time else "",
        subject=sentence[slice(*subject)] if subject else "",
        modality=_modality(text, number, clause, part, time, chinese, published),
    )


def _modality(
    text: str,
    number: Span,
    clause: Span,
    part: Span,
    time: Time | None,
    chinese: bool,
    published: date | None,
) -> Modality:
    """How a number is meant, by the last expectation before it in the clause or the first behind it in its part."""
    cues = _ZH_CUE if chinese else _EN_CUE
    before = list(cues.finditer(text, clause[0], number[0] + 1))
    year = published.year if published else 0
    if before:
        cue = before[-1]
        # An expectation in another part does not reach a number with a past year of its own.
        past = time and time.year and time.year < year and part[0] <= time.start
        told = past or _OPINION.search(text, number[1], part[1])
        near = cue.start() >= part[0] or (not told and _reaches(text, cue, part))
        if near:
            return "plan" if cue["plan"] else "forecast"
    elif _FORETOLD.search(text, max(0, clause[0] - 6), clause[0]):
        return "forecast"
    behind = cues.search(text, number[1], max(part[1], number[1]))
    # 60%的受访者认为AI将…: the share is known, only the opinion looks ahead.
    if _PLANNED.match(text, number[1]):
        return "plan"
    if behind and behind[0] not in ("会", "旨在") and not _OTHER.search(text, number[1], behind.end()):
        return "plan" if behind["plan"] else "forecast"
    if _AHEAD.search(text, max(0, number[0] - 5), number[0]):
        return "forecast"
    if time and (_AHEAD.search(text, time.start, time.end) or (year and time.year > year)):
        return "forecast"
    return "forecast" if time and time.due and year and time.year >= year else "reported"


def _reaches(text: str, cue: re.Match[str], part: Span) -> bool:
    """Whether an expectation still holds in a later part: a list after 预计, or what goes on with no number between."""
    if _WIDE.match(cue[0]):
        return True
    between = text[cue.end() : part[0]]
    return not (
        _ANY_DIGIT.search(between)
        or _DONE.search(text, *part)
        or "旨在" in cue[0]
        or cue[0].startswith("aim")
    )
