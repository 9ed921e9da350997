"""Finds notices: lines about the site itself, its rights or its cookies, which may be whole sentences.

Articles about copyright or cookies are kept: quoted words do not count, and a long paragraph needs a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.cleaning.boilerplate_labels import openings
from bot.text.any_of_words import AnyOfWords
from bot.text.lines import LABEL_WIDTH, width
from bot.text.rule_data import read_table

COPYRIGHT = re.compile(
    r"^\W{0,5}(?:copyright\W*(?:$|(?:©|\(c\)|\d{4}|by\b|notice|statement|information|policy|owned|held|all rights)|[^.]{0,60}\b(?:19|20)\d\d\W*$)"
    r"|©|\(c\)\s?\d{4}|版权所有|all rights reserved|[\u4e00-\u9fff]?icp[备证]|.{0,2}公网安备)"
    r"|[\u4e00-\u9fff]icp[备证]\S{0,3}\d|公网安备\s?\d|©\s?\d{4}|copyright\s(?:©|\(c\)|\d{4})|^.{0,60}all rights reserved\W*$",
    re.IGNORECASE,
)
NOTICE_LABEL = re.compile(rf"^\W{{0,4}}(?:{openings('notice')})\s?[:：]", re.IGNORECASE)
NOTICES = read_table(Path(__file__).with_name("boilerplate_notices.tsv"))
"""Phrases of notices, each with the condition it needs."""

COOKIES = re.compile(
    r"\b(?:we|this (?:web)?site|our (?:web)?site|our partners)\b.{0,60}\bcookies\b|\b(?:accept|reject|manage|allow|decline) (?:all )?(?:the )?(?:use of )?cookies\b"
    r"|本(?:网)?站.{0,12}cookies?|cookies?.{0,20}(?:同意|接受).{0,12}(?:继续|浏览|使用)|我们使用.{0,6}cookies?",
    re.IGNORECASE,
)
BIOGRAPHY = re.compile(
    r"^\W{0,3}(?:本文)?作者(?:[系为是]|单位[:：]|简介[:：])[^。，,]{2,40}。?$"
    r"|^[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,2} is an? (?:[\w-]+ ){0,3}(?:reporter|journalist|writer|editor|correspondent|columnist|contributor)"
    r"(?:\.|(?: at| for| with| covering| based| who (?:covers|writes))\b[^.]{0,80}\.?)$"
)
"""A line about the author."""
QUOTED = re.compile(r"“[^“”]{0,300}”|\"[^\"]{0,300}\"|「[^「」]{0,300}」|《[^《》]{0,100}》")

TRIGGERS = AnyOfWords(
    (
        "©",
        "copyright",
        "(c)",
        "版权",
        "rights reserved",
        "icp",
        "公网安备",
        "cookie",
        "作者",
        " is a",
        *NOTICES,
    )
)
"""A line without any of these is not a notice."""

LONGEST_NOTICE = 400
"""Most characters of a notice; a longer line is an article about the subject."""


def find_notices(lines: Sequence[str], places: Iterable[int]) -> dict[int, str]:
    """Return the rule of each line among `places` that is a notice."""
    hits: dict[int, str] = {}
    for i in places:
        lowered = lines[i].lower()
        if len(lowered) <= LONGEST_NOTICE and TRIGGERS.occurs_in(lowered):
            rule = _rule(lines[i], lowered)
            if rule:
                hits[i] = rule
    return hits


def _rule(line: str, lowered: str) -> str:
    """Return the rule for a line with a trigger, or "" if it is running text."""
    own = QUOTED.sub("", line)
    if COPYRIGHT.search(own) and not ("。" in line and width(line) > LABEL_WIDTH):
        return "copyright-notice"
    if BIOGRAPHY.match(line):
        return "byline"
    proofs = [proof for phrase, proof in NOTICES.items() if phrase in own.lower()]
    alone = width(line) <= LABEL_WIDTH and "short" in proofs
    if len(proofs) > 1 or alone or "enough" in proofs or (proofs and NOTICE_LABEL.match(line)):
        return "legal-notice"
    return "cookie-banner" if "cookie" in lowered and COOKIES.search(own) else ""
