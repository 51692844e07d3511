"""What happens to unions, members, cards, honours and staff through the year."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from examples.guangnei_2017.acts import Book, Ref
from examples.guangnei_2017.opening import invented_name, issue_card
from examples.guangnei_2017.people import card_number

Entry = Mapping[str, Any]


def _when(entry: Entry, name: str = "on") -> tuple[date, date]:
    """When it occurred, and when it was written down if that was later."""
    occurred_on = entry[name]
    return occurred_on, entry.get(f"{name}_recorded", occurred_on)


def _admission(book: Book, key: str, union: str) -> dict[str, Any]:
    person = book.people[key]
    return {
        "union_id": union,
        "name": person.name,
        "identity_number": person.identity_number,
        "phone": person.phone,
    }


def join(book: Book, entry: Entry) -> None:
    """New members; a card the same day unless `card_on`. The roster may be uploaded again under new ids."""
    keys = [f"{entry['id']}.{order}" for order in range(1, entry["count"] + 1)]
    for key in keys:
        book.write("JoinMember", _admission(book, key, entry["union"]), *_when(entry), admits=key)
    card = _when(entry, "card_on") if "card_on" in entry else _when(entry)
    for key in keys:
        issue_card(book, key, "IssueCard", *card)
    if "uploaded_again_on" in entry:
        book.open_entry(f"{book.source}:again", book.station)
        for key in keys:
            again = {"occurred_on": entry["on"], "recorded_on": entry["uploaded_again_on"]}
            book.write("JoinMember", _admission(book, key, entry["union"]), **again, expect="already-a-member")


def rejoin(book: Book, entry: Entry) -> None:
    key = entry["who"]
    book.write("JoinMember", _admission(book, key, entry["union"]), *_when(entry), admits=key)
    issue_card(book, key, "IssueCard", *_when(entry))


def leave(book: Book, entry: Entry) -> None:
    for key in entry["who"]:
        book.write("LeaveUnion", {"person_id": Ref(key)}, *_when(entry))


def expel(book: Book, entry: Entry) -> None:
    body = {"person_id": Ref(entry["who"]), "decision": entry["decision"]}
    book.write("ExpelMember", body, *_when(entry))


def death(book: Book, entry: Entry) -> None:
    book.write("RecordDeath", {"person_id": Ref(entry["who"])}, *_when(entry))


def move(book: Book, entry: Entry) -> None:
    """Members of one union move to another of the same station."""
    for key in book.roster.named(entry["who"]):
        book.write("TransferMember", {"person_id": Ref(key), "to_union_id": entry["to"]}, *_when(entry))


def transfer(book: Book, entry: Entry) -> None:
    """A member moves to another station: asked for here, accepted there, a new card there."""
    key, to_station, from_station = entry["who"], entry["to_station"], book.station
    asked = {"person_id": Ref(key), "to_station": to_station}
    book.write("RequestTransfer", asked, occurred_on=entry["asked_on"])
    if "accepted_on" in entry:
        accepted = _admission(book, key, entry["to_union"]) | {"from_station": from_station}
        when = _when(entry, "accepted_on")
        book.write("AcceptTransfer", accepted, *when, station=to_station, admits=key)
        issue_card(book, key, "IssueCard", *when, station=to_station)


def found_union(book: Book, entry: Entry) -> None:
    body = {key: entry[key] for key in ("union_id", "name", "kind", "community")}
    book.write("FoundUnion", body, *_when(entry))
    for order in range(1, entry.get("employers", 0) + 1):
        employer = f"{entry['union_id']}.e{order:02d}"
        body = {"union_id": entry["union_id"], "employer_id": employer}
        name = invented_name(5000 + 50 * int(entry["union_id"][1:]) + order)
        book.write("CoverEmployer", body | {"employer_name": name}, *_when(entry))


def dissolve_union(book: Book, entry: Entry) -> None:
    body = {"union_id": entry["union_id"], "reason": entry["reason"]}
    book.write("DissolveUnion", body, *_when(entry), expect=entry.get("refused", "done"))


def merge_union(book: Book, entry: Entry) -> None:
    body = {"union_id": entry["union_id"], "into_union_id": entry["into"]}
    book.write("MergeUnion", body, *_when(entry))


def card_lost(book: Book, entry: Entry) -> None:
    key = entry["who"]
    book.write("ReportCardLost", {"person_id": Ref(key)}, *_when(entry))
    if "replaced_on" in entry:
        issue_card(book, key, "ReplaceCard", *_when(entry, "replaced_on"))


def correct_name(book: Book, entry: Entry) -> None:
    """The name in the register was misspelt; here it is as on the identity card."""
    body = {"person_id": Ref(entry["who"]), "name": book.people[entry["who"]].name}
    book.write("CorrectMember", body, *_when(entry))


def honour(book: Book, entry: Entry) -> None:
    body = {"person_id": Ref(entry["who"]), "title": entry["title"], "service": entry["service"]}
    book.write("RecordHonour", body, *_when(entry))


def retire_honouree(book: Book, entry: Entry) -> None:
    book.write("RetireHonouree", {"person_id": Ref(entry["who"]), "title": entry["title"]}, *_when(entry))


def appoint_staff(book: Book, entry: Entry) -> None:
    book.write("AppointStaff", {"staff_id": entry["staff_id"], "office": entry["office"]}, *_when(entry))


def release_staff(book: Book, entry: Entry) -> None:
    book.write("ReleaseStaff", {"staff_id": entry["staff_id"]}, *_when(entry))


def attempt(book: Book, entry: Entry) -> None:
    """Something that somebody tries and a rule refuses (or that changes nothing).

    In the body, `@U012.003` stands for that person, `#U012.003` for the number on that person's first card.
    """
    body: dict[str, Any] = {}
    for name, value in entry["body"].items():
        text = value if isinstance(value, str) else ""
        if text.startswith("@"):
            body[name] = Ref(text[1:])
        elif text.startswith("#"):
            body[name] = card_number(text[1:])
        else:
            body[name] = value
    if "person" in entry:
        body |= _admission(book, entry["person"], entry["body"]["union_id"]) | body
    dated = "occurred_on" not in entry or entry["occurred_on"]
    book.write(
        entry["command"],
        body,
        occurred_on=entry["on"] if dated else None,
        recorded_on=entry["on"],
        by=entry.get("by", ""),
        role=entry.get("role", ""),
        expect=entry["refused"],
        hours_later=entry.get("hours_later", 4),
    )


EXPANDERS: dict[str, Callable[[Book, Entry], None]] = {
    "join": join,
    "rejoin": rejoin,
    "leave": leave,
    "expel": expel,
    "death": death,
    "move": move,
    "transfer": transfer,
    "found_union": found_union,
    "dissolve_union": dissolve_union,
    "merge_union": merge_union,
    "card_lost": card_lost,
    "correct_name": correct_name,
    "honour": honour,
    "retire_honouree": retire_honouree,
    "appoint_staff": appoint_staff,
    "release_staff": release_staff,
    "attempt": attempt,
}
