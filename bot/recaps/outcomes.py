"""Recognises statements of an outcome in meetings: "we have consensus", "hearing no objections", 一致通过. Pure.

By form alone. A bare outcome ("no objections") says what was agreed only together with the request that it answers.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.recaps.phrases import FormWords
from bot.recaps.reactions import MARKERS
from bot.recaps.speech_acts import is_question

Outcome = Literal["told", "bare"]
"""Whether an outcome says what was agreed ("told") or only that something was ("bare")."""

_CLAUSE = re.compile(r"[,，;；。—–]|\.\s|\s-+\s|$")
_VOID = frozenset({"private", "ironic", "void", "revoked"})

WORDS = FormWords(
    "outcome_words.tsv",
    {
        "stage": r"stage (?:\d(?:\.\d+)?|{number})\b(?! {stage-matter}\b)",
        "consent": r"(?:{degree} )*(?:{agreement}(?! from)|{whole} support (?:for|to) {advancing})",
        "end": r"(?:{consent}|(?:conditional )?{stage}|\d\.\d)",
        "thing": r"(?:[\w`.#-]+ ){0,4}?{matter}",
        "nothing-against": r"(?:no|zero|any)(?: further| other| more)? {opposition}",
    },
)
"""The words and parts of the patterns below."""

_TOLD = WORDS.pattern(
    r".*?\b(?P<core>(?:we|you|i) ?{has} {end})"
    r"|.*?(?P<core2>\b{likely} {consent})"
    r"|.*?(?P<core3>\bha(?:s|ve)(?: all)?(?: {reached})? consensus\b)"
    r"|(?:\w+ ){0,3}(?P<core4>(?:that's|that is) {consent}(?=\W*$| {preposition}\b))"
    r"|(?:\w+ ){0,4}(?P<core5>{end} (?:(?:has been|is|was) )?{given})"
    r"|(?:\w+ ){0,2}(?P<core6>congratulations (?:on|with) (?:your |reaching )?{end})"
    r"|(?:the |this |that |your |our )?(?P<core7>{thing}(?: (?:to|for|on) (?:\w+ ){1,6}?| )"
    r"(?:(?:is|was|are|were|has been|have been) )?(?:{so} )*{carried})\b"
    r"|(?:[\w`.#-]+ ){1,6}?(?P<core8>{moves} (?:{direction} )?(?:(?:to|at|on) )?{stage})|(?P<core9>{stage} it is\b)"
    r"|(?:[\w`.]+ ){0,3}(?P<core10>{end} congratulations\b)"
    r"|(?:\w+ ){0,3}?(?P<core11>{all-are} (?:all |fully |now )?{at-one} {at-one-on}\b)"
    r"|(?:\w+ ){0,2}(?P<core12>(?:i'm|i am|we're|we are) (?:hearing|seeing) {consent} (?:for|on|to)\b)"
)
_TOLD_HAN = WORDS.pattern(
    r".*?(?P<core>{voted-han}\w{0,4}通过|(?:达成|形成)了?\w{0,6}{agreed-han}|{matter-han}\w{0,6}{carried-han})"
)
_BARE = WORDS.pattern(
    r"(?:{opening} )*(?P<core>"
    r"(?:(?:(?:i(?:'m| am)? )?(?:still )?{hears}|{there-is}) |(?=no|zero)){nothing-against}\b"
    r"|(?:i )?(?:hear|see)(?:ing)? {none}\W*$|(?:it )?{likely} (?:we|everyone|everybody)(?: all)? agrees?\W*$"
    r"|(?:(?:we|i) ?{notes}|there(?:'s| is| are)) {several} (?:expressions of )?(?:explicit |strong )?{support}(?:\W*$| for\b)"
    r"|i(?:'ll| will) take (?:that|this|it) as {takes-as}\b|{nobody} {opposes}"
    r"|(?:the )?ayes have it|(?:it (?:is|was) )?{alone-carried}(?: unanimously)?(?:(?: by)? \d+ ?(?:to|-|–|:) ?\d+)\W*$"
    r"|(?:that|it) (?:sounds|looks) like {stage}\W*$|(?:it's |that's |it is )?unanimous\W*$|(?:motion|vote) {passes}"
    r"|(?:we|you) (?:have|'ve got) it\W*$|(?:[\w.]+ ){0,3}congratulations\W*(?:[A-Z]\w+\W*)?$)"
)
_BARE_HAN = WORDS.pattern(
    r"那?(?P<core>(?:大家)?都?{nothing-against-han}|\d+票{for-han}|(?:表决|投票)(?:结果)?(?:[:：是为]|通过)?通过)(?!的话)"
)

_CONDITION = WORDS.pattern(
    r"\b(?:{condition}|(?<!i )would|not(?! (?:hearing|seeing))|last (?:\w+ )?{period}"
    r"|(?<!safe to )(?<!fair to )(?<!i would )(?<!i'd )says?)\b|{condition-han}"
)
"""Words before a form by which it states no outcome of this talk."""

_ASKING = WORDS.pattern(
    r"\b(?:i|we)(?:'d| would|'ll| will|'m| am|'re| are)? (?:(?:{willing}|\w+ly) )*"
    r"(?!ask(?:ing)? that){asks}(?! to ask)\b[^.?!]{0,80}?\b{asked-for}"
    r"|\b{unless} (?:{amount} )*(?:{opposition}|agreement|support)\b[^.?!]{0,60}?,? (?:then )?(?:we|i) ?{may}\b"
    r"|\blet(?:'s| us) (?:get|call for|ask for) {agreement} (?:for|on|to)\b"
    r"|\b(?:do|{may-we}) (?:we|i) {gets}\b[^.?!]{0,60}\b{goal}\b"
    r"|\b(?:is there|do we have) (?:(?:any|more|other|explicit) )*(?:consensus|support) (?:for|to|on)\b"
    r"|\b{anyone}(?: (?:against|opposed to)| object(?:s|ions?)? to) (?!{pointing}\b)\w+"
    r"|\bi(?:'d| would) like to (?:propose|request|move)\b|提请|(?:请|现在)(?:大家)?{vote-han}"
)
"""Forms by which somebody asks a meeting to agree to something that they name."""

_REQUEST = WORDS.pattern(
    r"\b(?:i|we)(?:'d| would)? (?:now |also |potentially |officially )?(?:(?:like|want|going) to (?:\w+ ){0,6}?"
    r"(?:ask(?: the committee)? for|request|call for|seek|propose|move)|(?:ask|request|call) for)\b[^.?!]{0,60}?\b{goal}\b"
    r"|\bi(?:'m| am) (?:\w+ )?(?:officially )?(?:ask|request|call)ing(?: for)? (?:for )?(?:\w+ ){0,2}?{goal}\b"
    r"|\b(?:do|{may-we}) (?:we|i) {gets} (?:\w+ ){0,2}?{goal}\b"
    r"|\bany(?:one|body)? object(?:s|ions?)? to {done-with}\b|提请\w*{pass-han}"
)
_ASKED_OUTRIGHT = WORDS.pattern(
    r"\b{may-we} (?:we|i) {moves-to} (?:\w+ ){0,3}?{goal}\b(?! (?:on|about) {pointing}\b)"
    r"|\bask (?:\w+ ){1,3}if (?:there is|there's) (?:interest|support|consensus|agreement) (?:for|in|on)\b"
)
"""Questions by which somebody asks a meeting to agree here and now."""

_UNASKED = WORDS.pattern(r"\b{unasked}\b|{unasked-han}")
_DENIED = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)
_CALLING = WORDS.pattern(
    r"\b{calls} (?:any |other |further )*{opposition}\b|\b(?:does )?(?:anyone|anybody) (?:object|oppose)"
    r"|\b(?:shall|should) we\b|\bis everyone {content}"
    r"|(?:有没有|有人|还有)人?{objection-han}|同意(?:吗|的)|{suggests-han}"
)
"""Forms by which somebody only asks whether all agree."""


def requests(text: str) -> bool:
    """Return whether a line requests agreement here and now, so that it is settled if enough people agree."""
    text = text.replace("’", "'")
    outright = _ASKED_OUTRIGHT.search(text)
    if outright is not None:
        return _UNASKED.search(text, 0, outright.start()) is None
    form = None if is_question(text) else _REQUEST.search(text)
    return form is not None and _UNASKED.search(text, 0, form.end()) is None


def names_request(text: str) -> bool:
    """Return whether a line asks a meeting to agree, now or later, to something that it names."""
    form = _ASKING.search(text.replace("’", "'"))
    return form is not None and _DENIED.search(form[0]) is None


def calls_for_agreement(text: str) -> bool:
    """Return whether a line asks whether all agree, to something said elsewhere."""
    return _CALLING.search(text.replace("’", "'")) is not None


_OPEN_END = re.compile(r"[-—–]\s*$")
"""The end of a line whose author was interrupted or broke off."""

_COMPLEMENT = re.compile(r"that (?:we|you|i)\b", re.IGNORECASE)
"""The beginning of a subordinate clause: what somebody knows, hopes or was told."""

_NAMED = WORDS.pattern(
    r"{stage}|\d\.\d|\b(?:{agreement}|advancement|consent|support)\b(?: now| then| here)?"
    r" (?:on|for|to|about|that|against|of) (?!{pointing}\W*$)"
)
_BARE_CORES = ("core", "core2", "core3", "core4", "core6")
_POINTING = WORDS.pattern(r"(?:.*\b{group})?\W*")
"""A subject of "has consensus" that only points at something."""


def outcome_of(text: str, before: str = "") -> Outcome | None:
    """Return "told" or "bare" if a line states that something was agreed, else None.

    `before` is the beginning of its sentence if the line is only a part of one.
    """
    text = text.replace("’", "'")
    if is_question(text) or _OPEN_END.search(text) or MARKERS.kinds(text) & _VOID:
        return None
    # A congratulation states an outcome, even after a condition.
    congratulates = "congratulations" in text.lower()
    if _COMPLEMENT.match(text) or (_CONDITION.search(before) and not congratulates):
        return None
    bare: Outcome | None = None
    start = 0
    for clause in _CLAUSE.finditer(text):
        said = text[start : clause.start()]
        for form in (_TOLD, _TOLD_HAN, _BARE, _BARE_HAN):
            stated = form.match(said.lstrip())
            if stated is None:
                continue
            offset = start + len(said) - len(said.lstrip())
            core = min(span[0] for span in map(stated.span, stated.groupdict()) if span[0] >= 0)
            opening = max(0, text.lower().rfind("congratulations", 0, offset + stated.end()))
            if _CONDITION.search(text, opening, offset + core):
                return bare
            if form is _TOLD_HAN or (form is _TOLD and _names_what(stated)):
                return "told"
            bare = "bare"
        start = clause.end()
    return bare


def _names_what(stated: re.Match[str]) -> bool:
    """Return whether an English outcome says itself what was agreed; otherwise the request before it does."""
    core = next(name for name, said in stated.groupdict().items() if said is not None)
    if core not in _BARE_CORES or _NAMED.search(stated.string, stated.start(core)):
        return True
    return core == "core3" and _POINTING.fullmatch(stated.string[: stated.start(core)]) is None
