"""What relief answers, on real databases."""

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import Forbidden
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.listening import Reactions
from services.relief.api import RELIEF
from services.relief.approval import NoPolicyInForce
from services.relief.reactions import REACTIONS
from services.relief.releasing import NotApproved
from services.relief.rules import BudgetExceeded, PersonDied, SelfInterest, SelfPayment, SelfPolicy
from services.relief.tuition import SecondAidForTheSamePurpose
from services.relief.views.tuition_aids import tuition_aids
from services.relief.views.vouchers import vouchers
from tests.relief.station import CHAIN, CODE, Station

Body = dict[str, Any]


def states(station: Station) -> dict[str, str]:
    return {row["application_id"]: row["state"] for row in station.ask("applications_open")}


def fund(station: Station) -> tuple[int, int]:
    """Left, paid."""
    (row,) = station.ask("funds_left")
    return row["left_fen"], row["paid_fen"]


def test_an_application_is_open_from_the_day_it_is_made_until_it_is_signed_for(station: Station) -> None:
    seen = []
    for name, body in CHAIN:
        station.tell(name, application_id="a1", **body)
        seen.append(states(station).get("a1"))
    in_hand = ["in_hand", "in_hand", "in_hand"]
    chain = ["reviewed", "on_notice", "unopposed", "approved", "entered", "released", "paid", None]
    assert seen == in_hand + chain


def test_a_returned_application_is_open_and_a_refused_one_is_not(station: Station) -> None:
    station.walk("a1", until="ReviewApplication")
    station.tell("ReturnApplication", application_id="a1", reason="paper_missing")
    assert states(station) == {"a1": "returned"}
    station.tell("ResubmitApplication", application_id="a1", amount_fen=200_000)
    assert station.ask("applications_open")[0]["amount_fen"] == 200_000
    station.tell("RefuseApplication", application_id="a1", reason="not_in_need")
    assert states(station) == {}


def test_objections_bring_an_application_back_to_review(station: Station) -> None:
    station.walk("a1", until="PublishNotice")
    station.tell("CloseNotice", application_id="a1", objections=2, occurred_on="2017-01-17")
    assert states(station) == {"a1": "in_hand"}
    station.tell("ReviewApplication", application_id="a1", occurred_on="2017-01-18")
    assert states(station) == {"a1": "reviewed"}


def test_an_approval_binds_the_budget_and_a_payment_spends_it(station: Station) -> None:
    station.walk("a1", until="CloseNotice")
    assert fund(station) == (1_000_000, 0)
    station.tell("ApproveApplication", application_id="a1", occurred_on="2017-01-18")
    assert fund(station) == (700_000, 0)
    for name, body in CHAIN[7:10]:
        station.tell(name, application_id="a1", **body)
    assert fund(station) == (700_000, 300_000)
    station.tell("ReversePayment", application_id="a1", reason="wrong_card", occurred_on="2017-02-01")
    assert fund(station) == (700_000, 0)


def test_approvals_end_where_the_budget_ends_until_it_is_raised(station: Station) -> None:
    for number in range(3):
        station.walk(f"a{number}", until="ApproveApplication")
    station.walk("a3", until="CloseNotice")
    with pytest.raises(BudgetExceeded):
        station.tell("ApproveApplication", application_id="a3", occurred_on="2017-01-18")
    station.tell("RaiseBudget", fund_id="own", amount_fen=200_000)
    station.tell("ApproveApplication", application_id="a3", occurred_on="2017-01-18")
    assert fund(station)[0] == 0


def test_many_approvals_in_one_transaction_see_each_others_money(station: Station) -> None:
    for number in range(5):
        station.walk(f"a{number}", until="CloseNotice")
    chair = Identity("chair", Role.CHAIR, CODE, "9999-12-31T00:00:00Z", confirmed_until="9999-12-31T00:00:00Z")
    orders = [
        Order(
            command_id=f"approve {number}",
            station=CODE,
            name="ApproveApplication",
            body={"application_id": f"a{number}", "occurred_on": "2017-01-18"},
            identity=chair,
        )
        for number in range(5)
    ]
    outcomes = station.service.commands(orders)
    assert [isinstance(outcome, BudgetExceeded) for outcome in outcomes] == [False, False, False, True, True]


