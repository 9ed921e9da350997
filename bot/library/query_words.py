"""Cuts a question, or a written form of a topic, into the words that it is searched by. Knows no topic. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.normalise import has_han
from bot.text.segment import HYPHENED, Segmenter, latin_words
from bot.text.stopwords import STOPWORDS

_HAN_PIECE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")


def words_of(text: str, segmenter: Segmenter) -> Iterator[str]:
    """Yield the pieces of `text` between its stop words: Latin words one by one, adjacent Han words joined."""
    for chunk in text.split():
        for piece in _HAN_PIECE.findall(chunk):
            if has_han(piece):
                yield from _han_words(piece, segmenter)
            else:
                yield from _latin(piece)


def parts_of(form: str, segmenter: Segmenter) -> Iterator[str]:
    """Yield the words of a form in sequence, the longest from the left, but not the form itself."""
    end = 0
    for word, start, stop in sorted(segmenter.words(form), key=lambda cut: (cut[1], -cut[2])):
        if start >= end and word != form:
            end = stop
            yield word


def terms_in(word: str, segmenter: Segmenter) -> list[str]:
    """Return the words in a Han run or Latin word. A hyphenated word or a run of single characters stays one term."""
    own = segmenter.own_words(word, segmenter.words(word))
    if HYPHENED.fullmatch(word):
        return [" ".join(own)]
    return [term for term in own if len(term) > 1 or not has_han(term)] or [" ".join(own)]


def _latin(piece: str) -> Iterator[str]:
    """Yield the Latin words of a piece without spaces; words joined by hyphens count as one, as in RE-Bench."""
    end = 0
    for match in HYPHENED.finditer(piece):
        yield from (word for word in latin_words(piece[end : match.start()]) if word not in STOPWORDS)
        yield match[0]
        end = match.end()
    yield from (word for word in latin_words(piece[end:]) if word not in STOPWORDS)


def _han_words(piece: str, segmenter: Segmenter) -> Iterator[str]:
    end, run = 0, ""
    # Search mode lists short words before the long one that contains them: the long ones, from the left, tile the text.
    for word, start, stop in sorted(segmenter.words(piece), key=lambda cut: (cut[1], -cut[2])):
        if start < end:
            continue
        end = stop
        if word in STOPWORDS:
            if run:
                yield run
            run = ""
        else:
            run += word
    if run:
        yield run
