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
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.recaps.lines import Line
from bot.recaps.speech_acts import is_question, telling, tells
from bot.talk import ChatMessage
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_rows

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

MOST = 10
"""Decisions that are told at most; a message shows fewer."""

_WIDEST = 120
_FOLLOWING, _SOON_SECONDS = 3, 45 * 60
_CLAUSE = re.compile(r"[，,；;。]")
_ANYWHERE = frozenset({"private", "ironic", "void"})
_ASIDE = frozenset({"doubted", "reported"})
_DENYING = frozenset({"denied", "revoked"})
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

_OURS = re.compile(
    r"(?:^|我们|咱们|咱|大家|会上|群里|组里|团队|小组|全体|双方|[:：])(?:已经|已|最后|最终|一致|终于|刚刚?|刚才|都|就|也|又|还|正式|今天|昨天|今晚|昨晚|上午|下午|现在|投票|讨论后|商量后|商量|讨论|开会|一起|共同|经|\s)*$"
)
"""How a Chinese clause goes on to 决定 where it is the group that decides."""

_DECIDING = re.compile(r"决定|敲定|商定|约定|同意|说好|拍板|结论|统一")
_CHOOSING = ("决定", "敲定", "商定", "拍板")


def decisions(lines: Sequence[Line], messages: Sequence[ChatMessage]) -> list[int]:
    """Return the places of lines that settle something, most telling first, none on the same words as a better one."""
    talk = _Talk(lines, messages)
    settling = [
        at
        for at, line in enumerate(lines)
        if tells(line)
        and line.columns <= _WIDEST
        and not messages[line.message].forwarded_from
        and _settles(line.text)
    ]
    settling.sort(key=lambda at: (-telling(lines[at]), -at))
    kept: list[int] = []
    for at in settling:
        if len(kept) == MOST:
            break
        terms = lines[at].terms
        if all(len(terms & lines[other].terms) * 2 < len(terms) for other in kept) and not talk.takes_back(
            at
        ):
            kept.append(at)
    return kept


def _settles(text: str) -> bool:
    """Whether a line settles something as far as it tells itself."""
    if is_question(text):
        return False
    offset = 0
    for clause in _CLAUSE.split(text):
        if (form := _form(clause)) is not None:
            return not _is_doubted(text, offset + form.start(), offset + form.end(), offset + len(clause))
        offset += len(clause) + 1
    return False


def _form(clause: str) -> re.Match[str] | None:
    """The form that settles something in a clause; what is open in another clause takes nothing from it."""
    form = _FORM.search(clause)
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
    ended = not _DECIDING.search(said) and any("revoked" in marker.kinds for marker in _markers(behind))
    return None if bare or relative or ended else form


def _is_doubted(text: str, start: int, end: int, clause_end: int) -> bool:
    """Whether markers in a line take the decision out of the form at `start`, or take it back behind its clause."""
    folded, markers = _folded(text), _markers(text)
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


class _Talk:
    """What stands around a line, looked up only where something was settled."""

    def __init__(self, lines: Sequence[Line], messages: Sequence[ChatMessage]) -> None:
        self._lines = lines
        self._messages = messages
        self._of_line: dict[int, frozenset[str]] = {}
        self._of_text: dict[int, frozenset[str]] = {}
        self._denying: dict[int, bool] = {}

    def takes_back(self, at: int) -> bool:
        """Whether the rest of its message, or a message that follows, denies or takes back what a line settles."""
        line = self._lines[at]
        # The message, for a line has lost what it was opened with: yeah right.
        if self._kinds_of(line.message) & _ANYWHERE:
            return True
        if any(other > at and "revoked" in self._kinds(other) for other in self._of_message[line.message]):
            return True
        if any(message > line.message and terms & line.terms for message, terms in self._revoking.items()):
            return True
        return any(map(self._denies, self._following(line.message)))

    @cached_property
    def _of_message(self) -> Mapping[int, Sequence[int]]:
        places: dict[int, list[int]] = defaultdict(list)
        for at, line in enumerate(self._lines):
            places[line.message].append(at)
        return places

    def _kinds(self, at: int) -> frozenset[str]:
        """The kinds of all markers in a line."""
        if at not in self._of_line:
            self._of_line[at] = _kinds_in(self._lines[at].text)
        return self._of_line[at]

    def _kinds_of(self, message: int) -> frozenset[str]:
        """The kinds of all markers in a message."""
        if message not in self._of_text:
            self._of_text[message] = _kinds_in(self._messages[message].text)
        return self._of_text[message]

    @cached_property
    def _revoking(self) -> Mapping[int, AbstractSet[str]]:
        """The words of each message that takes something back."""
        words: dict[int, set[str]] = defaultdict(set)
        revoking = {line.message for at, line in enumerate(self._lines) if "revoked" in self._kinds(at)}
        for line in self._lines:
            if line.message in revoking:
                words[line.message] |= line.terms
        return words

    def _following(self, place: int) -> list[int]:
        """The messages that may answer the one at `place`: its replies, and the next few that answer nothing else."""
        said = self._messages[place]
        following = list(self._replies[said.id])
        near = 0
        for at in range(place + 1, len(self._messages)):
            message = self._messages[at]
            if message.thread_id != said.thread_id or message.forwarded_from:
                continue
            near += 1
            if near > _FOLLOWING or message.at - said.at > _SOON_SECONDS:
                break
            if message.reply_to is None:
                following.append(at)
        return following

    def _denies(self, message: int) -> bool:
        """Whether a message denies or takes back what it follows."""
        if message not in self._denying:
            said = self._messages[message].text.lstrip()
            agrees = _AGREES.match(_folded(said)) is not None
            self._denying[message] = any(
                marker.kinds & _DENYING or ("objected" in marker.kinds and not marker.start and not agrees)
                for marker in _markers(said)
            )
        return self._denying[message]

    @cached_property
    def _replies(self) -> Mapping[int, Sequence[int]]:
        replies: dict[int, list[int]] = defaultdict(list)
        for at, message in enumerate(self._messages):
            if message.reply_to is not None and not message.forwarded_from:
                replies[message.reply_to].append(at)
        return replies


_AGREES = re.compile(
    r"no[,.]? (?:problem|objection|worries|doubt|issue|concern)|没有?(?:意见|问题|异议|毛病)|不(?:是问题|错|客气)|别(?:忘|客气|担心)|不要(?:忘|紧)|-1\d"
)


class _Marker(NamedTuple):
    """A phrase of settled_markers.tsv in a folded text."""

    kinds: frozenset[str]
    start: int
    end: int


def _markers(text: str) -> list[_Marker]:
    """The markers in a text, folded, in order; Latin ones as whole words."""
    folded = _folded(text)
    automaton, kinds = _automaton()
    return [
        _Marker(kinds[number], start, end)
        for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True)
        if not _is_inside_word(folded, start) and not _is_inside_word(folded, end)
    ]


def _kinds_in(text: str) -> frozenset[str]:
    return frozenset[str]().union(*(marker.kinds for marker in _markers(text)))


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")


def _is_inside_word(folded: str, at: int) -> bool:
    """Whether Latin letters or digits stand on both sides of a place."""
    beside = folded[max(0, at - 1) : at + 1]
    return 0 < at < len(folded) and beside.isascii() and beside.isalnum()


@cache
def _automaton() -> tuple[AhoCorasick, list[frozenset[str]]]:
    from ahocorasick_rs import AhoCorasick

    rows = read_rows(Path(__file__).with_name("settled_markers.tsv"))
    return AhoCorasick([phrase for phrase, _ in rows]), [frozenset(kinds.split()) for _, kinds in rows]
