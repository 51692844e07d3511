"""A command over the HTTP door of a service, against echoes of a nameko service: the same body, the same clients."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import orjson

from bench.clients import CLIENTS, calls_per_second, request, requests_per_second
from bench.measure import Bar, Row, in_turn
from bench.place import Place
from bench.started import wait_until_alive
from bench.swipes import CLERK, STATION, Swiping, swipe_body
from deploy.native.guard import free_ports
from deploy.processes import Deployment
from lastmile.kernel.domain.identity import sign_identity
from lastmile.kernel.wire.broker import NEWS, broker_channel

ACTIVITY = "walk"
QUEUE = "bench.waiting"


def rows(place: Place) -> list[Row]:
    """One-event commands, and swipes, which read facts: one at a time, as from eight doors of one event."""
    count = place.of(4_000, 800)
    deployment = Deployment(place.directory("deployment"), place.servers())
    deployment.composition.migrate()
    token = sign_identity(CLERK, deployment.composition.home.identity_key())
    service = deployment.composition.service("activities")
    Swiping(service, cards := count * (max(place.repetitions, 3) + 1)).open(ACTIVITY)
    service.database.close()
    deployment.start_one("activities")
    _let_reporting_wait(deployment)
    address = deployment.environment["LASTMILE_ACTIVITIES_URL"].removeprefix("http://")
    asked: dict[Any, int] = {_visit: 0, _swipe: 0}

    def ours(ask: Callable[[str, str, int], bytes]) -> float:
        numbers = range(asked[ask] + 1, asked[ask] + count + 1)
        asked[ask] += count
        assert asked[_swipe] <= cards
        return requests_per_second(address, [ask(address, token, number) for number in numbers])

    try:
        with _echo(place) as (echo_address, amqp_uri):
            echoed = [_echo_request(echo_address, number) for number in range(count)]
            bodies = [swipe_body(ACTIVITY, number) for number in range(count // 4)]
            peer = partial(requests_per_second, echo_address, echoed)
            by_rpc = partial(calls_per_second, amqp_uri, bodies)
            visits, swipes = partial(ours, _visit), partial(ours, _swipe)
            for warm_up in (visits, swipes, peer):
                warm_up()
            visited, echoes, swiped, calls = in_turn(place.repetitions, visits, peer, swipes, by_rpc)
    finally:
        deployment.stop_one("activities")
    what = f"command over the HTTP door, {CLIENTS} clients, PostgreSQL"
    return [
        Row(what=what, unit="/s", ours=visited, peer_name="HTTP echo in nameko", peer=echoes, bar=Bar(0.3)),
        Row(what=what, unit="/s", ours=visited, peer_name="RPC echo in nameko", peer=calls),
        Row(
            what=f"swipe, which reads facts, {CLIENTS} clients",
            unit="/s",
            ours=swiped,
            peer_name="HTTP echo in nameko",
            peer=echoes,
        ),
    ]


def _let_reporting_wait(deployment: Deployment) -> None:
    """News has a queue to go to, as wherever reporting is followed: else the broker sends each message back."""
    with broker_channel(deployment.environment["LASTMILE_AMQP_URI"]) as channel:
        channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        channel.queue_bind(QUEUE, NEWS, "#")


def _visit(address: str, token: str, number: int) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"visit-{number}"}
    visit = {"visit_id": f"visit-{number}", "site_id": "site", "purpose": "cooling", "occurred_on": "2017-07-20"}
    return request(address, f"/stations/{STATION}/commands/VisitSite", orjson.dumps(visit), headers)


def _swipe(address: str, token: str, number: int) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"swipe-{number}"}
    body = orjson.dumps(swipe_body(ACTIVITY, number))
    return request(address, f"/stations/{STATION}/commands/RecordSwipe", body, headers)


def _echo_request(address: str, number: int) -> bytes:
    return request(address, "/echo", orjson.dumps(swipe_body(ACTIVITY, number)), {})


@contextmanager
def _echo(place: Place) -> Iterator[tuple[str, str]]:
    """The echo service as a process of its own, answering: its address and its broker."""
    (port,) = free_ports(1)
    address, uri = f"127.0.0.1:{port}", place.amqp("echo")
    with subprocess.Popen([sys.executable, "-m", "bench.echo", address, uri]) as process:
        try:
            wait_until_alive(address, "the echo service")
            yield address, uri
        finally:
            process.send_signal(signal.SIGKILL)
