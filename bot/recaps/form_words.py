"""Builds patterns of forms from the words of a rule file: code says how a form is ordered, the file which words it takes."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from bot.text.rule_data import any_of, read_rows

_KIND = re.compile(r"\{([a-z][a-z-]*)\}")


class FormWords:
    """The words of one `.tsv` file that lies beside this module: word, kinds parted by spaces.

    `parts` are patterns that stand at several places of the forms, by name; they may name kinds and the parts before them.
    """

    def __init__(self, name: str, parts: dict[str, str] | None = None) -> None:
        words: dict[str, list[str]] = defaultdict(list)
        for word, kinds in read_rows(Path(__file__).with_name(name)):
            for kind in kinds.split():
                words[kind].append(word)
        self._kinds = {kind: any_of(own) for kind, own in words.items()}
        for part, form in (parts or {}).items():
            self._kinds[part] = self._expanded(form)

    def pattern(self, form: str) -> re.Pattern[str]:
        """Return `form` compiled, letters of either case alike, with any word of a kind where it says `{kind}`."""
        return re.compile(self._expanded(form), re.IGNORECASE)

    def _expanded(self, form: str) -> str:
        return _KIND.sub(lambda named: f"(?:{self._kinds[named[1]]})", form)
