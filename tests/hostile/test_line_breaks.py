"""Line breaks in what becomes a header, and addresses to go on to that lead away: none is split, nobody is led off."""

from urllib.parse import quote, unquote

import pytest

from tests.hostile.browsing import browser, hidden_on, sign_in
from tests.hostile.conftest import PASSWORD, STATION
from tests.hostile.doors import Answer, Door, request

BREAK = "\r\nSet-Cookie: hostile=1"
AWAY = (
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\r\n/evil.example",
    f"/{BREAK}",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "",
)
FORM = "Content-Type: application/x-www-form-urlencoded"


def unsplit(answer: Answer) -> None:
    cookies = [value for name, value in answer.headers if name == "set-cookie"]
    assert not [cookie for cookie in cookies if cookie.startswith("hostile")], answer
    assert not [line for line in answer.head.split("\r\n")[1:] if ":" not in line], answer
    assert answer.head.count("\n") == answer.head.count("\r\n") == len(answer.headers)


@pytest.mark.parametrize("address", AWAY)
def test_who_signs_in_is_led_to_no_other_place(served: Door, clerk: str, address: str) -> None:
    signed_in = sign_in(browser(served), "clerk-1", PASSWORD, f"/sign-in?next={quote(address)}")
    assert signed_in.headers["Location"] == "/sign-in/second-factor"
    typed = sign_in(browser(served), "clerk-1", PASSWORD, next=address)
    assert typed.headers["Location"] == "/sign-in/second-factor"
    client = browser(served, session=clerk)
    assert client.get(f"/sign-in/second-factor?next={quote(address)}").headers["Location"] == "/"
    form = hidden_on(client, f"/stations/{STATION}/account")
    for target in ("/preferences", "/practice-date"):
        answer = client.post(target, data={**form, "back": address, "language": "zh", "date": "2017-12-30"})
        assert answer.headers.get("Location") == "/", target


def test_who_signs_in_is_led_on_to_where_they_were_going(served: Door) -> None:
    """The control of the above."""
    page = f"/stations/{STATION}/members?text=a"
    answer = sign_in(browser(served), "clerk-1", PASSWORD, f"/sign-in?next={quote(page)}")
    assert unquote(answer.headers["Location"]) == f"/sign-in/second-factor?next={page}"


@pytest.mark.parametrize(
    "piece",
    ["%0d%0aSet-Cookie:%20hostile=1", "%0aSet-Cookie:%20hostile=1", "%E5%98%8D%E5%98%8ASet-Cookie:%20hostile=1"],
)
def test_a_line_break_in_an_address_splits_no_header(served: Door, clerk: str, piece: str) -> None:
    cookie, who = f"Cookie: lastmile={clerk}", f"Authorization: Bearer {clerk}"
    for target in (
        f"/{piece}",
        f"/{piece}/",
        f"/sign-in?next=/{piece}",
        f"/stations/{STATION}/members?text={piece}&sort={piece}&page={piece}",
        f"/stations/{piece}/members",
        f"/stations/{STATION}/members/{piece}",
        f"/api/v1/stations/{STATION}/membership/members?size=1&text={piece}",
        f"/api/v1/stations/{STATION}/membership/unions?size=1&text={piece}",
        f"/api/v1/stations/{STATION}/membership/unions?size=1&sort=name&after={piece}",
    ):
        for answer in served.raw(request("GET", target, cookie), request("GET", target), request("GET", target, who)):
            unsplit(answer)


def test_the_address_of_the_next_page_keeps_what_was_asked_in_one_line(served: Door, clerk: str) -> None:
    who = f"Authorization: Bearer {clerk}"
    asked = f"/api/v1/stations/{STATION}/membership/unions?size=1&text={quote('会')}"
    (answer,) = served.raw(request("GET", f"{asked}&status={quote(BREAK)}", who))
    unsplit(answer)
    (fine,) = served.raw(request("GET", asked, who))
    unsplit(fine)
    assert 'rel="next"' in fine.header("Link")


@pytest.mark.parametrize(
    "name", ["x\r\nSet-Cookie: hostile=1", 'a"; filename="b.exe', "../../etc/passwd", "<script>.xlsx"]
)
def test_the_name_of_a_file_that_is_sent_stands_in_no_header(served: Door, clerk: str, name: str) -> None:
    client = browser(served, session=clerk)
    form = hidden_on(client, f"/stations/{STATION}/account")
    for target in ("roster/check", "cards/numbers/check"):
        answer = client.post(f"/stations/{STATION}/{target}", data=form, files={"file": (name, b"not a workbook")})
        assert answer.status_code < 500
        assert "hostile" not in str(answer.headers)
        assert "<script>.xlsx" not in answer.text


def test_a_header_with_a_line_break_inside_is_refused_or_one_header(served: Door, clerk: str) -> None:
    for header in (
        "Idempotency-Key: a\rb",
        "Idempotency-Key: a\nSet-Cookie: hostile=1",
        "Lastmile-Role: a\rb",
        "If-Match: \r\n x",
    ):
        sent = request("GET", "/api/v1/sessions/current", f"Authorization: Bearer {clerk}", header)
        for answer in served.raw(sent):
            unsplit(answer)
