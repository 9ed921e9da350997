"""Builds regular expressions whose word lists come from a rule file: code gives the order, the file the words."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from bot.text.rule_data import any_of, read_rows

_KIND = re.compile(r"\{([a-z][a-z-]*)\}")


class FormWords:
    """The words of a `.tsv` file beside this module, by kind. Each row: word, kinds separated by spaces.

    `parts` are named sub-patterns that several patterns use; they may refer to kinds and to the parts before them.
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
        """Return `form` compiled, ignoring case; `{kind}` in it matches any word of that kind."""
        return re.compile(self._expanded(form), re.IGNORECASE)

    def _expanded(self, form: str) -> str:
        return _KIND.sub(lambda named: f"(?:{self._kinds[named[1]]})", form)
