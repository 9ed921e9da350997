"""Works out the day on which a forecast or plan is due: the last day of its stated period. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bot.models import Figure

_LAST_MONTH: Final = {"q1": 3, "q2": 6, "q3": 9, "q4": 12, "h1": 6, "h2": 12, "early": 6, "mid": 9, "end": 12}
"""Last month of each part of a year. "early" ends with the first half, "mid" with the third quarter."""


def due_day(figure: Figure, published: date | None) -> date | None:
    """Return the last day of the month, quarter, half or year that a forecast or plan is for.

    None for a reported figure, or when no period can be worked out. A day or "by March" counts as its whole
    month, so that nothing is called due too soon.
    """
    from bot.figures.stated_periods import stated_period  # its patterns take long to compile

    period = stated_period(figure.period, published) if figure.modality != "reported" else None
    if period is None or not period.last:
        return None
    _, _, part = period.name.partition(f"{period.last}-")
    month = _LAST_MONTH.get(part) or (int(part) if part.isdecimal() else 12)
    if not 1 <= month <= 12:
        return None
    return date(period.last + month // 12, month % 12 + 1, 1) - timedelta(days=1)
