"""One household: its file with what is sealed, its account, its applications."""

from collections.abc import Sequence

from services.gateway.console.detail import Action, Fact, Record, Told, record_page
from services.gateway.console.history import Event
from services.gateway.console.page import link
from services.gateway.console.relief.people import name_of


def as_of(events: Sequence[Event], _day: str) -> Told:
    """The file as its events up to a day left it."""
    file = {"since": None, "open": False, "exit_by": None, "membership_ended": None}
    for event in events:
        match event["type"]:
            case "CaseRegistered" | "CaseOpened":
                file = {"since": event["occurred_on"], "open": True, "exit_by": None, "membership_ended": None}
            case "ExitPlanned":
                file["exit_by"] = event["payload"]["exit_by"]
            case "ExitPlanWithdrawn":
                file["exit_by"] = None
            case "CaseExited":
                file |= {"open": False, "exit_by": None}
            case "CaseMembershipEnded":
                file["membership_ended"] = event["payload"]["reason"]
    return file


HOUSEHOLD = Record(
    name="household",
    path="/households/<key>",
    service="relief",
    question="household",
    key="person_id",
    aggregates=("case",),
    as_of=as_of,
    title=lambda told: name_of(str(told["person_id"])),
    kind="households.kind",
    facts=(
        Fact("category", words="category"),
        Fact("persons", "number"),
        Fact("since", "date"),
        Fact("open", "yes-no", label="field.file_open"),
        Fact("exit_by", "date"),
        Fact("membership_ended", words="membership_ended"),
        Fact("illness", "personal"),
        Fact("family", "personal"),
        Fact("account_recorded_on", "date", only_today=True),
        Fact("account_recorded_by", "person", only_today=True),
    ),
    actions=(
        Action("applications.apply", "apply", ("relief", "Apply"), lambda told: told["open"] and not told["died"]),
        Action("households.account", "household_account", ("relief", "RecordPayee"), icon="credit-card-2-front"),
        Action("households.plan_exit", "household_plan_exit", ("relief", "PlanExit"), lambda told: told["open"]),
        Action("households.exit", "household_exit", ("relief", "ExitCase"), lambda told: told["open"]),
        Action("households.open_again", "household_open", ("relief", "OpenCase"), lambda told: not told["open"]),
    ),
    back="households",
    about=lambda _told: {"to": lambda key, as_of: link("application", key=key, as_of=as_of)},
    template="household.html",
)

PAGES = (record_page(HOUSEHOLD),)
