"""The roles of PostgreSQL, on a real one: a service adds to its log, cannot change it, and still does all its work."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy import URL, make_url

from deploy.native import Postgres
from deploy.postgresql.roles import Role, Roles, apply_roles, read_roles
from lastmile.composition import Composition
from lastmile.embedded import Embedded
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import blind_index, person_keys
from lastmile.settings import LOG_SERVICES, SERVICES, read_settings
from lastmile.station import make_station

STATION = "110102017"
SERVICE = "membership"
CHANGES = ("UPDATE events SET type = 'x'", "DELETE FROM events", "TRUNCATE events")
PASSWORD = "of every role in these tests"


class Applied:
    """A server with our roles and databases under names of this run's own, migrated."""

    def __init__(self, server: URL, home: Path) -> None:
        self.server, self.home, self.roles = server, home, _named_apart(read_roles(), f"t{secrets.token_hex(4)}_")
        self.passwords = {role.password_variable: PASSWORD for role in self.roles.all}

    def apply(self) -> None:
        apply_roles(_for_driver(self.server), self.roles, self.passwords)

    def url(self, role: Role, database: str) -> str:
        named = self.server.set(username=role.name, password=PASSWORD, database=database)
        return named.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)

    def settings(self, *, as_owner: bool) -> Mapping[str, str]:
        found = {"LASTMILE_HOME": str(self.home)}
        for service, role in self.roles.services.items():
            who = self.roles.owner if as_owner else role
            found[f"LASTMILE_{service.upper()}_DATABASE_URL"] = self.url(who, role.databases[0])
            if service in LOG_SERVICES:
                found[f"LASTMILE_{service.upper()}_KEYSTORE_URL"] = self.url(who, role.databases[1])
        return found

    @contextmanager
    def asking(self, role: Role | None, database: str) -> Iterator[Any]:
        """A cursor as this role, or as the superuser."""
        url = self.server.set(database=database) if role is None else make_url(self.url(role, database))
        connection = psycopg2.connect(_for_driver(url))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def remove(self) -> None:
        with self.asking(None, str(self.server.database)) as cursor:
            for role in self.roles.services.values():
                for database in role.databases:
                    cursor.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            for role in self.roles.all:
                cursor.execute(f"DROP ROLE IF EXISTS {role.name}")


def _named_apart(roles: Roles, prefix: str) -> Roles:
    def apart(role: Role) -> Role:
        return replace(role, name=f"{prefix}{role.name}", databases=[f"{prefix}{name}" for name in role.databases])

    services = {service: apart(role) for service, role in roles.services.items()}
    return replace(roles, owner=apart(roles.owner), services=services)


