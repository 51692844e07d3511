"""Every order that people give, about one place, in an order in which each can be carried out and writes something."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pyotp import TOTP

from lastmile.embedded import Embedded
from lastmile.kernel.domain.entry import Entry, log_name
from services.gateway.session import hashed
from tests.gateway.api.conftest import ELSEWHERE
from tests.gateway.matrix.places import DAY, Office, Place
from tests.sealed import sealed_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIRST, OWN = "first-words-here", "own words, well kept"
YEARS_END = "2018-02-28"


@dataclass(frozen=True)
class Given:
    """An order, and who gives it: nobody in particular, or this person."""

    name: str
    body: Mapping[str, Any]
    giver: str = ""


Orders = Generator[Given, str, None]
"""Yields orders and is sent the stream in which each wrote."""


def given(order: str, giver: str = "", /, **body: Any) -> Given:
    return Given(order, body, giver)


def of_access(home: Embedded, place: Place, _elsewhere: Place) -> Orders:
    mark, account = place.mark, f"new-{place.mark}"
    who, now = {"person_id": f"{mark}-new"}, home.home.clock
    member = {**who, "member_id": place.member}
    yield given("RegisterPerson", **who, name="新人")
    yield given("LinkMember", **member, kinship="household")
    yield given("UnlinkMember", **member, ground="弄错了")
    yield given("GrantRole", **who, role="clerk")
    days = {"valid_from": now().date().isoformat(), "valid_to": YEARS_END}
    yield given("NameStandIn", **who, role="station_head", **days)
    yield given("EndStandIn", **who, role="station_head")
    yield given("OpenAccount", **who, account_name=account, first_password=FIRST)
    yield given("ChangePassword", who["person_id"], old=FIRST, new=OWN)
    code = TOTP(SECRET).at(now())
    yield given("EnrolSecondFactor", who["person_id"], **who, secret=SECRET, code=code)
    yield given("RemoveSecondFactor", who["person_id"])
    session = {"session_id": f"{mark}-session", "token_hash": hashed(mark), "address": "203.0.113.9"}
    signed_in = (f"sign-in-{mark}", {**session, "account_name": account, "password": OWN})
    home.calls.tell("access", place.station, "SignIn", [signed_in], home.composition.gateway_token)
    yield given("EndSession", who["person_id"], session_id=session["session_id"])
    subject = {"issuer": "https://provider.example", "subject": mark}
    yield given("LinkSubject", **who, **subject)
    yield given("UnlinkSubject", **subject)
    yield given("ResetAccount", **who, first_password=FIRST, ground="忘了密码")
    yield given("ChangePassword", who["person_id"], old=FIRST, new=f"{OWN} again")
    code = TOTP(SECRET).at(now() + timedelta(seconds=30))  # The clock stands still, and no code counts twice.
    yield given("EnrolSecondFactor", who["person_id"], **who, secret=SECRET, code=code)
    yield given("AgreeToRecovery", **who)
    yield given("WaiveSecondFactor", **who, ground="换了手机")
    yield given("CloseAccount", **who, ground="调离")
    yield given("RevokeRole", **who, role="clerk")
    system = {"client_id": f"{mark}-system", "secret_hash": "1" * 64}
    yield given("RegisterSystem", **system, name=mark, scopes="logs.read")
    yield given("ReplaceSystemSecret", **{**system, "secret_hash": "2" * 64})
    yield given("WithdrawSystem", client_id=system["client_id"])


def of_membership(home: Embedded, place: Place, elsewhere: Place) -> Orders:
    mark = place.mark
    first, second, third = (f"{mark}-{number}" for number in (1, 2, 3))
    yield given("ListCommunity", community=f"{mark}-more", name="新社区")
    yield given("DelistCommunity", community=f"{mark}-more")
    for name, union_id in (("RegisterUnion", first), ("FoundUnion", second), ("FoundUnion", third)):
        yield given(name, union_id=union_id, name=union_id, kind="single", community=place.community)
    yield given("CoverEmployer", union_id=mark, employer_id=mark, employer_name="小店")
    yield given("DissolveUnion", union_id=third, reason="closed")
    yield from _of_members(home, place, elsewhere, first, second)
    yield given("MergeUnion", union_id=first, into_union_id=second)
    yield given("AppointStaff", staff_id=mark, office="service_station")
    yield given("ReleaseStaff", staff_id=mark)
    yield given("StateProfileValue", item="residents", value=len(mark) + int(place.community[1:]), source=mark)


def _of_members(home: Embedded, place: Place, elsewhere: Place, first: str, second: str) -> Orders:
    mark, numbers = place.mark, iter(range(2, 10))

    def coming(name: str, **more: Any) -> Generator[Given, str, dict[str, str]]:
        person = {"name": "新会员", "identity_number": place.number(next(numbers)), "union_id": first}
        stream = yield given(name, **person, **more)
        return {"person_id": stream.rpartition("/")[2]}

    one, another = (yield from coming("RegisterMember")), (yield from coming("JoinMember"))
    moving = elsewhere
    Office(home, moving).tell("membership", "RequestTransfer", person_id=moving.member, to_station=place.station)
    taken_in = {"name": moving.name(0), "identity_number": moving.number(0), "union_id": first}
    stream = yield given("AcceptTransfer", **taken_in, from_station=ELSEWHERE)
    third = {"person_id": stream.rpartition("/")[2]}
    yield given("CorrectMember", **one, phone="13800138000")
    yield given("ApplyForCard", **one)
    yield given("WithdrawCardApplication", **one)
    yield given("ApplyForCard", **another)
    yield given("SendCardApplications", list_id=f"{mark}-more")
    card = f"62200{place.station}{place.community[1:]}"
    yield given("IssueCard", **another, card_number=f"{card}0")
    yield given("ReportCardLost", **another)
    yield given("ReplaceCard", **another, card_number=f"{card}1")
    yield given("UnbindCard", **another, reason="retired")
    yield given("RecordHonour", **one, title="municipal_model_worker", service="in_service")
    yield given("RetireHonouree", **one, title="municipal_model_worker")
    yield given("RevokeHonour", **one, title="municipal_model_worker", reason="fraud")
    yield given("TransferMember", **one, to_union_id=second)
    yield given("RequestTransfer", **one, to_station=ELSEWHERE)
    yield given("RecordDeath", **another)
    yield given("LeaveUnion", **third)
    yield given("ErasePerson", **third, ground="本人要求")
    expelled = yield from coming("JoinMember")
    yield given("ExpelMember", **expelled, decision="2017-1")
    brought = {"import_id": f"{mark}-more"}
    yield given("OpenImport", **brought, file_sha256="1" * 64, rows=1)
    undone = yield from coming("JoinMember", **brought)
    yield given("UndoAdmission", **undone, **brought)
    yield given("ConfirmImport", import_id=mark)
    yield given("UndoImport", **brought)


def of_activities(_home: Embedded, place: Place, _elsewhere: Place) -> Orders:
    mark, swiper, absent = place.mark, *place.persons
    activity, other = {"activity_id": mark}, {"activity_id": f"{mark}-more"}
    plan = {"title": "徒步", "kind": "hike", "theme": "health", "planned_on": DAY, "by_card": True, "places": 9}
    yield given("PlanActivity", **other, **plan)
    yield given("CancelActivity", **other, reason="rain")
    yield given("PublishActivity", **activity)
    for person_id in (swiper, absent, mark):
        yield given("EnrolMember", **activity, person_id=person_id)
    yield given("WithdrawEnrolment", **activity, person_id=mark)
    yield given("RecordSwipe", **activity, card_number=place.card)
    yield given("HoldActivity", **activity)
    yield given("MarkNoShow", **activity, person_id=absent)
    yield given("AnnulSwipe", **activity, card_number=place.card, reason="wrong_card")
    yield given("CloseActivity", **activity)
    listed = {"list_id": mark, "quantity": 1, "item": "ticket"}
    yield given("HandOutToPerson", **listed, person_id=swiper)
    yield given("HandOutInBulk", **listed, recipient_id=mark, to="union", signature_id=mark)
    yield given("CorrectHandOut", list_id=mark, recipient_id=mark, quantity=2, reason="miscounted")
    yield given("OrderGoods", order_id=mark, item="ticket", quantity=9, cost_fen=900)
    yield given("TrainCadre", batch_id=mark, person_id=swiper, post="finance_officer")
    yield given("RecordStaffTraining", course_id=mark, staff_id=mark, level="district", out_of_town=False)
    yield given("SignVenueAgreement", agreement_id=mark, venue="体育馆")
    yield given("AddressQuiz", quiz_id=mark, union_id=mark, theme="safety", addressed=9)
    yield given("RecordQuizAnswers", quiz_id=mark, union_id=mark, answers=5)
    yield given("VisitSite", visit_id=mark, site_id=mark, purpose="heat")


def of_relief(_home: Embedded, place: Place, _elsewhere: Place) -> Orders:
    mark = place.mark
    terms = {"programme": "warmth", "issuer": mark, "document_number": mark, "area": place.station, "confirmed": True}
    limits = {"ceiling_fen": 500_000, "notice_days": 7, "valid_from": f"2017-06-0{place.community[1:]}"}
    yield given("StatePolicy", policy_id=f"{mark}-more", **terms, **limits)
    yield given("OpenFund", fund_id=f"{mark}-more", programme="warmth", source="own", budget_fen=1)
    yield given("RaiseBudget", fund_id=mark, amount_fen=1_000_000)
    yield from _of_files(place)
    yield from _of_applications(place)
    yield from _of_payments(place)
    listed = {"list_id": mark, "recipient_id": place.member}
    yield given("PrepareConsolationList", list_id=f"{mark}-more", occasion="may_day", fund_id=mark)
    yield given("AddToConsolationList", **listed, recipient="model_worker", amount_fen=100, in_goods=True)
    yield given("ApproveConsolationList", list_id=mark)
    yield given("SignForConsolation", **listed)
    first, second = {"aid_id": f"{mark}-1"}, {"aid_id": f"{mark}-2"}
    yield given("ForwardTuitionAid", **first, person_id=place.member, school_year="2017_2018")
    yield given("RecordTuitionDecision", **first, decided_by="district", amount_fen=100)
    yield given("RecordTuitionDrawn", **first)
    yield given("ForwardTuitionAid", **second, person_id=place.member, school_year="2018_2019")
    yield given("RefuseTuitionAid", **second, reason="military")


def _of_files(place: Place) -> Orders:
    file = {"person_id": f"{place.mark}-file"}
    yield given("RegisterCase", person_id=place.mark, category="deep", persons=2)
    yield given("OpenCase", **file, category="deep", persons=2)
    yield given("PlanExit", **file, exit_by="2018-06-30")
    yield given("WithdrawExitPlan", **file, reason="ill_again")
    yield given("ExitCase", **file, reason="income")
    yield given("RecordPayee", person_id=place.member, holder="某某", account_number="6222000011112222")


def _of_applications(place: Place) -> Orders:
    mark = place.mark
    applied = {"person_id": place.member, "programme": "warmth", "fund_id": mark, "amount_fen": 1, "ground": "病"}
    kept, given_up = {"application_id": f"{mark}-kept"}, {"application_id": f"{mark}-given-up"}
    yield given("Apply", **kept, **applied)
    yield given("RecordHomeVisit", **kept, finding="in_need")
    yield given("ReturnApplication", **kept, reason="paper_missing")
    yield given("ResubmitApplication", **kept, amount_fen=2)
    yield given("RecordComparison", **kept, clear=True)
    yield given("ReviewApplication", **kept)
    yield given("PublishNotice", **kept)
    yield given("CloseNotice", **kept, objections=0, occurred_on="2017-01-12")
    yield given("RefuseApplication", **kept, reason="not_in_need")
    yield given("Apply", **given_up, **applied)
    yield given("WithdrawApplication", **given_up, reason="not_wanted")
    yield given("ApproveApplication", application_id=place.waiting, occurred_on="2017-01-18")


def _of_payments(place: Place) -> Orders:
    """Of the grant that stands on a pay list already."""
    paid = {"application_id": place.mark}
    yield given("ExportBankFile", pay_list_id=place.mark, format="csv", occurred_on="2017-01-19")
    yield given("ReleasePayment", **paid, occurred_on="2017-01-19")
    yield given("BookBankReturn", **paid, paid=True, occurred_on="2017-01-20")
    yield given("SignForGrant", **paid, occurred_on="2017-01-20")
    yield given("ReversePayment", **paid, reason="wrong_card", occurred_on="2017-01-21")
    yield given("EnterPayment", **paid, pay_list_id=f"{place.mark}-more", occurred_on="2017-01-22")
    yield given("TakeOffPayList", **paid, reason="wrong_list")


TOURS: Mapping[str, Callable[[Embedded, Place, Place], Orders]] = {
    "access": of_access,
    "membership": of_membership,
    "activities": of_activities,
    "relief": of_relief,
}


def orders(home: Embedded, service: str, place: Place, elsewhere: Place) -> Orders:
    """The orders of a service, and at last those that every service knows; from elsewhere somebody moves in."""
    yield from TOURS[service](home, place, elsewhere)
    yield given("RecordExport", export_id=place.mark, what="members", filters="text=*", rows=1)
    if "RevealField" in home.services[service].definition.handlers.by_name:
        yield given("RevealField", **_sealed(home, service, place.station), ground=place.mark)


def _sealed(home: Embedded, service: str, station: str) -> dict[str, Any]:
    """Where a field stands that is sealed."""
    owner = home.services[service]
    for entry in map(Entry.from_bytes, owner.entries(log_name(station, service), 0, 1_000)):
        for field in sealed_of(owner, entry.type).keys() & entry.payload.keys():
            return {"position": entry.position, "field": field}
    raise AssertionError(f"nothing is sealed in {service}")
