"""Names of time zones: reads what people call a zone, and says a zone's name. Computes no times.

Cities, countries and abbreviations come from the CLDR (babel) in both languages. The CLDR names one city for a
zone, so the few big cities beside it that people name instead are listed here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.models import Language
from bot.text.normalise import fold

_LANGUAGES: tuple[Language, ...] = ("en", "zh")
_NEIGHBOURS = {
    "Asia/Shanghai": "Beijing Peking Shenzhen Guangzhou Hangzhou Chengdu Nanjing Wuhan Tianjin Suzhou Xi'an Xian "
    "北京 深圳 广州 杭州 成都 南京 武汉 天津 苏州 西安 重庆 厦门 青岛 合肥 长沙 东八区",
    "Asia/Tokyo": "Osaka Kyoto 大阪 京都",
    "Asia/Kolkata": "Delhi New-Delhi Mumbai Bangalore Bengaluru 新德里 德里 孟买 班加罗尔",
    "Asia/Ho_Chi_Minh": "Hanoi 河内",
    "America/Los_Angeles": "San-Francisco Seattle San-Jose Silicon-Valley 旧金山 西雅图 圣何塞 硅谷",
    "America/New_York": "Boston Washington Miami 波士顿 华盛顿 迈阿密",
    "America/Chicago": "Austin Dallas Houston 奥斯汀 达拉斯 休斯敦 休斯顿",
    "America/Toronto": "Montreal Ottawa 蒙特利尔 渥太华",
    "Europe/London": "Cambridge Oxford Edinburgh 剑桥 牛津 爱丁堡",
    "Europe/Berlin": "Munich Frankfurt Hamburg 慕尼黑 法兰克福 汉堡",
    "Europe/Zurich": "Geneva 日内瓦",
    "Europe/Rome": "Milan 米兰",
    "Europe/Madrid": "Barcelona 巴塞罗那",
    "Australia/Sydney": "Canberra 堪培拉",
}
# Common abbreviations that the CLDR has for no English locale.
_SHORT = {
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "hkt": "Asia/Hong_Kong",
    "sgt": "Asia/Singapore",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "utc": "UTC",
    "gmt": "UTC",
    "世界时": "UTC",
    "世界协调时": "UTC",
}
# These mean different zones in different countries.
AMBIGUOUS = frozenset({"cst", "ist", "bst", "ast"})

# Places whose name is first of all a word.
_WORDS = frozenset(
    "act at center christmas easter lhi midway north nsw oral queensland resolute reunion south tasmania victoria "
    "wake west".split()
)
_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")

_OFFSET = re.compile(r"(?:utc|gmt)\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?")
_DISTRICT = re.compile(r"([东西])(十[一二]?|[一二三四五六七八九])区")
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_ETC = re.compile(r"Etc/GMT([+-])(\d{1,2})")
# A year without a plan of any government to change its offset, as far as the zone data know.
_WINTER, _SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def zone_called(name: str) -> str | None:
    """The IANA name of the zone that `name` means, None for no or more than one zone.

    Takes IANA names in any case, cities in English and Chinese, UTC+8 and 东八区, and, followed by "time" or
    时间, countries too.
    """
    folded = " ".join(_plain(name).split())
    if match := _OFFSET.fullmatch(folded):
        sign = 1 if match[1] == "+" else -1
        return _fixed(sign * (int(match[2]) * 60 + int(match[3] or 0)))
    if match := _DISTRICT.fullmatch(folded):
        hours = 10 + _DIGITS.get(match[2][1:], 0) if match[2][0] == "十" else _DIGITS[match[2]]
        return _fixed((1 if match[1] == "东" else -1) * hours * 60)
    plain = folded.removesuffix("时间").removesuffix(" time").strip()
    found = _cities().get(plain) or _cities().get(plain.replace(" ", "_"))
    if found is None and plain != folded:
        found = _long_names().get(folded) or _countries().get(plain)
    if found is None and "/" in plain:
        found = _cities().get(plain.rsplit("/", 1)[1])
    return found


@cache
def longest_name() -> int:
    """The most words in a name of a city that is a zone."""
    return max(len(re.split(r"[\s_]", name)) for name in _cities())


def zone_name(zone: str, language: Language) -> str:
    """What a reader knows a zone by: Asia/Shanghai, UTC+8; 上海时间."""
    if match := _ETC.fullmatch(zone):
        # POSIX counts westwards: Etc/GMT-8 is eight hours ahead.
        return f"UTC{'+' if match[1] == '-' else '-'}{match[2]}"
    if language == "zh" and "/" in zone:
        return f"{city_of(zone, language)}时间"
    return zone.removeprefix("Etc/")


def city_of(zone: str, language: Language) -> str:
    """The zone's city, as short as a button."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone_name(zone, language)
    return _city_names(language).get(zone) or zone.rsplit("/", 1)[1].replace("_", " ")


