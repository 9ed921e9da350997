"""Gives memory that the process no longer needs back to the system, where the C library has a call for it."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import Any


def give_back() -> None:
    """Returns free memory of this process to the system; takes some milliseconds, does nothing without glibc.

    What one large document needed stays with the thread that read it otherwise, for as long as the bot runs
    (malloc_trim(3)).
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], Any] | None:
    """The call of glibc; None on a system with another C library."""
    try:
        trim: Callable[[int], Any] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim
