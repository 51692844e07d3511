"""Many commands in one transaction are decided as if each had come alone, though views are written rarely."""

from typing import Any

import pytest

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Role
from lastmile.kernel.store.execution import Order
from tests.membership.station import DAY, STATION, Membership, identity_number


def join(number: int, union: str = "u1") -> tuple[str, dict[str, Any]]:
    return "JoinMember", {"name": "王", "identity_number": identity_number(number), "union_id": union}


END = ("DissolveUnion", {"reason": "并入"})


@pytest.mark.parametrize(
    ("asked", "outcomes"),
    [
        ([join(1), join(2), join(1)], ["", "", "already-a-member"]),
        ([join(1), (END[0], END[1] | {"union_id": "u1"})], ["", "union-still-has-members"]),
        ([join(1), (END[0], END[1] | {"union_id": "u2"}), join(2, "u2")], ["", "", "no-such-union"]),
        ([join(1), ("RegisterMember", join(1)[1]), join(3)], ["", "already-a-member", ""]),
    ],
)
def test_a_later_command_sees_what_an_earlier_one_changed(
    membership: Membership, asked: list[tuple[str, dict[str, Any]]], outcomes: list[str]
) -> None:
    head = membership.identity(Role.STATION_HEAD)
    orders = [
        Order(command_id=f"row-{n}", station=STATION, name=name, body=body | {"occurred_on": DAY}, identity=head)
        for n, (name, body) in enumerate(asked)
    ]
    found = [o.code if isinstance(o, Failure) else "" for o in membership.service.commands(orders)]
    assert found == outcomes
