"""The reference pages say what the code says."""

import pytest

from deploy.reference import PAGES, pages
from lastmile.composition import definition_of
from lastmile.kernel.domain.identity import Role, Scope
from lastmile.settings import SERVICES

WRITTEN = pages()
MARKS = {"c": Scope.COMMUNITY, "s": Scope.STATION, "e": Scope.EVERY_STATION}
CONFIRMED = ", with a second factor"


@pytest.mark.parametrize("page", sorted(WRITTEN))
def test_the_page_is_what_the_code_says(page: str) -> None:
    assert (PAGES / page).read_text() == WRITTEN[page], "run `make docs`"


def test_no_other_page_lies_beside_them() -> None:
    assert {path.name for path in PAGES.glob("*.md")} == set(WRITTEN)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def told_of(service: str) -> dict[str, list[str]]:
    """The rows of a service's table of permissions as they stand on the page, the headings first."""
    _, _, section = (PAGES / "permissions.md").read_text().partition(f"## {service}\n")
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    return {first: marks for first, *marks in map(cells, lines)}


@pytest.mark.parametrize("scope", Scope)
def test_every_permission_of_this_reach_has_its_mark_and_no_other_has(scope: Scope) -> None:
    told, given = set(), set()
    for service in SERVICES:
        headings, *rows = told_of(service).items()
        roles = [Role(heading.replace(" ", "_")) for heading in headings[1]]
        for first, marks in rows:
            name = first.removesuffix(CONFIRMED).strip("`")
            told |= {(service, name, role) for role, m in zip(roles, marks, strict=True) if m and MARKS[m] is scope}
        for name, allowed in definition_of(service).permissions.items():
            given |= {(service, name, role) for role, reach in allowed.items() if reach is scope}
    assert told == given != set()


@pytest.mark.parametrize("service", SERVICES)
def test_what_needs_a_second_factor_is_marked_and_nothing_else_is(service: str) -> None:
    marked = {first.removesuffix(CONFIRMED).strip("`") for first in told_of(service) if first.endswith(CONFIRMED)}
    assert marked == set(definition_of(service).confirmed)


def test_the_page_says_what_each_mark_means() -> None:
    legend = (PAGES / "permissions.md").read_text().partition("## ")[0]
    assert all(f"{mark}: " in legend for mark in MARKS)
