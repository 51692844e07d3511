"""Somebody who holds every role is stopped at the browser, in plain words, at each step after their own."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import PageAs
from tests.browser.people import Person
from tests.browser.site import STATION, Site
from tests.browser.watching import Watch
from tests.gateway.api.journeys import granting, paying
from tests.gateway.api.journeys.grants import APPLICATIONS, BEGUN, OVER, PLAIN, nothing_written
from tests.gateway.api.journeys.hands import Hands

In = Callable[[str, str], Person]
HANDLED = "经办人不能审核自己经办的申请"
PREPARED = "您经办、审核或公示过，不能审批"
HAD_A_HAND = "您经手过这笔救助"
ENTERED = "列单的人不能放款"


@pytest.fixture
def acting(page_as: PageAs) -> In:
    """`acting(own, role)`: whoever holds their own role first goes on in another of theirs."""

    def take_up(own: str, role: str) -> Person:
        person = Person(page_as(own), looks=True)
        person.open("/account")
        other = person.main.locator(f'button[name="role"][value="{STATION}:{role}"]')
        if other.count():  # It is not the one in which they came in.
            other.click()
            person.page.wait_for_load_state()
        return person

    return take_up


def test_whoever_took_one_step_is_refused_the_next_in_any_role(acting: In, site: Site, watch: Watch) -> None:
    watch.expect_refusals()
    site.set_date(BEGUN)
    hands = Hands(site)
    granting.more_roles_given(hands)
    granting.terms_and_fund(hands)
    granting.applied_and_checked(hands)
    with nothing_written(hands):
        _review_is_refused(acting("clerk", "station_head"))
    granting.reviewed_by_another(hands)
    granting.returned_and_handed_in_again(hands)
    granting.noticed(hands)
    site.set_date(OVER)
    granting.notice_passed(hands)
    with nothing_written(hands):
        _approval_is_refused(acting("clerk", "chair"), hands)
    granting.approved_by_another(site, hands)
    with nothing_written(hands):
        _entering_is_refused(acting("clerk", "accountant"))
    paying.entered_by_another(hands)
    with nothing_written(hands):
        _release_is_refused(acting("accountant", "cashier"), hands.code("accountant"), ENTERED)
        _release_is_refused(acting("clerk", "cashier"), hands.code("clerk-1"), HAD_A_HAND)


def _review_is_refused(handler: Person) -> None:
    handler.open(f"/applications/{PLAIN}")
    handler.sees("您已经手过这份申请")
    assert handler.main.locator(f'a[href$="/applications/{PLAIN}/review"]').count() == 0
    handler.open(f"/applications/{PLAIN}/review")
    handler.send(occurred_on=BEGUN.isoformat())
    handler.sees(HANDLED)


def _approval_is_refused(handler: Person, hands: Hands) -> None:
    """Not offered in the list, nor done where the form is opened by its address."""
    handler.open("/approvals")
    for each in APPLICATIONS:
        assert handler.main.locator(f'a[href$="/applications/{each}"]').count() == 1
        assert handler.main.locator(f'input[name="selected"][value="{each}"]').count() == 0
    handler.open(f"/applications/{PLAIN}/approve")
    handler.send(occurred_on=OVER.isoformat(), second_factor_code=hands.code("clerk-1"))
    handler.sees(PREPARED)


def _entering_is_refused(handler: Person) -> None:
    handler.open(f"/pay-lists/enter?application_id={PLAIN}")
    handler.send(pay_list_id="pay-refused", occurred_on=OVER.isoformat())
    handler.sees(HAD_A_HAND)


def _release_is_refused(handler: Person, code: str, words: str) -> None:
    handler.open(f"/pay-lists/{paying.FIRST_LIST}")
    handler.send("放款", second_factor_code=code)
    handler.sees(words)
