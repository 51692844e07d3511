"""What is asked of the carried year: every question in every role that may ask it, with what the year itself gave."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Told = Mapping[str, Rows]
"""What each question answered in this role, or else in another; of lists and files the rows."""

SOME = 12
"""How many records of each kind are opened."""
DAY = "2017-12-30"
"""The last day of the year that was carried."""
HISTORIES = {
    "access.history": (("person", "access.persons_list", "person_id"), ("role", "access.persons_list", "person_id")),
    "membership.history": (("member", "membership.members", "person_id"), ("union", "membership.unions", "union_id")),
    "relief.history": (
        ("case", "relief.cases", "person_id"),
        ("application", "relief.applications", "application_id"),
        ("fund", "relief.funds_left", "fund_id"),
    ),
}
REVEALED = {f"{service}.revealed": f"{service}.history" for service in ("access", "membership", "relief")}


def some(rows: Rows) -> Rows:
    """A few rows, from all over the list."""
    return rows[:: max(1, len(rows) // SOME)]


def each(question: str, field: str) -> Callable[[Told], Iterator[dict[str, Any]]]:
    """One record of that list after the other."""
    return lambda told: ({field: row[field]} for row in some(told[question]))


def together(question: str) -> Callable[[Told], Iterator[dict[str, Any]]]:
    """Some persons of that list at once."""
    return lambda told: iter([{"person_ids": [row["person_id"] for row in some(told[question])]}])


def histories(question: str) -> Callable[[Told], Iterator[dict[str, Any]]]:
    def asked(told: Told) -> Iterator[dict[str, Any]]:
        for aggregate, listed, field in HISTORIES[question]:
            for row in some(told[listed]):
                yield {"aggregate": aggregate, "key": row[field]}

    return asked


def once(_told: Told) -> Iterator[dict[str, Any]]:
    yield {}


PARAMETERS: dict[str, Callable[[Told], Iterator[dict[str, Any]]]] = {
    "access.names": together("access.persons_list"),
    "access.person": each("access.persons_list", "person_id"),
    "membership.member": each("membership.members", "person_id"),
    "membership.member_names": together("membership.members"),
    "membership.union": each("membership.unions", "union_id"),
    "membership.roster_check": lambda told: iter(
        [{"file": told["membership.roster_template"][0]["file"], "occurred_on": DAY}]
    ),
    "membership.roster_marked": lambda told: iter([{"draft": told["membership.roster_check"][0]["draft"]}]),
    "membership.roster_commands": lambda told: iter([{"draft": told["membership.roster_check"][0]["draft"]}]),
    "membership.roster_import": each("membership.roster_imports", "import_id"),
    "membership.card_numbers_check": lambda told: iter(
        [{"file": told["membership.card_application_file"][0]["file"], "occurred_on": DAY}]
    ),
    "membership.card_numbers_marked": lambda told: iter([{"draft": told["membership.card_numbers_check"][0]["draft"]}]),
    "membership.card_numbers_commands": lambda told: iter(
        [{"draft": told["membership.card_numbers_check"][0]["draft"]}]
    ),
    "activities.activities_of_month": lambda _told: ({"month": f"2017-{month:02}"} for month in range(1, 13)),
    "activities.activity": each("activities.activities_of_month", "activity_id"),
    "relief.application": each("relief.applications", "application_id"),
    "relief.consolation_list": each("relief.consolation_lists", "list_id"),
    "relief.household": each("relief.cases", "person_id"),
    "relief.pay_list": each("relief.pay_lists", "pay_list_id"),
    "reporting.report": lambda _told: iter(
        [{"year": 2017}, {"year": 2017, "as_of": DAY, "known_at": f"{DAY}T00:00:00Z"}, {"year": 1999}]
    ),
    "reporting.explain": lambda told: (
        {"year": 2017, "key": line["key"]} for line in some(told["reporting.report"][0]["figures"])
    ),
    **{question: histories(question) for question in HISTORIES},
}
"""Every question that needs parameters, but for those that an order comes before."""
