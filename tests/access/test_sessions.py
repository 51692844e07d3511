"""Sessions: how long they last, who ends them, and for which roles they give an identity."""

import pytest

from lastmile.kernel.domain.failures import Forbidden, NotFound, Unauthenticated
from lastmile.kernel.domain.identity import Role, gateway_identity
from tests.access.door import ADMINISTRATOR, HOME, THERE, Door, oneself


def use(door: Door, token: str) -> list[str]:
    session_id = token.removeprefix("token of ")
    types: list[str] = door.tell("UseSession", gateway_identity(), session_id=session_id)["event_types"]
    return types


def test_a_session_lasts_half_a_day_however_much_it_is_used(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    for _ in range(35):
        door.clock.move(minutes=20)
        assert use(door, token) == ["SessionUsed"]
    door.clock.move(minutes=19)
    assert door.identity(token).expires_at <= door.session(token)["ends_at"]
    door.clock.move(minutes=1)
    with pytest.raises(Unauthenticated):
        door.session(token)
    with pytest.raises(NotFound):
        use(door, token)


def test_a_session_that_nobody_uses_ends_after_half_an_hour_and_the_ten_minutes_that_go_unnoted(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    door.clock.move(minutes=40, seconds=-1)
    assert door.session(token)["use_due"]
    door.clock.move(seconds=1)
    with pytest.raises(Unauthenticated):
        door.session(token)


def test_use_is_noted_every_ten_minutes_at_most(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    door.clock.move(minutes=9)
    assert not door.session(token)["use_due"]
    assert use(door, token) == []
    door.clock.move(minutes=1)
    assert door.session(token)["use_due"]
    assert use(door, token) == ["SessionUsed"]
    assert use(door, token) == []


def test_signing_out_ends_the_session_once(door: Door) -> None:
    door.settled()
    token = door.sign_in(session_id="s")
    assert door.tell("SignOut", gateway_identity(), session_id="s")["event_types"] == ["SessionEnded"]
    assert door.tell("SignOut", gateway_identity(), session_id="s")["event_types"] == []
    assert isinstance(door.refusal("SignOut", gateway_identity(), session_id="never"), NotFound)
    with pytest.raises(Unauthenticated):
        door.session(token)


def test_ones_sessions_are_listed_and_ended_one_by_one(door: Door) -> None:
    door.settled()
    here, there = door.sign_in(session_id="here"), door.sign_in(session_id="there", address="192.0.2.77")
    listed = door.ask("sessions", oneself("li"))["sessions"]
    assert {row["session_id"]: row["address"] for row in listed} == {"here": HOME, "there": "192.0.2.77"}
    door.tell("EndSession", oneself("li"), session_id="there")
    with pytest.raises(Unauthenticated):
        door.session(there)
    door.session(here)
    assert [row["session_id"] for row in door.ask("sessions", oneself("li"))["sessions"]] == ["here"]


def test_nobody_but_an_administrator_of_the_station_ends_anothers_session(door: Door) -> None:
    door.settled()
    door.register("wang", "administrator")
    door.register("xu", "administrator", THERE)
    door.sign_in(session_id="s")
    for other in (oneself("zhao", Role.CHAIR), oneself("xu", Role.ADMINISTRATOR)):
        assert isinstance(door.refusal("EndSession", other, session_id="s"), Forbidden)
    assert door.tell("EndSession", ADMINISTRATOR, session_id="s")["event_types"] == ["SessionEnded"]


def test_an_identity_is_for_a_role_held_and_for_no_other(door: Door) -> None:
    door.settled()
    door.tell("GrantRole", person_id="li", role="station_head", occurred_on="2017-01-02")
    token = door.sign_in()
    assert door.identity(token).role is Role.CLERK
    assert door.identity(token, role="station_head").role is Role.STATION_HEAD
    for chosen in ({"role": "chair"}, {"role": "clerk", "station": THERE}, {"role": "operator"}):
        with pytest.raises(Forbidden):
            door.identity(token, **chosen)


def test_a_role_that_was_revoked_is_gone_at_the_next_request(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    door.tell("RevokeRole", person_id="li", role="clerk", occurred_on="2017-06-01")
    with pytest.raises(Forbidden):
        door.session(token)


def test_the_chair_of_a_community_acts_for_that_community(door: Door) -> None:
    door.settled("sun", "community_chair", community="nanxianli")
    token = door.sign_in("sun")
    assert door.session(token)["community"] == "nanxianli"
    assert door.identity(token).community == "nanxianli"
    asked = {"person_id": "sun", "role": "community_chair"}
    assert door.ask("identity", **asked)["token"]
    with pytest.raises(Forbidden):
        door.session(token, community="another")


def test_a_session_is_found_by_its_secret_alone(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    for wrong in (token + "x", "", "token of nothing"):
        with pytest.raises(Unauthenticated):
            door.session(wrong)
