"""A person's account: what can have happened to it; opened with a first password that must be changed, closed.

How its password changes, by the person or on recovery, stands in `password_change.py`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import ClearText, Id, Sealed, Text, Today
from services.access.kinds import AccountName, Password
from services.access.password_rule import acceptable
from services.access.slowing import NOTHING_WRONG, Wrong

# These shapes are kept for ever.


@event()
class AccountOpened:
    """A person may sign in, under this name, with a first password that must be changed."""

    person_id: Id
    account_name: Annotated[str, Sealed("identity")]
    name_token: str
    password_hash: Annotated[str, Sealed("credentials")]
    again: bool | None = None
    """Whether it had been closed: whoever opens it again gives a new way into it."""

    occurred_on: date


@event()
class PasswordChanged:
    """The person chose another password; every session but the kept one ended."""

    person_id: Id
    password_hash: Annotated[str, Sealed("credentials")]
    kept_session: Id | None = None
    occurred_on: date


@event()
class PasswordChangeRefused:
    """Someone signed in as the person did not know the old password."""

    person_id: Id
    at: str
    occurred_on: date


@event()
class AccountReset:
    """The account was given a new first password on this ground; every session ended."""

    person_id: Id
    password_hash: Annotated[str, Sealed("credentials")]
    ground: Text
    occurred_on: date


@event()
class AccountClosed:
    """The person may no longer sign in; every session ended."""

    person_id: Id
    ground: Text
    occurred_on: date


AccountEvent = AccountOpened | PasswordChanged | PasswordChangeRefused | AccountReset | AccountClosed


@dataclass(frozen=True)
class Unopened:
    """There is no account."""


@dataclass(frozen=True)
class Open:
    """The person may sign in."""

    wrong: Wrong = NOTHING_WRONG


@dataclass(frozen=True)
class Closed:
    """The person may no longer sign in."""


Account = Unopened | Open | Closed


def evolve(account: Account, event: AccountEvent) -> Account:
    match event:
        case AccountOpened() | PasswordChanged() | AccountReset():
            return Open()
        case PasswordChangeRefused():
            before = account.wrong.count if isinstance(account, Open) else 0
            return Open(Wrong(before + 1, event.at))
        case AccountClosed():
            return Closed()
        case _:
            assert_never(event)


@command
class OpenAccount:
    """Let a registered person sign in under a name with a first password."""

    person_id: Id
    account_name: AccountName
    first_password: Password
    today: Today


@command
class CloseAccount:
    """Let a person no longer sign in."""

    person_id: Id
    ground: ClearText
    today: Today


class AccountNameTaken(Refused):
    """Another person of the station signs in under this name."""


class OneAccountAPerson(Refused):
    """The person has an account at another station."""


class AccountIsClosed(Refused):
    """The account was closed: open it again first."""


@dataclass(frozen=True)
class Opening:
    """What is known before an account opens: who may have one, and the password's hash."""

    registered: bool
    elsewhere: bool
    name_taken: bool
    name_token: str
    password_hash: str


def open_account(command: OpenAccount, account: Account, opening: Opening) -> list[AccountEvent]:
    if isinstance(account, Open):
        return []
    if not opening.registered:
        raise NotFound(f"no person {command.person_id} is registered here", person_id=command.person_id)
    if opening.elsewhere:
        raise OneAccountAPerson(person_id=command.person_id)
    if opening.name_taken:
        raise AccountNameTaken
    acceptable("first_password", command.first_password, command.account_name)
    return [
        AccountOpened(
            person_id=command.person_id,
            account_name=command.account_name,
            name_token=opening.name_token,
            password_hash=opening.password_hash,
            again=isinstance(account, Closed) or None,
            occurred_on=command.today,
        )
    ]


def close_account(command: CloseAccount, account: Account) -> list[AccountEvent]:
    match account:
        case Unopened() | Closed():
            return []
        case Open():
            return [AccountClosed(person_id=command.person_id, ground=command.ground, occurred_on=command.today)]
        case _:
            assert_never(account)


account = Aggregate("account", Unopened(), evolve, AccountEvent)
