"""The digest as feeds and pages: valid, the same each time, accessible, and only what reports say."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bot_process import trendbot
from library_kit import write
from lxml import etree, html
from page_kit import NARROW, WIDE, a_browser, axe_source
from playwright.sync_api import Browser

BASE = "https://example.org/trends"
TOPICS = ("--topics", "compute,AI agents")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</script><script>alert(1)</script>&amp;<b onclick='x'>"


def published(data: Path, folder: Path, *arguments: str) -> list[str]:
    """Publish into a folder; return the files written."""
    done = trendbot(data, "publish", str(folder), *arguments)
    assert done.returncode == 0, done.stderr
    return [str(Path(line).relative_to(folder)) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def site(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published digest of the seeds."""
    folder = tmp_path_factory.mktemp("publish")
    published(shutil.copytree(seeded, folder / "data"), folder / "site", *TOPICS, "--url", BASE)
    return folder / "site"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_readers_read_the_atom_feed(site: Path, language: str) -> None:
    feed = feedparser.parse((site / language / "feed.xml").read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert len(feed.entries) == 4
    for entry in feed.entries:
        assert entry.link.startswith(f"{BASE}/{language}/")
        assert (site / language / Path(entry.link).name).is_file()
        assert "<h2>" in entry.content[0].value
    moments = [entry.updated for entry in feed.entries]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_atom_feed_keeps_the_rules_of_rfc_4287(site: Path, language: str) -> None:
    """Those of sections 4.1.1, 4.1.2 and 4.2 that the W3C validator also checks."""
    feed = etree.fromstring((site / language / "feed.xml").read_bytes())
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or "")
        datetime.strptime(element.findtext(f"{ATOM}updated") or "", "%Y-%m-%dT%H:%M:%S%z")
    ids = [element.findtext(f"{ATOM}id") for element in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    (own,) = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == f"{BASE}/{language}/feed.xml"
    for entry in entries:
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert html.fragment_fromstring(content.text or "", create_parent=True) is not None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_json_feed_is_of_version_1_1(site: Path, language: str) -> None:
    feed = json.loads((site / language / "feed.json").read_text("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{BASE}/{language}/feed.json"
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == 4
    for item in feed["items"]:
        assert item["url"].startswith(BASE)
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_citation_in_a_feed_leads_to_its_source_on_the_page(site: Path, language: str) -> None:
    """Feed readers show entries of many feeds on one page, where #source-1 would lead nowhere or to another entry."""
    items = json.loads((site / language / "feed.json").read_text("utf-8"))["items"]
    entries = feedparser.parse((site / language / "feed.xml").read_bytes()).entries
    bodies = [item["content_html"] for item in items] + [entry.content[0].value for entry in entries]
    assert len(bodies) == 8
    for body in bodies:
        links = html.fragment_fromstring(body, create_parent=True).xpath(".//li/a[starts-with(., '[')]/@href")
        assert links
        for link in links:
            address, _, anchor = link.removeprefix(f"{BASE}/").partition("#")
            assert html.fromstring((site / address).read_bytes()).xpath(f"//*[@id='{anchor}']")


def test_without_an_address_links_are_relative(seeded: Path, tmp_path: Path) -> None:
    published(shutil.copytree(seeded, tmp_path / "data"), tmp_path / "site", *TOPICS)
    feed = feedparser.parse((tmp_path / "site/en/feed.xml").read_bytes())
    assert not feed.bozo
    assert [entry.link for entry in feed.entries][-1] == "2024-12-23.html"
    (*_, item) = json.loads((tmp_path / "site/en/feed.json").read_text("utf-8"))["items"]
    assert "url" not in item
    assert 'href="2024-12-23.html#source-1"' in item["content_html"]


def test_the_same_library_gives_the_same_files_and_a_new_report_only_what_it_changes(
    seeded: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    first = published(data, tmp_path / "site", *TOPICS)
    assert len(first) == 15
    assert published(data, tmp_path / "site", *TOPICS) == []
    before = {entry.id for entry in feedparser.parse((tmp_path / "site/en/feed.xml").read_bytes()).entries}
    paper = write(
        tmp_path, "new.md", "Compute in Norway doubled within a year.", title="Norway", published="2026-03-01"
    )
    assert trendbot(data, "ingest", str(paper)).returncode == 0
    again = published(data, tmp_path / "site", *TOPICS)
    assert {"en/2026-03-01.html", "en/feed.xml", "en/feed.json", "en/index.html"} <= set(again)
    assert not {path for path in again if "2025" in path}
    entries = feedparser.parse((tmp_path / "site/en/feed.xml").read_bytes()).entries
    assert before < {entry.id for entry in entries}
    assert "Norway" in entries[0].content[0].value


def test_every_citation_of_a_page_leads_to_its_source_and_links_lead_on(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 11
    for path in pages:
        page = html.fromstring(path.read_bytes())
        assert page.get("lang")
        assert page.xpath("//script") == []
        assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
        for target in page.xpath("//a/@href | //link/@href"):
            if target.startswith("#"):
                assert page.xpath(f"//*[@id='{target[1:]}']"), (path, target)
            elif not target.startswith("http"):
                assert (path.parent / target).is_file(), (path, target)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_source_of_a_page_is_cited_on_it(site: Path, language: str) -> None:
    for page in sorted((site / language).glob("2*.html")):
        text = page.read_text("utf-8")
        sources = set(re.findall(r'id="source-(\d+)"', text))
        assert sources
        assert set(re.findall(r'href="[^"]*#source-(\d+)"', text)) == sources, page.name


def test_what_reports_write_is_no_markup(seeded: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    paper = tmp_path / "hostile.jsonl"
    line = {
        "title": f"Compute {HOSTILE}",
        "text": f"Compute grew by 40% in 2026 {HOSTILE} said the report.",
        "publisher": HOSTILE,
        "published": "2026-03-02",
        "url": "javascript:alert(1)",
    }
    paper.write_text(json.dumps(line), "utf-8")
    assert trendbot(data, "ingest", str(paper)).returncode == 0
    published(data, tmp_path / "site", "--topics", f"compute,{HOSTILE}")
    page = html.fromstring((tmp_path / "site/en/2026-03-02.html").read_bytes())
    assert page.xpath("//script | //b | //@onclick | //a[starts-with(@href, 'javascript')]") == []
    assert "alert(1)" in page.text_content()
    assert not feedparser.parse((tmp_path / "site/en/feed.xml").read_bytes()).bozo


def test_a_library_without_dated_reports_has_an_empty_feed(seeded: Path, tmp_path: Path) -> None:
    published(shutil.copytree(seeded, tmp_path / "data"), tmp_path / "site", "--topics", "wolframite")
    feed = feedparser.parse((tmp_path / "site/zh/feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.entries == []
    assert "库里还没有" in (tmp_path / "site/zh/index.html").read_text("utf-8")


def test_what_cannot_be_written_is_said(seeded: Path, tmp_path: Path) -> None:
    data = shutil.copytree(seeded, tmp_path / "data")
    (tmp_path / "site").write_text("a file", "utf-8")
    done = trendbot(data, "publish", str(tmp_path / "site"), *TOPICS)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert trendbot(data, "publish", str(tmp_path / "x"), "--url", "ftp://a").returncode == 2


# -- in a browser ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the whole module."""
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script."""
    return axe_source(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_pages_are_accessible_and_fit(browser: Browser, site: Path, axe: str, size: Any, scheme: Any) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)
    try:
        page = context.new_page()
        for path in (
            "index.html",
            "en/index.html",
            "zh/index.html",
            "en/2025-01-09.html",
            "zh/2025-04-08.html",
        ):
            page.goto((site / path).as_uri())
            page.evaluate(axe)
            result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            assert [one["id"] for one in result["violations"]] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    finally:
        context.close()
