"""RabbitMQ and PostgreSQL for tests, demo and bench.

Those named in LASTMILE_TEST_AMQP_URI and LASTMILE_TEST_DATABASE_URL; else private ones on free ports from the
installed programs; else, where that is allowed, the programs are installed first.
"""

from deploy.native.guard import ServerDidNotStart
from deploy.native.postgres import PrivatePostgres
from deploy.native.programs import AMQP_VARIABLE, DATABASE_VARIABLE, ProgramsMissing, ensure_installed
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
    "DATABASE_VARIABLE",
    "Postgres",
    "PrivatePostgres",
    "PrivateRabbit",
    "ProgramsMissing",
    "Rabbit",
    "ServerDidNotStart",
    "Servers",
    "ensure_installed",
    "postgres_server",
    "rabbit_server",
    "servers",
]
