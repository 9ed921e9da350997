"""Removes the page marks of a summary, `[17][19]`, from one sentence. Does not split sentences."""

from __future__ import annotations

import re

FINAL = ".。!！?？;；:：,，…"
CLOSING = "\"'”’)）》」』"

MARK = r"[\[［]\s*\d{1,4}(?:\s*[,，、;；–—-]\s*\d{1,4})*\s*[\]］]"
TAIL = re.compile(rf"(?P<marks>{MARK}(?:\s*{MARK})*)(?P<end>[{re.escape(FINAL + CLOSING)}]*)$")
NUMBER = re.compile(r"\d+")

HIGHEST_PAGE = 1899
"""Higher bracketed numbers are years, and stay in the text."""

LONGEST_TAIL = 400
"""Characters at the end of a sentence that are examined: about sixty marks."""


def split_page_marks(sentence: str) -> tuple[str, tuple[int, ...]]:
    """Return `sentence` without the page marks at its end, before or after its final punctuation, and their pages."""
    text = sentence.strip()
    pages: list[int] = []
    while (tail := _tail(text)) is not None:
        start, marks, end = tail
        pages[:0] = [int(number) for number in NUMBER.findall(marks)]
        text = text[:start].rstrip() + end
    return text, tuple(dict.fromkeys(pages))


def _tail(text: str) -> tuple[int, str, str] | None:
    """Return the start of the last group of page marks, the group, and the punctuation after it; None without one."""
    offset = max(0, len(text) - LONGEST_TAIL)
    match = TAIL.search(text, offset)
    if match is None:
        return None
    if any(not 1 <= int(number) <= HIGHEST_PAGE for number in NUMBER.findall(match["marks"])):
        return None
    return match.start(), match["marks"], match["end"]
