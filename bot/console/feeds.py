"""`trendbot feeds`: shows and changes the sources that reports come from, on a terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.clock import utc_now
from bot.console.terminal import DONE, FAILED, CommandFailed, opened
from bot.settings import Settings
from bot.state.sources import Source
from bot.text.unreadable import Unreadable

if TYPE_CHECKING:
    from bot.app import App

ACTIONS = ("list", "add", "check", "pause", "resume", "remove", "import", "export")


def feeds(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot feeds`: runs one of ACTIONS."""
    with opened(settings) as app:
        try:
            return _ACTIONS[arguments.action](app, arguments)
        except Unreadable as error:
            raise CommandFailed(_sentence(app, error)) from error


def _list(app: App, arguments: argparse.Namespace) -> int:
    for source in _all(app):
        _print(app, source, as_json=arguments.json)
    return DONE


def _all(app: App) -> list[Source]:
    """Return every source; if there is none, say on standard error how to add one."""
    sources = app.state.sources.all()
    if not sources:
        print(
            "No feeds yet. trendbot feeds add URL adds one, trendbot feeds import offers well-known ones.",
            file=sys.stderr,
        )
    return sources


def _add(app: App, arguments: argparse.Namespace) -> int:
    from bot.intake.sources.adding import folder_at

    if not arguments.targets:
        raise CommandFailed("trendbot feeds add takes an address or a folder.")
    now = int(utc_now().timestamp())
    code = DONE
    for target in arguments.targets:
        try:
            candidate = folder_at(target, now) or app.find_source(target, now)
        except Unreadable as error:
            print(f"{target}: {_sentence(app, error)}", file=sys.stderr)
            code = FAILED
            continue
        app.state.sources.add(candidate.source)
        kept = app.state.sources.by_address(candidate.source.address) or candidate.source
        code = max(code, _check_now(app, [kept], as_json=arguments.json))
    return code


def _check(app: App, arguments: argparse.Namespace) -> int:
    sources = _named(app, arguments.targets) if arguments.targets else _all(app)
    active = [one for one in sources if one.state == "active" and one.kind != "channel"]
    if sources and not active:
        print("Nothing was checked: what is paused, ended or a channel is not fetched.", file=sys.stderr)
    return _check_now(app, active, as_json=arguments.json)


def _check_now(app: App, sources: list[Source], *, as_json: bool) -> int:
    """Check these sources, printing each in its new state; return FAILED where any check fails."""
    import asyncio

    from bot.intake.sources.due import check_all

    app.segmenter.load()

    async def run() -> int:
        code = DONE
        async for one in check_all(app.source_check(), sources, utc_now):
            kept = app.state.sources.get(one.source.id) or one.source
            _print(app, kept, as_json=as_json, news=(one.added, one.changed))
            code = FAILED if one.source.failures else code
        return code

    return asyncio.run(run())


def _pause(app: App, arguments: argparse.Namespace) -> int:
    for source in _named(app, arguments.targets):
        app.state.sources.set_state(source.id, "paused", int(utc_now().timestamp()))
    return _show(app, arguments)


def _resume(app: App, arguments: argparse.Namespace) -> int:
    for source in _named(app, arguments.targets):
        app.state.sources.set_state(source.id, "active", int(utc_now().timestamp()))
    return _show(app, arguments)


def _show(app: App, arguments: argparse.Namespace) -> int:
    for source in _named(app, arguments.targets):
        _print(app, source, as_json=arguments.json)
    return DONE


def _remove(app: App, arguments: argparse.Namespace) -> int:
    for source in _named(app, arguments.targets):
        app.state.sources.remove(source.id)
        print(f"{source.title or source.address} is removed; what came from it stays in the library.")
    return DONE


