"""Which accounts were recovered, by whom, and wait for somebody else to agree."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Row, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.access.account import AccountOpened, AccountReset
from services.access.recovery import Recovery, RecoveryAgreed
from services.access.second_factor import SecondFactorRemoved
from services.access.subject import SubjectLinked
from services.access.tables import access_tables
from services.access.views import accounts

recoveries = Table(
    "recoveries",
    access_tables,
    Column("station", String(9), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("step", String(20), nullable=False),
    Column("done_by", String(80), nullable=False),
    Column("done_on", String(10), nullable=False),
)
"""Each step of a recovery to which nobody agreed; `step` is `waived`, `reset`, `opened_again` or `linked`."""

Index("recoveries_of_person", recoveries.c.person_id)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case AccountReset():
            yield _step(event, place, "reset")
        case AccountOpened(again=True):
            yield _step(event, place, "opened_again")
        case SubjectLinked(in_use=True):
            yield _step(event, place, "linked")
        case SecondFactorRemoved() if event.ground is not None:
            yield _step(event, place, "waived")
        case SecondFactorRemoved() | RecoveryAgreed():
            # Only a second factor that counts removes itself: then nothing waited.
            yield Remove(recoveries, {"person_id": event.person_id})


def _step(event: Any, place: Place, step: str) -> Put:
    stands = {"station": place.station, "position": place.position, "person_id": event.person_id}
    return Put(recoveries, stands | {"step": step, "done_by": place.actor, "done_on": event.occurred_on.isoformat()})


def steps_of(connection: Connection, person_id: str) -> list[Row[Any]]:
    """The steps to which nobody agreed, oldest first; none where the second factor is older than all of them.

    Whoever was given a new way in and still holds the old second factor needs nobody to agree.
    """
    query = select(recoveries).where(recoveries.c.person_id == person_id).order_by(recoveries.c.position)
    steps = list(connection.execute(query))
    enrolled = accounts.factor_position(connection, person_id)
    waits = any(enrolled is None or enrolled > step.position for step in steps)
    return steps if waits else []


def of_person(connection: Connection, station: str, person_id: str) -> Recovery:
    """What a decision at the account's station needs to know of it."""
    steps = [step for step in steps_of(connection, person_id) if step.station == station]
    enrolled = accounts.factor_position(connection, person_id) is not None
    return Recovery(waits=bool(steps), hands=frozenset(step.done_by for step in steps), enrolled=enrolled)


def recovered(connection: Connection, station: str) -> list[str]:
    """Whose accounts were recovered here and may wait."""
    query = select(recoveries.c.person_id).where(recoveries.c.station == station).distinct()
    return sorted(connection.execute(query).scalars())
