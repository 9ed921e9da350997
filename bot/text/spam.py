"""Quarantine: lines and parts of lines that are spam. Removes nothing itself and knows no other furniture.

A word alone proves nothing: a text about gambling laws or indecent content uses it too. A line goes when words and
structure agree: several spam words dense in a line that is no sentence, in no quotation and in no reporter's register;
or fewer with a pipe at the end, a symbol inside a word, an address or a call to buy; or `title | 9天前 |` by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from bot.text import spam_words
from bot.text.furniture import WHEN_WORDS
from bot.text.lines import HEADLINE_WIDTH, is_heading, is_sentence, width

PIPE = "|｜丨│¦"
AGO = re.compile(rf"[{PIPE}]\s*{WHEN_WORDS}\s*(?:[{PIPE}]|$)", re.IGNORECASE)
PIPE_END = re.compile(rf"[^{PIPE}\s]\s*[{PIPE}]$")
SYMBOL = "[\u2600-\u27bf\u2b1b-\u2b55\u3297\u3299\U0001f000-\U0001faff]\ufe0f?"
INSIDE_WORD = re.compile(
    rf"(?<=[\w])(?:{SYMBOL})+(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?:{SYMBOL})+(?=\w)"
)
ADDRESS = re.compile(
    r"(?:https?://|www\.)[\w.-]+|\b[\w-]{2,40}\.(?:com|net|cc|vip|top|xyz|me|app|club|tv|org|info|site|online|bet|casino|fun|live|co|io|ru|pw|icu)\b"
    r"|(?:加?微信|加?v信|薇信|威信|扣扣|qq|电报|飞机|tg|telegram|whatsapp|skype|line)\s?(?:号|群)?\s?[:：@+]\s?[\w@+-]{4,}|(?<!\w)@\w{5,}",
    re.IGNORECASE,
)
PROMOTION = re.compile(
    r"点击|立即|马上|赶快|赶紧|速来|加微|加我|扫码|领取|进群|官网|网址|入口|送\d|送彩|\d元|充值|24小时|上门|免费|高清|注册|在线"
    r"|\b(?:click here|click now|(?:play|join|buy|order|call|sign up|register|download|apply|watch|bet) (?:now|here|today|online)|claim your|get \d|win big|big wins|best \w+ (?:site|online|bonus)|cheap|near you|for free|100% (?:free|legit|safe)|hot|sexy|no \w+ (?:needed|required)|discreet|guaranteed|unlimited|top \d+)\b",
    re.IGNORECASE,
)
REPORTING = re.compile(
    r"警方|公安|民警|法院|检察|法律|法规|条例|法案|立法|规定|监管|查处|打击|整治|治理|整改|涉案|嫌疑|判处|获刑|罚款|处罚|违法|违规|犯罪|非法|举报|受害|诈骗|骗局|黑产|灰产|产业链|新闻|记者|通报|披露"
    r"|报道|报告|调查|研究|数据显示|统计|专家|学者|律师|评论员|发言人|表示|认为|指出|称|据|监测|审核|过滤|屏蔽|保护|隐私保护|未成年人|平台治理|同比|环比|增长|下降|收入|营收|利润|股价|季度|财报|亿|牌照|行业|产业|市场|政府|患者|医生|疾病|临床"
    r"|\b(?:police|court|courts|law|laws|lawmakers?|regulat\w+|legislat\w+|ban|bans|banned|illegal|crime|criminal|fraud|scams?|lawsuit|said|says|according|reported|report|reports|study|studies|research\w*|survey|revenue|quarter|industry|market|government|ministry|commission|investigat\w+|patients?|doctors?|trial|fda|percent|billion|million|content moderation|policy|policies|addiction|investors?|shares|stocks?|operators?|analysts?)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"“[^“”]{0,200}”|‘[^‘’]{0,200}’|\"[^\"]{0,200}\"|「[^「」]{0,200}」|『[^『』]{0,200}』|《[^《》]{0,100}》|'[^']{2,60}'(?!\w)"
)
NOT_WORD = re.compile(r"[\W_]+")

SENTENCES = re.compile(rf"[。！？!?；;]+[”’」』）)]*|[{PIPE}]|\.(?=\s)")
PIECES = re.compile(r"[,，、]|(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")

SIGNS = re.compile(
    f"[{PIPE}@\u2600-\u27bf\u2b1b-\u2b55\u3297\u3299\U0001f000-\U0001faff]|www[.]|https?:|[.](?:com|cc|vip|top|xyz|net|club|app)"
)
SPACES = re.compile(r"[\s_-]")
SPACED = re.compile(r"(?:[\u3400-\u9fff][ .*·_~+^-]{1,2}){3}")
"""Characters set apart so that no word is found in them."""

CHUNK = 8000
"""Characters searched at a time: enough to be quick, few enough that most words' letters are not all there."""

Shape = Literal["title", "exclamation", "statement"]
"""A headline or label; a short call; running text, which needs the most proof."""

