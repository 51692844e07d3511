"""The history of a record shows its events and masks what is sealed; reading that is itself recorded."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.service import Service
from tests.kernel.sample import CLERK, NOON, SAMPLE, STATION, Sample


@pytest.fixture
def guests(sample: Sample) -> Sample:
    sample.tell("1", "OpenBox", box_id="b", pieces=5)
    sample.tell("2", "GreetGuest", person_id="wang", name="王小明")
    sample.tell("3", "TakePieces", box_id="b", pieces=2, occurred_on="2017-03-01")
    return sample


def history(sample: Sample, aggregate: str, key: str, **asked: str | list[str]) -> dict[str, Any]:
    found: dict[str, Any] = sample.service.ask("history", CLERK, STATION, {"aggregate": aggregate, "key": key, **asked})
    return found


def test_a_record_shows_its_events_in_order(guests: Sample) -> None:
    found = history(guests, "box", "b")
    assert [event["type"] for event in found["events"]] == ["BoxOpened", "PiecesTaken"]
    assert found["version"] == 2
    assert found["events"][0]["payload"] == {"box_id": "b", "pieces": 5}


def test_as_of_a_day_later_facts_are_not_there(guests: Sample) -> None:
    assert len(history(guests, "box", "b", as_of="2017-02-28")["events"]) == 1


def test_what_was_not_known_yet_is_not_there(guests: Sample) -> None:
    assert history(guests, "box", "b", known_at="2017-03-01T03:59:59Z")["events"] == []


def test_the_events_of_records_beside_it_are_told_among_its_own_in_the_order_of_the_log(guests: Sample) -> None:
    found = history(guests, "box", "b", beside=["guest/wang", "guest/nobody", "box/b"])
    assert [event["type"] for event in found["events"]] == ["BoxOpened", "GuestGreeted", "PiecesTaken"]
    assert (found["stream"], found["version"]) == (f"{STATION}/box/b", 2)
    assert found["events"][1]["sealed"] == ["name"]


def test_a_record_without_events_of_its_own_shows_those_beside_it(guests: Sample) -> None:
    found = history(guests, "box", "c", beside=["guest/wang"])
    assert ([event["type"] for event in found["events"]], found["version"]) == (["GuestGreeted"], 0)


def test_what_a_service_does_not_keep_stands_beside_nothing(guests: Sample) -> None:
    with pytest.raises(NotFound, match="keeps no reveal"):
        history(guests, "box", "b", beside=["reveal/2"])
    with pytest.raises(Invalid):
        history(guests, "box", "b", beside=["guest"])


def test_what_is_sealed_is_named_and_not_shown(guests: Sample) -> None:
    (event,) = history(guests, "guest", "wang")["events"]
    assert event["sealed"] == ["name"]
    assert event["payload"] == {"person_id": "wang"}


@pytest.mark.parametrize(("aggregate", "key"), [("box", "c"), ("reveal", "2"), ("sack", "b")])
def test_a_record_that_is_not_there_is_said_to_be_missing(guests: Sample, aggregate: str, key: str) -> None:
    with pytest.raises(NotFound):
        history(guests, aggregate, key)


def reveal(sample: Sample, position: int = 2, field: str = "name") -> None:
    body = {"position": position, "field": field, "ground": "asked by telephone"}
    sample.service.command(
        Order(command_id=f"{position} {field}", station=STATION, name="RevealField", body=body, identity=CLERK)
    )


def test_a_sealed_field_is_read_after_its_ground_was_recorded(guests: Sample) -> None:
    asked = {"position": 2, "field": "name"}
    with pytest.raises(Forbidden, match="after RevealField alone"):
        guests.service.ask("revealed", CLERK, STATION, asked)
    reveal(guests)
    assert guests.service.ask("revealed", CLERK, STATION, asked) == {"value": "王小明"}
    last = guests.entries()[-1]
    assert (last.type, last.actor, last.payload["ground"]) == ("FieldRevealed", "li", "asked by telephone")


def test_what_one_was_shown_another_is_not(guests: Sample) -> None:
    reveal(guests)
    with pytest.raises(Forbidden):
        guests.service.ask("revealed", replace(CLERK, person_id="sun"), STATION, {"position": 2, "field": "name"})


def test_after_some_minutes_the_ground_is_asked_again(guests: Sample) -> None:
    reveal(guests)
    resources = guests.service.resources
    later = Service(SAMPLE, replace(resources, clock=lambda: NOON + timedelta(minutes=11)))
    with pytest.raises(Forbidden):
        later.ask("revealed", CLERK, STATION, {"position": 2, "field": "name"})


@pytest.mark.parametrize(("position", "field"), [(1, "pieces"), (2, "person_id"), (9, "name")])
def test_only_what_is_sealed_is_revealed(guests: Sample, position: int, field: str) -> None:
    with pytest.raises(NotFound):
        reveal(guests, position, field)


def test_a_person_who_was_erased_has_nothing_to_show(guests: Sample) -> None:
    reveal(guests)
    guests.keystore.erase("wang", "event")
    assert guests.service.ask("revealed", CLERK, STATION, {"position": 2, "field": "name"}) == {"value": None}
