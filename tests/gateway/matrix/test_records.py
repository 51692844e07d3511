"""The permission matrix on records that are there: own and other community, own and other station."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import true

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import Identity, Scope
from lastmile.kernel.store import service
from lastmile.kernel.store.execution import _Work
from services.membership.views import register
from tests.gateway.api.people import StandInAccess
from tests.gateway.matrix.asking import Matrix, ordered_otherwise, otherwise
from tests.gateway.matrix.places import Place
from tests.gateway.matrix.ways import COMMANDS, OF_NO_RECORD, QUESTIONS, Name, not_named

CATALOGUE = catalogue()


def by_community(names: Any) -> list[Name]:
    """The names among these that a community's chair has a row for."""
    return [
        (found.service, found.name)
        for found in names
        if Scope.COMMUNITY in CATALOGUE.services[found.service].permissions[found.name].values()
    ]


@pytest.fixture
def matrix(app: Flask, access: StandInAccess, places: list[Place]) -> Matrix:
    return Matrix(app, access, CATALOGUE, places)


def test_every_question_says_how_it_is_asked_about_a_record_or_why_it_tells_of_none() -> None:
    assert not not_named(CATALOGUE, {*QUESTIONS, *OF_NO_RECORD})
    assert not QUESTIONS.keys() & OF_NO_RECORD.keys()
    assert set(by_community(CATALOGUE.questions())) <= QUESTIONS.keys()
    assert set(by_community(CATALOGUE.commands())) == COMMANDS.keys()


@pytest.mark.parametrize("name", sorted({*QUESTIONS, *OF_NO_RECORD}), ids=".".join)
def test_a_question_that_is_not_named_is_found(name: Name) -> None:
    assert not_named(CATALOGUE, {*QUESTIONS, *OF_NO_RECORD} - {name}) == {name}


@pytest.mark.parametrize("name", sorted(QUESTIONS), ids=".".join)
def test_nobody_is_told_of_a_record_out_of_reach_and_everybody_of_those_within(matrix: Matrix, name: Name) -> None:
    assert otherwise(matrix, name) == []


@pytest.mark.parametrize("name", sorted(COMMANDS), ids=".".join)
def test_nobody_changes_a_record_out_of_reach(matrix: Matrix, name: Name) -> None:
    assert ordered_otherwise(matrix, name) == []


@pytest.mark.parametrize("name", by_community(CATALOGUE.questions()), ids=".".join)
def test_a_question_that_forgets_the_chairs_community_is_found(
    matrix: Matrix, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = service.Asking
    monkeypatch.setattr(service, "Asking", lambda *told: asking(*told[:-1]))
    assert otherwise(matrix, name)


def test_a_list_that_forgets_the_chairs_community_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "in_community", lambda _community: true())
    assert otherwise(matrix, ("membership", "members"))
    assert otherwise(matrix, ("membership", "member"))


@pytest.mark.parametrize("name", sorted(COMMANDS), ids=".".join)
def test_a_command_that_forgets_the_chairs_community_is_found(
    matrix: Matrix, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Work, "_own_community", lambda *_: None)
    assert ordered_otherwise(matrix, name)


@pytest.mark.parametrize("name", sorted(QUESTIONS), ids=".".join)
def test_a_scope_that_was_widened_is_found(matrix: Matrix, name: Name, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each scope one step wider than its row says."""
    wider = {Scope.COMMUNITY: Scope.STATION, Scope.STATION: Scope.EVERY_STATION}
    right = Identity.may

    def widened(self: Identity, asked: str, station: str, permissions: Any) -> Scope:
        rows = {role: wider.get(scope, scope) for role, scope in permissions.get(asked, {}).items()}
        return right(self, asked, station, {asked: rows})

    monkeypatch.setattr(Identity, "may", widened)
    assert otherwise(matrix, name)
