"""What is found out before a command's transaction: hashes and checks of passwords and codes, keyed hashes, now."""

import unicodedata
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import Connection, Row

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.store.execution import WorkPlace
from services.access import codes, passwords
from services.access.account import OpenAccount
from services.access.moments import instant
from services.access.password_change import ChangePassword, ResetAccount
from services.access.second_factor import EnrolSecondFactor, GiveSecondFactor
from services.access.sign_in import OpenSystemSession, SignIn, SignInBySubject, Tries
from services.access.subject import LinkSubject, UnlinkSubject
from services.access.unsealing import unsealed
from services.access.views import accounts, sessions, sign_ins

BUCKET_DIGITS = 4
"""So little of a name's keyed hash slows guessing at names that are nobody's, and tells nothing of what was typed."""


def name_token(place: WorkPlace, account_name: str) -> str:
    """The keyed hash by which an account is found, however its name was typed."""
    plain = unicodedata.normalize("NFKC", account_name).strip().casefold()
    return place.keystore.master.blind("account name", f"{place.station}/{plain}")


def subject_token(place: WorkPlace, issuer: str, subject: str) -> str:
    return place.keystore.master.blind("subject", f"{issuer}\n{subject}")


def address_token(place: WorkPlace, address: str) -> str:
    """Whoever has one address of IPv6 has the whole network of 64 bits: it counts as one."""
    try:
        known = ip_address(address)
    except ValueError:
        return place.keystore.master.blind("address", address)[:32]
    near = known if known.version == 4 else ip_network((known, 64), strict=False)
    return place.keystore.master.blind("address", str(near))[:32]


def moments(place: WorkPlace, commands: list[Any]) -> list[str]:
    return [instant(place.clock())] * len(commands)


@dataclass(frozen=True)
class Try:
    """A try to sign in, looked at: under which keyed hash, from where, and whether the password is right."""

    now: str
    token: str
    address_token: str
    right: bool = False
    password_position: int = 0
    slowed: Tries | None = None
    """The tries for whose sake the password was not looked at."""


def by_password(place: WorkPlace, commands: list[SignIn]) -> list[Try]:
    return [_password_tried(place, command) for command in commands]


def _password_tried(place: WorkPlace, command: SignIn) -> Try:
    now, token = instant(place.clock()), name_token(place, command.account_name)
    address = address_token(place, command.address)
    with place.database.read() as connection:
        account = accounts.named(connection, place.station, token)
        who = whose(account, token)
        tries = sign_ins.tries(connection, place.station, who, address, command.device_hash, now)
        if _slowed(tries, now):
            return Try(now, token, address, slowed=tries)
        kept = account and _password_hash(place, connection, account)
    right = passwords.fits(place, kept or None, command.password)
    return Try(now, token, address, right, account.password_position if account else 0)


def whose(account: Row[Any] | None, token: str) -> tuple[str, str]:
    """The person of the account, or the bucket of a name that is nobody's."""
    return (account.person_id, "") if account else ("", token[:BUCKET_DIGITS])


def _slowed(tries: Tries, now: str) -> bool:
    try:
        tries.mind(now)
    except Failure:
        return True
    return False


def by_subject(place: WorkPlace, commands: list[SignInBySubject]) -> list[Try]:
    now = instant(place.clock())
    return [
        Try(now, subject_token(place, c.issuer, c.subject), address_token(place, c.address), right=True)
        for c in commands
    ]


def by_secret(place: WorkPlace, commands: list[OpenSystemSession]) -> list[Try]:
    """A secret of 32 random bytes is not guessed: its hash is compared under the lock."""
    now = instant(place.clock())
    tokens = [place.keystore.master.blind("client", command.client_id) for command in commands]
    return [
        Try(now, token, address_token(place, command.address)) for token, command in zip(tokens, commands, strict=True)
    ]


@dataclass(frozen=True)
class Made:
    """A password's hash, made; for one's own account also now and whether the old password is right."""

    password_hash: str
    account_name: str = ""
    name_token: str = ""
    now: str = ""
    right: bool = False


def opened(place: WorkPlace, commands: list[OpenAccount]) -> list[Made]:
    return [
        Made(
            passwords.hashed(place, command.first_password),
            account_name=command.account_name,
            name_token=name_token(place, command.account_name),
        )
        for command in commands
    ]


def changed(place: WorkPlace, commands: list[ChangePassword]) -> list[Made]:
    return [_changed(place, command) for command in commands]


def _changed(place: WorkPlace, command: ChangePassword) -> Made:
    now = instant(place.clock())
    with place.database.read() as connection:
        account = accounts.account_of(connection, command.by)
        kept = account and _password_hash(place, connection, account)
        name = account and _account_name(place, connection, account)
    right = passwords.fits(place, kept or None, command.old)
    return Made(passwords.hashed(place, command.new), account_name=name or "", now=now, right=right)


def reset(place: WorkPlace, commands: list[ResetAccount]) -> list[Made]:
    made = []
    for command in commands:
        with place.database.read() as connection:
            account = accounts.account_of(connection, command.person_id)
            name = account and _account_name(place, connection, account)
        made.append(Made(passwords.hashed(place, command.first_password), account_name=name or ""))
    return made


def _password_hash(place: WorkPlace, connection: Connection, account: Row[Any]) -> str | None:
    at = (account.station, account.password_position)
    return unsealed(connection, place.keystore, at, "password_hash", "credentials")


def _account_name(place: WorkPlace, connection: Connection, account: Row[Any]) -> str | None:
    return unsealed(connection, place.keystore, (account.station, account.name_position), "account_name", "identity")


def enrolled(place: WorkPlace, commands: list[EnrolSecondFactor]) -> list[int | None]:
    return [codes.step_of(command.secret, command.code, place.clock()) for command in commands]


@dataclass(frozen=True)
class Code:
    """A code that was given: of which time step, by which secret; None where it is wrong or none is enrolled."""

    now: str
    step: int | None = None
    factor_position: int | None = None


def given(place: WorkPlace, commands: list[GiveSecondFactor]) -> list[Code]:
    return [_given(place, command) for command in commands]


def _given(place: WorkPlace, command: GiveSecondFactor) -> Code:
    moment = place.clock()
    with place.database.read() as connection:
        session = sessions.by_id(connection, command.session_id)
        position = accounts.factor_position(connection, session.person_id) if session else None
        if session is None or position is None:
            return Code(instant(moment))
        secret = unsealed(connection, place.keystore, (session.station, position), "secret", "credentials")
    step = codes.step_of(secret, command.code, moment) if secret else None
    return Code(instant(moment), step, position)


def subjects_of(place: WorkPlace, commands: list[LinkSubject | UnlinkSubject]) -> list[str]:
    return [subject_token(place, command.issuer, command.subject) for command in commands]
