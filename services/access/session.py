"""A session: how it began or was refused, second factors given in it, its use, its end."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Forbidden, NotFound
from lastmile.kernel.domain.fields import Actor, Id, Sealed, Today
from services.access.kinds import Way
from services.access.moments import moved
from services.access.slowing import NOTHING_WRONG, Wrong

USE_NOTED_EVERY = timedelta(minutes=10)
IDLE = timedelta(minutes=30)

Reason = Literal["wrong_password", "wrong_secret", "account_closed", "system_withdrawn"]

# These shapes are kept for ever.


@event()
class SignedIn:
    """A person, or a system, began a session. Of its token and of the device only hashes are kept."""

    session_id: Id
    person_id: Id
    way: Way
    token_hash: str
    device_hash: str | None = None
    address: Annotated[str, Sealed("sign_in")]
    address_token: str
    at: str
    ends_at: str
    occurred_on: date


@event()
class SignInRefused:
    """Someone tried to sign in as this person and was refused."""

    session_id: Id
    person_id: Id
    way: Way
    reason: Reason
    device_hash: str | None = None
    address: Annotated[str, Sealed("sign_in")]
    address_token: str
    at: str
    occurred_on: date


@event()
class UnknownSignInRefused:
    """Someone tried to sign in under a name that is nobody's; `bucket` is a part of the name's keyed hash."""

    session_id: Id
    way: Way
    bucket: str
    address_token: str
    at: str
    occurred_on: date


@event()
class SecondFactorGiven:
    """The right code of the person's second factor was given, and counts until then."""

    session_id: Id
    person_id: Id
    step: int
    at: str
    confirmed_until: str
    occurred_on: date


@event()
class SecondFactorRefused:
    """A wrong code was given, or one that had counted before."""

    session_id: Id
    person_id: Id
    at: str
    occurred_on: date


@event()
class SessionUsed:
    """The session was in use."""

    session_id: Id
    at: str
    occurred_on: date


@event()
class SessionEnded:
    """The session was ended, by signing out or from elsewhere."""

    session_id: Id
    person_id: Id
    occurred_on: date


SessionEvent = (
    SignedIn
    | SignInRefused
    | UnknownSignInRefused
    | SecondFactorGiven
    | SecondFactorRefused
    | SessionUsed
    | SessionEnded
)


@dataclass(frozen=True)
class Unbegun:
    """Nobody signed in under this id."""


@dataclass(frozen=True)
class Begun:
    """Someone signed in; whether the session still lives, the facts tell."""

    person_id: str
    used_at: str
    wrong: Wrong = NOTHING_WRONG


@dataclass(frozen=True)
class Over:
    """It was refused, or has ended."""


Session = Unbegun | Begun | Over


def evolve(session: Session, event: SessionEvent) -> Session:
    match event:
        case SignedIn():
            return Begun(event.person_id, event.at)
        case SignInRefused() | UnknownSignInRefused() | SessionEnded():
            return Over()
        case SecondFactorGiven():
            return Begun(event.person_id, event.at)
        case SecondFactorRefused():
            before = session.wrong.count if isinstance(session, Begun) else 0
            return Begun(event.person_id, event.at, Wrong(before + 1, event.at))
        case SessionUsed():
            return Begun(session.person_id, event.at, session.wrong) if isinstance(session, Begun) else session
        case _:
            assert_never(event)


@command
class UseSession:
    """Note that a session is in use; what was noted lately is not noted again."""

    session_id: Id
    today: Today


@command
class SignOut:
    """End the session in which one is."""

    session_id: Id
    today: Today


@command
class EndSession:
    """End another of one's own sessions or, as an administrator, anybody's."""

    session_id: Id
    by: Actor
    today: Today


@dataclass(frozen=True)
class Living:
    """Whether the session lives now."""

    now: str
    lives: bool


def still_begun(session: Session, lives: bool) -> Begun:
    """The session, if it lives. Raises NotFound."""
    if isinstance(session, Begun) and lives:
        return session
    raise NotFound("the session is over: sign in again")


def use_session(command: UseSession, session: Session, living: Living) -> list[SessionEvent]:
    begun = still_begun(session, living.lives)
    if living.now < moved(begun.used_at, USE_NOTED_EVERY):
        return []
    return [SessionUsed(session_id=command.session_id, at=living.now, occurred_on=command.today)]


def sign_out(command: SignOut, session: Session) -> list[SessionEvent]:
    return _ended(command.session_id, session, command.today)


def end_session(command: EndSession, session: Session, by_administrator: bool) -> list[SessionEvent]:
    if isinstance(session, Begun) and session.person_id != command.by and not by_administrator:
        raise Forbidden("a session is ended by whoever is signed in with it, or by an administrator")
    return _ended(command.session_id, session, command.today)


def _ended(session_id: str, session: Session, today: date) -> list[SessionEvent]:
    match session:
        case Unbegun():
            raise NotFound(f"there is no session {session_id} here")
        case Over():
            return []
        case Begun(person_id=person_id):
            return [SessionEnded(session_id=session_id, person_id=person_id, occurred_on=today)]
        case _:
            assert_never(session)


session = Aggregate("session", Unbegun(), evolve, SessionEvent)
