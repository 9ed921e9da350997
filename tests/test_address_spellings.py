"""No spelling of an address reaches this machine, whether asked for, redirected to, resolved from a name or named in a feed."""

from __future__ import annotations

import asyncio
import html
import socket
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from feed_kit import Post, Reader, rss
from library_kit import Shelf
from web_kit import Canary, Web

from bot.intake.fetch.addresses import FetchPolicy, NotFetched
from bot.intake.fetch.client import Fetcher
from bot.library.glossary import Glossary
from bot.text.segment import Segmenter

SPELLINGS = (
    *("127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "127.1", "127.0.1", "0", "0.0.0.0"),  # noqa: S104  # no listening
    *("2130706433", "0x7f000001", "0x7f.1", "0X7F.0x0.0x0.0x1", "017700000001", "0177.0.0.1"),
    *("127.000.000.001", "127.255.255.254", "127。0。0。1", "①②⑦.⓪.⓪.①", "１２７.0.0.1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "example.com@127.0.0.1"),
)
NAME = "rebinding.example.com"
PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture(scope="module")
def reader(
    tmp_path_factory: pytest.TempPathFactory, glossary: Glossary, segmenter: Segmenter, web: Web
) -> Iterator[Reader]:
    """A library that grows by feeds of `web`."""
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), glossary, segmenter)
    yield Reader(shelf, web)
    shelf.close()


def policy(web: Web, canary: Canary) -> FetchPolicy:
    """Return a policy that allows the canary's port, so that only the canary's address is refused."""
    return FetchPolicy(frozenset({("127.0.0.1", web.port)}), ports=frozenset({80, 443, canary.port}))


def refused(web: Web, canary: Canary, address: str) -> str:
    """Return why an address is not fetched."""
    with pytest.raises(NotFetched) as error:
        asyncio.run(Fetcher(policy(web, canary), seconds=30).fetch(address))
    return error.value.problem.name


def led_to(host: str, port: int) -> list[Any]:
    """Return what the system's resolver makes of a spelling, read as loosely as possible."""
    bare = unicodedata.normalize("NFKC", host).replace("。", ".").rpartition("@")[2].strip("[].")
    return socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM)


def test_the_28_spellings_lead_to_this_machine_where_nobody_guards_them(canary: Canary) -> None:
    """Proves that the tests below can fail. Spellings in IPv6 are left out: a machine may have none."""
    old = [host for host in SPELLINGS if "[" not in host]
    assert len(set(SPELLINGS)) == 28
    assert len(old) == 21
    for host in old:
        family, kind, protocol, _, place = led_to(host, canary.port)[0]
        with socket.socket(family, kind, protocol) as one:
            one.connect(place)
    assert canary.touched == len(old)


@pytest.mark.parametrize("host", SPELLINGS)
def test_asked_for_directly_it_is_not_reached(host: str, web: Web, canary: Canary) -> None:
    problem = refused(web, canary, f"http://{host}:{canary.port}/")
    assert problem in {"address_private", "address_password", "address_scheme"}
    assert canary.touched == 0


@pytest.mark.parametrize("host", SPELLINGS)
def test_by_a_redirect_it_is_not_reached(host: str, web: Web, canary: Canary) -> None:
    hidden = f"http://{host}:{canary.port}/"
    web.answers["/away"] = lambda asked: asked.say(302, Location=hidden.encode().decode("latin-1"))
    before = web.asked("/away")
    problem = refused(web, canary, web.url("/away"))
    assert problem in {"address_private", "address_password", "address_scheme"}
    assert web.asked("/away") == before + 1
    assert canary.touched == 0


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_name_that_was_public_when_it_was_looked_at_does_not_lead_to_it_later(
    host: str, web: Web, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is checked when the connection is made, since a name may resolve differently from one moment to the next."""
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, canary.port))]
    answers, lookup = [public, led_to(host, canary.port)], socket.getaddrinfo

    def rebinding(name: Any, *rest: Any, **more: Any) -> Any:
        if name not in {NAME, NAME.encode()}:
            return lookup(name, *rest, **more)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert socket.getaddrinfo(NAME, canary.port) == public
    assert refused(web, canary, f"http://{NAME}:{canary.port}/feed") == "address_private"
    assert answers == [led_to(host, canary.port)], "it was looked up again"
    assert canary.touched == 0


@pytest.mark.parametrize("host", SPELLINGS)
def test_what_an_entry_of_a_feed_encloses_or_links_to_is_not_reached(
    host: str, reader: Reader, web: Web, canary: Canary
) -> None:
    inside = html.escape(f"http://{host}:{canary.port}/")
    post = Post(
        f"Cooling pays {SPELLINGS.index(host)}",
        f"<img src='{inside}a.png'/><iframe src='{inside}b'></iframe> Cooling saved the plant 12% of its power.",
        link=f"{inside}c",
        more=f'<enclosure url="{inside}d.mp3" type="audio/mpeg" length="1"/><comments>{inside}e</comments>',
    )
    reader.check = type(reader.check)(
        Fetcher(policy(web, canary), seconds=30), reader.shelf.ingest, reader.shelf.state, lambda: 0.5
    )
    before = len(web.requests)
    source = reader.add(web.serve(f"/feed{SPELLINGS.index(host)}", rss(post)))
    assert reader.read(source).added == 1
    assert len(web.requests) == before + 1
    assert canary.touched == 0
