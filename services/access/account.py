"""A person's account: opened with a first password that must be changed, changed, reset on recovery, closed."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Invalid, NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Id, Sealed, Text, Today
from services.access import slowing
from services.access.kinds import AccountName, Password
from services.access.password_rule import what_is_wrong
from services.access.slowing import NOTHING_WRONG, Wrong

# These shapes are kept for ever.


@event()
class AccountOpened:
    """A person may sign in, under this name, with a first password that must be changed."""

    person_id: Id
    account_name: Annotated[str, Sealed("identity")]
    name_token: str
    password_hash: Annotated[str, Sealed("credentials")]
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
class ChangePassword:
    """Choose another password for oneself; `session_id` is the one session that goes on."""

    old: Password
    new: Password
    session_id: Id | None = None
    by: Actor
    today: Today


@command
class ResetAccount:
    """Give a person who cannot sign in a new first password, on a ground that is recorded."""

    person_id: Id
    first_password: Password
    ground: Text
    by: Actor
    today: Today


@command
class CloseAccount:
    """Let a person no longer sign in."""

    person_id: Id
    ground: Text
    today: Today


class AccountNameTaken(Refused):
    """Another person of the station signs in under this name."""


class OneAccountAPerson(Refused):
    """The person has an account at another station."""


class AccountIsClosed(Refused):
    """The account was closed: open it again first."""


class OwnAccount(Refused):
    """Nobody resets their own account: change the password instead."""


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
    _acceptable("first_password", command.first_password, command.account_name)
    return [
        AccountOpened(
            person_id=command.person_id,
            account_name=command.account_name,
            name_token=opening.name_token,
            password_hash=opening.password_hash,
            occurred_on=command.today,
        )
    ]


@dataclass(frozen=True)
class Changing:
    """What is known before a password changes: the name, the new one's hash; where it is one's own, more."""

    account_name: str
    password_hash: str
    now: str = ""
    right: bool = False
    """Whether the old password is right."""

    keeps: bool = False
    """Whether the session that is to go on is the person's own and lives."""


def change_password(command: ChangePassword, account: Account, changing: Changing) -> list[AccountEvent]:
    match account:
        case Unopened():
            raise NotFound("you have no account at this station")
        case Closed():
            raise AccountIsClosed
        case Open(wrong=wrong):
            slowing.mind(changing.now, slowing.until_after(wrong))
            _acceptable("new", command.new, changing.account_name)
            if command.new == command.old:
                raise Invalid({"new": ["Needed: another password than the old one."]})
            if not changing.right:
                return [PasswordChangeRefused(person_id=command.by, at=changing.now, occurred_on=command.today)]
            return [
                PasswordChanged(
                    person_id=command.by,
                    password_hash=changing.password_hash,
                    kept_session=command.session_id if changing.keeps else None,
                    occurred_on=command.today,
                )
            ]
        case _:
            assert_never(account)


def reset_account(command: ResetAccount, account: Account, changing: Changing) -> list[AccountEvent]:
    if command.by == command.person_id:
        raise OwnAccount
    match account:
        case Unopened():
            raise NotFound(f"{command.person_id} has no account here", person_id=command.person_id)
        case Closed():
            raise AccountIsClosed(person_id=command.person_id)
        case Open():
            _acceptable("first_password", command.first_password, changing.account_name)
            return [
                AccountReset(
                    person_id=command.person_id,
                    password_hash=changing.password_hash,
                    ground=command.ground,
                    occurred_on=command.today,
                )
            ]
        case _:
            assert_never(account)


def close_account(command: CloseAccount, account: Account) -> list[AccountEvent]:
    match account:
        case Unopened() | Closed():
            return []
        case Open():
            return [AccountClosed(person_id=command.person_id, ground=command.ground, occurred_on=command.today)]
        case _:
            assert_never(account)


def _acceptable(field: str, password: str, account_name: str) -> None:
    wrong = what_is_wrong(password, account_name)
    if wrong:
        raise Invalid({field: [wrong]})


account = Aggregate(
    "account",
    Unopened(),
    evolve,
    (AccountOpened, PasswordChanged, PasswordChangeRefused, AccountReset, AccountClosed),
)
