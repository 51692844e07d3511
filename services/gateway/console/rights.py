"""What a person may do, for whom they stand in, and whose aid is their own: in words, and as it was on a date."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.console.detail import Told
from services.gateway.console.history import Event
from services.gateway.console.texts import t_or


def said_of_roles(roles: Sequence[Mapping[str, Any]]) -> str:
    words = []
    for held in roles:
        beside = [str(held[name]) for name in ("community", "until") if held.get(name)]
        words.append(t_or(f"role.{held['role']}", held["role"]) + (f"（{'，'.join(beside)}）" if beside else ""))
    return "、".join(words)


def rights_as_of(events: Sequence[Event], day: str) -> Told:
    """The roles and terms of standing in at this station, and the linked members, as they were on a day."""
    roles, terms, household = dict[str, Told](), dict[str, Told](), dict[str, Told]()
    for event in events:
        said = event["payload"]
        match event["type"]:
            case "RoleGranted":
                roles[said["role"]] = {"role": said["role"], "community": said.get("community")}
            case "RoleRevoked":
                roles.pop(said["role"], None)
            case "StandInNamed":
                terms[said["role"]] = {name: said[name] for name in ("role", "valid_from", "valid_to")}
            case "StandInEnded":
                terms.pop(said["role"], None)
            case "MemberLinked":
                household[said["member_id"]] = {name: said[name] for name in ("member_id", "kinship")}
            case "MemberUnlinked":
                household.pop(said["member_id"], None)
    stood_in = [
        {"role": role, "until": term["valid_to"]}
        for role, term in terms.items()
        if role not in roles and term["valid_from"] <= day <= term["valid_to"]
    ]
    return {
        "roles": [*roles.values(), *stood_in],
        "stand_ins": [term for term in terms.values() if term["valid_to"] >= day],
        "household": list(household.values()),
    }
