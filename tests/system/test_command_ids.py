"""A command needs an id; the same id twice is one deed, or a conflict."""

from tests.system.station import Station
from tests.system.wrongly import RIGHT, ask, refusal, somebody


def test_a_command_needs_an_id(unchanged: Station) -> None:
    response = ask(unchanged, "commands/RegisterMember", RIGHT, unchanged.token())
    assert set(refusal(response, 422, "invalid")["fields"]) == {"command_id"}
    too_long = unchanged.post("membership", "RegisterMember", RIGHT, "x" * 161)
    assert set(refusal(too_long, 422, "invalid")["fields"]) == {"command_id"}


def test_the_same_id_with_another_body_is_a_conflict_and_with_the_same_is_one_deed(station: Station) -> None:
    right = somebody(station)
    first = station.post("membership", "RegisterMember", right, "twice")
    written = station.data("membership")
    again = station.post("membership", "RegisterMember", dict(reversed(right.items())), "twice")
    assert (again.status_code, again.json()) == (200, first.json())
    for other in (right | {"name": "李五"}, right | {"phone": "13900000000"}):
        refusal(station.post("membership", "RegisterMember", other, "twice"), 409, "conflict")
    refusal(station.post("membership", "JoinMember", right, "twice"), 409, "conflict")
    assert station.data("membership") == written


def test_a_refusal_is_not_kept_so_the_same_id_may_be_asked_again(station: Station) -> None:
    right = somebody(station)
    refusal(station.post("membership", "JoinMember", right | {"union_id": "none"}, "again"), 409, "no-such-union")
    assert station.post("membership", "JoinMember", right, "again").is_success
