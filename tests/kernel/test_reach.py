"""How far an identity reaches: own community, a second factor given lately, the version that was read."""

from dataclasses import replace

import pytest

from lastmile.kernel.domain.failures import ConfirmationNeeded, Forbidden, StaleVersion
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.service import Service
from tests.kernel.sample import CLERK, SAMPLE, STATION, Sample, order

CHAIR = Identity("zhao", Role.COMMUNITY_CHAIR, STATION, "9999-12-31T00:00:00Z", community="east")


@pytest.fixture
def boxes(sample: Sample) -> Sample:
    sample.tell("1", "OpenBox", box_id="east-1", pieces=5)
    sample.tell("2", "OpenBox", box_id="west-1", pieces=7)
    return sample


def test_a_chair_acts_on_the_own_community(boxes: Sample) -> None:
    boxes.tell("3", "TakePieces", by=CHAIR, box_id="east-1", pieces=1)
    assert boxes.pieces()["east-1"] == 4


def test_a_chair_does_not_act_on_another_community(boxes: Sample) -> None:
    with pytest.raises(Forbidden, match="own community, east"):
        boxes.tell("3", "TakePieces", by=CHAIR, box_id="west-1", pieces=1)
    assert boxes.pieces()["west-1"] == 7


@pytest.mark.parametrize("changed", [{"community": ""}, {"station": "110102018"}])
def test_a_chair_of_no_community_or_of_another_station_does_nothing(boxes: Sample, changed: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        boxes.tell("3", "TakePieces", by=replace(CHAIR, **changed), box_id="east-1", pieces=1)  # type: ignore[arg-type]


def test_a_chair_sees_the_own_community_alone(boxes: Sample) -> None:
    seen = boxes.service.ask("boxes", CHAIR, STATION, {})
    assert [row["box_id"] for row in seen["rows"]] == ["east-1"]
    assert boxes.service.ask("boxes", CLERK, STATION, {})["count"] == 2


@pytest.mark.parametrize("until", ["", "2017-03-01T03:59:59Z", "2017-03-01T04:00:00Z"])
def test_what_needs_a_second_factor_is_refused_without_one_given_lately(sample: Sample, until: str) -> None:
    careful = Service(replace(SAMPLE, confirmed=frozenset({"OpenBox"})), sample.service.resources)
    with pytest.raises(ConfirmationNeeded):
        careful.command(order("1", "OpenBox", replace(CLERK, confirmed_until=until), box_id="b", pieces=1))
    assert sample.entries() == []


def test_a_second_factor_given_lately_counts(sample: Sample) -> None:
    careful = Service(replace(SAMPLE, confirmed=frozenset({"OpenBox"})), sample.service.resources)
    lately = replace(CLERK, confirmed_until="2017-03-01T04:00:01Z")
    assert careful.command(order("1", "OpenBox", lately, box_id="b", pieces=1))["version"] == 1


def test_a_record_that_was_changed_since_it_was_read_is_not_changed_blindly(sample: Sample) -> None:
    sample.tell("1", "OpenBox", box_id="b", pieces=5)
    read = order("2", "TakePieces", box_id="b", pieces=1)
    sample.tell("other", "TakePieces", box_id="b", pieces=1)
    with pytest.raises(StaleVersion, match="at version 2, not 1"):
        sample.service.command(replace(read, expected_version=1))
    assert sample.service.command(replace(read, expected_version=2))["version"] == 3


def test_repeating_a_command_with_the_version_read_then_answers_as_at_first(sample: Sample) -> None:
    first = sample.service.command(replace(order("1", "OpenBox", box_id="b", pieces=5), expected_version=0))
    assert sample.service.command(replace(order("1", "OpenBox", box_id="b", pieces=5), expected_version=0)) == first
