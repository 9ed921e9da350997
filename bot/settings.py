"""What an operator sets, read once from the environment, and where packaged files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.languages import DEFAULT, LANGUAGES, language_named

if TYPE_CHECKING:
    from bot.models import Language

TELEGRAM = "https://api.telegram.org"


class SettingsError(ValueError):
    """A setting that cannot be used; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the bot. `token` is empty when none is set."""

    token: str
    api_url: str
    data: Path
    operators: frozenset[int]
    language: Language
    timezone: ZoneInfo
    templates: Path | None
    log_level: str
    proxy: str | None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Reads the variables named in the README.

        Raises SettingsError when a value cannot be used.
        """
        templates = environ.get("TRENDBOT_TEMPLATES")
        return cls(
            token=environ.get("TRENDBOT_TOKEN", "").strip(),
            api_url=(environ.get("TRENDBOT_API_URL") or TELEGRAM).rstrip("/"),
            data=_data_folder(environ.get("TRENDBOT_DATA")),
            operators=_user_ids(environ.get("TRENDBOT_OPERATORS", "")),
            language=_language(environ.get("TRENDBOT_LANGUAGE", DEFAULT.code)),
            timezone=_zone(environ.get("TRENDBOT_TIMEZONE", "UTC")),
            templates=Path(templates) if templates else None,
            log_level=_log_level(environ.get("TRENDBOT_LOG", "WARNING")),
            proxy=proxy_from(environ),
        )


def proxy_from(environ: Mapping[str, str]) -> str | None:
    """The proxy that HTTPS_PROXY or ALL_PROXY names (upper or lower case), else None.

    Raises SettingsError for a scheme other than http, https, socks5 or socks5h.
    """
    names = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    proxy = next((environ[name] for name in names if environ.get(name)), None)
    if proxy is None:
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    scheme = proxy.split("://", 1)[0].lower()
    if scheme == "socks":
        proxy, scheme = "socks5" + proxy[len("socks") :], "socks5"
    if scheme not in {"http", "https", "socks5", "socks5h"}:
        raise SettingsError(
            f"HTTPS_PROXY or ALL_PROXY has the scheme {scheme!r}: use http, socks5 or socks5h."
        )
    return proxy


def packaged(name: str) -> Path:
    """The folder `name` (templates or seeds): inside the installed package, else beside the checkout.

    Raises FileNotFoundError when the installation lacks it.
    """
    package = Path(__file__).parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The installation lacks its {name}/ folder; install trendbot again.")


def _data_folder(value: str | None) -> Path:
    if value:
        return Path(value).expanduser()
    from platformdirs import user_data_path

    return user_data_path("trendbot", appauthor=False)


def _user_ids(value: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in value.replace(",", " ").split())
    except ValueError:
        raise SettingsError("TRENDBOT_OPERATORS takes Telegram user ids, such as 12345,67890.") from None


def _language(value: str) -> Language:
    language = language_named(value)
    if language is None:
        raise SettingsError(f"TRENDBOT_LANGUAGE is {value!r}: use {' or '.join(LANGUAGES)}.")
    return language


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(f"TRENDBOT_TIMEZONE is {value!r}: use a name such as Asia/Shanghai.") from None


def _log_level(value: str) -> str:
    level = value.upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise SettingsError(f"TRENDBOT_LOG is {value!r}: use DEBUG, INFO, WARNING or ERROR.")
    return level