Rules = dict[int, str]
"""The rule that quarantines each line, by its place."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a stretch of text being spam."""

    words: float
    coverage: float
    kind: str
    piped: bool
    symbols: int
    address: bool
    promoted: bool
    reported: bool

    @property
    def structure(self) -> int:
        """How many structural marks of spam it carries."""
        return self.piped + min(self.symbols, 2) + self.address

    @property
    def suspicious(self) -> bool:
        """Whether it goes along when its neighbours are spam."""
        return bool(self.words or self.structure) and not self.reported

    def rule(self, shape: Shape) -> str:
        """The rule it falls under, "" for none."""
        return (f"{self.kind}-spam" if self.words else "link-farm-line") if self._convicts(shape) else ""

    def _convicts(self, shape: Shape) -> bool:
        """Whether words and structure agree, by how much the shape allows for."""
        words, dense = self.words, self.coverage
        if self.reported:
            return self.structure > 1 and words >= 1
        if shape == "statement":
            return (
                dense >= 0.15
                and words >= 1
                and (self.structure > 0 or (self.promoted and words >= 2 and dense >= 0.4))
            )
        if words >= 1 and self.structure:
            return True
        if shape == "exclamation":
            return (words >= 2 and dense >= 0.35) or (words >= 1 and self.promoted and dense >= 0.3)
        return (
            (words >= 2 and dense >= 0.25)
            or (words >= 1.5 and dense >= 0.4)
            or (words >= 1 and self.promoted)
            or (words > 0 and self.piped)
            or self.structure > 1
        )


def find_suspects(lines: Sequence[str]) -> frozenset[int]:
    """The lines that hold any word or sign of spam, found in a few passes over many lines at a time."""
    suspects: set[int] = set()
    start = size = 0
    for end, line in enumerate(lines, 1):
        size += len(line) + 1
        if size > CHUNK or end == len(lines):
            suspects.update(_suspects_among(lines, start, end))
            start, size = end, 0
    return frozenset(suspects)


def _suspects_among(lines: Sequence[str], start: int, end: int) -> Iterator[int]:
    """The suspects among the lines from `start` to `end`."""
    text = "\n".join(lines[start:end]).lower()
    alphabet = frozenset(text)
    words = [word for word, letters in _vocabulary().letters if letters <= alphabet and word in text]
    signed = SIGNS.search(text) is not None or SPACED.search(text) is not None
    for i in range(start, end) if words or signed else ():
        lowered = lines[i].lower()
        if any(word in lowered for word in words) or (
            signed and (SIGNS.search(lowered) or SPACED.search(lowered))
        ):
            yield i


def find_spam(lines: Sequence[str], suspects: Collection[int]) -> Rules:
    """The rule that quarantines each whole line, by its place in `lines`; only `suspects` are looked at closely."""
    filled = [i for i, line in enumerate(lines) if line]
    evidence = {i: _evidence(lines[i], piped=PIPE_END.search(lines[i]) is not None) for i in sorted(suspects)}
    rules: Rules = {}
    for i, found in evidence.items():
        if not is_sentence(lines[i]) and AGO.search(lines[i]):
            rules[i] = f"{found.kind}-spam" if found.words else "link-farm-line"
        elif (rule := found.rule(_shape(lines[i]))) and not _is_table_row(lines, i):
            rules[i] = rule
    rules.update(_piped_neighbours(lines, filled, evidence, rules))
    rules.update(_blocks(lines, filled, evidence, rules))
    return rules


