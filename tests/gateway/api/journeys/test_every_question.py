"""Every question that people may ask, asked over REST of a station that has a whole year behind it."""

from collections.abc import Iterator
from typing import Any

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import Scope
from services.gateway.api.questions import ways_of
from services.gateway.catalogue import QuestionOffered
from tests.browser.site import Site
from tests.gateway.api.journeys.door import STATION, Caller
from tests.gateway.api.journeys.hands import Hands

CARRIED = frozenset({"card_application_file", "roster_import", "bank_file"})
"""Asked in a journey, after the order that they need; questions about files are too."""
AFTER_A_REVEAL = "revealed"
MAY_BE_EMPTY = frozenset({"relief.applications_open", "reporting.stops"})
"""When the year is over, nothing is left undone."""


def asked_here() -> Iterator[QuestionOffered]:
    for offered in catalogue().questions():
        if ways_of(offered)[0][0] == "GET" and offered.name not in CARRIED | {AFTER_A_REVEAL}:
            yield offered


def parameters(clerk: Caller) -> dict[str, dict[str, Any]]:
    """What each question needs, of what the lists show."""

    def first(question: str, name: str, **more: Any) -> Any:
        return clerk.ask(question, **more)["rows"][0][name]

    member = first("membership/members", "person_id", living="true")
    household = first("relief/cases", "person_id")
    staff = {"person_id": f"{STATION}.clerk-1"}
    month = {"month": "2017-03"}
    (activity, *_) = clerk.ask("activities/activities-of-month", **month)
    return {
        "access.names": {"person_ids": [staff["person_id"]]},
        "access.person": staff,
        "access.history": {"aggregate": "person", "key": staff["person_id"]},
        "membership.member": {"person_id": member},
        "membership.member_names": {"person_ids": [member, household]},
        "membership.union": {"union_id": first("membership/unions", "union_id")},
        "membership.history": {"aggregate": "member", "key": member},
        "activities.activities_of_month": month,
        "activities.activity": {"activity_id": activity["activity_id"]},
        "relief.application": {"application_id": first("relief/applications", "application_id")},
        "relief.consolation_list": {"list_id": first("relief/consolation-lists", "list_id")},
        "relief.household": {"person_id": household},
        "relief.pay_list": {"pay_list_id": first("relief/pay-lists", "pay_list_id")},
        "relief.history": {"aggregate": "case", "key": household},
        "reporting.report": {"year": 2017},
        "reporting.explain": {"year": 2017, "key": "relief.warmth_fen"},
    }


def test_every_question_is_answered_to_whoever_may_ask_it(site: Site) -> None:
    hands, services = Hands(site), catalogue().services
    callers = {each["role"]: hands.of(each["account_name"], each["role"]) for each in site.demo.accounts()}
    needed, unanswered = parameters(callers["clerk"]), {}
    for offered in asked_here():
        path, name = ways_of(offered)[0][1].replace("<area:station>", STATION), f"{offered.service}.{offered.name}"
        for role, scope in services[offered.service].permissions[offered.name].items():
            if str(role) not in callers or scope is Scope.COMMUNITY:
                continue  # The chair of a community is answered of their own alone.
            answer = callers[str(role)].get(path, **needed.get(name, {}))
            if answer.status_code != 200 or not (answer.json() or name in MAY_BE_EMPTY):
                unanswered[name, str(role)] = answer.text
    assert unanswered == {}


def test_a_field_that_is_revealed_is_read_by_whoever_asked(site: Site) -> None:
    clerk = Hands(site).of("clerk-1", "clerk")
    person_id = clerk.ask("membership/members", living="true", size=1)["rows"][0]["person_id"]
    sealed = clerk.ask("membership/member", person_id=person_id)["sealed"]
    field = {"position": sealed["identity_number"], "field": "identity_number"}
    asked = f"/stations/{STATION}/membership/revealed"
    assert clerk.get(asked, **field).status_code == 403
    clerk.tell("membership/reveal:reveal-field", **field, ground="核对")
    assert len(clerk.ask("membership/revealed", **field)["value"]) == 18
