"""What a service is given wrongly, and the problem that it tells."""

import json
from typing import Any

import httpx

from tests.system.station import TODAY, Station, identity_number

WRONG = {
    "union_id": "not an id!",
    "name": "",
    "identity_number": "99999919600101000X",
    "employment": "idle",
    "occurred_on": "30 February",
    "shoe_size": 42,
}
"""A RegisterMember in which every field is wrong, and one is none."""
RIGHT = {"union_id": "union", "name": "李四", "identity_number": identity_number(100), "occurred_on": TODAY}
UNWRITABLE = "李\x00四"
"""Text that PostgreSQL cannot store."""


def somebody(station: Station) -> dict[str, str]:
    """A RegisterMember that is right, of a person whom no other station has."""
    return RIGHT | {"identity_number": identity_number(int(station.code[-3:]) * 1_000)}


def refusal(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem (RFC 9457) that a response tells, which must be this one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    return problem


def ask(station: Station, path: str, body: Any, token: str) -> httpx.Response:
    """Post to membership, without a command id. Bytes go as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = f"{station.url('membership')}/stations/{station.code}/{path}"
    return station.client.post(url, content=content, headers={"Authorization": f"Bearer {token}"})
