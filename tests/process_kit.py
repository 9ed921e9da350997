"""Test kit for processes."""

from __future__ import annotations

from pathlib import Path


def children(process: int) -> list[int]:
    """Return the ids of a process's running children, oldest first."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return sorted(int(pid) for task in tasks for pid in (task / "children").read_text().split())
    except FileNotFoundError:
        return []
