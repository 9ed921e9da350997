"""A chat exported by Telegram Desktop is read as written, and a wrong file is refused with its reason."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from talk_kit import MIXED, talk

from bot.cli import main
from bot.recaps.export import ExportError, newest_messages, read_export


def entry(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-05-01T10:00:00",
        "date_unixtime": "1714557600",
        "from": "Ann",
        "from_id": "user42",
        "text": "words",
    } | fields


def export(*entries: dict[str, Any]) -> io.BytesIO:
    chat = {"name": "Group", "type": "private_supergroup", "id": 1, "messages": list(entries)}
    return io.BytesIO(json.dumps(chat).encode())


def test_a_text_of_entities_is_joined() -> None:
    parts = [
        "see ",
        {"type": "link", "text": "https://example.org"},
        " and ",
        {"type": "bold", "text": "this"},
    ]
    (message,) = read_export(export(entry(1, text=parts)))
    assert message.text == "see https://example.org and this"
    assert (message.id, message.author_id, message.author, message.at) == (1, 42, "Ann", 1714557600)


def test_services_and_messages_without_words_are_passed_over() -> None:
    service = entry(1, type="service", action="pin_message")
    assert list(read_export(export(service, entry(2, text=""), entry(3, text=" \n")))) == []


def test_channels_and_groups_have_numbers_of_their_own() -> None:
    (message,) = read_export(export(entry(1, from_id="channel42")))
    assert message.author_id == -42


def test_an_old_export_without_seconds_has_its_date_read_as_utc() -> None:
    (message,) = read_export(export({k: v for k, v in entry(1).items() if k != "date_unixtime"}))
    assert message.at == 1714557600


def test_a_reply_is_kept_and_one_to_a_forum_topic_is_its_topic() -> None:
    created = entry(5, type="service", action="topic_created")
    messages = list(
        read_export(
            export(created, entry(6, reply_to_message_id=5), entry(7, reply_to_message_id=6), entry(8))
        )
    )
    assert [(m.thread_id, m.reply_to) for m in messages] == [(5, None), (5, 6), (0, None)]


def test_who_is_called_a_bot_counts_as_one_and_talbot_does_not() -> None:
    names = ["TrendBot", "Weather bot", "Talbot", "翻译机器人"]
    messages = read_export(export(*(entry(i, **{"from": name}) for i, name in enumerate(names, 1))))
    assert [m.bot for m in messages] == [True, True, False, True]


@pytest.mark.parametrize(
    "entries",
    [
        [None, 3, "x", []],
        [{"id": "x"}],
        [entry(True)],
        [entry(1, date_unixtime="?", date=None)],
        [entry(1, text=7)],
    ],
)
def test_entries_of_no_known_shape_are_passed_over(entries: list[Any]) -> None:
    assert list(read_export(export(*entries))) == []


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1,", b"\x00\xff", b'{"chats": {"list": []}}', b'{"messages": 3}']
)
def test_a_file_that_is_no_export_of_a_chat_is_named(content: bytes) -> None:
    with pytest.raises(ExportError):
        list(read_export(io.BytesIO(content)))


def test_a_long_file_is_read_in_pieces_that_add_up_to_it() -> None:
    file = export(*(entry(i) for i in range(1, 2001)))
    pieces: list[int] = []
    talk = newest_messages(file, pieces.append)
    assert (len(talk.messages), talk.total) == (2000, 2000)
    assert sum(pieces) == len(file.getvalue())
    assert len(pieces) > 2


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    entries = [
        entry(m.id, text=m.text, date_unixtime=str(m.at), from_id=f"user{m.author_id}", **{"from": m.author})
        for m in talk(MIXED)
    ]
    path = tmp_path / "result.json"
    path.write_bytes(export(*entries).getvalue())
    return path


@pytest.fixture
def run(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    monkeypatch.setenv("TRENDBOT_DATA", str(data))

    def run(*arguments: str, code: int = 0) -> str:
        assert main(["recap", *arguments]) == code
        captured = capsys.readouterr()
        return captured.out if not code else captured.err

    return run


def test_recap_of_a_file_gives_points_within_the_characters(exported: Path, run: Callable[..., str]) -> None:
    value = json.loads(run("--json", "--chars", "160", str(exported)))
    written = {m.id: m.text for m in talk(MIXED)}
    assert 140 <= sum(len(point["text"]) for point in value["points"]) <= 160
    for point in value["points"]:
        assert all(point["text"] in written[number] for number in point["message_ids"])
    assert value["messages"] == len(written)


def test_all_that_counts_is_quoted_where_there_is_room_and_no_message_twice(
    exported: Path, run: Callable[..., str]
) -> None:
    points = json.loads(run("--json", "--chars", "5000", str(exported)))["points"]
    assert sum(len(point["text"]) for point in points) > 400
    assert len({(point["text"], *point["message_ids"]) for point in points}) == len(points)
    assert [point["message_ids"] for point in points] == sorted(point["message_ids"] for point in points)


@pytest.mark.parametrize("characters", ["0", "-3", "x", "1e3", "100001"])
def test_a_number_of_characters_that_is_none_is_named(
    characters: str, exported: Path, run: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--chars", characters, str(exported))
    assert ended.value.code == 2
    assert "takes a number from 1 to 100000" in capsys.readouterr().err


def test_recap_of_a_file_reads_like_the_bots(exported: Path, run: Callable[..., str]) -> None:
    said = run("--lang", "en", str(exported))
    assert said.startswith("Recap: ")
    assert "国产卡" in said
    assert "<b>" not in said


def test_recap_of_a_wrong_file_says_what_to_do(tmp_path: Path, run: Callable[..., str]) -> None:
    (tmp_path / "other.json").write_text("{}", "utf-8")
    assert "Export chat history" in run(str(tmp_path / "other.json"), code=1)
    assert "No such file" in run(str(tmp_path / "none.json"), code=1)
