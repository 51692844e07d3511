"""An import is taken back as a whole, but for what was touched since."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastmile.kernel.domain.identity import Role
from services.membership.roster_import import AdmissionsStand, ImportWasUndone
from services.membership.undoing import NotOfThisImport, TouchedSince
from tests.membership.rosters import THREE
from tests.membership.station import DAY, Membership, identity_number, workbook


def test_an_import_is_taken_back_as_a_whole(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    membership.take_back(imported["import_id"])
    assert membership.ask("members")["rows"] == []
    assert membership.found("wxm") == []
    (imported,) = membership.ask("roster_imports")["rows"]
    assert (imported["status"], imported["undone"], imported["left"]) == ("undone", 3, 0)
    assert {row["members"] for row in membership.ask("unions")["rows"]} == {0}


def test_what_was_touched_since_is_named_and_left(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    for text, name, body in (
        ("wxm", "CorrectMember", {"phone": "13900139000"}),
        ("ls", "ApplyForCard", {}),
    ):
        (row,) = membership.ask("members", text=text)["rows"]
        membership.tell(name, person_id=row["person_id"], **body, occurred_on="2017-04-01")
    membership.take_back(imported["import_id"])
    record = membership.ask("roster_import", import_id=imported["import_id"])
    assert {left["name"] for left in record["touched"]} == {"王小明", "李四"}
    assert (record["undone"], record["left"]) == (1, 2)
    assert {row["name"] for row in membership.ask("members")["rows"]} == {"王小明", "李四"}
    with pytest.raises(TouchedSince):
        membership.tell("UndoAdmission", person_id=row["person_id"], import_id=imported["import_id"])


def test_a_former_member_whom_a_roster_brought_back_is_a_former_member_again(membership: Membership) -> None:
    person_id = membership.join("王小明", 1, union="u2", occurred_on="2017-02-01")
    membership.tell("LeaveUnion", person_id=person_id, occurred_on="2017-02-15")
    assert membership.check(THREE)["counts"]["again"] == 1
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    membership.take_back(imported["import_id"])
    (row,) = membership.ask("members")["rows"]
    assert (row["living"], row["since"], row["union_id"]) == (False, "2017-02-15", "u2")


def test_after_it_was_taken_back_the_same_file_is_brought_in_anew(membership: Membership) -> None:
    membership.bring_in(THREE)
    (first,) = membership.ask("roster_imports")["rows"]
    membership.take_back(first["import_id"])
    with pytest.raises(ImportWasUndone):
        membership.tell("OpenImport", import_id=first["import_id"], file_sha256="0" * 64, rows=3)
    membership.bring_in(THREE)
    assert {row["status"] for row in membership.ask("roster_imports")["rows"]} == {"undone", "confirmed"}
    assert len(membership.ask("members")["rows"]) == 3


def test_no_import_is_called_undone_while_its_admissions_stand(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    with pytest.raises(AdmissionsStand):
        membership.tell("UndoImport", import_id=imported["import_id"])


def test_nobody_else_is_taken_back_with_an_import(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    other = membership.join("钱七", 7)
    with pytest.raises(NotOfThisImport):
        membership.tell("UndoAdmission", person_id=other, import_id=imported["import_id"])


def test_whom_a_roster_brought_by_mistake_can_be_erased(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    (row,) = membership.ask("members", text="wxm")["rows"]
    membership.take_back(imported["import_id"])
    head = membership.identity(Role.STATION_HEAD)
    membership.tell("ErasePerson", by=head, person_id=row["person_id"], ground="误录", occurred_on=DAY)
    assert membership.told()[-1] == "PersonErased"


@given(picked=st.lists(st.sampled_from(range(12)), min_size=1, max_size=12), again=st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_twice_is_the_file_once_and_taken_back_it_is_none(
    membership: Membership, picked: list[int], again: bool
) -> None:
    """Whatever rows it has, repeated ones and known ones included."""
    rows = [(f"王{number}", identity_number(500 + number), "u1" if number % 3 else "x") for number in picked]
    file = workbook([*rows, ("标记", f"{len(membership.told())}", "u1")])
    before = {row["person_id"] for row in membership.ask("members", living=True)["rows"]}
    membership.bring_in(file)
    once = membership.told()
    if again:
        membership.bring_in(file)
    assert membership.told() == once
    (import_id,) = {row["import_id"] for row in membership.ask("roster_imports", sort="-opened_on")["rows"]} & {
        membership.check(file)["import_id"]
    }
    membership.take_back(import_id)
    assert {row["person_id"] for row in membership.ask("members", living=True)["rows"]} == before
