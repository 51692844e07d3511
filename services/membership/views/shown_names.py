"""Names beside the ids of persons, masked for those who may not read them."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from lastmile.kernel.domain.identity import Role
from lastmile.kernel.store.service import Asking
from services.membership.views.members import members

MASKED_FOR = frozenset({Role.DISTRICT_AUDITOR, Role.DISTRICT_OFFICE})
PERSONS_AT_ONCE = 1_000


class OfPersons(Schema):
    """Whose names."""

    person_ids = fields.List(
        fields.String(validate=validate.Length(1, 80)), required=True, validate=validate.Length(max=PERSONS_AT_ONCE)
    )


def shown(asking: Asking, name: str | None) -> str | None:
    """王小明, or 王** for those who read everything but whose."""
    if name is None or asking.identity.role not in MASKED_FOR:
        return name
    return name[:1] + "*" * (len(name) - 1)


def names(asking: Asking, person_ids: Iterable[str]) -> dict[str, str | None]:
    query = select(members.c.person_id, members.c.name).where(
        members.c.station == asking.station, members.c.person_id.in_(list(person_ids))
    )
    return {row.person_id: shown(asking, row.name) for row in asking.connection.execute(query)}


def member_names(asking: Asking) -> dict[str, Any]:
    """Person id to name, for persons who are or were members here."""
    return names(asking, asking.parameters["person_ids"])


def with_names(asking: Asking, listed: dict[str, Any]) -> dict[str, Any]:
    """A list whose rows have a `person_id`, with each one's `name` beside it."""
    known = names(asking, {row["person_id"] for row in listed["rows"]})
    return listed | {"rows": [row | {"name": known.get(row["person_id"])} for row in listed["rows"]]}
