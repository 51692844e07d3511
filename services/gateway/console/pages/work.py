"""The first page: what waits for the role at hand, and the month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson
from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Role
from services.gateway.console.asking import ask, may, station_date
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.texts import t
from services.gateway.parts import gateway
from services.gateway.session import current


@dataclass(frozen=True)
class Work:
    """A kind of thing that waits for these roles: the rows of a question under a filter, and the page that has them.

    `text` is what is said of it (`work.<text>`); `given` fills the filters, and stands in the link too.
    """

    roles: frozenset[Role]
    service: str
    question: str
    text: str
    page: str
    given: Mapping[str, Any] = field(default_factory=dict)


CLERKS = frozenset({Role.CLERK, Role.STATION_HEAD})
HEADS = frozenset({Role.STATION_HEAD})
CHAIRS = frozenset({Role.CHAIR, Role.VICE_CHAIR})

ACCOUNTANTS, CASHIERS = frozenset({Role.ACCOUNTANT}), frozenset({Role.CASHIER})

WITNESSES = HEADS | CHAIRS | {Role.ADMINISTRATOR}

WORK: tuple[Work, ...] = (
    Work(CHAIRS, "relief", "approvals_waiting", "to_approve", "approvals"),
    Work(HEADS, "relief", "applications", "to_review", "applications", {"state": "in_hand"}),
    Work(CLERKS, "relief", "applications", "returned", "applications", {"state": "returned"}),
    Work(CLERKS, "relief", "applications", "to_notice", "applications", {"state": "reviewed"}),
    Work(CLERKS, "relief", "notice", "on_notice", "notices"),
    Work(CLERKS, "membership", "card_applications", "cards_waiting", "cards", {"status": "waiting"}),
    Work(ACCOUNTANTS, "relief", "applications", "to_enter", "enter_payments", {"state": "approved"}),
    Work(ACCOUNTANTS, "relief", "applications", "to_pay_again", "enter_payments", {"state": "failed"}),
    Work(CASHIERS, "relief", "pay_lists", "to_release", "pay_lists", {"state": "open"}),
    Work(WITNESSES, "access", "recoveries_waiting", "recoveries", "recoveries"),
    Work(ACCOUNTANTS | CASHIERS, "relief", "pay_lists", "with_bank", "pay_lists", {"state": "with_bank"}),
)
"""Each part adds its lines here, the most pressing first."""


@dataclass(frozen=True)
class Waiting:
    """A line of the page: how much waits, and where."""

    text: str
    count: int
    address: str


def first() -> Response:
    return redirect(link("work"))


def work() -> str:
    waiting = [found for each in WORK if current().role in each.roles and (found := _waiting(each))]
    return render_template("work.html", waiting=waiting, month=_month())


def _waiting(each: Work) -> Waiting | None:
    """How much of it waits; None where this installation does not offer the question or the page."""
    offered = gateway().catalogue.services.get(each.service)
    if offered is None or each.question not in offered.questions or not may(each.service, each.question):
        return None
    try:
        count = ask(
            each.service,
            each.question,
            **each.given,
            **({"size": 1} if offered.questions[each.question].listed else {}),
        )["count"]
    except Failure:
        return None
    return Waiting(each.text, count, link(each.page, **each.given))


@dataclass(frozen=True)
class Month:
    """A month of the station: its activities by day."""

    first: date
    activities: Sequence[Mapping[str, Any]]

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.first + timedelta(days=31):%Y-%m}"

    @property
    def swiped(self) -> Sequence[Mapping[str, Any]]:
        """Those at which cards were swiped: what the picture shows."""
        return [each for each in self.activities if each["by_card"] and each["places"]]

    @property
    def drawn(self) -> str:
        """What the picture is drawn from, as JSON."""
        shown = {
            "titles": [f"{each['day'][5:]} {each['title']}" for each in self.swiped],
            "swipes": [each["swipes"] for each in self.swiped],
            "places": [each["places"] for each in self.swiped],
            "words": {"swipes": t("work.swipes"), "places": t("work.places")},
        }
        return orjson.dumps(shown).decode()


def _month() -> Month | None:
    """The month in the address, else the present one; None for roles that do not see activities."""
    if not may("activities", "activities_of_month"):
        return None
    try:
        begins = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        begins = station_date().replace(day=1)
    try:
        return Month(begins, ask("activities", "activities_of_month", month=f"{begins:%Y-%m}"))
    except Failure:
        return None


PAGES = (
    Page("first", "/", first, of_station=False),
    Page("work", "/work", work, menu=Menu("work", 10, "work", "card-checklist")),
)
