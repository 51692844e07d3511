"""A record of each kind that has a version: made in the carried year, asked for by address, changed by an order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lastmile.kernel.domain.identity import Role

Order = tuple[str, Role, Mapping[str, Any]]
"""A command with its service, who gives it, and its body without the day."""


@dataclass(frozen=True)
class Found:
    """What records are made of: a mark of their own, a day, a member without a file, a fund."""

    mark: str
    today: str
    member: str
    fund: str


@dataclass(frozen=True)
class Changed:
    """How a record is asked for, the orders that make it, and one that changes it."""

    parameters: Mapping[str, Any]
    made: tuple[Order, ...]
    order: Order


def _member(found: Found) -> Changed:
    corrected = {"person_id": found.member, "name": "王改名", "occurred_on": found.today}
    return Changed({"person_id": found.member}, (), ("membership.CorrectMember", Role.CLERK, corrected))


def _union(found: Found) -> Changed:
    union = {"union_id": found.mark, "occurred_on": found.today}
    entered = {**union, "name": "联合工会", "kind": "joint", "community": "c1"}
    covered = {**union, "employer_id": found.mark, "employer_name": "小店"}
    made = ("membership.RegisterUnion", Role.CLERK, entered)
    return Changed({"union_id": found.mark}, (made,), ("membership.CoverEmployer", Role.CLERK, covered))


def _roster_import(found: Found) -> Changed:
    opened = {"import_id": found.mark, "file_sha256": "0" * 64, "rows": 1}
    confirmed = {"import_id": found.mark}
    made = ("membership.OpenImport", Role.CLERK, opened)
    return Changed(confirmed, (made,), ("membership.ConfirmImport", Role.CLERK, confirmed))


def _activity(found: Found) -> Changed:
    activity = {"activity_id": found.mark, "occurred_on": found.today}
    plan = {"title": "象棋比赛", "kind": "tournament", "theme": "chess", "by_card": False, "places": 20}
    made = ("activities.PlanActivity", Role.CLERK, {**activity, **plan, "planned_on": found.today})
    return Changed({"activity_id": found.mark}, (made,), ("activities.PublishActivity", Role.CLERK, activity))


def _file(found: Found) -> Order:
    file = {"person_id": found.member, "category": "deep", "persons": 2, "occurred_on": found.today}
    return "relief.OpenCase", Role.CLERK, file


def _application(found: Found) -> Changed:
    application = {"application_id": found.mark, "occurred_on": found.today}
    asked = {"person_id": found.member, "fund_id": found.fund, "programme": "warmth", "amount_fen": 100}
    made = (_file(found), ("relief.Apply", Role.CLERK, {**application, **asked, "ground": "ill for months"}))
    visited = {**application, "finding": "in_need"}
    return Changed({"application_id": found.mark}, made, ("relief.RecordHomeVisit", Role.CLERK, visited))


def _household(found: Found) -> Changed:
    planned = {"person_id": found.member, "exit_by": "2099-12-31", "occurred_on": found.today}
    return Changed({"person_id": found.member}, (_file(found),), ("relief.PlanExit", Role.CLERK, planned))


def _consolation_list(found: Found) -> Changed:
    list_ = {"list_id": found.mark, "occurred_on": found.today}
    prepared = {**list_, "occasion": "may_day", "fund_id": found.fund}
    line = {"recipient_id": found.mark, "recipient": "front_line_worker", "amount_fen": 100, "in_goods": False}
    made = (
        ("relief.PrepareConsolationList", Role.CLERK, prepared),
        ("relief.AddToConsolationList", Role.CLERK, {**list_, **line}),
    )
    return Changed({"list_id": found.mark}, made, ("relief.ApproveConsolationList", Role.CHAIR, list_))


def _system(found: Found) -> Changed:
    system = {"client_id": found.mark, "secret_hash": "0" * 64}
    made = ("access.RegisterSystem", Role.ADMINISTRATOR, {**system, "name": "12351", "scopes": "logs.read"})
    replaced = {**system, "secret_hash": "1" * 64}
    history = {"aggregate": "system", "key": found.mark}
    return Changed(history, (made,), ("access.ReplaceSystemSecret", Role.ADMINISTRATOR, replaced))


def _history(aggregate: str, of: Callable[[Found], Changed]) -> Callable[[Found], Changed]:
    def history(found: Found) -> Changed:
        changed = of(found)
        (key,) = changed.parameters.values()
        return Changed({"aggregate": aggregate, "key": key}, changed.made, changed.order)

    return history


RECORDS: Mapping[str, Callable[[Found], Changed]] = {
    "access.history": _system,
    "membership.member": _member,
    "membership.union": _union,
    "membership.roster_import": _roster_import,
    "membership.history": _history("union", _union),
    "activities.activity": _activity,
    "relief.application": _application,
    "relief.household": _household,
    "relief.consolation_list": _consolation_list,
    "relief.history": _history("application", _application),
}
"""Every question that tells of one record with a stream of its own."""

WITHOUT = ("access.person", "relief.pay_list", "relief.bank_file")
"""What is made of several streams: what it answers says so."""
FILES = ("membership.card_application_file",)
