"""Finds irrecoverable characters, as in `规??焖偬嵘?`, and drops the clauses that contain them. Restores nothing.

A clause inside a sentence is replaced by an ellipsis, so that its neighbours do not read as one statement; the last
clause of a sentence, or a whole sentence, is removed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from pathlib import Path

from bot.cleaning.mojibake import common_han
from bot.text.rule_data import any_of, read_words

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
LOST = "?\ufffd"

CERTAIN = re.compile(
    "\ufffd+|锟斤拷|ï¿½|烫{4,}|屯{4,}"
    rf"|[{LOST}]{{1,4}}/?[a-z]{{1,6}}>"  # the rest of a tag
    rf"|[{LOST}]{{1,4}}[a-zà-ǜ]{{1,6}}\)"  # the rest of a pinyin annotation
    r"|(?<=\s)\?{2,}(?=\s?\w)"  # English whose Chinese names are lost
)
DOUBLE = re.compile(rf"(?<={HAN})\?{{2,}}(?={HAN})")
SHIFTED = re.compile(rf"(?<![{LOST}])[{LOST}]+([^\x00-\x7f，。、；：？！“”]+)")
CUT = re.compile("\ufffd+[.…\\s]*$")
"""The rest of a character cut off at the end of a title."""
APOSTROPHE = re.compile(r"(?<=[A-Za-z])[?\ufffd](?=(?:s|t|re|ve|ll|d|m)\b)")

QUESTION = re.compile(any_of(read_words(Path(__file__).with_name("question_words.txt"))))
"""A clause with one of these words may rightly end in two question marks."""

SENTENCE_END = "。！!？…;；"
BOUNDARY = re.compile(
    rf"[{SENTENCE_END}]|(?<!\d)[,，:：]|[,，:：](?!\d)|[.?](?=\s|$)|\?(?={HAN})|(?<={HAN})\?"
)
PAIRS = (("“", "”"), ("《", "》"), ("「", "」"), ("(", ")"), ("（", "）"))
CLOSING = "”’」』）"
OMISSION = "…"
WORD = re.compile(r"\w")

MANY, MANY_MARKS = 50, 500
"""A line with more damaged places, or more replacement marks, is dropped whole."""

Span = tuple[int, int]


def has_lost_characters(text: str) -> bool:
    """Return whether `text` may need `drop_lost_characters`: a cheap test."""
    return "?" in text or "\ufffd" in text or "锟斤拷" in text or "烫烫烫烫" in text or "屯屯屯屯" in text


def drop_lost_characters(line: str) -> tuple[str, tuple[str, ...]]:
    """Return `line` without its damaged clauses, and these clauses."""
    if not has_lost_characters(line) or WORD.search(line) is None:
        return line, ()
    if sum(map(line.count, LOST)) > MANY_MARKS:
        return "", (line,)
    line, dropped = _trim_marks(APOSTROPHE.sub("’", line))
    damage = _damage(line)
    if not damage:
        return line, tuple(dropped)
    if len(damage) > MANY:
        return "", (*dropped, line)
    pieces: list[str] = []
    end = 0
    for start, stop in _clauses(line, damage):
        dropped.append(line[start:stop].strip())
        cut_from, cut_to, left_behind = _seam(line, start, stop)
        pieces += [line[end : max(end, cut_from)], left_behind]
        end = cut_to
    return "".join([*pieces, line[end:]]), tuple(dropped)


def _trim_marks(line: str) -> tuple[str, list[str]]:
    """Return `line` without question marks that replaced spaces at its ends, and these marks."""
    trimmed = []
    if (cut := CUT.search(line)) and not any(sign in line for sign in SENTENCE_END + ".?,，"):
        return line[: cut.start()], [cut[0].strip()]
    inner = line.lstrip("? ")
    if inner and "??" in line[: len(line) - len(inner)]:
        trimmed.append(line[: len(line) - len(inner)].strip())
        line = inner
    inner = line.rstrip("? ")
    if inner.endswith(("。", "！", "；")) and "?" in line[len(inner) :]:
        trimmed.append(line[len(inner) :].strip())
        line = inner
    return line, trimmed


def _damage(line: str) -> list[Span]:
    """Return the spans of lost characters in order."""
    spans = [match.span() for match in CERTAIN.finditer(line)]
    spans += [match.span() for match in DOUBLE.finditer(line) if not _is_question(line, match.start())]
    spans += [match.span() for match in SHIFTED.finditer(line) if _is_shifted(line, match)]
    return sorted(spans)


def _is_question(line: str, mark: int) -> bool:
    """Return whether the clause before a run of question marks is a question."""
    return QUESTION.search(line, max(0, mark - 30), mark) is not None


def _is_shifted(line: str, match: re.Match[str]) -> bool:
    """Return whether the characters after a lost byte are GBK decoded from the middle of a character.

    Then some are rare (焖偬嵘), and the same bytes shifted by one decode to common characters (速提).
    """
    run = match[1]
    marks = match.start(1) - match.start()
    rare = sum(char not in common_han() for char in run)
    raw = run.encode("gb18030", errors="replace") if rare else b""
    if not rare or len(raw) != 2 * len(run):
        return False
    if len(run) == 1:
        return marks > 1 and line[match.end() : match.end() + 1] in set(LOST)
    shifted = raw[1:-1].decode("gb2312", errors="replace")
    return rare + marks > 2 and all(char in common_han() or char in "，。、；：？！“”" for char in shifted)


def _clauses(line: str, damage: list[Span]) -> list[Span]:
    """Return the clauses around `damage`, adjacent ones joined, extended to the sentence if quotes are unbalanced."""
    inside = {i for start, stop in damage for i in range(start, stop)}
    marks = [m.start() for m in BOUNDARY.finditer(line) if not _touches(line, m.start(), inside)]
    ends = [mark for mark in marks if line[mark] in SENTENCE_END + ".?"]
    spans: list[Span] = []
    for start, stop in damage:
        span = _between(marks, start, stop, len(line))
        if not _is_balanced(line[slice(*span)]):
            span = _between(ends, start, stop, len(line))
        if spans and span[0] <= spans[-1][1] + 1 and line[spans[-1][1] : span[0]] not in set(SENTENCE_END):
            span = (spans.pop()[0], max(span[1], stop))
        spans.append(span)
    return spans


def _touches(line: str, position: int, inside: set[int]) -> bool:
    """Return whether the mark at `position` belongs to the damage or the question marks around it."""
    return position in inside or (
        line[position] in LOST and (position - 1 in inside or position + 1 in inside)
    )


def _between(marks: list[int], start: int, stop: int, length: int) -> Span:
    """Return the span from after the last of `marks` before `start` to the first at or after `stop`."""
    left = bisect_left(marks, start)
    right = bisect_left(marks, stop)
    return (marks[left - 1] + 1 if left else 0), (marks[right] if right < len(marks) else length)


def _is_balanced(text: str) -> bool:
    """Return whether all quotes and brackets in `text` are balanced."""
    return all(text.count(opening) == text.count(closing) for opening, closing in PAIRS)


def _seam(line: str, start: int, stop: int) -> tuple[int, int, str]:
    """Return the span of a clause with its punctuation, and its replacement."""
    ends = SENTENCE_END + ".?"
    first = start == 0 or line[start - 1] in ends
    last = stop == len(line) or line[stop] in ends
    if first and last:
        stop += 1
        while stop < len(line) and line[stop] in CLOSING:
            stop += 1
        return start, min(stop, len(line)), ""
    if last:
        return start - 1, stop, ""
    return start, stop, OMISSION
