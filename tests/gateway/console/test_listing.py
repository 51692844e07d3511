"""The list: what is typed, sorted and paged stands in the address; what is taken out is recorded."""

import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from lastmile.kernel.domain.failures import Invalid
from tests.gateway.console.answering import STATION, Answering
from tests.gateway.console.conftest import hidden

LIST = f"/stations/{STATION}/sample"
COUNT = 1_203


def rows(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Page by page, or behind a cursor, as the kernel's lists answer."""
    size, first = parameters["size"], (parameters.get("page", 1) - 1) * parameters["size"]
    first = int(parameters["after"]) if "after" in parameters else first
    last = min(first + size, COUNT)
    found = [
        {"case_id": f"c{n}", "name": "=1+1" if n == 0 else f"<b>{n}", "amount_fen": 123456 + n, "handled_by": "p9"}
        for n in range(first, last)
    ]
    return {"rows": found, "count": COUNT, "next": str(last) if last < COUNT else None}


def searched(console: FlaskClient, **typed: str) -> str:
    """The address to which a search leads."""
    token = hidden(console.get(LIST).text, "csrf_token")
    answer = console.post(f"{LIST}/searched", data={"csrf_token": token, **typed})
    assert answer.status_code == 303
    return answer.headers["Location"]


@pytest.fixture(autouse=True)
def many(services: Answering) -> None:
    services.questions["sample", "cases"] = rows


def test_a_list_shows_its_rows_its_count_and_who_did_what(console: FlaskClient) -> None:
    shown = console.get(LIST).text
    assert "1,203" in shown
    assert "1,234.56 元" in shown
    assert "名p9" in shown
    assert "&lt;b&gt;7" in shown
    assert f'href="{LIST}/c7"' in shown


def test_filters_sort_and_page_stand_in_the_address(console: FlaskClient, services: Answering) -> None:
    shown = console.get(f"{searched(console, text='王', open='true', sort='-name')}&page=3").text
    asked = {"text": "王", "open": True, "sort": "-name", "page": 3, "size": 50}
    assert ("cases", asked) in services.asked
    assert 'aria-sort="descending"' in shown
    for kept in ("open=true", "sort=-name", "page=4"):
        assert kept in shown


def test_what_is_searched_for_stands_in_no_address_and_leads_to_the_same_rows(
    console: FlaskClient, services: Answering
) -> None:
    assert f'method="post" action="{LIST}/searched"' in console.get(LIST).text
    led_to = searched(console, text="11010219450317001X", open="true", sort="-name")
    services.asked.clear()
    shown = console.get(led_to).text
    asked = {"text": "11010219450317001X", "open": True, "sort": "-name", "page": 1, "size": 50}
    assert ("cases", asked) in services.asked
    addresses = [led_to, *re.findall(r'(?:href|action|hx-\w+)="([^"]*)"', shown)]
    assert any("page=2" in address and "text=" in address for address in addresses)
    assert not [address for address in addresses if "19450317" in address]


@pytest.mark.parametrize("typed", ["王五", "11010219450317001X", "~", "~AAAA", f"~{'A' * 60}", "~王"])
def test_what_is_typed_into_the_address_or_altered_there_is_not_searched_for(
    console: FlaskClient, services: Answering, typed: str
) -> None:
    answer = console.get(LIST, query_string={"text": typed, "open": "true"})
    assert answer.status_code == 200
    assert "请在此输入。" in answer.text
    assert "查询条件有误" in answer.text
    assert f'value="{typed}"' not in answer.text
    assert f'href="{LIST}/c7"' not in answer.text, "nor is everything listed instead"
    assert not [parameters for _, parameters in services.asked if "text" in parameters]


def test_the_page_can_be_selected_and_by_a_second_link_everything(console: FlaskClient) -> None:
    assert "checked" not in console.get(LIST).text
    page = console.get(f"{LIST}?select=page").text
    assert page.count(" checked") == 50
    everything = console.get(f"{searched(console, text='x')}&select=all").text
    assert 'name="all" value="1"' in everything
    assert "已选中全部 1,203 条" in everything


def export(console: FlaskClient, kind: str) -> Any:
    token = hidden(console.get(LIST).text, "csrf_token")
    return console.post(f"{LIST}/export", data={"csrf_token": token, "format": kind, "text": "王五", "open": "true"})


def test_everything_that_is_filtered_goes_into_the_workbook(console: FlaskClient) -> None:
    answer = export(console, "xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(sheet) == COUNT + 1
    assert sheet[1] == ["=1+1", 1234.56, "名p9"]


def test_csv_opens_in_chinese_and_holds_no_formula(console: FlaskClient) -> None:
    answer = export(console, "csv")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.data.startswith("\ufeff".encode())
    assert len(lines) == COUNT + 1
    assert lines[1].startswith("'=1+1,")


def test_an_export_is_recorded_before_it_is_handed_out_without_what_was_searched_for(
    console: FlaskClient, services: Answering
) -> None:
    export(console, "csv")
    ((name, _, body),) = services.told
    assert name == "RecordExport"
    assert {key: body[key] for key in ("what", "filters", "rows")} == {
        "what": "cases",
        "filters": "open=true text=*",
        "rows": COUNT,
    }


def test_an_empty_list_says_the_first_step(console: FlaskClient, services: Answering) -> None:
    services.questions["sample", "cases"] = lambda _: {"rows": [], "count": 0, "next": None}
    shown = console.get(LIST).text
    assert "这里还没有记录" in shown
    assert f'href="{LIST}/c1/pay"' in shown
    assert "没有符合条件的记录" in console.get(searched(console, text="x")).text


def test_what_is_asked_wrongly_is_said_at_its_filter(console: FlaskClient, services: Answering) -> None:
    def refuse(_parameters: object) -> None:
        raise Invalid({"text": ["Longer than maximum length 10."]})

    led_to = searched(console, text="a-long-text")
    services.questions["sample", "cases"] = refuse
    shown = console.get(led_to).text
    assert 'value="a-long-text"' in shown
    assert "最多 10 个字" in shown
