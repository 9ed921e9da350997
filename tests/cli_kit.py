"""What tests ask of a command: what it printed, as values or as its one sentence of failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Command = Callable[..., tuple[int, str, str]]


def values(out: str) -> list[dict[str, Any]]:
    """The JSON values that were printed, one a line."""
    return [json.loads(line) for line in out.splitlines()]


def failure(outcome: tuple[int, str, str]) -> str:
    """The one sentence of a command that failed."""
    code, out, errors = outcome
    assert (code, out) == (1, "")
    assert errors.startswith("trendbot: ")
    assert errors.count("\n") == 1
    return errors
