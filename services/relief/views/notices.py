"""What stands on a public notice (公示): nothing but whom, why in one word, how much, until when."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Row, select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.service import Asking
from services.relief.views.applications_open import applications
from services.relief.views.cases import case_files


class OfNotice(Schema):
    """Which applications; without any, all that are on notice."""

    application_id = fields.String(validate=validate.Length(1, 80))


def notice(asking: Asking) -> dict[str, Any]:
    """What stands on the public notice: person (whose name is masked when printed), grade, amount, window.

    No illness, ground, identity number, card or address is among it, so that none can be printed.
    """
    columns, files = applications.c, case_files.c
    query = (
        select(applications, files.category)
        .outerjoin(case_files, (files.station == columns.station) & (files.person_id == columns.person_id))
        .where(columns.station == asking.station, columns.notice_until.is_not(None))
        .order_by(columns.application_id)
    )
    asked = asking.parameters.get("application_id")
    query = query.where(columns.application_id == asked if asked else columns.state == "on_notice")
    rows = [_shown(row) for row in asking.connection.execute(query)]
    if asked and not rows:
        raise NotFound(f"the application {asked} was not put on notice", application_id=asked)
    return {"rows": rows, "count": len(rows)}


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "application_id": row.application_id,
        "person_id": row.person_id,
        "category": row.category,
        "amount_fen": row.amount_fen,
        "noticed_on": row.since if row.state == "on_notice" else None,
        "notice_until": row.notice_until,
        "state": row.state,
    }
