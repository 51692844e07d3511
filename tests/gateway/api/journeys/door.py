"""Somebody who works over REST alone: signs in, gives orders, asks, and is told by a code what they may not do."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from tests.eventually import ANSWERED_WITHIN_SECONDS

STATION = "110102017"
Rows = Sequence[tuple[str, Mapping[str, Any]]]


class Caller:
    """One session at a served gateway; `role` is the one that is acted in, of those that the person holds."""

    def __init__(self, url: str, token: str, role: str = "") -> None:
        chosen = {"Lastmile-Role": f"{STATION}:{role}"} if role else {}
        self._open = httpx.Client(
            base_url=f"{url}/api/v1",
            headers={"Authorization": f"Bearer {token}", **chosen},
            timeout=ANSWERED_WITHIN_SECONDS,
            limits=httpx.Limits(max_keepalive_connections=0),  # A server that ends waits for whoever is connected.
        )

    def session(self) -> Any:
        return self._open.get("/sessions/current").raise_for_status().json()

    def confirm(self, code: str) -> httpx.Response:
        """Give the second factor."""
        return self._post("/sessions/current:confirm", {"code": code})

    def try_to(self, order: str, **body: Any) -> httpx.Response:
        """Give an order, as in `relief/application:apply`."""
        return self._post(f"/stations/{STATION}/{order}", body)

    def tell(self, order: str, **body: Any) -> dict[str, Any]:
        """Give an order that is carried out."""
        response = self.try_to(order, **body)
        assert response.status_code == 200, (order, response.text)
        told: dict[str, Any] = response.json()
        return told

    def refused(self, order: str, **body: Any) -> str:
        """Give an order that is not carried out: the code of why."""
        return code_of(self.try_to(order, **body))

    def tell_many(self, order: str, rows: Rows) -> list[dict[str, Any]]:
        """Give the same order many times, each under its own key: an outcome each."""
        sent = {"rows": [{"command_id": command_id, "body": body} for command_id, body in rows]}
        response = self._post(f"/stations/{STATION}/{order}/batch", sent)
        assert response.status_code == 200, (order, response.text)
        outcomes: list[dict[str, Any]] = response.json()["outcomes"]
        return outcomes

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        """Whatever stands under /api/v1."""
        return self._open.get(path, params=parameters or None)  # None leaves what stands in the path.

    def ask(self, question: str, **parameters: Any) -> Any:
        """Ask a question, as in `relief/application`."""
        response = self.get(f"/stations/{STATION}/{question}", **parameters)
        assert response.status_code == 200, (question, response.text)
        return response.json()

    def ask_by_body(self, question: str, **parameters: Any) -> Any:
        """Ask a question that no address can or may hold: about a person, or a file, whose bytes go as base64."""
        sent = {name: in_base64(value) if isinstance(value, bytes) else value for name, value in parameters.items()}
        response = self._post(f"/stations/{STATION}/{question}:ask", sent)
        assert response.status_code == 200, (question, response.text)
        return response.json()

    def _post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        return self._open.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def sign_in(url: str, account_name: str, password: str, role: str = "") -> Caller:
    """Sign in with a password."""
    body = {"station": STATION, "account_name": account_name, "password": password}
    headers = {"Idempotency-Key": str(uuid4())}
    answer = httpx.post(f"{url}/api/v1/sessions", json=body, headers=headers, timeout=ANSWERED_WITHIN_SECONDS)
    assert answer.status_code == 201, answer.text
    return Caller(url, answer.json()["token"], role)


def code_of(response: httpx.Response) -> str:
    """The stable code of a refusal."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    code: str = response.json()["code"]
    return code


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def bytes_of(answer: Mapping[str, Any]) -> bytes:
    """The file in an answer."""
    return base64.b64decode(answer["file"])
