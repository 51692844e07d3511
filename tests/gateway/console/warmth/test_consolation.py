"""A festival's list: people are found for it, another approves it, and they sign for what they are given."""

from lastmile.kernel.domain.identity import Role
from tests.gateway.api.people import CODE
from tests.gateway.console.station import Station


def test_a_festivals_list_is_prepared_approved_by_another_and_signed_for(ready: Station, today: str) -> None:
    clerk, on = ready.person(Role.CLERK), {"occurred_on": today}
    clerk.does("/consolation/prepare", list_id="ny", occasion="may_day", fund_id="own", **on)
    clerk.does("/consolation/ny/add/0190-li", recipient="model_worker", amount_fen="500", **on)
    chair = ready.person(Role.CHAIR)
    assert "伍佰元整" in chair.open("/consolation/ny")
    assert "伍佰元整" in chair.open("/consolation/ny/approve")
    chair.does("/consolation/ny/approve", second_factor_code=CODE, **on)
    page = clerk.does("/consolation/ny/sign", opened="/consolation/ny", recipient_id="0190-li")
    assert today in page


def test_who_is_put_on_a_list_is_searched_for_in_no_address(ready: Station, today: str) -> None:
    clerk, on = ready.person(Role.CLERK), {"occurred_on": today}
    clerk.does("/consolation/prepare", list_id="ny", occasion="may_day", fund_id="own", **on)
    joined = {"name": "慕容甲", "identity_number": ready.number(771), "union_id": "u", **on}
    union = {"union_id": "u", "name": "工会", "kind": "single", "community": "c", **on}
    clerk.does("/unions/found", **union)
    clerk.does("/members/join", **joined)
    answer = clerk.send("/consolation/ny/searched", "/consolation/ny", text=joined["identity_number"])
    led_to = answer.headers["Location"]
    assert answer.status_code == 303
    assert "text=" in led_to
    assert joined["identity_number"][-8:] not in led_to
    assert "慕容甲" in clerk.open(led_to)
    assert "慕容甲" not in clerk.open("/consolation/ny?text=慕容甲").partition("</main>")[0].partition("<main")[2]
