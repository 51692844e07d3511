"""The lines of a pay list and of a consolation list as they stood on a date, by the events up to it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.console.detail import Told
from services.gateway.console.history import Event

Line = dict[str, Any]


def of_the_list(key: str, events: Sequence[Event]) -> list[Event]:
    """What happened on this list: a grant may have failed here and stand on another list since."""
    on_list: dict[str, str] = {}
    found = []
    for event in events:
        said = event["payload"]
        application = said.get("application_id", "")
        on_list[application] = said.get("pay_list_id") or on_list.get(application, "")
        if on_list[application] == key:
            found.append(event)
    return found


def pay_list_as_of(events: Sequence[Event], _day: str) -> Told:
    """The lines with what had become of each, the list's sums and state, and the bank files made so far."""
    lines: dict[str, Line] = {}
    for event in events:
        _apply(lines, event)
    count = Counter(line["state"] for line in lines.values())
    files = [
        {**event["payload"], "exported_on": event["occurred_on"]}
        for event in events
        if event["type"] == "BankFileExported"
    ]
    return {
        "rows": [lines[key] for key in sorted(lines)],
        "bank_files": files,
        "file_is_stale": False,
        "entered_on": min((line["entered_on"] for line in lines.values()), default=None),
        "lines": len(lines),
        "amount_fen": _sum(lines.values()),
        "paid_fen": _sum(line for line in lines.values() if line["state"] in ("paid", "signed_for")),
        "failed": count["failed"],
        "state": "open" if count["entered"] else "with_bank" if count["released"] else "answered",
    }


def _apply(lines: dict[str, Line], event: Event) -> None:
    said, on = event["payload"], event["occurred_on"]
    key = said.get("application_id", "")
    match event["type"]:
        case "PaymentEntered":
            kept = {name: said[name] for name in ("application_id", "person_id", "amount_fen", "entered_by")}
            lines[key] = {**kept, "state": "entered", "entered_on": on}
        case "TakenOffPayList":
            lines.pop(key, None)
        case "PaymentReleased":
            lines[key] |= {"state": "released", "released_by": said["released_by"], "released_on": on}
        case "PaymentFailed":
            lines[key] |= {"state": "failed", "reason": said.get("reason"), "answered_on": on}
        case "GrantPaid":
            lines[key] |= {"state": "paid", "answered_on": on}
        case "PaymentReversed":
            lines[key]["state"] = "reversed"
        case "GrantSignedFor":
            lines[key]["state"] = "signed_for"


def _sum(lines: Iterable[Mapping[str, Any]]) -> int:
    return sum(line["amount_fen"] for line in lines)


def consolation_as_of(events: Sequence[Event], _day: str) -> Told:
    """Who stood on the list, who had signed, and whether it was approved."""
    lines: dict[str, Line] = {}
    found: Line = {"approved_on": None}
    for event in events:
        said, on = event["payload"], event["occurred_on"]
        match event["type"]:
            case "ConsolationListPrepared":
                found |= {"prepared_on": on, "prepared_by": said["prepared_by"]}
            case "ConsolationListApproved":
                found["approved_on"] = on
            case "ConsolationLineAdded":
                lines[said["recipient_id"]] = {**said, "signed_on": None}
            case "ConsolationSignedFor":
                lines[said["recipient_id"]]["signed_on"] = on
    of_lines = [lines[key] for key in sorted(lines)]
    return {**found, "lines": of_lines, "count": len(lines), "amount_fen": _sum(of_lines)}
