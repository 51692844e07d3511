"""A roster of a station's own people, and how it is brought in at the desk."""

import io
from typing import Any

from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from tests.gateway.console.person import Person, words
from tests.gateway.console.station import Station
from tests.membership.station import HEADER, workbook


def rows_of(answer: TestResponse) -> list[list[Any]]:
    assert answer.status_code == 200, words(answer.text)
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def roster_of(desk: Station) -> bytes:
    """Two who can be admitted, and one whose identity number is none."""
    rows = [
        ("王小明", desk.number(1), "第一联合工会"),
        ("李四", desk.number(2), "u1"),
        ("赵五", "1", "u1"),
    ]
    return workbook(rows, HEADER[:3])


def bring_in(clerk: Person, file: bytes) -> str:
    """The page of the import after a roster was checked and confirmed."""
    checked = clerk.upload("/roster/check", file)
    assert checked.status_code == 200, words(checked.text)
    return clerk.follow(clerk.post("/roster/confirm", checked.text))
