"""One household: its file with what is sealed, its account, its applications."""

from services.gateway.console.detail import Action, Fact, Record, record_page
from services.gateway.console.page import link
from services.gateway.console.relief.people import name_of

HOUSEHOLD = Record(
    name="household",
    path="/households/<key>",
    service="relief",
    question="household",
    key="person_id",
    aggregate="case",
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
        Fact("account_recorded_on", "date"),
        Fact("account_recorded_by", "person"),
    ),
    actions=(
        Action("applications.apply", "apply", ("relief", "Apply"), lambda told: told["open"] and not told["died"]),
        Action("households.account", "household_account", ("relief", "RecordPayee"), icon="credit-card-2-front"),
        Action("households.plan_exit", "household_plan_exit", ("relief", "PlanExit"), lambda told: told["open"]),
        Action("households.exit", "household_exit", ("relief", "ExitCase"), lambda told: told["open"]),
        Action("households.open_again", "household_open", ("relief", "OpenCase"), lambda told: not told["open"]),
    ),
    back="households",
    about=lambda told: {"applications": told.get("applications", []), "to": lambda key: link("application", key=key)},
    template="household.html",
)

PAGES = (record_page(HOUSEHOLD),)
