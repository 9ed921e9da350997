"""Statements of an outcome as people lead a meeting with them: "we have consensus", "hearing no objections", 一致通过. Pure.

By form alone. A bare outcome ("no objections") tells what was agreed only with the request that it answers.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.recaps.reactions import MARKERS
from bot.recaps.speech_acts import is_question

Outcome = Literal["told", "bare"]
"""An outcome that says what was agreed, or only that it was."""

_CLAUSE = re.compile(r"[,，;；。—–]|\.\s|\s-+\s|$")
_VOID = frozenset({"private", "ironic", "void", "revoked"})

_STAGE = r"stage (?:\d(?:\.\d+)?|one|two|three|four)\b(?! (?:proposals?|requirements?|features?|criteria|process|concerns?|questions?|issues?|blockers?|reviews?|reviewers?|tests?)\b)"
_AGREEMENT = (
    r"(?:(?:full|clear|ample|broad|general|universal|strong|rough|conditional|some|your|our|a|an|the) )*"
    r"(?:(?:consensus|agreement|approval)(?! from)|unanimity|unanimous (?:support|consent)|conditional advancement|"
    r"(?:ample|full|universal|overwhelming) support (?:for|to) (?:stage|mov|adopt|approv))"
)
_NOUN = rf"(?:{_AGREEMENT}|(?:conditional )?{_STAGE}|\d\.\d)"
_THING = r"(?:[\w`.#-]+ ){0,4}?(?:proposal|motion|pr|pull request|changes?|request|amendment|plan|budget|item|resolution|minutes|agenda|offer|bid)"
_MOVES = r"(?:advances|moves|goes|is promoted|is advanced|has advanced|is moved|is now|remains|stays|is demoted) (?:back |down |up |directly )?(?:to |at |on )?"

_TOLD = re.compile(
    rf".*?\b(?P<core>(?:we|you|i)(?: (?:do |now |all |clearly )?have|'ve got|'ve| have got| have reached| have achieved) {_NOUN})"
    rf"|.*?(?P<core2>\b(?:sounds|looks) like {_AGREEMENT})"
    rf"|.*?(?P<core3>\bha(?:s|ve)(?: all)?(?: reached| achieved)? consensus\b)"
    rf"|(?:\w+ ){{0,3}}(?P<core4>(?:that's|that is) {_AGREEMENT}(?=\W*$| (?:for|on|to|with|unless)\b))"
    rf"|(?:\w+ ){{0,4}}(?P<core5>{_NOUN} (?:(?:has been|is|was) )?(?:reached|achieved|given|granted))"
    rf"|(?:\w+ ){{0,2}}(?P<core6>congratulations (?:on|with) (?:your |reaching )?{_NOUN})"
    rf"|(?:the |this |that |your |our )?(?P<core7>{_THING}(?: (?:to|for|on) (?:\w+ ){{1,6}}?| )(?:(?:is|was|are|were|has been|have been) )?(?:hereby |now |unanimously |then |therefore )*"
    r"(?:approved|accepted|adopted|carried|carries|passed|passes|rejected|withdrawn|promoted|advanced))\b"
    rf"|(?:[\w`.#-]+ ){{1,6}}?(?P<core8>{_MOVES}{_STAGE})|(?P<core9>{_STAGE} it is\b)"
    rf"|(?:[\w`.]+ ){{0,3}}(?P<core10>{_NOUN} congratulations\b)",
    re.IGNORECASE,
)
_TOLD_HAN = re.compile(
    r".*?(?P<core>(?:一致|全票|表决|投票|举手|正式|评审)\w{0,4}通过|(?:达成|形成)了?\w{0,6}(?:一致|共识)"
    r"|(?:方案|提案|预算|计划|申请|议案|决议|章程|议程)\w{0,6}(?:通过了|获得通过|获批|批准了|被否决?了))"
)
_SEVERAL = (
    r"(?:several|many|multiple|numerous|a lot of|lots of|plenty of|strong|broad|universal|general) (?:expressions of )?(?:explicit |strong )?"
    r"(?:support(?:ers)?|agreement|thumbs[- ]up|plus ones|\+1s)"
)
"""Support of more than one, as a chair counts it."""

_NOTHING_AGAINST = r"(?:no|zero|any)(?: further| other| more)? (?:objections?|opposition|dissent)"
_BARE = re.compile(
    rf"(?:(?:so|ok|okay|and|but|all right|great|well|also|still|i think|i believe|then|in this case) )*(?P<core>"
    rf"(?:(?:i(?:'m| am)? )?(?:still )?(?:hear(?:ing)?|see(?:ing)?|have(?: not)? heard(?: or seen)?|there (?:are|were)|there's|we have|we(?:'ve)? had|not hearing(?: or seeing)?|not seeing) |(?=no|zero)){_NOTHING_AGAINST}\b"
    r"|(?:hearing|seeing|i (?:hear|see)) (?:none|no one|nobody|nothing)\W*$|(?:it )?(?:sounds|looks) like (?:we|everyone|everybody)(?: all)? agrees?\W*$"
    rf"|(?:(?:we|i)(?: have|'ve heard|'ve seen| have heard| have seen|'m hearing|'m seeing| am hearing| am seeing| see| hear)|there(?:'s| is| are)) {_SEVERAL}(?:\W*$| for\b)"
    r"|i(?:'ll| will) take (?:that|this|it) as (?:consensus|agreement|approval|a yes)\b"
    r"|(?:nobody|no one|no-one) (?:objects|opposes|objected|opposed|is opposed|is against|disagrees)"
    rf"|(?:that|it) (?:sounds|looks) like {_STAGE}\W*$|(?:it's |that's |it is )?unanimous\W*$|(?:motion|vote) (?:carries|carried|passes|passed)"
    r"|(?:we|you) (?:have|'ve got) it\W*$|(?:[\w.]+ ){0,3}congratulations\W*(?:[A-Z]\w+\W*)?$)",
    re.IGNORECASE,
)
_BARE_HAN = re.compile(
    r"(?:那)?(?P<core>(?:大家)?(?:都)?(?:没有?(?:人)?(?:异议|反对|意见)|无异议|都同意了?|全体同意|一致同意))"
)

_CONDITION = re.compile(
    r"\b(?:if|whether|unless|once|when|while|until|before|since|because|assuming|provided|do|did|does|should|(?<!i )would|could|might|may|what|how|where|why|"
    r"ask|asking|seek\w*|request\w*|need\w*|want|wanted|get|hope|hoping|important|requires?|fact|thought|not(?! (?:hearing|seeing))|never|don't|doesn't|didn't|won't|isn't|without|"
    r"already|last (?:\w+ )?(?:time|meeting|week|month|year)|previous\w*|absence|previously|originally|back then|at (?:that|the) time|in order|let's|let us|propos(?:e|es|ed|ing)|suggest\w*|(?<!safe to )(?<!fair to )(?<!i would )(?<!i'd )says?|said)\b"
    r"|如果|是否|能否|要是|还没|没有达成|未能|尚未|争取|希望|上次|听说",
    re.IGNORECASE,
)
"""What stands before a form that states no outcome of this talk."""

_ASKING = re.compile(
    r"\b(?:i|we)(?:'d| would|'ll| will|'m| am|'re| are)? (?:(?:now|just|also|then|\w+ly|like to|want to|going to|here to) )*"
    r"(?:ask(?:ing)?(?! that)|call(?:ing)?|request(?:ing)?|look(?:ing)?|seek(?:ing)?|propos(?:e|ing)|move|mov(?:e|ing))(?! to ask)\b[^.?!]{0,80}?"
    r"\b(?:consensus|stage|approval|agreement|advance\w*|adopt\w*|accept\w*|merg\w+|promot\w*)"
    r"|\b(?:if|unless) (?:there (?:are|is)|there's|i hear|we hear|nobody has|no one has|anybody has|anyone has) (?:(?:any|no|some|a lot of|enough|more|further) )*"
    r"(?:objections?|opposition|agreement|support)\b[^.?!]{0,60}?,? (?:then )?(?:we|i) (?:can|will|would|could|should|'ll|shall)\b"
    r"|\blet(?:'s| us) (?:get|call for|ask for) (?:consensus|agreement|approval) (?:for|on|to)\b"
    r"|\b(?:do|can|could|may) (?:we|i) (?:have|get|ask for|go for)\b[^.?!]{0,60}\b(?:consensus|stage|agreement|approval)\b|\b(?:is there|do we have) (?:(?:any|more|other|explicit) )*(?:consensus|support) (?:for|to|on)\b"
    r"|\b(?:anyone|anybody|any)(?: (?:against|opposed to)| object(?:s|ions?)? to) (?!this\b|that\b|those\b|it\b)\w+|\bi(?:'d| would) like to (?:propose|request|move)\b|提请|(?:请|现在)(?:大家)?(?:表决|举手|投票)",
    re.IGNORECASE,
)
"""Forms in which somebody asks a meeting to agree to something that they name."""

_REQUEST = re.compile(
    r"\b(?:i|we)(?:'d| would)? (?:now |also |potentially |officially )?(?:(?:like|want|going) to (?:\w+ ){0,6}?(?:ask(?: the committee)? for|request|call for|seek|propose|move)|(?:ask|request|call) for)\b[^.?!]{0,60}?"
    r"\b(?:consensus|stage|approval|agreement|advancement|adoption)\b"
    r"|\bi(?:'m| am) (?:\w+ )?(?:asking|requesting|calling|officially asking)(?: for)? (?:for )?(?:\w+ ){0,2}?(?:consensus|stage|approval)\b"
    r"|\b(?:do|can|could|may) (?:we|i) (?:have|get|ask for|go for) (?:\w+ ){0,2}?(?:consensus|stage|agreement|approval)\b"
    r"|\bany(?:one|body)? object(?:s|ions?)? to (?:stage|adopting|approving|merging|taking|moving|advancing|forming)\b|提请\w*(?:表决|通过|同意)",
    re.IGNORECASE,
)
_ASKED_OUTRIGHT = re.compile(
    r"\b(?:can|could|may) (?:we|i) (?:have|get|ask for|go for|move to|advance to) (?:\w+ ){0,3}?(?:consensus|stage|approval|advancement)\b(?! (?:on|about) (?:this|that|it)\b)"
    r"|\bask (?:\w+ ){1,3}if (?:there is|there's) (?:interest|support|consensus|agreement) (?:for|in|on)\b",
    re.IGNORECASE,
)
"""Questions by which somebody asks a meeting here and now to agree."""

_UNASKED = re.compile(
    r"\b(?:if|whether|when|what|which|how|hopefully|potentially|assuming|provided|would you|should|not|later|next (?:time|meeting|plenary)|delay|before|until)\b|是否|如果",
    re.IGNORECASE,
)


_DENIED = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)
_CALLING = re.compile(
    r"\b(?:any|are there|is there|were there) (?:any |other |further )*(?:objections?|opposition|dissent)\b|\b(?:does anyone|anyone|anybody) (?:object|oppose)"
    r"|\b(?:shall|should) we\b|\bis everyone (?:ok|okay|fine|happy|in favou?r)|(?:有没有|有人|还有)(?:人)?(?:异议|反对|不同意|意见)|同意(?:吗|的)|提议|建议",
    re.IGNORECASE,
)
"""Forms in which somebody only asks whether all agree."""


def requests(text: str) -> bool:
    """Whether a line says, here and now, that its author asks to agree to something: where enough people do, it is settled."""
    text = text.replace("’", "'")
    outright = _ASKED_OUTRIGHT.search(text)
    if outright is not None:
        return _UNASKED.search(text, 0, outright.start()) is None
    form = None if is_question(text) else _REQUEST.search(text)
    return form is not None and _UNASKED.search(text, 0, form.end()) is None


def names_request(text: str) -> bool:
    """Whether a line asks a meeting to agree to something that it names, now or later."""
    form = _ASKING.search(text.replace("’", "'"))
    return form is not None and _DENIED.search(form[0]) is None


def calls_for_agreement(text: str) -> bool:
    """Whether a line asks whether all agree, to what others said."""
    return _CALLING.search(text.replace("’", "'")) is not None


_OPEN_END = re.compile(r"[-—–]\s*$")
"""Somebody was interrupted, or broke off."""

_COMPLEMENT = re.compile(r"that (?:we|you|i)\b", re.IGNORECASE)
"""The rest of what somebody said that they know, hope or were told."""

_NAMED = re.compile(
    rf"{_STAGE}|\d\.\d|\b(?:consensus|agreement|approval|advancement|unanimity|consent|support)\b(?: now| then| here)?"
    r" (?:on|for|to|about|that|against|of) (?!(?:that|this|it|these|those)\W*$)",
    re.IGNORECASE,
)
_BARE_CORES = ("core", "core2", "core3", "core4", "core6")
_POINTING = re.compile(
    r"(?:.*\b(?:this|that|it|which|these|those|we|they|you|all|everyone|everybody))?\W*", re.IGNORECASE
)
"""What stands before "has consensus" and only points at something."""


def outcome_of(text: str, before: str = "") -> Outcome | None:
    """Whether a line states that something was agreed, and whether it says what.

    `before` is what its sentence begins with where the line is only a part of it.
    """
    text = text.replace("’", "'")
    if is_question(text) or _OPEN_END.search(text) or MARKERS.kinds(text) & _VOID:
        return None
    # Who congratulates states it, whatever was said before.
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
    """Whether an outcome in English says itself what was agreed; others leave that to the request before them."""
    core = next(name for name, said in stated.groupdict().items() if said is not None)
    if core not in _BARE_CORES or _NAMED.search(stated.string, stated.start(core)):
        return True
    return core == "core3" and _POINTING.fullmatch(stated.string[: stated.start(core)]) is None
