"""What the station does with its members: activities, swipes, tickets and goods, training, venues, visits."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from examples.guangnei_2017.acts import LAST_DAY, NOTHING, REPEAT, Book, Ref
from examples.guangnei_2017.people import card_number
from examples.guangnei_2017.roster import unions_between

Entry = Mapping[str, Any]
DAY = timedelta(days=1)


def activity(book: Book, entry: Entry) -> None:
    """An activity from its plan to its close, or to its cancellation."""
    on: date = entry.get("on") or entry["planned_for"]
    planned_on = entry.get("planned_on", on - 14 * DAY)
    planned_on = max(planned_on, date(2017, 1, 3))
    subject = {"activity_id": entry["id"]}
    plan = {
        "title": entry["title"],
        "kind": entry["kind"],
        "theme": entry["theme"],
        "community": entry.get("community"),
        "planned_on": on.isoformat(),
        "by_card": "swipes" in entry or entry.get("by_card", False),
        "places": entry.get("places", 0),
    }
    book.write("PlanActivity", subject | plan, occurred_on=planned_on)
    book.write("PublishActivity", subject, occurred_on=planned_on)
    people = book.roster.named(entry.get("swipes", ()))
    _enrolments(book, entry, people, planned_on + DAY)
    if "cancelled_on" in entry:
        cancelled = subject | {"reason": entry["reason"]}
        book.write("CancelActivity", cancelled, occurred_on=entry["cancelled_on"])
        return
    held_recorded = entry.get("held_recorded", on)
    book.write("HoldActivity", subject, occurred_on=on, recorded_on=held_recorded)
    site_file_on: date = entry.get("swipes_recorded", on + DAY)
    _swipes(book, entry, people, site_file_on)
    _handed_out(book, entry, people, site_file_on)
    for key in entry.get("no_shows", ()):
        book.write("MarkNoShow", subject | {"person_id": Ref(key)}, occurred_on=on, recorded_on=on + DAY)
    closed_on: date = entry.get("closed_on", max(on + 7 * DAY, site_file_on))
    if closed_on <= LAST_DAY:
        book.write("CloseActivity", subject, occurred_on=closed_on)


def _enrolments(book: Book, entry: Entry, people: list[str], on: date) -> None:
    if not entry.get("enrolled"):
        return
    withdrawn = entry.get("withdrawn", [])
    asked = [*people, *entry.get("no_shows", ()), *withdrawn, *entry.get("wait_listed", ())]
    for key in asked:
        book.write("EnrolMember", {"activity_id": entry["id"], "person_id": Ref(key)}, occurred_on=on)
    for key in withdrawn:
        body = {"activity_id": entry["id"], "person_id": Ref(key)}
        book.write("WithdrawEnrolment", body, occurred_on=on + 2 * DAY)


def _swipes(book: Book, entry: Entry, people: list[str], recorded_on: date) -> None:
    """The 12351 site's file of the day, later files, files sent again, and what the station annuls."""

    def swipe(card: str, on_file: date, **expected: Any) -> None:
        body = {"activity_id": entry["id"], "card_number": card}
        book.write("RecordSwipe", body, occurred_on=entry["on"], recorded_on=on_file, **expected)

    others = {*entry.get("swiped_lost_card", ()), *entry.get("late_swipes", ())}
    old = entry.get("swiped_lost_card", [])
    cards = [card_number(key, book.cards.get(key, 1)) for key in people if key not in others]
    cards += [card_number(key, 1) for key in old] + list(entry.get("unknown_cards", ()))
    first = len(book.acts)
    for card in cards:
        swipe(card, recorded_on)
    file = book.acts[first:]
    for key in entry.get("late_swipes", ()):
        swipe(card_number(key, book.cards.get(key, 1)), entry["late_swipes_recorded"])
    for key in entry.get("swiped_twice", ()):
        swipe(card_number(key), recorded_on + DAY, expect=NOTHING)
    if "file_sent_again_on" in entry:
        # The very same file, with the same command ids.
        again = entry["file_sent_again_on"] - recorded_on
        for act in file:
            book.repeat(act, again, REPEAT)
    if "file_renamed_on" in entry:
        # The same swipes in a file of another name, so under other command ids.
        for card in cards:
            swipe(card, entry["file_renamed_on"], expect=NOTHING)
    for key in entry.get("annulled", ()):
        body = {
            "activity_id": entry["id"],
            "card_number": card_number(key),
            "reason": entry["annulled_because"],
        }
        book.write("AnnulSwipe", body, occurred_on=None, recorded_on=entry["annulled_on"])


