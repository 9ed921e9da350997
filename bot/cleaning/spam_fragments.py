"""Spam inside a good line: takes out the sentences, clauses and addresses that are spam and keeps the rest.

Whole lines are for spam to judge; the burden of proof is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.cleaning.spam import AGO, PIPE, shape_of
from bot.cleaning.spam_evidence import DENSE, ENDINGS, Word, gather, has_throwaway
from bot.text.lines import HEADLINE_WIDTH, width

SENTENCES = re.compile(rf"[。！？!?；;]+[”’」』）)]*|[{PIPE}]|\.(?=\s)")
PIECES = re.compile(
    r"[,，】]|(?<=.)(?=【)|(?<=[\u3400-\u9fff]{2})\s+|\s+(?=[\u3400-\u9fff]{2})|(?<=[a-z])\s(?=[A-Z][a-z]+\s[a-z])"
)
SIGNPOST = re.compile(
    r"(?:(?:最新|官方|备用|永久|唯一|网站|注册|登录|活动){1,2}(?:网址|官网|域名|入口|地址|网站)|官网|网址)\s?[:：]?\s?"
    rf"(?:https?://)?(?:www\.)?[a-z0-9-]{{2,40}}\.(?:{ENDINGS})(?![a-z0-9])",
    re.IGNORECASE,
)
"""An address with the words that lead to it, glued to a sentence."""

COMMAS = (",", "，")

LONG = 2000
"""Characters of a line that is no text about spam when DENSE of them are its words."""


def trim_spam(
    line: str, words: tuple[Word, ...], *, on_clean_page: bool = False
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`line` without the spam between its sentences, and each fragment with its rule; it holds none but `words`.

    On a clean page signs of several kinds must meet in a fragment.
    """
    farmed = AGO.search(line) is not None
    whole = gather(line, piped=False, among=words)
    line, signposts = _without_signposts(line)
    if not (farmed or whole.words):
        return line, signposts
    if len(line) > LONG and whole.coverage >= DENSE:
        return "", ((line, f"{whole.kind}-spam"),)
    kept: list[str] = []
    cut = list(signposts)
    piped = False
    for segment in _split(SENTENCES, line):
        ends_piped = segment.rstrip()[-1:] in set(PIPE)
        if farmed and ends_piped:
            cut.append((segment.strip(), "link-farm-line"))
        else:
            for piece, rule in _judged(segment, whole.hits, piped=piped or ends_piped):
                if rule and (not on_clean_page or _converges(piece, words)):
                    cut.append((piece.strip(), rule))
                else:
                    kept.append(piece)
        piped = ends_piped
    return ("".join(kept).strip(), tuple(cut)) if cut else (line, ())


def _converges(piece: str, words: tuple[Word, ...]) -> bool:
    return gather(piece, piped=False, among=words).converges(shape_of(piece.strip()))


def _without_signposts(line: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`line` without throwaway addresses and the words that lead to them, and these with their rule."""
    cut: list[tuple[str, str]] = []

    def judged(match: re.Match[str]) -> str:
        if not has_throwaway(match[0]):
            return match[0]
        cut.append((match[0], "link-farm-line"))
        return ""

    return SIGNPOST.sub(judged, line) if "." in line else line, tuple(cut)


@lru_cache(maxsize=256)
def _judged(segment: str, words: tuple[Word, ...], *, piped: bool) -> tuple[tuple[str, str], ...]:
    """The parts of a sentence, each with the rule it falls under: the whole first, else what is glued on.

    A part between spaces stands for itself; a part between commas is read in its sentence.
    """
    whole = gather(segment, piped=piped, among=words)
    if not whole.words:
        return ((segment, ""),)
    shape = shape_of(segment.strip())
    if rule := whole.rule("statement" if shape == "title" and width(segment) > HEADLINE_WIDTH else shape):
        return ((segment, rule),)
    return tuple(
        (piece, _piece_rule(piece, words, context, piped=piped)) for piece, context in _glued(segment, words)
    )


def _piece_rule(piece: str, words: tuple[Word, ...], context: str, *, piped: bool) -> str:
    """The rule for a part of a sentence; one that closes with the sentence's stop is judged as running text."""
    evidence = gather(piece, piped=piped, context=context, among=words)
    closed = piece.rstrip()[-1:] in set("。！？!?；;")
    return evidence.rule(shape_of(piece.strip()) if closed else "title") if evidence.words else ""


def _glued(segment: str, words: tuple[Word, ...]) -> Iterator[tuple[str, str]]:
    """The parts of a sentence between spaces and commas, each with the text it must be read in.

    Neighbours that all hold a word of spam or an address are one part: `办证刻章 代开发票 13800000000`.
    """
    group = ""
    before = ""
    for piece in _split(PIECES, segment):
        evidence = gather(piece, piped=False, among=words)
        part = piece.rstrip().endswith(COMMAS) or before.endswith(COMMAS)
        if part and not evidence.structure:
            yield from ((group, ""), (piece, segment))
            group = ""
        elif evidence.words or evidence.structure:
            group += piece
        else:
            yield from ((group, segment if group.isascii() else ""), (piece, ""))
            group = ""
        before = piece.rstrip()
    yield group, segment if group.isascii() else ""


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    """`text` cut behind each match of `pattern`; the parts joined are `text`."""
    ends = [match.end() for match in pattern.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]
