"""Decides whether a line settles something or proposes it, by its form and its markers of doubt, report or joke. Pure.

reactions.py reads the messages that follow the line; decisions.py decides which lines a recap shows.

    a question that asks the group to agree?               -> asked
    another question?                                      -> nothing
    for the first clause with a form that settles or proposes:
        it is open, or under a condition?                  -> nothing
        its subject is not the group (I, they, a company)? -> nothing
        a marker doubts, reports, jokes?                   -> nothing
        a later clause takes it back?                      -> nothing
        otherwise                                          -> settled, concluded or proposed
"""

from __future__ import annotations

import re
from typing import Literal

from bot.recaps.phrases import FormWords, folded_line
from bot.recaps.reactions import MARKERS
from bot.recaps.speech_acts import is_question
from bot.text.months import MONTH_NAME
from bot.text.normalise import has_han

Form = Literal["settled", "concluded", "proposed", "asked"]
"""A statement of what was agreed; or a conclusion, proposal or question, which settles nothing unless others agree.

Of these, only a conclusion can follow the agreement that it draws on.
"""

_CLAUSE = re.compile(r"[，,；;。]")
_ANYWHERE = frozenset({"private", "ironic", "void"})
_ASIDE = frozenset({"doubted", "reported"})
_AFTER_ASIDE = frozenset(",，;；")
_QUOTES = "\"'“‘「『"

_WORDS = FormWords(
    "settled_words.tsv",
    {"day": rf"(?:\d{{1,2}}(?:st|nd|rd|th)\b|\d{{1,2}} {MONTH_NAME}|{MONTH_NAME} \d{{1,2}}|{{time}})"},
)

_SETTLED = _WORDS.pattern(
    r"^决定了?[:：]|(?<![固锁稳限规绑制鉴肯确否假约特])定(?:(?:好|下来?)了?|了)(?:[:：在是]|$)|(?<![固锁稳限规绑制鉴约特])定在|(?:我们|咱们)\w{0,2}(?<!制)定了"
    r"|(?:那就|就){this-way-han}[^，。？?吗呢]{0,40}{settles-han}|{chose-han}了?{what-han}|{thing-han}就?定(?:在|为|了)"
    r"|{group-han}[^，。]{0,6}{agreed-han}|(?:最终|最后){still-han}{0,2}(?:{picks-han}|定(?!居|位|义))"
    r"|结论(?:是|就是)|^{label-han}(?:如下)?[:：]|(?:投票|表决)结果(?:是|为|[:：])|^(?:本次|这次|今天的?)?{committee-han}(?:一致)?(?:同意|决定|商定)"
    r"|\b(?:we(?:'ve| have)? {decided}|we(?:'ve| have) {chosen}|(?:it|that)(?:'s| is) {settled}|{decided} (?:to|on|that)|it was {settled} (?:to|that (?:we|the))|so that's out"
    r"|(?:everyone|everybody|the majority|most of us|most people|we all) voted (?:for|to|against)"
    r"|(?:the )?{verdict} (?:is|was):? {tells}|{final}\s*[:–—-])"
    r"|^(?:final )?{label}(?: then)? ?[:：]"
)
"""Forms by which a group says what it settled."""

_PROPOSED = _WORDS.pattern(
    r"^(?:就|先)(?:先|还)?{does-han}|^(?:那就)?改(?:成|到|为)|{moved-han}到|统一(?:用|改|换)(?:成|为)?"
    r"|(?:那就|就){this-way-han}[^，。？?吗呢]{0,40}{goes-han}|(?:我们|咱们|咱)[^，。？?吗呢]{2,40}(?<![对是])吧$|^(?:我们|咱们|咱)(?:就|先|还是|都|统一)?{opts-for-han}(?![的了过])[^，。？?吗呢哪几什]{0,20}{option-han}[a-z\d一二三四五甲乙丙丁]?$|^我?(?:建议|提议|要不(?!然)|不如)"
    r"|\b(?:let(?:'?s| us) (?!{no-proposal}\b|\w+ (?:it|this|that|them|so|now|then)\W*$|start\b(?! with)|go\b(?! (?:with|for|ahead)))\w+"
    r"|we(?:'ll| will| are going to| shall) {does}|we(?:'re| are)(?: now)? {doing}|we {opts-for}"
    r"|i(?:'d| would)? (?:propose|suggest)\b(?! (?:(?:that )?{someone-else}|to|a visit)\b)|(?:my )?(?:proposal|suggestion):)"
)
"""Forms by which somebody proposes what the group should do."""

