"""The tables of reporting: the journal of all logs, how far it is, what was sealed away, and layouts."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from lastmile.kernel.store.tables import with_kernel_tables

reporting_tables = with_kernel_tables()

journal = Table(
    "journal",
    reporting_tables,
    Column("log", String(60), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    Column("recorded_at", String(27), nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("entry", LargeBinary, nullable=False),
)
"""Every entry of every log that is not sealed away yet, of known and unknown types."""

columns = Table(
    "journal_columns",
    reporting_tables,
    Column("log", String(60), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("book", String(64), nullable=False),
    Column("cell", Text, nullable=False),
    Column("occurred_on", String(10), nullable=False),
    Column("amount1", BigInteger),
    Column("amount2", BigInteger),
    Column("subject", String(36)),
)
"""What figures read of each of these entries (see figures/reading.py), derived with the book whose hash is `book`.

Written in the transaction that writes the entry; apart from it, as in the archive, so that a report reads little.
"""

ends = Table(
    "journal_ends",
    reporting_tables,
    Column("log", String(60), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("recorded_at", String(27), nullable=False),
)
"""Where each log ends in the journal, sealed or not. `peaks` are the roots of the perfect subtrees up to there."""

segments = Table(
    "segments",
    reporting_tables,
    Column("log", String(60), primary_key=True),
    Column("segment", Integer, primary_key=True, autoincrement=False),
    Column("first_position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("last_leaf", LargeBinary(32), nullable=False),
    Column("first_recorded_at", String(27), nullable=False),
    Column("last_recorded_at", String(27), nullable=False),
)
"""Full stretches of a log that lie in the archive as files; `root` is the root of their Merkle subtree."""

layouts = Table(
    "layouts",
    reporting_tables,
    Column("station", String(9), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("registered_at", String(27), nullable=False),
    Column("content", Text, nullable=False),
)
"""Report layouts registered for a station (or an area), numbered as they came. None is ever changed."""
