"""Guessing is slowed for whoever guesses, wherever from, and victims are not locked out."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from services.access.sign_in import Tries
from services.access.slowing import (
    FOR_AN_ACCOUNT_PER_HOUR,
    FREE_TRIES,
    FROM_AN_ADDRESS_PER_HOUR,
    LONGEST_WAIT_SECONDS,
    SlowDown,
    Wrong,
    until_after,
    until_fewer,
)
from tests.access.door import ELSEWHERE, HOME, OWN, Door

AT = "2017-06-01T02:00:00.000000Z"


def addresses() -> Iterator[str]:
    return (f"198.51.{number // 200}.{number % 200}" for number in count(1))


def guesses(door: Door, tries: int, *, seconds_apart: float = 1, scattered: bool = False) -> int:
    """How many of so many wrong tries were looked at, from one address or from many."""
    looked_at, many = 0, addresses()
    for _ in range(tries):
        try:
            door.knock(password="a wrong one", address=next(many) if scattered else ELSEWHERE)
            looked_at += 1
        except SlowDown:
            pass
        door.clock.move(seconds=seconds_apart)
    return looked_at


@pytest.mark.parametrize(("wrong", "seconds"), [(2, None), (3, 5), (4, 10), (6, 40), (10, 640), (11, 900), (99, 900)])
def test_the_wait_doubles_with_each_wrong_try_in_a_row(wrong: int, seconds: int | None) -> None:
    until = until_after(Wrong(wrong, AT))
    assert until == ("" if seconds is None else f"2017-06-01T02:{seconds // 60:02}:{seconds % 60:02}.000000Z")


def test_within_an_hour_only_so_many_count() -> None:
    times = ["2017-06-01T02:30:00.000000Z", "2017-06-01T02:20:00.000000Z", AT]
    assert until_fewer(times, 3) == "2017-06-01T03:00:00.000000Z"
    assert until_fewer(times, 4) == ""


def test_an_hour_of_guessing_from_one_address_gets_a_dozen_tries(door: Door) -> None:
    door.settled()
    assert guesses(door, 120, seconds_apart=30) <= 14


def test_without_the_check_every_guess_is_looked_at(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.settled()
    monkeypatch.setattr(Tries, "mind", lambda *_: None)
    assert guesses(door, 60, seconds_apart=60) == 60


def test_a_slowed_try_tells_how_long_to_wait_and_is_not_recorded(door: Door) -> None:
    door.settled()
    assert guesses(door, FREE_TRIES, seconds_apart=0) == FREE_TRIES
    end = door.access.ends()
    with pytest.raises(SlowDown) as slowed:
        door.knock(password=OWN, address=ELSEWHERE)
    assert (slowed.value.status, slowed.value.code) == (429, "slow-down")
    assert 0 < slowed.value.where["wait_seconds"] <= 6
    assert door.access.ends() == end


def test_the_right_password_after_the_wait_forgives_what_was_wrong(door: Door) -> None:
    door.settled()
    guesses(door, FREE_TRIES)
    door.clock.move(seconds=5)
    door.sign_in(address=ELSEWHERE)
    assert guesses(door, FREE_TRIES) == FREE_TRIES


def test_whoever_guesses_from_elsewhere_does_not_slow_the_victim(door: Door) -> None:
    door.settled()
    guesses(door, 30)
    door.sign_in(address=HOME)


def test_many_addresses_together_get_a_gentle_limit(door: Door) -> None:
    door.settled()
    assert guesses(door, 60, scattered=True) == FOR_AN_ACCOUNT_PER_HOUR


def test_the_victims_own_device_is_let_in_all_the_while(door: Door) -> None:
    door.settled()
    door.sign_in(device="the victim's")
    guesses(door, 60, scattered=True)
    with pytest.raises(SlowDown):
        door.knock(address=HOME)
    with pytest.raises(SlowDown):
        door.knock(address=HOME, device="a stranger's")
    door.sign_in(address=HOME, device="the victim's")


def test_a_colleague_who_guesses_behind_the_same_address_does_not_slow_the_victims_device(door: Door) -> None:
    door.settled()
    door.sign_in(device="the victim's")
    for _ in range(FREE_TRIES):
        door.knock(password="a wrong one", device="a colleague's")
    with pytest.raises(SlowDown):
        door.knock(device="a colleague's")
    door.sign_in(device="the victim's")


def test_a_known_device_is_slowed_by_its_own_wrong_tries_alone(door: Door) -> None:
    door.settled()
    door.sign_in(device="the victim's")
    for number in range(FREE_TRIES):
        door.knock(password="a wrong one", address=f"192.0.2.{number}", device="the victim's")
    with pytest.raises(SlowDown):
        door.knock(address="192.0.2.99", device="the victim's")


def test_names_that_are_nobodys_are_slowed_like_those_that_are_somebodys(door: Door) -> None:
    door.settled()
    outcomes = {}
    for person in ("li", "nobody"):
        outcomes[person] = []
        for _ in range(8):
            try:
                door.knock(person, "a wrong one", address=ELSEWHERE)
                outcomes[person].append("looked at")
            except SlowDown as slowed:
                outcomes[person].append(f"wait {slowed.where['wait_seconds']}")
            door.clock.move(seconds=2)
    assert outcomes["li"] == outcomes["nobody"]


def test_trying_one_password_on_many_names_from_one_address_is_slowed(door: Door) -> None:
    looked_at = 0
    for number in range(FROM_AN_ADDRESS_PER_HOUR + 20):
        try:
            door.knock(f"name{number}", "a common one", address=ELSEWHERE)
            looked_at += 1
        except SlowDown:
            pass
        door.clock.move(seconds=1)
    assert looked_at == FROM_AN_ADDRESS_PER_HOUR
    door.settled()
    door.sign_in(address=HOME)


def test_one_network_of_ipv6_counts_as_one_address(door: Door) -> None:
    door.settled()
    for number in range(FREE_TRIES):
        door.knock(password="a wrong one", address=f"2001:db8:1:2::{number}")
    with pytest.raises(SlowDown):
        door.knock(address="2001:db8:1:2:ffff::1")
    door.sign_in(address="2001:db8:1:3::1")


def test_tries_that_come_together_get_no_more_looks_than_tries_in_a_row(door: Door) -> None:
    door.settled()

    def outcome(number: int) -> str:
        try:
            return door.knock(password="a wrong one", address=ELSEWHERE, session_id=f"p{number}")[0]
        except SlowDown:
            return "SlowDown"

    with ThreadPoolExecutor(8) as many:
        outcomes = list(many.map(outcome, range(24)))
    assert Counter(outcomes) == {"SignInRefused": FREE_TRIES, "SlowDown": 24 - FREE_TRIES}


def test_a_clock_that_was_set_back_locks_nobody_out(door: Door) -> None:
    door.settled()
    guesses(door, FREE_TRIES)
    door.clock.move(days=-90)
    door.sign_in(address=ELSEWHERE)


def test_no_wait_is_longer_than_a_quarter_of_an_hour() -> None:
    assert LONGEST_WAIT_SECONDS == 900
