"""An editable install runs this checkout as `trendbot`, from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `trendbot` command in an environment of its own, which uses the libraries of the tests."""
    folder = tmp_path_factory.mktemp("editable")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    ours = next(p for p in sys.path if p.endswith("site-packages"))
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{ours}\n", "utf-8")
    checkout = shutil.copytree(
        ROOT, folder / "checkout", ignore=shutil.ignore_patterns(".*", "tests", "__pycache__")
    )
    install = ["pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--editable"]
    done = subprocess.run(
        [python, "-m", *install, checkout],
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "bin" / "trendbot"


def test_what_is_written_in_the_checkout_is_what_runs(script: Path, tmp_path: Path) -> None:
    package = script.parents[1] / "checkout" / "bot" / "__init__.py"
    text = package.read_text("utf-8")
    package.write_text(text.replace('__version__ = "', '__version__ = "edited-'), "utf-8")
    done = subprocess.run(
        [script, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "edited-" in done.stdout


def test_it_answers_from_the_templates_and_seeds_beside_it(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [script, "ask", "/trend compute"],
        env={"PATH": os.environ["PATH"], "TRENDBOT_DATA": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Compute (算力)\n")
