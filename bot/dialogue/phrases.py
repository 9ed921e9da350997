"""What a whole message in plain words means that is no question: hi, thanks, more, 怎么订阅. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from bot.text.normalise import fold
from bot.text.rule_data import read_rows

Kind = Literal["command", "sentence", "part"]

_AROUND = " .,!?~…。，！？～、;；"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase asks for: the command `name`, a sentence of words.html, or a part of the last briefing."""

    kind: Kind
    name: str


def phrase_in(text: str) -> Phrase | None:
    """Return what `text` as a whole means, whatever its case, script and punctuation; None for a question."""
    return _phrases().get(" ".join(fold(text).replace("’", "'").split()).strip(_AROUND))


@cache
def _phrases() -> dict[str, Phrase]:
    rows = read_rows(Path(__file__).with_name("phrases.tsv"))
    return {text: Phrase(cast("Kind", kind), name) for text, kind, name in rows}
