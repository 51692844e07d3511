"""Commands: asking twice writes once, a refusal leaves no trace, and a bulk goes on where a crash stopped it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from lastmile.kernel.domain.failures import Conflict, Failure, Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import Role
from lastmile.kernel.store.changes import Changed, Place
from lastmile.kernel.store.commands import answered_commands
from lastmile.kernel.store.execution import ROWS_IN_A_TRANSACTION, Order
from tests.kernel.boxes import NoBoxForGuests, TooFewPieces
from tests.kernel.conftest import MakeSample
from tests.kernel.sample import CLERK, LOG, STATION, Sample, order


def answered(sample: Sample) -> int:
    with sample.database.read() as connection:
        return connection.execute(select(func.count()).select_from(answered_commands)).scalar_one()


def trace(sample: Sample) -> tuple[list[bytes], dict[str, int], int]:
    """All that a command may leave behind."""
    return sample.data(), sample.pieces(), answered(sample)


def test_a_command_answers_where_its_events_stand(sample: Sample) -> None:
    answer = sample.tell("1", "OpenBox", box_id="b", pieces=5)
    (entry,) = sample.entries()
    assert answer == {
        "log": LOG,
        "position": 1,
        "stream": "110102017/box/b",
        "version": 1,
        "event_ids": [entry.event_id],
        "event_types": ["BoxOpened"],
    }
    assert (entry.actor, entry.role, entry.command_id, entry.occurred_on) == ("li", "clerk", "1", "2017-02-28")
    assert sample.pieces() == {"b": 5}


def test_asking_twice_writes_once_and_answers_the_same(sample: Sample) -> None:
    sample.tell("1", "OpenBox", box_id="b", pieces=5)
    first = sample.tell("2", "TakePieces", box_id="b", pieces=2)
    before = trace(sample)
    assert sample.tell("2", "TakePieces", box_id="b", pieces=2) == first
    assert trace(sample) == before


def test_a_repeat_gets_the_first_answer_even_when_the_world_has_moved_on(sample: Sample) -> None:
    sample.tell("1", "OpenBox", box_id="b", pieces=5)
    first = sample.tell("2", "TakePieces", box_id="b", pieces=4)
    sample.tell("3", "TakePieces", box_id="b", pieces=1)
    assert sample.tell("2", "TakePieces", box_id="b", pieces=4) == first


def test_nothing_to_do_is_a_success_that_is_remembered(sample: Sample) -> None:
    sample.tell("1", "OpenBox", box_id="b", pieces=5)
    answer = sample.tell("2", "OpenBox", box_id="b", pieces=9)
    assert answer["event_ids"] == []
    before = trace(sample)
    assert sample.tell("2", "OpenBox", box_id="b", pieces=9) == answer
    assert trace(sample) == before
    assert before[2] == 2


@pytest.mark.parametrize(
    "changed", [{"name": "TakePieces"}, {"body": {"box_id": "b", "pieces": 6, "occurred_on": "2017-02-28"}}]
)
def test_the_same_id_with_another_body_is_a_conflict(sample: Sample, changed: dict[str, Any]) -> None:
    asked = order("1", "OpenBox", box_id="b", pieces=5)
    sample.service.command(asked)
    before = trace(sample)
    with pytest.raises(Conflict, match="used before with another body"):
        sample.service.command(replace(asked, **changed))
    assert trace(sample) == before


def test_ids_of_two_callers_do_not_meet(sample: Sample) -> None:
    sample.tell("1", "OpenBox", box_id="b", pieces=5)
    sample.tell("1", "OpenBox", by=replace(CLERK, person_id="zhao"), box_id="c", pieces=6)
    assert sample.pieces() == {"b": 5, "c": 6}


def test_a_refusal_changes_nothing_and_is_not_stored(sample: Sample) -> None:
    with pytest.raises(NoBoxForGuests):
        sample.tell("1", "GreetGuest", person_id="wang", name="王小明")
    assert trace(sample) == ([], {}, 0)
    sample.tell("2", "OpenBox", box_id="b", pieces=1)
    assert sample.tell("1", "GreetGuest", person_id="wang", name="王小明")["position"] == 2


def test_a_malformed_command_names_every_wrong_field_and_changes_nothing(sample: Sample) -> None:
    with pytest.raises(Invalid) as refusal:
        sample.tell("1", "OpenBox", box_id="no id!", pieces="many", extra=1, occurred_on="2017-03-02")
    assert set(refusal.value.fields) == {"box_id", "pieces", "extra", "occurred_on"}
    assert trace(sample) == ([], {}, 0)


def test_what_has_no_canonical_form_is_refused_by_its_place(sample: Sample) -> None:
    with pytest.raises(Invalid, match=r"body\.pieces: float"):
        sample.tell("1", "OpenBox", box_id="b", pieces=1.5)
    assert trace(sample) == ([], {}, 0)


@pytest.mark.parametrize("command_id", ["", "x" * 161])
def test_a_command_needs_an_id_of_a_bearable_length(sample: Sample, command_id: str) -> None:
    with pytest.raises(Invalid, match="command_id"):
        sample.tell(command_id, "OpenBox", box_id="b", pieces=5)


def test_a_command_for_another_station_is_refused(sample: Sample) -> None:
    sample.service.open_station("110102018")
    with pytest.raises(Forbidden):
        sample.service.command(replace(order("1", "OpenBox", box_id="b", pieces=5), station="110102018"))
    assert trace(sample) == ([], {}, 0)


def test_a_command_of_someone_without_the_role_is_refused(sample: Sample) -> None:
    with pytest.raises(Forbidden):
        sample.tell("1", "OpenBox", by=replace(CLERK, role=Role.CASHIER), box_id="b", pieces=5)
    assert trace(sample) == ([], {}, 0)


def test_an_unknown_command_is_named(sample: Sample) -> None:
    with pytest.raises(NotFound, match="CloseBox"):
        sample.tell("1", "CloseBox", box_id="b")


def bulk(rows: int) -> list[Order]:
    """Boxes, with bad rows of every kind among them."""
    orders = []
    for row in range(rows):
        asked = order(f"row {row}", "OpenBox", box_id=f"b{row}", pieces=1)
        match row % 10:
            case 3:
                asked = order(f"row {row}", "OpenBox", box_id="no id!", pieces=1)
            case 5:
                asked = order(f"row {row}", "TakePieces", box_id=f"b{row - 1}", pieces=2)
            case 7:
                asked = replace(asked, identity=replace(CLERK, role=Role.CASHIER))
            case 9:
                asked = order("row 0", "OpenBox", box_id="another", pieces=1)
        orders.append(asked)
    return orders


EXPECTED = (dict, dict, dict, Invalid, dict, TooFewPieces, dict, Forbidden, dict, Conflict)


def test_bad_rows_of_a_bulk_spoil_nothing_and_each_row_has_its_result(sample: Sample) -> None:
    outcomes = sample.tell_all(bulk(40))
    assert [type(outcome) for outcome in outcomes] == [EXPECTED[row % 10] for row in range(40)]
    good = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    assert [answer["position"] for answer in good] == list(range(1, 25))
    assert len(sample.entries()) == len(sample.pieces()) == answered(sample) == 24


def test_a_bulk_asked_twice_writes_once(sample: Sample) -> None:
    first = sample.tell_all(bulk(30))
    before = trace(sample)
    second = sample.tell_all(bulk(30))
    assert trace(sample) == before
    assert [o if isinstance(o, dict) else type(o) for o in second] == [
        o if isinstance(o, dict) else type(o) for o in first
    ]


def test_rows_of_a_bulk_see_the_rows_before_them(sample: Sample) -> None:
    take = [order(f"take {n}", "TakePieces", box_id="b", pieces=2) for n in range(3)]
    outcomes = sample.tell_all([order("open", "OpenBox", box_id="b", pieces=5), *take])
    assert [isinstance(outcome, Failure) for outcome in outcomes] == [False, False, False, True]
    assert sample.pieces() == {"b": 1}


def test_a_row_asked_twice_in_one_bulk_is_written_once(sample: Sample) -> None:
    first, second = sample.tell_all([order("1", "OpenBox", box_id="b", pieces=5)] * 2)
    assert first == second
    assert len(sample.entries()) == 1


def test_a_bulk_that_crashed_in_the_middle_goes_on_where_it_stopped(make_sample: MakeSample, database_url: str) -> None:
    crashing = True

    def crash(event: Any, _place: Place) -> Iterable[Changed]:
        if crashing and event.box_id == f"b{ROWS_IN_A_TRANSACTION + 7}":
            raise SystemError
        return ()

    sample = make_sample(database_url, crash)
    orders = [order(f"row {n}", "OpenBox", box_id=f"b{n}", pieces=1) for n in range(2 * ROWS_IN_A_TRANSACTION + 3)]
    with pytest.raises(SystemError):
        sample.tell_all(orders)
    assert len(sample.entries()) == len(sample.pieces()) == answered(sample) == ROWS_IN_A_TRANSACTION
    crashing = False
    outcomes = sample.tell_all(orders)
    assert [answer["position"] for answer in outcomes if isinstance(answer, dict)] == list(range(1, len(orders) + 1))
    assert len(sample.entries()) == len(sample.pieces()) == answered(sample) == len(orders)


def test_a_bulk_for_two_stations_writes_each_to_its_own_log(sample: Sample) -> None:
    other = "110102018"
    sample.service.open_station(other)
    there = replace(order("b", "OpenBox", replace(CLERK, station=other), box_id="b", pieces=1), station=other)
    outcomes = sample.tell_all([order("a", "OpenBox", box_id="a", pieces=1), there])
    logs = [outcome["log"] for outcome in outcomes if not isinstance(outcome, Failure)]
    assert logs == [LOG, f"{other}/sample"]
    assert [entry.stream for entry in sample.entries()] == [f"{STATION}/box/a"]


@pytest.mark.parametrize("asked", [{"command_id": "11010519491231002X"}, {"box_id": "11010519491231002X"}])
def test_an_identity_number_is_no_id(sample: Sample, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="personal data"):
        sample.tell(asked.get("command_id", "one"), "OpenBox", box_id=asked.get("box_id", "b"), pieces=1)
    assert sample.entries() == []
