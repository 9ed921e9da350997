"""Finds what a number is said of: the noun phrase before the verb, where rules find it. Only reads strings.

A wrong subject is worse than none, so anything that does not look like a plain noun phrase is rejected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.figures.clauses import EN_VERB, LEADS, WEAK, after_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.figures.numerals import Span
    from bot.figures.periods import Time

_ZH_VERB = re.compile(
    r"(?:已经|已|各自|各|要|应|需|则|仅|只|也|就|正|又|还|都|总|将|会|约|年均|同比|环比|平均|分别|累计|大幅"
    r"|显著|进一步|有望|预计|几乎|大致|大约|基本|至少|至多|均|共|普遍|常常|快速"
    r"|目前|现在|未来|这)*"
    r"(?:达到|(?<![英马雷伟表抵])达(?=[0-9约到成近超])|占(?![比据用有])"
    r"|(?<![华作成因认以称视])为(?![主了本])|是(?!否)|等于|相当于|(?<!负)增长(?![率点速])|增加|增至"
    r"|上升|升至|升到|升(?=[0-9])|提升|提高|长达|多达|下降|降至|降低|降(?=[0-9])|减少|缩小|跃升|(?:超过"
    r"|突破|领先|落后)(?=了?[约近]?[0-9])|高达|从(?=[约近]?[0-9])|由(?=[约近]?[0-9])|拥有|共有"
    r"|有(?=[约近]?[0-9])"
    r"|需要|开发了|发布了|贡献了|安装了|发表了|吸引了|获得|投入|投资(?=[约近超]?[0-9])|(?:投资|筹集|募集"
    r"|融资)了|耗资|花费|计划|仅(?=[0-9])|占比(?=[约近达为超已]|[0-9])"
    r"|得分(?=[为达]|[0-9])|(?<=[模比率额量数例值度])(?=约?[0-9]))"
)
_ZH_NOUN = re.compile(r"[A-Za-z0-9一-鿿 ·、&.+()-]{2,28}")
_ZH_NOT_NOUN = re.compile(
    r"^(?:其|它|这|该|此|他|她|我|后者|前者|两者|本|在|从|对|按|以|随|据|通过|由|当|到|与|和|比|较|因|若|如"
    r"|为|于|每|同比|环比|至少|最|更|时)"
    r"|[了让将把着]|使(?!用)|被(?!引)|认为|表示|^据|[据声宣]称|指出|显示|预测|发布|推出|宣布|对其|不仅|竟然"
    r"|支持|提供|导致|取代|引发|可能|能够"
    r"|可以|[一这那]个|我们|(?:的|[上里中下时后前可])$|^(?:年?复合增长率|成本|价格|差距|占比|性能|速度|规模"
    r"|比例|得分|数量|准确率|收入|营收|利润|全球|世界|国内|全国|目前|现在)$|[、·&.+(-]$|^[^A-Za-z一-鿿]"
)
# 在全球总发表量中 and 比上年 belong to the verb.
_ZH_AMONG = re.compile(r"在[^的]{0,16}[中上里内]$")
_ZH_THAN = re.compile(r"(?:在|较|(?<![价占])比)(?:上一?年|去年|同期)?$|[一上]年$")
_EN_JOIN = re.compile(r" (?:and|while|as|but) ")
_EN_NOUN = re.compile(r"[A-Z0-9a-z][\w.'’&-]*(?: [\w.'’&()-]+){0,8}")
_EN_NOT_NOUN = re.compile(
    r"^(?i:it|its|they|their|he|she|we|you|i|this|these|those|that|there|here|in|on|at|by|for|from|with|to"
    r"|of|as|if|when|while|after"
    r"|since|according|using|based|by|about|around|nearly|over|up|compared|now|then|what|who|which|how|one"
    r"|some|such|[a-z]+ly)\b"
    r"|(?i: (?:that|which|who|it|they|and it|said|says|where|when|of|in|for|to|with|by|and|or|the|a|its"
    r"|than|from|on|at)$|['’]s?$| (?:that|which|who|where|when|it|they) )"
)
_OTHER_SUBJECT = re.compile(r" (?:that|how|it|they|he|she|we) ")


def subject_span(
    text: str, parts: Sequence[Span], times: Sequence[Time], number: Span, chinese: bool
) -> Span | None:
    """Return the span before the verb in the part of a folded sentence that contains `number`, or None."""
    index = next((i for i, part in enumerate(parts) if number[0] < part[1]), 0)
    lead = LEADS[chinese].match(text, after_time(text, parts[index][0], ()))
    if lead and index and not chinese and not EN_VERB.search(text, *parts[index - 1]):
        return None  # the end of a list: retrieval, clustering, and classification
    start = after_time(text, lead.end() if lead else parts[index][0], times)
    if chinese and text.startswith("其中", start):
        start += len("其中")
    while text[start : start + 1] in (" ", ",", "，"):
        start += 1
    verb = (_ZH_VERB if chinese else EN_VERB).search(text, start, number[0] + 1)
    if not verb or WEAK[chinese].match(text, start):
        return None
    end = min([verb.start(), *(t.start for t in times if start < t.start < verb.start())])
    return _zh_noun(text, start, end) if chinese else _en_noun(text, start, end, verb.end(), number[0])


def _zh_noun(text: str, start: int, end: int) -> Span | None:
    phrase = _ZH_AMONG.sub("", _ZH_THAN.sub("", text[start:end].rstrip()))
    if (
        not _ZH_NOUN.fullmatch(phrase)
        or _ZH_NOT_NOUN.search(phrase)
        or phrase.count("(") != phrase.count(")")
    ):
        return None
    return start, start + len(phrase)


def _en_noun(text: str, start: int, end: int, verb_end: int, number: int) -> Span | None:
    """Return the phrase, or the one after an "and" with a second verb (China built 15 and Europe built 3), or None."""
    for join in _EN_JOIN.finditer(text, verb_end, number):
        second = EN_VERB.search(text, join.end() - 1, number + 1)
        if second and second.start() >= join.end():
            start, end = join.end(), second.start()
    phrase = text[start:end].rstrip()
    if _OTHER_SUBJECT.search(text, verb_end, number):  # Experiments have shown that ...
        return None
    if " and " in phrase and text[:start].rstrip().endswith(","):
        return None  # the end of a list, not all of it
    if (
        not _EN_NOUN.fullmatch(phrase)
        or _EN_NOT_NOUN.search(phrase)
        or phrase.count("(") != phrase.count(")")
    ):
        return None
    return start, start + len(phrase)
