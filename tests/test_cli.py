"""What each command prints, on which stream, and with which exit code. An error is one sentence."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_kit import Command, failure, values
from library_kit import write

from bot import __version__
from bot.console import terminal
from bot.settings import Settings, SettingsError

ROOT = Path(__file__).parents[1]


# -- usage ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nothing",),
        ("ask",),
        ("ask", "--as", "channel", "x"),
        ("ask", "--lang", "fr", "x"),
        ("ingest",),
        ("show",),
        ("search", "--limit", "0", "x"),
        ("search", "--limit", "x", "x"),
        ("run", "now"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_how(arguments: tuple[str, ...], trendbot: Command) -> None:
    code, out, errors = trendbot(*arguments)
    assert (code, out) == (2, "")
    assert errors.startswith("usage: trendbot")


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("ask", "--as-of", "yesterday", "x"), "yesterday"),
        (("trends", "--as-of", "2025-02-30"), "2025-02-30"),
        (("digest", "--preview", "--date", "28.2."), "28.2."),
    ],
)
def test_a_day_that_is_none_is_told_beside_one_that_is(
    arguments: tuple[str, ...], given: str, trendbot: Command
) -> None:
    code, out, errors = trendbot(*arguments)
    assert (code, out) == (2, "")
    assert errors.splitlines()[-1].endswith(f"takes a day such as 2025-02-28, not {given}")


def test_the_version_is_told(trendbot: Command) -> None:
    assert trendbot("--version") == (0, f"trendbot {__version__}\n", "")


@pytest.mark.parametrize(
    ("variable", "value", "advice"),
    [
        ("TRENDBOT_LANGUAGE", "fr", "use en or zh"),
        ("TRENDBOT_TIMEZONE", "Mars/Olympus", "Asia/Shanghai"),
        ("TRENDBOT_TIMEZONE", "../../etc/passwd", "Asia/Shanghai"),
        ("TRENDBOT_OPERATORS", "me", "Telegram user ids"),
        ("TRENDBOT_OPERATORS", "-1001234", "Telegram user ids"),
        ("TRENDBOT_API_URL", "api.example.org", "begins with http"),
        ("TRENDBOT_API_URL", "ftp://api.example.org", "begins with http"),
        ("TRENDBOT_RSSHUB", "rsshub:1200", "begins with http"),
        ("TRENDBOT_RSSHUB", "http://", "begins with http"),
        ("TRENDBOT_RSSHUB", "http://[::1", "begins with http"),
        ("TRENDBOT_LOG", "LOUD", "use DEBUG"),
        ("HTTPS_PROXY", "ftp://x", "use http, socks5"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    variable: str, value: str, advice: str, trendbot: Command
) -> None:
    errors = failure(trendbot("ask", "compute", **{variable: value}))
    assert variable in errors
    assert advice in errors


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("OPERATOR", "OPERATORS"), ("TIME_ZONE", "TIMEZONE"), ("STATES", "STATE"), ("APIURL", "API_URL")],
)
def test_a_misspelled_setting_is_named_instead_of_ignored(typed: str, meant: str, trendbot: Command) -> None:
    errors = failure(trendbot("ask", "compute", **{f"TRENDBOT_{typed}": "1"}))
    assert errors.strip() == f"trendbot: TRENDBOT_{typed} is no setting; did you mean TRENDBOT_{meant}?"


def test_every_setting_of_the_readme_is_known_when_it_is_misspelled() -> None:
    table = re.findall(r"^\| (`TRENDBOT_.*?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    names = [name for row in table for name in re.findall(r"TRENDBOT_\w+", row)]
    assert len(names) == 16
    for name in names:
        with pytest.raises(SettingsError, match=f"did you mean {name}\\?"):
            Settings.from_env({name + name[-1]: "x"})


def test_another_programs_variable_is_no_misspelling(trendbot: Command) -> None:
    assert trendbot("ask", "compute", TRENDBOT_SHARED="x", TRENDBOT_TESTS="all", TRENDBOT_IMAGE="1")[0] == 0


def test_a_language_that_is_none_is_refused_before_anything_is_taken_in(
    trendbot: Command, tmp_path: Path
) -> None:
    document = tmp_path / "a.md"
    document.write_text("# Compute\n\nCompute grew by 18% in 2025.\n")
    code, out, errors = trendbot("ingest", "--language", "klingon", str(document))
    assert (code, out) == (2, "")
    assert errors.splitlines()[-1].endswith("takes a language such as en, zh-CN or ja, not klingon")
    (tmp_path / "trendbot.toml").write_text('language = "klingon"')
    assert "language = 'klingon'; en, zh-CN, ja" in trendbot("ingest", str(document))[2]
    (tmp_path / "trendbot.toml").write_text('language = "English"')
    assert trendbot("ingest", str(document))[0] == 0


def test_a_data_folder_that_cannot_be_used_is_named(trendbot: Command, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert "set TRENDBOT_DATA" in failure(trendbot("ask", "compute", TRENDBOT_DATA=str(file)))
    errors = failure(trendbot("ask", "compute", TRENDBOT_DATA="/proc/none"))
    assert errors.startswith(
        "trendbot: /proc/none cannot be used (No such file or directory); set TRENDBOT_DATA"
    )
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "state.db").write_bytes(b"no database at all, " * 100)
    assert "state.db cannot be" in failure(trendbot("ask", "compute", TRENDBOT_DATA=str(folder)))


def test_a_template_that_cannot_be_used_is_named(trendbot: Command, tmp_path: Path) -> None:
    (tmp_path / "briefing.html").write_text("{% if %}")
    errors = failure(trendbot("ask", "compute", TRENDBOT_TEMPLATES=str(tmp_path)))
    assert "briefing.html, line 1" in errors
    assert "TRENDBOT_TEMPLATES" in errors


def test_a_folder_of_templates_that_is_missing_or_lacks_a_sentence_is_named(
    trendbot: Command, tmp_path: Path
) -> None:
    missing = tmp_path / "none"
    assert failure(trendbot("ask", "compute", TRENDBOT_TEMPLATES=str(missing))) == (
        f"trendbot: TRENDBOT_TEMPLATES names {missing}, and there is no such folder; "
        "mend it or unset TRENDBOT_TEMPLATES.\n"
    )
    write(tmp_path, "zh/words.html", "{% macro space() %}{% endmacro %}")
    errors = failure(trendbot("ask", "compute", TRENDBOT_TEMPLATES=str(tmp_path)))
    assert f"zh/words.html in {tmp_path} lacks the macro topic_heading(names)" in errors


def test_a_digest_is_shown_and_nothing_counts_as_sent(trendbot: Command) -> None:
    asked = ("digest", "--preview", "--topics", "compute,agents")
    code, first, errors = trendbot(*asked)
    assert (code, errors) == (0, "")
    assert first.startswith("The library holds only the reports that it came with")
    assert first.count("\n• ") == 3
    assert trendbot(*asked) == (0, first, "")
    _, chinese, _ = trendbot(
        "digest", "--preview", "--topics", "算力", "--lang", "zh", "--date", "2026-11-22"
    )
    assert chinese.startswith("2026-02-26以来没有新报告")


# -- run -----------------------------------------------------------------------------------------------


def test_without_a_token_run_says_where_to_get_one(trendbot: Command) -> None:
    errors = failure(trendbot("run"))
    for word in ("TRENDBOT_TOKEN", "@BotFather", "/newbot", "trendbot run", "trendbot ask"):
        assert word in errors


# -- ask -----------------------------------------------------------------------------------------------


def test_ask_prints_what_a_reader_would_see(trendbot: Command) -> None:
    code, out, errors = trendbot("ask", "/trend compute")
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Compute (算力)"
    assert not re.search(r"</?(b|a|i|blockquote)\b|&(amp|lt|gt|quot|#\d+);", out)
    assert "[1] [2] [3] [4] [5]" in lines
    assert lines[-1] == "[中文] [Daily]"


def test_the_words_of_a_question_need_no_quotation_marks(trendbot: Command) -> None:
    assert trendbot("ask", "what", "about", "compute") == trendbot("ask", "what about compute")


def test_ask_answers_in_the_language_that_is_asked_for(trendbot: Command) -> None:
    assert trendbot("ask", "--lang", "zh", "/trend compute")[1].startswith("算力（Compute）")
    assert trendbot("ask", "/trend compute", TRENDBOT_LANGUAGE="zh")[1].startswith("算力（Compute）")
    assert trendbot("ask", "--lang", "en", "/trend 算力")[1].startswith("Compute (算力)")


def test_ask_gives_the_message_as_one_value(trendbot: Command) -> None:
    code, out, errors = trendbot("ask", "--json", "/trend compute")
    assert (code, errors) == (0, "")
    (value,) = values(out)
    assert set(value) == {"text", "html", "buttons", "photo"}
    assert value["photo"] is False
    assert value["text"].startswith("Compute (算力)\n")
    assert value["html"].startswith("<b>Compute (算力)</b>\n")
    for button in (button for row in value["buttons"] for button in row):
        assert set(button) == {"text", "data"}
        assert len(button["data"].encode()) <= 64


def test_a_question_per_line_is_answered_by_one_value_per_line_in_order(
    trendbot: Command,
) -> None:
    lines = ["/trend compute", "", "算力", "/nosuchcommand", "/subscribe 08:00 compute UTC"]
    code, out, errors = trendbot("ask", "-", typed="\n".join(lines) + "\n")
    assert (code, errors) == (0, "")
    answers = values(out)
    assert [answer["query"] for answer in answers] == lines
    assert all(set(answer) == {"query", "text", "html", "buttons", "photo"} for answer in answers)
    assert answers[0]["text"].startswith("Compute (算力)\n")
    assert answers[2]["text"].startswith("算力（Compute）\n")


def test_a_question_that_fails_is_a_line_that_says_so_and_the_rest_are_answered(
    trendbot: Command, data: Path
) -> None:
    templates = data.parent / "templates"
    templates.mkdir()
    (templates / "search.html").write_text("{{ hits[99].text }}", "utf-8")
    typed = "/search compute\n/trend compute\n"
    code, out, _ = trendbot("ask", "-", typed=typed, TRENDBOT_TEMPLATES=str(templates))
    failed, answered = values(out)
    assert code == 1
    assert set(failed) == {"query", "error"}
    assert answered["text"].startswith("Compute (算力)\n")


def test_in_a_group_citations_are_links_and_talk_is_not_answered(trendbot: Command) -> None:
    (value,) = values(trendbot("ask", "--json", "--as", "group", "/trend compute")[1])
    assert all(set(button) == {"text", "url"} for button in value["buttons"][0])
    assert value["buttons"][0][0]["url"].startswith("https://t.me/your_bot?start=p_")
    code, out, errors = trendbot("ask", "--as", "group", "compute")
    assert (code, out) == (0, "")
    assert "stays silent" in errors


def test_what_is_not_valid_text_is_answered_too(trendbot: Command) -> None:
    for arguments in (("ask", "zzz\udcff"), ("ask", "--json", "\udcff"), ("search", "--json", "\udcff")):
        code, out, errors = trendbot(*arguments)
        assert (code, errors) == (0, "")
        assert out


# -- ingest --------------------------------------------------------------------------------------------


def test_ingest_tells_of_each_document(trendbot: Command, tmp_path: Path) -> None:
    write(
        tmp_path / "in",
        "a.md",
        "Compute is scarce.",
        title="Scarcity",
        publisher="Us",
        published="2026-03-04",
    )
    code, out, errors = trendbot("ingest", str(tmp_path / "in"))
    assert (code, errors) == (0, "")
    assert re.fullmatch(r"[0-9a-f]{12}  added {4}  en  2026-03-04  1 passage, 0 lines cut  Scarcity\n", out)
    assert "unchanged" in trendbot("ingest", str(tmp_path / "in"))[1]


def test_ingest_ends_with_the_totals_of_several_documents(trendbot: Command, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"Compute grew by a tenth in hall {name}.", "utf-8")
    trendbot("ingest", str(tmp_path / "a.txt"))
    (tmp_path / "d.txt").write_bytes(b"")
    code, _, errors = trendbot("ingest", str(tmp_path))
    assert code == 1
    assert errors.splitlines() == [
        f"{tmp_path / 'd.txt'}: The file is empty.",
        "4 documents: 2 added, 1 unchanged, 1 failed.",
    ]


def test_ingest_gives_each_document_as_a_value(trendbot: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "A", "text": "Compute grew."}\nno\n', "utf-8")
    code, out, errors = trendbot("ingest", "--json", str(path))
    assert (code, errors) == (1, "")
    taken, failed = values(out)
    shape = {"id", "title", "language", "published", "publisher", "passages", "cut", "status", "error"}
    assert set(taken) == set(failed) == shape
    assert (taken["status"], taken["passages"], taken["published"], taken["error"]) == (
        "added",
        1,
        None,
        None,
    )
    assert (failed["status"], failed["id"]) == ("failed", "")
    assert failed["error"].startswith("Line 2: ")


def test_ingest_names_a_field_that_looks_like_the_day_and_is_not_understood(
    trendbot: Command, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"title": "A", "text": "Compute grew by 9% in Xinjiang.", "Datum": "2025-03-04"}\n', "utf-8"
    )
    (taken,) = values(trendbot("ingest", "--json", str(path))[1])
    (remark,) = taken["remarks"]
    assert remark.startswith("The field Datum looks like the day of publication")
    _, shown, _ = trendbot("ingest", str(path))
    assert remark in shown


def test_a_long_ingest_tells_how_far_it_is(
    trendbot: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "SECONDS_BETWEEN_LINES", 0)
    for name in "abc":
        write(tmp_path, f"{name}.txt", f"Compute grew by a tenth in {name}. " * 10_000)
    code, out, errors = trendbot("ingest", "--json", str(tmp_path))
    assert code == 0
    assert len(values(out)) == 3
    assert errors.splitlines()[-1] == "3 documents, 1 of 1 MB"


def test_ingest_reads_json_lines_from_its_input(trendbot: Command) -> None:
    line = json.dumps({"title": "Piped", "text": "Compute grew by 7% in Sichuan."})
    code, out, _ = trendbot("ingest", "--json", "-", typed=line)
    assert (code, [value["status"] for value in values(out)]) == (0, ["added"])
    assert "Sichuan" in trendbot("search", "Sichuan")[1]


def test_the_next_answer_uses_the_new_report(trendbot: Command, tmp_path: Path) -> None:
    assert "Oslo" not in trendbot("ask", "zeppelins")[1]
    trendbot("ingest", str(write(tmp_path, "a.md", "Zeppelins carried mail to Oslo.", title="Mail")))
    assert "Zeppelins carried mail to Oslo. [1]" in trendbot("ask", "zeppelins")[1]


def test_a_missing_file_does_not_stop_the_others(trendbot: Command, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Compute is scarce.")
    code, out, errors = trendbot("ingest", str(tmp_path / "none.md"), str(path))
    assert code == 1
    assert errors.splitlines() == [
        f"{tmp_path / 'none.md'}: There is no such file or folder.",
        "2 documents: 1 added, 1 failed.",
    ]
    assert " added " in out


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.txt", bytes(range(128, 256)) * 20, "encoding of the file cannot be told"),
        ("a.txt", b"\0\1\2" * 100, "not text"),
        ("a.md", b"", "empty"),
        ("a.exe", b"MZ", ".exe"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    name: str, content: bytes, advice: str, trendbot: Command, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, errors = trendbot("ingest", str(tmp_path / name))
    assert (code, out, errors.count("\n")) == (1, "", 1)
    assert errors.startswith(f"{tmp_path / name}: ")
    assert advice in errors


def test_a_folder_without_reports_is_named(trendbot: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, errors = trendbot("ingest", str(tmp_path / "empty"))
    assert code == 1
    assert "holds no file that can be read; these can: .txt, .md" in errors
    assert ".pdf" in errors
    assert ".docx" in errors


# -- show and search -----------------------------------------------------------------------------------


def test_show_prints_each_edition(trendbot: Command) -> None:
    (hit, *_) = values(trendbot("search", "--json", "compute")[1])[0]["hits"]
    code, out, errors = trendbot("show", hit["report"][:8])
    assert (code, errors) == (0, "")
    assert hit["text"].split(". ")[0] in out.replace("\n", " ")
    shown = values(trendbot("show", "--json", hit["report"])[1])
    assert {value["language"] for value in shown} == {"en", "zh"}
    assert set(shown[0]) - {"note"} == {
        "id",
        "title",
        "publisher",
        "language",
        "published",
        "url",
        "text",
        "sentences",
        "provenance",
    }


def test_show_says_what_a_source_leaves_open_behind_the_text(trendbot: Command, tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Compute is scarce.", title="Scarcity", note="It gives no year.")
    (taken,) = values(trendbot("ingest", "--json", str(path))[1])
    assert trendbot("show", taken["id"])[1].endswith(
        "Compute is scarce.\n\nAbout the source: It gives no year.\n\n"
    )
    (shown,) = values(trendbot("show", "--json", taken["id"])[1])
    assert (shown["note"], shown["text"]) == ("It gives no year.", "Compute is scarce.")


def test_a_report_without_a_title_is_called_by_its_files_name_and_not_found_by_it(
    trendbot: Command, tmp_path: Path
) -> None:
    path = tmp_path / "zeppelins.txt"
    path.write_text("they carried mail to Oslo in the summer of that year, its post office said.\n", "utf-8")
    (taken,) = values(trendbot("ingest", "--json", str(path))[1])
    assert (taken["title"], taken["name"]) == ("", "zeppelins")
    assert trendbot("ingest", str(path))[1].endswith("  zeppelins\n")
    shown = trendbot("show", taken["id"])[1].splitlines()
    assert shown[0] == "zeppelins"
    assert shown[2] == "title: unknown; shown is the name of its file or its address, which is not searched"
    assert taken["id"] not in trendbot("search", "zeppelins")[1]


def test_show_cut_prints_each_removed_line_with_its_rule(trendbot: Command, tmp_path: Path) -> None:
    text = "Compute is scarce in every region of the country.\n\n点击关注我们的公众号，获取更多资讯\n\nPrices rose again in May."
    path = write(tmp_path, "a.md", text, title="Scarcity")
    (taken,) = values(trendbot("ingest", "--json", str(path))[1])
    assert taken["cut"] == 1
    (shown,) = values(trendbot("show", "--cut", "--json", taken["id"])[1])
    (line,) = shown["cut"]
    assert set(line) == {"number", "text", "rule"}
    assert "公众号" in line["text"]
    assert line["rule"] in trendbot("show", "--cut", taken["id"])[1]
    assert "公众号" not in trendbot("show", taken["id"])[1]


def test_show_of_a_report_that_is_not_there(trendbot: Command) -> None:
    assert "No report has the id nothing" in failure(trendbot("show", "nothing"))
    assert "give more of it" in failure(trendbot("show", ""))


def test_search_prints_the_best_passage_of_each_report(trendbot: Command) -> None:
    code, out, errors = trendbot("search", "--limit", "2", "compute")
    assert (code, errors) == (0, "")
    assert len(out.splitlines()) == 2
    assert re.match(r"[0-9a-f]{12} +\d+\.\d\d  \S", out)
    assert trendbot("search", "zeppelin")[1] == "Nothing found.\n"


def test_search_gives_its_hits_as_a_value(trendbot: Command) -> None:
    (value,) = values(trendbot("search", "--json", "算力")[1])
    assert set(value) == {"query", "hits"}
    assert value["query"] == "算力"
    assert len(value["hits"]) == 5
    assert all(set(hit) == {"report", "passage", "score", "text"} for hit in value["hits"])
    scores = [hit["score"] for hit in value["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_search_reads_a_query_from_each_line_of_its_input(trendbot: Command) -> None:
    typed = "compute\n\n" + "zeppelin\n" + "NEAR(a b, 9e9)\n"
    code, out, errors = trendbot("search", "-", typed=typed.encode() + b"\xff\n\xe7\xae\x97\xe5\x8a\x9b")
    assert (code, errors) == (0, "")
    answers = values(out)
    assert [a["query"] for a in answers] == ["compute", "", "zeppelin", "NEAR(a b, 9e9)", "\ufffd", "算力"]
    assert [bool(a["hits"]) for a in answers][:3] == [True, False, False]


# -- real processes ------------------------------------------------------------------------------------


def process(data: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRENDBOT_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", *arguments],
        env=environment | {"TRENDBOT_DATA": str(data), "TRENDBOT_LOG": "DEBUG"},
        cwd=ROOT,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def test_a_first_ask_prints_the_answer_and_nothing_else(tmp_path: Path) -> None:
    done = process(tmp_path / "new", "ask", "/trend compute", capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Compute (算力)\n")


def test_a_reader_that_goes_away_is_no_failure_of_ours(data: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    done = process(data, "ask", "/trend compute", stdout=written, stderr=subprocess.PIPE)
    os.close(written)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("more", [-1_000, 200])
def test_a_full_disk_is_one_sentence(more: int, data: Path, tmp_path: Path) -> None:
    """No file may grow beyond a limit, so that storing fails: in one case of the original, in the other of the library."""
    path = write(tmp_path, "a.txt", "\n\n".join(f"Compute grew in region {n}." for n in range(3_000)))
    blocks = max(16, (data / "library.db").stat().st_size // 1_024 + more)
    shell = shutil.which("bash")
    assert shell
    command = f"trap '' XFSZ; ulimit -f {blocks}; exec {sys.executable} -m bot ingest {path}"
    done = subprocess.run(
        [shell, "-c", command],
        env=os.environ | {"TRENDBOT_DATA": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"[^\n]+: [^\n]+\n", done.stderr)
    again = process(data, "ask", "/trend compute", capture_output=True)
    assert again.stdout.startswith("Compute (算力)\n"), "the library is as it was"
    assert list((data / "sources").glob("*.part")) == []


def test_show_gives_each_sentence_with_its_pages_and_figures(trendbot: Command, data: Path) -> None:
    path = write(
        data.parent, "a.md", "Compute grew by 9% in 2025. Nobody knows why.", title="A", language="en"
    )
    (taken,) = values(trendbot("ingest", "--json", str(path))[1])
    (value,) = values(trendbot("show", taken["id"], "--json")[1])
    assert [sentence["text"] for sentence in value["sentences"]] == [
        "Compute grew by 9% in 2025.",
        "Nobody knows why.",
    ]
    (figure,) = value["sentences"][0]["figures"]
    assert set(figure) == {"value", "unit", "text", "period", "subject", "modality"}
    assert (figure["value"], figure["unit"], figure["period"]) == (9.0, "%", "in 2025")
    assert value["sentences"][1]["figures"] == []
