"""Every sign-in and every refusal: for the list, and for slowing who guesses."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Index, String, Table, func, select

from lastmile.kernel.store.changes import Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from services.access.moments import moved
from services.access.session import SignedIn, SignInRefused, UnknownSignInRefused
from services.access.sign_in import Tries
from services.access.slowing import FOR_AN_ACCOUNT_PER_HOUR, FROM_AN_ADDRESS_PER_HOUR, HOUR, Wrong
from services.access.tables import access_tables

sign_ins = Table(
    "sign_ins",
    access_tables,
    Column("station", String(9), primary_key=True),
    Column("session_id", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("person_id", String(80), nullable=False),
    Column("bucket", String(4), nullable=False),
    Column("way", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("address_token", String(32), nullable=False),
    Column("device_hash", String(64), nullable=False),
    Column("at", String(27), nullable=False),
)
"""`person_id` is empty where the name was nobody's, `bucket` where it was somebody's."""

Index("sign_ins_of_person", sign_ins.c.person_id, sign_ins.c.at)
Index("sign_ins_from_address", sign_ins.c.address_token, sign_ins.c.at)

listed = Listed(
    table=sign_ins,
    key="session_id",
    shown=("session_id", "at", "person_id", "way", "outcome", "position"),
    sorts=("at",),
    filters={
        "person_id": (
            fields.String(validate=validate.Length(1, 80)),
            lambda person_id: sign_ins.c.person_id == person_id,
        ),
        "outcome": (
            fields.String(validate=validate.OneOf(("signed_in", "refused"))),
            lambda outcome: (
                sign_ins.c.outcome == "signed_in" if outcome == "signed_in" else sign_ins.c.outcome != "signed_in"
            ),
        ),
    },
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case SignedIn():
            yield _row(event, place, person_id=event.person_id, outcome="signed_in", device_hash=event.device_hash)
        case SignInRefused():
            yield _row(event, place, person_id=event.person_id, outcome=event.reason, device_hash=event.device_hash)
        case UnknownSignInRefused():
            yield _row(event, place, bucket=event.bucket, outcome="unknown_name")


def _row(event: SignedIn | SignInRefused | UnknownSignInRefused, place: Place, **more: str | None) -> Put:
    row = {"person_id": "", "bucket": "", "device_hash": ""} | {name: value or "" for name, value in more.items()}
    attempt = {"way": event.way, "address_token": event.address_token, "at": event.at}
    stands = {"station": place.station, "session_id": event.session_id, "position": place.position}
    return Put(sign_ins, stands | row | attempt)


def tries(
    connection: Connection, station: str, who: tuple[str, str], address_token: str, device_hash: str | None, now: str
) -> Tries:
    """What slows a try now. `who` is the person, or the bucket of a name that is nobody's: the other is empty."""
    person_id, bucket = who
    whose = (sign_ins.c.station == station, sign_ins.c.person_id == person_id, sign_ins.c.bucket == bucket)
    known = bool(device_hash and person_id) and _signed_in_from(connection, person_id, device_hash or "")
    there = sign_ins.c.device_hash == device_hash if known else sign_ins.c.address_token == address_token
    wrong = sign_ins.c.outcome != "signed_in"
    lately = sign_ins.c.at > moved(now, -HOUR)
    return Tries(
        in_a_row=_in_a_row(connection, now, *whose, there),
        for_the_account=_times(connection, FOR_AN_ACCOUNT_PER_HOUR, *whose, wrong, lately),
        from_the_address=_times(
            connection, FROM_AN_ADDRESS_PER_HOUR, sign_ins.c.address_token == address_token, wrong, lately
        ),
        device_known=known,
    )


def ever_signed_in(connection: Connection, person_id: str) -> bool:
    query = select(sign_ins.c.at).where(sign_ins.c.person_id == person_id, sign_ins.c.outcome == "signed_in")
    return connection.execute(query.limit(1)).first() is not None


def _signed_in_from(connection: Connection, person_id: str, device_hash: str) -> bool:
    query = select(sign_ins.c.at).where(
        sign_ins.c.person_id == person_id,
        sign_ins.c.device_hash == device_hash,
        sign_ins.c.outcome == "signed_in",
    )
    return connection.execute(query.limit(1)).first() is not None


def _in_a_row(connection: Connection, now: str, *whose: ColumnElement[bool]) -> Wrong:
    """Wrong tries since the last right one, within a day."""
    right = select(func.max(sign_ins.c.position)).where(*whose, sign_ins.c.outcome == "signed_in")
    after = connection.execute(right).scalar() or 0
    wrong = select(func.count(), func.max(sign_ins.c.at)).where(
        *whose, sign_ins.c.outcome != "signed_in", sign_ins.c.position > after, sign_ins.c.at > moved(now, -24 * HOUR)
    )
    count, last_at = connection.execute(wrong).one()
    return Wrong(count, last_at or "")


def _times(connection: Connection, most: int, *conditions: ColumnElement[bool]) -> list[str]:
    query = select(sign_ins.c.at).where(*conditions).order_by(sign_ins.c.at.desc()).limit(most)
    return list(connection.execute(query).scalars())
