"""Rows taken out as a file: an event that says what, under which filters and how many."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from marshmallow.validate import Range

from lastmile.kernel.domain.aggregate import Aggregate, Handles, by_field
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.fields import ClearText, Id, Text, Today, Word

Rows = Annotated[int, Range(0, 10**9)]

# These shapes are kept for ever.


@event()
class ExportRecorded:
    """Someone took `rows` rows of the list `what`, narrowed by `filters`, out as a file."""

    export_id: Id
    what: Word
    filters: Text
    rows: Rows
    occurred_on: date


@command
class RecordExport:
    """Record that rows of a list are taken out as a file; `filters` holds no personal data."""

    export_id: Id
    what: Word
    filters: ClearText
    rows: Rows
    today: Today


def record_export(command: RecordExport, _state: None) -> Iterable[ExportRecorded]:
    yield ExportRecorded(
        export_id=command.export_id,
        what=command.what,
        filters=command.filters,
        rows=command.rows,
        occurred_on=command.today,
    )


def evolve(_state: None, _event: ExportRecorded) -> None:
    return None


exported = Aggregate("export", None, evolve, ExportRecorded)
RECORD_EXPORT = Handles(RecordExport, exported, record_export, by_field("export_id"))
"""The same in every service that hands out lists."""
