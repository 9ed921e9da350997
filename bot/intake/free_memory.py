"""Gives unused memory of the process back to the system, where the C library has a call for it."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import Any


def give_back() -> None:
    """Return unused memory to the system. Takes some milliseconds; does nothing without glibc.

    Otherwise the memory that one large document needed stays with the thread that read it, as long as the bot runs
    (malloc_trim(3)).
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], Any] | None:
    """Return glibc's malloc_trim; None with another C library."""
    try:
        trim: Callable[[int], Any] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim
