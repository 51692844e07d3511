"""Requests that a server may read in two ways, hosts that are not ours, methods that nobody offers."""

import pytest

from tests.hostile.conftest import STATION
from tests.hostile.doors import Answer, Door, request

SMUGGLED = request("GET", "/smuggled")
POST = ("POST", "/api/v1/sessions")
JSON, CHUNKED = "Content-Type: application/json", "Transfer-Encoding: chunked"
EMPTY = b"0\r\n\r\n"
EVIL = "evil.example"
FORWARDED = (
    f"X-Forwarded-Host: {EVIL}",
    "X-Forwarded-For: 6.6.6.6",
    "X-Forwarded-Proto: gopher",
    f"X-Forwarded-Prefix: /{EVIL}",
    f"X-Script-Name: /{EVIL}",
    f"Forwarded: host={EVIL}",
    f"X-Original-URL: /{EVIL}",
    "X-HTTP-Method-Override: DELETE",
)
PAGE = f"/stations/{STATION}/members"


@pytest.mark.parametrize(
    "sent",
    [
        request(*POST, "Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"),
        request(*POST, f"Content-Length: 0, {len(SMUGGLED)}"),
        request(*POST, JSON, "Content-Length: 5", CHUNKED) + EMPTY,
        request(*POST, JSON, f"Content-Length: {len(EMPTY + SMUGGLED)}", CHUNKED) + EMPTY,
        request(*POST, JSON, "Transfer-Encoding: xchunked") + EMPTY,
        request(*POST, JSON, "Transfer-Encoding: chunked, identity") + EMPTY,
        request(*POST, JSON, "Transfer-Encoding: \x0bchunked") + EMPTY,
        request(*POST, JSON, "Transfer-Encoding : chunked") + EMPTY,
        request(*POST, JSON, CHUNKED, "Transfer-Encoding: identity") + EMPTY,
        request(*POST, "Content-Length: -1"),
        request(*POST, "Content-Length: +0"),
        request(*POST, "Content-Length: 0_0"),
        request("GET", "/health", "X: a\x00b"),
        b"GET /health HTTP/1.1\nHost: station.example\n\n",
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_answered(
    door: Door, sent: bytes
) -> None:
    answers = door.raw(sent + SMUGGLED)
    assert [answer.status for answer in answers if answer.status not in (400, 501)] == []
    assert len(answers) <= 1
    assert door.is_alive()


def test_chunks_that_are_none_let_nothing_behind_them_through(door: Door) -> None:
    answers = door.raw(request(*POST, JSON, CHUNKED) + b"zz\r\nab\r\n" + EMPTY + SMUGGLED)
    assert answers
    assert {answer.status for answer in answers} == {400}


def test_two_requests_that_are_clear_are_both_answered(door: Door) -> None:
    """The control of the above: it is not that nothing behind the first is ever answered."""
    answers = door.raw(request(*POST, JSON, CHUNKED) + EMPTY + SMUGGLED)
    assert [answer.status for answer in answers] == [400, 404]


def spoken(answer: Answer) -> str:
    return answer.head + answer.body.decode()


@pytest.mark.parametrize("target", [PAGE, "/sign-in", "/api/v1", "/api/v1/", f"/stations//{STATION}/members", "//x//y"])
def test_a_host_that_is_not_ours_is_never_repeated(door: Door, target: str) -> None:
    for host in (EVIL, f"{EVIL}:99999", f"{EVIL}/path", f"a@{EVIL}"):
        (answer,) = door.raw(request("GET", target, host=host))
        assert EVIL not in spoken(answer), answer
        assert answer.header("Location").partition("?")[0] in ("", "/sign-in")


@pytest.mark.parametrize("header", FORWARDED)
def test_who_is_not_a_proxy_says_nothing_of_where_we_stand(door: Door, header: str) -> None:
    (usual,) = door.raw(request("GET", PAGE))
    (answer,) = door.raw(request("GET", PAGE, header))
    assert EVIL not in spoken(answer)
    assert (answer.status, answer.header("Location")) == (usual.status, usual.header("Location"))


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "get"])
@pytest.mark.parametrize("target", ["/", "/sign-in", PAGE, "/static/console.css", "/api/v1/sessions", "/health"])
def test_a_method_that_nobody_offers_is_refused(door: Door, method: str, target: str) -> None:
    (answer,) = door.raw(request(method, target, "X-Secret: do not repeat"))
    assert answer.status in (400, 405)
    assert "do not repeat" not in spoken(answer)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_only_looks_changes_nothing(served: Door, method: str) -> None:
    """A page that takes a form takes none from a request whose origin nobody checks."""
    form = b"account_name=clerk-1&password=guessed"
    kind = "Content-Type: application/x-www-form-urlencoded"
    answer = served.raw(request(method, "/sign-in", kind, body=form))[0]
    assert answer.status == 200, answer
