"""Test kit for commands: reads their output as JSON values or as an error message."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Command = Callable[..., tuple[int, str, str]]


def values(out: str) -> list[dict[str, Any]]:
    """Parse the printed JSON values, one per line."""
    return [json.loads(line) for line in out.splitlines()]


def failure(outcome: tuple[int, str, str]) -> str:
    """Return the error line of a command, after asserting that it failed with exit code 1 and printed nothing else."""
    code, out, errors = outcome
    assert (code, out) == (1, "")
    assert errors.startswith("trendbot: ")
    assert errors.count("\n") == 1
    return errors
