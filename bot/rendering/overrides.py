"""Checks an operator's own templates at startup, so that a mistake surfaces then and not with a digest at 08:00."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, meta, nodes

from bot.languages import LANGUAGES

_GIVEN = frozenset({"w", "language"})
"""Variables that every template receives."""

# Bot API, formatting options: HTML style. Telegram refuses a message with any other.
_TAGS = frozenset(
    "a b blockquote code del em i ins pre s span strike strong tg-emoji tg-spoiler tg-time u".split()
)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
_WORDS = "words.html"
_PAGES = "publish/"
"""Folder of templates for pages and feeds, which are not messages."""


def problems(environment: Environment, folder: Path) -> Iterator[str]:
    """Yield each problem of the templates in `folder`, which the environment's loader tries before the packaged ones.

    Each is a sentence without its full stop. Raises what jinja2 raises for a template that cannot be compiled.
    """
    loader = environment.loader
    assert isinstance(loader, ChoiceLoader)  # noqa: S101  # for the type checker: made by Renderer
    packaged = loader.loaders[-1]
    names = sorted(set(packaged.list_templates()))
    own = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))]
    trees = {name: environment.parse(loader.get_source(environment, name)[0], name) for name in own}
    used = {found for tree in trees.values() for found in meta.find_referenced_templates(tree)}
    words: dict[str, dict[str, list[str]]] = {
        language: _macros(environment, loader, f"{language}/{_WORDS}") for language in LANGUAGES
    }
    for name, tree in trees.items():
        if name in names:
            given = _asked_for(environment, packaged, name)
            yield from _unknown(tree, folder / name, given | _GIVEN, words)
        elif name not in used:
            near = difflib.get_close_matches(name, names, 1)
            yield f"{folder / name} is used by nothing{f'; {near[0]} is' if near else ''}"
        if not name.startswith(_PAGES):
            yield from _refused(tree, folder / name)
    for language, macros in words.items():
        yield from _differences(
            _macros(environment, packaged, f"{language}/{_WORDS}"), macros, language, folder
        )


def _asked_for(environment: Environment, packaged: BaseLoader, name: str) -> set[str]:
    """Return the variables of the packaged template of this name: those that the bot passes to it."""
    return meta.find_undeclared_variables(environment.parse(packaged.get_source(environment, name)[0]))


def _unknown(
    tree: nodes.Template, path: Path, given: set[str], words: dict[str, dict[str, list[str]]]
) -> Iterator[str]:
    """Yield variables that the bot does not pass, and words that words.html lacks."""
    missing = meta.find_undeclared_variables(tree) - given
    for variable in tree.find_all(nodes.Name):
        if variable.name in missing and variable.ctx == "load":
            yield f"{path}, line {variable.lineno}: there is no {variable.name} here"
    for asked in tree.find_all(nodes.Getattr):
        if isinstance(asked.node, nodes.Name) and asked.node.name == "w":
            for language, macros in words.items():
                if asked.attr not in macros:
                    yield f"{path}, line {asked.lineno}: {language}/{_WORDS} has no macro {asked.attr}"


def _refused(tree: nodes.Template, path: Path) -> Iterator[str]:
    for text in tree.find_all(nodes.TemplateData):
        for tag in _TAG.finditer(text.data):
            if tag[1].lower() not in _TAGS:
                line = text.lineno + text.data.count("\n", 0, tag.start())
                yield f"{path}, line {line}: Telegram takes no <{tag[1]}>"


def _differences(
    ours: dict[str, list[str]], theirs: dict[str, list[str]], language: str, folder: Path
) -> Iterator[str]:
    """Yield macros that an override's words lack or define with other arguments."""
    for macro, arguments in ours.items():
        if macro not in theirs:
            yield f"{language}/{_WORDS} in {folder} lacks the macro {macro}({', '.join(arguments)})"
        elif theirs[macro] != arguments:
            yield (
                f"{language}/{_WORDS} in {folder}: the macro {macro} takes ({', '.join(arguments)}), "
                f"not ({', '.join(theirs[macro])})"
            )


def _macros(environment: Environment, loader: BaseLoader, name: str) -> dict[str, list[str]]:
    """Return the macros of a template with their arguments."""
    source, _, _ = loader.get_source(environment, name)
    macros = environment.parse(source).find_all(nodes.Macro)
    return {macro.name: [argument.name for argument in macro.args] for macro in macros}
