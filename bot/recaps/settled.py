"""Whether a line settles something or only proposes it, by its form and by what in it doubts, reports or jokes. Pure.

What follows the line in the talk is read by reactions.py; which lines a recap tells is decided in decisions.py.

    for each clause with a form that settles or proposes:
        it is a question, open, or under a condition?      -> nothing
        its subject is not the group (I, they, a company)? -> nothing
        a marker in it doubts, reports, jokes?             -> nothing
        a clause behind it takes it back?                  -> nothing
"""

from __future__ import annotations

import re
from typing import Literal

from bot.recaps.phrases import folded_line
from bot.recaps.reactions import MARKERS
from bot.recaps.speech_acts import is_question
from bot.text.normalise import has_han

Form = Literal["settled", "proposed", "asked"]
"""A statement of what was agreed, or what one person wants or asks, which settles nothing until others agree."""

_CLAUSE = re.compile(r"[，,；;。]")
_ANYWHERE = frozenset({"private", "ironic", "void"})
_ASIDE = frozenset({"doubted", "reported"})
_AFTER_ASIDE = frozenset(",，;；")
_QUOTES = "\"'“‘「『"

_SETTLED = re.compile(
    r"^决定了?[:：]|(?<![固锁稳限规绑制鉴肯确否假约特])定(?:(?:好|下来?)了?|了)(?:[:：在是]|$)|(?<![固锁稳限规绑制鉴约特])定在|(?:我们|咱们)\w{0,2}(?<!制)定了"
    r"|(?:那就|就)(?:这么|这样|按|用|定|选|先)[^，。？?吗呢]{0,40}(?:定|办|了)"
    r"|(?:决定|敲定|商定|拍板|定下来)(?:了?(?:用|先|把|不|要|采用|改|在|由|推迟|取消|从|选|下|明|今|周|就))|(?:时间|地点|方案|人选|名字|题目)(?:就)?定(?:在|为|了)"
    r"|(?:我们|咱们|大家|会上|群里)[^，。]{0,6}(?:同意|决定|商定|约定|约好|敲定|说好)|(?:最终|最后)(?:选|定(?!居|位|义)|采用|决定)|结论(?:是|就是|：|:)"
    r"|\b(?:we(?:'ve| have)? (?:decided|agreed)|we(?:'ve| have) (?:settled on|chosen|concluded)|(?:it(?:'s| is)|that(?:'s| is)) (?:decided|settled|agreed)|"
    r"decided (?:to|on|that)|agreed (?:to|on|that)|so that['’]?s out|"
    r"(?:the )?(?:decision|conclusion|verdict) (?:is|was):? (?:to|that|we|no|yes)|final(?:ly)? (?:decision|call|answer)\s*[:–—-])"
    r"|^(?:final )?(?:decision|decided|conclusion|agreed|resolved)(?: then)? ?[:：]",
    re.IGNORECASE,
)
"""Forms in which a group says what it settled."""

_PROPOSED = re.compile(
    r"^(?:就|先)(?:先|还)?(?:用|选|按|定|改|上|走|买|发|这么|这样)|^(?:那就)?改(?:成|到|为)|(?:推迟|提前|延期|改期|挪)到|统一(?:用|改|换)(?:成|为)?"
    r"|(?:那就|就)(?:这么|这样|按|用|定|选|先)[^，。？?吗呢]{0,40}(?:吧|走|做)|(?:我们|咱们|咱)[^，。？?吗呢]{2,40}(?<![对是])吧$|^(?:我)?(?:建议|提议|要不(?!然)|不如)"
    r"|\b(?:let(?:['’]?s| us) (?!(?:you|me|him|her|us|them|people|users|the|an?|one|anyone|it)\b|get (?:back|started|going|to)\b|\w+ (?:it|this|that|them|so|now|then)\W*$|see\b|say\b|hope\b|wait\b|think\b|talk|discuss|face\b|be\b|look\b|check\b|assume|pretend|imagine|just say|not\b|start\b(?! with)|"
    r"try\b|call it\b|(?:just )?(?:final(?:ly)? )?check\b|consider|figure|find out|hear\b|continue|move on\b|do (?:one|two|a|another)\b|go\b(?! (?:with|for|ahead)))\w+|"
    r"we(?:'ll| will| are going to| shall) (?:go with|use|do|stick|switch|move|ship|postpone|meet|"
    r"keep|drop|adopt)|i(?:'d| would)? (?:propose|suggest)\b(?! (?:(?:that )?(?:you|he|she|they)|to|a visit)\b)|(?:my )?(?:proposal|suggestion):)"
    r"|^(?!.*\b(?:what|how|as|than|where|like|who|think|believe|guess|know|hope|sure|yes|no|not|here|there|if|that|saying|why|because|whatever|can|i|you|we|explain|whether|thing|problem|point|issue|reason|truth|about)\b)"
    r"(?:\w+\W+){1,8}it is(?: then)?\W*$",
    re.IGNORECASE,
)
"""Forms in which somebody says what the group is to do."""

