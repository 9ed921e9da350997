"""Lines of files larger than memory: whole, in their encoding, and one at a time."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from library_kit import NOW, Shelf

from bot.intake import line_stream
from bot.intake.line_stream import SAMPLE, LineTooLong, decode_line, split_lines
from bot.intake.readers import STREAM
from bot.text.decode import encoding_of
from bot.text.unreadable import UnreadableEncoding

AT = int(NOW.timestamp())
LINES = [
    "算力在2025年成倍上升，今年的人力成本也是。",
    "",
    "Compute grew by a fifth in 2025.",
    "我在中山北路。",
]


def lines_of(file: BinaryIO) -> Iterator[str | LineTooLong]:
    encoding = encoding_of(file.read(SAMPLE))
    file.seek(0)
    for line in split_lines(file, encoding):
        yield line if isinstance(line, LineTooLong) else decode_line(line, encoding)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_come_out_as_they_were_written(encoding: str, end: str) -> None:
    raw = end.join(LINES * 40).encode(encoding)
    assert list(lines_of(io.BytesIO(raw))) == LINES * 40


def test_a_line_in_another_encoding_is_read_by_itself() -> None:
    raw = f"{LINES[0]}\n".encode() * 4_000 + LINES[0].encode("gb18030")
    assert set(lines_of(io.BytesIO(raw))) == {LINES[0]}


def test_what_is_no_text_is_refused_at_once() -> None:
    with pytest.raises(UnreadableEncoding):
        next(lines_of(io.BytesIO(bytes(range(128, 256)) * 1000)))


def test_an_endless_line_is_left_out_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_stream, "LONGEST_LINE", 1_000)
    for encoding in ("utf-8", "utf-16"):
        first, second, third = lines_of(io.BytesIO(f"one\n{'x' * 5_000_000}\nthree".encode(encoding)))
        assert (first, third) == ("one", "three")
        assert isinstance(second, LineTooLong)


def test_a_file_of_any_size_takes_the_memory_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    with path.open("w") as file:
        for number in range(400):
            file.write(f"{number} {'x' * 100_000}\n")
    tracemalloc.start()
    with path.open("rb") as file:
        assert sum(1 for _ in lines_of(file)) == 400
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 20


def test_a_file_over_the_size_of_other_texts_is_taken_in_and_can_be_built_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    path, folder = tmp_path / "large.jsonl", tmp_path / "none"
    folder.mkdir()
    with path.open("w") as file:
        for number in range(18):
            file.write(
                json.dumps({"title": f"Report {number}", "pad": "x" * (1 << 20), "text": "Compute grew."})
                + "\n"
            )
    told: list[int] = []
    results = list(shelf.ingest.paths([path], AT, told.append))
    assert [r.status for r in results] == ["added"] * 18
    assert len(told) == 18
    assert sum(told) == path.stat().st_size
    kept = [file.name for file in (shelf.folder / "sources").iterdir()]
    assert kept == [shelf.state.originals.all()[0].sha256]
    assert [r.status for r in shelf.ingest.rebuild(folder, AT, {"rules": "other"})] == ["added"] * 18


def test_nothing_of_a_large_file_without_documents_stays_on_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.write_text(f'{{"pad": "{"x" * (17 << 20)}"}}\n')
    (result,) = shelf.ingest.path(path, AT)
    assert result.status == "failed"
    assert list((shelf.folder / "sources").iterdir()) == []


def test_documents_of_a_stream_are_known_by_what_they_say(shelf: Shelf) -> None:
    def take(*texts: str) -> list[tuple[str, str]]:
        raw = "\n".join(json.dumps({"text": text}) for text in texts).encode()
        return [(r.status, r.id) for r in shelf.ingest.stream(STREAM, io.BytesIO(raw), AT)]

    (first,) = take("Compute grew by 20%.")
    again, second = take("Compute grew by 20%.", "Chips fell by 5%.")
    assert (first[0], again[0], second[0]) == ("added", "unchanged", "added")
    assert first[1] == again[1] != second[1]
    assert shelf.library.coverage().reports == 2
