"""What a group settled: lines that decide something and that nobody doubts, only reports, jokes about or takes back.

A wrong line here is the worst of a recap, for people act on it: what may mean something else is left out.

    for each line with a form that settles:
        it is a question, open, or under a condition?      -> no
        its subject is not the group (I, they, a company)? -> no
        a marker in it doubts, reports, jokes?             -> no
        the message takes it back behind it?               -> no
        a message that follows denies it or takes it back? -> no
    the most telling first, none on the same words as a better one
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.recaps.lines import Line
from bot.recaps.speech_acts import is_question, telling, tells
from bot.talk import ChatMessage
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_rows

_WIDEST = 120
_FOLLOWING, _SOON_SECONDS = 3, 45 * 60
_CLAUSE = re.compile(r"[，,；;。]")
_AFTER_ASIDE = frozenset(",，;；")
_QUOTES = "\"'“‘「『"

_FORM = re.compile(
    r"^(?:就|先)(?:先|还)?(?:用|选|按|定|改|上|走|买|发|这么|这样)|^(?:那就)?改(?:成|到|为)|(?:推迟|提前|延期|改期|挪)到|^决定了?[:：]|定(?:好|下来?)了?(?:[:：在是]|$)|(?<![固锁稳限规])定在|(?:我们|咱们)\w{0,2}定了|"
    r"(?:那就|就)(?:这么|这样|按|用|定|选|先)[^，。？?吗呢]{0,40}(?:定|办|了|吧|走|做)"
    r"|(?:决定|敲定|商定|拍板|定下来)(?:了?(?:用|先|把|不|要|采用|改|在|由|推迟|取消|从|选|下|明|今|周|就))|(?:时间|地点|方案|人选|名字|题目)(?:就)?定(?:在|为|了)"
    r"|(?:我们|咱们|大家|会上|群里)[^，。]{0,6}(?:同意|决定|商定|约定|约好|敲定|说好)|(?:最终|最后)(?:选|定(?!居|位|义)|采用|决定)|结论(?:是|就是|：|:)|统一(?:用|改|换)(?:成|为)?"
    r"|\b(?:we(?:'ve| have)? (?:decided|agreed|settled|chose|concluded)|(?:it(?:'s| is)|that(?:'s| is)) (?:decided|settled|agreed)|"
    r"decided (?:to|on|that)|agreed (?:to|on|that)|so that['’]?s out|"
    r"let(?:['’]?s| us) (?!(?:you|me|him|her|us|them|people|users|the|an?|one|anyone|it)\b|get (?:back|started|going|to)\b|\w+ (?:it|this|that|them|so|now|then)\W*$|see\b|say\b|hope\b|wait\b|think\b|talk|discuss|face\b|be\b|look\b|check\b|assume|pretend|imagine|just say|not\b|start\b(?! with)|"
    r"try\b|call it\b|consider|figure|find out|hear\b|continue|go\b(?! (?:with|for|ahead)))\w+|"
    r"we(?:'ll| will| are going to| shall) (?:go with|use|do|stick|switch|move|ship|postpone|meet|start|"
    r"keep|drop|adopt)|(?:the )?(?:decision|conclusion|verdict) (?:is|was):? (?:to|that|we|no|yes)|final(?:ly)? (?:decision|call|answer)\s*[:–—-])"
    r"|^(?!.*\b(?:what|how|as|than|where|like|who|think|believe|guess|know|hope|sure|yes|no|not|here|there|if|that|saying)\b)"
    r"(?:\w+\W+){1,8}it is(?: then)?\W*$"
    r"|^(?:final )?(?:decision|decided|conclusion|agreed|resolved)(?: then)? ?[:：]",
    re.IGNORECASE,
)
"""Forms in which a group settles something."""

_UNDECIDED = re.compile(
    r"[?？]|吗|要不要|是不是|有没有|还没|没有?(?:决定|确定|定)|不(?:确定|决定|一定)|(?:未|尚未|难以|由|取)决定|决定(?:性|因素|于|权)|确定性"
    r"|\b(?:if|whether|should we|maybe|might|could have|would have|undecided|who decided)\b",
    re.IGNORECASE,
)
"""What takes the decision out of such a form."""

_NOT_YET = re.compile(r"\b(?:not|never|before|until|once|unless|when|after|since)\b|n['’]t\b", re.IGNORECASE)
"""What takes it out where it stands before the form; behind it, it is part of what was settled."""

_LEAD = re.compile(
    r"(?:(?:ok(?:ay)?|so|and|but|then|also|well|yes|yeah|yep|right|alright|good|great|fine|cool|perfect|finally|eventually|today|"
    r"yesterday|tonight|this morning|last night|now|again|at last|in the end|for now|for the record|update|fyi|note|done|"
    r"team|all|everyone|everybody|folks|guys|the (?:whole )?(?:team|group|committee|board)|unanimously|just|already|together|"
    r"of course|in that case|\+1|"
    r"(?:in|at|on|after|during) (?:the|today['’]s|our|this|that|yesterday['’]s|a)\b[\w'’ -]{0,30}?(?:meeting|call|stand-?up|discussion|vote|session|chat|sync|review))"
    r"(?:[\s:,.!–—-]+|$))*",
    re.IGNORECASE,
)
"""What stands before an English form that is the main clause; "the plan we agreed on" is none."""

_OURS = re.compile(
    r"(?:^|我们|咱们|咱|大家|会上|群里|组里|团队|小组|全体|双方|[:：])(?:已经|已|最后|最终|一致|终于|刚刚?|刚才|都|就|也|又|还|正式|今天|昨天|今晚|昨晚|上午|下午|现在|投票|讨论后|商量后|商量|讨论|开会|一起|共同|经|\s)*$"
)
"""How a Chinese clause goes on to 决定 where it is the group that decides."""

_DECIDING = re.compile(r"决定|敲定|商定|约定|同意|说好|拍板|结论|统一")
_CHOOSING = ("决定", "敲定", "商定", "拍板")


def decisions(lines: Sequence[Line], messages: Sequence[ChatMessage]) -> list[int]:
    """Return the places of lines that settle something, most telling first, none on the same words as a better one."""
    found = [
        at
        for at, line in enumerate(lines)
        if tells(line)
        and line.columns <= _WIDEST
        and not messages[line.message].forwarded_from
        and _settles(line, messages[line.message])
    ]
    if found:
        talk = _Talk(lines, messages)
        found = [at for at in found if not talk.takes_back(lines[at])]
    found.sort(key=lambda at: (-telling(lines[at]), -at))
    kept: list[int] = []
    for at in found:
        if all(len(lines[at].terms & lines[other].terms) * 2 < len(lines[at].terms) for other in kept):
            kept.append(at)
    return kept


def _settles(line: Line, message: ChatMessage) -> bool:
    """Whether a line settles something as far as its own message tells."""
    if is_question(line.text):
        return False
    offset = 0
    for clause in _CLAUSE.split(line.text):
        if (form := _form(clause)) is not None:
            return not _is_doubted(
                line.text, offset + form.start(), offset + form.end()
            ) and not _is_taken_back(line, message, offset + len(clause))
        offset += len(clause) + 1
    return False


def _form(clause: str) -> re.Match[str] | None:
    """The form that settles something in a clause; what is open in another clause takes nothing from it."""
    form = _FORM.search(clause)
    if form is None or _UNDECIDED.search(clause) or _NOT_YET.search(clause, 0, form.end()):
        return None
    before, said = clause[: form.start()], form[0]
    if before.rstrip()[-1:] in tuple(_QUOTES):
        return None
    if has_han(said):
        bare = said.startswith(_CHOOSING) and _OURS.search(before) is None
        behind = clause[form.end() :]
        relative = behind.startswith("的") and len(behind) > 1
        # 定在周五的会取消了; but 决定取消周五的会 settles just that.
        ended = not _DECIDING.search(said) and _markers("revoked").search(fold(behind)) is not None
        return None if bare or relative or ended else form
    return form if _LEAD.fullmatch(before.lstrip(" ,.:;-")) else None


def _is_doubted(text: str, start: int, end: int) -> bool:
    """Whether markers before a form, or the last words of its line, say that nothing was settled."""
    folded = fold(text)
    aside = _markers("doubted", "reported")
    if _markers("private", "ironic", "void").search(folded):
        return True
    # Folding may lengthen a text; then all of it counts.
    before = folded if len(folded) != len(text) else folded[:end]
    if aside.search(before):
        return True
    return any(
        folded[match.end() : match.end() + 1] in _AFTER_ASIDE or not folded[match.end() :].strip(" .!。！~…)")
        for match in aside.finditer(folded, start)
    )


def _is_taken_back(line: Line, message: ChatMessage, end: int) -> bool:
    """Whether the message jokes, or takes back behind a clause of its line what that settled."""
    if _markers("ironic", "private").search(fold(message.text)):
        return True
    after = fold(message.text[line.start + end :])
    return _markers("revoked").search(after) is not None


class _Talk:
    """What is said behind a line, looked up only where something was settled."""

    def __init__(self, lines: Sequence[Line], messages: Sequence[ChatMessage]) -> None:
        self._messages = messages
        self._folded = [fold(message.text) for message in messages]
        revoked = _markers("revoked")
        self._revoking = [at for at, text in enumerate(self._folded) if revoked.search(text)]
        self._terms: dict[int, set[str]] = {at: set() for at in self._revoking}
        for line in lines:
            if line.message in self._terms:
                self._terms[line.message] |= line.terms

    def takes_back(self, line: Line) -> bool:
        """Whether a message that follows denies what the line settles, or takes it back."""
        if any(at > line.message and self._terms[at] & line.terms for at in self._revoking):
            return True
        return any(self._denies(self._folded[at].lstrip()) for at in self._following(line.message))

    def _following(self, place: int) -> list[int]:
        """The messages that may answer the one at `place`: its replies, and the next few that answer nothing else."""
        said = self._messages[place]
        found: list[int] = []
        near = 0
        for at in range(place + 1, len(self._messages)):
            message = self._messages[at]
            if message.thread_id != said.thread_id or message.forwarded_from:
                continue
            near += 1
            soon = near <= _FOLLOWING and message.at - said.at <= _SOON_SECONDS
            if message.reply_to == said.id or (soon and message.reply_to is None):
                found.append(at)
        return found

    @staticmethod
    def _denies(text: str) -> bool:
        if _markers("denied", "revoked").search(text):
            return True
        objection = _markers("objected").match(text)
        return objection is not None and not _AGREES.match(text)


_AGREES = re.compile(
    r"no[,.]? (?:problem|objection|worries|doubt|issue|concern)|没有?(?:意见|问题|异议|毛病)|不(?:是问题|错|客气)|别(?:忘|客气|担心)|不要(?:忘|紧)|-1\d"
)


@cache
def _markers(*kinds: str) -> re.Pattern[str]:
    """Match the markers of some kinds in folded text; Latin ones as whole words."""
    rows = read_rows(Path(__file__).with_name("settled_markers.tsv"))
    phrases = [phrase for phrase, of in rows if set(kinds) & set(of.split())]
    return re.compile("|".join(map(_bounded, sorted(phrases, key=len, reverse=True))))


def _bounded(phrase: str) -> str:
    start = r"(?<![a-z0-9])" if phrase[0].isascii() and phrase[0].isalnum() else ""
    end = r"(?![a-z0-9])" if phrase[-1].isascii() and phrase[-1].isalnum() else ""
    return start + re.escape(phrase).replace("'", "['’]").replace(r"\ ", r"\s+") + end
