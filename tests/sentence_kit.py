"""Test kit for sentences: an independent judgement of where they end, which knows nothing of the splitter."""

from __future__ import annotations

import re

from bot.library.library import Library

OPENING, CLOSING = "([{（【「『“《〈", ")]}）】」』”》〉"
STOPS = ".!?。！？…；;．⋯"
PAGE_MARK = re.compile(r"\s*[\[［]\s*\d{1,4}(?:\s*[,，、;；–—-]\s*\d{1,4})*\s*[\]］]")
NEVER_ENDS = re.compile(
    r"(?<![\w.])(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Gen|Sen|Gov|Lt|Col|Capt|e\.g|i\.e|cf|vs|approx|viz)\.$"
)
NUMBERED = re.compile(r"(?<![\w.])(?:No|Nos|Vol|Fig|Figs|Eq|Sec|pp|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.$")
MIDDLE_INITIAL = re.compile(r"(?:^|[\s\u3400-\u9fff·])(?:[A-Z]\.)+$")
SMALL_WORD = re.compile(r"[a-z]{2,}(?=[\s,;)])")
LONGEST_ASIDE = 200


def violation(text: str, start: int, end: int) -> str:
    """Return why text[start:end] is no sentence, judged by the characters around it; "" if it is one."""
    sentence = text[start:end]
    if not sentence or sentence != sentence.strip():
        return "white space around it"
    return _beginning(text, start, end) or _ending(text, start, end)


def _beginning(text: str, start: int, end: int) -> str:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    before = PAGE_MARK.sub("", line).rstrip()
    if not before:
        return ""
    first = text[start]
    if first in CLOSING + ",，、。；：:;)!?！？%":
        return "begins with a mark that ends something"
    if before[-1] not in STOPS + CLOSING + "\"'’":
        return "begins where nothing ends"
    glued = not text[start - 1].isspace()
    if glued and before[-1] in ".!?．" and first.isalnum() and (first.isascii() or before[-1] == "．"):
        return "begins inside a name or a number"
    if glued and before.endswith("..") and first.isalnum():
        return "begins after an ellipsis"
    if NEVER_ENDS.search(before) or (NUMBERED.search(before) and first.isdigit()):
        return "begins after an abbreviation"
    if MIDDLE_INITIAL.search(before) and re.match(r"[A-Z]\.|[\u3400-\u9fff]", text[start:end]):
        return "begins after an initial"
    small = SMALL_WORD.match(text, start, end)
    if small and before[-1] == "." and re.search(r"(?:^|[.!?]\s)[A-Z][^.!?]*\.$", before):
        return "begins with a small letter"
    return ""


def _ending(text: str, start: int, end: int) -> str:
    rest = text[end:].partition("\n")[0]
    if not PAGE_MARK.sub("", rest).strip():
        return ""
    last, following = text[end - 1], rest[0]
    if following in CLOSING + "，。；：、":
        return "ends before a mark that belongs to it"
    if last in ".!?" and following.isascii() and following.isalnum():
        return "ends inside a name or a number"
    if re.search(r"[\d.．]$", text[start:end]) and re.fullmatch(r"\W*\d{1,3}[.．]", text[start:end]):
        return "is the number of an item"
    return _open_aside(text[start:end], rest)


def _open_aside(sentence: str, rest: str) -> str:
    """Return which bracket or quotation is left open though `rest` closes it within the sentence, "" if none."""
    for opened, closed in zip(OPENING, CLOSING, strict=True):
        if sentence.count(opened) == sentence.count(closed) + 1 and sentence.rfind(opened) > sentence.rfind(
            closed
        ):
            aside = rest[:LONGEST_ASIDE].partition(closed)
            if aside[1] and opened not in aside[0] and not re.search(f"[{STOPS}]", aside[0]):
                return f"leaves {opened} open"
    return ""


def violations(library: Library) -> tuple[int, int, list[tuple[str, str]]]:
    """Return the number of quotable sentences, that of other pieces, and (fault, sentence) for faulty quotable ones."""
    quotable, pieces, wrong = 0, 0, []
    for report in library.reports(library.report_ids()).values():
        for edition in report.editions:
            text = library.text(report.id, edition.language) or ""
            passages = library.passages_at(report.id, edition.language, list(range(edition.passages)))
            for passage in sorted(passages, key=lambda p: p.position):
                # A passage is within one line; other lines may contain the same words.
                first = text.rfind("\n", 0, passage.start) + 1
                before, line = text[first : passage.start], text[first:].partition("\n")[0]
                forms = [(line, len(before)), (_unmarked(line), len(_unmarked(before)))]
                for sentence in passage.sentences:
                    if not sentence.whole:
                        pieces += 1
                        continue
                    quotable += 1
                    fault = _fault(sentence.text, forms)
                    if fault:
                        wrong.append((fault, sentence.text))
    return quotable, pieces, wrong


def _unmarked(text: str) -> str:
    return PAGE_MARK.sub("", text)


def _fault(sentence: str, forms: list[tuple[str, int]]) -> str:
    """Return a sentence's fault in its line, with or without page marks; record where the next one may begin."""
    for number, (line, since) in enumerate(forms):
        own = _unmarked(sentence) if number else sentence
        start = line.find(own, since)
        if start >= 0:
            forms[number] = (line, start + len(own))
            return violation(line, start, start + len(own))
    return "is not in the text"