def test_a_payment_reversed_and_paid_again_has_three_consecutive_vouchers(station: Station) -> None:
    station.walk("a1", until="BookBankReturn")
    station.tell("BookBankReturn", application_id="a1", paid=True, occurred_on="2017-01-20")
    station.tell("ReversePayment", application_id="a1", reason="wrong_card", occurred_on="2017-02-01")
    station.tell("EnterPayment", application_id="a1", pay_list_id="list-2", occurred_on="2017-02-02")
    station.tell("ReleasePayment", application_id="a1", occurred_on="2017-02-02")
    station.tell("BookBankReturn", application_id="a1", paid=True, pay_list_id="list-1", occurred_on="2017-02-03")
    station.tell("BookBankReturn", application_id="a1", paid=True, pay_list_id="list-2", occurred_on="2017-02-03")
    station.walk("a2", until="BookBankReturn", pay_list_id="list-3")
    posted = station.payloads("GrantPaid", "PaymentReversed")
    assert [payload["voucher"] for payload in posted] == [1, 2, 3, 4]
    assert posted[1]["reverses_voucher"] == 1
    with station.service.database.read() as connection:
        rows = connection.execute(select(vouchers.c.amount_fen).order_by(vouchers.c.voucher)).scalars().all()
    assert list(rows) == [300_000, -300_000, 300_000, 300_000]


def test_the_policy_of_the_day_is_stored_with_the_decision(station: Station) -> None:
    terms: Body = {"programme": "warmth", "issuer": "街道", "document_number": "2", "area": CODE, "confirmed": True}
    station.tell("StatePolicy", policy_id="march", valid_from="2017-03-01", ceiling_fen=400_000, notice_days=5, **terms)
    station.walk("a1", until="PublishNotice")
    (notice,) = station.payloads("NoticePublished")
    assert (notice["policy_id"], notice["notice_until"]) == ("2017", "2017-01-17")
    station.tell("CloseNotice", application_id="a1", objections=0, occurred_on="2017-03-05")
    station.tell("ApproveApplication", application_id="a1", occurred_on="2017-03-05")
    assert station.payloads("ApplicationApproved")[0]["policy_id"] == "march"


def test_without_a_policy_on_the_day_nothing_is_put_on_notice(station: Station) -> None:
    station.walk("a1", until="ReviewApplication")
    with pytest.raises(NoPolicyInForce):
        station.tell("PublishNotice", application_id="a1", occurred_on="2017-12-01")


def hears(station: Station, kind: str, position: int, person_id: str) -> list[dict[str, Any]]:
    """Let relief hear an event of membership; what was refused comes back."""
    entry = of_membership(station, kind, position, person_id)
    return Reactions("reactions", REACTIONS, station.service.executor).outside([entry])


def of_membership(station: Station, kind: str, position: int, person_id: str) -> Entry:
    """An event of membership about a person."""
    log = f"{station.code}/membership"
    return Entry(
        event_id=f"e{position}.{station.code}",
        log=log,
        origin="o",
        position=position,
        previous="",
        stream=f"{station.code}/member/{person_id}",
        version=1,
        type=kind,
        schema=1,
        occurred_on="2017-01-19",
        recorded_at="2017-01-19T00:00:00.000000Z",
        actor="clerk",
        role="clerk",
        correlation_id="c",
        causation_id="c",
        command_id="c",
        payload={"person_id": person_id, "union_id": "u1"},
    )


