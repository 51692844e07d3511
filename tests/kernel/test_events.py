"""Events are flat, typed and checked when written; they are read leniently for ever."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmile.kernel.domain.canonical import LARGEST_INTEGER
from lastmile.kernel.domain.events import event, event_type, heard
from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.domain.fields import Fen, Id, Quantity, Sealed, StationCode, Text, Word

TODAY = date(2017, 3, 1)
Weather = Literal["rain", "sun"]


@event(version=2)
class Everything:
    """A field of every kind."""

    person_id: Id
    word: Word
    text: Text
    plain: str
    sealed: Annotated[str, Sealed("name")]
    amount_fen: Fen
    pieces: Quantity
    number: int
    yes: bool
    weather: Weather
    station: StationCode
    ends_on: date
    occurred_on: date
    later: int | None = None
    added: Text | None = None


FULL = Everything(
    person_id="p-1",
    word="spring_2017",
    text="春季",
    plain="x",
    sealed="王小明",
    amount_fen=100,
    pieces=3,
    number=-5,
    yes=False,
    weather="sun",
    station="110102017",
    ends_on=date(2017, 12, 31),
    occurred_on=TODAY,
    later=0,
    added="new",
)
WRONG: dict[str, Any] = {
    "person_id": "no id!",
    "word": "Not-a-word",
    "text": "",
    "plain": "x" * 501,
    "sealed": "",
    "amount_fen": 0,
    "pieces": 10**9 + 1,
    "number": LARGEST_INTEGER + 1,
    "yes": "yes",
    "weather": "fog",
    "station": "11010201",
    "later": True,
}


def test_every_kind_of_field_comes_back_from_its_payload() -> None:
    declared = event_type(FULL)
    assert (declared.name, declared.version) == ("Everything", 2)
    payload = declared.dump(FULL)
    assert "occurred_on" not in payload
    assert payload["ends_on"] == "2017-12-31"
    assert declared.load(payload, "2017-03-01") == FULL


def test_what_was_not_said_is_left_out_of_the_payload() -> None:
    sparse = replace(FULL, later=None, added=None)
    payload = event_type(sparse).dump(sparse)
    assert not {"later", "added"} & payload.keys()
    assert event_type(sparse).load(payload, "2017-03-01") == sparse


@given(
    st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=500),
    st.dates(),
    st.sampled_from(["rain", "sun"]),
)
def test_every_value_within_the_limits_comes_back(
    number: int, yes: bool, text: str, on: date, weather: Weather
) -> None:
    said = replace(FULL, number=number, yes=yes, text=text, ends_on=on, weather=weather)
    assert event_type(said).load(event_type(said).dump(said), "2017-03-01") == said


@pytest.mark.parametrize("name", WRONG)
def test_an_event_with_a_wrong_field_is_never_written(name: str) -> None:
    wrong = replace(FULL, **{name: WRONG[name]})
    with pytest.raises(Invalid) as refusal:
        event_type(wrong).dump(wrong)
    assert set(refusal.value.fields) == {name}


def test_all_wrong_fields_are_named_at_once() -> None:
    wrong = replace(FULL, **WRONG)
    with pytest.raises(Invalid) as refusal:
        event_type(wrong).dump(wrong)
    assert set(refusal.value.fields) == set(WRONG)
    assert all(name in str(refusal.value) for name in WRONG)


def test_a_reader_ignores_what_it_does_not_know() -> None:
    payload = event_type(FULL).dump(FULL) | {"from_a_newer_program": {"deep": [1]}}
    assert event_type(FULL).load(payload, "2017-03-01") == FULL


def test_a_reader_fills_in_what_an_older_program_did_not_write() -> None:
    payload = event_type(FULL).dump(FULL)
    del payload["added"]
    assert event_type(FULL).load(payload, "2017-03-01") == replace(FULL, added=None)


def test_a_service_reads_of_anothers_event_just_the_fields_it_declares() -> None:
    @heard("elsewhere")
    class Everything:
        person_id: Id
        occurred_on: date

    read = event_type(Everything).load(event_type(FULL).dump(FULL), "2017-03-01")
    assert read == Everything(person_id="p-1", occurred_on=TODAY)


def test_an_event_must_say_when_it_was_true() -> None:
    with pytest.raises(TypeError, match="must say when it was true"):

        @event()
        class Timeless:
            person_id: Id


def test_an_event_with_sealed_fields_must_name_their_person() -> None:
    with pytest.raises(TypeError, match="must name their person"):

        @event()
        class Nameless:
            name: Annotated[str, Sealed("name")]
            occurred_on: date


def test_sealed_fields_are_known_with_their_purpose() -> None:
    assert event_type(FULL).sealed == {"sealed": "name"}
