"""Collects the evidence that a text is spam: its words, signs and register. Judges no line.

Words count only outside quotations. Signs are what no reporter writes: a symbol inside a word, a pipe at the end, an
address. Register is the language of reports, laws and research, where the same words are news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from bot.text.rule_data import any_of, read_rows, read_table

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

SYMBOLS = "\u2600-\u27bf\u2b1b-\u2b55\u3297\u3299\U0001f000-\U0001faff"
INSIDE_WORD = re.compile(
    rf"(?<=\w)\s?(?:[{SYMBOLS}]\ufe0f?)+\s?(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s?(?:[{SYMBOLS}]\ufe0f?)+\s?(?=\w)"
)
MASK = re.compile("(?<=[\u3400-\u9fff])[㊙㊗⭕❌🔞💋💦🍑]\ufe0f?(?=[\u3400-\u9fff])")
"""Symbols that replace a character of a spam word."""
SYMBOL = re.compile(rf"[{SYMBOLS}\ufe0f]+")
HANDLE = (
    r"(?:加?微信|薇信|威信|扣扣|电报|飞机|(?<![a-z])(?:加?v信|加v|vx|qq|tg|telegram|whatsapp|skype|line))"
    r"\s?(?:号|群|id)?\s?[:：@+]\s?[\w@+-]{4,}|(?:(?<![a-z])qq|扣扣)\s?(?:号|群)?\s?\d{6,11}(?!\d)"
    r"|加(?:微信|v信|薇信|威信|v|vx)\s?[a-z][\w-]{4,}|(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d元美万亿人吨个件股瓦])"
)
"""A contact on a messenger, or a mobile phone number."""
_DOMAINS = read_table(Path(__file__).with_name("spam_domains.tsv"))
ENDINGS = any_of(_DOMAINS)
ADDRESS = re.compile(
    rf"(?:https?://|www\.)[a-z0-9_.-]+|(?<![a-z0-9-])[a-z0-9-]{{2,40}}\.(?:{ENDINGS})(?![a-z0-9])"
    rf"|{HANDLE}|(?:微信|薇信|威信)\s?[a-z][a-z_-]{{0,18}}\d[\w-]{{2,}}|(?<!\w)@\w{{5,}}",
    re.IGNORECASE,
)
DOMAIN = re.compile(
    rf"(?:https?://)?(?:www\.)?(?<![a-z0-9-])([a-z0-9-]{{2,40}})\.({ENDINGS})(?![a-z0-9])[/\w?=&.-]*",
    re.IGNORECASE,
)
CHEAP = frozenset(ending for ending, price in _DOMAINS.items() if price == "cheap")
DISPOSABLE_DIGITS = 3
_CALLS = read_table(Path(__file__).with_name("spam_calls.tsv"))


def _called(role: str, *, latin: bool) -> str:
    """Return a pattern of the Chinese or English calls to action with a role."""
    return any_of(
        words for words, roles in _CALLS.items() if role in roles.split() and words.isascii() is latin
    )


PROMOTION = re.compile(
    rf"{_called('promotion', latin=False)}|送\d|\d元"
    rf"|\b(?:{_called('promotion', latin=True)}|get \d+|best \w+ (?:site|online|bonus)|no \w+ (?:needed|required)|top \d+)\b",
    re.IGNORECASE,
)
CALL = re.compile(rf"{_called('call', latin=False)}|{_called('call', latin=True)}|送\d{{1,4}}元")
"""A call to act at once."""

_REPORTING = read_table(Path(__file__).with_name("spam_reporting.tsv"))
REPORTING = re.compile(
    "|".join(
        re.escape(word) + ("" if following == "-" else f"(?!{any_of(following.split())})")
        for word, following in _REPORTING.items()
        if not word.isascii()
    )
    + rf"|\b(?:{any_of(word for word in _REPORTING if word.isascii())})\b",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"“[^“”]{0,200}”|‘[^‘’]{0,200}’|\"[^\"]{0,200}\"|「[^「」]{0,200}」|『[^『』]{0,200}』|《[^《》]{0,100}》|'[^']{2,60}'(?!\w)"
)
NOT_WORD = re.compile(r"[\W_]+")

_PARTS = read_table(Path(__file__).with_name("spam_site_parts.tsv"))
TRADES, HOUSES, DOORS = (
    tuple(part for part, role in _PARTS.items() if role == wanted) for wanted in ("trade", "house", "door")
)
SITE_OF_BETS = re.compile(
    rf"(?:{'|'.join(TRADES)})(?:官方|官网|最新|手机版?|在线|平台){{0,2}}(?:{'|'.join(DOORS)})"
    rf"|(?:{'|'.join((*HOUSES, *TRADES))})\d{{3,5}}(?:官网|备用|网址|登录|vip)"
)
"""Betting sites change their brand every month, but not the words after it."""

LATIN_WORD = re.compile(r"[a-z0-9$%]+")
KINDS = ("adult", "gambling", "advert")

Shape = Literal["title", "exclamation", "statement"]
"""A headline or label, a short call, or running text, which needs the most proof."""


class Word(Struct, frozen=True):
    """A spam word. A Latin one must be delimited by spaces; a Chinese one matches anywhere."""

    text: str
    kind: str
    weight: float
    latin: bool


class Evidence(Struct, frozen=True, dict=True):
    """The spam words in `own` (a text without quotations), the `rest` of that text, and its `context`."""

    hits: tuple[Word, ...]
    words: float
    coverage: float
    kind: str
    piped: bool
    own: str
    rest: str
    context: str

    @cached_property
    def structure(self) -> int:
        """The number of structural signs of spam."""
        symbols = len(INSIDE_WORD.findall(self.own))
        return (
            self.piped
            + min(symbols, 2)
            + (MASK.search(self.own) is not None)
            + (ADDRESS.search(SYMBOL.sub("", self.own)) is not None)
        )

    @property
    def certain(self) -> bool:
        """Whether one of its words occurs only in spam."""
        return any(word.weight >= ONE for word in self.hits)

    @cached_property
    def promoted(self) -> bool:
        """Whether the rest of the text calls on the reader to click, buy or play."""
        return PROMOTION.search(self.rest) is not None

    @cached_property
    def reported(self) -> bool:
        """Whether it, or its sentence, uses the language of reports."""
        return REPORTING.search(self.context) is not None

    @property
    def suspicious(self) -> bool:
        """Whether it counts as spam if its neighbours do."""
        return bool(self.words or self.structure) and not self.reported

    def converges(self, shape: Shape) -> bool:
        """Return whether several signs agree: several words, words with structure or a call, or a title dense with them."""
        if self.words < ONE:
            return self.words > FAINT and self.structure + self.promoted > 1
        dense_title = shape == "title" and self.coverage >= HALF_DENSE
        return len(self.hits) > 1 or self.structure > 0 or self.promoted or dense_title

    def rule(self, shape: Shape) -> str:
        """Return the rule that it breaks, or ""."""
        if not self._convicts(shape):
            return ""
        if self.reported and not (self.structure > 1 and self.words >= 1):
            return ""
        return f"{self.kind}-spam" if self.words else "link-farm-line"

    def _convicts(self, shape: Shape) -> bool:
        """Return whether words and structure agree as much as the shape requires."""
        words, dense = self.words, self.coverage
        if shape == "statement":
            sure = words >= SEVERAL and dense >= DENSE and self.promoted
            return words >= ONE and dense >= SPARSE and (sure or self.structure > 0)
        if words >= ONE and self.structure:
            return True
        if shape == "exclamation":
            return (
                (words >= SEVERAL and dense >= HALF_DENSE)
                or (words >= ONE and dense >= HALF_DENSE and self.promoted)
                or self._is_bait
            )
        return (
            (words >= SEVERAL and dense >= THIN)
            or (words > ONE and dense >= DENSE)
            or (words >= ONE and dense >= HALF)
            or (self.certain and dense >= SPARSE)
            or (words >= ONE and self.promoted)
            or (words > FAINT and self.piped)
            or (words > FAINT and dense >= SPARSE and CALL.search(self.rest) is not None)
            or (words > FAINT and dense >= HALF_DENSE and self.structure > 0)
            or (words == 0 and self.structure > 1)
            or self._is_bait
        )

    @property
    def _is_bait(self) -> bool:
        """Return whether it has a call and a throwaway address."""
        return self.structure > 0 and self.promoted and has_throwaway(self.own)


FAINT, ONE, SEVERAL = 0.25, 1.0, 2.0
"""Weights: a word that research uses too; a word of spam alone, or two shared ones; twice as much."""
WEIGHTS = {"faint": FAINT, "weak": 0.5, "strong": ONE}
"""Weights by their names in spam_words.tsv."""

SPARSE, THIN, HALF_DENSE, DENSE, HALF = 0.15, 0.25, 0.3, 0.4, 0.5
"""Shares of a text's letters that spam words cover. None is reached on 848 encyclopedia passages (CMRC 2018)."""


