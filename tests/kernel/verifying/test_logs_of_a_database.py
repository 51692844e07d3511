"""Of a database every log is verified: those that are gone, nameless or unguarded are found."""

import pytest
from sqlalchemy import Connection, insert, select

from lastmile.kernel.store import log
from lastmile.kernel.store.log import NoSuchLog, events
from lastmile.kernel.store.verifying import verify_database, verify_log
from tests.kernel.sample import LOG, let_change
from tests.kernel.tampering import unguarded
from tests.kernel.verifying.victim import Victim, all_findings


def test_triggers_that_are_gone(victim_on_either: Victim) -> None:
    let_change(victim_on_either.database)
    findings = victim_on_either.verify().findings
    with victim_on_either.database.read() as connection:
        expected = log.missing_triggers(connection)
    assert expected
    assert all(any(f"the trigger {name}" in finding.what for finding in findings) for name in expected)


def test_every_log_of_a_database_is_checked(victim_on_either: Victim) -> None:
    victim = victim_on_either
    (verified,) = verify_database(victim.url, {LOG: victim.verifier}, victim.kept)
    assert verified == victim.verify(*victim.kept)


def test_a_log_without_a_public_key_is_a_finding(victim: Victim) -> None:
    assert "no public key" in all_findings(victim, {})[LOG]


def test_a_log_that_is_gone_is_a_finding(victim: Victim) -> None:
    gone = "110102018/sample"
    assert all_findings(victim, {LOG: victim.verifier, gone: victim.verifier}) == {gone: "the log is not there"}
    note = victim.kept[0].replace(LOG, gone)
    assert all_findings(victim, {LOG: victim.verifier}, note) == {gone: "the log is not there"}


def test_entries_of_a_log_without_a_head_are_a_finding(victim_on_either: Victim) -> None:
    victim = victim_on_either
    with unguarded(victim.database) as connection:
        _copy_to_another_log(connection)
    assert all_findings(victim, {LOG: victim.verifier}) == {"110102999/sample": "the log is not there"}


def _copy_to_another_log(connection: Connection) -> None:
    row = connection.execute(select(events).where(events.c.position == 1)).one()
    connection.execute(insert(events).values({**row._mapping, "log": "110102999/sample", "stream": "x"}))


def test_a_log_that_was_never_there_is_refused_by_name(victim: Victim) -> None:
    with pytest.raises(NoSuchLog, match="110102018/sample"):
        verify_log(victim.url, "110102018/sample", victim.verifier)


def test_entries_of_a_log_without_a_name_are_a_finding(victim_on_either: Victim) -> None:
    victim = victim_on_either
    with unguarded(victim.database) as connection:
        row = connection.execute(select(events).where(events.c.position == 1)).one()
        connection.execute(insert(events).values({**row._mapping, "log": "", "stream": "x"}))
    assert all_findings(victim, {LOG: victim.verifier}) == {"": "the log is not there"}


@pytest.mark.parametrize("name", ["x'00'", "CAST(x'ff41' AS TEXT)"])
def test_entries_of_a_log_whose_name_is_no_text_are_a_finding(victim: Victim, name: str) -> None:
    with unguarded(victim.database) as connection:
        _copy_to_another_log(connection)
        connection.exec_driver_sql(f"UPDATE events SET log = {name} WHERE stream = 'x'")
    assert "the log is not there" in all_findings(victim, {LOG: victim.verifier}).values()


def test_a_stream_is_that_of_its_log_alone(victim_on_either: Victim) -> None:
    victim = victim_on_either
    stream = "110102017/box/box"
    with victim.database.read() as connection:
        before = log.streams(connection, LOG, [stream])
    with unguarded(victim.database) as connection:
        row = connection.execute(select(events).where(events.c.position == 1)).one()
        connection.execute(insert(events).values({**row._mapping, "log": "", "stream": stream, "version": 999}))
    with victim.database.read() as connection:
        assert log.streams(connection, LOG, [stream]) == before
    assert before[stream]


def test_a_head_whose_name_is_no_text_is_a_finding(victim: Victim) -> None:
    with victim.database.write() as connection:
        connection.exec_driver_sql("UPDATE heads SET log = CAST(log AS BLOB)")
    assert all_findings(victim, {LOG: victim.verifier})[LOG] == "the log is not there"
