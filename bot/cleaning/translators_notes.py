"""Removes from a title what a translator says about the translation: other wordings, and explanations of the original.

“Less Lazy AI” 可以翻译为： * 更勤奋的人工智能 * 没那么懒的人工智能 becomes 更勤奋的人工智能. Texts are left alone.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.rule_data import any_of, read_kinds

_LONGEST_OFFER = 140
_FIRST = re.compile(r"\s*(?:[*•-]|1[.、)])\s*(?P<first>.+?)(?=\s(?:[*•-]|\d[.、)])\s|$)")
# 标准直译： 谷歌觉醒 – a label has a space after its colon, which a Chinese title does not.
_LABEL = re.compile(r"^[^：:\s]{1,12}[：:]\s+(?=\S)")
_REMARK = re.compile(r"\s*[（(][^（）()]*[）)]$")
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,80})[”\"]")
_ENDS = " \u3000。*"


def without_notes(title: str) -> str:
    """Return a title without the translator's notes: the first wording that is offered, without remarks on it.

    A title of which nothing else would be left is returned as it is.
    """
    offered = _offer().match(title)
    wording = _first_offered(title, offered) if offered else title
    return _note().sub("", wording).strip(_ENDS) if wording != title or _note().search(title) else title


def _first_offered(title: str, offered: re.Match[str]) -> str:
    """Return the first wording behind the words that offer it; if only headings stand there, the quoted original."""
    behind = title[offered.end() :]
    listed = _FIRST.match(behind)
    wording = _LABEL.sub("", listed["first"]) if listed else behind
    wording = wording if _note().search(wording) else _REMARK.sub("", wording.strip(_ENDS))
    quoted = _QUOTED.match(wording) or (_QUOTED.search(title) if wording.endswith(("：", ":")) else None)
    return quoted[1] if quoted else wording or title


@cache
def _offer() -> re.Pattern[str]:
    return re.compile(rf".{{0,{_LONGEST_OFFER}}}?(?:{any_of(_words()['offer'])})[^：:]{{0,6}}[：:]\s+(?=\S)")


@cache
def _note() -> re.Pattern[str]:
    note = any_of(_words()["note"])
    return re.compile(rf"(?:\s*\*?[（(](?:{note})|(?<=[\w）)])\s(?:{note})).*$")


@cache
def _words() -> dict[str, list[str]]:
    return read_kinds(Path(__file__).with_name("translators_notes.tsv"))
