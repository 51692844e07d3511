"""A roster is brought in, and brought in again to no effect."""

import pytest

from lastmile.kernel.domain.failures import Failure
from services.membership.admission import ImportNotOpen
from tests.membership.rosters import THREE
from tests.membership.station import DAY, Membership, identity_number, orders_of, roster, workbook

SIX_THOUSAND = 6_000


def test_what_is_brought_in_stands_in_the_register(membership: Membership) -> None:
    outcomes = membership.bring_in(THREE)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    rows = {row["name"]: row for row in membership.ask("members")["rows"]}
    assert {name: (row["union_id"], row["employment"], row["since"]) for name, row in rows.items()} == {
        "王小明": ("u1", "in_service", "2017-03-01"),
        "李四": ("u2", "retired", "2017-03-05"),
        "赵五": ("u1", "in_service", DAY),
    }
    assert membership.told() == ["ImportOpened", *["MemberJoined"] * 3, "ImportConfirmed"]


def test_those_who_are_members_already_are_registered(membership: Membership) -> None:
    membership.bring_in(THREE, kind="registered")
    assert membership.told().count("MemberRegistered") == 3


def test_the_same_file_twice_changes_nothing_and_says_so(membership: Membership) -> None:
    membership.bring_in(THREE)
    before = membership.told()
    checked = membership.check(THREE)
    assert checked["counts"] == {"new": 0, "again": 0, "known": 3, "wrong": 0}
    assert checked["earlier"]["status"] == "confirmed"
    assert checked["earlier"]["admitted"] == 3
    membership.bring_in(THREE)
    assert membership.told() == before


def test_an_import_that_broke_off_goes_on_where_it_stopped(membership: Membership) -> None:
    ordered = membership.ask("roster_commands", draft=membership.check(THREE)["draft"])
    told = {"import_id": ordered["import_id"], "file_sha256": ordered["file_sha256"], "rows": ordered["rows"]}
    membership.tell("OpenImport", **told)
    membership.tell_all(orders_of(ordered)[:1])
    membership.bring_in(THREE)
    assert membership.told() == ["ImportOpened", *["MemberJoined"] * 3, "ImportConfirmed"]


def test_the_same_confirmation_from_two_windows_admits_once(membership: Membership) -> None:
    ordered = membership.ask("roster_commands", draft=membership.check(THREE)["draft"])
    membership.bring_in(THREE)
    outcomes = membership.tell_all(orders_of(ordered))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert membership.told().count("MemberJoined") == 3


def test_a_wrong_row_spoils_no_other_and_can_be_put_right_in_the_next_file(membership: Membership) -> None:
    file = workbook([("王小明", identity_number(1), "u1"), ("李四", "1", "u1")])
    membership.bring_in(file)
    assert [row["name"] for row in membership.ask("members")["rows"]] == ["王小明"]


def test_a_row_is_entered_only_while_its_import_is_open(membership: Membership) -> None:
    with pytest.raises(ImportNotOpen):
        membership.join("钱七", 7, import_id="never-opened")


def test_six_thousand_rows_are_checked_and_brought_in(membership: Membership) -> None:
    file = roster(SIX_THOUSAND)
    checked = membership.check(file)
    assert checked["counts"]["new"] == SIX_THOUSAND
    outcomes = membership.bring_in(file)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert membership.check(file)["counts"]["known"] == SIX_THOUSAND
