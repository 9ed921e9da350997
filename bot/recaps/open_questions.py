"""Ranks the unanswered questions, those that concern the group most first. speech_acts decides which are open.

first those that look for somebody to do something; among equals by
    how clearly it asks
  x how many other people use one of its words
  x less if it addresses one person by name
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from bot.recaps.answer_forms import WORDS
from bot.recaps.lines import Line
from bot.recaps.speech_acts import Exchanges
from bot.talk import ChatMessage

_TO_ONE, _SHARED = 0.6, 2.0
_NAME = re.compile(r"@?\w[\w|-]{1,31}[,:，：]\s")


def most_pressing(exchanges: Exchanges, lines: Sequence[Line], messages: Sequence[ChatMessage]) -> list[int]:
    """Return the indices of the lines with open questions, those that concern the group most first."""
    speakers: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        for term in line.terms:
            speakers[term].add(messages[line.message].author_id)
    people = len({message.author_id for message in messages})

    def worth(index: int) -> tuple[bool, float]:
        line = lines[index]
        others = max((len(speakers[term]) - 1 for term in line.terms), default=0)
        shared = min(1.0, _SHARED * others / people)
        to_one = _TO_ONE if _NAME.match(line.text) else 1.0
        return "asks-doer" in WORDS.kinds(line.text), exchanges.clarity(index) * to_one * (1.0 + shared)

    return sorted(exchanges.open_questions(), key=lambda index: (worth(index), index), reverse=True)
