"""A station with a community and a union."""

from collections.abc import Iterator

import pytest

from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from tests.gateway.console.station import Station


@pytest.fixture
def desk(stations: Iterator[Station]) -> Station:
    opened = next(stations)
    clerk = Identity("clerk", Role.CLERK, opened.code, "2099-01-01T00:00:00Z")
    on = {"community": "c1", "occurred_on": opened.today}
    union = {"union_id": "u1", "name": "第一联合工会", "kind": "joint"}
    for name, body in (("ListCommunity", {"name": "第一社区"}), ("RegisterUnion", union)):
        order = Order(command_id=name, station=opened.code, name=name, body=body | on, identity=clerk)
        opened.home.services["membership"].command(order)
    return opened
