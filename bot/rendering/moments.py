"""Formats times of day, weekdays and local moments in a reader's language. Computes no slots and reads no clock."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.languages import LANGUAGES
from bot.models import Language


class NextRun(Struct, frozen=True):
    """Local moment of the next digest; `far` when it is more than six days away."""

    at: datetime
    far: bool


def clock_of(minute: int) -> str:
    """Return a minute of the day as HH:MM: 08:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def day_names(mask: int, language: Language) -> list[str]:
    """Return the names of the days in a bit mask (Monday is bit 0): Mon, Wed; 一, 三."""
    days = [day for day in range(7) if mask >> day & 1]
    if own := LANGUAGES[language].weekdays:
        return [own[day] for day in days]
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", locale=language)
    return [names[day] for day in days]


def weekday_of(moment: datetime, language: Language) -> str:
    """Return the weekday and time of a local moment: Mon 08:00; 周一 08:00."""
    (day,) = day_names(1 << moment.weekday(), language)
    return LANGUAGES[language].weekday_time.format(weekday=day, time=f"{moment:%H:%M}")


def short_day_of(day: date, language: Language) -> str:
    """Return a day without its year: 23 Nov; 11月23日."""
    from babel.dates import format_date

    return format_date(day, LANGUAGES[language].short_day, locale=language)


def moment_of(moment: datetime, language: Language) -> str:
    """Return a local moment with its date: Mon 23 Nov, 08:00; 11月23日周一 08:00."""
    from babel.dates import format_date

    entry = LANGUAGES[language]
    day = format_date(moment, entry.short_day, locale=language)
    (weekday,) = day_names(1 << moment.weekday(), language)
    return entry.moment.format(weekday=weekday, date=day, time=f"{moment:%H:%M}")


def next_run_of(run: NextRun, language: Language) -> str:
    """Return the next run as weekday and time, with the date where the weekday alone could mean another week."""
    return (moment_of if run.far else weekday_of)(run.at, language)
