"""The archive: full stretches of a log as Parquet files, entries as they came and columns derived from them."""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from services.reporting.figures.book import Book
from services.reporting.figures.reading import Derived, Deriving

TEXTS = pa.dictionary(pa.int32(), pa.string())

# These shapes are kept for ever.
ENTRIES = pa.schema(
    [
        ("log", TEXTS),
        ("position", pa.int64()),
        ("event_id", pa.string()),
        ("type", TEXTS),
        ("occurred_on", TEXTS),
        ("recorded_at", TEXTS),
        ("leaf", pa.binary(32)),
        ("entry", pa.binary()),
    ]
)
COLUMNS = pa.schema(
    [
        ("cell", TEXTS),
        ("position", pa.int64()),
        ("occurred_on", pa.date32()),
        ("amount1", pa.int64()),
        ("amount2", pa.int64()),
        ("subject", pa.uuid()),
    ]
)
"""One row an entry, sorted by cell and position; derived as services/reporting/figures/reading.py says."""


COLUMNS_SHAPE = 1
"""Raised when columns files get another shape: those of the shape before are then left alone and made anew."""


class ArchiveDamaged(Exception):
    """A file of the archive is missing or is not what its name says."""


class Archive:
    """The directory of the archive. Files appear whole under their names or not at all, and are never deleted here."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def entries_path(self, log: str, segment: int, root: bytes) -> Path:
        return self.directory / log / f"{segment:08d}-{root.hex()}.entries.parquet"

    def columns_path(self, log: str, segment: int, root: bytes, book: str) -> Path:
        return self.directory / log / f"{segment:08d}-{root.hex()}.{book}.columns-{COLUMNS_SHAPE}.parquet"

    def write(self, path: Path, table: pa.Table) -> None:
        """Make the file, safe on the disk, then give it its name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as file:
                pq.write_table(table, file, compression="zstd", row_group_size=max(1, table.num_rows))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                part.unlink()
            raise
        _sync_directory(path.parent)

    def read_entries(self, path: Path, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of an entries file. Raises ArchiveDamaged if it cannot be read."""
        try:
            return pq.ParquetFile(path).read(list(columns) if columns else None)
        except (OSError, pa.ArrowInvalid) as error:
            raise ArchiveDamaged(f"{path}: {error}") from error

    def read_columns(self, path: Path) -> pa.Table:
        try:
            return pq.ParquetFile(path).read(COLUMNS.names)
        except (OSError, pa.ArrowInvalid) as error:
            raise ArchiveDamaged(f"{path}: {error}") from error

    def columns_file(self, log: str, segment: int, root: bytes, book: Book) -> Path:
        """The columns file of a segment for this book, made from the entries file if it is not there."""
        path = self.columns_path(log, segment, root, book.hash)
        if not path.exists():
            entries = self.read_entries(self.entries_path(log, segment, root))
            self.write_columns(log, segment, root, book, entries)
        return path

    def write_columns(self, log: str, segment: int, root: bytes, book: Book, entries: pa.Table) -> None:
        """Make the columns file of a segment for this book, unless it is there."""
        path = self.columns_path(log, segment, root, book.hash)
        if not path.exists():
            self.write(path, columns_table(entries["position"], derived(entries, book)))


def entries_table(rows: Sequence[Any]) -> pa.Table:
    """Rows of the journal as the table of an entries file."""
    arrays = [
        pa.array([getattr(row, name) for row in rows], _plain(ENTRIES.field(name).type)) for name in ENTRIES.names
    ]
    return pa.table(arrays, names=ENTRIES.names).cast(ENTRIES)


def lists_of(entries: pa.Table) -> dict[str, list[Any]]:
    """The columns of an entries table as lists; quick, since repeated texts are made plain first."""
    return {field.name: entries[field.name].cast(_plain(field.type)).to_pylist() for field in entries.schema}


def derived(entries: pa.Table, book: Book) -> list[Derived]:
    """What a book derives from each row of an entries table."""
    derive, lists = Deriving(book).derive, lists_of(entries.select(["log", "type", "occurred_on", "entry"]))
    return [
        derive(log, event, day, orjson.loads(entry)["payload"])
        for log, event, day, entry in zip(*lists.values(), strict=True)
    ]


def columns_table(positions: pa.Array, rows: Sequence[Derived]) -> pa.Table:
    """Derived rows as the table of a columns file."""
    plain = plain_columns(positions, rows).sort_by([("cell", "ascending"), ("position", "ascending")])
    ids = [id_ and bytes.fromhex(id_.replace("-", "")) for id_ in plain["subject"].to_pylist()]
    subjects = pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16)))
    return plain.set_column(COLUMNS.names.index("subject"), "subject", subjects).cast(COLUMNS)


def plain_columns(positions: pa.Array, rows: Sequence[Derived]) -> pa.Table:
    """Derived rows in their order, with subjects as text."""
    cells, days, firsts, seconds, subjects = zip(*rows, strict=True) if rows else ((),) * 5
    arrays = [
        pa.array(cells, pa.string()),
        positions,
        pa.array(days, pa.string()).cast(pa.date32()),
        pa.array(firsts, pa.int64()),
        pa.array(seconds, pa.int64()),
        pa.array(subjects, pa.string()),
    ]
    return pa.table(arrays, names=COLUMNS.names)


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(kind) else kind


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
