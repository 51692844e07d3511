"""Signing in: by password, by single sign-on, or as a system; each try is recorded, guessing is slowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Conflict
from lastmile.kernel.domain.fields import Id, Text, Today
from services.access import slowing
from services.access.kinds import Address, Hash, Issuer, Password, Way
from services.access.moments import moved
from services.access.session import (
    Reason,
    Session,
    SessionEvent,
    SignedIn,
    SignInRefused,
    Unbegun,
    UnknownSignInRefused,
)
from services.access.slowing import NOTHING_WRONG, Wrong

LASTS = timedelta(hours=12)
SYSTEM_LASTS = timedelta(hours=1)


@command
class SignIn:
    """Begin a session with an account's name and password, from an address and a device."""

    session_id: Id
    token_hash: Hash
    account_name: Text
    password: Password
    address: Address
    device_hash: Hash | None = None
    today: Today


@command
class SignInBySubject:
    """Begin a session for whom an issuer, checked by the gateway, has signed in."""

    session_id: Id
    token_hash: Hash
    issuer: Issuer
    subject: Text
    address: Address
    device_hash: Hash | None = None
    today: Today


@command
class OpenSystemSession:
    """Begin a session of a registered system with the hash of its secret."""

    session_id: Id
    token_hash: Hash
    client_id: Id
    secret_hash: Hash
    address: Address
    today: Today


@dataclass(frozen=True)
class Tries:
    """Earlier wrong tries that slow the next one; times are newest first."""

    in_a_row: Wrong = NOTHING_WRONG
    for_the_account: Sequence[str] = ()
    from_the_address: Sequence[str] = ()
    device_known: bool = False

    def mind(self, now: str) -> None:
        """Raises SlowDown. Strangers' tries do not slow whoever comes from a device known for the account."""
        slowing.mind(now, slowing.until_after(self.in_a_row))
        if not self.device_known:
            slowing.mind(
                now,
                slowing.until_fewer(self.for_the_account, slowing.FOR_AN_ACCOUNT_PER_HOUR),
                slowing.until_fewer(self.from_the_address, slowing.FROM_AN_ADDRESS_PER_HOUR),
            )


@dataclass(frozen=True)
class Knock:
    """What is known of a try: whose it is (None: nobody's), what is wrong with it, and the tries before."""

    now: str
    person_id: str | None
    bucket: str
    wrong: Reason | None
    address_token: str
    tries: Tries = Tries()


def sign_in(command: SignIn, session: Session, knock: Knock) -> list[SessionEvent]:
    return _decided(command, "password", session, knock)


def sign_in_by_subject(command: SignInBySubject, session: Session, knock: Knock) -> list[SessionEvent]:
    return _decided(command, "single_sign_on", session, knock)


def open_system_session(command: OpenSystemSession, session: Session, knock: Knock) -> list[SessionEvent]:
    return _decided(command, "client_credentials", session, knock)


def _decided(
    command: SignIn | SignInBySubject | OpenSystemSession, way: Way, session: Session, knock: Knock
) -> list[SessionEvent]:
    if not isinstance(session, Unbegun):
        raise Conflict(f"a session {command.session_id} was begun before", session_id=command.session_id)
    knock.tries.mind(knock.now)
    device_hash = None if isinstance(command, OpenSystemSession) else command.device_hash
    if knock.person_id is None:
        return [
            UnknownSignInRefused(
                session_id=command.session_id,
                way=way,
                bucket=knock.bucket,
                address_token=knock.address_token,
                at=knock.now,
                occurred_on=command.today,
            )
        ]
    if knock.wrong:
        return [
            SignInRefused(
                session_id=command.session_id,
                person_id=knock.person_id,
                way=way,
                reason=knock.wrong,
                device_hash=device_hash,
                address=command.address,
                address_token=knock.address_token,
                at=knock.now,
                occurred_on=command.today,
            )
        ]
    return [
        SignedIn(
            session_id=command.session_id,
            person_id=knock.person_id,
            way=way,
            token_hash=command.token_hash,
            device_hash=device_hash,
            address=command.address,
            address_token=knock.address_token,
            at=knock.now,
            ends_at=moved(knock.now, SYSTEM_LASTS if way == "client_credentials" else LASTS),
            occurred_on=command.today,
        )
    ]
