"""A city's system: registered with the hash of its secret and what it may do, given another secret, withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from marshmallow import ValidationError

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Conflict, NotFound, Refused
from lastmile.kernel.domain.fields import ClearText, Id, Text, Today
from services.access.kinds import Hash

SCOPES = (
    *(f"{service}.{right}" for service in ("membership", "activities", "relief") for right in ("read", "write")),
    "reporting.read",
    "logs.read",
)
"""What systems may be let do: read and write in each service, read reports, read whole logs."""


def known_scopes(scopes: str) -> None:
    unknown = sorted(set(scopes.split()) - set(SCOPES))
    if unknown or not scopes.split():
        raise ValidationError(f"Needed: some of {' '.join(SCOPES)}, with blanks between.")


Scopes = Annotated[str, known_scopes]

# These shapes are kept for ever.


@event()
class SystemRegistered:
    """A system may sign in with a secret of 32 random bytes, of which the SHA-256 is kept, within these scopes."""

    client_id: Id
    name: Text
    secret_hash: str
    scopes: str
    occurred_on: date


@event()
class SystemSecretReplaced:
    """The system was given another secret; its sessions ended."""

    client_id: Id
    secret_hash: str
    occurred_on: date


@event()
class SystemWithdrawn:
    """The system may sign in no more; its sessions ended."""

    client_id: Id
    occurred_on: date


SystemEvent = SystemRegistered | SystemSecretReplaced | SystemWithdrawn


@dataclass(frozen=True)
class Unknown:
    """Never registered."""


@dataclass(frozen=True)
class Registered:
    """May sign in."""

    name: str
    secret_hash: str
    scopes: str


@dataclass(frozen=True)
class Withdrawn:
    """May sign in no more."""


System = Unknown | Registered | Withdrawn


def evolve(system: System, event: SystemEvent) -> System:
    match event:
        case SystemRegistered():
            return Registered(event.name, event.secret_hash, event.scopes)
        case SystemSecretReplaced():
            return (
                Registered(system.name, event.secret_hash, system.scopes) if isinstance(system, Registered) else system
            )
        case SystemWithdrawn():
            return Withdrawn()
        case _:
            assert_never(event)


@command
class RegisterSystem:
    """Let a city's system sign in within scopes."""

    client_id: Id
    name: ClearText
    secret_hash: Hash
    scopes: Scopes
    today: Today


@command
class ReplaceSystemSecret:
    """Give a system another secret; what it had open ends."""

    client_id: Id
    secret_hash: Hash
    today: Today


@command
class WithdrawSystem:
    """Let a system sign in no more."""

    client_id: Id
    today: Today


class SystemIsWithdrawn(Refused):
    """The system was withdrawn: register one under another id."""


class ClientIdTaken(Refused):
    """A person, or a system of another station, has this id."""


def register_system(command: RegisterSystem, system: System, taken: bool) -> list[SystemEvent]:
    match system:
        case Unknown():
            if taken:
                raise ClientIdTaken(client_id=command.client_id)
            return [
                SystemRegistered(
                    client_id=command.client_id,
                    name=command.name,
                    secret_hash=command.secret_hash,
                    scopes=" ".join(sorted(set(command.scopes.split()))),
                    occurred_on=command.today,
                )
            ]
        case Registered(name, secret_hash, _):
            if (name, secret_hash) == (command.name, command.secret_hash):
                return []
            raise Conflict(f"a system {command.client_id} is registered", client_id=command.client_id)
        case Withdrawn():
            raise SystemIsWithdrawn(client_id=command.client_id)
        case _:
            assert_never(system)


def replace_system_secret(command: ReplaceSystemSecret, system: System) -> list[SystemEvent]:
    match system:
        case Unknown():
            raise NotFound(f"no system {command.client_id} is registered here", client_id=command.client_id)
        case Withdrawn():
            raise SystemIsWithdrawn(client_id=command.client_id)
        case Registered(secret_hash=secret_hash):
            if secret_hash == command.secret_hash:
                return []
            return [
                SystemSecretReplaced(
                    client_id=command.client_id, secret_hash=command.secret_hash, occurred_on=command.today
                )
            ]
        case _:
            assert_never(system)


def withdraw_system(command: WithdrawSystem, system: System) -> list[SystemEvent]:
    if not isinstance(system, Registered):
        return []
    return [SystemWithdrawn(client_id=command.client_id, occurred_on=command.today)]


system = Aggregate("system", Unknown(), evolve, SystemEvent)
