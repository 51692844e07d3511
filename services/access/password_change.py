"""Changing an account's password: by the person, who knows the old one, or set anew on recovery by somebody else."""

from dataclasses import dataclass
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Invalid, NotFound, Refused
from lastmile.kernel.domain.fields import Actor, ClearText, Id, Today
from services.access import slowing
from services.access.account import (
    Account,
    AccountEvent,
    AccountIsClosed,
    AccountReset,
    Closed,
    Open,
    PasswordChanged,
    PasswordChangeRefused,
    Unopened,
)
from services.access.kinds import Password
from services.access.password_rule import acceptable


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
    ground: ClearText
    by: Actor
    today: Today


class OwnAccount(Refused):
    """Nobody resets their own account: change the password instead."""


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
            acceptable("new", command.new, changing.account_name)
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
            acceptable("first_password", command.first_password, changing.account_name)
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