_ASKED = re.compile(
    r"^(?:so |and |ok(?:ay)?,? )?(?:shall we|should we|how about(?! (?:this|that|these|those|you)\b)|what about(?! (?:this|that|these|those|you)\b)|why don['’]?t we|what if we|do we agree)\b"
    r"|(?:行吗|可以吗|好吗|好不好|行不行|可不可以|同意吗|怎么样|如何|有异议吗|有意见吗)\s*[?？]?$|^(?:要不|不如|那|我们|咱们)[^？?]{2,40}(?:吧|怎么样|如何)[?？]$",
    re.IGNORECASE,
)
"""Forms in which somebody asks the group to agree."""

_EITHER = re.compile(r"\bor\b|还是", re.IGNORECASE)
"""What a mere yes does not answer."""

_UNDECIDED = re.compile(
    r"[?？]|吗|要不要|是不是|有没有|还没|没有?(?:决定|确定|定)|不(?:确定|决定|一定)|(?:未|尚未|难以|由|取)决定|(?:要|得|需要|应该|必须|想|等着?|再)(?:先|尽快|赶紧|今天|马上)?定|决定(?:性|因素|于|权)|确定性"
    r"|\b(?:if|whether|should we|maybe|might|could have|would have|undecided|who decided)\b",
    re.IGNORECASE,
)
"""What takes the decision out of such a form."""

_ELSEWHERE = re.compile(
    r"\b(?:previously|originally|back then|at (?:that|the) time|in the past|last (?:year|month)|years? ago)\b|\b(?:we|you|they|i|people|one) (?:say|said)\W*$|当时|那时候?|去年|前年|以前",
    re.IGNORECASE,
)
"""What takes it out where it stands before the form: it was settled long ago, or is only said to be said."""

_NOT_YET = re.compile(r"\b(?:not|never|before|until|once|unless)\b|n['’]t\b", re.IGNORECASE)
"""What takes it out where it stands before the form; behind it, it is part of what was settled."""

_LEAD = re.compile(
    r"(?:(?:ok(?:ay)?|so|and|but|then|also|well|yes|yeah|yep|right|alright|good|great|fine|cool|perfect|finally|eventually|today|"
    r"yesterday|tonight|this morning|last night|now|again|at last|in the end|for now|for the record|update|fyi|note|done|"
    r"team|all|everyone|everybody|folks|guys|the (?:whole )?(?:team|group|committee|board)|unanimously|just|already|together|"
    r"of course|in that case|\+1|"
    r"(?:in|at|on|after|during|with) (?:the|today['’]s|our|this|that|yesterday['’]s|a)\b[\w'’ -]{0,30}?(?:meeting|call|stand-?up|discussion|vote|poll|session|chat|sync|review))"
    r"(?:[\s:,.!–—-]+|$))*",
    re.IGNORECASE,
)
"""What stands before an English form that is the main clause; "the plan we agreed on" is none."""

_SUPPOSED = re.compile(r"\b(?:if|unless|(?:would|should|could)(?:'ve| have))\b", re.IGNORECASE)
"""What stands in an earlier clause of a proposal that is only supposed."""

