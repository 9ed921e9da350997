"""The part of a sentence that a number can be quoted with, and what it says the number of. Only reads strings.

Every result is a position in the sentence: nothing is composed, so nothing can be misquoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reports.numerals import Span
    from bot.reports.periods import Time

_SHORT = {True: 60, False: 110}
"""Characters, by whether it is Chinese: a sentence up to that length is quoted whole."""
_CONTENT = {True: 7, False: 12}
"""Letters besides the number that a part needs to be understood alone."""
_FARTHEST = 8
"""Parts that are looked at left of a number; no readable sentence has more, and time stays linear."""
_LONGEST_QUOTE = 40
"""Characters: in a longer quotation commas part its clauses as anywhere else."""
_LISTED_SPACES = 3
_AROUND_TIME = 3
"""Characters besides a time in a part that says only when: 在2024年."""

_CLOSING = {")": "(", "）": "（", "]": "[", "】": "【", "》": "《", "」": "「", "”": "“"}
_OPENING = frozenset(_CLOSING.values())
_MARK = re.compile(r"[()（）\[\]【】《》「」“”,，;；]|[。！？!?]+(?=.)")
_HARD = frozenset("。！？!?")
_THOUSANDS = re.compile(r"[0-9],[0-9]{3}")
_LETTER = re.compile(r"[A-Za-z一-鿿]")
_BETWEEN_PARTS = _HARD | frozenset(",，;；")
# Signs that a clause neither opens nor ends with: white space, stops, emoji.
_BEFORE = re.compile(r"[^\w\"“‘'(（《【\[「$¥€£₩₹<~+−-]+")
_BEHIND = re.compile(r"[^\w\"”’'%‰)）》】\]」+℃°>$¥€×]+$")

_ZH_WEAK = re.compile(
    r"[\s“]*(?:[0-9$¥€约近逾达占降升跌涨为是比较从由至到与和及或则而但且并却也还又就才更最仅只共已按据把被让使令其它他她该这此那之在]"
    r"|[超增](?![算级速幅])|减(?!排)|[均](?!价)|将(?!军)|可(?!再生)|会(?!议)|能(?![源耗力效量])|需(?!求)"
    r"|应(?!用)|要(?!素)|有(?![色关])|以(?!色)"
    r"|同比|环比|远超|几乎|接近|不到|不足|提升|提高|下降|上升|上涨|缩小|扩大|跃升|突破"
    r"|拥有|实现|领先|落后|贡献|位居|排名|折合|相当|因此|所以|推动|创下?|翻|预计|有望|分别|显著|大幅|平均"
    r"|年增|累计|合计"
    r"|后者|前者|两者|二者|同时|此外|另外|高于|低于|高出|低至|高达|得分|参数|涵盖|覆盖|支持|用于|相比|对比"
    r"|完成|获得|融资|速度|准确率|成本却"
    r"|提供|吸引|集成|推出|发布|开发|帮助|带来|使用|采用|包括|旨在|配备|强调)"
)
_EN_WEAK = re.compile(
    r"[\s\"“]*(?:[$€£¥~]?[0-9]|(?i:and|but|or|nor|so|yet|then|which|who|whose|that|while|whereas|although"
    r"|though|with|without"
    r"|up|down|from|to|of|than|by|for|as|at|in|on|into|over|under|about|around|nearly|almost|roughly|more"
    r"|less|fewer|only"
    r"|just|even|not|per|against|given|compared|including|versus|because|since|if|when|where|after|before"
    r"|its?|they|their|he|his|she|her"
    r"|this|these|those|it's|is|are|was|were|has|have|had|will|would|can|could|may|might|should|plus|also"
    r"|still|both|each|thanks)\b"
    r"|(?:reached|reaches|grew|grows|rose|rises|fell|falls|hit|hits|led|won|beat|made|makes|spent|took|gave"
    r"|got|sold|bought|built|wrote|drew|saw|cut|kept|held|paid|put|went|came|ran|costs?"
    r"|accounts?|boasts?|offers?|supports?|brings?"
    r"|boosts?|includes?|features?|delivers?|provides?|uses?|gives?|adds|shows|generates?|scores?|ranks"
    r"|takes|needs|requires|saves|cuts|reduces"
    r"|improves|increases|raises|enables|allows|totals|[a-z]+ing|[a-z]+ed|[a-z]+ly)\b)"
)
_ZH_OPENS = re.compile(r"\s*(?:在|通过|随着|尽管|虽然|由于|如果|若|当|为了|除了|凭借|借助|基于)")
_EN_OPENS = re.compile(
    r"\s*(?:With|By|Through|Using|At|In|On|After|Before|Despite|Although|Though|While|As|If|When|Since"
    r"|Thanks|Given|For|From"
    r"|Among|To|Because)\b"
)
_APPOSITION = re.compile(r"\s*(?:the|an?) ")
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
_EN_VERB = re.compile(
    r" (?:(?:also|now|already|still|only|just|currently|reportedly|recently|nearly|roughly|each|all) )?"
    r"(?:is|are|was|were|will|would|has|have|had|can|could|may|might|should|reach(?:es|ed)?|grew|grows|rose"
    r"|rises|fell|falls"
    r"|account(?:s|ed)|invested|raised|spent|total(?:s|led|ed)|exceed(?:s|ed)|surpass(?:es|ed)|dropped"
    r"|jumped|increased"
    r"|decreased|declined|attracted|received|boasts|contains|contributed|produced|released|launched|saw"
    r"|scored|achieved"
    r"|made|built|wrote|won|climbed|soared|doubled|tripled|improved|reduced|drew|solved|installed|passed"
    r"|delivers?|lists?"
    r"|mentions|expects?|aims?|costs?(?= (?:about|around|up|over|\$|[0-9]))|plans(?= (?:to|about|\$|[0-9]))"
    r"|plan(?= to)|generat(?:es|ed)|employs|serves|supports(?= (?:over|up|more|about|[0-9])))\b"
)
_ZH_NOUN = re.compile(r"[A-Za-z0-9一-鿿 ·、&.+()-]{2,28}")
_ZH_NOT_NOUN = re.compile(
    r"^(?:其|它|这|该|此|他|她|我|后者|前者|两者|本|在|从|对|按|以|随|据|通过|由|当|到|与|和|比|较|因|若|如"
    r"|为|于|每|同比|环比|至少|最|更|时)"
    r"|[了使让被将把着]|认为|表示|[据称]|指出|显示|预测|发布|推出|宣布|对其|不仅|竟然|支持|提供|导致|能够"
    r"|可以|[一这那]个|我们|(?:的|[上里中下时后前])$|^(?:年?复合增长率|成本|价格|差距|占比|性能|速度|规模"
    r"|比例|得分|数量|准确率|收入|营收|利润|全球|世界|国内|全国|目前|现在)$|[、·&.+(-]$|^[^A-Za-z一-鿿]"
)
_ZH_AMONG = re.compile(r"在[^的]{0,16}[中上里内]$")
_ZH_THAN = re.compile(r"(?:较|(?<![价占])比)(?:上一?年|去年|同期)?$|[一上]年$")
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
_ZH_LEAD = re.compile(
    r"(?:(?:而且|而|但是|但|然而|同时|此外|另外|并且|且|不过|因此|所以|毕竟)[,，]?|(?:例如|同样|整体而言"
    r"|总体来看|特别值得注意的是)[,，])\s*"
)
_TELLS = re.compile(
    r"(?:认为|表示|称|指出|显示|发现|预计|预测|\b(?:that|says?|said|think|believe|expects?|shows?))\s*$"
)
_EACH = re.compile(r"分别|\brespectively\b")
_EN_LEAD = re.compile(
    r"(?i:and|but|while|whereas|however|meanwhile|moreover|besides|also|so(?! far)|yet),?\s+"
)


def part_spans(text: str) -> list[Span]:
    """The parts of `text` between commas and semicolons that stand outside brackets and numbers."""
    marks = list(_MARK.finditer(text))
    hidden = _bracketed(text, marks)
    parts, start, i = [], 0, 0
    for mark in marks:
        position = mark.start()
        while i < len(hidden) and hidden[i][1] < position:
            i += 1
        if mark[0][0] not in _BETWEEN_PARTS or (i < len(hidden) and hidden[i][0] < position):
            continue
        if mark[0] == "," and _THOUSANDS.match(text, max(0, position - 1)):
            continue
        parts.append((start, mark.end() if mark[0][0] in _HARD else position))
        start = mark.end()
    parts.append((start, len(text)))
    return parts


def _bracketed(text: str, marks: Sequence[re.Match[str]]) -> list[Span]:
    """The outermost pairs of brackets, in order; a bracket without its counterpart hides nothing."""
    stack: list[int] = []
    pairs: list[Span] = []
    for mark in marks:
        if mark[0] in _OPENING:
            stack.append(mark.start())
        elif mark[0] in _CLOSING and stack and text[stack[-1]] == _CLOSING[mark[0]]:
            start = stack.pop()
            if mark[0] == "”" and mark.start() - start > _LONGEST_QUOTE:
                continue
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, mark.start()))
    return pairs


def clause_span(text: str, parts: Sequence[Span], times: Sequence[Time], number: Span, chinese: bool) -> Span:
    """The smallest run of `parts` that holds `number` with its own subject; a short sentence whole.

    A part that opens with a number, a verb or a conjunction, or has hardly any letters besides the number, needs
    the part before it; an opening part without content needs the one behind. A date alone before it is kept.
    """
    if len(text) <= _SHORT[chinese]:
        return _trimmed(text, 0, len(text), None)
    parts = _sentence_of(text, parts, number)
    first = next(i for i, part in enumerate(parts) if number[0] <= part[1])
    last = next((i for i, part in enumerate(parts) if number[1] <= part[1]), len(parts) - 1)
    nearest, own = max(0, last - _FARTHEST), first
    first = max(first, nearest)
    while first > nearest and _is_weak(text, parts, times, number, (first, last), first < own, chinese):
        first -= 1
    if first > nearest and _EACH.search(text, parts[first][0], parts[last][1]):
        first -= 1  # what the numbers are of is listed before them
    opens = (_ZH_OPENS if chinese else _EN_OPENS).match(text, parts[first][0])
    last += bool(opens and first == last == 0 and len(parts) > 1)
    while (
        last + 1 < len(parts)
        and last < own + _FARTHEST
        and (
            _TELLS.search(text, *parts[last])
            or _is_empty(text, (parts[first][0], parts[last][1]), number, chinese)
        )
    ):
        last += 1
    dated = any(parts[first][0] <= t.start < parts[last][1] for t in times)
    if first and not dated and _is_time(parts[first - 1], times):
        first -= 1
    return _trimmed(text, parts[first][0], parts[last][1], _ZH_LEAD if chinese else _EN_LEAD)


def _sentence_of(text: str, parts: Sequence[Span], number: Span) -> Sequence[Span]:
    """The parts around `number` up to a full stop on either side: a line may hold several sentences."""
    first = next(i for i, part in enumerate(parts) if number[0] <= part[1])
    last = first
    while first and first > last - _FARTHEST and text[parts[first - 1][1] - 1] not in _HARD:
        first -= 1
    while last + 1 < len(parts) and last < first + 2 * _FARTHEST and text[parts[last][1] - 1] not in _HARD:
        last += 1
    return parts[first : last + 1]


def _is_weak(
    text: str,
    parts: Sequence[Span],
    times: Sequence[Time],
    number: Span,
    run: Span,
    grown: bool,
    chinese: bool,
) -> bool:
    """Whether the run of parts leans on the part before it."""
    start = _after_time(text, parts[run[0]][0], times)
    if (_ZH_WEAK if chinese else _EN_WEAK).match(text, start):
        return True
    end = parts[run[0]][1]
    if not chinese and ((grown and _APPOSITION.match(text, start)) or _is_fragment(text, start, end)):
        return True
    return _is_empty(text, (parts[run[0]][0], parts[run[1]][1]), number, chinese)


def _is_fragment(text: str, start: int, end: int) -> bool:
    """Whether a part has no verb and is short, as in a list, or opens with an article: Stanford, Berkeley, and."""
    short = text.count(" ", start, end) <= _LISTED_SPACES or _APPOSITION.match(text, start)
    return bool(short) and not _EN_VERB.search(text, start, end)


def _is_empty(text: str, span: Span, number: Span, chinese: bool) -> bool:
    letters = len(_LETTER.findall(text, span[0], number[0])) + len(_LETTER.findall(text, number[1], span[1]))
    return letters < _CONTENT[chinese]


def _after_time(text: str, start: int, times: Sequence[Time]) -> int:
    """Where a part goes on behind the white space and the time that it opens with."""
    while text[start : start + 1] == " ":
        start += 1
    opening = next((t for t in times if t.start == start and t.kind != "rate"), None)
    return opening.end if opening else start


def _is_time(part: Span, times: Sequence[Time]) -> bool:
    rest = part[1] - part[0] - sum(t.end - t.start for t in times if part[0] <= t.start and t.end <= part[1])
    return rest <= _AROUND_TIME and any(part[0] <= t.start < part[1] for t in times)


def _trimmed(text: str, start: int, end: int, lead: re.Pattern[str] | None) -> Span:
    """The span without white space, the final stop, a leading conjunction or half a pair of quotation marks."""
    if junk := _BEHIND.search(text, start, end):
        end = junk.start()
    if junk := _BEFORE.match(text, start, end):
        start = junk.end()
    if lead and (found := lead.match(text, start, end)):
        start = found.end()
    if text[start : start + 1] == "“" and text.find("”", start, end) < 0:
        start += 1
    return start, end


def subject_span(
    text: str, parts: Sequence[Span], times: Sequence[Time], number: Span, chinese: bool
) -> Span | None:
    """The words before the verb in the part that holds `number`, when they look like a plain noun phrase."""
    start = next((part[0] for part in parts if number[0] <= part[1]), 0)
    lead = (_ZH_LEAD if chinese else _EN_LEAD).match(text, _after_time(text, start, ()))
    start = _after_time(text, lead.end() if lead else start, times)
    if chinese and text.startswith("其中", start):
        start += 2
    while text[start : start + 1] in (" ", ",", "，"):
        start += 1
    if (_ZH_WEAK if chinese else _EN_WEAK).match(text, start):
        return None
    verb = (_ZH_VERB if chinese else _EN_VERB).search(text, start, number[0] + 1)
    if not verb:
        return None
    end = min([verb.start(), *(t.start for t in times if start < t.start < verb.start())])
    return _zh_noun(text, start, end) if chinese else _en_noun(text, start, end, verb.end(), number[0])


def _zh_noun(text: str, start: int, end: int) -> Span | None:
    phrase = _ZH_AMONG.sub("", _ZH_THAN.sub("", text[start:end].rstrip()))
    plain = _ZH_NOUN.fullmatch(phrase) and not _ZH_NOT_NOUN.search(phrase)
    return (start, start + len(phrase)) if plain else None


def _en_noun(text: str, start: int, end: int, verb_end: int, number: int) -> Span | None:
    """The phrase, or the one behind an "and" that a second verb follows: China built 15 and Europe built 3."""
    for join in _EN_JOIN.finditer(text, verb_end, number):
        second = _EN_VERB.search(text, join.end() - 1, number + 1)
        if second and second.start() >= join.end():
            start, end = join.end(), second.start()
    if text.find(" that ", verb_end, number) >= 0:  # Experiments have shown that ...
        return None
    phrase = text[start:end].rstrip()
    plain = _EN_NOUN.fullmatch(phrase) and not _EN_NOT_NOUN.search(phrase)
    if " and " in phrase and text[:start].rstrip().endswith(","):
        return None  # the end of a list, not all of it
    return (start, start + len(phrase)) if plain else None