def _import(app: App, arguments: argparse.Namespace) -> int:
    """Add the feeds of OPML files; without a file, offer the packaged feeds and add them on confirmation."""
    from bot.intake.sources.opml import feeds_of, read_opml, starter_feeds

    if arguments.targets:
        outlines = [one for name in arguments.targets for one in read_opml(_bytes_of(name))]
    else:
        outlines = starter_feeds()
        if not arguments.yes:
            print(*(f"{title}  {address}" for title, address in outlines), sep="\n")
        if not arguments.yes and not _agreed(len(outlines)):
            print("Nothing was added. trendbot feeds import --yes adds all of them.", file=sys.stderr)
            return DONE
    now = int(utc_now().timestamp())
    new = feeds_of(outlines, now)
    if not new:
        raise CommandFailed("The list names no feed that can be fetched.")
    added = sum([app.state.sources.add(source) for source in new])
    known = f", {len(new) - added} known already" if added < len(new) else ""
    then = " A running bot reads what is new now; trendbot feeds check does so here." if added else ""
    print(f"{added} {'feed' if added == 1 else 'feeds'} added{known}.{then}")
    return DONE


def _export(app: App, _: argparse.Namespace) -> int:
    from bot.intake.sources.opml import Outline, write_opml

    feeds = (one for one in app.state.sources.all() if one.kind == "feed")
    print(write_opml(Outline(one.title, one.address) for one in feeds), end="")
    return DONE


_ACTIONS = {
    "list": _list,
    "add": _add,
    "check": _check,
    "pause": _pause,
    "resume": _resume,
    "remove": _remove,
    "import": _import,
    "export": _export,
}


def _agreed(count: int) -> bool:
    """Return whether the operator agrees to add these feeds; False where nobody is at a terminal."""
    if not sys.stdin.isatty():
        return False
    return input(f"Add these {count} feeds? None was tried; the first check decides. [y/N] ").strip().lower() in {"y", "yes"}  # fmt: skip  # one question


def _named(app: App, targets: Iterable[str]) -> list[Source]:
    """Return the sources named by id prefixes, addresses or "all". Raises CommandFailed for none or an ambiguous one."""
    if "all" in targets:
        return _all(app)
    known = app.state.sources.all()
    named = []
    for target in targets:
        matches = [one for one in known if target == one.address or one.id.startswith(target)]
        if not matches:
            raise CommandFailed(
                f"No feed has the id or the address {target}; trendbot feeds list shows both."
            )
        if len(matches) > 1:
            raise CommandFailed(f"{len(matches)} feeds have ids that begin with {target}; give more of it.")
        named.append(matches[0])
    if not named:
        raise CommandFailed("Name a feed by its id or its address; trendbot feeds list shows both.")
    return named


def _bytes_of(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandFailed(f"{name}: {error.strerror or error}") from error


def _print(app: App, source: Source, *, as_json: bool, news: tuple[int, int] | None = None) -> None:
    if as_json:
        print(json.dumps(_value(app, source, news), ensure_ascii=False), flush=True)
        return
    language, zone = app.settings.language, app.settings.timezone
    read, following = (_local(moment, zone) for moment in (source.succeeded, source.next_check))
    health = app.renderer.word("source_health", language, source, read, following)
    fresh = f"{app.renderer.word('source_news', language, *news)} " if news and not source.failures else ""
    print(f"{source.id}  {source.kind:7}  {source.title or source.address}  {fresh}{health}", flush=True)


def _local(moment: int | None, zone: ZoneInfo) -> datetime | None:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone) if moment else None


def _value(app: App, source: Source, news: tuple[int, int] | None) -> dict[str, Any]:
    """Return a source as a JSON value, with times in UTC."""

    def moment(at: int | None) -> str | None:
        return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z") if at else None

    problem = source.problem
    return {
        "id": source.id,
        "kind": source.kind,
        "title": source.title,
        "address": source.address,
        "state": source.state,
        "last_success": moment(source.succeeded),
        "next_check": moment(source.next_check) if source.state == "active" else None,
        "failures": source.failures,
        "error": app.renderer.word("problem", app.settings.language, problem.name, problem.values)
        if problem
        else None,
        "reports": source.reports,
    } | ({"added": news[0], "changed": news[1]} if news else {})


def _sentence(app: App, error: Unreadable) -> str:
    problem = error.problem
    return app.renderer.word("problem", app.settings.language, problem.name, problem.values)
