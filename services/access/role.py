"""The roles that a person holds at the station: granted, revoked. Who administers handles no money."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Invalid, NotFound, Refused
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
    """A person was given a role at the station; a community chair, for one community."""

    person_id: Id
    role: RoleName
    community: Id | None = None
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
    """The roles that the person holds at this station, and the community of a community chair."""

    held: frozenset[str] = frozenset()
    community: str | None = None


def evolve(roles: Roles, event: RoleEvent) -> Roles:
    match event:
        case RoleGranted():
            return Roles(roles.held | {event.role}, event.community or roles.community)
        case RoleRevoked():
            return Roles(roles.held - {event.role}, None if event.role == "community_chair" else roles.community)
        case _:
            assert_never(event)


@command
class GrantRole:
    """Give a registered person a role at the station; `community` for a community chair alone."""

    person_id: Id
    role: RoleName
    community: Id | None = None
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
    """Who grants roles may not hold one that handles money, at any station, nor stand in for one."""


class AnotherCommunity(Refused):
    """A person chairs one community at a time: revoke the role first."""


class SystemsAreRegistered(Refused):
    """A city's system is registered with a secret of its own; no person holds its role."""


@dataclass(frozen=True)
class Grantee:
    """Whether the person is registered here, and what else is held: at other stations, and standing in."""

    registered: bool
    held_elsewhere: frozenset[str] = frozenset()


def grant_role(command: GrantRole, roles: Roles, grantee: Grantee) -> list[RoleEvent]:
    _fits_its_community(command)
    if command.role in roles.held and (command.role != "community_chair" or command.community == roles.community):
        return []
    _not_ones_own(command)
    if not grantee.registered:
        raise NotFound(f"no person {command.person_id} is registered here", person_id=command.person_id)
    if command.role == "city_system":
        raise SystemsAreRegistered
    if command.role in roles.held:
        raise AnotherCommunity(f"{command.person_id} chairs {roles.community}", person_id=command.person_id)
    no_money_for_administrators(command.person_id, command.role, roles.held | grantee.held_elsewhere)
    return [
        RoleGranted(
            person_id=command.person_id,
            role=command.role,
            community=command.community,
            occurred_on=command.occurred_on,
        )
    ]


def no_money_for_administrators(person_id: str, role: str, held: frozenset[str]) -> None:
    """Raises AdministratorsHandleNoMoney where the role does not go with those held."""
    excluded = HANDLES_MONEY if role == "administrator" else frozenset({"administrator"})
    if role in HANDLES_MONEY | {"administrator"} and held & excluded:
        raise AdministratorsHandleNoMoney(
            f"{person_id} is {', '.join(sorted(held & excluded))} and so cannot be {role}", person_id=person_id
        )


def revoke_role(command: RevokeRole, roles: Roles) -> list[RoleEvent]:
    if command.role not in roles.held:
        return []
    _not_ones_own(command)
    return [RoleRevoked(person_id=command.person_id, role=command.role, occurred_on=command.occurred_on)]


def _fits_its_community(command: GrantRole) -> None:
    if (command.role == "community_chair") != (command.community is not None):
        raise Invalid({"community": ["Needed for the chair of a community, and for nobody else."]})


def _not_ones_own(command: GrantRole | RevokeRole) -> None:
    if command.by == command.person_id:
        raise OwnRoles(f"{command.by} may not change their own roles", person_id=command.person_id)


role = Aggregate("role", Roles(), evolve, RoleEvent)
