"""Finds boilerplate: lines of a page that are not part of its text. Decides by shape, position and label, not spam.

Structure is checked first (numbered headlines, a list under a known heading, lines of labels); words then decide what
a short line is, and what is a notice about the site itself, its rights or its cookies, which may be a whole sentence. Articles about
copyright or cookies are kept: quoted words do not count, and a long paragraph needs a label. Nothing is removed here: the
result maps line indexes to the names of rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.cleaning.boilerplate_labels import is_known, label_rule, openings
from bot.cleaning.boilerplate_lists import KEPT_AT_END, Rules, find_headed_lists, find_lists
from bot.text.lines import HEADLINE_WIDTH, LABEL_WIDTH, Outline, is_heading, width
from bot.text.rule_data import AnyOfWords, read_table

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


OUTSIDE = -1
"""Marks the end of the lines above or below the text."""

MENU_WIDTH, MENU_ENTRIES, MENU_SHARE, ENTRY_WIDTH = 24, 4, 0.5, 12
"""Widest line of a menu in columns; from MENU_ENTRIES lines on, only a share must be known labels, below that all;
widest unknown entry in columns."""

ANCHORS, SEVERAL = frozenset({"contact-footer", "copyright-notice"}), 2
"""Rules whose first line below the text starts a footer; so do this many lines of any rule."""


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


def find_boilerplate(lines: Sequence[str], skip: frozenset[int] = frozenset()) -> Rules:
    """Return the rule of each boilerplate line by its index in `lines`; lines in `skip` count as absent."""
    page = Outline.of(lines, skip)
    rules = find_lists(page)
    rules.update(find_notices(lines, [i for i in page.filled if i not in rules]))
    body = [i for i in page.filled if i not in rules and i in page.sentences]
    first, last = (body[0], body[-1]) if body else (len(lines), -1)
    for i in page.filled:
        if i not in rules and (rule := label_rule(lines[i], page.widths[i], inside=first < i < last)):
            rules[i] = rule
    rules.update(find_headed_lists(page, rules, first, last))
    rules.update(_menus(page, rules, first, last))
    rules.update(_rest_of_footer(page, rules, last))
    return rules


def _menus(page: Outline, rules: Rules, first: int, last: int) -> Rules:
    """Return menus with one entry per line, above or below the text."""
    hits: Rules = {}
    run: list[int] = []
    above = [i for i in page.filled if i < first]
    for i in [*above, OUTSIDE, *(i for i in page.filled if i > last and i >= first), OUTSIDE]:
        if (
            i != OUTSIDE
            and page.widths[i] <= MENU_WIDTH
            and i not in page.sentences
            and not is_heading(page.lines[i])
        ):
            run.append(i)
            continue
        known = [j for j in run if j in rules or is_known(page.lines[j])] if len(run) > 1 else []
        enough = MENU_SHARE * len(run) if len(run) >= MENU_ENTRIES else len(run)
        if len(known) > 1 and len(known) >= enough:
            between = (j for j in run if known[0] < j < known[-1] and page.widths[j] <= ENTRY_WIDTH)
            hits.update({j: "navigation" for j in (*known, *between) if j not in rules})
        run = []
    return hits


def _rest_of_footer(page: Outline, rules: Rules, last: int) -> Rules:
    """Return the lines after the start of a footer, if no sentence follows."""
    below = [i for i in page.filled if i > last and rules.get(i, "byline") != "byline"]
    if not below or (len(below) < SEVERAL and ANCHORS.isdisjoint(rules[i] for i in below)):
        return {}
    rest = (
        i for i in page.filled if i > below[0] and i not in rules and not KEPT_AT_END.match(page.lines[i])
    )
    return {i: "page-footer" for i in rest if page.widths[i] <= HEADLINE_WIDTH}
