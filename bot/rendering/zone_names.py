"""Collects what people call time zones: the CLDR's names (babel) in every language, and the tables beside this module.

The CLDR names one city per zone and few abbreviations, so the tables add cities, abbreviations and names of times.
Every key is folded by `plain`. Decides nothing; `zones` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from bot.languages import ENGLISH, LANGUAGES
from bot.models import Language
from bot.text.normalise import fold
from bot.text.rule_data import read_table, read_words

_HERE = Path(__file__).parent
_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
SEVERAL = "?"
"""Marks a name in the tables that means several zones."""
_STANDARD = re.compile(r"(?:\s*(?:standard|daylight|summer|winter) time|\s+time|(?:标准|夏令|冬令)?时间)$")


def plain(name: str) -> str:
    """Return `name` folded, without accents and with single spaces: sao paulo."""
    apart = unicodedata.normalize("NFKD", fold(name))
    return " ".join("".join(char for char in apart if not unicodedata.combining(char)).split())


@cache
def known_zones() -> frozenset[str]:
    """Return every zone of the zone data; cached, because listing them reads a folder."""
    return frozenset(available_timezones())


@cache
def older_names() -> Mapping[str, str]:
    """Return older names of zones with the present ones."""
    from babel.core import get_global

    aliases: Mapping[str, str] = get_global("zone_aliases")
    return {old: new for old, new in aliases.items() if new in known_zones()}


@cache
def places() -> frozenset[str]:
    """Return the zones of places, without older names."""
    return frozenset(
        zone for zone in known_zones() if zone.startswith(_REGIONS) and zone not in older_names()
    )


@cache
def big_cities() -> dict[str, str]:
    """Return cities that share the zone of another city, with that zone."""
    return read_table(_HERE / "cities.tsv")


@cache
def abbreviations() -> dict[str, str]:
    """Return abbreviations that mean one zone. One that is also a word is in capitals."""
    table = read_table(_HERE / "zone_abbreviations.tsv")
    return {name: zone for name, zone in table.items() if zone != SEVERAL}


@cache
def ambiguous_abbreviations() -> frozenset[str]:
    """Return abbreviations that mean different zones in different countries."""
    table = read_table(_HERE / "zone_abbreviations.tsv")
    return frozenset(name for name, zone in table.items() if zone == SEVERAL)


@cache
def cities() -> dict[str, str]:
    """Return city names and IANA names, cities also combined with their country, each with its zone."""
    words = read_words(_HERE / "place_words.txt")
    names = {zone.casefold(): older_names().get(zone, zone) for zone in known_zones() if "/" in zone}
    for language in LANGUAGES:
        for zone, city in city_names(language).items():
            names.setdefault(plain(city), zone)
    for zone in sorted(known_zones(), key=lambda zone: (zone in older_names(), zone)):
        _, _, city = zone.partition("/")
        if zone.startswith(_REGIONS) and "/" not in city and city.casefold() not in words:
            names.setdefault(city.casefold().replace("_", " "), older_names().get(zone, zone))
    names |= {plain(city): zone for city, zone in big_cities().items()}
    names = {name: zone for name, zone in names.items() if name not in words}
    return _with_countries(names) | names


def _with_countries(names: Mapping[str, str]) -> dict[str, str]:
    """Return cities combined with their country, after it in Chinese: berlin germany, 日本东京."""
    countries: dict[str, list[str]] = {}
    for name, zones in _territories():
        for zone in zones:
            countries.setdefault(zone, []).append(name)
    for name, zone in read_table(_HERE / "time_names.tsv").items():
        if zone != SEVERAL and "/" in zone:
            countries.setdefault(zone, []).append(name)
    return {
        joined: zone
        for name, zone in names.items()
        if "/" not in name
        for country in countries.get(zone, ())
        if country.isascii() == name.isascii()
        for joined in ((f"{name} {country}",) if name.isascii() else (country + name, f"{name} {country}"))
    }


@cache
def regions() -> dict[str, str]:
    """Return states and provinces, which may follow a city, each with the zone of most of its cities."""
    return read_table(_HERE / "regions.tsv")


@cache
def city_names(language: Language) -> dict[str, str]:
    """Return the CLDR's city name of each zone, under the zone's present name."""
    from babel import Locale

    words = Locale(language).time_zones
    named = {older_names().get(zone, zone): word["city"] for zone, word in words.items() if "city" in word}
    return {zone: city for zone, city in named.items() if zone in places()}


@cache
def time_names() -> dict[str, str]:
    """Return what may precede "time" or 时间 (eastern, india, 中国), each with its zone, or SEVERAL."""
    names = {_STANDARD.sub("", name): zone for name, zone in _metazones()} | _countries()
    return names | {plain(name): zone for name, zone in read_table(_HERE / "time_names.tsv").items()}


@cache
def time_words() -> frozenset[str]:
    """Return Latin words that occur in names of times: eastern, australian, south."""
    names = [*time_names(), *(name for name, _ in _territories())]
    words = {word for name in names if name.isascii() for word in name.split()}
    return frozenset(words | {"standard", "daylight", "summer", "winter", "mean", "north", "south"})


def _metazones() -> Iterator[tuple[str, str]]:
    """Yield names of times and their zones, from Windows' table: the only one in the CLDR that picks a zone for each."""
    from babel import Locale
    from babel.core import get_global

    windows, english = get_global("windows_zone_mapping"), Locale(ENGLISH.code).meta_zones
    for language in LANGUAGES:
        for metazone, words in Locale(language).meta_zones.items():
            standard = english[metazone]["long"]["standard"] if metazone in english else ""
            zone = windows.get(standard)
            if zone in known_zones():
                for name in words.get("long", {}).values():
                    if name:
                        yield plain(name), older_names().get(zone, zone)


@cache
def _territories() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return names of countries in every language, each with the present names of its zones."""
    from babel import Locale
    from babel.core import get_global

    return tuple(
        (plain(Locale(language).territories[code]), tuple(older_names().get(zone, zone) for zone in zones))
        for language in LANGUAGES
        for code, zones in get_global("territory_zones").items()
        if code in Locale(language).territories
    )


@cache
def countries() -> dict[str, str]:
    """Return countries, states and provinces, each with its zone, or SEVERAL."""
    several = {name: SEVERAL for name, zones in _territories() if len(zones) > 1}
    return several | _countries() | regions() | read_table(_HERE / "country_names.tsv")


def _countries() -> dict[str, str]:
    """Return countries with one zone, or with one where nearly all of their people live."""
    main = {"Asia/Shanghai", "Europe/Berlin"}
    single: dict[str, str] = {}
    for name, zones in _territories():
        chosen = zones if len(zones) == 1 else [zone for zone in zones if zone in main]
        if chosen and chosen[0] in known_zones():
            single[name] = chosen[0]
    return single