def trim_spam(line: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`line` without the spam between its sentences, and each fragment with its rule."""
    farmed = AGO.search(line) is not None
    kept: list[str] = []
    cut: list[tuple[str, str]] = []
    piped = False
    for segment in _split(SENTENCES, line):
        ends_piped = segment.rstrip()[-1:] in set(PIPE)
        rule = "link-farm-line" if farmed and ends_piped else ""
        for piece in [segment] if rule else _pieces(segment):
            verdict = rule or _piece_rule(piece, segment, piped=piped or ends_piped)
            if verdict:
                cut.append((piece.strip(), verdict))
            else:
                kept.append(piece)
        piped = ends_piped
    return ("".join(kept).strip(), tuple(cut)) if cut else (line, ())


def _pieces(segment: str) -> list[str]:
    """The parts of a sentence between spaces beside Chinese characters, where spam is glued on."""
    return _split(PIECES, segment) if _needs_look(segment) else [segment]


def _piece_rule(piece: str, segment: str, *, piped: bool) -> str:
    """The rule for a part of a sentence; a part that closes with the sentence's stop is judged as running text."""
    if not _needs_look(piece):
        return ""
    found = _evidence(piece, piped=piped)
    whole = piece.strip() == segment.strip()
    shape = _shape(piece) if whole or piece.rstrip()[-1:] in set("。！？!?；;") else "title"
    if whole and shape == "title" and width(piece) > HEADLINE_WIDTH:
        shape = "statement"
    return found.rule(shape)


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    """`text` cut behind each match of `pattern`; the parts joined are `text`."""
    ends = [match.end() for match in pattern.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]


def _shape(line: str) -> Shape:
    """What a line is, for the burden of proof."""
    if not is_sentence(line) and not line.endswith(("。", "；", ";")):
        return "exclamation" if line.endswith(("!", "！", "?", "？", ".")) else "title"
    return "exclamation" if line.endswith(("!", "！")) else "statement"


def _needs_look(text: str) -> bool:
    """Whether `text` holds any word or sign of spam."""
    vocabulary = _vocabulary()
    return (
        SIGNS.search(text) is not None
        or vocabulary.chinese.search(_key(text)) is not None
        or vocabulary.english.search(text.lower()) is not None
    )


def _evidence(text: str, *, piped: bool) -> Evidence:
    """Everything that speaks for and against `text`; what it quotes does not count as its own words."""
    own = QUOTED.sub("", text)
    weights: dict[str, float] = {}
    kinds = dict.fromkeys(("adult", "gambling", "advert"), 0.0)
    key = _key(own)
    covered = 0
    vocabulary = _vocabulary()
    for pattern, where in ((vocabulary.chinese, key), (vocabulary.english, own.lower())):
        for match in pattern.finditer(where):
            kind, weight = vocabulary.weights[SPACES.sub(" ", match[0])]
            covered += len(NOT_WORD.sub("", match[0]))
            if match[0] not in weights:
                weights[match[0]] = weight
                kinds[kind] += weight
    return Evidence(
        words=sum(weights.values()),
        coverage=covered / max(1, len(key)),
        kind=max(kinds, key=lambda kind: kinds[kind]),
        piped=piped,
        symbols=len(INSIDE_WORD.findall(own)),
        address=ADDRESS.search(own) is not None,
        promoted=PROMOTION.search(own) is not None,
        reported=REPORTING.search(text) is not None,
    )


def _key(text: str) -> str:
    """`text` as its words are looked up: without the signs and spaces that hide them, in lower case."""
    return NOT_WORD.sub("", text).lower()


def _is_table_row(lines: Sequence[str], i: int) -> bool:
    """Whether a line with a pipe at its end is a row of a table: several cells, and a neighbour with as many."""
    bars = lines[i].count("|")
    return (
        bars > 2
        and any(0 <= j < len(lines) and lines[j].count("|") == bars for j in (i - 1, i + 1))
        and (AGO.search(lines[i]) is None)
    )


def _piped_neighbours(
    lines: Sequence[str], filled: Sequence[int], evidence: dict[int, Evidence], rules: Rules
) -> Rules:
    """Lines that end in a pipe, when another one or a line of spam stands near: one alone may be a slip."""
    near = [
        i
        for i in filled
        if i in rules or (i in evidence and evidence[i].piped and not _is_table_row(lines, i))
    ]
    places = {i: at for at, i in enumerate(filled)}
    found: Rules = {}
    for before, after in pairwise(near):
        if places[after] - places[before] <= NEAR:
            found.update({i: "link-farm-line" for i in (before, after) if i not in rules})
    return found


def _blocks(
    lines: Sequence[str], filled: Sequence[int], evidence: dict[int, Evidence], rules: Rules
) -> Rules:
    """Lines between lines of spam, and suspicious ones beside them. A sentence or a heading ends a block."""
    found: Rules = {}
    run: list[int] = []
    for i in [*filled, -1]:
        if i >= 0 and (i in rules or not (is_sentence(lines[i]) or is_heading(lines[i]))):
            run.append(i)
            continue
        marked = [at for at, j in enumerate(run) if j in rules]
        for before, after in pairwise(marked):
            if after - before <= NEAR + 1:
                found.update(dict.fromkeys(run[before + 1 : after], "spam-block"))
        if marked:
            beside = [*reversed(run[: marked[0]][-NEAR:]), *run[marked[-1] + 1 :][: NEAR if i < 0 else 1]]
            found.update({j: "spam-block" for j in beside if j in evidence and evidence[j].suspicious})
            if i < 0 and len(marked) >= BLOCK:
                found.update(dict.fromkeys(run[marked[-1] + 1 :][:1], "spam-block"))
        run = []
    return found


NEAR, BLOCK = 3, 4
"""Lines between two lines of spam that go with them; lines that make a block of spam."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The listed words as two patterns, and the kind and weight of each."""

    chinese: re.Pattern[str]
    english: re.Pattern[str]
    weights: dict[str, tuple[str, float]]
    letters: tuple[tuple[str, frozenset[str]], ...]


@cache
def _vocabulary() -> Vocabulary:
    """The lists of spam_words, ready to be matched."""
    weights: dict[str, tuple[str, float]] = {}
    for kind, chinese, english in spam_words.LISTS:
        for word in (*chinese, *english):
            weights[word] = (kind, 0.5 if word in spam_words.WEAK else 1.0)
    wide = [word for word in weights if not word.isascii()]
    latin = [word for word in weights if word.isascii()]
    return Vocabulary(
        re.compile(_alternatives(wide)),
        re.compile(rf"(?:{_alternatives(latin)})(?![a-z0-9])"),
        weights,
        tuple((word, frozenset(word)) for word in weights),
    )


def _alternatives(words: Iterable[str]) -> str:
    """One pattern for `words`, grouped by first character so that matching stays quick; longest first."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", r"[\s_-]"))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(groups.items()))
