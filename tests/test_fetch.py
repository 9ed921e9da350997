"""Fetching: nothing private is reached in any spelling, and no answer costs more than its limits."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from web_kit import Asked, Canary, Web, packed

from bot.intake.fetch.addresses import FetchPolicy, NotFetched, is_public
from bot.intake.fetch.client import MOST_BYTES, Answer, Fetcher, Validators
from bot.intake.fetch.robots import Robots


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


def policy(web: Web, *ports: int) -> FetchPolicy:
    return FetchPolicy(frozenset({("127.0.0.1", web.port)}), ports=frozenset({80, 443, *ports}))


def fetched(web: Web, path: str, seconds: float = 30.0, **given: Any) -> Answer:
    return asyncio.run(Fetcher(policy(web), seconds=seconds).fetch(web.url(path), **given))


def refused(web: Web, path: str, seconds: float = 30.0) -> NotFetched:
    with pytest.raises(NotFetched) as error:
        fetched(web, path, seconds)
    return error.value


# -- where a connection may lead ---------------------------------------------------------------------------


def test_what_the_operator_names_is_reached_and_only_at_its_port(web: Web, canary: Canary) -> None:
    web.serve("/feed", b"hello")
    assert fetched(web, "/feed").body == b"hello"
    web.answers["/away"] = lambda asked: asked.say(301, Location=f"http://127.0.0.1:{canary.port}/")
    assert refused(web, "/away").problem.name == "address_port"
    assert canary.touched == 0


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        *(("file:///etc/passwd", "address_scheme"), ("ftp://example.com/", "address_scheme")),
        *(("http://", "address_scheme"), ("http://exa mple/", "address_scheme")),
        *(("http://example.com:22/", "address_port"), ("https://example.com:8443/", "address_port")),
        *(("http://a:b@example.com/", "address_password"), ("http://intranet/", "address_private")),
        *(("http://printer.local/", "address_private"), ("http://169.254.169.254/", "address_private")),
        ("rsshub://telegram/channel/durov", "rsshub_unset"),
    ],
)
def test_what_may_not_be_asked_is_named_before_anything_is_sent(address: str, problem: str) -> None:
    with pytest.raises(NotFetched) as error:
        FetchPolicy().operator_target(address)
    assert error.value.problem.name == problem


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        *(("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("1.1.1.1", True)),
        *(("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("100.64.0.1", False)),
        *(("169.254.169.254", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False)),  # noqa: S104  # no listening
        *(("192.0.0.8", False), ("198.18.0.1", False), ("240.0.0.1", False), ("::1", False), ("::", False)),
        *(("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False), ("2001::1", False)),
        *(("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True)),
        *(("::ffff:10.0.0.1", False), ("::ffff:93.184.216.34", True), ("nonsense", False)),
    ],
)
def test_only_numbers_of_the_public_internet_are_public(ip: str, public: bool) -> None:
    assert is_public(ip) is public


def test_a_route_of_rsshub_is_asked_of_the_operators_own_and_never_by_a_redirect(web: Web) -> None:
    web.serve("/hub/telegram/channel/durov", b"items")
    own = FetchPolicy(frozenset({("127.0.0.1", web.port)}), rsshub=web.url("/hub/"))
    assert asyncio.run(Fetcher(own).fetch("rsshub://telegram/channel/durov")).body == b"items"
    web.answers["/away"] = lambda asked: asked.say(302, Location="rsshub://telegram/channel/durov")
    with pytest.raises(NotFetched) as error:
        asyncio.run(Fetcher(own).fetch(web.url("/away")))
    assert error.value.problem.name == "address_scheme"
    unnamed = FetchPolicy(rsshub=web.url("/hub/"))
    with pytest.raises(NotFetched):
        asyncio.run(Fetcher(unnamed).fetch("rsshub://telegram/channel/durov"))


# -- what an answer may be ---------------------------------------------------------------------------------


def test_both_validators_go_back_verbatim_and_an_unchanged_answer_has_no_body(web: Web) -> None:
    given = Validators('W/"5f-abc"', "Sat, 03 Oct 2026 12:53:46 GMT")
    web.serve("/feed", b"", 304, ETag=given.etag)
    answer = fetched(web, "/feed", validators=given)
    assert answer.unchanged
    (_, headers) = web.requests[0]
    assert headers["If-None-Match"] == given.etag
    assert headers["If-Modified-Since"] == given.last_modified
    assert headers["User-Agent"].startswith("Trendbot/")


def redirect(target: str, asked: Asked) -> None:
    asked.say(301, Location=target)


def test_five_redirects_are_followed_and_a_loop_is_not(web: Web) -> None:
    for step in range(5):
        web.answers[f"/{step}"] = partial(redirect, f"/{step + 1}")
    web.serve("/5", b"there")
    answer = fetched(web, "/0")
    assert answer.body == b"there"
    assert answer.moved_to == web.url("/5")
    web.answers["/loop"] = lambda asked: asked.say(301, Location="/loop")
    assert refused(web, "/loop").problem.name == "fetch_redirects"
    assert web.asked("/loop") == 6


def test_only_permanent_redirects_up_to_the_first_other_move_an_address(web: Web) -> None:
    web.answers["/old"] = lambda asked: asked.say(308, Location="/new")
    web.answers["/new"] = lambda asked: asked.say(302, Location="/today")
    web.serve("/today", b"x")
    answer = fetched(web, "/old")
    assert (answer.moved_to, answer.url) == (web.url("/new"), web.url("/today"))


def test_a_packed_answer_is_unpacked_and_a_bomb_costs_no_memory(web: Web) -> None:
    body = "算力".encode() * 1_000
    web.serve("/gzip", packed(body), Content_Encoding="gzip")
    web.serve("/zlib", zlib.compress(body), Content_Encoding="deflate")
    web.serve("/bare", zlib.compress(body)[2:-4], Content_Encoding="deflate")
    web.serve("/twice", packed(body) + packed(body), Content_Encoding="x-gzip")
    assert fetched(web, "/gzip").body == fetched(web, "/zlib").body == fetched(web, "/bare").body == body
    assert fetched(web, "/twice").body == body * 2
    bomb = packed(b"\0" * (200 << 20))
    web.serve("/bomb", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    problem = refused(web, "/bomb").problem
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem.name == "fetch_too_large"
    assert peak < 20 << 20


def test_more_than_five_mebibytes_are_not_read_but_a_pdf_may_have_thirty(web: Web) -> None:
    web.serve("/large", b"x" * (MOST_BYTES + 1))
    web.serve("/pdf", b"%PDF-1.7\n" + b"x" * MOST_BYTES)
    web.serve("/larger.pdf", b"%PDF-1.7\n" + b"x" * (30 << 20))
    assert refused(web, "/large").problem.values == (MOST_BYTES,)
    assert len(fetched(web, "/pdf").body) > MOST_BYTES
    assert refused(web, "/larger.pdf").problem.values == (30 << 20,)


def test_slow_bytes_end_with_the_time_of_the_whole_answer(web: Web) -> None:
    def drip(asked: Asked) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", "1000")
        asked.end_headers()
        for _ in range(400):
            asked.wfile.write(b"x")
            asked.wfile.flush()
            time.sleep(0.05)

    web.answers["/drip"] = drip
    began = time.monotonic()
    assert refused(web, "/drip", seconds=0.5).problem.name == "fetch_timeout"
    assert time.monotonic() - began < 5, "long before all bytes would have come"


def test_an_answer_that_is_cut_off_or_cannot_be_unpacked_is_broken(web: Web) -> None:
    web.serve("/short", b"half", Content_Length="1000")
    web.serve("/cut", packed(b"whole" * 100)[:-12], Content_Encoding="gzip")
    web.serve("/lie", b"no gzip at all", Content_Encoding="gzip")
    web.serve("/brotli", b"xx", Content_Encoding="br")
    for path in ("/short", "/cut", "/lie"):
        assert refused(web, path).problem.name == "fetch_broken"
    assert refused(web, "/brotli").problem.name == "fetch_encoding"


def test_what_a_server_asks_to_wait_is_kept_in_seconds_by_its_own_clock(web: Web) -> None:
    web.serve("/busy", b"", 429, Retry_After="120")
    web.serve(
        "/down", b"", 503, Retry_After="Sat, 03 Oct 2099 12:10:00 GMT", Date="Sat, 03 Oct 2099 12:00:00 GMT"
    )
    web.serve("/gone", b"", 410)
    busy, down, gone = (refused(web, path) for path in ("/busy", "/down", "/gone"))
    assert (busy.status, busy.retry_after) == (429, 120)
    assert down.status == 503
    assert gone.problem.name == "fetch_gone"


def test_nobody_there_is_said_as_such() -> None:
    with Web() as closed:
        pass
    own = FetchPolicy(frozenset({("127.0.0.1", closed.port)}))
    with pytest.raises(NotFetched) as error:
        asyncio.run(Fetcher(own).fetch(f"http://127.0.0.1:{closed.port}/"))
    assert error.value.problem.name == "fetch_unreachable"


# -- robots.txt --------------------------------------------------------------------------------------------


def test_robots_are_asked_once_a_day_and_their_patterns_count(web: Web) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /*.php$\nDisallow: /private/\n")
    now = [0.0]
    robots = Robots(Fetcher(policy(web)), lambda: now[0])
    asyncio.run(robots.check(web.url("/news")))
    for path in ("/private/x", "/a/page.php"):
        with pytest.raises(NotFetched, match="fetch_robots"):
            asyncio.run(robots.check(web.url(path)))
    assert web.asked("/robots.txt") == 1
    now[0] = 86_401.0
    asyncio.run(robots.check(web.url("/news")))
    assert web.asked("/robots.txt") == 2


def test_a_site_without_robots_allows_all_and_one_that_is_down_nothing_for_now(web: Web) -> None:
    robots = Robots(Fetcher(policy(web)))
    asyncio.run(robots.check(web.url("/news")))
    web.serve("/robots.txt", b"", 503)
    with pytest.raises(NotFetched) as error:
        asyncio.run(Robots(Fetcher(policy(web))).check(web.url("/news")))
    assert error.value.status == 503
