"""Resolves what people call a time zone, and names zones for readers. Computes no times.

Cities, countries, abbreviations and named times come from `zone_names`. A name matches as a whole or not at all.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.languages import LANGUAGES
from bot.models import Language
from bot.rendering.zone_names import (
    SEVERAL,
    abbreviations,
    ambiguous_abbreviations,
    big_cities,
    cities,
    city_names,
    countries,
    known_zones,
    places,
    plain,
    regions,
    time_names,
    time_words,
)
from bot.text.han_numbers import small_number

_OFFSET = re.compile(
    r"(?:(?:utc|gmt)\s*)?(?P<sign>[+\-−–]|\s(?=\d))\s*(?P<hours>\d{1,2})(?:(?P<mark>[:.]?)(?P<rest>\d{1,2}))?"
)
_FRACTIONS = {"0": 0, "5": 30, "25": 15, "50": 30, "75": 45}
"""Fractions of an hour after a point, in minutes: UTC+5.5. Other digits are minutes: UTC+5.30."""
_DISTRICT = re.compile(r"([东西])(\d{1,2}|十[一二]?|[一二三四五六七八九])区(半?)")
_TIME = re.compile(
    r"(?:\s*(?:(?:standard|daylight|summer|winter) )?time(?:[ -]?zone)?|(?:标准|夏令|冬令)?时间?|时区)$"
)
_ETC = re.compile(r"Etc/GMT([+-])(\d{1,2})")
# A year for which the zone data know of no planned change of any offset.
_WINTER, _SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def zone_called(name: str) -> str | None:
    """Return the IANA name of the zone that `name` means, or None for no zone or several.

    Accepts IANA names in any case, cities in English and Chinese, abbreviations, offsets (UTC+8, +5.5, 东八区) and,
    followed by "time" or 时间, countries and named times too.
    """
    folded = plain(name)
    if match := _OFFSET.fullmatch(folded):
        return _at_offset(match)
    if match := _DISTRICT.fullmatch(folded):
        hours, half = small_number(match[2]) or 0, 30 if match[3] else 0
        return _fixed((1 if match[1] == "东" else -1) * (hours * 60 + half))
    exact = abbreviations().get(folded) or abbreviations().get(name.strip())
    return exact or _city(folded) or _time(folded)


def is_ambiguous(name: str) -> bool:
    """Return whether `name` is an abbreviation or a named time with several zones (CST, US time, 美国时间)."""
    folded = plain(name)
    named = _TIME.sub("", folded)
    return folded in ambiguous_abbreviations() or (
        named != folded and (time_names().get(named) == SEVERAL or named in ambiguous_abbreviations())
    )


def region_called(name: str) -> str | None:
    """Return the zone of the state or province that `name` means (Texas, MA), or None."""
    return regions().get(plain(name)) or regions().get(name.strip())


def country_called(name: str) -> str | None:
    """Return the zone of the country, state or province that `name` means; "" where it has several, None for no such place."""
    zone = countries().get(plain(name)) or countries().get(name.strip())
    return "" if zone == SEVERAL else zone


def goes_on(word: str) -> bool:
    """Return whether a Latin word before a named time makes it another one: "Australian" in Australian Eastern Time."""
    return plain(word) in time_words()


@cache
def longest_name() -> int:
    """Return the number of words in the longest name of a city."""
    return max(len(re.split(r"[\s_]", name)) for name in cities())


def zone_name(zone: str, language: Language) -> str:
    """Return a zone's name for a reader: the city, or the offset such as UTC+8; 上海时间."""
    if match := _ETC.fullmatch(zone):
        # POSIX counts westwards: Etc/GMT-8 is eight hours ahead.
        return f"UTC{'+' if match[1] == '-' else '-'}{match[2]}"
    named = LANGUAGES[language].zone
    if named and "/" in zone:
        return named.format(city=city_of(zone, language))
    return zone.removeprefix("Etc/")


def city_of(zone: str, language: Language) -> str:
    """Return the zone's city, short enough for a button; the zone's name where it has no city."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone_name(zone, language)
    return city_names(language).get(zone) or zone.rsplit("/", 1)[1].replace("_", " ")


def _city(folded: str) -> str | None:
    name = folded.replace(", ", " ").replace(",", " ")
    zone = cities().get(name) or cities().get(name.replace(" ", "_"))
    return zone or (cities().get(name.rsplit("/", 1)[1]) if "/" in name else None)


def _time(folded: str) -> str | None:
    """Return the zone of a name that ends in a word for time (eastern time, 日本时间, new york time zone), or None."""
    named = _TIME.sub("", folded)
    if named == folded:
        return None
    zone = time_names().get(named) or abbreviations().get(named) or _city(named)
    return zone if zone in known_zones() else None


def _at_offset(match: re.Match[str]) -> str | None:
    hours, rest = int(match["hours"]), match["rest"] or ""
    if match["mark"] == ".":
        minutes = _FRACTIONS.get(rest, int(rest) if len(rest) == 2 else 60)
    else:
        minutes = (int(rest or 0)) if len(rest) != 1 else 60
    if minutes > 59:
        return None
    return _fixed((-1 if match["sign"] in "-−–" else 1) * (hours * 60 + minutes))


def _fixed(minutes: int) -> str | None:
    """Return the zone at a constant offset from UTC (minutes); a place without summer time where no other exists."""
    hours, rest = divmod(minutes, 60)
    if rest == 0 and -12 <= hours <= 14:
        return f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return _steady().get(timedelta(minutes=minutes))


@cache
def _steady() -> dict[timedelta, str]:
    """Return offsets from UTC, each with a place that keeps it all year, preferring one with a big city."""
    big = set(big_cities().values())
    steady: dict[timedelta, str] = {}
    for zone in sorted(places(), key=lambda zone: (zone not in big, zone)):
        offset = _WINTER.astimezone(ZoneInfo(zone)).utcoffset()
        if offset is not None and offset == _SUMMER.astimezone(ZoneInfo(zone)).utcoffset():
            steady.setdefault(offset, zone)
    return steady
