"""Publishes digests as static files: an Atom feed, a JSON feed and pages, in each language. Does not choose the news.

DIR/index.html  DIR/<language>/{index.html, feed.xml, feed.json, <day>.html}
The same digests give the same bytes. Pages that have left the newest issues are kept.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.digests.archive import Issue
from bot.languages import LANGUAGES
from bot.models import Language
from bot.rendering.renderer import Renderer

_SPACE = uuid.UUID("6f2c0f8e-1f0b-5d6e-9a57-3f4b8a1c2d60")
"""Namespace of the UUIDs: entries of one set of topics have the same ids each time (RFC 9562, version 5)."""
_FEED_ENTRIES = 30


class Site:
    """The files of one set of topics. `base` is the URL where they will be served, "" if unknown."""

    def __init__(self, renderer: Renderer, queries: Sequence[str], base: str = "") -> None:
        self._renderer = renderer
        self._key = "\n".join(queries)
        self._base = base.rstrip("/") + "/" if base else ""

    def write(
        self,
        folder: Path,
        issues: Mapping[Language, Sequence[Issue]],
        names: Mapping[Language, Sequence[str]],
    ) -> list[Path]:
        """Write every file whose content has changed, each atomically, and return their paths. Raises OSError.

        `names` are the topics' names in each language.
        """
        written = []
        for path, text in self.files(issues, names):
            target, content = folder / path, text.encode()
            if not target.is_file() or target.read_bytes() != content:
                _replace(target, content)
                written.append(target)
        return written

    def files(
        self, issues: Mapping[Language, Sequence[Issue]], names: Mapping[Language, Sequence[str]]
    ) -> Iterator[tuple[str, str]]:
        """Yield the relative path and the content of every file."""
        for language, own in issues.items():
            frame = {"names": names[language], "base": self._base}
            for issue in own:
                page = self._page("publish/issue", language, frame, issue=issue, links=_anchors(issue))
                yield f"{language}/{issue.day}.html", page
            yield f"{language}/index.html", self._page("publish/index", language, frame, issues=own)
            entries = [self._entry(language, issue) for issue in own[:_FEED_ENTRIES]]
            yield f"{language}/feed.xml", self._atom(language, frame, entries)
            yield f"{language}/feed.json", self._json(language, frame, entries)
        first = next(iter(issues))
        yield "index.html", self._page("publish/languages", first, {}, entries=list(LANGUAGES.values()))

    def _page(self, template: str, language: Language, frame: Mapping[str, Any], **values: Any) -> str:
        return self._renderer.message(template, language, **frame, **values) + "\n"

    def _entry(self, language: Language, issue: Issue) -> dict[str, Any]:
        page = f"{self._here(language)}{issue.day}.html"
        links = [page + anchor for anchor in _anchors(issue)]
        body = self._renderer.message("publish/entry", language, issue=issue, links=links)
        return {
            "id": self._id(language, issue.day.isoformat()),
            "title": self._renderer.word("publish_issue", language, issue.day, _headings(issue)),
            "updated": _moment(issue.day),
            "path": f"{issue.day}.html",
            "html": body,
        }

    def _atom(
        self, language: Language, frame: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
    ) -> str:
        updated = entries[0]["updated"] if entries else _moment(date(1970, 1, 1))
        return self._page(
            "publish/atom", language, frame, id=self._id(language), updated=updated, entries=entries
        )

    def _json(
        self, language: Language, frame: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
    ) -> str:
        """Return the JSON Feed 1.1; what needs an absolute URL is left out without a base."""
        here = self._here(language)
        feed: dict[str, Any] = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self._renderer.word("publish_title", language, frame["names"]),
            "language": language,
            "authors": [{"name": "Trendbot"}],
        }
        if here:
            feed |= {"home_page_url": here, "feed_url": f"{here}feed.json"}
        feed["items"] = [
            {
                "id": entry["id"],
                **({"url": here + entry["path"]} if here else {}),
                "title": entry["title"],
                "date_published": entry["updated"],
                "content_html": entry["html"],
            }
            for entry in entries
        ]
        return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"

    def _here(self, language: Language) -> str:
        """Return the URL of a language's pages, "" if unknown: then relative links serve, as the feeds lie beside the pages."""
        return f"{self._base}{language}/" if self._base else ""

    def _id(self, language: Language, part: str = "") -> str:
        return uuid.uuid5(_SPACE, f"{self._key}\n{language}\n{part}").urn


def _anchors(issue: Issue) -> list[str]:
    """Return the link of each citation of a digest: its source on the same page."""
    return [f"#source-{number}" for number in range(1, len(issue.digest.citations) + 1)]


def _headings(issue: Issue) -> list[Any]:
    return [section.heading for section in issue.digest.sections]


def _moment(day: date) -> str:
    """Return the end of a day as feeds write it (RFC 3339)."""
    return datetime.combine(day, time(23, 59, 59), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _replace(target: Path, content: bytes) -> None:
    """Replace a file atomically: a concurrent reader sees either the old or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    beside.replace(target)
