"""Persons and roles: who may hold what."""

from datetime import date
from typing import get_args

import pytest

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.identity import STATION_ROLES
from services.access.api import HANDLERS
from services.access.person import PersonRegistered, RegisterPerson
from services.access.role import (
    HANDLES_MONEY,
    AdministratorsHandleNoMoney,
    Grantee,
    GrantRole,
    OwnRoles,
    RevokeRole,
    RoleGranted,
    RoleName,
    RoleRevoked,
)
from tests.spec import Spec

DAY = date(2017, 1, 2)
spec = Spec(HANDLERS)
known = spec.knowing(Grantee(registered=True))


def granted(role: RoleName) -> RoleGranted:
    return RoleGranted(person_id="li", role=role, occurred_on=DAY)


def grant(role: RoleName, by: str = "operator") -> GrantRole:
    return GrantRole(person_id="li", role=role, by=by, occurred_on=DAY)


def revoke(role: RoleName, by: str = "operator") -> RevokeRole:
    return RevokeRole(person_id="li", role=role, by=by, occurred_on=DAY)


REGISTER = RegisterPerson(person_id="li", name="李某", occurred_on=DAY)
REGISTERED = PersonRegistered(person_id="li", name="李某", occurred_on=DAY)


def test_a_person_is_registered_once() -> None:
    spec.when(REGISTER).then(REGISTERED)
    spec.given(REGISTERED).when(REGISTER).then_nothing()


def test_a_registered_person_is_granted_a_role_once() -> None:
    known.when(grant("clerk")).then(granted("clerk"))
    known.given(granted("clerk")).when(grant("clerk")).then_nothing()


def test_nobody_unregistered_is_granted_a_role() -> None:
    spec.knowing(Grantee(registered=False)).when(grant("clerk")).then_refused(NotFound)


def test_a_role_is_revoked_once_and_may_be_granted_again() -> None:
    revoked = RoleRevoked(person_id="li", role="clerk", occurred_on=DAY)
    spec.given(granted("clerk")).when(revoke("clerk")).then(revoked)
    spec.given(granted("clerk"), revoked).when(revoke("clerk")).then_nothing()
    known.given(granted("clerk"), revoked).when(grant("clerk")).then(granted("clerk"))


def test_nobody_changes_their_own_roles() -> None:
    known.when(grant("cashier", by="li")).then_refused(OwnRoles)
    spec.given(granted("administrator")).when(revoke("administrator", by="li")).then_refused(OwnRoles)


@pytest.mark.parametrize("role", sorted(HANDLES_MONEY))
def test_an_administrator_is_granted_no_role_that_handles_money(role: RoleName) -> None:
    known.given(granted("administrator")).when(grant(role)).then_refused(AdministratorsHandleNoMoney)


@pytest.mark.parametrize("role", sorted(HANDLES_MONEY))
def test_who_handles_money_does_not_become_administrator(role: RoleName) -> None:
    known.given(granted(role)).when(grant("administrator")).then_refused(AdministratorsHandleNoMoney)
    elsewhere = spec.knowing(Grantee(registered=True, held_elsewhere=frozenset({role})))
    elsewhere.when(grant("administrator")).then_refused(AdministratorsHandleNoMoney)


def test_an_administrator_may_audit_and_who_handles_money_may_hold_a_second_such_role() -> None:
    known.given(granted("administrator")).when(grant("district_auditor")).then(granted("district_auditor"))
    known.given(granted("clerk")).when(grant("station_head")).then(granted("station_head"))


def test_the_roles_that_can_be_granted_are_those_of_people_at_a_station() -> None:
    assert set(get_args(RoleName)) == {str(role) for role in STATION_ROLES}
