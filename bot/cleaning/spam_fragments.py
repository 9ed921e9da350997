"""Removes spam inside a good line: sentences, clauses and addresses. The rest of the line stays.

Whole lines are judged by spam.py, with the same burden of proof.
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
"""An address with the words that announce it, attached to a sentence."""

COMMAS = (",", "，")

LONG = 2000
"""A longer line of which DENSE is spam words is not an article about spam."""


def trim_spam(
    line: str, words: tuple[Word, ...], *, on_clean_page: bool = False
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return `line` without its spam fragments, and these with their rules. `words` are the spam words in it.

    On a clean page, a fragment needs signs of several kinds.
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
    """Return `line` without throwaway addresses and their announcements, and these with their rule."""
    cut: list[tuple[str, str]] = []

    def judged(match: re.Match[str]) -> str:
        if not has_throwaway(match[0]):
            return match[0]
        cut.append((match[0], "link-farm-line"))
        return ""

    return SIGNPOST.sub(judged, line) if "." in line else line, tuple(cut)


@lru_cache(maxsize=256)
def _judged(segment: str, words: tuple[Word, ...], *, piped: bool) -> tuple[tuple[str, str], ...]:
    """Return the parts of a sentence with their rules: the sentence as a whole, or the parts attached to it.

    A part between spaces is judged by itself; a part between commas, in its sentence.
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
    """Return the rule of a part of a sentence; one that ends with the sentence's full stop counts as running text."""
    evidence = gather(piece, piped=piped, context=context, among=words)
    closed = piece.rstrip()[-1:] in set("。！？!?；;")
    return evidence.rule(shape_of(piece.strip()) if closed else "title") if evidence.words else ""


def _glued(segment: str, words: tuple[Word, ...]) -> Iterator[tuple[str, str]]:
    """Yield the parts of a sentence between spaces and commas, each with the context to judge it in.

    Neighbours that all contain a spam word or an address are one part: `办证刻章 代开发票 13800000000`.
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
    """Split `text` after each match of `pattern`; the joined parts equal `text`."""
    ends = [match.end() for match in pattern.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]
