"""The journal is compared with the logs it follows: what differs is named by log and position."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Table, delete, insert, select, update

from lastmile.kernel.domain.merkle import leaf_hash
from lastmile.kernel.store.database import Database
from services.reporting.api import Reporting
from services.reporting.figures.book import product_book
from services.reporting.tables import columns, ends, journal, segments
from tests.reporting.conftest import SEGMENT_SIZE
from tests.reporting.made import ACTIVITIES, MEMBERSHIP, RELIEF, STATION, Logs, followed, values
from tests.reporting.year import write_year

FIRST_UNSEALED = {MEMBERSHIP: 17, ACTIVITIES: 17, RELIEF: 9}


@pytest.fixture
def year(embedded: Reporting, logs: Logs) -> Reporting:
    write_year(logs)
    followed(embedded, logs).seal()
    return embedded


def found(reporting: Reporting, logs: Logs) -> list[str]:
    return reporting.check_journal(dict.fromkeys(("membership", "activities", "relief"), logs))


def test_a_journal_that_follows_the_logs_is_in_order(year: Reporting, logs: Logs) -> None:
    assert all(len(logs.logs[log]) >= position > SEGMENT_SIZE for log, position in FIRST_UNSEALED.items())
    assert found(year, logs) == []


def test_a_journal_on_either_database_is_compared(reporting: Reporting, logs: Logs) -> None:
    write_year(logs)
    followed(reporting, logs).seal()
    assert found(reporting, logs) == []
    changed(reporting.database, RELIEF, columns, amount1=7)
    assert [finding.split(":")[0] for finding in found(reporting, logs)] == [f"{RELIEF} 9"]


def test_a_journal_that_is_behind_is_in_order_as_far_as_it_goes(year: Reporting, logs: Logs) -> None:
    logs.write(MEMBERSHIP, "MemberJoined", "2017-12-02", person_id="er")
    assert found(year, logs) == []


def changed(database: Database, log: str, table: Table = journal, **row: Any) -> None:
    """Change the first row of a log that is not sealed."""
    with database.write() as connection:
        place = (table.c.log == log, table.c.position == FIRST_UNSEALED[log])
        connection.execute(update(table).where(*place).values({table.c[name]: value for name, value in row.items()}))


@pytest.mark.parametrize(
    ("table", "row", "what"),
    [
        (journal, {"leaf": bytes(32)}, "the leaf in the journal is not that of the entry"),
        (journal, {"entry": b"no entry"}, "bytes that are no entry"),
        (journal, {"event_id": "another"}, "event_id beside the entry"),
        (journal, {"occurred_on": "2017-01-01"}, "occurred_on beside the entry"),
        (journal, {"recorded_at": "2017-01-01T00:00:00.000000Z"}, "recorded_at beside the entry"),
        (columns, {"cell": f"201708|{RELIEF}|relief.Other"}, "what figures read of it does not follow"),
        (columns, {"amount1": 7}, "what figures read of it does not follow"),
        (columns, {"occurred_on": "2017-01-01"}, "what figures read of it does not follow"),
    ],
)
def test_a_changed_row_is_named(year: Reporting, logs: Logs, table: Table, row: dict[str, Any], what: str) -> None:
    changed(year.database, RELIEF, table, **row)
    (finding,) = found(year, logs)
    assert finding.startswith(f"{RELIEF} {FIRST_UNSEALED[RELIEF]}: ")
    assert what in finding


def test_an_entry_with_all_its_columns_and_leaf_recomputed_is_named(year: Reporting, logs: Logs) -> None:
    forged = logs.logs[MEMBERSHIP][16].replace(b'"actor":"clerk"', b'"actor":"other"')
    changed(year.database, MEMBERSHIP, entry=forged, leaf=leaf_hash(forged))
    assert found(year, logs) == [f"{MEMBERSHIP} 17: the journal holds another entry than the log of its owner"]


def test_what_is_missing_in_the_journal_is_named(year: Reporting, logs: Logs) -> None:
    with year.database.write() as connection:
        connection.execute(delete(journal).where(journal.c.log == MEMBERSHIP, journal.c.position == 17))
        connection.execute(delete(journal).where(journal.c.log == RELIEF, journal.c.position == 9))
        connection.execute(delete(columns).where(columns.c.log == ACTIVITIES, columns.c.position == 17))
    found_at = [finding.partition(":")[0] for finding in found(year, logs)]
    assert found_at == [f"{ACTIVITIES} 17", f"{MEMBERSHIP} 17", f"{RELIEF} 9"]


def test_a_log_cut_by_its_owner_is_named(year: Reporting, logs: Logs) -> None:
    del logs.logs[MEMBERSHIP][-2:]
    (finding,) = found(year, logs)
    assert finding.startswith(f"{MEMBERSHIP} {len(logs.logs[MEMBERSHIP]) + 1}: the journal goes on")


def test_a_false_end_is_named(year: Reporting, logs: Logs) -> None:
    with year.database.write() as connection:
        connection.execute(update(ends).where(ends.c.log == RELIEF).values(peaks=bytes(32)))
    (finding,) = found(year, logs)
    assert "the end of the log in the journal" in finding


def test_a_log_at_which_following_stopped_is_named(year: Reporting, logs: Logs) -> None:
    kept = logs.logs[RELIEF].pop()
    followed(year, logs)
    logs.logs[RELIEF].append(kept)
    (finding,) = found(year, logs)
    assert finding.startswith(f"{RELIEF} ")
    assert "following stopped here" in finding


def rewritten(folder: Path, pattern: str, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    """Rewrite the first file of this kind with changed rows."""
    path = min(folder.rglob(pattern))
    table = pq.ParquetFile(path).read()
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


@pytest.mark.parametrize(
    ("pattern", "change", "position", "what"),
    [
        ("*.entries.parquet", lambda rows: rows[4].update(entry=rows[3]["entry"]), 5, "beside the entry"),
        ("*.entries.parquet", lambda rows: rows[4].update(leaf=bytes(32)), 5, "the leaf in the journal"),
        ("*.entries.parquet", lambda rows: rows.pop(4), 5, "where this one is due"),
        ("*.entries.parquet", lambda rows: rows.pop(), 8, "the entries file of the segment ends here"),
        ("*.columns-1.parquet", lambda rows: rows[4].update(amount1=5), 1, "does not follow from the entries"),
    ],
)
def test_a_changed_file_of_the_archive_is_named(
    year: Reporting, logs: Logs, pattern: str, change: Callable[[list[dict[str, Any]]], Any], position: int, what: str
) -> None:
    rewritten(year.archive.directory / RELIEF, f"00000000-{pattern}", change)
    (finding,) = found(year, logs)
    assert finding.startswith(f"{RELIEF} {position}: ")
    assert what in finding


@pytest.mark.parametrize("content", [None, b"", b"no parquet"])
def test_a_file_that_cannot_be_read_is_named(year: Reporting, logs: Logs, content: bytes | None) -> None:
    path = min((year.archive.directory / RELIEF).glob("*.entries.parquet"))
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (finding,) = found(year, logs)
    assert finding.startswith(f"{RELIEF}: ")
    assert path.name in finding


def test_columns_of_another_book_are_not_taken_for_false(year: Reporting, logs: Logs) -> None:
    changed(year.database, RELIEF, columns, book="another", amount1=7)
    assert found(year, logs) == []
    assert year.report(STATION, 2017)["book"] == product_book().hash


def test_a_log_that_no_service_keeps_is_named_and_makes_no_figure(year: Reporting, logs: Logs) -> None:
    before = year.report(STATION, 2017)["figures"]
    ghost = f"{STATION}/ghost"
    with year.database.write() as connection:
        rows = connection.execute(select(journal).where(journal.c.log == ACTIVITIES)).mappings().all()
        connection.execute(insert(journal), [dict(row) | {"log": ghost} for row in rows])
        end = connection.execute(select(ends).where(ends.c.log == ACTIVITIES)).mappings().one()
        connection.execute(insert(ends), dict(end) | {"log": ghost})
    assert [line for line in found(year, logs) if line.startswith(ghost)]
    assert year.report(STATION, 2017)["figures"] == before


@pytest.mark.parametrize("position", [1, 17, 1_000])
def test_columns_beside_no_entry_are_named_and_make_no_figure(year: Reporting, logs: Logs, position: int) -> None:
    with year.database.write() as connection:
        connection.execute(delete(journal).where(journal.c.log == ACTIVITIES, journal.c.position == position))
        row = connection.execute(select(columns).where(columns.c.log == ACTIVITIES)).mappings().first()
        assert row
        if position != row["position"]:
            connection.execute(insert(columns), dict(row) | {"position": position})
    (finding,) = found(year, logs)
    assert finding.startswith(f"{ACTIVITIES} {position}: ")
    figures = values(year.report(STATION, 2017))
    assert (figures["activities_held"], figures["card_swipes"], figures["goods_ordered"]) == (4, 3, 45)


def test_when_a_log_was_recorded_is_compared_with_its_entries(year: Reporting, logs: Logs) -> None:
    long_ago = "2001-01-01T00:00:00.000000Z"
    with year.database.write() as connection:
        connection.execute(update(ends).where(ends.c.log == RELIEF).values(recorded_at=long_ago))
        connection.execute(update(segments).where(segments.c.log == MEMBERSHIP).values(last_recorded_at=long_ago))
    assert {line.split()[0] for line in found(year, logs)} == {RELIEF, MEMBERSHIP}
