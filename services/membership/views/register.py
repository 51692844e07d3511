"""The register of members: the list in which everybody is found, and one record."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import ColumnElement, select, true, tuple_

from lastmile.kernel.domain.aggregate import stream_name
from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.fields import PERSONAL
from lastmile.kernel.store import log
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.membership.views import card_applications, found_by, honours, unions_standing
from services.membership.views.members import CARD_STATES, members
from services.membership.views.shown_names import shown

SEALED_FIELDS = ("identity_number", "phone", "card_number")


class OfPerson(Schema):
    """Whose record."""

    person_id = fields.String(required=True, validate=validate.Length(1, 80))


def in_community(community: str) -> ColumnElement[bool]:
    unions = unions_standing.unions
    here = select(unions.c.station, unions.c.union_id).where(unions.c.community == community)
    return tuple_(members.c.station, members.c.union_id).in_(here)


listed = Listed(
    members,
    key="person_id",
    shown=("person_id", "name", "union_id", "living", "since", "sex", "birth_year", "employment", "card"),
    sorts=("pinyin", "since", "union_id", "birth_year"),
    filters={
        # What it lets through: see `member_list`.
        "text": (fields.String(validate=validate.Length(1, 100), metadata=PERSONAL), lambda _text: true()),
        "union_id": (fields.String(validate=validate.Length(1, 80)), lambda union: members.c.union_id == union),
        "community": (fields.String(validate=validate.Length(1, 80)), in_community),
        "living": (fields.Boolean(), lambda living: members.c.living == (1 if living else 0)),
        "since": (fields.Date(), lambda day: members.c.since >= day.isoformat()),
        "until": (fields.Date(), lambda day: members.c.since <= day.isoformat()),
        "card": (fields.String(validate=validate.OneOf(CARD_STATES)), lambda card: members.c.card == card),
    },
)


def member_list(asking: Asking) -> dict[str, Any]:
    """Members by name, pinyin, initials, number or last four digits (`text`), with their union's name and community."""
    conditions = [in_community(asking.community)] if asking.community else []
    if text := asking.parameters.get("text"):
        conditions.append(found_by.sought(asking, text))
    found = listed.rows(asking, *conditions)
    return found | {"rows": _with_unions(asking, found["rows"])}


def _with_unions(asking: Asking, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = unions_standing.names(asking.connection, asking.station, {row["union_id"] for row in rows})
    told = []
    for row in rows:
        name, community = known.get(row["union_id"], (None, None))
        seen = {"name": shown(asking, row["name"]), "living": bool(row["living"])}
        told.append(row | seen | {"union_name": name, "community": community})
    return told


def member_record(asking: Asking) -> dict[str, Any]:
    """One member: the row of the list, `card`, `honours`, and `sealed`: which entry of which stream hides which field.

    A field of `sealed` is read by RevealField and `revealed`.
    """
    person_id = asking.parameters["person_id"]
    version = asking.version("member", person_id)
    own = [in_community(asking.community)] if asking.community else []
    query = select(members).where(members.c.station == asking.station, members.c.person_id == person_id, *own)
    row = asking.connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"no person {person_id} is in the register of this station", person_id=person_id)
    (told,) = _with_unions(asking, [{name: row[name] for name in listed.shown}])
    return told | {
        "version": version,
        "card": card_applications.of_person(asking, person_id),
        "honours": honours.of_person(asking, person_id),
        "sealed": _sealed(asking, person_id),
    }


def _sealed(asking: Asking, person_id: str) -> dict[str, int]:
    """Sealed field to the position of the entry that says it last."""
    here = log_name(asking.station, "membership")
    streams = [stream_name(asking.station, aggregate, person_id) for aggregate in ("member", "card")]
    found = log.streams(asking.connection, here, streams)
    entries: list[Entry] = [entry for stream in streams for entry in found.get(stream, [])]
    return {name: entry.position for entry in entries for name in SEALED_FIELDS if name in entry.payload}


def members_of_persons(asking: Asking, person_ids: list[str]) -> dict[str, Any]:
    """Person to their row of the register here."""
    query = select(members).where(members.c.station == asking.station, members.c.person_id.in_(person_ids))
    return {row.person_id: row for row in asking.connection.execute(query)}
