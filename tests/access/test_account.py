"""Accounts: opened, changed, reset on a ground, closed; what a password must be."""

from dataclasses import replace
from datetime import date

import pytest

from lastmile.composition import definition_of
from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound, Unauthenticated
from lastmile.kernel.domain.identity import Role
from lastmile.settings import SERVICES
from services.access.account import (
    AccountClosed,
    AccountIsClosed,
    AccountNameTaken,
    AccountOpened,
    AccountReset,
    CloseAccount,
    OneAccountAPerson,
    OpenAccount,
    Opening,
    PasswordChanged,
    PasswordChangeRefused,
)
from services.access.api import HANDLERS
from services.access.password_change import ChangePassword, Changing, OwnAccount, ResetAccount
from services.access.password_rule import what_is_wrong
from services.access.slowing import SlowDown
from tests.access.door import ADMINISTRATOR, FIRST, HERE, OWN, THERE, Door, oneself
from tests.spec import Spec

DAY = date(2017, 6, 1)
AT = "2017-06-01T02:00:00.000000Z"
CHANGING = "ChangePassword"
spec = Spec(HANDLERS)

OPEN = OpenAccount(person_id="li", account_name="li.account", first_password=FIRST, today=DAY)
OPENED = AccountOpened(
    person_id="li", account_name="li.account", name_token="token", password_hash="hash", occurred_on=DAY
)
CHANGE = ChangePassword(old=FIRST, new=OWN, session_id="s", by="li", today=DAY)
CHANGED = PasswordChanged(person_id="li", password_hash="new hash", occurred_on=DAY)
RESET = ResetAccount(person_id="li", first_password=FIRST, ground="forgot it", by="wang", today=DAY)
CLOSE = CloseAccount(person_id="li", ground="left", today=DAY)
CLOSED = AccountClosed(person_id="li", ground="left", occurred_on=DAY)


def opening(*, registered: bool = True, elsewhere: bool = False, name_taken: bool = False) -> Opening:
    return Opening(registered, elsewhere, name_taken, name_token="token", password_hash="hash")


def changing(*, right: bool = True, keeps: bool = False, now: str = AT) -> Changing:
    return Changing("li.account", "new hash", now, right, keeps)


def test_a_registered_person_has_one_account() -> None:
    spec.knowing(opening()).when(OPEN).then(OPENED)
    spec.given(OPENED).knowing(opening()).when(OPEN).then_nothing()
    spec.knowing(opening(registered=False)).when(OPEN).then_refused(NotFound)
    spec.knowing(opening(elsewhere=True)).when(OPEN).then_refused(OneAccountAPerson)


def test_an_account_name_is_one_persons() -> None:
    spec.knowing(opening(name_taken=True)).when(OPEN).then_refused(AccountNameTaken)


def test_a_closed_account_is_opened_anew() -> None:
    spec.given(OPENED).when(CLOSE).then(CLOSED)
    spec.given(OPENED, CLOSED).when(CLOSE).then_nothing()
    spec.given(OPENED, CLOSED).knowing(opening()).when(OPEN).then(replace(OPENED, again=True))


def test_whoever_knows_the_old_password_chooses_another() -> None:
    account = spec.given(OPENED)
    account.knowing(changing()).when(CHANGE).then(CHANGED)
    kept = PasswordChanged(person_id="li", password_hash="new hash", kept_session="s", occurred_on=DAY)
    account.knowing(changing(keeps=True)).when(CHANGE).then(kept)
    refused = PasswordChangeRefused(person_id="li", at=AT, occurred_on=DAY)
    account.knowing(changing(right=False)).when(CHANGE).then(refused)


def test_nobody_changes_the_password_of_no_account_or_a_closed_one() -> None:
    spec.knowing(changing()).when(CHANGE).then_refused(NotFound)
    spec.given(OPENED, CLOSED).knowing(changing()).when(CHANGE).then_refused(AccountIsClosed)


def test_the_new_password_is_another_one() -> None:
    same = ChangePassword(old=OWN, new=OWN, by="li", today=DAY)
    spec.given(OPENED).knowing(changing()).when(same).then_refused(Invalid)


def test_guessing_the_old_password_is_slowed() -> None:
    refused = PasswordChangeRefused(person_id="li", at=AT, occurred_on=DAY)
    slowed = spec.given(OPENED, refused, refused, refused)
    slowed.knowing(changing()).when(CHANGE).then_refused(SlowDown)
    slowed.knowing(changing(now="2017-06-01T02:00:05.000000Z")).when(CHANGE).then(CHANGED)


