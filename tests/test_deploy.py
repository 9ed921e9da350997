"""The files in deploy/ do what they promise: the unit lets the bot work, compose names what exists, each alert rings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from bot_process import ROOT, environment
from syscall_filter import NUMBERS

from bot.settings import Settings

DEPLOY = ROOT / "deploy"
TEXT = "China installed 276,300 industrial robots in 2023.\n\nThat is six times as many as Japan installed that year."

everything = os.environ.get("TRENDBOT_TESTS") == "all"
promtool = pytest.mark.skipif(
    not shutil.which("promtool") and not everything, reason="promtool is not installed"
)
systemd = pytest.mark.skipif(
    not (shutil.which("systemd-analyze") and NUMBERS.is_file()),
    reason="systemd or Linux's headers are missing",
)


@systemd
def test_under_the_unit_s_system_call_filter_documents_are_parsed_in_full_confinement(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text(TEXT, "utf-8")
    for command, said in (
        (("ingest", str(tmp_path / "report.md")), "added"),
        (("doctor",), "without files and network"),
    ):
        ended = subprocess.run(
            [
                *(sys.executable, ROOT / "tests" / "syscall_filter.py", DEPLOY / "trendbot.service"),
                *(sys.executable, "-m", "bot", *command),
            ],
            cwd=ROOT,
            env=environment(tmp_path / "data"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in ended.stdout, (ended.returncode, ended.stdout, ended.stderr)


def test_the_unit_waits_longer_than_the_bot_takes_to_stop_and_keeps_data_where_it_may_write() -> None:
    unit = (DEPLOY / "trendbot.service").read_text("utf-8")
    settings = dict(re.findall(r"^(\w+)=(.*)$", unit, re.MULTILINE))
    assert int(settings["TimeoutStopSec"]) > 10
    assert settings["Environment"] == f"TRENDBOT_DATA=/var/lib/{settings['StateDirectory']}"


def _filled(value: str, given: dict[str, str]) -> str:
    """Return a setting as compose fills it in: ${NAME:?} must be given, ${NAME:-default} may be."""
    return re.sub(
        r"\$\{(\w+):([?-])([^}]*)\}",
        lambda match: given[match[1]] if match[2] == "?" else given.get(match[1], match[3]),
        value,
    )


def test_a_second_machine_with_the_same_file_uses_the_first_ones_database() -> None:
    bot = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["bot"]
    given = {"POSTGRES_PASSWORD": "secret", "DATABASE_HOST": "10.0.0.1"}
    assert urlsplit(_filled(bot["environment"]["TRENDBOT_STATE"], given)).hostname == "10.0.0.1"


def test_the_containers_find_each_other() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    given = database["environment"]
    address = urlsplit(_filled(bot["environment"]["TRENDBOT_STATE"], {"POSTGRES_PASSWORD": "secret"}))
    assert set(given.values()) == {"trendbot", "${POSTGRES_PASSWORD:?}"}
    assert (address.scheme, address.hostname, address.password) == ("postgresql", "database", "secret")
    assert (address.username, address.path) == (given["POSTGRES_USER"], f"/{given['POSTGRES_DB']}")
    assert bot["depends_on"]["database"] == {"condition": "service_healthy"}
    named = {volume.split(":")[0] for service in (bot, database) for volume in service["volumes"]}
    assert named == set(compose["volumes"])
    (target,) = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))["scrape_configs"][0][
        "static_configs"
    ][0]["targets"]
    assert bot["ports"] == [f"{target}:{bot['environment']['TRENDBOT_LISTEN'].rpartition(':')[2]}"]


def test_the_container_and_the_unit_are_closed_to_what_they_do_not_need() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["bot"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    unit = (DEPLOY / "trendbot.service").read_text("utf-8")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "User=trendbot", "CapabilityBoundingSet="):
        assert line in unit.splitlines()


def test_compose_gives_the_bot_settings_that_it_reads_and_the_folder_that_the_image_keeps() -> None:
    bot = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["bot"]
    given = {"TRENDBOT_TOKEN": "1:a", "POSTGRES_PASSWORD": "b", "TRENDBOT_OPERATORS": "7"}
    variables = {name: _filled(value, given) for name, value in bot["environment"].items()}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"`{name}`" in readme for name in variables)
    # Those left out name a folder of the image, or another Telegram.
    explained = set(
        re.findall(r"`(TRENDBOT_\w+)`", "".join(re.findall(r"^\| `TRENDBOT.*$", readme, re.MULTILINE)))
    )
    assert explained - set(variables) == {"TRENDBOT_DATA", "TRENDBOT_TEMPLATES", "TRENDBOT_API_URL"}
    settings = Settings.from_env(variables)
    assert (settings.token, settings.operators, settings.log_json) == ("1:a", frozenset({7}), True)
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert bot["volumes"] == [
        f"data:{folder}" for folder in re.findall(r"^VOLUME (\S+)$", image, re.MULTILINE)
    ]
    packages = f"\n{(ROOT / 'requirements.txt').read_text('utf-8')}"
    assert all(f"\n{name}==" in packages for name in ("psycopg", "psycopg-binary", "prometheus-client"))


# -- alerts --------------------------------------------------------------------------------------------------

UP, HEARD, UNDELIVERED = (
    'up{job="trendbot"}',
    "trendbot_heard_age_seconds",
    "trendbot_webhook_undelivered_updates",
)
OLDEST, DUE, BACKUP = "trendbot_outbox_oldest_seconds", "trendbot_digests_due", "trendbot_backup_age_seconds"
# A scrape each minute; "5+0x60" is 5, sixty-one times, and "5+1x60" is 5, 6, 7, ….
QUIET = {UP: "1+0x180", HEARD: "10+0x180", UNDELIVERED: "0+0x180", OLDEST: "60+0x180", BACKUP: "80000+60x180"}
BUSY = {DUE: " ".join(["0 0 40 25 10 0"] * 30), OLDEST: " ".join(["0 0 60 120 180 0"] * 30)}
STARTED = {UNDELIVERED: "12+0x4 0+0x60"}


def alerts(folder: Path, series: dict[str, str], name: str) -> bool:
    """Return whether an alert rings at any minute of three hours, as promtool evaluates it."""
    shutil.copy(DEPLOY / "alerts.yml", folder)
    case: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": metric, "values": values} for metric, values in series.items()],
        "alert_rule_test": [{"eval_time": f"{minute}m", "alertname": name} for minute in range(180)],
    }
    rules = {"rule_files": ["alerts.yml"], "evaluation_interval": "1m", "tests": [case]}
    (folder / "case.yml").write_text(yaml.safe_dump(rules), "utf-8")
    command = [shutil.which("promtool") or "promtool", "test", "rules", str(folder / "case.yml")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    silent = "SUCCESS" in ended.stdout + ended.stderr
    assert silent or "got:[" in ended.stdout + ended.stderr, ended.stdout + ended.stderr
    return not silent


@promtool
@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("TrendbotDown", {UP: "1+0x10 0+0x10"}),
        ("TrendbotHearsNothing", {HEARD: "10+60x60"}),
        ("TrendbotHearsNothing", {UNDELIVERED: "0+0x10 3+0x10"}),
        ("TrendbotSendsNothing", {OLDEST: "0+60x30"}),
        ("TrendbotSendsNothing", {DUE: "5+0x60"}),
        ("TrendbotSendsNothing", {DUE: "5+1x60"}),
        ("TrendbotBackupIsOld", {BACKUP: "172700+60x120"}),
        ("TrendbotBackupIsOld", {UP: "1+0x180"}),
    ],
)
def test_an_alert_rings(tmp_path: Path, name: str, series: dict[str, str]) -> None:
    assert alerts(tmp_path, series, name)


@promtool
@pytest.mark.parametrize(
    "series",
    [
        QUIET,
        QUIET | BUSY,
        QUIET | STARTED,
        QUIET
        | {BACKUP + '{instance="active"}': "80000+60x180", BACKUP + '{instance="idle"}': "999999+60x180"},
    ],
    ids=["quiet", "busy", "started after a while", "one stands by"],
)
@pytest.mark.parametrize(
    "name", ["TrendbotDown", "TrendbotHearsNothing", "TrendbotSendsNothing", "TrendbotBackupIsOld"]
)
def test_a_bot_that_works_raises_no_alert(tmp_path: Path, name: str, series: dict[str, str]) -> None:
    assert not alerts(tmp_path, series, name)
