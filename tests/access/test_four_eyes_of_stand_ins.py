"""A stand-in is the same person in another role: nobody takes two steps of one grant by standing in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastmile.kernel.domain.identity import Identity
from lastmile.kernel.store.execution import Order
from services.relief.rules import SelfApproval
from tests.access.clock import Clock
from tests.access.door import CHAIR, HERE, Door
from tests.relief.station import NOW, Station, relief_at


@pytest.fixture
def relief(tmp_path: Path, clock: Clock) -> Iterator[Station]:
    clock.now = NOW
    (tmp_path / "relief").mkdir()
    with relief_at(f"sqlite:///{tmp_path / 'relief' / 'relief.db'}", tmp_path / "relief") as station:
        station.prepare()
        yield station


def chair_standing_in(door: Door, person_id: str) -> Identity:
    """The identity that access signs for a clerk who stands in for the chair and gave a second factor."""
    door.settled(person_id)
    door.enrol(person_id)
    today = door.access.today().isoformat()
    door.tell("NameStandIn", CHAIR, person_id=person_id, role="chair", valid_from=today, valid_to=today)
    token = door.sign_in(person_id)
    door.give(token, door.code())
    return door.identity(token, role="chair")


def approve(relief: Station, by: Identity) -> list[str]:
    body = {"application_id": "a1", "occurred_on": "2017-01-18"}
    order = Order(command_id=f"a1:{by.person_id}", station=HERE, name="ApproveApplication", body=body, identity=by)
    types: list[str] = relief.service.command(order)["event_types"]
    return types


def test_who_handled_an_application_does_not_approve_it_as_a_stand_in(door: Door, relief: Station) -> None:
    relief.walk("a1", until="CloseNotice")
    with pytest.raises(SelfApproval):
        approve(relief, chair_standing_in(door, "clerk"))
    assert approve(relief, chair_standing_in(door, "zhou")) == ["ApplicationApproved"]
