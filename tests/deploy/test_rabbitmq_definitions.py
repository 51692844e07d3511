"""The broker's definitions are the same as what services declare when they connect."""

import json
import re

from kombu import Connection

from lastmile.kernel.wire.broker import DEAD, NEWS, broker_channel
from tests.deploy.composed import COMPOSE, CONTAINERS, ROOT, environment

DEFINITIONS = json.loads((ROOT / "deploy/rabbitmq/definitions.json").read_text())


def test_exchanges_and_queues_are_those_of_the_kernel() -> None:
    assert {exchange["name"] for exchange in DEFINITIONS["exchanges"]} == {NEWS, DEAD}
    assert [queue["name"] for queue in DEFINITIONS["queues"]] == [DEAD]
    assert [(binding["source"], binding["destination"]) for binding in DEFINITIONS["bindings"]] == [(DEAD, DEAD)]


def test_a_service_declares_them_no_differently(amqp_uri: str) -> None:
    with Connection(amqp_uri) as connection:
        channel = connection.channel()
        for exchange in DEFINITIONS["exchanges"]:
            how = {name: exchange[name] for name in ("durable", "auto_delete", "arguments")}
            channel.exchange_declare(exchange["name"], exchange["type"], **how)
        for queue in DEFINITIONS["queues"]:
            how = {name: queue[name] for name in ("durable", "auto_delete", "arguments")}
            channel.queue_declare(queue["name"], **how)
    with broker_channel(amqp_uri) as channel:  # Would be refused if anything differed.
        for exchange in DEFINITIONS["exchanges"]:
            channel.exchange_declare(exchange["name"], exchange["type"], passive=True)


def test_bytes_that_are_no_entry_are_kept_up_to_a_limit() -> None:
    (policy,) = DEFINITIONS["policies"]
    assert re.search(policy["pattern"], DEAD)
    assert not re.search(policy["pattern"], "membership.copies")
    assert policy["definition"]["max-length"] > 0


def test_users_come_before_what_they_may_do_and_are_those_of_the_services() -> None:
    users = json.loads(COMPOSE["configs"]["rabbitmq-users"]["content"])["users"]
    assert {user["name"] for user in users} == {permission["user"] for permission in DEFINITIONS["permissions"]}
    assert [user["name"] for user in users if user["tags"]] == ["administrator"]
    (vhost,) = [vhost["name"] for vhost in DEFINITIONS["vhosts"]]
    for kind in ("permissions", "exchanges", "queues", "bindings", "policies"):
        assert {row["vhost"] for row in DEFINITIONS[kind]} == {vhost}
    uri = environment("membership")["LASTMILE_AMQP_URI"]
    assert uri.startswith("amqp://lastmile:${RABBITMQ_LASTMILE_PASSWORD")
    assert uri.endswith(f"/{vhost}")


def test_the_broker_reads_the_definitions_where_they_are_mounted_users_first() -> None:
    broker = CONTAINERS["rabbitmq"]
    conf = (ROOT / "deploy/rabbitmq/rabbitmq.conf").read_text()
    directory = re.search(r"^load_definitions = (.+)$", conf, re.MULTILINE)
    assert directory is not None
    mounted = {volume.split(":")[0]: volume.split(":")[1] for volume in broker["volumes"]}
    definitions, users = mounted["./deploy/rabbitmq/definitions.json"], broker["configs"][0]["target"]
    assert definitions.rpartition("/")[0] == users.rpartition("/")[0] == directory[1]
    assert users < definitions
    assert mounted["./deploy/rabbitmq/rabbitmq.conf"].startswith("/etc/rabbitmq/conf.d/")
