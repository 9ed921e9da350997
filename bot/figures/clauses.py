"""Finds the part of a sentence with which a number can be quoted. Only reads strings.

Every result is a span of the sentence: nothing is composed, so nothing can be misquoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.figures.numerals import Span
    from bot.figures.periods import Time

_SHORT = {True: 60, False: 110}
"""Characters, for Chinese (True) and other text: a sentence up to this length is quoted whole."""
_CONTENT = {True: 7, False: 12}
"""Minimum letters besides the number for a part to be understood alone, for Chinese (True) and other text."""
_FARTHEST = 8
"""Maximum parts examined to the left of a number; no readable sentence has more, and time stays linear."""
_LONGEST_QUOTE = 40
"""Characters: commas separate the parts of a longer quotation as they do elsewhere."""
_LISTED_SPACES = 3
"""Maximum spaces in a list item or a bare subject; a part with more says something."""
_AROUND_TIME = 3
"""Maximum characters besides the time in a part that only tells when: 在2024年."""

_CLOSING = {")": "(", "）": "（", "]": "[", "】": "【", "》": "《", "」": "「", "”": "“"}
_OPENING = frozenset(_CLOSING.values())
_MARK = re.compile(r"[()（）\[\]【】《》「」“”,，;；]|[。！？!?]+(?=.)")
_HARD = frozenset("。！？!?")
_THOUSANDS = re.compile(r"[0-9],[0-9]{3}")
_LETTER = re.compile(r"[A-Za-z一-鿿]")
_BETWEEN_PARTS = _HARD | frozenset(",，;；")
# Characters that neither open nor end a clause: white space, stops, emoji.
_BEFORE = re.compile(r"[^\w\"“‘'(（《【\[「$¥€£₩₹<~+−-]+")
_BEHIND = re.compile(r"[^\w\"”’'%‰)）》】\]」+℃°>$¥€×]+$")

_ZH_WEAK = re.compile(
    r"[\s“]*(?:[0-9$¥€约近逾达占降升跌涨为是比较从由至到与和及或则而但且并却也还又就才更最仅只共已按据把被让使令其它他她该这此那之在]"
    r"|[超增](?![算级速幅])|减(?!排)|[均](?!价)|将(?!军)|可(?!再生)|会(?!议)|能(?![源耗力效量])|需(?!求)"
    r"|应(?!用)|要(?!素)|有(?![色关])|以(?!色)"
    r"|甚至|同比|环比|远超|几乎|接近|不到|不足|提升|提高|下降|上升|上涨|缩小|扩大|跃升|突破"
    r"|拥有|实现|领先|落后|贡献|位居|排名|折合|相当|因此|所以|推动|创下?|翻|预计|有望|分别|显著|大幅|平均"
    r"|年增|累计|合计"
    r"|后者|前者|两者|二者|同时|此外|另外|高于|低于|高出|低至|高达|得分|参数|涵盖|覆盖|支持|用于|相比|对比"
    r"|完成|获得|融资|速度|准确率|成本却|(?:成本|价格|售价|参数量|总数)(?:仅|只|约|却)*[为是达]"
    r"|提供|引发|导致|造成|吸引|集成|推出|发布|开发|帮助|带来|使用|采用|包括|旨在|配备|强调)"
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
    r"\s*(?i:With|By|Through|Using|At|In|On|After|Before|Despite|Although|Though|While|As|If|When|Since"
    r"|Thanks|Given|For|From"
    r"|Among|To|Because)\b"
)
_APPOSITION = re.compile(r"\s*(?:the|an?) ")
# Finite verbs of reports, after a space and perhaps an adverb.
EN_VERB = re.compile(
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
WEAK = {True: _ZH_WEAK, False: _EN_WEAK}
"""Openings of a part that depends on the one before it, for Chinese (True) and English."""
LEADS = {True: _ZH_LEAD, False: _EN_LEAD}
"""Conjunctions that a clause can do without, for Chinese (True) and English."""
_OPENS = {True: _ZH_OPENS, False: _EN_OPENS}


def part_spans(text: str) -> list[Span]:
    """Return the spans between commas and semicolons that stand outside brackets and numbers."""
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
    """Return the outermost pairs of brackets, in order; an unmatched bracket hides nothing."""
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
    """Return the smallest run of `parts` that contains `number` and its own subject; all of a short sentence.

    A part that opens with a number, a verb or a conjunction, or has hardly any letters besides the number, needs the
    part before it; an opening part without content needs the one after. A part before it that is only a date is kept.
    """
    if len(text) <= _SHORT[chinese]:
        return _trimmed(text, 0, len(text), None)
    parts = _sentence_of(text, parts, number)
    first = next(i for i, part in enumerate(parts) if number[0] < part[1])
    last = next((i for i, part in enumerate(parts) if number[1] <= part[1]), len(parts) - 1)
    nearest, own = max(0, last - _FARTHEST), first
    first = max(first, nearest)
    while first > nearest and _is_weak(text, parts, times, number, (first, last), first < own, chinese):
        first -= 1
    if first > nearest and _EACH.search(text, parts[first][0], parts[last][1]):
        first -= 1  # what the numbers refer to is listed before them
    if first == 0 and _opens(text, parts[0][0], parts[last][0], chinese):
        last = min(last + 1, len(parts) - 1)
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
    return _trimmed(text, parts[first][0], parts[last][1], LEADS[chinese])


def _opens(text: str, start: int, last: int, chinese: bool) -> bool:
    """Return whether a run at the beginning of a sentence only leads up to it: (Meanwhile,) for 10 distributed sources."""
    while text[start : start + 1] == " ":
        start += 1
    lead = LEADS[chinese].match(text, start)
    start = lead.end() if lead else start
    return start >= last and _OPENS[chinese].match(text, start) is not None


def _sentence_of(text: str, parts: Sequence[Span], number: Span) -> Sequence[Span]:
    """Return the parts around `number` up to a full stop on either side: a line may hold several sentences."""
    first = next(i for i, part in enumerate(parts) if number[0] < part[1])
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
    """Return whether the run of parts depends on the part before it."""
    start = after_time(text, parts[run[0]][0], times)
    if WEAK[chinese].match(text, start):
        return True
    end = parts[run[0]][1]
    if not chinese and ((grown and _APPOSITION.match(text, start)) or _is_fragment(text, start, end)):
        return True
    return _is_empty(text, (parts[run[0]][0], parts[run[1]][1]), number, chinese)


def _is_fragment(text: str, start: int, end: int) -> bool:
    """Return whether a part without a verb is a list item (Stanford, Berkeley, and MIT) or an apposition.

    A short part before an apposition is the subject itself: Alphabet, the parent of Google, spent.
    """
    if EN_VERB.search(text, start, end):
        return False
    short = text.count(" ", start, end) <= _LISTED_SPACES and not _APPOSITION.match(text, end + 1)
    return short or bool(_APPOSITION.match(text, start))


def _is_empty(text: str, span: Span, number: Span, chinese: bool) -> bool:
    letters = len(_LETTER.findall(text, span[0], number[0])) + len(_LETTER.findall(text, number[1], span[1]))
    return letters < _CONTENT[chinese]


def after_time(text: str, start: int, times: Sequence[Time]) -> int:
    """Return where a part that begins at `start` continues after its white space and opening time."""
    while text[start : start + 1] == " ":
        start += 1
    opening = next((t for t in times if t.start == start and t.kind != "rate"), None)
    return opening.end if opening else start


def _is_time(part: Span, times: Sequence[Time]) -> bool:
    rest = part[1] - part[0] - sum(t.end - t.start for t in times if part[0] <= t.start and t.end <= part[1])
    return rest <= _AROUND_TIME and any(part[0] <= t.start < part[1] for t in times)


def _trimmed(text: str, start: int, end: int, lead: re.Pattern[str] | None) -> Span:
    """Return the span without white space, final stop, leading conjunction or an unmatched quotation mark."""
    if junk := _BEHIND.search(text, start, end):
        end = junk.start()
    if junk := _BEFORE.match(text, start, end):
        start = junk.end()
    if lead and (match := lead.match(text, start, end)):
        start = match.end()
    if text[start : start + 1] == "“" and text.find("”", start, end) < 0:
        start += 1
    return start, end
