"""The wheel holds all that the bot needs: unpacked alone, it answers from an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.settings import packaged

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel. Needs hatchling, which the README's first line installs; asks no registry."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    done = subprocess.run(
        [sys.executable, "-m", *build, str(folder), str(ROOT)],
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_templates_seeds_fonts_and_glossary_are_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder, least in (("templates", 10), ("seeds", 10), ("fonts", 3)):
        own = packaged(folder)
        files = {f"bot/{folder}/{p.relative_to(own).as_posix()}" for p in own.rglob("*") if p.is_file()}
        assert len(files) >= least
        assert files <= names
    assert "bot/seeds/topics.toml" in names
    page = {p.relative_to(ROOT).as_posix() for p in (ROOT / "bot" / "playground" / "page").iterdir()}
    assert len(page) > 10
    assert page <= names
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "bot").rglob("*.py")}
    assert modules <= names


def test_nothing_else_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [n for n in names if not re.match(r"bot/|trendbot-[^/]+\.dist-info/", n)] == []
    assert [n for n in names if "__pycache__" in n or "test" in Path(n).name] == []
    assert len(names) == len(set(names))


def test_the_command_is_declared(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        entry = next(n for n in archive.namelist() if n.endswith("entry_points.txt"))
        assert "trendbot = bot.cli:main" in archive.read(entry).decode()


def test_it_answers_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRENDBOT_")}
    for question, answer in (("/trend compute", "Compute (算力)\n"), ("/trend 算力", "算力（Compute）\n")):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "ask", question],
            env=environment | {"PYTHONPATH": str(installed), "TRENDBOT_DATA": str(tmp_path / "data")},
            cwd=empty,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(answer)
    assert list(empty.iterdir()) == []
