"""The sample service of the kernel's tests on a database, with one station and its log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Identity, Role, Scope
from lastmile.kernel.store.changes import Fold
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Answer, Order
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.log import REFUSE_CHANGES, TRIGGERS
from lastmile.kernel.store.service import Definition, Query, Resources, Service
from tests.kernel.boxes import (
    BoxListed,
    GreetGuest,
    OpenBox,
    TakePieces,
    box,
    box_list,
    boxes,
    boxes_fold,
    community_of,
    greet_guest,
    guest,
    listed,
    open_box,
    open_boxes,
    sample_tables,
    take_pieces,
)

STATION, LOG = "110102017", "110102017/sample"
CLERK = Identity("li", Role.CLERK, STATION, "9999-12-31T00:00:00Z")
NOON = datetime(2017, 3, 1, 4, tzinfo=UTC)
_CLERKS = {Role.CLERK: Scope.STATION}
_CHAIRS = {Role.COMMUNITY_CHAIR: Scope.COMMUNITY}
REVEAL, HISTORY = with_history("sample", (box, guest))
SAMPLE = Definition(
    name="sample",
    tables=sample_tables,
    migrations=Path(__file__).parent,
    permissions={
        "OpenBox": _CLERKS,
        "TakePieces": _CLERKS | _CHAIRS,
        "GreetGuest": _CLERKS,
        "RevealField": _CLERKS,
        "history": _CLERKS,
        "revealed": _CLERKS,
        "boxes": _CLERKS | _CHAIRS,
    },
    handlers=Handlers(
        (
            Handles(OpenBox, box, open_box, by_field("box_id"), community=community_of),
            Handles(TakePieces, box, take_pieces, by_field("box_id"), community=community_of),
            Handles(GreetGuest, guest, greet_guest, by_field("person_id"), open_boxes),
            REVEAL,
        )
    ),
    folds=(boxes_fold,),
    queries=(*HISTORY, Query("boxes", box_list, BoxListed, listed.schema(), by_community=True)),
)


@dataclass
class Sample:
    """The sample service on a database, with one station and its log."""

    service: Service
    database: Database
    keystore: Keystore
    keys: LogKeys

    def tell(self, command_id: str, name: str, /, by: Identity = CLERK, **body: Any) -> Answer:
        return self.service.command(order(command_id, name, by, **body))

    def tell_all(self, orders: Sequence[Order]) -> list[Answer | Failure]:
        return self.service.commands(orders)

    def data(self) -> list[bytes]:
        """The bytes of every entry, in order."""
        found: list[bytes] = []
        while more := self.service.entries(LOG, len(found), 1_000):
            found += more
        return found

    def entries(self) -> list[Entry]:
        return [Entry.from_bytes(data) for data in self.data()]

    def pieces(self) -> dict[str, int]:
        """What the view says is left in each box."""
        with self.database.read() as connection:
            return {row.box_id: row.pieces for row in connection.execute(select(boxes))}

    def fill(self, events: int, signed_every: int) -> None:
        """Write this many events, of every kind, with a checkpoint after every so many."""
        self.tell("box", "OpenBox", box_id="box", pieces=10**6)
        for number in range(1, events):
            if number % 3:
                self.tell(f"take {number}", "TakePieces", box_id="box", pieces=number)
            else:
                self.tell(f"greet {number}", "GreetGuest", person_id=f"person-{number % 7}", name="王小明")
            if (number + 1) % signed_every == 0:
                self.service.sign_checkpoints()


def sample_on(database: Database, keystore: Keystore, keys: LogKeys, *folds: Fold) -> Sample:
    """Make the tables, the triggers and the log, and run the sample there, with more folds if any are given."""
    sample_tables.create_all(database.engine)
    keep_unchanged(database)
    definition = replace(SAMPLE, folds=(*SAMPLE.folds, *folds))
    service = Service(definition, Resources(database, keystore, keys, lambda: NOON))
    service.open_station(STATION)
    return Sample(service, database, keystore, keys)


def keep_unchanged(database: Database) -> None:
    with database.write() as connection:
        for statement in REFUSE_CHANGES[connection.dialect.name]:
            connection.exec_driver_sql(statement)


def let_change(database: Database) -> None:
    """Take the triggers away that keep the log unchanged, as an attacker would."""
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION events_refuse_change() CASCADE")
        else:
            for name in TRIGGERS["sqlite"]:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")


def order(command_id: str, name: str, /, by: Identity = CLERK, **body: Any) -> Order:
    body = {"occurred_on": "2017-02-28", **body}
    return Order(command_id=command_id, station=STATION, name=name, body=body, identity=by)
