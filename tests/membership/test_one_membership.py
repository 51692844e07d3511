"""One person is a living member at one station, in whatever order requests and acceptances come."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.events import command_type
from lastmile.kernel.domain.failures import Invalid, Refused
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.service import Resources, Service
from services.membership.admission import Admission, MemberElsewhere
from services.membership.api import HANDLERS, MEMBERSHIP
from services.membership.ending import ErasePerson, StillAMember
from services.membership.honour import RevokeHonour
from services.membership.member import NotAMember
from services.membership.member_events import MemberJoined, MemberLeft, MemberMovedOut, TransferRequested
from services.membership.transfer import AcceptTransfer, CompleteTransfer, RequestTransfer
from services.membership.views.members import living_members
from tests.keystores import keystore_in
from tests.spec import Spec

A, B, C = "110102017", "110102018", "110102019"
DAY, LATER = date(2017, 3, 2), date(2017, 3, 9)
WHO: dict[str, Any] = {"union_id": "u1", "name": "李", "identity_number": "11010519491231002X"}
joined = MemberJoined(**WHO, person_id="li", sex="female", birth_year=1949, employment="in_service", occurred_on=DAY)
left = MemberLeft(person_id="li", union_id="u1", occurred_on=DAY)
asked_c = TransferRequested(person_id="li", to_station=C, occurred_on=DAY)
spec = Spec(HANDLERS)


def test_an_accepted_member_moves_out_whatever_was_asked_since() -> None:
    complete = CompleteTransfer(person_id="li", to_station=B, occurred_on=DAY)
    moved = MemberMovedOut(person_id="li", union_id="u1", to_station=B, occurred_on=DAY)
    spec.given(joined, asked_c).when(complete).then(moved)
    spec.given(joined).when(complete).then(moved)


def test_an_acceptance_dated_before_the_membership_here_ends_it_on_the_day_it_began() -> None:
    complete = CompleteTransfer(person_id="li", to_station=B, occurred_on=date(2017, 1, 1))
    spec.given(joined).when(complete).then(MemberMovedOut(person_id="li", union_id="u1", to_station=B, occurred_on=DAY))


def test_nobody_is_accepted_from_a_station_where_they_are_not_a_member_any_more() -> None:
    accept = AcceptTransfer(**WHO, from_station=A, occurred_on=LATER)
    elsewhere = Admission("li", "female", 1949, union_stands=True, member_at=B, transfer_requested=True)
    spec.knowing(elsewhere).when(accept).then_refused(MemberElsewhere)


def test_a_transfer_is_requested_only_where_the_member_counts() -> None:
    request = RequestTransfer(person_id="li", to_station=C, occurred_on=DAY)
    spec.given(joined).knowing(False).when(request).then_refused(NotAMember)
    spec.given(joined).knowing(True).when(request).then(asked_c)


def test_nobody_is_erased_who_is_a_member_at_another_station() -> None:
    erase = ErasePerson(person_id="li", ground="asked", occurred_on=LATER)
    spec.given(joined, left).knowing(B).when(erase).then_refused(StillAMember)


def test_the_reason_of_a_revoked_honour_is_a_code_word() -> None:
    body = {"person_id": "li", "title": "district_labour_medal", "occurred_on": "2017-03-02"}
    with pytest.raises(Invalid):
        command_type(RevokeHonour).parse(body | {"reason": "李某欠债"}, actor="head", today=LATER)


class Stations:
    """Membership of three stations in one database."""

    def __init__(self, database: Database, keystore: Keystore, keys: LogKeys) -> None:
        MEMBERSHIP.tables.create_all(database.engine)
        now = datetime(2017, 6, 1, 4, tzinfo=UTC)
        self.service = Service(MEMBERSHIP, Resources(database, keystore, keys, lambda: now))
        self._numbers = count(1)
        for station in (A, B, C):
            self.service.open_station(station)
            union: dict[str, Any] = {"union_id": "u1", "name": "工会", "kind": "single", "community": "c1"}
            self.tell(station, "RegisterUnion", occurred_on="2017-01-01", **union)

    def tell(self, station: str, name: str, /, role: Role = Role.CLERK, **body: Any) -> dict[str, Any]:
        identity = Identity("someone", role, station, "2099-01-01T00:00:00Z")
        command_id = f"command-{next(self._numbers)}"
        return self.service.command(
            Order(command_id=command_id, station=station, name=name, body=body, identity=identity)
        )

    def told(self, station: str) -> list[str]:
        entries = self.service.entries(f"{station}/membership", 0, 1_000)
        return [Entry.from_bytes(data).type for data in entries][1:]


@pytest.fixture
def stations(tmp_path: Path, database_url: str) -> Iterator[Stations]:
    keystore, database = keystore_in(tmp_path), Database(database_url)
    made = Stations(database, keystore, LogKeys(tmp_path))
    keystore.erasures_replayed = True  # Here none can have been missed.
    yield made
    database.close()
    keystore.database.close()


def test_a_member_whom_two_stations_were_asked_to_accept_goes_to_the_first(stations: Stations) -> None:
    on: dict[str, Any] = {"occurred_on": "2017-03-02"}
    answer = stations.tell(A, "JoinMember", **WHO, **on)
    person: dict[str, Any] = {"person_id": str(answer["stream"]).rpartition("/")[2]}
    stations.tell(A, "RequestTransfer", **person, to_station=B, **on)
    stations.tell(B, "AcceptTransfer", **WHO, from_station=A, **on)
    with pytest.raises(Refused):
        stations.tell(A, "RequestTransfer", **person, to_station=C, **on)
    with pytest.raises(Refused):
        stations.tell(C, "AcceptTransfer", **WHO, from_station=A, **on)
    stations.tell(A, "CompleteTransfer", role=Role.SERVICE, **person, to_station=B, **on)
    with pytest.raises(StillAMember):
        stations.tell(A, "ErasePerson", role=Role.STATION_HEAD, **person, ground="asked", **on)
    assert stations.told(A) == ["MemberJoined", "TransferRequested", "MemberMovedOut"]
    assert (stations.told(B), stations.told(C)) == (["MemberMovedIn"], [])
    with stations.service.database.read() as connection:
        assert [row.station for row in connection.execute(select(living_members))] == [B]
