"""The operator's settings, read once from the environment, and the location of packaged files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from bot.languages import DEFAULT, LANGUAGES, language_named

if TYPE_CHECKING:
    from bot.models import Language

TELEGRAM = "https://api.telegram.org"

TOPICS = "topics.toml"
"""Name of the file of topics, packaged with the seeds; one in the data folder adds an operator's own."""

_WEBHOOK_PORTS = (443, 80, 88, 8443)

# libpq, "Connection URIs": of a name or password it reads raw @ and / as the end, and a % only before two hex digits.
_STATE_URL = re.compile(
    r"postgres(?:ql)?://"
    r"(?:[^@/]*@)?"
    r"(?:\[[^\]@/]*\]|[^:,@/?\[\]]*)(?::\d*)?(?:,(?:\[[^\]@/]*\]|[^:,@/?\[\]]*)(?::\d*)?)*"
    r"(?:/[^@?]*)?(?:\?.*)?",
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_VARIABLES = tuple(
    f"TRENDBOT_{name}"
    for name in (
        *(
            "TOKEN",
            "API_URL",
            "DATA",
            "OPERATORS",
            "LANGUAGE",
            "TIMEZONE",
            "TEMPLATES",
            "LOG",
            "STATE",
            "WEBHOOK",
        ),
        *("LISTEN", "LLM_URL", "LLM_MODEL", "LLM_KEY", "RSSHUB", "ALLOW"),
    )
)
# Of two names of settings that differ by a letter or two, one is a misspelling.
_MISSPELLED = 0.9
_PASSWORD_PARAMETER = re.compile(r"[?&](?:ssl)?password=([^&]*)")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one sentence that says what to do."""


class Address(NamedTuple):
    """The address where the process listens."""

    host: str
    port: int


class ModelAddress(NamedTuple):
    """A language model for rewriting, behind an OpenAI-style API; `key` is "" where it needs none."""

    url: str
    name: str
    key: str


class Settings(Struct, frozen=True):
    """Every setting of the bot.

    `token` is "" if not set, `webhook` "" for polling, `state_url` "" for a state in a file; `model` is None where no
    language model rewrites.
    """

    token: str
    api_url: str
    data: Path
    operators: frozenset[int]
    language: Language
    timezone: ZoneInfo
    templates: Path | None
    log_level: str
    log_json: bool
    proxy: str | None
    webhook: str
    listen: Address | None
    allow: frozenset[tuple[str, int]]
    rsshub: str
    state_url: str
    model: ModelAddress | None

    @property
    def state(self) -> Path | str:
        """Location of the state: a file in the data folder, or the URL of a PostgreSQL database."""
        return self.state_url or self.data / "state.db"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may contain: the token, the model's key, and the passwords of the database and the proxy."""
        addresses = (self.state_url, self.proxy or "")
        passwords = [password for address in addresses for password in _passwords(address)]
        return tuple(
            filter(None, (self.token, self.model.key if self.model else "", self.state_url, *passwords))
        )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Return the settings in the variables named in the README.

        Raises SettingsError for a value that cannot be used, and for a variable whose name is almost one of them.
        """
        _refuse_misspelled(environ)
        templates = environ.get("TRENDBOT_TEMPLATES")
        level, _, form = environ.get("TRENDBOT_LOG", "WARNING").partition(",")
        listen = _address(environ.get("TRENDBOT_LISTEN", ""))
        return cls(
            token=environ.get("TRENDBOT_TOKEN", "").strip(),
            api_url=_web_address("TRENDBOT_API_URL", environ.get("TRENDBOT_API_URL") or TELEGRAM),
            data=_data_folder(environ.get("TRENDBOT_DATA")),
            operators=_user_ids(environ.get("TRENDBOT_OPERATORS", "")),
            language=_language(environ.get("TRENDBOT_LANGUAGE", DEFAULT.code)),
            timezone=_zone(environ.get("TRENDBOT_TIMEZONE", "UTC")),
            templates=Path(templates) if templates else None,
            log_level=_log_level(level),
            log_json=_log_json(form),
            proxy=proxy_from(environ),
            webhook=_webhook(environ.get("TRENDBOT_WEBHOOK", ""), listen),
            listen=listen,
            allow=_hosts(environ.get("TRENDBOT_ALLOW", "")),
            rsshub=_web_address("TRENDBOT_RSSHUB", environ.get("TRENDBOT_RSSHUB", "")),
            state_url=_state_url(environ.get("TRENDBOT_STATE", "")),
            model=_model(environ),
        )


def _refuse_misspelled(names: Iterable[str]) -> None:
    """Raise SettingsError for a misspelled variable: without TRENDBOT_STATE, say, a bot would start with an empty state."""
    for name in names:
        known = name in _VARIABLES or not name.startswith("TRENDBOT")
        if not known and (meant := get_close_matches(name, _VARIABLES, 1, _MISSPELLED)):
            raise SettingsError(f"{name} is no setting; did you mean {meant[0]}?")


def proxy_from(environ: Mapping[str, str]) -> str | None:
    """Return the proxy named by HTTPS_PROXY or ALL_PROXY (upper or lower case), or None.

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


def _model(environ: Mapping[str, str]) -> ModelAddress | None:
    url, name = environ.get("TRENDBOT_LLM_URL", "").strip(), environ.get("TRENDBOT_LLM_MODEL", "").strip()
    if not url and not name:
        return None
    if not name or not _is_web(url):
        raise SettingsError(
            "TRENDBOT_LLM_URL and TRENDBOT_LLM_MODEL go together: an address such as http://127.0.0.1:11434/v1, "
            "and the model's name there."
        )
    return ModelAddress(url.rstrip("/"), name, environ.get("TRENDBOT_LLM_KEY", "").strip())


def packaged(name: str) -> Path:
    """Return the folder `name` (templates, seeds or fonts): in the installed package, else beside it in a checkout.

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


def _web_address(variable: str, value: str) -> str:
    address = value.strip().rstrip("/")
    if address and not _is_web(address):
        raise SettingsError(f"{variable} is no address such as http://127.0.0.1:8081; it begins with http.")
    return address


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _user_ids(value: str) -> frozenset[int]:
    """Return the ids of people; a negative id is a group's, and a group operates nothing."""
    ids = value.replace(",", " ").split()
    if not all(part.isascii() and part.isdecimal() for part in ids):
        raise SettingsError("TRENDBOT_OPERATORS takes Telegram user ids, such as 12345,67890.")
    return frozenset(map(int, ids))


def _hosts(value: str) -> frozenset[tuple[str, int]]:
    """Return the hosts with ports that may be reached although they are private."""
    hosts = set()
    for part in value.replace(",", " ").split():
        host, _, port = part.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise SettingsError(f"TRENDBOT_ALLOW has {part!r}: use host:port, such as 127.0.0.1:1200.")
        hosts.add((host.strip("[]").lower(), int(port)))
    return frozenset(hosts)


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
    level = value.strip().upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise SettingsError(f"TRENDBOT_LOG is {value!r}: use DEBUG, INFO, WARNING or ERROR.")
    return level


def _log_json(value: str) -> bool:
    form = value.strip().lower()
    if form not in {"", "json"}:
        raise SettingsError(
            f"TRENDBOT_LOG ends in {value!r}: use INFO for lines of text, INFO,json for JSON."
        )
    return form == "json"


def _state_url(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://")):
        raise SettingsError(
            "TRENDBOT_STATE is no address of a PostgreSQL database, such as postgresql://name:password@host/trendbot."
        )
    if value and (not _STATE_URL.fullmatch(value) or _BAD_ESCAPE.search(value)):
        # The value is not quoted: what cannot be read may be part of the password.
        raise SettingsError(
            "TRENDBOT_STATE cannot be read. In its name and password, write %40 for @, %2F for /, %3A for : and %25 for %."
        )
    return value


def _passwords(address: str) -> Iterator[str]:
    """Yield the passwords in an address, as they are written there and decoded."""
    authority = address.partition("://")[2].partition("/")[0]
    written = [authority.rpartition("@")[0].partition(":")[2], *_PASSWORD_PARAMETER.findall(address)]
    for password in written:
        yield from (password, unquote(password))


def _address(value: str) -> Address | None:
    if not value:
        return None
    host, _, port = value.strip().rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise SettingsError(f"TRENDBOT_LISTEN is {value!r}: use a host and a port, such as 127.0.0.1:8081.")
    return Address(host.removeprefix("[").removesuffix("]"), int(port))


def _webhook(value: str, listen: Address | None) -> str:
    """Return the URL for Telegram: https, on one of the ports that it calls (Bot API, setWebhook)."""
    if not value:
        return ""
    try:
        parts = urlsplit(value.strip())
        port = parts.port or _WEBHOOK_PORTS[0]
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "https" or not parts.hostname or port not in _WEBHOOK_PORTS or parts.fragment:
        ports = ", ".join(map(str, _WEBHOOK_PORTS))
        raise SettingsError(
            f"TRENDBOT_WEBHOOK is {value!r}: use an address such as https://bot.example.org/telegram, on port {ports}."
        )
    if listen is None:
        raise SettingsError(
            "TRENDBOT_WEBHOOK needs TRENDBOT_LISTEN, such as 127.0.0.1:8081, where its requests are passed on to."
        )
    return value.strip()
