"""Whoever recovers an account cannot act with it: its second factor confirms nothing until somebody else agrees."""

from datetime import date

import pytest

from lastmile.kernel.domain.failures import Failure, Forbidden
from lastmile.kernel.domain.identity import Role
from services.access.api import HANDLERS
from services.access.recovery import (
    AgreeToRecovery,
    NothingEnrolledYet,
    Recovery,
    RecoveryAgreed,
    RecoveryNotAgreed,
    SelfRecovery,
)
from tests.access.door import ADMINISTRATOR, CHAIR, FIRST, OWN, Door, oneself
from tests.spec import Spec

DAY = date(2017, 6, 1)
TAKEN = "words of the thief"
SECOND = oneself("qian", Role.ADMINISTRATOR)
spec = Spec(HANDLERS)
AGREE = AgreeToRecovery(person_id="li", by="zhang", today=DAY)
WAITS = Recovery(waits=True, hands=frozenset({"wang"}), enrolled=True)


def test_somebody_who_had_no_hand_in_it_agrees_once_a_second_factor_is_enrolled() -> None:
    spec.knowing(WAITS).when(AGREE).then(RecoveryAgreed(person_id="li", agreed_by="zhang", occurred_on=DAY))
    spec.knowing(Recovery(waits=False)).when(AGREE).then_nothing()
    for by in ("wang", "li"):
        spec.knowing(WAITS).when(AgreeToRecovery(person_id="li", by=by, today=DAY)).then_refused(SelfRecovery)
    not_yet = Recovery(waits=True, hands=frozenset({"wang"}))
    spec.knowing(not_yet).when(AGREE).then_refused(NothingEnrolledYet)


def reset(door: Door) -> None:
    door.tell("ResetAccount", ADMINISTRATOR, person_id="li", first_password=FIRST, ground="forgot it")


def waive(door: Door) -> None:
    door.tell("WaiveSecondFactor", ADMINISTRATOR, person_id="li", ground="lost the telephone")


def taken_over(door: Door) -> str:
    """The session of whoever knows the password that was set anew, with a second factor of their own."""
    door.tell("ChangePassword", oneself("li"), old=FIRST, new=TAKEN)
    door.clock.move(seconds=30)
    door.enrol()
    return door.sign_in(password=TAKEN)


def refused_code(door: Door, token: str) -> type[Failure]:
    with pytest.raises(Failure) as refusal:
        door.give(token, door.code())
    assert door.identity(token).confirmed_until == ""
    return refusal.type


@pytest.mark.parametrize("steps", [(reset, waive), (waive, reset)])
def test_who_resets_an_account_and_waives_its_second_factor_confirms_nothing_with_it(door: Door, steps: object) -> None:
    door.settled()
    door.enrol()
    for step in steps:  # type: ignore[attr-defined]
        step(door)
    token = taken_over(door)
    assert refused_code(door, token) is RecoveryNotAgreed
    assert isinstance(door.refusal("AgreeToRecovery", ADMINISTRATOR, person_id="li"), SelfRecovery)
    assert isinstance(door.refusal("AgreeToRecovery", oneself("li", Role.CHAIR), person_id="li"), SelfRecovery)
    assert isinstance(door.refusal("AgreeToRecovery", oneself("sun"), person_id="li"), Forbidden)
    assert refused_code(door, token) is RecoveryNotAgreed
    door.tell("AgreeToRecovery", CHAIR, person_id="li")
    assert door.give(token, door.code()) == "SecondFactorGiven"


def test_an_account_without_a_second_factor_is_not_taken_over_by_a_reset(door: Door) -> None:
    door.settled()
    reset(door)
    token = taken_over(door)
    assert refused_code(door, token) is RecoveryNotAgreed
    door.tell("AgreeToRecovery", SECOND, person_id="li")
    assert door.give(token, door.code()) == "SecondFactorGiven"


def test_nor_by_closing_it_and_opening_it_again(door: Door) -> None:
    door.settled()
    door.tell("CloseAccount", ADMINISTRATOR, person_id="li", ground="left")
    body = {"person_id": "li", "account_name": "li.account", "first_password": FIRST}
    door.tell("OpenAccount", ADMINISTRATOR, **body)
    assert refused_code(door, taken_over(door)) is RecoveryNotAgreed


