"""Finds boilerplate: lines of a page that are not part of its text. Decides by shape, position and label, not spam.

Structure is checked first (numbered headlines, a list under a known heading, lines of labels); words then decide what
a short line is. Nothing is removed here: the result maps line indexes to the names of rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cleaning.boilerplate_labels import is_known, label_rule
from bot.cleaning.boilerplate_lists import KEPT_AT_END, Rules, find_headed_lists, find_lists
from bot.cleaning.boilerplate_notices import find_notices
from bot.text.lines import HEADLINE_WIDTH, Outline, is_heading

OUTSIDE = -1
"""Marks the end of the lines above or below the text."""

MENU_WIDTH, MENU_ENTRIES, MENU_SHARE, ENTRY_WIDTH = 24, 4, 0.5, 12
"""Widest line of a menu in columns; from MENU_ENTRIES lines on, only a share must be known labels, below that all;
widest unknown entry in columns."""

ANCHORS, SEVERAL = frozenset({"contact-footer", "copyright-notice"}), 2
"""Rules whose first line below the text starts a footer; so do this many lines of any rule."""


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
