"""Who is who at a station: names for whoever works there, accounts and roles for those who keep them."""

import pytest

from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import Identity, Role
from services.access.role import AnotherCommunity, SystemsAreRegistered
from tests.access.door import ADMINISTRATOR, FOR_EVER, HERE, THERE, Door, oneself


def test_names_are_shown_to_everybody_who_works_at_the_station(door: Door) -> None:
    door.register("li")
    door.register("zhao", "cashier")
    door.register("xu", "district_auditor", THERE)
    asked = {"person_ids": ["li", "zhao", "xu", "nobody", "service:relief"]}
    named = {"names": {"li": "li 某", "zhao": "zhao 某", "xu": "xu 某"}}
    assert door.ask("names", oneself("sun", Role.COMMUNITY_CHAIR), **asked) == named
    assert door.ask("names", Identity("xu", Role.DISTRICT_AUDITOR, THERE, FOR_EVER), **asked) == named
    for stranger in (Identity("city", Role.CITY_SYSTEM, HERE, FOR_EVER), Identity("q", Role.CLERK, THERE, FOR_EVER)):
        with pytest.raises(Forbidden):
            door.ask("names", stranger, **asked)
    with pytest.raises(Invalid):
        door.ask("names", oneself("li"), person_ids=["li"] * 501)


def test_who_was_erased_has_no_name_any_more_and_the_others_have(door: Door) -> None:
    door.register("li")
    door.register("zhao", "cashier")
    door.access.resources.keystore.erase("li", "an event")
    assert door.ask("names", oneself("zhao"), person_ids=["li", "zhao"]) == {"names": {"zhao": "zhao 某"}}


def test_the_list_of_persons_shows_accounts_and_roles(door: Door) -> None:
    door.settled("li")
    door.register("zhao", "cashier")
    door.open_account("zhao")
    door.register("sun", "")
    listed = door.ask("persons_list", ADMINISTRATOR)
    assert [(row["person_id"], row["name"], row["account_name"], row["account"]) for row in listed["rows"]] == [
        ("li", "li 某", "li.account", "open"),
        ("zhao", "zhao 某", "zhao.account", "open"),
        ("sun", "sun 某", "", "none"),
    ]
    assert [row["must_change_password"] for row in listed["rows"]] == [False, True, False]
    assert listed["rows"][0]["roles"] == [{"station": HERE, "role": "clerk", "community": "", "until": ""}]
    assert [r["person_id"] for r in door.ask("persons_list", ADMINISTRATOR, role="cashier")["rows"]] == ["zhao"]
    assert [r["person_id"] for r in door.ask("persons_list", ADMINISTRATOR, account="none")["rows"]] == ["sun"]


def test_one_person_is_shown_with_sessions_and_terms(door: Door) -> None:
    door.settled()
    door.enrol()
    door.sign_in(session_id="s")
    days = {"valid_from": "2017-06-02", "valid_to": "2017-06-03"}
    door.tell("NameStandIn", oneself("zhang", Role.CHAIR), person_id="li", role="chair", **days)
    shown = door.ask("person", ADMINISTRATOR, person_id="li")
    assert (shown["name"], shown["has_second_factor"]) == ("li 某", True)
    assert [term["role"] for term in shown["stand_ins"]] == ["chair"]
    assert [row["session_id"] for row in shown["sessions"]] == ["s"]
    with pytest.raises(NotFound):
        door.ask("person", ADMINISTRATOR, person_id="nobody")
    with pytest.raises(Forbidden):
        door.ask("person", oneself("li"), person_id="li")


def test_a_persons_history_shows_who_granted_what_and_nothing_of_a_password(door: Door) -> None:
    door.settled()
    granted = door.ask("history", ADMINISTRATOR, aggregate="role", key="li")
    assert [(event["type"], event["actor"]) for event in granted["events"]] == [("RoleGranted", "operator")]
    with pytest.raises(NotFound):
        door.ask("history", ADMINISTRATOR, aggregate="account", key="li")
    opened = next(
        position
        for position in range(1, 10)
        if b'"AccountOpened"' in door.access.entries(f"{HERE}/access", position - 1, 1)[0]
    )
    for field in ("password_hash", "account_name"):
        reveal = {"position": opened, "field": field, "ground": "curious"}
        assert isinstance(door.refusal("RevealField", ADMINISTRATOR, **reveal), NotFound)


def test_the_chair_of_a_community_is_granted_one_community(door: Door) -> None:
    door.register("sun", "")
    granting = {"person_id": "sun", "role": "community_chair", "occurred_on": "2017-01-02"}
    assert isinstance(door.refusal("GrantRole", **granting), Invalid)
    door.tell("GrantRole", community="nanxianli", **granting)
    assert door.tell("GrantRole", community="nanxianli", **granting)["event_types"] == []
    assert isinstance(door.refusal("GrantRole", community="another", **granting), AnotherCommunity)
    door.tell("RevokeRole", **granting)
    door.tell("GrantRole", community="another", **granting)
    clerk = {"person_id": "sun", "role": "clerk", "occurred_on": "2017-01-02", "community": "another"}
    assert isinstance(door.refusal("GrantRole", **clerk), Invalid)


def test_no_person_is_granted_the_role_of_a_system(door: Door) -> None:
    door.register("sun", "")
    granting = {"person_id": "sun", "role": "city_system", "occurred_on": "2017-01-02"}
    assert isinstance(door.refusal("GrantRole", **granting), SystemsAreRegistered)
