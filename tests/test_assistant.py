"""An assistant reads the library over the Model Context Protocol, with the official client, and changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot_process import ROOT, environment, trendbot
from library_kit import write
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

CALLS = 1_000
TOOLS: dict[str, dict[str, Any]] = {
    "search": {"query": "compute", "limit": 3},
    "brief": {"question": "算力", "language": "zh"},
    "trends": {"verdict": "too_little", "limit": 5},
    "compare": {"first": "compute", "second": "AI agents"},
    "report": {},
    "digest": {"topics": ["compute"], "day": "2025-01-10"},
}


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file in a folder, except SQLite's shared memory and empty logs, which readers create."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.endswith("-shm")
        and not (path.name.endswith("-wal") and not path.stat().st_size)
    }


def asked(data: Path, session: Callable[[Client], Awaitable[None]]) -> None:
    """Run a session of the official client against `trendbot mcp`."""

    async def run() -> None:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "bot", "mcp"], env=environment(data), cwd=ROOT
        )
        async with Client(stdio_client(server)) as client:
            await session(client)

    asyncio.run(run())


async def told(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    value: dict[str, Any] = json.loads(result.content[0].text)  # type: ignore[union-attr]  # Our tools return text.
    return value


def test_each_tool_is_listed_as_reading_alone_and_answers_with_citations(data: Path) -> None:
    before = hashes(data)

    async def session(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == set(TOOLS)
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        hits = (await told(client, "search", **TOOLS["search"]))["hits"]
        assert 1 < len(hits) <= 3
        assert all(hit["report"] and hit["passage"] and hit["title"] for hit in hits)
        brief = await told(client, "brief", **TOOLS["brief"])
        cited = {citation["citation"]: citation for citation in brief["citations"]}
        assert len(brief["points"]) >= 5
        assert all(
            point["text"].rstrip("。") in cited[point["citation"]]["text"] for point in brief["points"]
        )
        assert brief["verdict"]["verdict"] == "too_little"
        topics = (await told(client, "trends", **TOOLS["trends"]))["topics"]
        assert len(topics) == 5
        both = await told(client, "compare", **TOOLS["compare"])
        assert both["first"]["topics"] == ["Compute"]
        assert both["second"]["topics"] == ["AI agents"]
        report = await told(client, "report", id=hits[0]["report"], language=hits[0]["language"])
        assert hits[0]["passage"] in {passage["passage"] for passage in report["passages"]}
        digest = await told(client, "digest", **TOOLS["digest"])
        assert "[1]" in digest["text"]

    asked(data, session)
    assert hashes(data) == before


def test_what_is_not_there_is_said(data: Path) -> None:
    async def session(client: Client) -> None:
        assert (await told(client, "brief", question="wolframite mining"))["points"] == []
        assert (await told(client, "search", query=""))["hits"] == []
        assert (await client.call_tool("report", {"id": "nobody"})).is_error
        assert (await client.call_tool("brief", {"question": "compute", "language": "fr"})).is_error

    asked(data, session)


def test_a_thousand_calls_are_answered_while_the_library_changes(data: Path, tmp_path: Path) -> None:
    before = hashes(data)
    names = list(TOOLS)

    async def session(client: Client) -> None:
        report = (await told(client, "search", query="compute"))["hits"][0]["report"]
        for number in range(CALLS):
            name = names[number % 4] if number % 50 else names[4 + number // 50 % 2]
            arguments = {"id": report} if name == "report" else TOOLS[name]
            assert await told(client, name, **arguments)
            if number == CALLS // 2:
                assert hashes(data) == before
                paper = write(tmp_path, "new.md", "Wolframite mining doubled in 2025.", title="On wolframite")
                assert trendbot(data, "ingest", str(paper)).returncode == 0
                changed = hashes(data)
        assert hashes(data) == changed
        assert (await told(client, "brief", question="wolframite mining"))["points"]

    asked(data, session)


def test_without_a_library_it_says_what_to_do(tmp_path: Path) -> None:
    done = trendbot(tmp_path / "empty", "mcp")
    assert done.returncode == 1
    assert "There is no library that this version can read" in done.stderr
    assert not (tmp_path / "empty").exists()
