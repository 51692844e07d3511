"""Cases, hardship aid along its whole chain, festival consolation and tuition aid through the year."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from examples.guangnei_2017.acts import DONE, Book, Ref

Entry = Mapping[str, Any]


def policy(book: Book, entry: Entry) -> None:
    body = {key: value for key, value in entry.items() if key not in ("on", "station")}
    for name in ("valid_from", "valid_until"):
        if name in body:
            body[name] = body[name].isoformat()
    book.write("StatePolicy", body, occurred_on=entry["on"])


def fund(book: Book, entry: Entry) -> None:
    body = {key: entry[key] for key in ("fund_id", "programme", "source", "budget_fen")}
    book.write("OpenFund", body, occurred_on=entry["on"])


def raise_budget(book: Book, entry: Entry) -> None:
    body = {"fund_id": entry["fund_id"], "amount_fen": entry["amount_fen"]}
    book.write("RaiseBudget", body, occurred_on=entry["on"])


def case(book: Book, entry: Entry) -> None:
    """Household files: `registered` are those that stood at the opening of the register."""
    for key in entry["who"]:
        body = {
            "person_id": Ref(key),
            "category": entry["category"],
            "persons": 1 + int(key[-1]) % 3,
            "illness": entry.get("illness"),
            "family": entry.get("family"),
        }
        name = "RegisterCase" if entry.get("registered") else "OpenCase"
        book.write(name, body, occurred_on=entry["on"], recorded_on=entry.get("on_recorded"))


def exit_plan(book: Book, entry: Entry) -> None:
    for key in entry["who"]:
        body = {"person_id": Ref(key), "exit_by": entry["exit_by"].isoformat()}
        book.write("PlanExit", body, occurred_on=entry["on"])


def withdraw_exit_plan(book: Book, entry: Entry) -> None:
    body = {"person_id": Ref(entry["who"]), "reason": entry["reason"]}
    book.write("WithdrawExitPlan", body, occurred_on=entry["on"])


def exit_case(book: Book, entry: Entry) -> None:
    body = {"person_id": Ref(entry["who"]), "reason": entry["reason"]}
    book.write("ExitCase", body, occurred_on=entry["on"])


def warmth(book: Book, entry: Entry) -> None:
    """A batch of applications for hardship aid; a grant's own dates go before the batch's."""
    for number, grant in enumerate(entry["grant"], 1):
        _grant(book, {**entry, **grant}, f"{entry['id']}-{number:02d}")


def _grant(book: Book, grant: Entry, application: str) -> None:
    subject = {"application_id": application}
    made = {"person_id": Ref(grant["who"]), "programme": "warmth", "fund_id": grant["fund_id"]}
    asked_fen = grant.get("asked_fen", grant["amount_fen"])
    made |= {"amount_fen": asked_fen, "ground": grant["ground"]}

    def write(name: str, day: str, body: Entry | None = None, **more: Any) -> None:
        recorded = grant.get(f"{day}_recorded")
        book.write(name, subject | dict(body or {}), occurred_on=grant[day], recorded_on=recorded, **more)

    by = {"by": grant["handled_by"]} if "handled_by" in grant else {}
    write("Apply", "applied_on", made, **by)
    write("RecordHomeVisit", "visited_on", {"finding": grant.get("finding", "as_stated")}, **by)
    write("RecordComparison", "compared_on", {"clear": grant.get("clear", True)}, **by)
    if not grant.get("clear", True):
        write("RefuseApplication", "refused_on", {"reason": grant["reason"]})
        return
    if "returned_on" in grant:
        write("ReturnApplication", "returned_on", {"reason": grant["reason"]})
        write("ResubmitApplication", "resubmitted_on", {"amount_fen": grant["amount_fen"]}, **by)
        write("RecordHomeVisit", "visited_again_on", {"finding": grant["finding_again"]}, **by)
    reviewer = {"by": grant["reviewed_by"], "role": "station_head"} if "reviewed_by" in grant else {}
    write("ReviewApplication", "reviewed_on", **reviewer)
    write("PublishNotice", "notice_on", **by)
    if "objection_on" in grant:
        write("CloseNotice", "objection_on", {"objections": 1}, **by)
        write("ReviewApplication", "reviewed_again_on")
        write("PublishNotice", "notice_again_on", **by)
    write("CloseNotice", "notice_closed_on", {"objections": 0}, **by)
    approver = {"by": grant["approved_by"], "role": "vice_chair"} if "approved_by" in grant else {}
    write("ApproveApplication", "approved_on", expect=grant.get("approval_refused", DONE), **approver)
    if "approval_refused" in grant:
        write("RefuseApplication", "refused_on", {"reason": grant["reason"]})
        return
    _payments(book, grant, application, write)


def _payments(book: Book, grant: Entry, application: str, write: Callable[..., None]) -> None:
    """Entered, released, returned by the bank; after a failure or a reversal once more."""
    pay_list = {"pay_list_id": f"pay-{grant['entered_on']:%Y-%m-%d}"}
    write("EnterPayment", "entered_on", pay_list)
    write("ReleasePayment", "released_on")
    if "bank_refused" in grant:
        write("BookBankReturn", "paid_on", {"paid": False, "reason": grant["bank_refused"]})
    else:
        write("BookBankReturn", "paid_on", {"paid": True})
    if "reversed_on" in grant:
        write("ReversePayment", "reversed_on", {"reason": grant["reversed_because"]})
    if "entered_again_on" in grant:
        second_list = {"pay_list_id": f"pay-{grant['entered_again_on']:%Y-%m-%d}"}
        write("EnterPayment", "entered_again_on", second_list)
        write("ReleasePayment", "released_again_on")
        write("BookBankReturn", "paid_again_on", {"paid": True, **second_list})
    if "signed_on" in grant:
        write("SignForGrant", "signed_on")


def consolation(book: Book, entry: Entry) -> None:
    """A festival's list, approved by another than prepared it, and signed for person by person."""
    subject = {"list_id": entry["id"]}
    prepared = subject | {"occasion": entry["occasion"], "fund_id": entry["fund_id"]}
    book.write("PrepareConsolationList", prepared, occurred_on=entry["prepared_on"])
    late: Mapping[str, date] = entry.get("signed_late", {})
    for line in entry["lines"]:
        people = book.roster.named(line["who"])
        for key in people:
            body = {"recipient_id": Ref(key), "recipient": line["recipient"]}
            body |= {"amount_fen": line["amount_fen"], "in_goods": line["in_goods"]}
            book.write("AddToConsolationList", subject | body, occurred_on=entry["prepared_on"])
        for key in people:
            if key in entry.get("never_signed", ()):
                continue
            signed = late.get(key, line.get("signed_on", entry["signed_on"]))
            recorded = entry["late_recorded"] if key in entry.get("recorded_late", ()) else signed
            body = subject | {"recipient_id": Ref(key)}
            book.write("SignForConsolation", body, occurred_on=signed, recorded_on=recorded)
    book.write("ApproveConsolationList", subject, occurred_on=entry["approved_on"])


