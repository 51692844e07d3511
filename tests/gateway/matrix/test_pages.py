"""The permission matrix of the console: every page × every role × own and other station, community."""

from dataclasses import replace

import pytest
from flask import Flask

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import Identity, Role, Scope
from services.gateway.console import frame
from services.gateway.console.page import Page, all_pages
from services.gateway.console.pages import reveal
from tests.gateway.api.people import StandInAccess
from tests.gateway.matrix.asking import Matrix
from tests.gateway.matrix.oracle import Who
from tests.gateway.matrix.pages import ALSO, OPEN, OWN, pages_otherwise, there_or_not
from tests.gateway.matrix.places import Place

CATALOGUE, PAGES = catalogue(), {page.name: page for page in all_pages()}
OF_A_ROW = [page for page in PAGES.values() if page.name not in OPEN | OWN]
BY_ADDRESS = [PAGES["member"], PAGES["union"]]


def without_a_row(pages: list[Page]) -> set[str]:
    """The pages that no row of the permission files speaks of."""
    found = set()
    for page in pages:
        names = [*([page.asks] if page.asks else []), *ALSO.get(page.name, ())]
        if not names or not all(CATALOGUE.services[service].permissions.get(asked) for service, asked in names):
            found.add(page.name)
    return found


@pytest.fixture
def matrix(app: Flask, access: StandInAccess, places: list[Place]) -> Matrix:
    return Matrix(app, access, CATALOGUE, places)


def test_every_address_of_the_console_is_a_page_and_every_page_has_a_row_or_is_ones_own(app: Flask) -> None:
    found = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.rule.startswith(("/api/", "/static/"))}
    assert found == {page.endpoint for page in PAGES.values()}
    assert without_a_row(list(PAGES.values())) == OPEN | OWN
    assert {page.name for page in PAGES.values() if page.public} == OPEN


def test_a_page_whose_row_is_taken_away_is_found() -> None:
    for page in OF_A_ROW:
        if page.name not in ALSO:
            assert without_a_row([replace(page, asks=None)]) == {page.name}
            assert without_a_row([replace(page, asks=("membership", "Nothing"))]) == {page.name}


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)
def test_a_page_answers_whom_the_permission_files_name(matrix: Matrix, page: Page) -> None:
    assert pages_otherwise(matrix, page) == []


@pytest.mark.parametrize("page", BY_ADDRESS, ids=lambda page: page.name)
def test_a_record_of_another_community_is_as_one_that_is_not_there(matrix: Matrix, page: Page) -> None:
    own, other = matrix.places[:2]
    chair = Who(Role.COMMUNITY_CHAIR, own.community)
    assert there_or_not(matrix, page, chair, own) == (200, 404)
    assert there_or_not(matrix, page, chair, other) == (404, 404)
    assert there_or_not(matrix, page, Who(Role.CLERK), other) == (200, 404)


@pytest.mark.parametrize("name", ["members", "member_join", "union_found", "reveal", "bank_file", "logs"])
def test_a_page_that_lets_everybody_in_is_found(matrix: Matrix, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_allowed", lambda _page: None)
    monkeypatch.setattr(reveal, "may", lambda *_: True)
    monkeypatch.setattr(Identity, "may", lambda *_: Scope.EVERY_STATION)
    assert pages_otherwise(matrix, PAGES[name])
