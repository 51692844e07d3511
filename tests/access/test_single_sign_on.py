"""Single sign-on: whom an issuer's subject stands for, and who is nobody here."""

import pytest

from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import gateway_identity
from lastmile.kernel.store.service import Service
from services.access.subject import SubjectIsLinked
from tests.access.door import ADMINISTRATOR, ELSEWHERE, FIRST, HERE, THERE, Door, hashed

ISSUER, SUBJECT = "https://id.example", "a8f5-li"
LINK = {"person_id": "li", "issuer": ISSUER, "subject": SUBJECT}


def arrive(door: Door, subject: str = SUBJECT, at: str = HERE) -> tuple[str, str]:
    session_id = f"o{next(door.numbers)}"
    token = f"token of {session_id}"
    body = {"issuer": ISSUER, "subject": subject, "address": ELSEWHERE}
    opening = {"session_id": session_id, "token_hash": hashed(token), **body}
    (outcome,) = door.tell("SignInBySubject", gateway_identity(), at, **opening)["event_types"]
    return outcome, token


def test_a_linked_subject_signs_in_as_its_person_and_needs_no_first_change(door: Door) -> None:
    door.register()
    door.open_account(password=FIRST)
    door.tell("LinkSubject", ADMINISTRATOR, **LINK)
    outcome, token = arrive(door)
    assert outcome == "SignedIn"
    shown = door.session(token)
    assert (shown["person_id"], shown["role"], shown["must_change_password"]) == ("li", "clerk", False)


def test_an_unlinked_subject_is_refused_and_recorded(door: Door) -> None:
    door.settled()
    assert arrive(door)[0] == "UnknownSignInRefused"
    door.tell("LinkSubject", ADMINISTRATOR, **LINK)
    assert arrive(door, at=THERE)[0] == "UnknownSignInRefused"
    door.tell("UnlinkSubject", ADMINISTRATOR, issuer=ISSUER, subject=SUBJECT)
    assert arrive(door)[0] == "UnknownSignInRefused"
    listed = door.ask("sign_ins_list", ADMINISTRATOR)
    assert [(row["way"], row["outcome"]) for row in listed["rows"]] == [("single_sign_on", "unknown_name")] * 2


def test_a_closed_account_has_no_way_in_by_single_sign_on_either(door: Door) -> None:
    door.settled()
    door.tell("LinkSubject", ADMINISTRATOR, **LINK)
    door.tell("CloseAccount", ADMINISTRATOR, person_id="li", ground="left the station")
    assert arrive(door)[0] == "SignInRefused"


def test_a_subject_stands_for_one_person(door: Door) -> None:
    door.settled()
    door.settled("zhao", "cashier")
    door.tell("LinkSubject", ADMINISTRATOR, **LINK)
    assert door.tell("LinkSubject", ADMINISTRATOR, **LINK)["event_types"] == []
    assert isinstance(door.refusal("LinkSubject", ADMINISTRATOR, **LINK | {"person_id": "zhao"}), SubjectIsLinked)
    door.register("qian", "clerk", THERE)
    door.open_account("qian", THERE)
    assert isinstance(door.refusal("LinkSubject", at=THERE, **LINK | {"person_id": "qian"}), SubjectIsLinked)


def test_a_person_without_an_account_is_linked_to_nothing(door: Door) -> None:
    door.register()
    assert isinstance(door.refusal("LinkSubject", ADMINISTRATOR, **LINK), NotFound)


def test_the_subjects_station_is_found_by_the_gateway_alone(door: Door) -> None:
    door.settled()
    door.tell("LinkSubject", ADMINISTRATOR, **LINK)
    asked = {"issuer": ISSUER, "subject": SUBJECT}
    assert door.ask("station_of", gateway_identity(), THERE, **asked) == {"station": HERE}
    with pytest.raises(Forbidden):
        door.ask("station_of", ADMINISTRATOR, **asked)
    for asked in ({}, {"issuer": ISSUER}, {"client_id": "city", "issuer": ISSUER, "subject": SUBJECT}):
        with pytest.raises(Invalid):
            door.ask("station_of", gateway_identity(), **asked)


def test_the_subject_stands_nowhere_in_clear(door: Door, access: Service) -> None:
    door.settled()
    door.tell("LinkSubject", ADMINISTRATOR, **LINK)
    arrive(door, "b7-nobody")
    kept = b"".join(access.entries(f"{HERE}/access", 0, 1_000))
    assert SUBJECT.encode() not in kept
    assert b"b7-nobody" not in kept