def gather(text: str, *, piped: bool, context: str = "", among: Sequence[Word] | None = None) -> Evidence:
    """Collect the evidence in `text`, a part of the sentence `context` if that is given.

    `among` limits the words to search for, if a longer text is known to contain no others.
    """
    words = vocabulary() if among is None else among
    own = QUOTED.sub("", text)
    # Most examined lines have a sign but no word, and names of betting sites are Chinese.
    letters = fold_signs(own) if words or not own.isascii() else ""
    sites = SITE_OF_BETS.findall(letters) if may_hold_site(letters) else []
    key = SITE_OF_BETS.sub("\n", letters) if sites else letters
    rest = own.lower()
    latin = f" {' '.join(LATIN_WORD.findall(rest))} " if words else ""
    hits: list[Word] = []
    covered = sum(map(len, sites))
    for word in _in_order(words, key, latin):
        times = latin.count(f" {word.text} ") if word.latin else key.count(word.text)
        if times:
            hits.append(word)
            covered += times * len(word.text.replace(" ", ""))
            key = key.replace(word.text, "\n")
            latin = latin.replace(f" {word.text} ", " \n ")
            rest = rest.replace(word.text, "")
    kinds = {kind: sum(word.weight for word in hits if word.kind == kind) for kind in KINDS}
    kinds["gambling"] += ONE * bool(sites)
    share = covered / max(1, len(letters) - sum(map(str.isdigit, letters))) if covered else 0.0
    kind = max(kinds, key=lambda kind: kinds[kind])
    return Evidence(tuple(hits), sum(kinds.values()), share, kind, piped, own, rest, context or text)


