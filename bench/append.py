"""One event a commit: the log against a bare INSERT in the same driver at equal durability."""

from bench.bare import bare_on
from bench.measure import Bar, Row, in_turn, rate
from bench.place import Place
from bench.written import LOG, opened_log, write
from lastmile.kernel.store.log import entry_at

BACKENDS = ("sqlite", "postgresql")


def rows(place: Place) -> list[Row]:
    """One row a database."""
    return [_row(place, backend) for backend in BACKENDS]


def _row(place: Place, backend: str) -> Row:
    count = place.of(1_000, 200)
    database, bare = opened_log(place.database(backend, "append")), bare_on(place.database(backend, "bare"))
    written = 0

    def ours() -> float:
        nonlocal written
        numbers = range(written, written + count)
        written += count

        def write_each() -> None:
            for number in numbers:
                write(database, [number])

        return rate(count, write_each)

    def peer() -> float:
        with database.read() as connection:
            data = entry_at(connection, LOG, written)
        assert data is not None

        def insert_each() -> None:
            for _ in range(count):
                bare.insert(data)

        return rate(count, insert_each)

    ours()  # Connections are made, statements compiled, and the files have grown to their first size.
    peer()
    mine, bares = in_turn(max(place.repetitions, 5), ours, peer)
    database.close()
    bare.close()
    return Row(
        what=f"one event a commit, one writer, {backend}",
        unit="events/s",
        ours=mine,
        peer_name="bare INSERT a commit, same driver and durability",
        peer=bares,
        bar=Bar(0.35),
    )
