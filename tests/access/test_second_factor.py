"""The second factor: enrolled by its person, good for five minutes, each code once, guessing slowed."""

from datetime import date

import pytest

from lastmile.kernel.domain.failures import ConfirmationNeeded, Invalid, NotFound
from lastmile.kernel.domain.identity import gateway_identity
from services.access.account import AccountReset
from services.access.second_factor import AlreadyEnrolled, NoSecondFactor, OwnSecondFactor
from services.access.slowing import CODES_PER_HOUR, SlowDown
from tests.access.door import ADMINISTRATOR, SECRET, Door, oneself

DAY = date(2017, 6, 1)
CONFIRMED = "2017-06-01T02:05:30.000000Z"


def test_a_right_code_confirms_for_five_minutes(door: Door) -> None:
    door.settled()
    door.enrol()
    token = door.sign_in()
    assert door.identity(token).confirmed_until == ""
    assert door.give(token, door.code()) == "SecondFactorGiven"
    assert door.session(token)["confirmed_until"] == CONFIRMED
    door.identity(token).confirmed("Approve", {"Approve"}, door.clock())
    door.clock.move(minutes=5)
    with pytest.raises(ConfirmationNeeded):
        door.identity(token).confirmed("Approve", {"Approve"}, door.clock())
    assert door.session(token)["confirmed_until"] == ""


def test_another_session_of_the_same_person_is_not_confirmed_by_it(door: Door) -> None:
    door.settled()
    door.enrol()
    one, other = door.sign_in(), door.sign_in()
    door.give(one, door.code())
    assert door.session(other)["confirmed_until"] == ""


def test_a_code_counts_once_in_whatever_session(door: Door) -> None:
    door.settled()
    enrolled_with = door.code()
    door.enrol()
    one, other = door.sign_in(), door.sign_in()
    assert door.give(one, enrolled_with) == "SecondFactorRefused"
    code = door.code()
    assert door.give(one, code) == "SecondFactorGiven"
    assert door.give(one, code) == "SecondFactorRefused"
    assert door.give(other, code) == "SecondFactorRefused"
    door.clock.move(seconds=30)
    assert door.give(other, code) == "SecondFactorRefused"
    assert door.give(other, door.code()) == "SecondFactorGiven"


@pytest.mark.parametrize(("seconds", "outcome"), [(-60, "SecondFactorRefused"), (-30, "SecondFactorGiven")])
def test_a_telephones_clock_may_be_half_a_minute_off(door: Door, seconds: int, outcome: str) -> None:
    door.settled()
    door.enrol()
    door.clock.move(minutes=10)
    token = door.sign_in()
    early = door.code()
    door.clock.move(seconds=-seconds)
    assert door.give(token, early) == outcome
    door.clock.move(seconds=seconds * 2)
    assert door.give(token, door.code()) == "SecondFactorGiven"


def test_one_enrols_for_oneself_with_a_code_that_works(door: Door) -> None:
    door.settled()
    body = {"person_id": "li", "secret": SECRET}
    assert isinstance(door.refusal("EnrolSecondFactor", oneself("li"), code="000000", **body), Invalid)
    assert isinstance(door.refusal("EnrolSecondFactor", oneself("zhao"), code=door.code(), **body), OwnSecondFactor)
    door.enrol()
    assert isinstance(door.refusal("EnrolSecondFactor", oneself("li"), code=door.code(), **body), AlreadyEnrolled)
    door.register("zhao", "cashier")
    without = body | {"person_id": "zhao"}
    assert isinstance(door.refusal("EnrolSecondFactor", oneself("zhao"), code=door.code(), **without), NotFound)


def test_it_is_removed_with_a_code_given_lately_or_waived_on_a_ground(door: Door) -> None:
    door.settled()
    door.enrol()
    token = door.sign_in()
    assert isinstance(door.refusal("RemoveSecondFactor", oneself("li")), ConfirmationNeeded)
    assert isinstance(
        door.refusal("WaiveSecondFactor", oneself("li", ADMINISTRATOR.role), person_id="li", ground="lost"),
        OwnSecondFactor,
    )
    door.give(token, door.code())
    removed = door.tell("RemoveSecondFactor", oneself("li", confirmed_until=CONFIRMED))
    assert removed["event_types"] == ["SecondFactorRemoved"]
    assert door.session(token)["confirmed_until"] == ""
    door.clock.move(minutes=1)
    door.enrol()
    waived = door.tell("WaiveSecondFactor", ADMINISTRATOR, person_id="li", ground="lost the telephone")
    assert waived["event_types"] == ["SecondFactorRemoved"]
    assert not door.session(token)["has_second_factor"]
    refusal = door.refusal("GiveSecondFactor", gateway_identity(), session_id=token[9:], code=door.code())
    assert isinstance(refusal, NoSecondFactor)


def test_no_code_revives_a_session_that_is_over(door: Door) -> None:
    door.settled()
    door.enrol()
    token = door.sign_in()
    door.tell("SignOut", gateway_identity(), session_id=token[9:])
    refusal = door.refusal("GiveSecondFactor", gateway_identity(), session_id=token[9:], code=door.code())
    assert isinstance(refusal, NotFound)


def test_guessing_codes_is_slowed_in_a_session_and_over_all_of_them(door: Door) -> None:
    door.settled()
    door.enrol()
    token = door.sign_in()
    assert [door.give(token, "000000") for _ in range(3)] == ["SecondFactorRefused"] * 3
    slowed = door.refusal("GiveSecondFactor", gateway_identity(), session_id=token[9:], code=door.code())
    assert isinstance(slowed, SlowDown)
    for _ in range((CODES_PER_HOUR - 3) // 3 + 1):
        fresh = door.sign_in()
        given = 0
        while given < 3:
            try:
                door.give(fresh, "000000")
            except SlowDown:
                break
            given += 1
    last = door.refusal("GiveSecondFactor", gateway_identity(), session_id=door.sign_in()[9:], code=door.code())
    assert isinstance(last, SlowDown)
    door.clock.move(hours=1)
    assert door.give(door.sign_in(), door.code()) == "SecondFactorGiven"


def test_a_reset_of_the_password_leaves_the_second_factor(door: Door) -> None:
    door.settled()
    door.enrol()
    body = {"person_id": "li", "first_password": "another first one", "ground": "forgot it"}
    assert door.tell("ResetAccount", ADMINISTRATOR, **body)["event_types"] == [AccountReset.__name__]
    assert door.session(door.sign_in(password="another first one"))["has_second_factor"]
