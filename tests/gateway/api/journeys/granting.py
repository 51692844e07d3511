"""From the household's file to the approval: each step tried first by whoever took an earlier one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.browser.site import Site
from tests.gateway.api.journeys.door import STATION, Caller, code_of
from tests.gateway.api.journeys.grants import (
    ACCOUNT,
    AMOUNT_FEN,
    AMOUNT_IN_CAPITALS,
    APPLICATIONS,
    BEGUN,
    CHANGED,
    FAILING,
    LESS_FEN,
    NOTICE_DAYS,
    PLAIN,
    SUM_IN_CAPITALS,
    WITHOUT_ACCOUNT,
    codes,
    nothing_written,
    statuses,
    step,
    steps,
)
from tests.gateway.api.journeys.hands import Hands

FUND = "fund-journey"
LONGER_THAN_A_CONFIRMATION = timedelta(minutes=6)

MORE_ROLES = {
    "clerk-1": ("station_head", "chair", "accountant", "cashier"),
    "head": ("clerk", "chair", "accountant", "cashier"),
    "chair": ("accountant", "cashier"),
    "accountant": ("cashier",),
}
"""Who holds, beside the role of their own step, every role of the steps behind it."""


def more_roles_given(hands: Hands) -> None:
    for account_name, roles in MORE_ROLES.items():
        hands.grant(account_name, roles, BEGUN.isoformat())


def terms_and_fund(hands: Hands) -> None:
    on = {"programme": "warmth", "occurred_on": BEGUN.isoformat()}
    terms = {"policy_id": "terms-journey", "issuer": "区总工会", "document_number": "1号", "area": "110102"}
    limits = {"valid_from": BEGUN.isoformat(), "ceiling_fen": 500_000, "notice_days": NOTICE_DAYS, "times_a_year": 9}
    hands.of("vice-chair", "vice_chair").tell("relief/policy:state-policy", **terms, **limits, confirmed=True, **on)
    fund = {"fund_id": FUND, "source": "own", "budget_fen": 2_000_000}
    hands.of("head", "station_head").tell("relief/fund:open-fund", **fund, **on)


def applied_and_checked(hands: Hands) -> None:
    clerk, on = hands.of("clerk-1", "clerk"), {"occurred_on": BEGUN.isoformat()}
    on_file = {row["person_id"] for row in clerk.ask("relief/cases", size=1_000)["rows"]}
    members = clerk.ask("membership/members", living="true", size=200)["rows"]
    households = [row["person_id"] for row in members if row["person_id"] not in on_file]
    for place, (application_id, person_id) in enumerate(zip(APPLICATIONS, households, strict=False)):
        clerk.tell("relief/case:open-case", person_id=person_id, category="deep", persons=3, illness="某病", **on)
        if application_id != WITHOUT_ACCOUNT:
            account_recorded(clerk, person_id, place, BEGUN)
        asked = {"person_id": person_id, "programme": "warmth", "fund_id": FUND, "amount_fen": AMOUNT_FEN}
        clerk.tell("relief/application:apply", **step(application_id, BEGUN, **asked, ground="重病"))
        clerk.tell("relief/application:record-home-visit", **step(application_id, BEGUN, finding="in_need"))
        clerk.tell("relief/application:record-comparison", **step(application_id, BEGUN, clear=True))


def account_recorded(clerk: Caller, person_id: str, place: int, day: date) -> None:
    account = {"holder": f"户主{place}", "account_number": f"{ACCOUNT}{place}", "bank": "某银行"}
    clerk.tell("relief/payee:record-payee", person_id=person_id, **account, occurred_on=day.isoformat())


def reviewed_by_another(hands: Hands) -> None:
    review = "relief/application:review-application"
    with nothing_written(hands):
        assert hands.of("clerk-1", "clerk").refused(review, **step(PLAIN, BEGUN)) == "forbidden"
        assert hands.of("clerk-1", "station_head").refused(review, **step(PLAIN, BEGUN)) == "self-review"
    outcomes = hands.of("head", "station_head").tell_many(review, steps("review", day=BEGUN))
    assert statuses(outcomes) == ["done"] * 3


def returned_and_handed_in_again(hands: Hands) -> None:
    """Sent back for its amount; the head, who reviewed it, may not handle it either."""
    head, again = hands.of("head", "station_head"), "relief/application:resubmit-application"
    head.tell("relief/application:return-application", **step(CHANGED, BEGUN, reason="amount_not_supported"))
    with nothing_written(hands):
        assert hands.of("head", "clerk").refused(again, **step(CHANGED, BEGUN, amount_fen=LESS_FEN)) == "self-review"
    hands.of("clerk-1", "clerk").tell(again, **step(CHANGED, BEGUN, amount_fen=LESS_FEN))
    head.tell("relief/application:review-application", **step(CHANGED, BEGUN))


def noticed(hands: Hands) -> None:
    """What hangs out names nobody; before the window has passed nobody closes it."""
    clerk = hands.of("clerk-1", "clerk")
    assert statuses(clerk.tell_many("relief/application:publish-notice", steps("notice", day=BEGUN))) == ["done"] * 3
    persons = {row["application_id"]: row["person_id"] for row in clerk.ask("relief/notice")["rows"]}
    names = clerk.ask("membership/member-names", person_ids=list(persons.values()))
    shown = clerk.get(f"/stations/{STATION}/relief/notice-sheet")
    for row in (row for row in shown.json()["rows"] if row["application_id"] in APPLICATIONS):
        name = names[persons[row["application_id"]]]
        assert row["name"] == name[0] + "＊" * (len(name) - 1)
        assert row["notice_until"] == (BEGUN + timedelta(days=NOTICE_DAYS)).isoformat()
        assert name not in shown.text
    early = clerk.refused("relief/application:close-notice", **step(PLAIN, BEGUN, objections=0))
    assert early == "notice-still-open"


def notice_passed(hands: Hands) -> None:
    closed = hands.of("clerk-1", "clerk").tell_many("relief/application:close-notice", steps("close", objections=0))
    assert statuses(closed) == ["done"] * 3


def approved_by_another(site: Site, hands: Hands) -> None:
    approve = "relief/application:approve-application"
    with nothing_written(hands):
        for account_name, role, code in (
            ("clerk-1", "chair", "self-approval"),
            ("head", "chair", "self-approval"),
            ("vice-chair", "vice_chair", "self-policy"),
        ):
            outcomes = hands.confirmed(account_name, role).tell_many(approve, steps(f"by {account_name}"))
            assert codes(outcomes) == [code] * 3, account_name
        chair = hands.of("chair", "chair")
        assert chair.refused(approve, **step(PLAIN)) == "confirmation-needed"
        assert code_of(chair.confirm("000000")) == "second-factor-refused"
        assert chair.refused(approve, **step(PLAIN)) == "confirmation-needed"
    waiting = {row["application_id"]: row for row in chair.ask("relief/approvals-waiting")["rows"]}
    plain = [each for each in APPLICATIONS if not waiting[each]["flags"]]
    assert plain == [PLAIN, FAILING]
    sheet = chair.ask("relief/approval-sheet", application_ids=plain)
    assert [row["in_capitals"] for row in sheet["rows"]] == [AMOUNT_IN_CAPITALS] * 2
    assert (sheet["count"], sheet["sum_fen"], sheet["sum_in_capitals"]) == (2, 2 * AMOUNT_FEN, SUM_IN_CAPITALS)
    assert chair.confirm(hands.code("chair")).status_code == 200
    outcomes = chair.tell_many(approve, [(f"approve/{each}", step(each)) for each in plain])
    assert statuses(outcomes) == ["done"] * 2
    _approved_singly(site, hands, waiting[CHANGED])


def _approved_singly(site: Site, hands: Hands, waiting: Mapping[str, Any]) -> None:
    """The one that changed since it was submitted, after the second factor has grown stale."""
    assert (waiting["flags"], waiting["asked_fen"], waiting["amount_fen"]) == (["changed"], AMOUNT_FEN, LESS_FEN)
    chair, approve = hands.confirmed("chair", "chair"), "relief/application:approve-application"
    changed = {each["what"]: each for each in chair.ask("relief/application", application_id=CHANGED)["changed"]}
    assert (changed["amount_fen"]["before"], changed["amount_fen"]["after"]) == (AMOUNT_FEN, LESS_FEN)
    site.demo.set_clock(site.demo.clock() + LONGER_THAN_A_CONFIRMATION)
    assert chair.refused(approve, **step(CHANGED)) == "confirmation-needed"
    hands.confirmed("chair", "chair").tell(approve, **step(CHANGED))