def test_nor_by_linking_it_to_somebody_elses_single_sign_on(door: Door) -> None:
    door.settled()
    door.sign_in()
    door.tell("LinkSubject", ADMINISTRATOR, person_id="li", issuer="https://id.example", subject="wang")
    door.enrol()
    assert refused_code(door, door.sign_in()) is RecoveryNotAgreed


def test_who_links_single_sign_on_to_an_account_nobody_has_used_yet_opens_it(door: Door) -> None:
    door.settled()
    door.tell("LinkSubject", ADMINISTRATOR, person_id="li", issuer="https://id.example", subject="li")
    door.enrol()
    assert door.give(door.sign_in(), door.code()) == "SecondFactorGiven"


def test_whoever_still_has_the_old_second_factor_needs_nobody_to_agree(door: Door) -> None:
    door.settled()
    door.enrol()
    reset(door)
    door.tell("ChangePassword", oneself("li"), old=FIRST, new=OWN)
    token = door.sign_in()
    assert door.give(token, door.code()) == "SecondFactorGiven"
    door.clock.move(seconds=30)
    door.tell("RemoveSecondFactor", oneself("li", confirmed_until="9999-12-31T00:00:00Z"))
    door.enrol()
    assert door.give(token, door.code()) == "SecondFactorGiven"


def test_nobody_agrees_before_the_person_enrolled_a_second_factor(door: Door) -> None:
    door.settled()
    door.enrol()
    waive(door)
    assert isinstance(door.refusal("AgreeToRecovery", CHAIR, person_id="li"), NothingEnrolledYet)
    assert door.ask("recoveries_waiting", CHAIR) == {"rows": [], "count": 0}


def test_what_was_agreed_to_does_not_cover_the_next_recovery(door: Door) -> None:
    door.settled()
    door.enrol()
    waive(door)
    door.clock.move(seconds=30)
    door.enrol()
    door.tell("AgreeToRecovery", CHAIR, person_id="li")
    waive(door)
    door.clock.move(seconds=30)
    door.enrol()
    assert refused_code(door, door.sign_in()) is RecoveryNotAgreed


def test_it_waits_for_those_who_may_agree_and_shows_its_steps(door: Door) -> None:
    door.settled()
    door.enrol()
    reset(door)
    waive(door)
    taken_over(door)
    steps = [
        {"step": "reset", "done_by": "wang", "done_on": "2017-06-01"},
        {"step": "waived", "done_by": "wang", "done_on": "2017-06-01"},
    ]
    assert door.ask("recoveries_waiting", CHAIR)["rows"] == [{"person_id": "li", "name": "li 某", "steps": steps}]
    assert door.ask("person", CHAIR, person_id="li")["recovery"] == steps
    for by in (ADMINISTRATOR, oneself("li", Role.STATION_HEAD)):
        assert door.ask("recoveries_waiting", by)["count"] == 0
    door.tell("AgreeToRecovery", CHAIR, person_id="li")
    assert door.ask("recoveries_waiting", CHAIR)["count"] == 0
    assert door.ask("person", CHAIR, person_id="li")["recovery"] == []
    agreed = door.ask("history", CHAIR, aggregate="recovery", key="li")["events"]
    assert [(event["type"], event["actor"]) for event in agreed] == [("RecoveryAgreed", "zhang")]


def test_a_session_says_that_its_recovery_waits(door: Door) -> None:
    door.settled()
    reset(door)
    token = taken_over(door)
    assert door.session(token)["recovery_waits"] is True
    door.tell("AgreeToRecovery", CHAIR, person_id="li")
    assert door.session(token)["recovery_waits"] is False


def test_the_same_code_is_good_where_nothing_was_recovered(door: Door) -> None:
    """The control of every refusal above: neither reset nor waived, it counts."""
    door.settled()
    door.enrol()
    assert door.give(door.sign_in(), door.code()) == "SecondFactorGiven"