def tuition(book: Book, entry: Entry) -> None:
    """Autumn tuition aid: forwarded, decided above, drawn with the station's help."""
    for line in entry["lines"]:
        subject = {"aid_id": f"tuition-{line['who']}"}
        forwarded = subject | {"person_id": Ref(line["who"]), "school_year": entry["school_year"]}
        book.write("ForwardTuitionAid", forwarded, occurred_on=entry["forwarded_on"])
        if "refused" in line:
            body = subject | {"reason": line["refused"]}
            book.write("RefuseTuitionAid", body, occurred_on=entry["decided_on"])
            continue
        decided = subject | {"decided_by": line["decided_by"], "amount_fen": line["amount_fen"]}
        book.write("RecordTuitionDecision", decided, occurred_on=entry["decided_on"])
        if line.get("drawn", True):
            drawn = {"occurred_on": line.get("drawn_on", entry["drawn_on"])}
            book.write("RecordTuitionDrawn", subject, **drawn, recorded_on=line.get("drawn_recorded"))


EXPANDERS: dict[str, Callable[[Book, Entry], None]] = {
    "policy": policy,
    "fund": fund,
    "raise_budget": raise_budget,
    "case": case,
    "exit_plan": exit_plan,
    "withdraw_exit_plan": withdraw_exit_plan,
    "exit_case": exit_case,
    "warmth": warmth,
    "consolation": consolation,
    "tuition": tuition,
}
