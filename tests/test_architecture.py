"""The shape of the code: small modules with docstrings, and nothing unused."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.languages import LANGUAGES
from bot.settings import packaged

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "bot").rglob("*.py"))
FULL = [path for path in MODULES if path.read_text("utf-8").strip()]
TEMPLATES = packaged("templates")
VAGUE = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "tools"}
LONGEST = 330


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_modules_are_found() -> None:
    assert len(FULL) > 40


@pytest.mark.parametrize("path", FULL, ids=name_of)
def test_every_module_begins_with_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said
    assert len(said.split("\n\n")[0]) >= 30


@pytest.mark.parametrize("path", FULL, ids=name_of)
def test_every_module_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_functions_are_short() -> None:
    """Half of them have at most 8 lines, nine of ten at most 20, none over 60, signature and docstring included."""
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in FULL
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert len(lengths) > 500
    shares = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10], lengths[-1]
    assert all(length <= most for length, most in zip(shares, (8, 20, 60), strict=True)), shares


def test_no_module_is_named_for_nothing() -> None:
    tests = (ROOT / "tests").rglob("*.py")
    assert [
        name_of(p) for p in (*MODULES, *tests) if VAGUE & {p.stem, *p.parent.relative_to(ROOT).parts}
    ] == []


@pytest.mark.parametrize("path", FULL, ids=name_of)
def test_every_public_class_and_function_says_what_it_does(path: Path) -> None:
    silent = [
        node.name
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_template_is_used() -> None:
    """A template is used by its name in the code, or by another template."""
    code = "\n".join(path.read_text("utf-8") for path in FULL)
    texts = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    assert len(texts) > 10
    unused = []
    for path in texts:
        name = path.relative_to(TEMPLATES).as_posix()
        asked = path.stem == "words" or f'"{name.removesuffix(".html")}"' in code
        shared = any(f'"{name}"' in text for other, text in texts.items() if other != path)
        if not asked and not shared:
            unused.append(name)
    assert unused == []


def test_every_word_list_belongs_to_a_language_and_no_language_is_half() -> None:
    folders = {
        path.parent.name: sorted(p.name for p in path.parent.iterdir())
        for path in TEMPLATES.glob("*/words.html")
    }
    assert set(folders) == set(LANGUAGES)
    assert len(set(map(tuple, folders.values()))) == 1


def test_languages_are_named_in_their_registry_alone() -> None:
    """Other modules ask the language's entry. Modules that cut and fold text are about a language, and may name it."""
    places = [
        f"{name_of(path)}:{node.lineno}"
        for path in FULL
        if not name_of(path).startswith(("bot/languages.py", "bot/text/", "bot/playground/"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in LANGUAGES
    ]
    assert places == []


def test_no_module_reads_the_environment_or_the_clock_on_its_own() -> None:
    """Settings are read from the environment once, and `now` is passed down."""
    for path in FULL:
        text = path.read_text("utf-8")
        if name_of(path) != "bot/clock.py":
            assert not re.search(r"datetime\.(?:now|utcnow|today)\(|date\.today\(|time\.time\(", text), (
                name_of(path)
            )
        if name_of(path) != "bot/cli.py":
            assert not re.search(r"os\.environ|getenv", text), name_of(path)


def test_every_module_of_tests_says_what_it_claims() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    assert len(tests) > 20
    assert [name_of(p) for p in tests if not ast.get_docstring(ast.parse(p.read_text("utf-8")))] == []
