"""Size of a library relative to its text, by table: `library_size.py DATA`, a data folder with a filled library.

The text is the cleaned text of all editions, in bytes of UTF-8.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.library.compressed import decompress


def main() -> None:
    path = Path(sys.argv[1]) / "library.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        text = sum(len(decompress(row[0]).encode()) for row in db.execute("SELECT text FROM edition"))
        tables = db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()
        passages = db.execute("SELECT count(*) FROM passage").fetchone()[0]
    size = sum(table[1] for table in tables)
    print(f"{size:,} bytes for {text:,} of text in {passages:,} passages: {size / text:.2f} times the text")
    for name, own in tables[:12]:
        print(f"  {name:24} {own:14,} {own / text:6.2f}")


if __name__ == "__main__":
    main()
