"""Which sessions live: whose, since when, used when, confirmed until when."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from services.access.account import AccountClosed, AccountReset, PasswordChanged
from services.access.moments import moved
from services.access.second_factor import SecondFactorRemoved
from services.access.session import (
    IDLE,
    USE_NOTED_EVERY,
    SecondFactorGiven,
    SecondFactorRefused,
    SessionEnded,
    SessionUsed,
    SignedIn,
)
from services.access.system import SystemSecretReplaced, SystemWithdrawn
from services.access.tables import access_tables

sessions = Table(
    "sessions",
    access_tables,
    Column("session_id", String(80), primary_key=True),
    Column("station", String(9), nullable=False),
    Column("person_id", String(80), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("way", String(20), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("opened_at", String(27), nullable=False),
    Column("used_at", String(27), nullable=False),
    Column("ends_at", String(27), nullable=False),
    Column("confirmed_until", String(27), nullable=False),
    Column("ended", Integer, nullable=False),
)
Index("one_session_a_token", sessions.c.token_hash, unique=True)
Index("sessions_of_person", sessions.c.person_id)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case SignedIn():
            yield Put(sessions, _begun(event, place))
        case SecondFactorGiven():
            used = {"used_at": event.at, "confirmed_until": event.confirmed_until}
            yield Change(sessions, {"session_id": event.session_id}, used)
        case SecondFactorRefused() | SessionUsed():
            yield Change(sessions, {"session_id": event.session_id}, {"used_at": event.at})
        case SessionEnded():
            yield Change(sessions, {"session_id": event.session_id}, {"ended": 1})
        case PasswordChanged() | AccountReset() | AccountClosed():
            yield Change(sessions, {"person_id": event.person_id}, {"ended": 1})
            if isinstance(event, PasswordChanged) and event.kept_session:
                yield Change(sessions, {"session_id": event.kept_session}, {"ended": 0})
        case SecondFactorRemoved():
            yield Change(sessions, {"person_id": event.person_id}, {"confirmed_until": ""})
        case SystemSecretReplaced() | SystemWithdrawn():
            yield Change(sessions, {"person_id": event.client_id}, {"ended": 1})


def _begun(event: SignedIn, place: Place) -> dict[str, Any]:
    return {
        "session_id": event.session_id,
        "station": place.station,
        "person_id": event.person_id,
        "position": place.position,
        "way": event.way,
        "token_hash": event.token_hash,
        "opened_at": event.at,
        "used_at": event.at,
        "ends_at": event.ends_at,
        "confirmed_until": "",
        "ended": 0,
    }


def lives(row: Row[Any] | None, now: str) -> bool:
    """Neither ended nor past its end nor, but for systems, unused for half an hour and what use goes unnoted."""
    if row is None or row.ended or row.ends_at <= now:
        return False
    return bool(row.way == "client_credentials" or now < moved(row.used_at, IDLE + USE_NOTED_EVERY))


def by_id(connection: Connection, session_id: str) -> Row[Any] | None:
    return connection.execute(select(sessions).where(sessions.c.session_id == session_id)).first()


def by_token(connection: Connection, token_hash: str) -> Row[Any] | None:
    return connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()


def living_of(connection: Connection, person_id: str, now: str) -> list[Row[Any]]:
    """The person's sessions that live, newest first."""
    query = select(sessions).where(sessions.c.person_id == person_id, sessions.c.ended == 0, sessions.c.ends_at > now)
    found = connection.execute(query.order_by(sessions.c.opened_at.desc()))
    return [row for row in found if lives(row, now)]