_CONCLUDES = re.compile(r"\b(?:so|then|therefore|hence|thus|in the end)\b", re.IGNORECASE)

_OURS = re.compile(
    r"(?:^|我们|咱们|咱|大家|会上|群里|组里|团队|小组|全体|双方|[:：])(?:已经|已|最后|最终|一致|终于|刚刚?|刚才|都|就|也|又|还|正式|今天|昨天|今晚|昨晚|上午|下午|现在|投票|讨论后|商量后|商量|讨论|开会|一起|共同|经|\s)*$"
)
"""How a Chinese clause goes on to 决定 where it is the group that decides."""

_DECIDING = re.compile(r"决定|敲定|商定|约定|同意|说好|拍板|结论|统一")
_CHOOSING = ("决定", "敲定", "商定", "拍板")


def form_of(text: str, before: str = "") -> Form | None:
    """Whether a line settles or proposes something, as far as it tells itself.

    `before` is what its sentence begins with where the line is only a part of it.
    """
    if _ASKED.search(text) and _EITHER.search(text) is None and not MARKERS.kinds(text) & _ANYWHERE:
        return "asked"
    if is_question(text):
        return None
    return (
        "settled" if _has(_SETTLED, text, before) else "proposed" if _has(_PROPOSED, text, before) else None
    )


def _has(forms: re.Pattern[str], text: str, before: str = "") -> bool:
    """Whether the first clause with one of the forms stands undoubted."""
    offset = 0
    for clause in _CLAUSE.split(text):
        if (form := _form(forms, clause)) is not None:
            opening = before + text[:offset]
            if _ELSEWHERE.search(text, 0, offset + form.start()):
                return False
            if forms is _PROPOSED and _SUPPOSED.search(opening):
                return False
            if forms is _SETTLED and not has_han(form[0]) and _tells_a_story(opening, clause[: form.start()]):
                return False
            return not _is_doubted(text, offset + form.start(), offset + form.end(), offset + len(clause))
        offset += len(clause) + 1
    return False


def _tells_a_story(opening: str, lead: str) -> bool:
    """Whether clauses before the one that begins with `lead` tell of something that it does not draw a conclusion from."""
    return _CONCLUDES.search(lead) is None and any(
        _LEAD.fullmatch(clause.strip()) is None for clause in _CLAUSE.split(opening)
    )


def _form(forms: re.Pattern[str], clause: str) -> re.Match[str] | None:
    """The form in a clause; what is open in another clause takes nothing from it."""
    form = forms.search(clause)
    if form is None or _UNDECIDED.search(clause) or _NOT_YET.search(clause, 0, form.end()):
        return None
    before, behind, said = clause[: form.start()], clause[form.end() :], form[0]
    if before.rstrip()[-1:] in tuple(_QUOTES):
        return None
    if not has_han(said):
        return form if _LEAD.fullmatch(before.lstrip(" ,.:;-")) else None
    bare = said.startswith(_CHOOSING) and _OURS.search(before) is None
    relative = behind.startswith("的") and len(behind) > 1
    # 定在周五的会取消了; but 决定取消周五的会 settles just that.
    ended = not _DECIDING.search(said) and any("revoked" in marker.kinds for marker in MARKERS.find(behind))
    return None if bare or relative or ended else form


def _is_doubted(text: str, start: int, end: int, clause_end: int) -> bool:
    """Whether markers in a line take the decision out of the form at `start`, or take it back behind its clause."""
    folded, markers = folded_line(text), MARKERS.find(text)
    # Folding may change a text's length; then every marker counts as one before the form.
    shifted = len(folded) != len(text)
    for marker in markers:
        if marker.kinds & _ANYWHERE or ("revoked" in marker.kinds and marker.start >= clause_end):
            return True
        if not marker.kinds & _ASIDE:
            continue
        rest = folded[marker.end :]
        aside = marker.start >= start and (rest[:1] in _AFTER_ASIDE or not rest.strip(" .!。！~…)"))
        if shifted or marker.end <= end or aside:
            return True
    return False