def _fixed(minutes: int) -> str | None:
    """The zone that is always this far from UTC; a place without summer time where there is no other."""
    hours, rest = divmod(minutes, 60)
    if rest == 0 and -12 <= hours <= 14:
        return f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return _steady().get(timedelta(minutes=minutes))


@cache
def _steady() -> dict[timedelta, str]:
    """Distances to UTC, each with a place that keeps it all year; of several the one with a big city."""
    found: dict[timedelta, str] = {}
    for zone in sorted(_canonical(), key=lambda zone: (zone not in _NEIGHBOURS, zone)):
        offset = _WINTER.astimezone(ZoneInfo(zone)).utcoffset()
        if offset is not None and offset == _SUMMER.astimezone(ZoneInfo(zone)).utcoffset():
            found.setdefault(offset, zone)
    return found


@cache
def _known() -> frozenset[str]:
    """Every zone of the data; asking for them reads a folder each time."""
    return frozenset(available_timezones())


@cache
def _aliases() -> Mapping[str, str]:
    """Older names of zones, each with the present one."""
    from babel.core import get_global

    aliases: Mapping[str, str] = get_global("zone_aliases")
    return {old: new for old, new in aliases.items() if new in _known()}


@cache
def _canonical() -> frozenset[str]:
    """Zones of places, without the older names that mean the same."""
    return frozenset(zone for zone in _known() if zone.startswith(_REGIONS) and zone not in _aliases())


@cache
def _cities() -> dict[str, str]:
    """Folded IANA names, abbreviations and cities, each with its zone."""
    names = {zone.casefold(): _aliases().get(zone, zone) for zone in _known() if "/" in zone}
    for language in _LANGUAGES:
        for zone, city in _city_names(language).items():
            names.setdefault(_plain(city), zone)
    for zone in sorted(_known(), key=lambda zone: (zone in _aliases(), zone)):
        _, _, city = zone.partition("/")
        if zone.startswith(_REGIONS) and "/" not in city and city.casefold() not in _WORDS:
            names.setdefault(city.casefold().replace("_", " "), _aliases().get(zone, zone))
    for zone, neighbours in _NEIGHBOURS.items():
        for city in neighbours.split():
            names[_plain(city).replace("-", " ")] = zone
    names |= _abbreviations() | _SHORT
    return {name: zone for name, zone in names.items() if name not in _WORDS}


@cache
def _city_names(language: Language) -> dict[str, str]:
    """The CLDR's city of each zone, under the zone's present name."""
    from babel import Locale

    found = Locale(language).time_zones
    cities = {_aliases().get(zone, zone): words["city"] for zone, words in found.items() if "city" in words}
    return {zone: city for zone, city in cities.items() if zone in _canonical()}


@cache
def _long_names() -> dict[str, str]:
    """Names of zones that end in "time" or 时间 (Eastern Time, 中国标准时间), each with its zone."""
    return {_plain(name): zone for name, zone in _metazone_names("long") if name}


@cache
def _abbreviations() -> dict[str, str]:
    """ET, PST and their like."""
    names = {_plain(name): zone for name, zone in _metazone_names("short") if name}
    return {name: zone for name, zone in names.items() if name not in AMBIGUOUS}


@cache
def _metazone_names(width: str) -> tuple[tuple[str, str], ...]:
    from babel import Locale
    from babel.core import get_global

    windows = get_global("windows_zone_mapping")
    english = Locale("en").meta_zones
    found: list[tuple[str, str]] = []
    for language in _LANGUAGES:
        for metazone, words in Locale(language).meta_zones.items():
            standard = english[metazone]["long"]["standard"] if metazone in english else ""
            # Windows' names are the CLDR's only table that says which of a time's many zones stands for it.
            zone = windows.get(standard)
            if zone in _known():
                found.extend((name, _aliases().get(zone, zone)) for name in words.get(width, {}).values())
    return tuple(found)


@cache
def _countries() -> dict[str, str]:
    """Countries and places that have one zone, or one that nearly all of them live in."""
    from babel import Locale
    from babel.core import get_global

    zones = get_global("territory_zones")
    single = {code: found[0] for code, found in zones.items() if len(found) == 1}
    main = single | {"CN": "Asia/Shanghai", "DE": "Europe/Berlin"}
    return {
        _plain(Locale(language).territories[code]): zone
        for language in _LANGUAGES
        for code, zone in main.items()
        if code in Locale(language).territories and zone in _known()
    }


def _plain(name: str) -> str:
    """Folded, and without accents: Sao Paulo."""
    apart = unicodedata.normalize("NFKD", fold(name))
    return "".join(char for char in apart if not unicodedata.combining(char))
