"""The Dockerfile names only files and commands that exist. The image itself is not built: no container engine runs here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.cli import _parser

ROOT = Path(__file__).parents[1]
# A backslash continues an instruction on the next line; comments are not instructions.
LINES = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text("utf-8")).splitlines()
INSTRUCTIONS = [line.split(maxsplit=1) for line in LINES if line.strip() and not line.startswith("#")]
FINAL = max(n for n, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM")


def given(name: str, *, final: bool = True) -> list[str]:
    """Return the arguments of the instructions called `name`, in the final stage or in the earlier ones."""
    part = INSTRUCTIONS[FINAL:] if final else INSTRUCTIONS[:FINAL]
    return [rest for instruction, rest in part if instruction == name]


def words_of(instruction: str) -> list[str]:
    """Return the command of CMD or HEALTHCHECK, which must be a list, so that no shell intercepts signals."""
    words = json.loads(instruction[instruction.index("[") :])
    assert all(isinstance(word, str) for word in words)
    return list(words)


def test_every_copied_file_exists() -> None:
    copied = [word for rest in given("COPY", final=False) for word in rest.split()[:-1]]
    assert {"bot", "templates", "seeds", "pyproject.toml"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_every_file_that_the_build_names_was_copied_before() -> None:
    known: set[str] = set()
    named = 0
    for instruction, rest in INSTRUCTIONS[:FINAL]:
        if instruction == "COPY":
            known |= set(rest.split()[:-1])
        for name in re.findall(r"-r (\S+)", rest) if instruction == "RUN" else []:
            named += 1
            assert name in known, name
    assert named == 2


def test_what_pyproject_needs_for_the_build_is_copied() -> None:
    """Hatchling reads the README and the licence, and packages three folders."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    copied = {word for rest in given("COPY", final=False) for word in rest.split()[:-1]}
    for name in re.findall(r'(?m)^(?:readme = |license-files = \[)"([^"]+)"', text):
        assert name in copied
    assert set(re.findall(r'(?m)^(\w+) = "bot/', text)) <= copied


def test_packages_are_pinned_by_hash_and_no_compiler_stays() -> None:
    steps = " && ".join(given("RUN", final=False))
    installs = re.findall(r"pip install[^&]+", steps)
    assert len(installs) == 3
    assert all("--require-hashes" in step or "--no-deps ." in step for step in installs)
    assert not re.search(r"apt|gcc|build-essential", " ".join(given("RUN")))


@pytest.mark.parametrize("name", ["CMD", "HEALTHCHECK"])
def test_what_runs_is_a_command_of_trendbot(name: str) -> None:
    (instruction,) = given(name)
    program, *arguments = words_of(instruction)
    assert program == "trendbot"
    assert _parser().parse_args(arguments).command


def test_the_health_check_looks_at_the_running_bot_and_not_at_the_whole_installation() -> None:
    (instruction,) = given("HEALTHCHECK")
    assert _parser().parse_args(words_of(instruction)[1:]).health is True


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume() -> None:
    (user,) = given("USER")
    assert user not in {"root", "0"}
    assert any(f"useradd --system --uid 10001 --home-dir /data {user}" in rest for rest in given("RUN"))
    assert given("VOLUME") == ["/data"]
    assert any("TRENDBOT_DATA=/data" in rest for rest in given("ENV"))
    order = [name for name, _ in INSTRUCTIONS[FINAL:]]
    assert order.index("RUN") < order.index("USER") < order.index("CMD")


def test_no_secret_is_in_the_image() -> None:
    assert not any("TOKEN" in rest for _, rest in INSTRUCTIONS)
    assert "." not in [word for rest in given("COPY", final=False) for word in rest.split()[:-1]]
