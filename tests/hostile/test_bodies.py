"""Bodies and addresses that are too much, or not what they say: refused in little memory, and the next is answered."""

import gzip
import json
from collections.abc import Iterator

import pytest

from tests.hostile.conftest import STATION
from tests.hostile.doors import MEGABYTE, Answer, Door, request

ORDER = f"/api/v1/stations/{STATION}/membership/union:register-union"
TOKENS, SIGN_IN = "/api/v1/oauth/token", "/sign-in"
JSON, FORM = "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"
KEY = "Idempotency-Key: hostile"
MUCH_MEGABYTES, MOST_MEGABYTES = 100, 96
"""What is sent, and what the server may take meanwhile, its own work beside people's included: less than was sent."""

UNION = {"union_id": "hostile", "name": "工会", "kind": "joint", "community": "c", "occurred_on": "2017-01-01"}


@pytest.fixture(autouse=True)
def bounded(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test here its server answers, and never took much memory."""
    door: Door = request.getfixturevalue("door" if "door" in request.fixturenames else "served")
    door.forget_memory()
    before = door.memory_bytes()
    yield
    assert door.memory_bytes() - before < MOST_MEGABYTES * MEGABYTE
    assert door.is_alive()


def refused(answer: Answer, code: str = "") -> None:
    """It is the answer to a mistake of theirs, told as a problem where a program asked and as a page where a person."""
    assert 400 <= answer.status < 500, answer
    if answer.header("Content-Type") == "application/problem+json":
        problem = json.loads(answer.body)
        assert problem["status"] == answer.status
        assert problem["code"] == (code or problem["code"])
    else:
        assert b"Traceback" not in answer.body


def much() -> Iterator[bytes]:
    piece = b"a" * MEGABYTE
    for _ in range(MUCH_MEGABYTES):
        yield piece


def in_chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


@pytest.mark.parametrize("target", [TOKENS, SIGN_IN])
def test_a_body_of_a_hundred_megabytes_is_refused_whichever_way_it_is_sent(door: Door, target: str) -> None:
    plain = request("POST", target, FORM, KEY, f"Content-Length: {MUCH_MEGABYTES * MEGABYTE}")
    chunked = request("POST", target, FORM, KEY, "Transfer-Encoding: chunked")
    for sent in ((plain, *much()), (chunked, *in_chunks(much()))):
        answer = door.raw(*sent)[0]
        assert answer.status == 413, answer
        refused(answer, "too-large")


def test_an_order_of_a_hundred_megabytes_is_a_problem_whichever_way_it_is_sent(served: Door, clerk: str) -> None:
    who = f"Authorization: Bearer {clerk}"
    plain = request("POST", ORDER, who, JSON, KEY, f"Content-Length: {MUCH_MEGABYTES * MEGABYTE}")
    chunked = request("POST", ORDER, who, JSON, KEY, "Transfer-Encoding: chunked")
    for sent in ((plain, *much()), (chunked, *in_chunks(much()))):
        answer = served.raw(*sent)[0]
        assert (answer.status, answer.header("Content-Type")) == (413, "application/problem+json")
        refused(answer, "too-large")


def test_a_body_that_grows_when_it_is_unpacked_is_not_unpacked(served: Door, clerk: str) -> None:
    bomb = gzip.compress(b" " * MUCH_MEGABYTES * MEGABYTE)
    assert order(served, clerk, bomb, "Content-Encoding: gzip").status == 400


def order(door: Door, clerk: str, body: bytes, *headers: str) -> Answer:
    (answer,) = door.raw(request("POST", ORDER, f"Authorization: Bearer {clerk}", JSON, KEY, *headers, body=body))
    refused(answer)
    return answer


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"name":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b'{"name":' * 900 + b"1" + b"}" * 900, 422),
        (b'{"name":' + b"9" * 100_000 + b"}", 400),
        (b'{"name":123456789012345678901234567890}', 422),
        (b'{"name":1e999}', 400),
        (b'{"name":1.5}', 422),
        (b'{"name":NaN}', 400),
        (b'{"name":-Infinity}', 400),
        (b'{"name":"\xff\xfe"}', 400),
        (b'{"name":"\xed\xa0\x80"}', 400),
        (b'{"name":"\\ud800"}', 400),
        (b'{"name":"\x00"}', 400),
        (b'{"name":"\\u0000"}', 422),
        (b'{"\\u0000":1}', 422),
        (b'\xef\xbb\xbf{"name":"x"}', 400),
        (json.dumps({"name": "x"}).encode("utf-16"), 400),
        (b"", 400),
    ],
)
def test_json_that_is_none_or_that_no_one_could_keep_is_a_problem(
    served: Door, clerk: str, body: bytes, status: int
) -> None:
    answer = order(served, clerk, body)
    assert answer.header("Content-Type") == "application/problem+json"
    assert answer.status == status, answer.body


@pytest.mark.parametrize("place", ["outside", "inside"])
def test_a_name_that_stands_twice_in_json_is_refused(served: Door, clerk: str, place: str) -> None:
    twice = json.dumps(UNION)[:-1] + ', "name": "another"}'
    target, body = (
        (ORDER, twice)
        if place == "outside"
        else (
            f"{ORDER}/batch",
            f'{{"rows": [{{"command_id": "twice", "body": {twice}}}]}}',
        )
    )
    (answer,) = served.raw(request("POST", target, f"Authorization: Bearer {clerk}", JSON, KEY, body=body.encode()))
    assert answer.status == 422, answer.body
    assert json.loads(answer.body)["fields"] == {"name": ["Given more than once."]}


@pytest.mark.parametrize("target", [TOKENS, SIGN_IN])
def test_a_form_of_a_million_fields_is_not_read(door: Door, target: str) -> None:
    form = b"&".join(b"f%d=1" % number for number in range(1_000_000))
    answer = door.raw(request("POST", target, FORM, KEY, body=form))[0]
    assert answer.status == 413, answer
    refused(answer, "too-large")


def test_a_form_of_a_million_parts_is_not_read(door: Door) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n'
    form = b"".join(part % number for number in range(200_000)) + b"--b--\r\n"
    answer = door.raw(request("POST", SIGN_IN, "Content-Type: multipart/form-data; boundary=b", body=form))[0]
    assert answer.status == 413, answer


def test_ten_thousand_parameters_are_refused_or_change_nothing(served: Door, clerk: str) -> None:
    who, cookie = f"Authorization: Bearer {clerk}", f"Cookie: lastmile={clerk}"
    for query in ("&".join(f"p{number}=1" for number in range(10_000)), "&".join(["a"] * 10_000)):
        (question,) = served.raw(request("GET", f"/api/v1/stations/{STATION}/membership/members?{query}", who))
        refused(question)
        (page,) = served.raw(request("GET", f"/stations/{STATION}/members?{query}", cookie))
        assert page.status in (200, 414, 431)


def test_an_order_that_is_right_is_done(served: Door, clerk: str) -> None:
    """Without this the refusals above might have another reason."""
    answer = served.client.post(
        ORDER, json=UNION, headers={"Authorization": f"Bearer {clerk}", "Idempotency-Key": "right"}
    )
    assert answer.json()["event_types"] == ["UnionRegistered"], answer.text
