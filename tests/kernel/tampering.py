"""What an attacker with the database in hand can do to a log, and put back the triggers afterwards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.entry import NO_ENTRY, entry_hash
from lastmile.kernel.store.checkpoints import LogKeys, checkpoints, sign_new
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import INDEXED, events, heads
from tests.kernel.sample import LOG, keep_unchanged, let_change

Members = dict[str, Any]


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """A transaction while the triggers are away."""
    let_change(database)
    try:
        with database.write() as connection:
            yield connection
    finally:
        keep_unchanged(database)


def entry_bytes(connection: Connection, position: int) -> bytes:
    return bytes(connection.execute(select(events.c.entry).where(events.c.position == position)).scalar_one())


def set_column(connection: Connection, position: int, column: str, value: Any) -> None:
    connection.execute(update(events).where(events.c.position == position).values({column: value}))


def change_byte(connection: Connection, position: int, place: int, by: int) -> None:
    """Flip bits of one byte of a stored entry."""
    data = bytearray(entry_bytes(connection, position))
    data[place % len(data)] ^= by
    set_column(connection, position, "entry", bytes(data))


def remove(connection: Connection, position: int) -> None:
    connection.execute(delete(events).where(events.c.position == position))


def swap(connection: Connection, one: int, other: int) -> None:
    for before, after in ((one, 10**9), (other, one), (10**9, other)):
        set_column(connection, before, "position", after)


def cut_tail(connection: Connection, last: int) -> None:
    """Remove what is behind `last` and let the head say so."""
    connection.execute(delete(events).where(events.c.position > last))
    row = connection.execute(select(events).where(events.c.position == last)).one()
    new = {"position": last, "leaf": row.leaf, "recorded_at": row.recorded_at}
    connection.execute(update(heads).where(heads.c.log == LOG).values(new))


def chained(entries: Sequence[bytes], change: Callable[[list[Members]], None]) -> list[bytes]:
    """The entries after `change`, with positions and hashes made consistent again."""
    members = [orjson.loads(data) for data in entries]
    change(members)
    made: list[bytes] = []
    for position, each in enumerate(members, 1):
        previous = entry_hash(made[-1]) if made else NO_ENTRY
        made.append(canonical(each | {"position": position, "previous": previous.hex()}))
    return made


def raise_an_amount(members: list[Members]) -> None:
    members[20]["payload"]["pieces"] = 7


def turn_time_back(members: list[Members]) -> None:
    members[20]["recorded_at"] = "2016-01-01T00:00:00.000000Z"


def write_anew(connection: Connection, change: Callable[[list[Members]], None]) -> None:
    """Replace the whole log by a changed one in which everything agrees: entries, columns, leaves and head."""
    before = connection.execute(select(events.c.entry).order_by(events.c.position)).scalars().all()
    connection.execute(delete(events))
    data = chained([bytes(each) for each in before], change)
    rows = []
    for each in data:
        members = orjson.loads(each)
        index = {name: members[name] for name in ("log", "position", *INDEXED)}
        rows.append(index | {"leaf": entry_hash(each), "entry": each})
    connection.execute(insert(events), rows)
    end = {"position": len(data), "leaf": rows[-1]["leaf"], "recorded_at": rows[-1]["recorded_at"]}
    connection.execute(update(heads).where(heads.c.log == LOG).values(end))


def sign_anew(database: Database, keys: LogKeys, every: int) -> None:
    """Replace all checkpoints, at the same sizes as before, by ones that sign the log as it stands now."""
    for path in keys.directory.glob("*.signed"):
        path.unlink()
    with database.write() as connection:
        connection.execute(delete(checkpoints))
        last = connection.execute(select(func.max(events.c.position))).scalar_one()
        head = connection.execute(select(heads).where(heads.c.log == LOG)).one()
    for size in [*range(every, last, every), last]:
        with database.write() as connection:
            connection.execute(update(heads).where(heads.c.log == LOG).values(position=size))
        sign_new(database, keys)
    with database.write() as connection:
        connection.execute(update(heads).where(heads.c.log == LOG).values(position=head.position))