_CONCLUDED = _WORDS.pattern(
    r"^(?:那|那么)就(?!{no-conclusion-han})|^(?:那就|就)?(\w{1,6})就\1吧?$"
    r"|^那[^，。？?我你您他她它吗呢]{0,8}不[^，。？?吗呢]{1,16}了$|^那[^，。？?我你您他她它]{1,8}改(?:成|到|为)"
    r"|^[^，。？?我你您他她它]{1,10}就{sets-han}{time-han}"
    r"|(?:so|then),? we(?:'ll| will)? {plans}\b|we(?:'ll| will)? {plans}\b[^,;]* then\W*$"
    r"|(?:[\w'-]+ ){1,4}(?:{now} (?:on |at )?|{moves} to )(?:the )?{day}\b"
    r"|^(?!.*\b{no-choice}\b)(?:\w+\W+){1,8}it is(?: then)?\W*$"
)
"""Forms by which somebody sums up what a discussion came to."""

_ASKED = _WORDS.pattern(
    r"^(?:so |and |ok(?:ay)?,? )?(?:{asks}|(?:how|what) about(?! {pointing}\b))\b"
    r"|{asks-han}\s*[?？]?$|^(?:要不|不如|那|我们|咱们)[^？?]{2,40}(?:吧|怎么样|如何)[?？]$"
)
"""Forms by which somebody asks the group to agree."""

_EITHER = _WORDS.pattern(r"\b{either}\b|还是")
"""Words of a choice, which a mere yes does not answer."""

_UNDECIDED = _WORDS.pattern(r"[?？]|{undecided-han}|{wants-han}{soon-han}?定|\b{undecided}\b")
"""Words by which a clause with such a form settles nothing."""

_ELSEWHERE = _WORDS.pattern(r"\b{elsewhere}\b|\b{says} (?:say|said)\W*$|{elsewhere-han}")
"""Words before the form by which it settles nothing: settled long ago or elsewhere, or only quoted."""

_NOT_YET = _WORDS.pattern(r"\b{not-yet}\b|n't\b")
"""Words before the form by which it settles nothing; after it, they belong to what was settled."""

_LEAD = _WORDS.pattern(
    r"(?:(?:{lead}|(?:in|at|on|after|during|with) {this}\b[\w' -]{0,30}?{meeting})(?:[\s:,.!–—-]+|$))*"
)
"""Words before an English form that is a main clause; in "the plan we agreed on" it is none."""

_SUPPOSED = re.compile(r"\b(?:if|unless|(?:would|should|could)(?:'ve| have))\b", re.IGNORECASE)
"""Words in an earlier clause by which a proposal is only hypothetical."""

_CONCLUDES = _WORDS.pattern(r"\b{concludes}\b")

_OURS = _WORDS.pattern(r"(?:^|{ours-han}|[:：])(?:{at-last-han}|\s)*$")
"""The words before 决定 in a Chinese clause in which the group decides."""

_DECIDING = _WORDS.pattern(r"{deciding-han}")
_CHOOSING = ("决定", "敲定", "商定", "拍板")


def form_of(text: str, before: str = "", opener: str = "") -> Form | None:
    """Return whether a line, by itself, settles, concludes, proposes or asks something; None if none of them.

    `before` is the beginning of its sentence if the line is only a part of one, `opener` what was left off before it.
    """
    text, opener = text.replace("’", "'"), opener.replace("’", "'")
    if _ASKED.search(text) and _EITHER.search(text) is None and not MARKERS.kinds(text) & _ANYWHERE:
        return "asked"
    if is_question(text):
        return None
    if _states(_SETTLED, text, before):
        return "settled"
    if _states(_CONCLUDED, opener + text, before):
        return "concluded"
    return "proposed" if _states(_PROPOSED, text, before) else None


def _states(forms: re.Pattern[str], text: str, before: str = "") -> bool:
    """Return whether the first clause with one of the forms is valid, without doubt or condition."""
    offset = 0
    for clause in _CLAUSE.split(text):
        if (form := _form(forms, clause)) is not None:
            opening = before + text[:offset]
            if _ELSEWHERE.search(text, 0, offset + form.start()):
                return False
            if forms is not _SETTLED and _SUPPOSED.search(opening):
                return False
            if forms is _SETTLED and not has_han(form[0]) and _tells_a_story(opening, clause[: form.start()]):
                return False
            return not _is_doubted(text, offset + form.start(), offset + form.end(), offset + len(clause))
        offset += len(clause) + 1
    return False


def _tells_a_story(opening: str, lead: str) -> bool:
    """Return whether earlier clauses tell a story, and `lead`, before the form, draws no conclusion from it."""
    return _CONCLUDES.search(lead) is None and any(
        _LEAD.fullmatch(clause.strip()) is None for clause in _CLAUSE.split(opening)
    )


def _form(forms: re.Pattern[str], clause: str) -> re.Match[str] | None:
    """Return the form in a clause if it is valid by that clause alone, else None."""
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
    # 定在周五的会取消了 settles nothing, but 决定取消周五的会 does.
    ended = not _DECIDING.search(said) and any("revoked" in marker.kinds for marker in MARKERS.find(behind))
    return None if bare or relative or ended else form


def _is_doubted(text: str, start: int, end: int, clause_end: int) -> bool:
    """Return whether markers in a line make the form at `start` doubtful, or take it back after its clause."""
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
