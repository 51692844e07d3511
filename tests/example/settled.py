"""What later acts make of earlier ones: the day each fact belongs to, whose card it was, what sum was granted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from examples.guangnei_2017.acts import Act


@dataclass
class Settled:
    """The acts by the day on which they were true, and what they say of one another."""

    dated: list[tuple[date, Act]] = field(default_factory=list)
    plans: list[Act] = field(default_factory=list)
    consolation_lists: list[Act] = field(default_factory=list)
    consolation_fen: dict[tuple[str, str], int] = field(default_factory=dict)
    granted_fen: dict[str, int] = field(default_factory=dict)
    tuition_fen: dict[str, int] = field(default_factory=dict)
    card_holders: dict[str, str] = field(default_factory=dict)
    days: dict[tuple[str, str], date] = field(default_factory=dict)
    """When a card was swiped at an activity, and when a list was handed out."""


def settle(acts: Sequence[Act]) -> Settled:
    """Dates: an annulment takes its swipe's, a correction its hand-out's, all else its own."""
    found = Settled()
    for act in acts:
        _said_by(act, found)
    found.dated = [(_day(act, found), act) for act in acts]
    found.dated.sort(key=lambda dated: (dated[0], dated[1].when))
    return found


def _said_by(act: Act, found: Settled) -> None:
    body = act.body
    match act.name:
        case "IssueCard" | "ReplaceCard":
            found.card_holders[body["card_number"]] = body["person_id"].person
        case "PlanActivity":
            found.plans.append(act)
        case "RecordSwipe":
            found.days[body["activity_id"], body["card_number"]] = date.fromisoformat(body["occurred_on"])
        case "HandOutToPerson" | "HandOutInBulk":
            found.days[body["list_id"], ""] = date.fromisoformat(body["occurred_on"])
        case "PrepareConsolationList":
            found.consolation_lists.append(act)
        case "AddToConsolationList":
            found.consolation_fen[body["list_id"], body["recipient_id"].person] = body["amount_fen"]
        case "Apply" | "ResubmitApplication":
            found.granted_fen[body["application_id"]] = body["amount_fen"]
        case "RecordTuitionDecision":
            found.tuition_fen[body["aid_id"]] = body["amount_fen"]


def _day(act: Act, found: Settled) -> date:
    if "occurred_on" in act.body:
        return date.fromisoformat(act.body["occurred_on"])
    if act.name == "AnnulSwipe":
        return found.days[act.body["activity_id"], act.body["card_number"]]
    return found.days[act.body["list_id"], ""]
