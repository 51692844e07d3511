"""Lists page by cursor, records show their version: over a small service of the kernel's tests."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lastmile.catalogue import offered_by
from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables
from lastmile.kernel.wire.calls import DirectCalls
from services.gateway.app import make_gateway
from services.gateway.catalogue import Catalogue
from services.gateway.parts import Gateway
from tests.gateway.api.people import StandInAccess
from tests.gateway.api.test_frame import Headers, problem_of
from tests.kernel.sample import SAMPLE, STATION, sample_on

HERE = f"/api/v1/stations/{STATION}/sample"
BOXES = 23


@pytest.fixture
def client(home: Embedded, tmp_path: Path) -> Iterator[FlaskClient]:
    database, keys = Database(f"sqlite:///{tmp_path / 'sample.db'}"), Database(f"sqlite:///{tmp_path / 'keys.db'}")
    keystore_tables.create_all(keys.engine)
    sample = sample_on(database, Keystore(keys, MasterKey(bytes(32))), LogKeys(tmp_path / "log-keys"))
    for number in range(BOXES):
        sample.tell(f"box-{number}", "OpenBox", box_id=f"c-{number:02}", pieces=number + 1)
    calls = DirectCalls({"sample": sample.service}, home.composition.gatekeeper())
    access = StandInAccess(calls, home.composition)
    access.let_in("clerk", Role.CLERK, STATION)
    parts = Gateway(
        calls=access,
        token=home.composition.gateway_token,
        catalogue=Catalogue({"sample": offered_by(SAMPLE)}),
        secret=bytes(32),
        stations=lambda: [STATION],
        clock=home.home.clock,
    )
    yield make_gateway(parts).test_client()
    database.close()
    keys.close()


@pytest.fixture
def clerk() -> Headers:
    return {"Authorization": "Bearer clerk"}


@pytest.mark.parametrize("asked", ["size=5", "size=5&sort=-pieces", "size=4&least=3&sort=pieces"])
def test_links_lead_through_a_list_to_its_last_row(client: FlaskClient, clerk: Headers, asked: str) -> None:
    wanted = client.get(f"{HERE}/boxes?{re.sub(r'size=[0-9]+&?', '', asked)}", headers=clerk).get_json()["rows"]
    address, found = f"{HERE}/boxes?{asked}", []
    while address:
        response = client.get(address, headers=clerk)
        assert response.status_code == 200, response.text
        found += response.get_json()["rows"]
        assert response.get_json()["count"] == len(wanted)
        link = re.search(r'<([^>]+)>; rel="next"', response.headers.get("Link", ""))
        assert bool(link) is bool(response.get_json()["next"])
        address = link[1] if link else ""
    assert found == wanted


def test_a_cursor_says_nothing_of_the_row_at_which_the_page_ended(client: FlaskClient, clerk: Headers) -> None:
    response = client.get(f"{HERE}/boxes?size=5", headers=clerk)
    last, cursor = response.get_json()["rows"][-1]["box_id"], response.get_json()["next"]
    for given in (cursor, response.headers["Link"]):
        assert last not in given
    kept = cursor.removeprefix("~")
    assert last.encode() not in base64.urlsafe_b64decode(f"{kept}{'=' * (-len(kept) % 4)}")


def test_a_cursor_that_no_answer_gave_is_refused(client: FlaskClient, clerk: Headers) -> None:
    for cursor in ("bWFkZQ==", "~bWFkZQ==", "~", "é", "x" * 2_000):
        response = client.get(f"{HERE}/boxes", query_string={"after": cursor}, headers=clerk)
        assert "after" in problem_of(response, 422, "invalid")["fields"]


def test_a_record_shows_the_version_that_an_order_may_mind(client: FlaskClient, clerk: Headers) -> None:
    read = client.get(f"{HERE}/history?aggregate=box&key=c-09", headers=clerk)
    taken = {"box_id": "c-09", "pieces": 1, "occurred_on": "2017-02-28"}
    path = f"{HERE}/box:take-pieces"
    minded = {**clerk, "If-Match": read.headers["ETag"]}
    assert client.post(path, json=taken, headers={**minded, "Idempotency-Key": "1"}).status_code == 200
    problem_of(client.post(path, json=taken, headers={**minded, "Idempotency-Key": "2"}), 412, "stale-version")


def test_a_repeat_that_minds_the_version_is_answered_as_at_first(client: FlaskClient, clerk: Headers) -> None:
    minded = {**clerk, "If-Match": '"1"', "Idempotency-Key": "again"}
    taken = {"box_id": "c-08", "pieces": 1, "occurred_on": "2017-02-28"}
    first, second = (client.post(f"{HERE}/box:take-pieces", json=taken, headers=minded) for _ in range(2))
    assert first.status_code == 200
    assert (second.status_code, second.data) == (200, first.data)
