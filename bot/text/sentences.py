"""Cuts a paragraph into sentences, and sentences into passages. Knows no report and no index."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from bot.text.boundaries import ends_sentence

SENTENCES_PER_PASSAGE = 4
# A passage is opened in a chat; longer ones would fill the screen before the sentence is found.
_PASSAGE_CHARACTERS = 900
# Tables and code have no full stop; nothing longer is searched or quoted as one sentence.
_SENTENCE_CHARACTERS = 600

_STOP_BEFORE_DIGIT = re.compile(r"[。！？](?=[0-9０-９])")
_INNER_STOP = re.compile(r"[。！？!?；;][”」』’]?(?=[^\s”」』’\w]|[\u3400-\u9fff]|\s)|\.[”’]?(?=\s+[“‘A-Z])")
_PAIRS = tuple(zip("“「『（(【《", "”」』）)】》", strict=True))
# More characters than this are no lone mark.
_MARKS = 8

Span = tuple[int, int]


def paragraph_spans(text: str) -> Iterator[Span]:
    """Spans of the paragraphs of `text`: its non-empty lines, without the white space around them."""
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            begin = start + line.index(stripped[0])
            yield begin, begin + len(stripped)
        start += len(line) + 1


def sentence_spans(paragraph: str, language: str) -> list[Span]:
    """Spans of the sentences of `paragraph`, without the white space between them.

    sentencex (Wikimedia) proposes the boundaries, `boundaries` refuses the false ones. A sentence over 600 characters
    is cut, at the end of a sentence that it quotes or else at a word: `boundaries.is_whole` tells such a piece.
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
            begin = spans.pop()[0]  # a mark that stands alone belongs to what it follows
        if end - begin > _SENTENCE_CHARACTERS:
            spans.extend(_pieces(paragraph, begin, end))
        elif end > begin:
            spans.append((begin, end))
    return spans


def _proposed(paragraph: str, language: str) -> Iterable[int]:
    """Where sentencex ends a sentence, and each Chinese stop before a digit, which it takes for a decimal point."""
    from sentencex import get_sentence_boundaries

    ends = [b["end_index"] for b in get_sentence_boundaries("zh" if language == "zh" else "en", paragraph)]
    stops = [match.end() for match in _STOP_BEFORE_DIGIT.finditer(paragraph)]
    if not stops:
        return ends
    starts = [0, *ends]
    own = [s for s in stops if _is_balanced(paragraph[starts[bisect_right(starts, s) - 1] : s])]
    return sorted({*ends, *own})


def _is_balanced(text: str) -> bool:
    """Whether every quotation and bracket that `text` opens is closed."""
    return all(text.count(opened) <= text.count(closed) for opened, closed in _PAIRS)


def passage_groups(sentences: list[Span]) -> list[list[Span]]:
    """Sentences of one paragraph grouped into passages of one to four, as even as they go.

    Only counts decide (unless a group is over 900 characters), so the passages of a faithful translation
    stand beside those of its original.
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
    """A sentence that is too long, in pieces of at most 600 characters."""
    while end - start > _SENTENCE_CHARACTERS:
        cut = _last_cut(text, start + _SENTENCE_CHARACTERS // 2, start + _SENTENCE_CHARACTERS)
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if end > start:
        yield start, end


def _last_cut(text: str, first: int, last: int) -> int:
    """The best place between two to cut a sentence that is too long: a stop, else a space, else the last."""
    stops = [match.end() for match in _INNER_STOP.finditer(text, first, last)]
    if stops:
        return stops[-1]
    space = text.rfind(" ", first, last)
    return space if space > 0 else last
