"""Who may do what in relief, and who had a hand in it and so may not."""

import pytest

from lastmile.kernel.domain.failures import Forbidden
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from services.relief.api import RELIEF
from services.relief.rules import SelfInterest, SelfPayment, SelfPolicy
from tests.relief.station import CODE, Body, Station


def test_who_had_a_hand_in_a_grant_does_not_pay_it_in_another_role(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    for person in ("clerk", "head", "chair"):
        with pytest.raises(SelfPayment):
            station.tell("EnterPayment", by=person, application_id="a1", pay_list_id="list-1", occurred_on="2017-01-19")


def test_who_stated_the_policy_or_opened_the_fund_does_not_approve(station: Station) -> None:
    station.tell("OpenFund", by="rich", fund_id="second", programme="warmth", source="own", budget_fen=1_000_000)
    station.walk("a1", until="CloseNotice", fund_id="second")
    with pytest.raises(SelfPolicy):
        station.tell("ApproveApplication", by="rich", application_id="a1", occurred_on="2017-01-18")
    terms: Body = {"programme": "warmth", "issuer": "街道", "document_number": "2", "area": CODE, "confirmed": True}
    station.tell(
        "StatePolicy", by="stater", policy_id="2", valid_from="2017-01-11", ceiling_fen=400_000, notice_days=5, **terms
    )
    with pytest.raises(SelfPolicy):
        station.tell("ApproveApplication", by="stater", application_id="a1", occurred_on="2017-01-18")
    station.tell("ApproveApplication", application_id="a1", occurred_on="2017-01-18")


def test_nobody_on_a_consolation_list_approves_it(station: Station) -> None:
    line: Body = {"list_id": "ny", "recipient_id": "chair", "recipient": "model_worker", "in_goods": False}
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own")
    station.tell("AddToConsolationList", amount_fen=100_000, **line)
    with pytest.raises(SelfInterest):
        station.tell("ApproveConsolationList", list_id="ny")


def test_nobody_notes_the_end_of_a_membership_by_hand(station: Station) -> None:
    clerk = Identity("clerk", Role.CLERK, CODE, "9999-12-31T00:00:00Z")
    body = {"person_id": "zhao", "reason": "died", "occurred_on": "2017-01-05"}
    with pytest.raises(Forbidden):
        station.service.command(
            Order(command_id="x", station=CODE, name="NoteMembershipEnded", body=body, identity=clerk)
        )


def test_every_command_and_question_has_a_row_of_permissions() -> None:
    asked = {*RELIEF.handlers.by_name, *(query.name for query in RELIEF.queries)}
    assert set(RELIEF.permissions) == asked


def test_administrators_and_operators_may_ask_nothing_of_relief() -> None:
    for roles in RELIEF.permissions.values():
        assert not {Role.ADMINISTRATOR, Role.OPERATOR} & set(roles)
