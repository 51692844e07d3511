"""`python -m deploy.postgresql`: make roles, databases and grants, before the migrations and again after them.

The server and its superuser come from libpq's own variables (PGHOST, PGUSER, PGPASSWORD …), the passwords of the roles
from the variables that roles.toml names.
"""

import os
import sys

import psycopg2

from deploy.postgresql.roles import apply_roles, read_roles

EXIT_CONFIGURATION = 3
EXIT_DEPENDENCY_AWAY = 4


def main() -> int:
    roles = read_roles()
    missing = [role.password_variable for role in roles.all if not os.environ.get(role.password_variable)]
    if missing:
        print(f"no password in {', '.join(missing)}: `make secrets` writes them", file=sys.stderr)
        return EXIT_CONFIGURATION
    try:
        apply_roles("dbname=postgres", roles, os.environ)
    except psycopg2.OperationalError as error:
        print(f"PostgreSQL is away: {str(error).strip().splitlines()[0]}", file=sys.stderr)
        return EXIT_DEPENDENCY_AWAY
    print("roles, databases and grants are as deploy/postgresql/roles.toml says", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
