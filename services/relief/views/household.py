"""One household: its file, open or not, whether money can reach it, and what it applied for."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.service import Asking
from services.relief.views.applications import APPLICATIONS
from services.relief.views.applications_open import applications
from services.relief.views.cases import CASES, case_file, died
from services.relief.views.payees import payee


class OfPerson(Schema):
    """Whose household."""

    person_id = fields.String(required=True, validate=validate.Length(1, 80))


def household(asking: Asking) -> dict[str, Any]:
    """One household: its file, whether money can reach it, and what it applied for."""
    person_id = asking.parameters["person_id"]
    version = asking.version("case", person_id)
    file = case_file(asking.connection, asking.station, person_id)
    if file is None:
        raise NotFound(f"{person_id} has no file here", person_id=person_id)
    account = payee(asking.connection, asking.station, person_id)
    columns = applications.c
    query = select(applications).where(columns.station == asking.station, columns.person_id == person_id)
    rows = asking.connection.execute(query.order_by(columns.applied_on, columns.application_id)).mappings().all()
    return {
        **{name: file._mapping[name] for name in CASES.shown},
        "version": version,
        "open": file.open == 1,
        "died": died(asking.connection, person_id),
        "account_recorded_on": account.recorded_on if account else None,
        "account_recorded_by": account.recorded_by if account else None,
        "applications": [{name: row[name] for name in APPLICATIONS.shown} for row in rows],
    }
