"""What ought to come of each command of a grant's chain, told in other words than the service's own."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

BUDGET_FEN, CEILING_FEN, TIMES_A_YEAR = 5, 3, 3
WRITES, NOTHING, REFUSES = "writes", "nothing", "refuses"
PEOPLE = ("an", "bo", "chen", "ding", "fang", "gao", "zhao")
REVIEWER = "whoever reviewed it"
SELF, KIN, STATED_THE_POLICY, OPENED_THE_FUND = "zhao", "wei", "fang", "gao"
OWN_AID = frozenset({SELF, KIN})
"""Who applies, and whoever works at the station and lives in that household: their person ids differ."""
NEXT = {
    "none": "Apply",
    "reviewed": "PublishNotice",
    "on_notice": "CloseNotice",
    "unopposed": "ApproveApplication",
    "returned": "ResubmitApplication",
    "approved": "EnterPayment",
    "entered": "ReleasePayment",
    "released": "BookBankReturn",
    "paid": "ReversePayment",
    "refused": "Apply",
    "withdrawn": "Apply",
}
COMMANDS = (*dict.fromkeys(NEXT.values()), "RecordHomeVisit", "RecordComparison", "ReviewApplication")
OTHERS = ("ReturnApplication", "RefuseApplication", "WithdrawApplication", "TakeOffPayList")
GIVEN_UP = ("none", "refused", "withdrawn")
UNDECIDED = ("in_hand", "reviewed", "on_notice", "unopposed")


@dataclass(frozen=True)
class Attempt:
    """Somebody tries something: `yes` is no objection, or paid.

    `wanted` is None for the next step, `person` for somebody who may, and REVIEWER for whoever reviewed it.
    """

    application_id: str
    wanted: str | None
    person: str | None
    amount_fen: int
    yes: bool
    pay_list: str


@dataclass
class Paper:
    """The oracle's own idea of one application: a step, and who did what."""

    step: str = "none"
    pay: str = "unpaid"
    last: str = ""
    amount_fen: int = 0
    again: bool = False
    checked: set[str] = field(default_factory=set)
    handled: set[str] = field(default_factory=set)
    reviewed: set[str] = field(default_factory=set)
    noticed: set[str] = field(default_factory=set)
    by: str = ""
    entered_by: str = ""
    lists: list[str] = field(default_factory=list)

    @property
    def next_command(self) -> str:
        if self.step == "in_hand":
            missing = [name for name in ("RecordHomeVisit", "RecordComparison") if name not in self.checked]
            return missing[0] if missing else "ReviewApplication"
        return NEXT[self.pay if self.step == "approved" and self.pay != "unpaid" else self.step]


