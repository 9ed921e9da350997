"""Splits paragraphs into sentences, and groups sentences into passages. Knows no reports and no index."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from bot.text.boundaries import ends_sentence

SENTENCES_PER_PASSAGE = 4
# Passages open in a chat; a longer one would fill the screen before the cited sentence is found.
_PASSAGE_CHARACTERS = 900
# Tables and code have no full stops; no longer text is searched or quoted as one sentence.
_SENTENCE_CHARACTERS = 600

_STOP_BEFORE_DIGIT = re.compile(r"[。！？](?=[0-9０-９])")
_INNER_STOP = re.compile(r"[。！？!?；;][”」』’]?(?=[^\s”」』’\w]|[\u3400-\u9fff]|\s)|\.[”’]?(?=\s+[“‘A-Z])")
_PAIRS = tuple(zip("“「『（(【《", "”」』）)】》", strict=True))
# A stretch of more characters is no lone punctuation mark.
_MARKS = 8

Span = tuple[int, int]


def sentence_spans(paragraph: str, language: str) -> list[Span]:
    """Return the spans of the sentences of `paragraph`, without the white space between them.

    sentencex (Wikimedia) proposes the boundaries, `boundaries` rejects false ones. A sentence over 600 characters is
    cut at the end of a sentence inside it, or else at a word; `boundaries.is_whole` identifies such pieces.
    """
    spans: list[Span] = []
    start = 0
    for place in _proposed(paragraph, language):
        piece = paragraph[start:place]
        alone = len(piece) <= _MARKS and not any(map(str.isalnum, piece))
        if (alone and not spans and place < len(paragraph)) or not ends_sentence(paragraph, start, place):
            continue
        begin = start + len(piece) - len(piece.lstrip())
        end = start + len(piece.rstrip())
        start = place
        if alone and spans:
            begin = spans.pop()[0]  # a lone mark belongs to what it follows
        if end - begin > _SENTENCE_CHARACTERS:
            spans.extend(_pieces(paragraph, begin, end))
        elif end > begin:
            spans.append((begin, end))
    return spans


def _proposed(paragraph: str, language: str) -> Iterable[int]:
    """Return the ends that sentencex proposes, and Chinese stops before digits, which it takes for decimal points."""
    from sentencex import get_sentence_boundaries

    ends = [b["end_index"] for b in get_sentence_boundaries("zh" if language == "zh" else "en", paragraph)]
    stops = [match.end() for match in _STOP_BEFORE_DIGIT.finditer(paragraph)]
    if not stops:
        return ends
    starts = [0, *ends]
    own = [s for s in stops if _is_balanced(paragraph[starts[bisect_right(starts, s) - 1] : s])]
    return sorted({*ends, *own})


def _is_balanced(text: str) -> bool:
    """Return whether every quotation and bracket opened in `text` is closed."""
    return all(text.count(opened) <= text.count(closed) for opened, closed in _PAIRS)


def passage_groups(sentences: list[Span]) -> list[list[Span]]:
    """Group the sentences of one paragraph into passages of one to four, as evenly as possible.

    Only counts decide (except where a group exceeds 900 characters), so the passages of a faithful translation align
    with those of its original.
    """
    if not sentences:
        return []
    count = -(-len(sentences) // SENTENCES_PER_PASSAGE)
    size, longer = divmod(len(sentences), count)
    groups: list[list[Span]] = []
    start = 0
    for i in range(count):
        end = start + size + (i < longer)
        groups.extend(_split_long(sentences[start:end]))
        start = end
    return groups


def _split_long(group: list[Span]) -> list[list[Span]]:
    if len(group) == 1 or group[-1][1] - group[0][0] <= _PASSAGE_CHARACTERS:
        return [group]
    middle = len(group) // 2
    return [*_split_long(group[:middle]), *_split_long(group[middle:])]


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence that is too long in pieces of at most 600 characters."""
    while end - start > _SENTENCE_CHARACTERS:
        cut = _last_cut(text, start + _SENTENCE_CHARACTERS // 2, start + _SENTENCE_CHARACTERS)
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if end > start:
        yield start, end


def _last_cut(text: str, first: int, last: int) -> int:
    """Return the best place to cut between two offsets: after the last stop, else at the last space, else at `last`."""
    stops = [match.end() for match in _INNER_STOP.finditer(text, first, last)]
    if stops:
        return stops[-1]
    space = text.rfind(" ", first, last)
    return space if space > 0 else last