def test_recovery_is_recorded_with_its_ground_and_never_ones_own() -> None:
    reset = AccountReset(person_id="li", password_hash="new hash", ground="forgot it", occurred_on=DAY)
    spec.given(OPENED).knowing(changing()).when(RESET).then(reset)
    spec.knowing(changing()).when(RESET).then_refused(NotFound)
    spec.given(OPENED, CLOSED).knowing(changing()).when(RESET).then_refused(AccountIsClosed)
    own = ResetAccount(person_id="li", first_password=FIRST, ground="forgot it", by="li", today=DAY)
    spec.given(OPENED).knowing(changing()).when(own).then_refused(OwnAccount)


@pytest.mark.parametrize("password", ["short one", "li.account", "Li.Account2017", "1234567890", "aaaaaaaaaaaa"])
def test_a_password_that_others_try_first_is_refused(password: str) -> None:
    assert what_is_wrong(password, "li.account")
    asked = OpenAccount(person_id="li", account_name="li.account", first_password=password, today=DAY)
    spec.knowing(opening()).when(asked).then_refused(Invalid)


@pytest.mark.parametrize(
    "password", ["ten letter", "只要够长就可以用", "tianyingmenkuangguangnei", "广安门内街道总工会服务站"]
)
def test_length_is_all_that_is_asked(password: str) -> None:
    assert bool(what_is_wrong(password, "li.account")) == (len(password) < 10)


def test_the_first_password_must_be_changed_and_the_change_keeps_one_session(door: Door) -> None:
    door.register()
    door.open_account()
    token, other = door.sign_in(password=FIRST, session_id="s"), door.sign_in(password=FIRST)
    assert door.session(token)["must_change_password"]
    changed = door.tell("ChangePassword", oneself("li"), old=FIRST, new=OWN, session_id="s")
    assert changed["event_types"] == ["PasswordChanged"]
    assert not door.session(token)["must_change_password"]
    with pytest.raises(Unauthenticated):
        door.session(other)
    assert door.knock(password=FIRST)[0] == "SignInRefused"
    door.sign_in()


def test_until_the_first_password_is_changed_nobody_acts_in_a_role(door: Door) -> None:
    door.register()
    door.register("li", "cashier", THERE)
    door.open_account()
    token = door.sign_in(password=FIRST, session_id="s")
    assert {door.identity(token, station=station).role for station in (HERE, THERE)} == {Role.NEWCOMER}
    newcomer = door.identity(token)
    for service in map(definition_of, SERVICES):
        assert not [name for name, roles in service.permissions.items() if Role.NEWCOMER in roles and name != CHANGING]
    with pytest.raises(Forbidden):
        door.ask("sessions", newcomer)
    door.tell(CHANGING, newcomer, old=FIRST, new=OWN, session_id="s")
    assert door.identity(token).role is Role.CLERK
    door.tell("ResetAccount", ADMINISTRATOR, person_id="li", first_password="another first one", ground="forgot it")
    assert door.identity(door.sign_in(password="another first one")).role is Role.NEWCOMER


def test_nobody_keeps_anothers_session_through_a_change(door: Door) -> None:
    door.settled()
    door.settled("zhao", "cashier")
    anothers = door.sign_in("zhao", session_id="z")
    door.tell("EndSession", oneself("zhao", ADMINISTRATOR.role), session_id="z")
    door.tell("ChangePassword", oneself("li"), old=OWN, new="quite another one", session_id="z")
    with pytest.raises(Unauthenticated):
        door.session(anothers)


def test_a_reset_ends_every_session_and_asks_for_a_change_again(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    door.tell("ResetAccount", ADMINISTRATOR, person_id="li", first_password="another first one", ground="forgot it")
    with pytest.raises(Unauthenticated):
        door.session(token)
    assert door.knock()[0] == "SignInRefused"
    assert door.session(door.sign_in(password="another first one"))["must_change_password"]


def test_a_person_with_two_stations_has_one_account(door: Door) -> None:
    door.settled()
    door.register("li", "cashier", THERE)
    body = {"person_id": "li", "account_name": "li.there", "first_password": FIRST}
    assert isinstance(door.refusal("OpenAccount", at=THERE, **body), OneAccountAPerson)
    token = door.sign_in()
    assert door.identity(token).station == HERE
    assert (door.identity(token, station=THERE).station, door.identity(token, station=THERE).role) == (THERE, "cashier")


def test_two_stations_may_have_the_same_account_name(door: Door) -> None:
    door.settled()
    door.register("qian", "clerk", THERE)
    door.tell("OpenAccount", at=THERE, person_id="qian", account_name="li.account", first_password=FIRST)
    body = {"person_id": "zhao", "account_name": "li.account", "first_password": FIRST}
    door.register("zhao", "clerk")
    assert isinstance(door.refusal("OpenAccount", **body), AccountNameTaken)