def _handed_out(book: Book, entry: Entry, people: list[str], recorded_on: date) -> None:
    """Tickets or goods given against the card, one list an activity."""
    if "hands_out" not in entry:
        return
    mistaken: Mapping[str, int] = entry.get("mistaken_quantities", {})
    for key in people:
        body = {
            "list_id": entry["id"],
            "item": entry["hands_out"],
            "person_id": Ref(key),
            "quantity": mistaken.get(key, entry["each"]),
        }
        book.write("HandOutToPerson", body, occurred_on=entry["on"], recorded_on=recorded_on)
    for key in mistaken:
        corrected = {
            "list_id": entry["id"],
            "recipient_id": Ref(key),
            "quantity": entry["each"],
            "reason": "miscounted",
        }
        book.write("CorrectHandOut", corrected, occurred_on=None, recorded_on=entry["corrected_on"])


def hand_out(book: Book, entry: Entry) -> None:
    """Goods handed over in bulk to unions or sites against one signature each, without card or swipe."""
    for line in entry["lines"]:
        for recipient in unions_between(line["to"]) if entry["to"] == "union" else [line["to"]]:
            body = {
                "list_id": entry["id"],
                "item": entry["item"],
                "recipient_id": recipient,
                "to": entry["to"],
                "quantity": line.get("written_as", line["quantity"]),
                "signature_id": f"signature:{entry['id']}:{recipient}",
            }
            recorded_on = entry.get("on_recorded", entry["on"])
            book.write("HandOutInBulk", body, occurred_on=entry["on"], recorded_on=recorded_on)
            if "written_as" in line:
                body = {"list_id": entry["id"], "recipient_id": recipient, "quantity": line["quantity"]}
                body["reason"] = "written_wrongly"
                book.write("CorrectHandOut", body, occurred_on=None, recorded_on=line["corrected_on"])


def order(book: Book, entry: Entry) -> None:
    body = {"order_id": entry["id"], "item": entry["item"], "quantity": entry["quantity"]}
    body["cost_fen"] = entry["quantity"] * entry["price_fen"]
    book.write("OrderGoods", body, occurred_on=entry["on"])


def training(book: Book, entry: Entry) -> None:
    for key in book.roster.named(entry["who"]):
        body = {"batch_id": entry["id"], "person_id": Ref(key), "post": entry["post"]}
        book.write("TrainCadre", body, occurred_on=entry["on"], recorded_on=entry.get("on_recorded"))


def staff_training(book: Book, entry: Entry) -> None:
    for staff in entry["who"]:
        body = {"course_id": entry["id"], "staff_id": staff, "level": entry["level"]}
        body["out_of_town"] = entry.get("out_of_town", False)
        book.write("RecordStaffTraining", body, occurred_on=entry["on"])


def venue(book: Book, entry: Entry) -> None:
    body = {"agreement_id": entry["id"], "venue": entry["venue"]}
    book.write("SignVenueAgreement", body, occurred_on=entry["on"])


def quiz(book: Book, entry: Entry) -> None:
    for line in entry["lines"]:
        for union in unions_between(line["to"]):
            subject = {"quiz_id": entry["id"], "union_id": union}
            body = subject | {"theme": entry["theme"], "addressed": line["addressed"]}
            book.write("AddressQuiz", body, occurred_on=entry["on"])
            body = subject | {"answers": line["answers"]}
            book.write("RecordQuizAnswers", body, occurred_on=entry["answered_on"])


def visit(book: Book, entry: Entry) -> None:
    body = {"visit_id": entry["id"], "site_id": entry["site"], "purpose": entry["purpose"]}
    book.write("VisitSite", body, occurred_on=entry["on"])


EXPANDERS: dict[str, Callable[[Book, Entry], None]] = {
    "activity": activity,
    "hand_out": hand_out,
    "order": order,
    "training": training,
    "staff_training": staff_training,
    "venue": venue,
    "quiz": quiz,
    "visit": visit,
}