def _in_order(words: Iterable[Word], key: str, latin: str) -> list[Word]:
    """Return those of `words` that occur, in the order in which they claim letters of the text.

    Of overlapping words (皇马国际, 国际娱乐, 娱乐平台), the longest wins, then the heaviest, then the first.
    """
    places = ((word, latin if word.latin else key) for word in words)
    present = [(word, text.find(word.text)) for word, text in places if _is_in(word, text)]
    present.sort(key=lambda pair: (-len(pair[0].text), -pair[0].weight, pair[1]))
    return [word for word, _ in present]


def _is_in(word: Word, text: str) -> bool:
    """Return whether `word` occurs in `text`; a Latin end must be at a word boundary (`a片` is not in `fpga片上`)."""
    if word.text not in text or word.latin or not (word.text[0].isascii() or word.text[-1].isascii()):
        return word.text in text
    return _alone(word.text).search(text) is not None


@cache
def _alone(word: str) -> re.Pattern[str]:
    before = "(?<![a-z])" if word[0].isascii() else ""
    after = "(?![a-z0-9])" if word[-1].isascii() else ""
    return re.compile(before + re.escape(word) + after)


def has_throwaway(text: str) -> bool:
    """Return whether `text` has a throwaway address: digits as in `kb8899.com`, or a cheap top-level domain."""
    return any(
        address[2].lower() in CHEAP
        or (
            sum(map(str.isdigit, address[1])) >= DISPOSABLE_DIGITS
            and not address[1].replace("-", "").isdigit()
        )
        for address in DOMAIN.finditer(text)
    )


def fold_signs(text: str) -> str:
    """Return `text` in lower case, without the signs and spaces that hide a Chinese word."""
    return NOT_WORD.sub("", text).lower()


@cache
def vocabulary() -> tuple[Word, ...]:
    """Return the words of spam_words.tsv, longest first, so that shorter words inside are not counted again."""
    rows = read_rows(Path(__file__).with_name("spam_words.tsv"))
    words = [Word(text, kind, WEIGHTS[weight], latin=text.isascii()) for text, kind, weight in rows]
    return tuple(sorted(words, key=lambda word: -len(word.text)))


def words_in(text: str) -> tuple[Word, ...]:
    """Return the vocabulary's words that occur in a lower-case text, in the vocabulary's order."""
    places = {index for index, _, _ in _automaton().find_matches_as_indexes(text, overlapping=True)}
    return tuple(vocabulary()[index] for index in sorted(places))


@cache
def _automaton() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick

    return AhoCorasick([word.text for word in vocabulary()])


def may_hold_site(text: str) -> bool:
    """Return whether SITE_OF_BETS may match in `text`: a cheap test."""
    return any(trade in text for trade in (*TRADES, *HOUSES)) and any(door in text for door in DOORS)
