"""The frame: nobody comes in unasked, every page bears the headers, failures are pages with a next step."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lastmile.kernel.domain.failures import Conflict, Unavailable
from services.gateway.console.addresses import own_address
from services.gateway.session import COOKIE
from tests.gateway.console.answering import STATION, Answering
from tests.gateway.console.conftest import hidden

LIST = f"/stations/{STATION}/sample"


def nothing(_parameters: object) -> dict[str, object]:
    return {"rows": [], "count": 0, "next": None}


@pytest.fixture(autouse=True)
def a_list(services: Answering) -> None:
    services.questions["sample", "cases"] = nothing


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(console: FlaskClient) -> None:
    console.delete_cookie(COOKIE)
    answer = console.get(f"{LIST}?text=x")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sign-in?next=/stations/{STATION}/sample?text%3Dx"


def test_every_page_allows_nothing_from_elsewhere(console: FlaskClient) -> None:
    headers = console.get(LIST).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_form_from_elsewhere_changes_nothing(console: FlaskClient, services: Answering) -> None:
    answer = console.post(f"{LIST}/c1/pay", data={"amount_fen": "1", "paid_on": "2017-03-01"})
    assert answer.status_code == 400
    assert "这份表单已过期" in answer.text
    assert not services.told


def test_the_first_sign_in_leads_to_a_new_password_before_anything_else(
    console: FlaskClient, services: Answering
) -> None:
    services.session["must_change_password"] = True
    address = f"/stations/{STATION}/account/first-password"
    assert console.get(LIST).headers["Location"] == address
    assert LIST not in console.get(address).text


def test_the_menu_offers_what_the_role_may_ask_and_marks_where_one_is(
    console: FlaskClient, services: Answering
) -> None:
    assert f'href="{LIST}" aria-current="page"' in console.get(LIST).text
    services.session["role"] = "cashier"
    assert f'href="{LIST}"' not in console.get(f"/stations/{STATION}/work").text


def test_a_page_is_refused_to_a_role_without_a_row_for_it(console: FlaskClient, services: Answering) -> None:
    assert console.get(f"{LIST}/c1/hidden").status_code == 403
    services.session["role"] = "chair"
    assert console.get(f"{LIST}/c1/hidden").status_code == 200
    assert console.get(LIST).status_code == 403
    assert not services.asked


def test_a_failure_is_a_page_with_its_code_and_the_next_step(console: FlaskClient, services: Answering) -> None:
    def away(_parameters: object) -> None:
        raise Unavailable("the service is away")

    services.questions["sample", "cases"] = away
    answer = console.get(LIST)
    assert answer.status_code == 503
    assert "服务暂时不可用" in answer.text
    assert "unavailable" in answer.text
    assert "请稍后再试" in answer.text


def test_an_address_that_is_none_is_said_on_a_page(console: FlaskClient) -> None:
    answer = console.get("/no/such/page")
    assert answer.status_code == 404
    assert "<h1>没有办成</h1>" in answer.text


def test_a_bug_is_a_page_without_its_words(console: FlaskClient, services: Answering) -> None:
    def broken(_parameters: object) -> None:
        raise RuntimeError("110101199003074514")

    services.questions["sample", "cases"] = broken
    answer = console.get(LIST)
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "110101199003074514" not in answer.text


@pytest.mark.parametrize(("chosen", "said"), [({"language": "en"}, 'lang="en"'), ({"text": "large"}, 'class="large"')])
def test_language_and_size_are_kept(console: FlaskClient, chosen: dict[str, str], said: str) -> None:
    token = hidden(console.get(LIST).text, "csrf_token")
    console.post("/preferences", data={"csrf_token": token, "back": LIST, **chosen})
    assert said in console.get(LIST).text


class Practice:
    """A home for practice that remembers how its clock was set."""

    def __init__(self, clock: Callable[[], object]) -> None:
        self.clock = clock
        self.set_to: list[str] = []

    def set_clock(self, moment: object) -> None:
        self.set_to.append(str(moment))

    def accounts(self) -> list[dict[str, str]]:
        return [{"account_name": "zhang", "password": "open sesame", "role": "clerk", "name": "张敏", "code": "123456"}]


def test_a_home_for_practice_says_so_and_its_date_can_be_set(make: Callable[..., FlaskClient]) -> None:
    practice = Practice(lambda: None)
    console = make(demo=practice)
    shown = console.get(LIST).text
    assert "演练环境" in shown
    console.post("/practice-date", data={"csrf_token": hidden(shown, "csrf_token"), "date": "2017-05-01"})
    assert practice.set_to == ["2017-05-01 09:00:00+08:00"]


def test_any_other_home_shows_and_sets_nothing_of_that(console: FlaskClient) -> None:
    shown = console.get(LIST).text
    assert "演练" not in shown
    answer = console.post("/practice-date", data={"csrf_token": hidden(shown, "csrf_token"), "date": "2017-05-01"})
    assert answer.status_code == 404
    console.delete_cookie(COOKIE)
    assert "演练" not in console.get("/sign-in").text


@pytest.mark.parametrize("address", ["//elsewhere", "https://elsewhere/", "/\\elsewhere", "\\elsewhere", "/a\r\nb"])
def test_an_address_elsewhere_is_never_gone_to(address: str) -> None:
    assert own_address(address) == ""


def test_a_conflict_leads_to_a_page_opened_anew(console: FlaskClient, services: Answering) -> None:
    def used(_body: object) -> None:
        raise Conflict("used before")

    services.commands["Pay"] = used
    token = hidden(console.get(f"{LIST}/c1/pay").text, "csrf_token")
    data = {"csrf_token": token, "amount_fen": "1", "paid_on": "2017-03-01", "command_id": "a"}
    answer = console.post(f"{LIST}/c1/pay", data=data)
    assert answer.status_code == 409
    assert "请重新打开页面" in answer.text


def test_when_access_is_away_a_page_says_so(console: FlaskClient, services: Answering) -> None:
    def away(*_: object) -> None:
        raise Unavailable("access is away")

    services.ask = away  # type: ignore[method-assign]
    answer = console.get(LIST)
    assert answer.status_code == 503
    assert "服务暂时不可用" in answer.text
