"""Cuts a paragraph into sentences, and sentences into passages. Knows no report and no index."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCES_PER_PASSAGE = 4
# A passage is opened in a chat; longer ones would fill the screen before the sentence is found.
_PASSAGE_CHARACTERS = 900
# Tables and code have no full stop; nothing longer is searched or quoted as one sentence.
_SENTENCE_CHARACTERS = 600

# sentencex takes 。 before a digit for a decimal point.
_FULL_STOP = re.compile(r"[。！？](?=[0-9０-９])")

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

    Boundaries are those of sentencex (Wikimedia); a sentence over 600 characters is cut at a word.
    """
    from sentencex import get_sentence_boundaries

    spans: list[Span] = []
    for boundary in get_sentence_boundaries(language if language == "zh" else "en", paragraph):
        start, end = boundary["start_index"], boundary["end_index"]
        for stop in [*(m.end() for m in _FULL_STOP.finditer(paragraph, start, end)), end]:
            piece = paragraph[start:stop]
            begin = start + len(piece) - len(piece.lstrip())
            spans.extend(_capped(paragraph, begin, begin + len(piece.strip())))
            start = stop
    return spans


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


def _capped(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > _SENTENCE_CHARACTERS:
        cut = text.rfind(" ", start + _SENTENCE_CHARACTERS // 2, start + _SENTENCE_CHARACTERS)
        cut = cut if cut > 0 else start + _SENTENCE_CHARACTERS
        yield start, cut
        start = cut + (text[cut : cut + 1] == " ")
    if end > start:
        yield start, end
