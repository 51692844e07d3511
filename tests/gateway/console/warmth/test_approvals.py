"""Many are approved at once, with their sum in capitals; what is out of the ordinary is approved alone."""

import re

from lastmile.kernel.domain.identity import Role
from tests.gateway.api.people import CODE
from tests.gateway.console.station import Station
from tests.gateway.console.warmth.giving import apply, carry


def test_what_is_out_of_the_ordinary_leaves_the_list_that_is_approved_at_once(ready: Station, today: str) -> None:
    plain, near = apply(ready, today, "3000"), apply(ready, today, "4900")
    for application in (plain, near):
        carry(ready, application, today)
    chair = ready.person(Role.CHAIR)
    page = chair.open("/approvals")
    assert re.findall(r'name="selected" value="([^"]*)"', page) == [plain]
    assert "接近上限" in page
    answer = chair.send("/approvals", selected=[near], second_factor_code=CODE, occurred_on=today)
    assert "请至少选一份" in answer.text
    single = chair.open(f"/applications/{near}/approve")
    assert "肆仟玖佰元整" in single


def test_the_sum_of_what_is_ticked_is_told_anew_in_capitals(ready: Station, today: str) -> None:
    first, second = apply(ready, today, "3000"), apply(ready, today, "2000.50")
    for application in (first, second):
        carry(ready, application, today)
    chair = ready.person(Role.CHAIR)
    assert "伍仟元伍角" in chair.open("/approvals")
    answer = chair.send("/approvals/sum", "/approvals", selected=[second])
    assert "贰仟元伍角" in answer.text
    assert "共 1 笔" in answer.text


def test_a_wrong_second_factor_approves_nothing(ready: Station, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today)
    chair = ready.person(Role.CHAIR)
    answer = chair.send("/approvals", selected=[application], second_factor_code="000000", occurred_on=today)
    assert answer.status_code == 422
    assert application in chair.open("/approvals")
