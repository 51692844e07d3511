"""Signed identities: only for a role held now, at that station, and for twelve hours."""

from datetime import timedelta
from typing import Any

import pytest

from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound, Unauthenticated
from lastmile.kernel.domain.identity import Identity, Role, read_identity
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.service import Service
from services.access.api import ACCESS
from services.access.role import AdministratorsHandleNoMoney
from tests.access.clock import NOW

HERE, THERE = "110102017", "110102018"
OPERATOR = Identity("operator", Role.OPERATOR, HERE, "9999-12-31T00:00:00Z")


def tell(access: Service, asked: str, station: str = HERE, by: Identity = OPERATOR, **body: Any) -> None:
    body = {"occurred_on": "2017-01-02", **body}
    key = ascii(f"{asked}:{station}:{sorted(body.items())}")
    access.command(Order(command_id=key[:160], station=station, name=asked, body=body, identity=by))


def token(access: Service, role: str, station: str = HERE) -> str:
    answer = access.ask("identity", OPERATOR, station, {"person_id": "li", "role": role})
    signed: str = answer["token"]
    return signed


@pytest.fixture(autouse=True)
def li_is_clerk_here(access: Service) -> None:
    tell(access, "RegisterPerson", person_id="li", name="李某")
    tell(access, "GrantRole", person_id="li", role="clerk")


def test_an_identity_names_person_role_and_station_for_twelve_hours(access: Service) -> None:
    assert access.resources.identity_key
    key = access.resources.identity_key.public_key()
    signed = token(access, "clerk")
    expected = Identity("li", Role.CLERK, HERE, "2017-06-01T14:00:00Z")
    assert read_identity(signed, key, NOW + timedelta(hours=12, seconds=-1)) == expected
    with pytest.raises(Unauthenticated):
        read_identity(signed, key, NOW + timedelta(hours=12))


def test_no_identity_for_a_role_not_held_or_held_elsewhere_or_revoked(access: Service) -> None:
    with pytest.raises(NotFound):
        token(access, "cashier")
    with pytest.raises(NotFound):
        token(access, "clerk", THERE)
    tell(access, "RevokeRole", person_id="li", role="clerk")
    with pytest.raises(NotFound):
        token(access, "clerk")


def test_nobody_is_given_the_operators_identity(access: Service) -> None:
    with pytest.raises(Invalid):
        token(access, "operator")


def test_only_the_operator_asks_for_identities(access: Service) -> None:
    administrator = Identity("wang", Role.ADMINISTRATOR, HERE, "9999-12-31T00:00:00Z")
    with pytest.raises(Forbidden):
        access.ask("identity", administrator, HERE, {"person_id": "li", "role": "clerk"})


def test_an_administrator_grants_at_the_own_station_alone(access: Service) -> None:
    administrator = Identity("wang", Role.ADMINISTRATOR, HERE, "9999-12-31T00:00:00Z")
    tell(access, "GrantRole", by=administrator, person_id="li", role="cashier")
    with pytest.raises(Forbidden):
        tell(access, "RegisterPerson", THERE, by=administrator, person_id="zhao", name="赵某")


def test_who_handles_money_at_one_station_administers_no_other(access: Service) -> None:
    tell(access, "RegisterPerson", THERE, person_id="li", name="李某")
    with pytest.raises(AdministratorsHandleNoMoney):
        tell(access, "GrantRole", THERE, person_id="li", role="administrator")


def test_every_command_and_question_has_a_row_of_permissions() -> None:
    asked = {*ACCESS.handlers.by_name, *(query.name for query in ACCESS.queries)}
    assert set(ACCESS.permissions) == asked
