"""What every command looks up is found by its key, however long the log is; PostgreSQL plans it once a connection."""

import pytest

from lastmile.kernel.store import commands, log
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.prepared import Prepared
from tests.kernel.sample import LOG, STATION, Sample

LOOKED_UP = {"streams": log._STREAMS, "first_answers": commands._ANSWERED}
VALUES = {
    "sqlite": {"streams": ('["a"]', LOG), "first_answers": ('[["li", "1"]]', STATION)},
    "postgresql": {"streams": (["a"], LOG), "first_answers": (["li"], ["1"], STATION)},
}


@pytest.mark.parametrize("name", LOOKED_UP)
def test_a_command_looks_up_by_key_what_it_needs(sample: Sample, name: str) -> None:
    sample.fill(300, signed_every=1_000)
    with sample.database.read() as connection:
        dialect = connection.dialect.name
        if dialect == "postgresql":  # Among few rows a walk may look cheaper; asked is whether a key is there.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        prepared = LOOKED_UP[name][dialect]
        explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[dialect]
        statement = prepared.statement if dialect == "sqlite" else prepared.statement.replace("?", "%s")
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", VALUES[dialect][name]))
    assert "Seq Scan" not in plan
    assert "SCAN e" not in plan
    assert "SCAN a " not in plan
    by_key = {"streams": ("(stream=?)", "Index Cond: ((stream)"), "first_answers": ("command_id=?", "(command_id)")}
    assert any(words in plan for words in by_key[name]), plan


def test_the_control_a_look_up_without_its_key_shows_as_a_walk(sample: Sample) -> None:
    sample.fill(300, signed_every=1_000)
    with sample.database.read() as connection:
        explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[connection.dialect.name]
        plan = str(connection.exec_driver_sql(f"{explain} SELECT entry FROM events WHERE event_id = 'x'").all())
    assert "Seq Scan" in plan or "SCAN events" in plan


def test_a_statement_stays_prepared_when_its_first_transaction_is_undone(postgres_database: str) -> None:
    database, ask = Database(postgres_database), Prepared("one", "SELECT CAST(? AS integer)")

    def asked_and_undone() -> None:
        with database.write() as connection:
            assert ask.execute(connection, (1,)).scalar_one() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked_and_undone()
    with database.write() as connection:
        assert ask.execute(connection, (2,)).scalar_one() == 2
    database.close()
