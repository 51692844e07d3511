"""RabbitMQ and PostgreSQL for tests, demo and bench, and a browser for the tests.

Those named in LASTMILE_TEST_AMQP_URI, LASTMILE_TEST_DATABASE_URL and LASTMILE_TEST_CHROMIUM; else private servers on
free ports, and the browser, from the installed programs; else, where that is allowed, these are installed first.
"""

from deploy.native.guard import ServerDidNotStart
from deploy.native.postgres import PrivatePostgres
from deploy.native.programs import (
    AMQP_VARIABLE,
    CHROMIUM_VARIABLE,
    DATABASE_VARIABLE,
    ProgramsMissing,
    chromium_program,
    ensure_installed,
)
from deploy.native.rabbit import PrivateRabbit
from deploy.native.servers import (
    Postgres,
    Rabbit,
    Servers,
    postgres_server,
    rabbit_server,
    servers,
)

__all__ = [
    "AMQP_VARIABLE",
    "CHROMIUM_VARIABLE",
    "DATABASE_VARIABLE",
    "Postgres",
    "PrivatePostgres",
    "PrivateRabbit",
    "ProgramsMissing",
    "Rabbit",
    "ServerDidNotStart",
    "Servers",
    "chromium_program",
    "ensure_installed",
    "postgres_server",
    "rabbit_server",
    "servers",
]
