"""The annual report counted once more in plain Python from the plan's acts, sharing no code with the program.

A value is worked out for facts that occurred up to `as_of` and were written down up to `known_at`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from examples.guangnei_2017.acts import DONE, Act, Ref
from tests.example.settled import Settled, settle

Value = int | Decimal
ENDS = {"LeaveUnion", "ExpelMember", "RecordDeath"}
ADMITS = {"RegisterMember", "JoinMember", "AcceptTransfer"}


class Recount:
    """The lines of one station's report, each by its own small rule."""

    def __init__(self, acts: Sequence[Act], station: str, as_of: date, known_at: datetime | None = None) -> None:
        wrote = [act for act in acts if act.expect == DONE and (known_at is None or act.when <= known_at)]
        self.station = station
        self.settled: Settled = settle(wrote)
        self.facts = [
            (day, act)
            for day, act in self.settled.dated
            if day <= as_of and (act.station == station or act.name == "AcceptTransfer")
        ]

    def named(self, *names: str, first: str = "2017-01", last: str = "2017-12") -> list[Act]:
        """This station's acts of these commands that occurred from one month to another."""
        return [
            act
            for day, act in self.facts
            if act.name in names and first <= f"{day:%Y-%m}" <= last and act.station == self.station
        ]

    def stated(self, item: str) -> int:
        stated: list[int] = [a.body["value"] for a in self.named("StateProfileValue") if a.body["item"] == item]
        return stated[-1]

    def staff(self, office: str) -> int:
        posts = {a.body["staff_id"]: a.body["office"] for a in self.named("AppointStaff")}
        gone = [a.body["staff_id"] for a in self.named("ReleaseStaff")]
        return sum(1 for staff, at in posts.items() if at == office and staff not in gone)

    def unions(self) -> int:
        entered = len(self.named("RegisterUnion", "FoundUnion"))
        return entered - len(self.named("DissolveUnion", "MergeUnion"))

    def members(self) -> set[str]:
        """Who is a member at the end of the day, by walking through the year."""
        living: set[str] = set()
        for _, act in self.facts:
            if act.name in ADMITS:
                here = act.station == self.station
                (living.add if here else living.discard)(str(act.admits))
            elif act.name in ENDS:
                living.discard(act.body["person_id"].person)
        return living

    def members_with_card(self) -> int:
        live: dict[str, bool] = {}
        for _, act in self.facts:
            if act.name in ("IssueCard", "ReplaceCard", "ReportCardLost") and act.station == self.station:
                live[act.body["person_id"].person] = act.name != "ReportCardLost"
        members = self.members()
        return sum(1 for person, works in live.items() if works and person in members)

    def honours(self, *titles: str, service: str = "") -> int:
        standing: dict[tuple[str, str], str] = {}
        for act in self.named("RecordHonour", "RetireHonouree"):
            key = (act.body["person_id"].person, act.body["title"])
            standing[key] = act.body.get("service", "retired")
        held = [(title, at) for (_, title), at in standing.items()]
        return sum(1 for title, at in held if title in titles and service in ("", at))

    def held(self, first: str = "2017-01", last: str = "2017-12", **like: Any) -> list[Act]:
        """Plans of the activities that were held, whose fields are as asked."""
        plans = {a.body["activity_id"]: a for a in self.settled.plans if a.station == self.station}
        held = [plans[a.body["activity_id"]] for a in self.named("HoldActivity", first=first, last=last)]
        return [a for a in held if all(a.body.get(k) == v for k, v in like.items())]

    def swipes(self, activities: Iterable[Act] | None = None) -> list[tuple[str, str]]:
        """(activity, person) of each swipe that stands, in these activities."""
        ids = {a.body["activity_id"] for a in (self.held() if activities is None else activities)}
        known = {(a.body["activity_id"], a.body["card_number"]) for a in self.named("RecordSwipe")}
        annulled = {(a.body["activity_id"], a.body["card_number"]) for a in self.named("AnnulSwipe")}
        holders = self.settled.card_holders
        standing = known - annulled
        return [(activity, holders[card]) for activity, card in standing if activity in ids and card in holders]

    def people_at(self, activities: Iterable[Act]) -> int:
        return len({person for _, person in self.swipes(activities)})

    def handed_out(self, item: str, first: str, last: str) -> int:
        """Quantity handed out, each hand-out as corrected last."""
        lists: dict[tuple[str, str], int] = {}
        names = ("HandOutToPerson", "HandOutInBulk", "CorrectHandOut")
        for act in self.named(*names, first=first, last=last):
            who = act.body.get("person_id") or act.body.get("recipient_id")
            key = (act.body["list_id"], who.person if isinstance(who, Ref) else str(who))
            if act.body.get("item", item) == item and (act.name != "CorrectHandOut" or key in lists):
                lists[key] = act.body["quantity"]
        return sum(lists.values())

    def may(self) -> list[Act]:
        return [a for kind in ("hike", "walk") for a in self.held("2017-05", "2017-05", kind=kind)]

    def consoled_fen(self, *occasions: str, first: str = "2017-01", last: str = "2017-12") -> int:
        lists = {a.body["list_id"]: a.body["occasion"] for a in self.settled.consolation_lists}
        total = 0
        for act in self.named("SignForConsolation", first=first, last=last):
            line = (act.body["list_id"], act.body["recipient_id"].person)
            if lists[act.body["list_id"]] in occasions:
                total += self.settled.consolation_fen[line]
        return total

    def warmth(self) -> tuple[int, int]:
        """Person-times and fen: paid and not reversed."""
        paid = [a.body["application_id"] for a in self.named("BookBankReturn") if a.body["paid"]]
        back = [a.body["application_id"] for a in self.named("ReversePayment")]
        fen = self.settled.granted_fen
        return len(paid) - len(back), sum(fen[a] for a in paid) - sum(fen[a] for a in back)

    def tuition_fen(self) -> int:
        return sum(self.settled.tuition_fen[a.body["aid_id"]] for a in self.named("RecordTuitionDrawn"))

    def planned_exits(self) -> int:
        planned = {a.body["person_id"].person for a in self.named("PlanExit")}
        given_up = {a.body["person_id"].person for a in self.named("WithdrawExitPlan")}
        return len(planned - given_up)

    def total(self, name: str, field: str, first: str, last: str, **like: Any) -> int:
        acts = self.named(name, first=first, last=last)
        return sum(a.body[field] for a in acts if all(a.body.get(k) == v for k, v in like.items()))

    def every_line(self) -> dict[str, Value]:
        from tests.example.lines import LINES

        rules: dict[str, Callable[[Recount], Value]] = LINES
        return {key: rule(self) for key, rule in rules.items()}


def percent(part: int, whole: int) -> Decimal:
    """To two places, a half away from nought."""
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)
