"""What access answers about persons, their sessions and sign-ins; names are unsealed on the way."""

from collections.abc import Sequence
from typing import Any

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.identity import Role
from lastmile.kernel.store.service import Asking
from services.access.moments import instant
from services.access.unsealing import Standing, unsealed_all
from services.access.views import (
    accounts,
    household_links,
    persons,
    recoveries,
    roles_held,
    sessions,
    sign_ins,
    subjects,
    systems,
)


def names(asking: Asking) -> dict[str, Any]:
    """The names of those who are registered, by id."""
    return {"names": names_of(asking, asking.parameters["person_ids"])}


def names_of(asking: Asking, person_ids: Sequence[str]) -> dict[str, str]:
    standing = persons.names_stand_at(asking.connection, asking.station, sorted(set(person_ids)))
    return unsealed_all(asking.connection, asking.resources.keystore, standing, "name", "identity")


def account_names_of(asking: Asking, person_ids: Sequence[str]) -> dict[str, str]:
    standing = accounts.names_stand_at(asking.connection, person_ids)
    return unsealed_all(asking.connection, asking.resources.keystore, standing, "account_name", "identity")


def persons_list(asking: Asking) -> dict[str, Any]:
    """Who is registered here, with name, account and roles of today."""
    listed = persons.listed.rows(asking)
    return {**listed, "rows": _described(asking, listed["rows"])}


def _described(asking: Asking, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    person_ids = [row["person_id"] for row in rows]
    named, accounted = names_of(asking, person_ids), account_names_of(asking, person_ids)
    return [
        {
            "person_id": row["person_id"],
            "name": named.get(row["person_id"], ""),
            "account_name": accounted.get(row["person_id"], ""),
            "account": row["account"],
            "must_change_password": bool(row["must_change_password"]),
            "has_second_factor": bool(row["has_second_factor"]),
            "roles": roles_of(asking, row["person_id"]),
        }
        for row in rows
    ]


def roles_of(asking: Asking, person_id: str) -> list[dict[str, str]]:
    """The roles of today, at every station."""
    return [
        {"station": held.station, "role": held.role, "community": held.community, "until": held.until}
        for held in roles_held.held_on(asking.connection, person_id, asking.today)
    ]


def person(asking: Asking) -> dict[str, Any]:
    """One person with roles, terms of standing in, and sessions. Raises NotFound."""
    person_id = asking.parameters["person_id"]
    row = persons.person_of(asking.connection, asking.station, person_id)
    if row is None:
        raise NotFound(f"no person {person_id} is registered here", person_id=person_id)
    (described,) = _described(asking, [dict(row)])
    terms = roles_held.stand_ins_named(asking.connection, asking.station, asking.today)
    return described | {
        "stand_ins": [term for term in terms if term["person_id"] == person_id],
        "sessions": _sessions_of(asking, person_id),
        "household": [
            {name: link[name] for name in ("member_id", "kinship", "station")}
            for link in household_links.links_of(asking.connection, person_id)
        ],
        "recovery": _recovery_of(asking, person_id),
    }


def recoveries_waiting(asking: Asking) -> dict[str, Any]:
    """Whose recovery waits for the asker to agree: a second factor is enrolled, and the asker had no hand in it."""
    waiting: dict[str, list[dict[str, str]]] = {}
    for person_id in recoveries.recovered(asking.connection, asking.station):
        found = recoveries.of_person(asking.connection, asking.station, person_id)
        if found.waits and found.enrolled and asking.identity.person_id not in found.hands | {person_id}:
            waiting[person_id] = _recovery_of(asking, person_id)
    named = names_of(asking, list(waiting))
    rows = [{"person_id": id_, "name": named.get(id_, ""), "steps": steps} for id_, steps in waiting.items()]
    return {"rows": rows, "count": len(rows)}


def _recovery_of(asking: Asking, person_id: str) -> list[dict[str, str]]:
    """The steps of a recovery to which nobody agreed yet, oldest first."""
    steps = recoveries.steps_of(asking.connection, person_id)
    return [{name: getattr(step, name) for name in ("step", "done_by", "done_on")} for step in steps]


def stand_ins(asking: Asking) -> dict[str, Any]:
    """Who stands in for which role now or later."""
    return {"stand_ins": roles_held.stand_ins_named(asking.connection, asking.station, asking.today)}


def own_sessions(asking: Asking) -> dict[str, Any]:
    """The asker's own sessions that live."""
    return {"sessions": _sessions_of(asking, asking.identity.person_id)}


def _sessions_of(asking: Asking, person_id: str) -> list[dict[str, str]]:
    found = sessions.living_of(asking.connection, person_id, instant(asking.resources.clock()))
    addresses = _addresses(asking, {row.session_id: (row.station, row.position) for row in found})
    shown = ("session_id", "way", "opened_at", "used_at", "ends_at")
    return [
        {name: getattr(row, name) for name in shown} | {"address": addresses.get(row.session_id, "")} for row in found
    ]


def _addresses(asking: Asking, standing: dict[str, Standing]) -> dict[str, str]:
    return unsealed_all(asking.connection, asking.resources.keystore, standing, "address", "sign_in")


def sign_ins_list(asking: Asking) -> dict[str, Any]:
    """Sign-ins and refusals: the administrator sees the station's, everybody else their own."""
    own = sign_ins.sign_ins.c.person_id == asking.identity.person_id
    listed = sign_ins.listed.rows(asking, *(() if asking.identity.role is Role.ADMINISTRATOR else (own,)))
    rows = listed["rows"]
    named = names_of(asking, [row["person_id"] for row in rows if row["person_id"]])
    known = {row["session_id"]: (asking.station, row.pop("position")) for row in rows}
    known = {row["session_id"]: known[row["session_id"]] for row in rows if row["person_id"]}
    addresses = _addresses(asking, known)
    for row in rows:
        row |= {"name": named.get(row["person_id"], ""), "address": addresses.get(row["session_id"], "")}
    return listed


def systems_list(asking: Asking) -> dict[str, Any]:
    """The systems registered here."""
    listed = systems.listed.rows(asking)
    for row in listed["rows"]:
        row |= {"scopes": row["scopes"].split(), "withdrawn": bool(row["withdrawn"])}
    return listed


def station_of(asking: Asking) -> dict[str, str]:
    """At which station a system, or a subject of single sign-on, is known. Raises NotFound."""
    asked = asking.parameters
    if "client_id" in asked:
        found = systems.system_of(asking.connection, asked["client_id"])
    else:
        token = asking.resources.keystore.master.blind("subject", f"{asked['issuer']}\n{asked['subject']}")
        found = subjects.linked(asking.connection, token)
    if found is None:
        raise NotFound("known at no station")
    return {"station": found.station}
