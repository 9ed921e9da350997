"""Finds the sentences that say how much of something a thing has: parameters, users, context, money raised or spent.

Such a sentence has the thing, a number in the unit of what is asked, and beside the number a word of what is asked
(amount_words.tsv). A sentence that lacks one of them is no answer, whatever else it says. A sentence that gives a number need not
resemble the question ("400 million people use it each week"): the ledger records what each figure measures, and of what
(figures/identity). Prices are told by prices.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from bot.library.glossary import Glossary, places
from bot.library.ledger import LedgerRow
from bot.library.library import Library
from bot.library.query import Query
from bot.models import IndexedPassage, Language
from bot.text.normalise import fold, has_han
from bot.text.periods import YEAR
from bot.text.rule_data import any_of, any_whole, read_kinds
from bot.text.stems import stem
from bot.trends.concepts import Concept, asking
from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import Ranked
from bot.trends.standalone import depends_on_previous, with_lead
from bot.trends.statements import Statement
from bot.trends.things import things_named, with_any_of

_HITS = 480
_KINDS = (
    "parameters",
    "context",
    "users",
    "valuation",
    "market value",
    "revenue",
    "profit",
    "loss",
    "funding",
    "training",
    "spending",
)
_ASKED = frozenset({"how many", "price"})
_NUMBER = r"(?<![@a-z0-9.,])\d[\d,.]*(?: ?[-–~至到] ?\d[\d,.]*)? ?"
_MONEY = rf"(?:us)?[$¥€£] ?\d[\d,.]*(?: ?(?:m|b|tr)illion\b| ?[bm]\b)?|{_NUMBER}[十百千万亿]*[多余]?(?:美元|美金|元|人民币|欧元|英镑|日元|dollars?\b|usd\b)"
_AMOUNTS: Mapping[str, str] = {
    "context": rf"{_NUMBER}[kmb百千万亿]*(?: million)?[ -]?个? ?(?:tokens?\b(?!/)|汉字|字|词元)|{_NUMBER}k\b",
    "parameters": rf"{_NUMBER}(?:[bmt](?![a-z])|[十百千万]*[亿万]|billion\b|trillion\b|million\b)",
    "users": rf"(?:{_NUMBER}(?:[bkm](?![a-z])|[十百千万]*[亿万]|billion\b|million\b)|(?<![@a-z0-9.,])\d[\d,]{{3,}})"
    r"(?! ?(?:tokens?|context|上下文|[美日欧]?元|个?参数))",
}
"""A number in the unit of each kind; all others are amounts of money."""
_CLAUSE = r"[^,;!?。…\n]"
_TO_AMOUNT = 60
"""Characters between a name and the amount behind it, in one clause or the next."""
_TO_NAME = 8
_OTHER_PRODUCT = r"(?<![a-z0-9])[a-z]+-v?\d"
_TO_WORD = 16


_ASK_FOR_NUMBER = frozenset({"how many", "price", "what"})

_MOST_MEASURED = 4

# A figure's subject with more words that the question lacks is another one, such as the users of ChatGPT Team.
_MOST_OTHERS = 1

_PACE = frozenset({"~cumulative", "~daily", "~monthly", "~weekly", "~yearly"})


class AmountAsked(Struct, frozen=True):
    """What a question asks the amount of: the kind, each thing with the ways to write it, and its other words."""

    kind: str
    names: tuple[tuple[str, ...], ...]
    beside: frozenset[str]


def amount_asked(query: Query, glossary: Glossary) -> AmountAsked | None:
    """Return what a question asks the amount of; None if it asks for anything else, or of no name."""
    folded = fold(query.text)
    kind = next((kind for kind in _KINDS if _pattern_of(kind).search(folded)), "")
    is_asked = not asking(query.text).kinds.isdisjoint(_ASKED) or _is_alone(kind, query, folded)
    if not kind or not (is_asked or _what_is(kind).match(folded)):
        return None
    counted = {word for words in _words().values() for word in words}
    named = Query(
        query.text,
        topics=tuple(topic for topic in query.topics if topic not in places()),
        typed=query.typed,
        names=tuple(name for name in query.names if not (name[0].isdigit() or name in counted)),
        versions=query.versions,
    )
    names = tuple(tuple(_numbered(form, folded) for form in name) for name in things_named(named, glossary))
    left = _pattern_of(kind).sub(" ", folded)
    beside = frozenset(
        stem(word) for word in query.content if word in left and not asking(query.text).has(word)
    )
    return AmountAsked(kind, names, beside) if names else None


def _is_alone(kind: str, query: Query, folded: str) -> bool:
    """Return whether a question is nothing but names and what there may be an amount of: DeepSeek-V3 参数, OpenAI的估值."""
    if not kind or asking(query.text).kinds:
        return False
    named = sorted({*query.versions, *query.names, *query.typed}, key=len, reverse=True)
    of_name = rf"(?:{any_of(named)})(?:[ -]?v?\d[\d.]*b?)?" if named else "(?!)"
    left = _pattern_of(kind).sub(" ", re.sub(of_name, " ", folded))
    return not re.sub(r"的|'s\b|\b(?:of|the)\b|\W", "", left)


def passages_with_amounts(
    amount: AmountAsked, library: Library, days: tuple[date, date] | None = None
) -> dict[int, IndexedPassage]:
    """Return the newest passages, of the reports of some `days`, that have the names and a word of what is asked."""
    beside = with_any_of(amount.names, _told(amount.kind))
    return library.passages(library.match_newest(beside, _HITS, days))


def states_amount(amount: AmountAsked, statement: Statement, language: Language) -> bool:
    """Return whether a statement has the names, with the number asked for beside one of them."""
    text = fold(statement.wording_for(language).sentence.text)
    return _pattern(amount, is_han=has_han(text), in_clause=False).search(text) is not None


def newest_amounts(ranked: Iterable[Ranked], amount: AmountAsked, language: Language) -> list[Ranked]:
    """Return statements of amounts, those first that hold more of the other words, in the reader's language, then the newest.

    Before all these comes an amount in the clause of the name, and before that one of the whole; last what leans on another sentence, or unnamed people say.
    """

    def order(one: Ranked) -> tuple[bool, bool, int, bool, bool, bool, int]:
        held = len(amount.beside.intersection(map(stem, one.terms)))
        wording = one.statement.wording_for(language)
        text, leans = wording.sentence.text, depends_on_previous(with_lead(wording)[0].text)
        whole = _part(amount).sub(" ", fold(text))
        apart = _pattern(amount, is_han=has_han(text), in_clause=True).search(fold(text)) is None
        partly = _pattern(amount, is_han=has_han(text), in_clause=False).search(whole) is None
        day = one.statement.report.published
        foreign = language not in one.statement.wordings
        return is_hearsay(text), leans, -held, foreign, partly, apart, -(day.toordinal() if day else 0)

    return sorted(ranked, key=order)


@cache
def _pattern(amount: AmountAsked, *, is_han: bool, in_clause: bool) -> re.Pattern[str]:
    """Return the pattern of a folded sentence with each name, and the number with its word behind or right before one.

    Where another name may stand between them, which in a Chinese sentence any Latin word may be, and in an English one a
    product with its number, the number is that one's.
    """
    ends = rf"(?! (?:{any_whole(_words()['variant'])}))" if in_clause else ""
    spelled = [f"(?:{'|'.join(map(_spelled, name))}){ends}" for name in amount.names]
    number = f"(?:{_AMOUNTS.get(amount.kind, _MONEY)})"
    word = f"(?:{any_whole(_told(amount.kind))})(?!{any_whole(_words()['limit'])})"
    changed = rf"(?!(?:{any_whole(_words()['change'])})[^%\d]{{0,4}}\d[\d,.]*(?! ?%))"
    told = (
        rf"(?:{number}{_CLAUSE}{{0,{_TO_WORD}}}?{word}|{word}(?:{changed}{_CLAUSE}){{0,{_TO_WORD}}}?{number})"
    )
    name = f"(?:{'|'.join(spelled)})"
    held = "".join(rf"(?=.*{one})" for one in spelled)
    another = rf"(?<![a-z])(?!(?:{any_whole(_words()['within'])}))[a-z]{{4}}" if is_han else _OTHER_PRODUCT
    other = rf"(?!(?:{any_whole(_words()['apart'])})|{another})"
    clause = _CLAUSE if in_clause else r"[^;!?。…\n]"
    behind = rf"{name}(?:{other}{clause}){{0,{_TO_AMOUNT}}}?{told}"
    before = rf"{told}(?:{other}{_CLAUSE}){{0,{_TO_NAME}}}?{name}"
    around = rf"{word} (?:of|for) (?:the )?{name}(?:{other}{clause}){{0,{_TO_WORD}}}?{number}"
    return re.compile(rf"^{held}.*?(?:{behind}|{before}|{around})")


@cache
def _part(amount: AmountAsked) -> re.Pattern[str]:
    """Return the pattern of a number that is that of a part only, such as the parameters that are active at a time."""
    number, part = f"(?:{_AMOUNTS.get(amount.kind, _MONEY)})", f"(?:{any_whole(_words()['part'])})"
    return re.compile(rf"{number}[^\d,;.]{{0,24}}?{part}|{part}[^\d,;.]{{0,24}}?{number}")


def _told(kind: str) -> list[str]:
    """Return the words by which reports tell an amount of a kind: those that ask for it, and more of training."""
    return _words()[kind] + _words().get(f"told of {kind}", [])


def _numbered(name: str, folded: str) -> str:
    """Return a name with the version or size that a folded question has behind it, if any: mistral 7b."""
    numbered = re.search(rf"{re.escape(name)}(?! ?{YEAR})[ -]?v?\d[\d.]*b?", folded)
    return numbered[0].rstrip(".") if numbered else name


def _spelled(name: str) -> str:
    """Return the pattern of a name, with or without hyphens and spaces before numbers, that ends where its version ends."""
    parts = [re.escape(part) for part in re.findall(r"[^\d\s-]+|[\d.]+", name)]
    return rf"(?<![a-z0-9]){'[ -]?'.join(parts)}(?![a-z0-9_]|[.]\d|-(?!\d+b\b)[a-z0-9])"


@cache
def _pattern_of(kind: str) -> re.Pattern[str]:
    return re.compile(any_whole(_words()[kind]))


@cache
def _what_is(kind: str) -> re.Pattern[str]:
    """Return the pattern of a folded question what the amount of a kind is: "what is OpenAI's valuation?"."""
    word = any_whole(_words()[kind])
    return re.compile(rf"what(?:['’]s| is| was) (?:the (?:{word}) (?:of|for) |[^?]*(?:{word})\W*$)")


@cache
def _words() -> Mapping[str, list[str]]:
    return read_kinds(Path(__file__).with_name("amount_words.tsv"))


class Measured(NamedTuple):
    """Passages with the figures that a question asks for, by rowid, and the keys of the sentences that give them."""

    passages: Mapping[int, IndexedPassage]
    keys: frozenset[tuple[str, int, int]]

    @property
    def fit(self) -> dict[str, float]:
        """The reports of these sentences, each with the highest fit."""
        return {report: 1.0 for report, _, _ in self.keys}


def measured(query: Query, concepts: Iterable[Concept], library: Library, language: Language) -> Measured:
    """Return up to four figures of what a question asks for, those in the reader's language first, then the newest.

    Empty when the question asks for no number, or names nothing that a number can be of.
    """
    if asking(query.text).kinds.isdisjoint(_ASK_FOR_NUMBER):
        return Measured({}, frozenset())
    from bot.figures.quantity_words import quantity_words  # its patterns take long to compile

    names = {concept.name for concept in concepts if concept.is_topic and concept.is_name}.union(query.names)
    measures = {word.measure.name for word in quantity_words(fold(query.text)) if word.measure}
    if not names or not measures:
        return Measured({}, frozenset())
    known = names.union(_PACE, *(words.split() for words in (*query.content, *query.typed)))
    rows = _nearest(
        [row for row in library.figures_measuring(measures) if names.issubset(_subject(row))], known
    )
    newest = sorted(rows, key=lambda row: (row.language != language, -(row.published or 0)))[:_MOST_MEASURED]
    passages = library.passages(row.passage for row in newest)
    return Measured(passages, frozenset(_keys(newest, passages)))


def _nearest(rows: Sequence[LedgerRow], known: Iterable[str]) -> list[LedgerRow]:
    """Return the figures whose subject has the fewest unknown words; none when even these have more than one."""
    others = [len(set(_subject(row)).difference(known)) for row in rows]
    fewest = min(others, default=0)
    return [row for row, count in zip(rows, others, strict=True) if count == fewest <= _MOST_OTHERS]


def _subject(row: LedgerRow) -> list[str]:
    return row.quantity.split(" | ")[2].split()


def _keys(
    rows: Iterable[LedgerRow], passages: Mapping[int, IndexedPassage]
) -> Iterator[tuple[str, int, int]]:
    for row in rows:
        if row.passage in passages:
            yield row.report_id, passages[row.passage].passage.position, row.sentence
