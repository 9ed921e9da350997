"""Times of day, days of the week and local moments in a reader's words. Computes no slots and asks no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.languages import LANGUAGES
from bot.models import Language


@dataclass(frozen=True, slots=True)
class NextRun:
    """The local moment of the next digest; `far` says that it is more than six days away."""

    at: datetime
    far: bool


def clock_of(minute: int) -> str:
    """A minute of the day as 08:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def day_names(mask: int, language: Language) -> list[str]:
    """The days of a bit mask (Monday is bit 0): Mon, Wed; 一, 三."""
    days = [day for day in range(7) if mask >> day & 1]
    if own := LANGUAGES[language].weekdays:
        return [own[day] for day in days]
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", locale=language)
    return [names[day] for day in days]


def weekday_of(moment: datetime, language: Language) -> str:
    """A local moment as Mon 08:00; 周一 08:00."""
    (day,) = day_names(1 << moment.weekday(), language)
    return LANGUAGES[language].weekday_time.format(weekday=day, time=f"{moment:%H:%M}")


def short_day_of(day: date, language: Language) -> str:
    """A day of a year that is known: 23 Nov; 11月23日."""
    from babel.dates import format_date

    return format_date(day, LANGUAGES[language].short_day, locale=language)


def moment_of(moment: datetime, language: Language) -> str:
    """A local moment with its date: Mon 23 Nov, 08:00; 11月23日周一 08:00."""
    from babel.dates import format_date

    entry = LANGUAGES[language]
    day = format_date(moment, entry.short_day, locale=language)
    (weekday,) = day_names(1 << moment.weekday(), language)
    return entry.moment.format(weekday=weekday, date=day, time=f"{moment:%H:%M}")


def next_run_of(run: NextRun, language: Language) -> str:
    """The next run as weekday and time, with its date where the weekday alone may mean another week."""
    return (moment_of if run.far else weekday_of)(run.at, language)