@dataclass
class Oracle:
    """Everybody's papers, the money left, the pay lists that take no more."""

    papers: dict[str, Paper] = field(default_factory=lambda: defaultdict(Paper))
    left_fen: int = BUDGET_FEN
    closed: set[str] = field(default_factory=set)

    def name(self, attempt: Attempt) -> str:
        return attempt.wanted or self.papers[attempt.application_id].next_command

    def named(self, attempt: Attempt) -> Attempt:
        """The attempt by somebody."""
        reviewed = sorted(self.papers[attempt.application_id].reviewed)
        if attempt.person == REVIEWER and reviewed:
            return replace(attempt, person=reviewed[0])
        if attempt.person not in (None, REVIEWER):
            return attempt
        name, paper = self.name(attempt), self.papers[attempt.application_id]
        everybody = [replace(attempt, person=person) for person in PEOPLE if person != SELF]
        able = [by for by in everybody if self._may(name, paper, by)] or everybody
        return able[attempt.amount_fen % len(able)]

    def tell(self, attempt: Attempt) -> str:
        """Whether it writes, has nothing to do or is refused; the papers change with it."""
        name, paper = self.name(attempt), self.papers[attempt.application_id]
        if self._repeats(name, paper, attempt):
            return NOTHING
        if attempt.person in OWN_AID or not self._may(name, paper, attempt):
            return REFUSES
        self._write(name, paper, attempt)
        return WRITES

    def _repeats(self, name: str, paper: Paper, attempt: Attempt) -> bool:
        same, unpaid = attempt.amount_fen == paper.amount_fen, paper.pay == "unpaid"
        underway = paper.pay != "unpaid"
        repeats = {
            "Apply": paper.step == "in_hand" and not paper.again and same,
            "RecordHomeVisit": paper.step == "in_hand" and name in paper.checked,
            "RecordComparison": paper.step == "in_hand" and name in paper.checked,
            "ReviewApplication": paper.step == "reviewed" and paper.by == attempt.person,
            "PublishNotice": paper.step == "on_notice",
            "CloseNotice": paper.step == "unopposed" and attempt.yes,
            "ApproveApplication": paper.step == "approved" and paper.by == attempt.person,
            "ReturnApplication": paper.step == "returned",
            "ResubmitApplication": paper.step == "in_hand" and paper.again and same,
            "RefuseApplication": paper.step in GIVEN_UP[1:],
            "WithdrawApplication": paper.step in GIVEN_UP[1:],
            "EnterPayment": underway and paper.lists[-1:] == [attempt.pay_list],
            "ReleasePayment": paper.pay in ("released", "paid"),
            "TakeOffPayList": unpaid and paper.last == "taken_off",
            "BookBankReturn": (attempt.yes and (paper.pay == "paid" or (unpaid and paper.last == "reversed")))
            or (not attempt.yes and unpaid and paper.last == "failed"),
            "ReversePayment": unpaid and paper.last == "reversed",
        }
        return repeats[name]

    def _may(self, name: str, paper: Paper, attempt: Attempt) -> bool:
        person, step, pay = attempt.person, paper.step, paper.pay
        preparing = paper.handled | paper.reviewed | paper.noticed
        standing = [other for key, other in self.papers.items() if key != attempt.application_id]
        may = {
            "Apply": step == "none" and sum(other.step not in GIVEN_UP for other in standing) < TIMES_A_YEAR,
            "RecordHomeVisit": step == "in_hand" and person not in paper.reviewed,
            "RecordComparison": step == "in_hand" and person not in paper.reviewed,
            "ReviewApplication": step == "in_hand" and len(paper.checked) == 2 and person not in paper.handled,
            "PublishNotice": step == "reviewed",
            "CloseNotice": step == "on_notice",
            "ApproveApplication": step == "unopposed"
            and person not in preparing | {STATED_THE_POLICY, OPENED_THE_FUND}
            and paper.amount_fen <= min(self.left_fen, CEILING_FEN),
            "ReturnApplication": step in UNDECIDED,
            "ResubmitApplication": step == "returned" and person not in paper.reviewed,
            "RefuseApplication": step in (*UNDECIDED, "returned"),
            "WithdrawApplication": step in (*UNDECIDED, "returned") or (step == "approved" and pay == "unpaid"),
            "EnterPayment": step == "approved"
            and pay == "unpaid"
            and person not in preparing | {paper.by}
            and attempt.pay_list not in self.closed.union(paper.lists),
            "ReleasePayment": pay == "entered" and person not in preparing | {paper.by, paper.entered_by},
            "TakeOffPayList": pay == "entered",
            "BookBankReturn": pay == "released",
            "ReversePayment": pay == "paid",
        }
        return may[name]

    def _write(self, name: str, paper: Paper, attempt: Attempt) -> None:
        assert attempt.person is not None
        match name:
            case "Apply" | "ResubmitApplication":
                paper.again = name == "ResubmitApplication"
                paper.step, paper.amount_fen = "in_hand", attempt.amount_fen
                paper.handled.add(attempt.person)
            case "RecordHomeVisit" | "RecordComparison":
                paper.checked.add(name)
                paper.handled.add(attempt.person)
            case "ReviewApplication":
                paper.step, paper.by = "reviewed", attempt.person
                paper.reviewed.add(attempt.person)
            case "PublishNotice" | "CloseNotice":
                paper.noticed.add(attempt.person)
                if name == "CloseNotice":
                    paper.again = False
                    paper.step = "unopposed" if attempt.yes else "in_hand"
                else:
                    paper.step = "on_notice"
            case "ApproveApplication":
                paper.step, paper.by = "approved", attempt.person
                self.left_fen -= paper.amount_fen
            case "ReturnApplication" | "RefuseApplication":
                paper.step = "returned" if name == "ReturnApplication" else "refused"
            case "WithdrawApplication":
                self.left_fen += paper.amount_fen if paper.step == "approved" else 0
                paper.step = "withdrawn"
            case _:
                self._pay(name, paper, attempt)

    def _pay(self, name: str, paper: Paper, attempt: Attempt) -> None:
        assert attempt.person is not None
        match name:
            case "EnterPayment":
                paper.pay, paper.last, paper.entered_by = "entered", "", attempt.person
                paper.lists.append(attempt.pay_list)
            case "ReleasePayment":
                paper.pay = "released"
                self.closed.add(paper.lists[-1])
            case "TakeOffPayList":
                paper.pay, paper.last = "unpaid", "taken_off"
                paper.lists.pop()
            case "BookBankReturn":
                paper.pay, paper.last = ("paid", "") if attempt.yes else ("unpaid", "failed")
            case "ReversePayment":
                paper.pay, paper.last = "unpaid", "reversed"
