"""Making roles, databases and grants as `roles.toml` describes them; asking twice changes nothing more."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import encrypt_password, make_dsn

ROLES = Path(__file__).with_name("roles.toml")


@dataclass(frozen=True, kw_only=True)
class Role:
    """One that logs in, the variable that holds its password, and the databases it works in."""

    name: str
    password_variable: str
    databases: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The owner, the roles of services, and what a service may do with the tables that the owner keeps."""

    owner: Role
    services: Mapping[str, Role]
    kept: Mapping[str, Sequence[str]]

    @property
    def all(self) -> Sequence[Role]:
        return (self.owner, *self.services.values())


def read_roles(path: Path = ROLES) -> Roles:
    data = tomllib.loads(path.read_text())
    return Roles(
        owner=_role(data["owner"]),
        services={service: _role(row) for service, row in data["services"].items()},
        kept=data["kept"],
    )


def _role(row: Mapping[str, Any]) -> Role:
    return Role(name=row["role"], password_variable=row["password_variable"], databases=tuple(row.get("databases", ())))


def apply_roles(server: str, roles: Roles, passwords: Mapping[str, str]) -> None:
    """Make roles and databases and set every grant. `server` names the server as its superuser, in libpq's terms."""
    with _connected(server) as cursor:
        for role in roles.all:
            _make_role(cursor, role, passwords[role.password_variable])
        for role in roles.services.values():
            # So that migrations can change the tables that went to the service.
            _say(cursor, "GRANT {} TO {}", role.name, roles.owner.name)
            for database in role.databases:
                _make_database(cursor, database, roles.owner.name, role.name)
    for role in roles.services.values():
        for database in role.databases:
            with _connected(make_dsn(server, dbname=database)) as cursor:
                _grant(cursor, roles, role.name)


def _make_role(cursor: Any, role: Role, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.name])
    if cursor.fetchone() is None:
        _say(cursor, "CREATE ROLE {}", role.name)
    # Encrypted here, so that no server log ever shows it.
    verifier = encrypt_password(password, role.name, cursor.connection, "scram-sha-256")
    order = sql.SQL("ALTER ROLE {} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}")
    cursor.execute(order.format(sql.Identifier(role.name), sql.Literal(verifier)))


def _make_database(cursor: Any, database: str, owner: str, service: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if cursor.fetchone() is None:
        # Sorts by bytes, as SQLite does.
        _say(cursor, "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'", database, owner)
    _say(cursor, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    _say(cursor, "GRANT CONNECT ON DATABASE {} TO {}", database, service)


def _grant(cursor: Any, roles: Roles, service: str) -> None:
    owner = roles.owner.name
    _say(cursor, "REVOKE ALL ON SCHEMA public FROM PUBLIC, {}", service)
    _say(cursor, "GRANT USAGE ON SCHEMA public TO {}", service)
    _say(cursor, "GRANT USAGE, CREATE ON SCHEMA public TO {}", owner)
    cursor.execute("SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'")
    for table, present in cursor.fetchall():
        wanted = owner if table in roles.kept else service
        if present != wanted:  # Asked only where it is needed: it waits for everyone who uses the table.
            _say(cursor, "ALTER TABLE public.{} OWNER TO {}", table, wanted)
        if table in roles.kept:
            _say(cursor, "REVOKE ALL ON public.{} FROM PUBLIC, {}", table, service)
            privileges = sql.SQL(", ").join(map(sql.SQL, roles.kept[table]))
            order = sql.SQL("GRANT {} ON public.{} TO {}")
            cursor.execute(order.format(privileges, sql.Identifier(table), sql.Identifier(service)))


def _say(cursor: Any, order: str, *names: str) -> None:
    cursor.execute(sql.SQL(order).format(*map(sql.Identifier, names)))


@contextmanager
def _connected(server: str) -> Iterator[Any]:
    connection = psycopg2.connect(server, connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
