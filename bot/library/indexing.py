"""Turns a cleaned document into what the library stores: identity, passages, figures, topics, terms.

Pure: reads no file and writes no database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from bot.library.glossary import Glossary
from bot.models import Document, IndexedEdition, IndexedPassage, Passage, Sentence
from bot.text.boundaries import is_whole
from bot.text.normalise import fold
from bot.text.pagemarks import split_page_marks
from bot.text.segment import Segmenter, finding_terms
from bot.text.sentences import passage_groups, sentence_spans


def new_report_id(key: str, taken: Callable[[str], bool] = lambda _: False) -> str:
    """An id for the report whose source has this key: 12 hexadecimal digits, the same for the same key.

    Where `taken` says that another report has it, whose key was this one by earlier rules, it is the next one.
    """
    for number in count():
        text = f"{key}\0{number}" if number else key
        identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        if not taken(identity):
            return identity
    raise AssertionError  # count() does not end


def content_hash(document: Document) -> str:
    """Changes with anything that is stored of a document."""
    return hashlib.sha256(repr(document).encode("utf-8", "surrogatepass")).hexdigest()[:16]


_NO_LETTER = re.compile(r"[\W_\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class _Folded:
    """A sentence for the index: its terms and its topics."""

    text: str
    terms: str
    topics: frozenset[str]


def index_document(
    document: Document, report: str, glossary: Glossary, segmenter: Segmenter
) -> IndexedEdition:
    """The document cut into passages and indexed, under the report id `report`."""
    passages: list[IndexedPassage] = []
    texts: list[str] = []
    known: dict[str, _Folded] = {"": _Folded("", "", frozenset())}
    shown = document.text
    for heading, group in _groups(document):
        if heading not in known:
            known[heading] = _fold(heading, glossary, segmenter)
        sentences = tuple(_sentence(document, shown, start, end) for start, end in group)
        folded = [_fold(sentence.text, glossary, segmenter) for sentence in sentences]
        text = "\n".join(one.text for one in folded)
        # What only the heading says of a passage is said by none of its sentences.
        masks = dict.fromkeys(known[heading].topics, 0)
        for bit, one in enumerate(folded):
            for topic in one.topics:
                masks[topic] = masks.get(topic, 0) | 1 << bit
        passage = Passage(
            id=hashlib.sha256(f"{report}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16],
            report_id=report,
            language=document.language,
            position=len(passages),
            start=group[0][0],
            end=group[-1][1],
            sentences=sentences,
        )
        texts.append(text)
        own = "\n".join(one.terms for one in folded)
        passages.append(IndexedPassage(passage, f"{own}\n{known[heading].terms}", masks))
    # Reprints differ in spaces, quotation marks and paragraphs.
    origin = hashlib.sha256(_NO_LETTER.sub("", "".join(texts)).encode()).hexdigest()[:16]
    title = " ".join(segmenter.terms(fold(document.title)))
    return IndexedEdition(report, document, origin, content_hash(document), title, tuple(passages))


def _groups(document: Document) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The sentences of each passage, with the headings that they stand under."""
    path: dict[int, str] = {}
    start = 0
    for block in document.blocks:
        if block.kind == "heading":  # leads to passages, and is none
            path = {other: words for other, words in path.items() if other < block.level}
            path[block.level] = block.text
        else:
            for group in passage_groups(sentence_spans(block.text, document.language)):
                yield "\n".join(path.values()), [(start + a, start + b) for a, b in group]
        start += len(block.shown) + 1


def _sentence(document: Document, shown: str, start: int, end: int) -> Sentence:
    from bot.figures.extraction import (
        find_figures,
    )  # its patterns take as long to compile as a question to answer

    text, pages = split_page_marks(shown[start:end])
    figures = find_figures(text, document.language, document.published)
    return Sentence(text, pages, figures, bool(text) and is_whole(shown, start, end))


def _fold(text: str, glossary: Glossary, segmenter: Segmenter) -> _Folded:
    folded = fold(text).replace("\n", " ")
    words = segmenter.words(folded)
    topics = frozenset(mention.topic for mention in glossary.find(folded, lambda: words))
    own = segmenter.own_words(folded, words)
    return _Folded(folded, f"{' '.join(own)}\t{' '.join(finding_terms(folded))}", topics)
