"""The first page: what waits for the role at hand, and the month."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template
from werkzeug.wrappers import Response

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Role
from services.gateway.console.asking import ask, may
from services.gateway.console.page import Menu, Page, link
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

WORK: tuple[Work, ...] = (
    Work(CHAIRS, "relief", "approvals_waiting", "to_approve", "approvals"),
    Work(HEADS, "relief", "applications", "to_review", "applications", {"state": "in_hand"}),
    Work(CLERKS, "relief", "applications", "returned", "applications", {"state": "returned"}),
    Work(CLERKS, "relief", "applications", "to_notice", "applications", {"state": "reviewed"}),
    Work(CLERKS, "relief", "notice", "on_notice", "notices"),
    Work(ACCOUNTANTS, "relief", "applications", "to_enter", "enter_payments", {"state": "approved"}),
    Work(ACCOUNTANTS, "relief", "applications", "to_pay_again", "enter_payments", {"state": "failed"}),
    Work(CASHIERS, "relief", "pay_lists", "to_release", "pay_lists", {"state": "open"}),
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
    return render_template("work.html", waiting=waiting)


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


PAGES = (
    Page("first", "/", first, of_station=False),
    Page("work", "/work", work, menu=Menu("work", 10, "work", "card-checklist")),
)
