"""1,000 events a transaction: the log, beside the driver's fastest way to put the same bytes into one table."""

from bench.append import BACKENDS
from bench.bare import bare_on
from bench.measure import Bar, Row, in_turn, rate
from bench.place import Place
from bench.written import EVENTS_TOGETHER, LOG, fill, opened_log
from lastmile.kernel.store.log import entries_after

BARS = {"sqlite": 20_000, "postgresql": 10_000}


def rows(place: Place) -> list[Row]:
    """One row a database."""
    return [_row(place, backend) for backend in BACKENDS]


def _row(place: Place, backend: str) -> Row:
    count = place.of(20_000, 5_000)
    database, bare = opened_log(place.database(backend, "bulk")), bare_on(place.database(backend, "bare"))
    written = 0

    def ours() -> float:
        nonlocal written
        start = written
        written += count
        return rate(count, lambda: fill(database, start, start + count))

    def peer() -> float:
        with database.read() as connection:
            data = entries_after(connection, LOG, written - EVENTS_TOGETHER, EVENTS_TOGETHER)

        def insert_all() -> None:
            for _ in range(count // EVENTS_TOGETHER):
                bare.insert_all(data)

        return rate(count, insert_all)

    ours()
    peer()
    mine, bares = in_turn(place.repetitions, ours, peer)
    database.close()
    bare.close()
    return Row(
        what=f"bulk append, {EVENTS_TOGETHER:,} events a transaction, {backend}",
        unit="events/s",
        ours=mine,
        peer_name="bare bulk INSERT of the same bytes into one table without index",
        peer=bares,
        bar=Bar(BARS[backend], of="ours"),
    )
