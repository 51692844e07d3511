"""A log that nobody touched holds, and the summary says what verifying it cannot know."""

from sqlalchemy import delete

from lastmile.kernel.domain.merkle import root_of
from lastmile.kernel.store import log
from lastmile.kernel.store.checkpoints import checkpoints
from lastmile.kernel.store.verifying import cannot_know
from tests.kernel.conftest import MakeSample
from tests.kernel.filled import EVENTS, SIGNED_EVERY
from tests.kernel.sample import LOG
from tests.kernel.verifying.victim import Victim, victim_of


def test_a_log_that_nobody_touched_holds(victim_on_either: Victim) -> None:
    victim = victim_on_either
    verified = victim.verify(*victim.kept)
    assert verified.findings == ()
    assert (verified.position, verified.checkpoints, verified.older, verified.signed) == (EVENTS, 5, 5, EVENTS)
    with victim.database.read() as connection:
        assert verified.root == root_of(log.leaves(connection, LOG, 0, EVENTS))


def test_the_summary_says_what_it_cannot_know(victim: Victim) -> None:
    assert "Whoever holds the signing key can sign another history" in cannot_know([victim.verify()])
    assert "No checkpoint kept elsewhere was given" in cannot_know([victim.verify()])
    assert "5 checkpoints that were kept elsewhere hold" in cannot_know([victim.verify(*victim.kept)])


def test_what_is_not_signed_yet_is_said(victim: Victim) -> None:
    with victim.database.write() as connection:
        connection.execute(delete(checkpoints).where(checkpoints.c.size > EVENTS - SIGNED_EVERY))
    verified = victim.verify()
    assert verified.holds
    assert "8 entries behind it are not signed yet" in verified.summary()


def test_an_empty_log_holds(make_sample: MakeSample, database_url: str) -> None:
    sample = make_sample(database_url)
    verified = victim_of(sample.database, sample.keys).verify()
    assert (verified.holds, verified.position, verified.checkpoints) == (True, 0, 0)