def test_relief_hears_of_a_death_once_and_pays_nothing_more(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    assert hears(station, "MemberDied", 1, "zhao") == []
    assert hears(station, "MemberDied", 1, "zhao") == []
    assert station.payloads("CaseMembershipEnded") == [{"person_id": "zhao", "category": "deep", "reason": "died"}]
    with pytest.raises(NotApproved):
        station.tell("EnterPayment", application_id="a1", pay_list_id="list-1", occurred_on="2017-01-19")


def test_nothing_is_granted_or_handed_out_after_a_death_that_was_heard_before_there_was_a_file(
    station: Station,
) -> None:
    line: Body = {"list_id": "ny", "recipient_id": "qian", "recipient": "model_worker", "in_goods": False}
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own")
    station.tell("AddToConsolationList", amount_fen=100_000, **line)
    station.tell("ApproveConsolationList", list_id="ny")
    station.tell("PrepareConsolationList", list_id="may", occasion="may_day", fund_id="own")
    station.tell("ForwardTuitionAid", aid_id="t1", person_id="qian", school_year="2016_2017")
    station.tell("RecordTuitionDecision", aid_id="t1", decided_by="city", amount_fen=100_000)
    assert hears(station, "MemberDied", 1, "qian") == []
    assert station.payloads("DeathNoted") == [{"person_id": "qian"}]
    apply = CHAIN[0][1] | {"application_id": "a1", "person_id": "qian"}
    asked: tuple[tuple[str, Body], ...] = (
        ("OpenCase", {"person_id": "qian", "category": "deep", "persons": 1}),
        ("Apply", apply),
        ("SignForConsolation", {"list_id": "ny", "recipient_id": "qian"}),
        ("AddToConsolationList", {**line, "list_id": "may", "amount_fen": 100_000}),
        ("ForwardTuitionAid", {"aid_id": "t2", "person_id": "qian", "school_year": "2017_2018"}),
        ("RecordTuitionDrawn", {"aid_id": "t1"}),
    )
    for name, body in asked:
        with pytest.raises(PersonDied):
            station.tell(name, **body)


def test_who_moved_and_died_elsewhere_is_paid_nothing_here(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    elsewhere = Station(station.service, "110102018")
    hears(elsewhere, "MemberDied", 1, "zhao")
    with pytest.raises(PersonDied):
        station.tell("EnterPayment", application_id="a1", pay_list_id="list-1", occurred_on="2017-01-19")


@pytest.mark.parametrize(
    ("kind", "reason"), [("MemberLeft", "left"), ("MemberMovedOut", "moved"), ("MemberExpelled", "expelled")]
)
def test_a_file_shows_that_the_membership_ended_and_stays(station: Station, kind: str, reason: str) -> None:
    hears(station, kind, 1, "zhao")
    hears(station, kind, 2, "nobody-on-file")
    (file,) = station.ask("cases")
    assert (file["person_id"], file["membership_ended"]) == ("zhao", reason)


def test_the_files_tell_category_persons_and_planned_exit(station: Station) -> None:
    station.tell("RegisterCase", person_id="qian", category="single_mother", persons=2)
    station.tell("PlanExit", person_id="zhao", exit_by="2018-12-31")
    station.tell("ExitCase", person_id="qian", reason="income")
    expected = {"person_id": "zhao", "category": "deep", "persons": 3, "since": "2017-01-05"}
    assert station.ask("cases") == [expected | {"exit_by": "2018-12-31", "membership_ended": None}]


def test_who_had_a_hand_in_a_grant_does_not_pay_it_in_another_role(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    for person in ("clerk", "head", "chair"):
        with pytest.raises(SelfPayment):
            station.tell("EnterPayment", by=person, application_id="a1", pay_list_id="list-1", occurred_on="2017-01-19")


def test_a_consolation_list_binds_its_sum_and_each_signature_spends_its_line(station: Station) -> None:
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own")
    for person, amount_fen in (("wu", 100_000), ("li", 200_000)):
        line: Body = {"list_id": "ny", "recipient_id": person, "recipient": "model_worker", "in_goods": False}
        station.tell("AddToConsolationList", amount_fen=amount_fen, **line)
    station.tell("ApproveConsolationList", list_id="ny")
    assert fund(station) == (700_000, 0)
    station.tell("SignForConsolation", list_id="ny", recipient_id="li")
    station.tell("SignForConsolation", list_id="ny", recipient_id="li")
    assert fund(station) == (700_000, 200_000)


def test_no_second_tuition_aid_for_the_same_year_unless_the_first_was_refused(station: Station) -> None:
    station.tell("ForwardTuitionAid", aid_id="t1", person_id="zhao", school_year="2017_2018")
    with pytest.raises(SecondAidForTheSamePurpose):
        station.tell("ForwardTuitionAid", aid_id="t2", person_id="zhao", school_year="2017_2018")
    station.tell("RefuseTuitionAid", aid_id="t1", reason="military")
    station.tell("ForwardTuitionAid", aid_id="t2", person_id="zhao", school_year="2017_2018")


def test_the_database_itself_holds_no_two_tuition_aids_of_a_person_and_year_at_two_stations(station: Station) -> None:
    aid = {"person_id": "zhao", "school_year": "2017_2018", "aid_id": "t1"}
    with station.service.database.write() as connection:
        connection.execute(insert(tuition_aids), aid | {"station": "110102015", "refused": 1})
        connection.execute(insert(tuition_aids), aid | {"station": CODE, "refused": 0})
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(insert(tuition_aids), aid | {"station": "110102018", "refused": 0})


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


def test_where_a_person_is_erased_their_keys_are_destroyed_here_too(station: Station) -> None:
    keystore = station.service.resources.keystore
    (opened,) = [entry for entry in station.entries() if entry.type == "CaseOpened"]
    sealed = ("zhao", "hardship", opened.event_id, "illness", opened.payload["illness"])
    assert keystore.unseal(*sealed) == "某病"
    (erasures,) = [follower for follower in station.service.followers if follower.name == "erasures"]
    erasures.applies.outside([of_membership(station, "PersonErased", 1, "zhao")])
    assert keystore.unseal(*sealed) is None


def test_illness_family_and_ground_stand_in_the_log_as_ciphertext_alone(station: Station) -> None:
    station.walk("a1", until="Apply", ground="白血病")
    data = b"".join(entry.to_bytes() for entry in station.entries()).decode()
    assert "白血病" not in data
    assert "某病" not in data


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


def test_every_event_has_a_name_of_its_own() -> None:
    names = [event_type(kind).name for kind in RELIEF.events]
    assert len(names) == len(set(names)) == 40
