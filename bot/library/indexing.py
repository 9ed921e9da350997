"""Turns a cleaned document into what the library stores: ids, passages, figures, topics, terms.

Pure: reads no file and writes no database.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.blocks import LIST_LEAD, Block
from bot.library.document_terms import Item, count_terms
from bot.library.edition_index import HEAD
from bot.library.glossary import Glossary
from bot.library.ledger import Quantities
from bot.library.stories import features_of, lead_of
from bot.models import (
    NAMED_IN_HEAD,
    NAMED_IN_TITLE,
    Document,
    IndexedEdition,
    IndexedPassage,
    Passage,
    Sentence,
)
from bot.text.boundaries import is_whole
from bot.text.normalise import fold, has_han
from bot.text.pagemarks import split_page_marks
from bot.text.phrases import END, running_words
from bot.text.prose import is_prose
from bot.text.segment import Segmenter, finding_terms
from bot.text.sentences import Span, passage_groups, sentence_spans


def content_hash(document: Document) -> str:
    """Return a hash that changes with anything stored of a document."""
    return hashlib.sha256(repr(document).encode("utf-8", "surrogatepass")).hexdigest()[:16]


_PROSE = frozenset({"paragraph", "item", "quote", "caption"})
_TEXT = _PROSE | {"row", "links"}
"""Kinds of blocks that may be prose (_PROSE), and those by which a document without prose is found."""
_LABEL = re.compile(r"([^:：。！？]{2,110}?)[:：](?:\s|(?<=：))")
"""The subject of a list item, before a colon: the items nested in it are about that too."""

_SEGMENTED_TOGETHER = 20
"""Number of blocks outside passages that are segmented at once."""

_NO_LETTER = re.compile(r"[\W_\ud800-\udfff]+")


_COUNTED = 1_000
"""Maximum passages of a document whose terms are counted, above a long daily's: a book's would fill the memory."""


class _Folded(NamedTuple):
    """A text folded for the index, with its terms, its topics, and its words in order."""

    text: str
    terms: str
    topics: frozenset[str]
    words: list[str]


def index_document(
    document: Document, report: str, glossary: Glossary, segmenter: Segmenter
) -> IndexedEdition:
    """Return the document cut into passages and indexed, under the report id `report`."""
    hashed = content_hash(document)  # first, while memory is free: hashing a book makes copies of it
    passages: list[IndexedPassage] = []
    # A hash of letters and digits only: reprints differ in spaces, quotation marks and paragraphs.
    origin = hashlib.sha256()
    known: dict[str, _Folded] = {"": _Folded("", "", frozenset(), [])}
    items: defaultdict[str, Item] = defaultdict(Item)
    topics: set[str] = set()
    in_head: set[str] = set()
    quantities = Quantities(glossary, segmenter)
    groups, rest = _groups(document)
    for group in groups:
        heading = group.heading
        if heading not in known:
            known[heading] = _fold(heading, glossary, segmenter)
        folded = [_fold(sentence.text, glossary, segmenter) for sentence in group.sentences]
        text = "\n".join(one.text for one in folded)
        masks = _masks(folded, known[heading].topics)
        topics.update(masks)
        in_head.update(masks if group.spans[0][0] < HEAD else known[heading].topics)
        item = items[group.item]
        item.topics.update(masks)
        for sentence, one in zip(group.sentences, folded, strict=True) if len(passages) < _COUNTED else ():
            item.words += [*one.words, END]
            item.sentences.append(sentence.text)
        passage = Passage(
            id=hashlib.sha256(f"{report}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16],
            report_id=report,
            language=document.language,
            position=len(passages),
            start=group.spans[0][0],
            end=group.spans[-1][1],
            sentences=tuple([quantities.named_in(one, document.published) for one in group.sentences]),
            headings=heading,
        )
        origin.update(_NO_LETTER.sub("", text).encode())
        own = "\n".join(one.terms for one in folded)
        passages.append(IndexedPassage(passage, f"{own}\n{known[heading].terms}", masks))
    title = fold(document.title)
    title_words = segmenter.words(title)
    title_topics = glossary.forms.topics_of(document.title, title, lambda: title_words)
    rest_terms, rest_topics = _rest(rest, glossary, segmenter)
    return IndexedEdition(
        report,
        document,
        origin.hexdigest()[:16],
        hashed,
        " ".join([*segmenter.own_words(title, title_words), *finding_terms(title)]),
        tuple(passages),
        rest_terms,
        {
            topic: NAMED_IN_HEAD * (topic in in_head) + NAMED_IN_TITLE * (topic in title_topics)
            for topic in sorted(topics | rest_topics | title_topics)
        },
        features_of(segmenter.own_words(title, title_words), title_topics, lead_of(passages)),
        count_terms(running_words(title, title_words), items.values(), glossary.forms.is_form),
    )


def _masks(folded: Sequence[_Folded], in_heading: Iterable[str]) -> dict[str, int]:
    """Return for each topic of a passage the bits of the sentences that name it, and a further one for the heading.

    A topic that only the heading names has no bit.
    """
    masks = dict.fromkeys(in_heading, 0)
    for bit, one in enumerate(folded):
        for topic in one.topics:
            masks[topic] = masks.get(topic, 0) | 1 << bit
    return masks | {topic: masks[topic] | 1 << len(folded) for topic in in_heading if masks[topic]}


def title_features(
    title: str, passages: Sequence[IndexedPassage], glossary: Glossary, segmenter: Segmenter
) -> dict[str, bool]:
    """Return the features by which a report is compared with others: of its title and of its first passages."""
    folded = fold(title)
    words = segmenter.words(folded)
    topics = glossary.forms.topics_of(title, folded, lambda: words)
    return features_of(segmenter.own_words(folded, words), topics, lead_of(passages))


def _rest(blocks: Iterable[Block], glossary: Glossary, segmenter: Segmenter) -> tuple[str, frozenset[str]]:
    """Return the terms and topics of blocks outside passages; several are segmented at once, which is faster."""
    lines: list[str] = []
    topics: frozenset[str] = frozenset()
    texts = [block.text for block in blocks]
    for start in range(0, len(texts), _SEGMENTED_TOGETHER):
        part = texts[start : start + _SEGMENTED_TOGETHER]
        folded = _fold(" | ".join(part), glossary, segmenter)
        lines.append(folded.terms.partition("\t")[0])
        topics |= folded.topics
    return "\n".join(lines), topics


class _Group(NamedTuple):
    """Sentences that become one passage, with their spans in the text.

    `heading` are the headings and list labels above them, `item` the headings alone.
    """

    heading: str
    item: str
    spans: list[Span]
    sentences: tuple[Sentence, ...]


def _groups(document: Document) -> tuple[list[_Group], list[Block]]:
    """Return the passages of a document, and the blocks outside them with the headings that head no passage.

    Passages are cut from prose, or from all text of a document without prose.
    """
    rest: list[Block] = []
    groups = list(_groups_of(document, _PROSE, rest))
    if not groups:
        rest.clear()
        groups = list(_groups_of(document, _TEXT, rest))
    leading = {heading for group in groups for heading in group.heading.split("\n")}
    return groups, [*rest, *(b for b in document.blocks if b.kind == "heading" and b.text not in leading)]


def _groups_of(document: Document, kinds: frozenset[str], rest: list[Block]) -> Iterator[_Group]:
    """Yield the passages of the blocks of these kinds; of prose blocks, only those with a sentence of prose.

    Other blocks, except headings, are added to `rest`.
    """
    shown = document.text
    path: dict[int, str] = {}
    start = 0
    for block in document.blocks:
        kind, text, level, _, page = block
        index = start + len(block.shown) - len(text)
        start += len(block.shown) + 1
        # A heading or item is nested in those of a higher level only.
        lowest = level if kind == "heading" else LIST_LEAD + level
        path = {other: words for other, words in path.items() if other < lowest}
        if kind == "heading":
            path[level] = text
        elif kind in kinds:
            spans = [(index + a, index + b) for a, b in sentence_spans(text, document.language)]
            passages = passage_groups(spans)
            sentences = [_sentence(document, shown, span, page) for span in spans]
            if kinds is _TEXT or any(prose for _, prose in sentences):
                heading, first = "\n".join(path.values()), 0
                item = "\n".join([words for lead, words in path.items() if lead < LIST_LEAD])
                for group in passages:
                    own = sentences[first : (first := first + len(group))]
                    yield _Group(heading, item, group, tuple([sentence for sentence, _ in own]))
            else:
                rest.append(block)
        else:
            rest.append(block)
        if kind == "item" and (label := _LABEL.match(text)):
            path[lowest] = label[1]


def _sentence(document: Document, shown: str, span: Span, page: int) -> tuple[Sentence, bool]:
    """Return the sentence at `span` without the page marks at its end, and whether it is prose.

    The marks give its pages, unless its `page` is known: then they are references.
    """
    # Imported here: its patterns take as long to compile as answering a question.
    from bot.figures.extraction import find_figures

    text, marks = split_page_marks(shown[slice(*span)])
    pages = (page,) if page else marks
    if not is_prose(text):
        return Sentence(text, pages, whole=False), False
    whole = is_whole(shown, *span)
    return Sentence(text, pages, find_figures(text, document.language, document.published), whole), True


def _fold(text: str, glossary: Glossary, segmenter: Segmenter) -> _Folded:
    folded = fold(text).replace("\n", " ")
    words = segmenter.words(folded) if has_han(folded) else []  # a pattern finds Latin words
    own = segmenter.own_words(folded, words)
    terms = f"{' '.join(own)}\t{' '.join(finding_terms(folded))}"
    running = running_words(folded, words)
    return _Folded(folded, terms, glossary.forms.topics_of(text, folded, lambda: words), running)
