"""Verify over a SQLite log with checkpoints, on one core and on two."""

from functools import partial

from bench.measure import Bar, Row, in_turn, rate
from bench.place import Place
from bench.written import LOG, fill, opened_log
from lastmile.kernel.domain.checkpoint import Verifier
from lastmile.kernel.store.checkpoints import LogKeys, sign_new
from lastmile.kernel.store.verifying import verify_log

CHECKPOINT_EVERY = 10_000


def rows(place: Place) -> list[Row]:
    """The same log each time; the file is in the page cache."""
    count = place.of(500_000, 50_000)
    url, verifier = _filled(place, count)

    def verified(processes: int) -> float:
        def verify() -> None:
            assert verify_log(url, LOG, verifier, processes=processes).holds

        return rate(count, verify)

    verified(1)
    one, two = in_turn(place.repetitions, partial(verified, 1), partial(verified, 2))
    return [
        Row(what="verify on one core", unit="events/s", ours=one, bar=Bar(150_000, of="ours")),
        Row(
            what="verify on two cores",
            unit="events/s",
            ours=two,
            peer_name="verify on one core",
            peer=one,
            bar=Bar(1.0),
        ),
    ]


def _filled(place: Place, count: int) -> tuple[str, Verifier]:
    url, keys = place.sqlite("verify"), LogKeys(place.directory("log-keys"))
    database = opened_log(url)
    for start in range(0, count, CHECKPOINT_EVERY):
        fill(database, start, min(start + CHECKPOINT_EVERY, count))
        sign_new(database, keys)
    database.close()
    return url, keys.verifiers()[LOG]
