"""The roles that a person holds at the station: granted, revoked. Who administers handles no money."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Id

RoleName = Literal[
    "clerk",
    "station_head",
    "chair",
    "vice_chair",
    "accountant",
    "cashier",
    "community_chair",
    "district_office",
    "district_auditor",
    "administrator",
    "city_system",
]
HANDLES_MONEY = frozenset({"clerk", "station_head", "chair", "vice_chair", "accountant", "cashier"})

# These shapes are kept for ever.


@event()
class RoleGranted:
    """A person was given a role at the station."""

    person_id: Id
    role: RoleName
    occurred_on: date


@event()
class RoleRevoked:
    """A role was taken from a person."""

    person_id: Id
    role: RoleName
    occurred_on: date


RoleEvent = RoleGranted | RoleRevoked


@dataclass(frozen=True)
class Roles:
    """The roles that the person holds at this station."""

    held: frozenset[str] = frozenset()


def evolve(roles: Roles, event: RoleEvent) -> Roles:
    match event:
        case RoleGranted():
            return Roles(roles.held | {event.role})
        case RoleRevoked():
            return Roles(roles.held - {event.role})
        case _:
            assert_never(event)


@command
class GrantRole:
    """Give a registered person a role at the station."""

    person_id: Id
    role: RoleName
    by: Actor
    occurred_on: date


@command
class RevokeRole:
    """Take a role from a person."""

    person_id: Id
    role: RoleName
    by: Actor
    occurred_on: date


class OwnRoles(Refused):
    """Nobody gives themselves a role, or takes one from themselves."""


class AdministratorsHandleNoMoney(Refused):
    """Who grants roles may not hold one that handles money, at any station."""


@dataclass(frozen=True)
class Grantee:
    """Whether the person is registered here, and the roles held at other stations."""

    registered: bool
    held_elsewhere: frozenset[str] = frozenset()


def grant_role(command: GrantRole, roles: Roles, grantee: Grantee) -> list[RoleEvent]:
    if command.role in roles.held:
        return []
    _not_ones_own(command)
    if not grantee.registered:
        raise NotFound(f"no person {command.person_id} is registered here", person_id=command.person_id)
    held = roles.held | grantee.held_elsewhere
    excluded = HANDLES_MONEY if command.role == "administrator" else frozenset({"administrator"})
    if command.role in HANDLES_MONEY | {"administrator"} and held & excluded:
        raise AdministratorsHandleNoMoney(
            f"{command.person_id} is {', '.join(sorted(held & excluded))} and so cannot be {command.role}",
            person_id=command.person_id,
        )
    return [RoleGranted(person_id=command.person_id, role=command.role, occurred_on=command.occurred_on)]


def revoke_role(command: RevokeRole, roles: Roles) -> list[RoleEvent]:
    if command.role not in roles.held:
        return []
    _not_ones_own(command)
    return [RoleRevoked(person_id=command.person_id, role=command.role, occurred_on=command.occurred_on)]


def _not_ones_own(command: GrantRole | RevokeRole) -> None:
    if command.by == command.person_id:
        raise OwnRoles(f"{command.by} may not change their own roles", person_id=command.person_id)


role = Aggregate("role", Roles(), evolve, (RoleGranted, RoleRevoked))
