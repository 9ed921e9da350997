"""The views through which a reader sees library.db as of a day: nothing that was published later, or is undated. Pure."""

from __future__ import annotations

import re

_UNTIL = (
    "CREATE TEMP VIEW report AS SELECT * FROM main.report WHERE published <= :day",
    "CREATE TEMP VIEW report_topic AS SELECT * FROM main.report_topic WHERE published <= :day",
    """CREATE TEMP VIEW edition AS SELECT e.* FROM main.edition e
       WHERE EXISTS (SELECT 1 FROM main.report r WHERE r.id = e.report_id AND r.published <= :day)""",
    """CREATE TEMP VIEW story AS SELECT s.* FROM main.story s
       WHERE EXISTS (SELECT 1 FROM main.report r WHERE r.id = s.report_id AND r.published <= :day)""",
    # A plus sign keeps SQLite from seeking by these bounds where a query has narrower ones of its own.
    "CREATE TEMP VIEW passage AS SELECT * FROM main.passage WHERE +rowid BETWEEN :first AND :last",
    "CREATE TEMP VIEW mention AS SELECT * FROM main.mention WHERE +passage BETWEEN :first AND :last",
    "CREATE TEMP VIEW figure AS SELECT * FROM main.figure WHERE +passage BETWEEN :first AND :last",
    """CREATE TEMP VIEW topic_count AS SELECT topic, count(*) AS passages FROM mention GROUP BY topic
       UNION ALL SELECT '', count(*) FROM passage""",
)


def views_until(day: int, first: int, last: int) -> tuple[str, ...]:
    """Return CREATE TEMP VIEW statements that show what was published until an ordinal day.

    `first` and `last` are the rowids of its first and last passage. Full-text indexes cannot be seen through a view:
    their queries limit the rowids themselves. SQLite takes no parameters in a view.
    """
    values = {":day": day, ":first": first, ":last": last}
    return tuple(re.sub(r":\w+", lambda name: str(values[name[0]]), view) for view in _UNTIL)