def _for_driver(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def applied(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    """Roles, databases, migrations by the owner, grants; and a station with its first events."""
    name = f"roles_{secrets.token_hex(4)}"
    made = Applied(make_url(postgres.create_database(name)), tmp_path_factory.mktemp("home"))
    try:
        made.apply()
        Composition(read_settings(made.settings(as_owner=True))).migrate()
        made.apply()
        home = Embedded(read_settings(made.settings(as_owner=False)))
        make_station(home, STATION, "王芳")
        home.close()
        yield made
    finally:
        made.remove()
        postgres.drop_database(name)


def test_a_station_is_made_and_its_log_grows_by_the_roles_of_services(applied: Applied) -> None:
    with applied.asking(applied.roles.services["access"], applied.roles.services["access"].databases[0]) as cursor:
        cursor.execute("SELECT count(*) FROM events")
        assert cursor.fetchone()[0] > 0
        cursor.execute("SELECT count(*) FROM checkpoints")
        assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_read_and_add_events_and_nothing_else(applied: Applied, service: str) -> None:
    role = applied.roles.services[service]
    with applied.asking(role, role.databases[0]) as cursor:
        cursor.execute(
            "SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])"
            " AS p WHERE has_table_privilege('events', p)"
        )
        assert {row[0] for row in cursor.fetchall()} == {"SELECT", "INSERT"}


@pytest.mark.parametrize(
    "order",
    [
        *CHANGES,
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TRIGGER events_refuse_update ON events",
        "DROP TABLE events",
        "CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '9999'",
        "CREATE TABLE another (number int)",
        "CREATE TEMP TABLE another (number int)",
    ],
)
def test_a_service_cannot_change_its_log_nor_what_guards_it(applied: Applied, order: str) -> None:
    role = applied.roles.services["access"]
    with applied.asking(role, role.databases[0]) as cursor, pytest.raises(InsufficientPrivilege):
        cursor.execute(order)


@pytest.mark.parametrize("order", CHANGES)
def test_with_grants_and_triggers_taken_away_it_could(applied: Applied, order: str) -> None:
    """The control: nothing but the grants and the triggers stands between a service and its log."""
    role = applied.roles.services["access"]
    with applied.asking(applied.roles.owner, role.databases[0]) as cursor:
        cursor.execute("BEGIN")
        with pytest.raises(psycopg2.errors.RaiseException, match="never changed or deleted"):
            cursor.execute(order)
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN")
        for trigger in ("update", "delete", "truncate"):
            cursor.execute(f"DROP TRIGGER events_refuse_{trigger} ON events")
        cursor.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON events TO {role.name}")
        cursor.execute(f"SET LOCAL ROLE {role.name}")
        cursor.execute(order)
        assert cursor.rowcount != 0
        cursor.execute("ROLLBACK")


def test_a_service_reaches_no_database_but_its_own(applied: Applied) -> None:
    for service, role in applied.roles.services.items():
        for other in applied.roles.services:
            for database in applied.roles.services[other].databases:
                if other == service:
                    with applied.asking(role, database) as cursor:
                        cursor.execute("SELECT current_user")
                else:
                    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
                        psycopg2.connect(_for_driver(make_url(applied.url(role, database))))


def test_a_service_can_really_remove_what_it_deleted(applied: Applied) -> None:
    """Erasing a person ends in VACUUM FULL, which rewrites only the tables of whoever asks for it."""
    role = applied.roles.services[SERVICE]
    database = Database(applied.url(role, role.databases[1]))
    with applied.asking(role, role.databases[1]) as cursor:
        where = "SELECT pg_relation_filenode('person_keys'), pg_relation_filenode('blind_index')"
        cursor.execute(where)
        before = cursor.fetchone()
        database.remove_old_pages(person_keys, blind_index)
        cursor.execute(where)
        assert not set(before) & set(cursor.fetchone())
    database.close()


def test_asking_for_it_on_a_table_of_the_owner_would_leave_the_old_pages(applied: Applied) -> None:
    """The control: PostgreSQL only warns, so ownership is what erasing stands on."""
    role = applied.roles.services[SERVICE]
    with applied.asking(role, role.databases[0]) as cursor:
        cursor.execute("SELECT pg_relation_filenode('events')")
        before = cursor.fetchone()
        cursor.execute("VACUUM FULL events")
        cursor.execute("SELECT pg_relation_filenode('events')")
        assert cursor.fetchone() == before
        assert "WARNING" in "".join(cursor.connection.notices)


def test_the_owner_can_migrate_tables_that_went_to_their_service(applied: Applied) -> None:
    role = applied.roles.services[SERVICE]
    with applied.asking(applied.roles.owner, role.databases[0]) as cursor:
        cursor.execute("BEGIN")
        cursor.execute("ALTER TABLE members ADD COLUMN another text")
        cursor.execute("CREATE INDEX another ON members (another)")
        cursor.execute("CREATE TABLE another_table (number int)")
        cursor.execute("ROLLBACK")


def test_a_table_is_closed_to_its_service_until_the_grants_are_made(applied: Applied) -> None:
    role = applied.roles.services["relief"]
    with applied.asking(applied.roles.owner, role.databases[0]) as cursor:
        cursor.execute("CREATE TABLE later (number int)")
    with applied.asking(role, role.databases[0]) as cursor:
        with pytest.raises(InsufficientPrivilege):
            cursor.execute("SELECT * FROM later")
        applied.apply()
        cursor.execute("INSERT INTO later VALUES (1)")
        cursor.execute("DROP TABLE later")


def test_making_roles_again_takes_back_what_somebody_granted_by_hand(applied: Applied) -> None:
    role = applied.roles.services["relief"]
    with applied.asking(None, role.databases[0]) as cursor:
        cursor.execute(f"GRANT UPDATE ON events TO {role.name}, PUBLIC")
        applied.apply()
        cursor.execute(f"SELECT has_table_privilege('{role.name}', 'events', 'UPDATE')")
        assert cursor.fetchone() == (False,)
