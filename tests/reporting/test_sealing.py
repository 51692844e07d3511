"""Sealing moves full segments into files: same reports, nothing lost or doubled, whatever happens in between."""

import os
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import ColumnElement, func, select

from lastmile.kernel.domain.merkle import leaf_hash, root_of
from services.reporting import sealing
from services.reporting.api import Reporting
from services.reporting.archive import Archive, ArchiveDamaged
from services.reporting.figures.book import Book, product_book
from services.reporting.tables import columns, journal, segments
from tests.reporting.conftest import SEGMENT_SIZE
from tests.reporting.made import ACTIVITIES, MEMBERSHIP, STATION, Logs, followed, reporting_on, values
from tests.reporting.year import write_year


@pytest.fixture
def year(embedded: Reporting, logs: Logs) -> Reporting:
    write_year(logs)
    return followed(embedded, logs)


def rows(reporting: Reporting, condition: ColumnElement[bool] | None = None) -> dict[str, int]:
    """How many entries of each log stand in the database, all or those whose columns meet a condition."""
    same = (journal.c.log == columns.c.log) & (journal.c.position == columns.c.position)
    query = select(journal.c.log, func.count()).join(columns, same).group_by(journal.c.log)
    query = query if condition is None else query.where(condition)
    with reporting.database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def everything(reporting: Reporting) -> list[Any]:
    """All reports and explanations that these tests compare."""
    reports = reporting.reports([STATION, STATION[:6]], [2016, 2017])
    reports.append(reporting.report(STATION, 2017, as_of=date(2017, 5, 19)))
    keys = ("goods_handed_out", "attendees", "months_active", "profile.area_hectares")
    return [*reports, *(reporting.explain(key, STATION, 2017) for key in keys)]


