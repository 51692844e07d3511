"""Reaching a service: straight in the same process, or over HTTP; the same answers either way."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hmac import compare_digest
from typing import Any, Protocol

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lastmile.kernel.domain.failures import Failure, NotFound, Unavailable
from lastmile.kernel.domain.identity import Identity, gateway_identity, read_identity
from lastmile.kernel.store.execution import Clock, Order
from lastmile.kernel.store.following import End
from lastmile.kernel.store.service import ENTRIES_IN_AN_ANSWER, Service

Row = tuple[str, Mapping[str, Any]]
"""A command id and a body."""

Outcome = dict[str, Any]
"""`{"command_id", "status": "done", "answer"}` or `{"command_id", "status": "failed", "problem"}`."""

ROWS_IN_A_CALL = 2_000
SECONDS_TO_ANSWER = 60.0


class Calls(Protocol):
    """People's commands and questions, and neighbours' reading of logs."""

    def tell(
        self,
        service: str,
        station: str,
        name: str,
        rows: Sequence[Row],
        token: str,
        expected_version: int | None = None,
    ) -> list[Outcome]: ...

    def ask(self, service: str, station: str, name: str, parameters: Mapping[str, Any], token: str) -> Any: ...


class Gatekeeper:
    """Reads signed identities, remembering those whose signature was checked. The gateway shows a secret instead."""

    def __init__(self, key: Ed25519PublicKey, clock: Clock, gateway_secret: str) -> None:
        self._key, self._clock, self._gateway_secret = key, clock, gateway_secret.encode()
        self._signed = lru_cache(maxsize=1_000)(self._check)

    def _check(self, token: str) -> Identity:
        return read_identity(token, self._key, self._clock())

    def identity(self, token: str) -> Identity:
        """Raises Unauthenticated unless access signed the token and it has not expired."""
        if compare_digest(token.encode(), self._gateway_secret):
            return gateway_identity()
        identity = self._signed(token)
        identity.still_valid(self._clock())
        return identity


def carry_out(
    service: Service,
    identity: Identity,
    station: str,
    name: str,
    rows: Sequence[Row],
    expected_version: int | None = None,
) -> list[Outcome]:
    """Ask a service in this process for the same command with many bodies; an outcome each."""
    orders = [
        Order(
            command_id=command_id,
            station=station,
            name=name,
            body=body,
            identity=identity,
            expected_version=expected_version,
        )
        for command_id, body in rows
    ]
    return [
        outcome_of(order.command_id, result) for order, result in zip(orders, service.commands(orders), strict=True)
    ]


def outcome_of(command_id: str, result: Mapping[str, Any] | Failure) -> Outcome:
    if isinstance(result, Failure):
        return {"command_id": command_id, "status": "failed", "problem": result.as_problem()}
    return {"command_id": command_id, "status": "done", "answer": dict(result)}


class DirectCalls:
    """Services in this process."""

    def __init__(self, services: Mapping[str, Service], gatekeeper: Gatekeeper) -> None:
        self._services, self._gatekeeper = services, gatekeeper

    def tell(
        self,
        service: str,
        station: str,
        name: str,
        rows: Sequence[Row],
        token: str,
        expected_version: int | None = None,
    ) -> list[Outcome]:
        identity = self._gatekeeper.identity(token)
        return carry_out(self._service(service), identity, station, name, rows, expected_version)

    def ask(self, service: str, station: str, name: str, parameters: Mapping[str, Any], token: str) -> Any:
        return self._service(service).ask(name, self._gatekeeper.identity(token), station, parameters)

    def _service(self, name: str) -> Service:
        if name not in self._services:
            raise NotFound(f"no service {name} runs here", service=name)
        return self._services[name]


class HttpCalls:
    """Services in processes of their own, through one pool of connections."""

    def __init__(self, urls: Mapping[str, str], client: httpx.Client | None = None) -> None:
        self._urls = urls
        self._client = client or httpx.Client(timeout=SECONDS_TO_ANSWER)

    def tell(
        self,
        service: str,
        station: str,
        name: str,
        rows: Sequence[Row],
        token: str,
        expected_version: int | None = None,
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for start in range(0, len(rows), ROWS_IN_A_CALL):
            part = [
                {"command_id": command_id, "body": body} for command_id, body in rows[start : start + ROWS_IN_A_CALL]
            ]
            path = f"/stations/{station}/commands/{name}/rows"
            body = {"rows": part, "expected_version": expected_version}
            outcomes += self._post(service, path, body, token)["outcomes"]
        return outcomes

    def ask(self, service: str, station: str, name: str, parameters: Mapping[str, Any], token: str) -> Any:
        return self._post(service, f"/stations/{station}/questions/{name}", dict(parameters), token)["answer"]

    def _post(self, service: str, path: str, body: Any, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return _answered(service, lambda: self._client.post(self._urls[service] + path, json=body, headers=headers))


class HttpSource:
    """The logs of a service in another process, for followers that pull."""

    def __init__(self, service: str, url: str, secret: str, client: httpx.Client | None = None) -> None:
        self._service, self._url = service, url
        self._client = client or httpx.Client(timeout=SECONDS_TO_ANSWER)
        self._headers = {"Authorization": f"Service {secret}"}

    def ends(self) -> list[End]:
        found = self._get("/logs", {})
        return [End(e["log"], e["origin"], e["position"], bytes.fromhex(e["leaf"])) for e in found["logs"]]

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        """Each line of the answer is one entry; an entry holds no line break."""
        parameters = {"after": after, "limit": min(limit, ENTRIES_IN_AN_ANSWER)}
        response = _responded(self._service, lambda: self._fetch(f"/logs/{log}/entries", parameters))
        return response.content.split(b"\n")[:-1]

    def _get(self, path: str, parameters: Mapping[str, Any]) -> Any:
        return _answered(self._service, lambda: self._fetch(path, parameters))

    def _fetch(self, path: str, parameters: Mapping[str, Any]) -> httpx.Response:
        return self._client.get(self._url + path, params=dict(parameters), headers=self._headers)


class RemoteFailure(Failure):
    """A failure that another service answered."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.problem = dict(problem)

    def as_problem(self) -> dict[str, Any]:
        return self.problem


def _responded(service: str, send: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        response = send()
    except httpx.TransportError as error:
        raise Unavailable(f"the service {service} is away: {type(error).__name__} {error}", service=service) from error
    if response.is_success:
        return response
    try:
        problem = response.json()
    except ValueError:
        problem = {"code": "unavailable", "detail": f"the service {service} answered {response.status_code}"}
    if problem.get("code") == "unavailable":
        raise Unavailable(str(problem.get("detail")), service=service)
    raise RemoteFailure(problem)


def _answered(service: str, send: Callable[[], httpx.Response]) -> Any:
    return _responded(service, send).json()
