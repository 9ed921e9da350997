"""The error of what cannot be read: it carries why, and leaves the words to the templates."""

from __future__ import annotations

from bot.models import Problem


class Unreadable(ValueError):
    """Something that cannot become a document."""

    def __init__(self, name: str, *values: str | float | Problem | None) -> None:
        """See Problem."""
        super().__init__(name, *values)
        self.problem = Problem(name, values)
