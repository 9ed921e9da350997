"""The SQL conditions by which several topics are one subject: a passage, with the headings above it, has all of them. Pure.

A long report, such as a daily of 200 items, has most topics somewhere. That two of them meet is said only where one of
its passages has both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence


def also_in_passage(others: Sequence[str]) -> str:
    """Return a condition on `mention m`, with a parameter for each of `others`: its passage has these topics too."""
    return " AND EXISTS (SELECT 1 FROM mention o WHERE o.topic = ? AND o.passage = m.passage)" * len(others)


def in_one_passage(
    topics: Sequence[str], passages: Callable[[], Mapping[str, int]]
) -> tuple[str, tuple[str, ...]]:
    """Return a condition on `report_topic t`, and its parameters: a passage of the report has all `topics`.

    The passages of the rarest topic are looked through, by the number of `passages` of each. The condition is empty for
    a single topic, which may also be found in the title or in text outside passages.
    """
    if len(topics) == 1:
        return "", ()
    counts = passages()
    rarest, *others = sorted(topics, key=lambda topic: counts.get(topic, 0))
    together = f"""SELECT e.report_id FROM mention m JOIN passage p ON p.rowid = m.passage
        JOIN edition e ON e.key = p.edition WHERE m.topic = ?{also_in_passage(others)}"""  # noqa: S608  # question marks only
    return f" AND t.report_id IN ({together})", (rarest, *others)