def test_a_report_is_the_same_from_files_as_from_the_database(reporting: Reporting, logs: Logs) -> None:
    write_year(logs)
    year = followed(reporting, logs)
    before = everything(year)
    full = {log: len(entries) // SEGMENT_SIZE for log, entries in logs.logs.items()}
    assert year.seal() == sum(full.values()) > 3
    assert rows(year) == {log: len(logs.logs[log]) % SEGMENT_SIZE for log in full if len(logs.logs[log]) % SEGMENT_SIZE}
    assert everything(year) == before
    assert year.seal() == 0


def test_following_and_sealing_go_on_side_by_side(year: Reporting, logs: Logs) -> None:
    year.seal()
    for day in range(1, 31):
        logs.write(MEMBERSHIP, "MemberJoined", f"2017-06-{day:02d}", person_id=f"new {day}")
    assert values(followed(year, logs).report(STATION, 2017))["members"] == 4 + 30
    assert year.seal()
    assert values(year.report(STATION, 2017))["members"] == 4 + 30
    assert year.check_journal(dict.fromkeys(("membership", "activities", "relief"), logs)) == []


def test_a_segment_is_named_by_its_log_number_and_subtree_root(year: Reporting, logs: Logs) -> None:
    year.seal()
    root = root_of(map(leaf_hash, logs.logs[ACTIVITIES][:SEGMENT_SIZE])).hex()
    folder = year.archive.directory / ACTIVITIES
    assert {path.name for path in folder.glob("00000000-*")} == {
        f"00000000-{root}.entries.parquet",
        f"00000000-{root}.{year.book.hash}.columns-1.parquet",
    }


@pytest.mark.parametrize("after", ["entries", "columns-1", "files"])
def test_a_sealer_stopped_between_files_and_rows_loses_and_doubles_nothing(
    year: Reporting, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    before = everything(year)
    with monkeypatch.context() as broken:
        break_after(broken, after)
        with pytest.raises(KeyboardInterrupt):
            year.seal()
    assert everything(year) == before
    assert year.seal() > 3
    assert everything(year) == before
    assert not list(year.archive.directory.rglob("*.part"))


def break_after(broken: pytest.MonkeyPatch, after: str) -> None:
    def stop(*_: Any) -> bool:
        raise KeyboardInterrupt

    if after == "files":
        broken.setattr(sealing, "_hand_over", stop)
        return
    write: Callable[[Archive, Path, pa.Table], None] = Archive.write

    def write_and_stop(archive: Archive, path: Path, table: pa.Table) -> None:
        write(archive, path, table)
        if after in path.name:
            raise KeyboardInterrupt

    broken.setattr(Archive, "write", write_and_stop)


def test_a_file_is_whole_under_its_name_or_not_there(year: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            year.seal()
    assert not [path for path in year.archive.directory.rglob("*") if path.is_file()]
    assert year.seal() > 3


def test_two_sealers_seal_once(year: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(year)
    write_segment = sealing.write_segment

    def write_while_another_seals(*given: Any) -> dict[str, Any]:
        monkeypatch.setattr(sealing, "write_segment", write_segment)
        assert year.seal() > 3
        return write_segment(*given)

    monkeypatch.setattr(sealing, "write_segment", write_while_another_seals)
    assert year.seal() == 0
    assert everything(year) == before


def test_a_changed_book_makes_the_columns_anew(reporting: Reporting, logs: Logs, database_url: str) -> None:
    write_year(logs)
    year = followed(reporting, logs)
    year.seal()
    content = deepcopy(dict(product_book().content))
    content["swipes_by_person"] = content["card_swipes"] | {"dims": ["person_id"], "label_en": "swipes by person"}
    newer = reporting_on(database_url, year.archive.directory, book=Book(content), segment_size=SEGMENT_SIZE)
    newer.register_layout(STATION, 'name="x"\nlines=[{key="an", figure="swipes_by_person", where={person_id="an"}}]')
    assert values(newer.report(STATION, 2017, layout="x")) == {"an": 1}
    figures = values(newer.report(STATION, 2017, layout="standard"))
    assert figures == values(year.report(STATION, 2017, layout="standard"))
    assert len(list((year.archive.directory / ACTIVITIES).glob("00000000-*.columns-1.parquet"))) == 2
    assert rows(newer, columns.c.book == newer.book.hash) == {}
    newer.seal()
    assert rows(newer, columns.c.book == newer.book.hash) == rows(newer)
    assert values(newer.report(STATION, 2017, layout="x")) == {"an": 1}
    assert newer.check_journal(dict.fromkeys(("membership", "activities", "relief"), logs)) == []
    newer.database.close()


def test_columns_that_are_gone_are_made_again(year: Reporting) -> None:
    before = everything(year)
    year.seal()
    for path in year.archive.directory.rglob("*.columns-1.parquet"):
        path.unlink()
    assert everything(year) == before


def test_a_file_of_others_is_neither_overwritten_nor_deleted(year: Reporting, logs: Logs) -> None:
    root = root_of(map(leaf_hash, logs.logs[ACTIVITIES][:SEGMENT_SIZE]))
    path = year.archive.entries_path(ACTIVITIES, 0, root)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with pytest.raises(ArchiveDamaged, match=path.name):
        year.seal()
    assert path.read_bytes() == b"something else"
    assert rows(year)[ACTIVITIES] == len(logs.logs[ACTIVITIES])


def test_entries_that_were_changed_in_the_journal_are_not_sealed(year: Reporting) -> None:
    with year.database.write() as connection:
        changed = journal.update().where(journal.c.log == MEMBERSHIP, journal.c.position == 3)
        connection.execute(changed.values(entry=b"{}"))
    with pytest.raises(ValueError, match=f"{MEMBERSHIP} 3: the leaf"):
        year.seal()
    with year.database.read() as connection:
        assert MEMBERSHIP not in connection.execute(select(segments.c.log)).scalars().all()


def test_segments_have_8192_entries_unless_said_otherwise(tmp_path: Path) -> None:
    assert reporting_on(f"sqlite:///{tmp_path}/r.db", tmp_path / "archive").segment_size == 8_192
