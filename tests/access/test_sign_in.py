"""Signing in: the right password lets in, every refusal is recorded, and none tells why."""

import pytest

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.failures import Conflict, Forbidden, Unauthenticated
from lastmile.kernel.domain.identity import Identity, Role, gateway_identity
from lastmile.kernel.store.service import Service
from tests.access.door import ADMINISTRATOR, FIRST, HERE, HOME, OWN, THERE, Door, oneself


def entries(access: Service) -> list[Entry]:
    return [Entry.from_bytes(data) for data in access.entries(f"{HERE}/access", 0, 1_000)]


def test_the_right_password_begins_a_session_with_an_identity_in_the_persons_role(door: Door) -> None:
    door.settled()
    shown = door.session(token := door.sign_in())
    assert (shown["person_id"], shown["name"], shown["account_name"]) == ("li", "li 某", "li.account")
    assert (shown["station"], shown["role"], shown["community"]) == (HERE, "clerk", "")
    assert shown["roles"] == [{"station": HERE, "role": "clerk", "community": "", "until": ""}]
    assert door.identity(token) == Identity("li", Role.CLERK, HERE, "2017-06-01T02:10:00Z")


def test_a_name_is_found_however_it_is_typed(door: Door) -> None:
    door.settled()
    body = {"session_id": "s", "token_hash": "0" * 64, "password": OWN, "address": HOME}
    answer = door.tell("SignIn", gateway_identity(), account_name="  LI.Account ", **body)
    assert answer["event_types"] == ["SignedIn"]


@pytest.mark.parametrize("password", ["own words, well kep", FIRST, " " + OWN])
def test_a_wrong_password_is_refused_and_recorded(door: Door, password: str) -> None:
    door.settled()
    outcome, token = door.knock(password=password)
    assert outcome == "SignInRefused"
    with pytest.raises(Unauthenticated):
        door.session(token)


def test_an_unknown_name_is_refused_and_recorded_without_the_name(door: Door, access: Service) -> None:
    outcome, _ = door.knock("nobody")
    assert outcome == "UnknownSignInRefused"
    assert b"nobody" not in b"".join(access.entries(f"{HERE}/access", 0, 1_000))


def test_whoever_closed_has_no_way_in(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    door.tell("CloseAccount", ADMINISTRATOR, person_id="li", ground="left the station")
    with pytest.raises(Unauthenticated):
        door.session(token)
    assert door.knock()[0] == "SignInRefused"


def test_an_account_is_of_one_station(door: Door) -> None:
    door.settled()
    assert door.knock(station=THERE)[0] == "UnknownSignInRefused"


def test_only_the_gateway_lets_people_in(door: Door) -> None:
    for role in (Role.ADMINISTRATOR, Role.CHAIR, Role.OPERATOR, Role.CITY_SYSTEM):
        by = Identity("wang", role, HERE, "9999-12-31T00:00:00Z")
        assert isinstance(door.refusal("SignIn", by), Forbidden)
        with pytest.raises(Forbidden):
            door.ask("session", by, token_hash="0" * 64)


def test_a_session_id_is_used_once(door: Door) -> None:
    door.settled()
    door.knock(password="a wrong one", session_id="s")
    with pytest.raises(Conflict):
        door.knock(session_id="s")


def test_what_is_typed_at_the_door_stands_nowhere_in_clear(door: Door, access: Service) -> None:
    door.settled()
    door.enrol()
    token = door.sign_in(device="my telephone")
    door.give(token, door.code())
    door.knock(password="a wrong one", address="192.0.2.77")
    with access.database.read() as connection:
        rows = [
            tuple(row) for table in access.definition.tables.sorted_tables for row in connection.execute(table.select())
        ]
    kept = repr(rows) + repr(access.entries(f"{HERE}/access", 0, 1_000))
    for secret in (OWN, FIRST, "a wrong one", token, "my telephone", "192.0.2.77", HOME, "li.account", "JBSWY3", "某"):
        assert secret not in kept
    assert "$argon2id$" not in kept


def test_everybody_sees_their_own_sign_ins_and_the_administrator_the_stations(door: Door) -> None:
    door.settled()
    door.settled("zhao", "cashier")
    door.sign_in()
    door.clock.move(seconds=1)
    door.knock("zhao", "a wrong one", address="192.0.2.77")
    door.clock.move(seconds=1)
    door.knock("nobody")
    everything = door.ask("sign_ins_list", ADMINISTRATOR)
    assert [(r["person_id"], r["outcome"], r["address"]) for r in everything["rows"]] == [
        ("li", "signed_in", HOME),
        ("zhao", "wrong_password", "192.0.2.77"),
        ("", "unknown_name", ""),
    ]
    assert everything["rows"][0]["name"] == "li 某"
    own = door.ask("sign_ins_list", oneself("zhao", Role.CASHIER))
    assert [row["person_id"] for row in own["rows"]] == ["zhao"]
    refused = door.ask("sign_ins_list", ADMINISTRATOR, outcome="refused")
    assert refused["count"] == 2
