"""How pages reach the services: as the person who is signed in, at the station that the address names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import g

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.wire.calls import Outcome, RemoteFailure, Row
from services.gateway.console.showing import STATION_TIME
from services.gateway.parts import gateway
from services.gateway.session import current

NAMES_AT_ONCE = 500


def ask(service: str, question: str, **parameters: Any) -> Any:
    """The answer to a question; parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return gateway().calls.ask(service, g.station, question, given, current().identity)


def tell(
    service: str,
    command: str,
    body: Mapping[str, Any],
    command_id: str,
    expected_version: int | None = None,
    station: str | None = None,
) -> dict[str, Any]:
    """Give a command and answer what the service answered. Raises a Failure where it did not do it."""
    at, rows = station or g.station, [(command_id, body)]
    (outcome,) = gateway().calls.tell(service, at, command, rows, current().identity, expected_version=expected_version)
    if outcome["status"] == "failed":
        raise RemoteFailure(outcome["problem"])
    answer: dict[str, Any] = outcome["answer"]
    return answer


def tell_rows(service: str, command: str, rows: Sequence[Row]) -> list[Outcome]:
    """Give the same command with many bodies; an outcome each."""
    return gateway().calls.tell(service, g.station, command, rows, current().identity)


def may(service: str, asked: str) -> bool:
    """Whether the role that is chosen may ask this at the station at hand: what may not be asked is not offered."""
    offered = gateway().catalogue.services.get(service)
    return offered is not None and current().may(asked, g.station, offered.permissions)


def code_of(failure: Failure) -> str:
    """The stable code of a failure, whichever way it came."""
    return str(failure.as_problem().get("code", failure.code))


def names(person_ids: Iterable[str]) -> Mapping[str, str]:
    """The names of people who work with the station, by their id; an id without a name stands for itself."""
    known: dict[str, str] = g.setdefault("names", {})
    asked = sorted({person_id for person_id in person_ids if person_id} - known.keys())
    if asked:
        known |= {person_id: person_id for person_id in asked}
        for start in range(0, len(asked), NAMES_AT_ONCE):
            try:
                known |= ask("access", "names", person_ids=asked[start : start + NAMES_AT_ONCE])["names"]
            except Failure:
                break  # Who may not ask for names sees ids.
    return known


def now() -> datetime:
    """This instant by the clock of the home."""
    return gateway().clock()


def station_date() -> date:
    """The date at the station."""
    return now().astimezone(STATION_TIME).date()
