"""Boilerplate: the lines of a page that are not its text. Decides by shape, place and label; spam is not its field.

The structure comes first (a run of ordinals between headlines, a list under a known head, labels only); words decide
what a short line is for. Nothing here removes a line: the rules' names are given per place.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cleaning.boilerplate_labels import is_known, label_rule
from bot.cleaning.boilerplate_lists import KEPT_AT_END, Rules, find_headed_lists, find_lists
from bot.cleaning.boilerplate_notices import find_notices
from bot.text.lines import HEADLINE_WIDTH, Outline, is_heading

OUTSIDE = -1
"""No line: the end of the part above or below the text."""

MENU_WIDTH, MENU_ENTRIES, MENU_SHARE, ENTRY_WIDTH = 24, 4, 0.5, 12
"""Columns of a menu's lines at most; from so many lines on, a share of them must be known labels, before that all;
columns of the others."""

ANCHORS, SEVERAL = frozenset({"contact-footer", "copyright-notice"}), 2
"""Rules whose first line below the text opens a footer; so many lines of any rule do too."""


def find_boilerplate(lines: Sequence[str], skip: frozenset[int] = frozenset()) -> Rules:
    """The rule that removes each line that is boilerplate, by its place in `lines`; `skip` counts as absent."""
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
    """Menus set out one entry a line, above or below the text."""
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
    """What follows the first line of a footer, or of several lines of boilerplate, when no sentence comes after it."""
    below = [i for i in page.filled if i > last and rules.get(i, "byline") != "byline"]
    if not below or (len(below) < SEVERAL and ANCHORS.isdisjoint(rules[i] for i in below)):
        return {}
    rest = (
        i for i in page.filled if i > below[0] and i not in rules and not KEPT_AT_END.match(page.lines[i])
    )
    return {i: "page-footer" for i in rest if page.widths[i] <= HEADLINE_WIDTH}
