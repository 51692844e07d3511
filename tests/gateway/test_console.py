"""The console: one read-only page in Chinese, where every figure opens its events."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient

from lastmile.kernel.domain.failures import Invalid, NotFound
from lastmile.kernel.wire.calls import Outcome, Row
from services.gateway.console import make_console

FIGURES: list[dict[str, Any]] = [
    {"key": "membership.members", "label_zh": "会员", "label_en": "members", "unit": "person", "value": 5805},
    {"key": "relief.warmth_fen", "label_zh": "送温暖<金额>", "label_en": "money", "unit": "fen", "value": 16046500},
    {"key": "membership.card_coverage", "label_zh": "办卡率", "label_en": "", "unit": "percent", "value": None},
]
EVENT: dict[str, Any] = {
    "event_id": "e",
    "log": "110102017/relief",
    "position": 7,
    "type": "GrantPaid",
    "occurred_on": "2017-03-01",
    "recorded_at": "2017-03-01T04:05:06.000000Z",
    "weight": 16046500,
}


class Answers:
    """Stands in for the services: answers what the page asks, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.events: list[dict[str, Any]] = [EVENT]

    def tell(self, service: str, station: str, name: str, rows: Sequence[Row], token: str) -> list[Outcome]:
        raise AssertionError("the page changes nothing")

    def ask(self, service: str, station: str, name: str, parameters: Mapping[str, Any], token: str) -> Any:
        self.asked.append((name, parameters))
        if parameters.get("as_of") == "yesterday":
            raise Invalid({"as_of": ["Not a valid date."]})
        if name == "report":
            logs = [{"log": "110102017/relief", "position": 9, "root": "ab" * 32}]
            return {"station": station, "year": parameters["year"], "figures": FIGURES, "logs": logs}
        line = next((line for line in FIGURES if line["key"] == parameters["key"]), None)
        if line is None:
            raise NotFound("no such line")
        return {**line, "events": self.events}


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def page(answers: Answers) -> FlaskClient:
    return make_console(answers, str, ["110102017"], 2017, demo=True).test_client()


def test_the_first_page_leads_to_the_newest_report(page: FlaskClient) -> None:
    answer = page.get("/", follow_redirects=True)
    assert answer.request.path == "/stations/110102017/2017"
    assert "2017 年年报" in answer.text


def test_every_figure_is_a_link_to_its_events(page: FlaskClient) -> None:
    shown = page.get("/stations/110102017/2017?as_of=2017-10-31").text
    links = re.findall(r'href="([^"]*/figures/[^"]*)"', shown)
    assert len(links) == len(FIGURES)
    for link in links:
        opened = page.get(link.replace("&amp;", "&"))
        assert opened.status_code == 200
        assert "发放救助金" in opened.text
        assert "2017-03-01 12:05" in opened.text


def test_values_read_as_people_write_them(page: FlaskClient) -> None:
    shown = page.get("/stations/110102017/2017").text
    assert "5,805" in shown
    assert "160,465.00 元" in shown
    assert "—" in shown


def test_the_dates_typed_are_asked_for_in_the_stations_time(page: FlaskClient, answers: Answers) -> None:
    page.get("/stations/110102017/2017?as_of=2017-10-31&known_at=2017-11-15T00:00")
    asked = {"year": 2017, "as_of": "2017-10-31", "known_at": "2017-11-15T00:00:00+08:00"}
    assert answers.asked == [("report", asked)]


def test_what_is_asked_wrongly_is_said_on_a_page(page: FlaskClient) -> None:
    answer = page.get("/stations/110102017/2017?as_of=yesterday")
    assert answer.status_code == 422
    assert "as_of: Not a valid date." in answer.text


def test_a_figure_of_many_events_is_paged_to_the_last(page: FlaskClient, answers: Answers) -> None:
    answers.events = [EVENT | {"position": position} for position in range(1, 1_202)]
    link, seen = "/stations/110102017/2017/figures/membership.members?as_of=2017-10-31", set()
    while link:
        shown = page.get(link.replace("&amp;", "&")).text
        seen |= {int(position) for position in re.findall(r"110102017/relief · (\d+)", shown)}
        further = re.search(r'href="([^"]+)">下一页', shown)
        link = further[1] if further else ""
    assert seen == set(range(1, 1_202))


def test_an_unknown_figure_is_not_found(page: FlaskClient) -> None:
    assert page.get("/stations/110102017/2017/figures/no.such").status_code == 404


def test_markup_in_a_label_is_text(page: FlaskClient) -> None:
    assert "送温暖&lt;金额&gt;" in page.get("/stations/110102017/2017").text


def test_a_demo_says_that_it_is_one(page: FlaskClient, answers: Answers) -> None:
    assert "演练数据" in page.get("/stations/110102017/2017").text
    real = make_console(answers, str, ["110102017"], 2017, demo=False).test_client()
    assert "演练数据" not in real.get("/stations/110102017/2017").text


def test_the_page_asks_nothing_from_elsewhere(page: FlaskClient) -> None:
    answer = page.get("/stations/110102017/2017")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="https?://', answer.text)
