"""The orders in which a name and an action stand in a sentence that says who acted. Pure.

English has either order, since nouns and passives are as common (X, co-founder of Y; Y was founded by X). In Chinese
the order tells who acted: 收购Windsurf is what a buyer did, Windsurf收购 what Windsurf did.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from bot.text.normalise import has_han
from bot.text.rule_data import any_of, read_kinds

BETWEEN = 5
"""Maximum number of words between a name and the action that it belongs to."""
_LATIN = r"(?<![a-z0-9]){}(?![a-z0-9])"
# Characters of one clause, as many as can stand between; 的 would make the name another's (收购A的B).
_CLAUSE = r"[^,;:!?。…\n]{{{},{}}}?"
_OBJECT = r"[^,;:!?。…\n的被由]{0,12}?"
# A name before other Latin words is part of another name, as in 推出 Perplexity Pages.
_ENDS = r"(?!\s?(?!ai\b)[a-z])"
_ACTIVE = r"[^,;:!?。…\n被由遭获的]{0,10}?"
_OF = r"\s?的?[^,;:!?。…\n的为让给]{0,5}?"
_AMONG = r"\s?等[^,;:!?。…\n]{0,6}?"
_PASSIVE = "(?:被|由|遭|获|来自|归|是)"


def says_who(names: Collection[str], forms: Collection[str], *, of_actor: bool) -> re.Pattern[str]:
    """Return the pattern of a folded sentence that has one of the `forms` of an action beside one of the `names`.

    `of_actor`: the names are those of who acted, and what was acted on is asked for.
    """
    english = [] if of_actor else _english(names, forms)
    return re.compile("|".join([*english, *_chinese(names, forms, of_actor=of_actor)]))


def names_holder(names: Collection[str], forms: Collection[str]) -> re.Pattern[str] | None:
    """Return the pattern of a sentence, as written, that names who holds a post: CEO Jane Doe; None if the `forms` are no post."""
    posts = [form for form in _kinds()["role"] if form in forms and not has_han(form)]
    if not posts or not names:
        return None
    name, post = (rf"(?<!\w)(?i:{any_of(either)})(?!\w)" for either in (names, posts))
    person = r"(?:@\w+|[A-Z][\w'’-]+ [A-Z][\w'’-]+)"
    return re.compile(
        rf"{name}(?:['’]s)?(?: [\w&-]+){{0,2}} {post},? {person}|{post} (?:of|at) {name},? {person}"
        rf"|{person}(?:,| is| as)(?: [\w&'’-]+){{0,4}} {post}"
    )


def _english(names: Collection[str], forms: Collection[str]) -> list[str]:
    own = [form for form in forms if not has_han(form)]
    if not own:
        return []
    name, word = (rf"(?<!\w)(?:{any_of(either)})(?!\w)" for either in (names, own))
    between = rf"(?:[^\w:]+\w+){{0,{BETWEEN}}}[^\w:]+"
    return [f"{name}{between}{word}", f"{word}{between}{name}"]


def _chinese(names: Collection[str], forms: Collection[str], *, of_actor: bool) -> list[str]:
    if not any(map(has_han, forms)):
        return []
    kinds = _kinds()
    roles, moves = (
        sorted(set(forms).intersection(kinds[kind]), key=len, reverse=True) for kind in ("role", "move")
    )
    verbs = [form for form in forms if has_han(form) and form not in (*roles, *moves)]
    name = _LATIN.format(f"(?:{any_of(names)})")
    orders: list[str] = []
    if roles:
        role = _LATIN.format(f"(?:{any_of(roles)})")
        orders.append(f"{name}{_AMONG if of_actor else _OF}{role}")
    if moves:
        move = f"(?:{any_of(moves)})"
        orders += [f"{move}{_CLAUSE.format(0, 6)}{name}", f"{name}{_CLAUSE.format(0, 12)}{move}"]
    if verbs:
        verb = f"(?:{any_of(verbs)})"
        orders += _of_actor(name, verb) if of_actor else _of_object(name, verb)
    return orders


def _of_object(name: str, verb: str) -> list[str]:
    """Return the orders of a name of what was acted on: 收购了Windsurf, Windsurf被…收购, 对Windsurf的收购."""
    return [
        rf"{verb}[了过的出]?\s?{_OBJECT}{name}{_ENDS}",
        f"{name}{_CLAUSE.format(0, 10)}{_PASSIVE}{_CLAUSE.format(1, 20)}{verb}",
        f"对{_CLAUSE.format(0, 8)}{name}{_CLAUSE.format(0, 6)}{verb}",
    ]


def _of_actor(name: str, verb: str) -> list[str]:
    """Return the orders of a name of who acted: OpenAI收购, 被OpenAI收购."""
    return [f"{name}{_ACTIVE}{verb}", rf"[被由遭获]\s?{name}{_CLAUSE.format(0, 8)}{verb}"]


@cache
def _kinds() -> dict[str, list[str]]:
    return read_kinds(Path(__file__).with_name("action_forms.tsv"))
