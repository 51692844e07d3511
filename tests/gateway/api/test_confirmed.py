"""What needs a second factor given lately: for these orders, at every role that may ask them, and for no others."""

from typing import Any

import pytest
from flask import Flask

from lastmile.composition import definition_of
from lastmile.embedded import Embedded
from lastmile.kernel.domain.failures import ConfirmationNeeded, Failure, Invalid
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from lastmile.settings import SERVICES
from tests.gateway.api.conftest import STATION
from tests.gateway.api.matrix import Asked
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.gateway.api.test_permissions import EVERYTHING

NEEDS_CONFIRMATION = (
    ("access", "RemoveSecondFactor"),
    ("relief", "ApproveApplication"),
    ("relief", "ApproveConsolationList"),
    ("relief", "ReleasePayment"),
)
LONG_AGO = "2017-01-01T00:00:00Z"
UNKNOWN = {"unheard_of": True}
"""A body that no order knows: once the second factor was minded, this is what is wrong."""
WAYS = [asked for asked in EVERYTHING if (asked.service, asked.name) in NEEDS_CONFIRMATION]
needs_confirmation = pytest.mark.parametrize(("service", "name"), NEEDS_CONFIRMATION)


def test_these_orders_and_no_others_need_a_second_factor() -> None:
    declared = {(service, name) for service in SERVICES for name in definition_of(service).confirmed}
    assert declared == set(NEEDS_CONFIRMATION)


@needs_confirmation
@pytest.mark.parametrize("confirmed_until", ["", LONG_AGO])
def test_without_a_second_factor_given_lately_the_service_asks_for_one(
    home: Embedded, service: str, name: str, confirmed_until: str
) -> None:
    assert {asked_for(home, service, name, role, confirmed_until) for role in roles(service, name)} == {True}


@needs_confirmation
def test_with_a_second_factor_given_lately_it_asks_for_none(home: Embedded, service: str, name: str) -> None:
    assert {asked_for(home, service, name, role, FOR_EVER) for role in roles(service, name)} == {False}


@needs_confirmation
def test_a_service_that_asks_for_no_second_factor_is_found(
    home: Embedded, monkeypatch: pytest.MonkeyPatch, service: str, name: str
) -> None:
    monkeypatch.setattr(home.services[service].executor, "confirmed", frozenset())
    assert {asked_for(home, service, name, role, "") for role in roles(service, name)} == {False}


@pytest.mark.parametrize("asked", WAYS, ids=lambda asked: asked.path.rpartition(":")[2])
def test_over_rest_too_singly_and_in_a_batch(app: Flask, access: StandInAccess, asked: Asked) -> None:
    for role in roles(asked.service, asked.name):
        assert code(app, access, asked, role, "") == ConfirmationNeeded.code
        assert code(app, access, asked, role, LONG_AGO) == ConfirmationNeeded.code
        assert code(app, access, asked, role, FOR_EVER) == Invalid.code


def roles(service: str, name: str) -> list[Role]:
    found = list(definition_of(service).permissions[name])
    assert found
    return found


def asked_for(home: Embedded, service: str, name: str, role: Role, confirmed_until: str) -> bool:
    """Whether an order is refused for want of a second factor, rather than for its body."""
    identity = Identity("someone", role, STATION, FOR_EVER, confirmed_until=confirmed_until)
    order = Order(command_id="confirmed", station=STATION, name=name, body=UNKNOWN, identity=identity)
    with pytest.raises(Failure) as refused:
        home.services[service].command(order)
    assert isinstance(refused.value, ConfirmationNeeded | Invalid)
    return isinstance(refused.value, ConfirmationNeeded)


def code(app: Flask, access: StandInAccess, asked: Asked, role: Role, confirmed_until: str) -> str:
    """What the answer says is wrong."""
    who = access.let_in("confirmed", role, STATION, confirmed_until=confirmed_until)
    body: Any = {"rows": [{"command_id": "confirmed", "body": UNKNOWN}]} if asked.batch else UNKNOWN
    headers = {**who, "Idempotency-Key": "confirmed"}
    answer = app.test_client().post(asked.at(STATION), json=body, headers=headers).get_json()
    if asked.batch:
        answer = answer["outcomes"][0]["problem"]
    return str(answer["code"])
