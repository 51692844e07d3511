"""Warmth-giving under four eyes over REST alone: whoever took one step is stopped at the next in any role."""

from types import ModuleType

import pytest

from services.relief import approval, handling, releasing, reviewing
from tests.browser.site import Site
from tests.gateway.api.journeys import granting, paying
from tests.gateway.api.journeys.grants import APPLICATIONS, BEGUN, OVER, step
from tests.gateway.api.journeys.hands import Hands

CHECKS = (
    (reviewing, "handled_by_another"),
    (handling, "reviewed_by_another"),
    (approval, "prepared_by_others"),
    (approval, "terms_set_by_others"),
    (releasing, "granted_by_others"),
    (releasing, "entered_by_another"),
)
"""What stops whoever took an earlier step."""


def test_from_the_household_to_the_line_that_is_paid_again(site: Site) -> None:
    carry(site)


@pytest.mark.parametrize(("module", "check"), CHECKS, ids=lambda part: getattr(part, "__name__", part))
def test_the_journey_finds_each_check_that_is_taken_away(
    site: Site, monkeypatch: pytest.MonkeyPatch, module: ModuleType, check: str
) -> None:
    monkeypatch.setattr(module, check, lambda *_: None)
    with pytest.raises(AssertionError):
        carry(site)


def carry(site: Site) -> None:
    """The whole journey, each step tried first by everybody who may not take it."""
    site.set_date(BEGUN)
    hands = Hands(site)
    granting.more_roles_given(hands)
    granting.terms_and_fund(hands)
    granting.applied_and_checked(hands)
    granting.reviewed_by_another(hands)
    granting.returned_and_handed_in_again(hands)
    granting.noticed(hands)
    site.set_date(OVER)
    granting.notice_passed(hands)
    granting.approved_by_another(site, hands)
    file = paying.entered_by_another(hands)
    paying.released_by_another(hands, paying.FIRST_LIST, APPLICATIONS)
    paying.booked(hands, file)
    paying.paid_again(hands)
    clerk = hands.of("clerk-1", "clerk")
    for each in APPLICATIONS:
        clerk.tell("relief/payment:sign-for-grant", **step(each))
        assert clerk.ask("relief/application", application_id=each)["state"] == "signed_for"
    paying.vouchers_are_consecutive(clerk)
