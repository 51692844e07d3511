"""Standing in: named by the chair, from a day to a day, and never a way around four eyes."""

from datetime import date

import pytest

from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import Identity, Role
from services.access.api import HANDLERS
from services.access.role import AdministratorsHandleNoMoney, Grantee, RoleGranted
from services.access.stand_in import (
    EndStandIn,
    NameStandIn,
    OwnStandIn,
    StandInEnded,
    StandInNamed,
    StandsInAlready,
    StoodInFor,
)
from tests.access.door import CHAIR, FOR_EVER, HERE, OPERATOR, THERE, Door
from tests.spec import Spec

TODAY, MONDAY, FRIDAY = date(2017, 6, 1), date(2017, 6, 5), date(2017, 6, 9)
spec = Spec(HANDLERS)
known = spec.knowing(Grantee(registered=True))


def name(
    role: StoodInFor = "chair", start: date = MONDAY, end: date = FRIDAY, by: str = "zhang", today: date = TODAY
) -> NameStandIn:
    return NameStandIn(person_id="li", role=role, valid_from=start, valid_to=end, by=by, today=today)


def named(role: StoodInFor = "chair") -> StandInNamed:
    return StandInNamed(
        person_id="li", role=role, valid_from=MONDAY, valid_to=FRIDAY, named_by="zhang", occurred_on=TODAY
    )


ENDED = StandInEnded(person_id="li", role="chair", occurred_on=TODAY)


def test_a_stand_in_is_named_for_days_to_come_once() -> None:
    known.when(name()).then(named())
    known.given(named()).when(name()).then_nothing()
    known.given(named()).when(name(end=date(2017, 6, 30))).then_refused(StandsInAlready)
    spec.knowing(Grantee(registered=False)).when(name()).then_refused(NotFound)


def test_after_the_last_day_a_person_is_named_again() -> None:
    later = name(start=date(2017, 7, 3), end=date(2017, 7, 7), today=date(2017, 7, 1))
    again = StandInNamed(
        person_id="li",
        role="chair",
        valid_from=date(2017, 7, 3),
        valid_to=date(2017, 7, 7),
        named_by="zhang",
        occurred_on=date(2017, 7, 1),
    )
    known.given(named()).when(later).then(again)


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2017, 5, 31), FRIDAY), (FRIDAY, MONDAY), (MONDAY, date(2018, 6, 5))],
    ids=["before today", "backwards", "a year"],
)
def test_the_days_make_sense(start: date, end: date) -> None:
    known.when(name(start=start, end=end)).then_refused(Invalid)


def test_nobody_names_themselves() -> None:
    known.when(name(by="li")).then_refused(OwnStandIn)


def test_who_administers_anywhere_stands_in_for_nobody() -> None:
    administers = spec.knowing(Grantee(registered=True, held_elsewhere=frozenset({"administrator"})))
    administers.when(name()).then_refused(AdministratorsHandleNoMoney)


def test_standing_in_is_ended_once_before_or_within_its_days() -> None:
    end = EndStandIn(person_id="li", role="chair", today=TODAY)
    spec.given(named()).when(end).then(ENDED)
    spec.given(named(), ENDED).when(end).then_nothing()
    spec.given(named()).when(EndStandIn(person_id="li", role="chair", today=date(2017, 6, 10))).then_nothing()
    known.given(named(), ENDED).when(name()).then(named())


def test_the_role_is_held_on_its_days_alone(door: Door) -> None:
    door.settled()
    days = {"valid_from": "2017-06-02", "valid_to": "2017-06-03"}
    door.tell("NameStandIn", CHAIR, person_id="li", role="chair", **days)
    seen = {}
    for day in ("01", "02", "03", "04"):
        token = door.sign_in()
        seen[day] = [(r["role"], r["until"]) for r in door.session(token)["roles"]]
        assert door.identity(token).role is Role.CLERK
        if day in ("02", "03"):
            assert door.identity(token, role="chair") == Identity(
                "li", Role.CHAIR, HERE, door.identity(token).expires_at
            )
        else:
            with pytest.raises(Forbidden):
                door.identity(token, role="chair")
        door.clock.move(days=1)
    own, both = [("clerk", "")], [("clerk", ""), ("chair", "2017-06-03")]
    assert seen == {"01": own, "02": both, "03": both, "04": own}


def test_only_the_chair_names_stand_ins_and_those_who_lead_see_them(door: Door) -> None:
    door.settled()
    days = {"valid_from": "2017-06-02", "valid_to": "2017-06-03"}
    for role in (Role.VICE_CHAIR, Role.STATION_HEAD, Role.ADMINISTRATOR, Role.OPERATOR):
        by = Identity("xu", role, HERE, FOR_EVER)
        assert isinstance(door.refusal("NameStandIn", by, person_id="li", role="chair", **days), Forbidden)
    door.tell("NameStandIn", CHAIR, person_id="li", role="chair", **days)
    (term,) = door.ask("stand_ins", Identity("xu", Role.STATION_HEAD, HERE, FOR_EVER))["stand_ins"]
    assert term == {"person_id": "li", "role": "chair", "named_by": "zhang", **days}


def test_who_stands_in_for_money_at_one_station_administers_no_other(door: Door) -> None:
    door.settled()
    door.register("li", "", THERE)
    days = {"valid_from": "2017-06-02", "valid_to": "2017-06-03"}
    door.tell("NameStandIn", CHAIR, person_id="li", role="cashier", **days)
    door.tell("RevokeRole", person_id="li", role="clerk", occurred_on="2017-06-01")
    granting = {"person_id": "li", "role": "administrator", "occurred_on": "2017-06-01"}
    assert isinstance(door.refusal("GrantRole", OPERATOR, THERE, **granting), AdministratorsHandleNoMoney)
    door.tell("EndStandIn", CHAIR, person_id="li", role="cashier")
    door.tell("GrantRole", OPERATOR, THERE, **granting)
    refusal = door.refusal("NameStandIn", CHAIR, person_id="li", role="cashier", **days)
    assert isinstance(refusal, AdministratorsHandleNoMoney)


def test_a_stand_in_granted_both_ways_at_once_handles_no_money_all_the_same(door: Door) -> None:
    """Two logs have two locks; what slipped in between them gives no identity."""
    door.settled()
    granted = RoleGranted(person_id="li", role="administrator", occurred_on=date(2017, 1, 2))
    from services.access.views.roles_held import roles_held

    with door.access.database.write() as connection:
        row = {"person_id": granted.person_id, "station": THERE, "role": granted.role, "community": ""}
        connection.execute(roles_held.insert(), row)
    token = door.sign_in()
    assert door.identity(token).role is Role.ADMINISTRATOR
    with pytest.raises(Forbidden):
        door.identity(token, role="clerk")
