"""The error for input that cannot be read: carries the reason as data and leaves its wording to the templates."""

from __future__ import annotations

from bot.models import Problem


class Unreadable(ValueError):
    """Something cannot become a document; `problem` says why."""

    def __init__(self, name: str, *values: str | float | Problem | None) -> None:
        """Take the arguments of Problem."""
        super().__init__(name, *values)
        self.problem = Problem(name, values)


class UnreadableEncoding(Unreadable):
    """The bytes are not text in an encoding that Trendbot supports."""
