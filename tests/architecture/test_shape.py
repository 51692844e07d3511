"""The shape of the tree: what import contracts cannot say."""

import ast
from pathlib import Path

import pytest
from marshmallow import fields as mm
from marshmallow import validate

from lastmile.composition import definition_of
from lastmile.kernel.domain.events import command_type, event_type
from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.domain.identity import STATION_ROLES, Role
from lastmile.settings import LOG_SERVICES, SERVICES

ROOT = Path(__file__).parents[2]
KERNEL_LINES = 6_000
"""See docs/adr/0001."""
FILES = ("api.py", "permissions.py", "service.py", "tables.py", "README.md")
FOLDERS = ("golden", "migrations", "views")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def aggregates(service: str) -> list[Path]:
    """Files that hold events, states or decisions."""
    handled = definition_of(service).handlers.handled
    modules = {handles.decide.__module__ for handles in handled} | {h.aggregate.evolve.__module__ for h in handled}
    return [ROOT / f"{module.replace('.', '/')}.py" for module in sorted(modules)]


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_aggregates_import_nothing_of_the_kernel_but_its_domain(service: str) -> None:
    assert aggregates(service)
    for path in aggregates(service):
        ours = {name for name in imports(path) if name.startswith("lastmile")}
        assert all(name.startswith("lastmile.kernel.domain") for name in ours), path


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_views_see_no_decisions(service: str) -> None:
    decisions = {handles.decide.__name__ for handles in definition_of(service).handlers.handled}
    for path in sorted((ROOT / "services" / service / "views").glob("*.py")):
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        assert not {alias.name for node in nodes for alias in node.names} & decisions, path


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_every_service_is_shaped_like_its_neighbour(service: str) -> None:
    missing = [part for part in (*FILES, *FOLDERS) if not (ROOT / "services" / service / part).exists()]
    assert not missing


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_and_question_has_a_row_of_permissions(service: str) -> None:
    definition = definition_of(service)
    asked = {*definition.handlers.by_name, *(query.name for query in definition.queries)}
    assert asked == set(definition.permissions)
    assert all(definition.permissions[name] for name in asked)


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_reactions_ask_commands_that_the_service_itself_may_give(service: str) -> None:
    definition = definition_of(service)
    for reaction in definition.reactions:
        assert Role.SERVICE in definition.permissions[reaction.command], reaction.name


@pytest.mark.parametrize("service", SERVICES)
def test_administrators_and_city_systems_move_no_money(service: str) -> None:
    definition = definition_of(service)
    if service == "relief":
        for name in definition.handlers.by_name:
            assert not {Role.ADMINISTRATOR, Role.CITY_SYSTEM, Role.OPERATOR} & set(definition.permissions[name]), name


def test_roles_of_a_station_are_all_roles_but_the_machines_and_the_newcomer() -> None:
    assert set(Role) - set(STATION_ROLES) == {Role.OPERATOR, Role.SERVICE, Role.GATEWAY, Role.NEWCOMER}


def test_the_kernel_stays_small() -> None:
    lines = sum(len(path.read_text().splitlines()) for path in (ROOT / "lastmile" / "kernel").rglob("*.py"))
    assert lines <= KERNEL_LINES


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_no_aggregate_reads_a_clock_or_makes_ids(service: str) -> None:
    forbidden = {"time", "uuid", "uuid6", "random", "secrets", "os", "httpx", "sqlalchemy"}
    for path in aggregates(service):
        assert not imports(path) & forbidden, path
        assert ".today()" not in path.read_text(), path
        assert ".now(" not in path.read_text(), path


ADDRESSES_OF_PROVIDERS = {"LinkSubject.issuer", "UnlinkSubject.issuer"}


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_what_people_type_is_sealed_or_refuses_digits_of_a_person(service: str) -> None:
    for handles in definition_of(service).handlers.handled:
        declared = command_type(handles.command)
        for name, field in declared.schema.fields.items():
            free = isinstance(field, mm.String) and all(isinstance(v, validate.Length) for v in field.validators)
            clear = [k for k in handles.aggregate.events if name in annotations(k) and name not in event_type(k).sealed]
            if free and f"{declared.name}.{name}" not in ADDRESSES_OF_PROVIDERS:
                assert not clear, f"{declared.name}.{name} stands in clear in {clear}: make it a ClearText"
