"""What a list shows as a file, Excel or CSV; that it was taken is recorded before it is handed out."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from uuid6 import uuid7

from services.gateway.console.asking import names, station_date, tell
from services.gateway.console.listing import Column, Listing, Row, every_row, typed_of
from services.gateway.console.texts import t
from services.gateway.parts import gateway
from services.gateway.sheets import CSV, EXCEL, as_csv, as_excel

RECORDED_ELSEWHERE = "access"
"""Where an export is recorded when the service asked keeps no log."""


def export(listing: Listing) -> Response:
    """The filtered list as the file that the button asked for."""
    typed = typed_of(listing, request.form)
    rows = list(every_row(listing, typed, request.form.get("sort", "")))
    record_export(listing.service, listing.question, said_of_filters(listing, typed), len(rows))
    table = [[_cell(column, row) for column in listing.columns] for row in _with_names(listing, rows)]
    headings = [t(column.heading) for column in listing.columns]
    name = f"{listing.name}-{station_date().isoformat()}"
    if request.form.get("format") == "csv":
        return as_file(as_csv(headings, table), f"{name}.csv", CSV)
    return as_file(as_excel(t(listing.title), headings, table), f"{name}.xlsx", EXCEL)


def record_export(service: str, what: str, filters: str, rows: int) -> None:
    """Record that rows were taken out, and under which filters: words that may be personal data are left out."""
    offered = gateway().catalogue.services
    recorded_by = service if "RecordExport" in offered[service].commands else RECORDED_ELSEWHERE
    if "RecordExport" not in offered[recorded_by].commands:
        recorded_by = service
    body = {"export_id": str(uuid7()), "what": what, "filters": filters, "rows": rows}
    tell(recorded_by, "RecordExport", body, str(uuid7()))


def said_of_filters(listing: Listing, typed: dict[str, str]) -> str:
    said = [f"{name}={'*' if name in listing.searches else value}" for name, value in sorted(typed.items())]
    return " ".join(said)[:500] or "-"


def as_file(data: bytes, name: str, kind: str) -> Response:
    return Response(data, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _with_names(listing: Listing, rows: Sequence[Row]) -> Sequence[Row]:
    people = [column.name for column in listing.columns if column.kind == "person"]
    known = names(str(row[name]) for row in rows for name in people if row.get(name))
    return [{**row, **{name: known.get(row[name], row[name]) for name in people if row.get(name)}} for row in rows]


def _cell(column: Column, row: Row) -> Any:
    value = row.get(column.name)
    if column.kind == "money" and value is not None:
        return int(value) / 100
    if column.kind == "number" and value is not None:
        return value
    text = column.text(row)
    return "" if value in (None, "") and not column.show else text
