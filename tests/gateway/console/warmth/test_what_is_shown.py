"""Pages and notices of warmth-giving show no more than those who see them may know."""

from lastmile.kernel.domain.identity import Role
from tests.gateway.console.station import Station
from tests.gateway.console.warmth.giving import ACCOUNT, apply, carry


def test_the_notice_shows_a_masked_name_and_nothing_that_is_personal(ready: Station, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today, until="notice")
    sheet = ready.person(Role.CLERK).open("/notices/sheet?phone=8888-0000")
    article = sheet[sheet.index("<article") : sheet.index("</article")]
    assert "深度困难" in article
    assert "3,000.00" in article
    assert "8888-0000" in article
    for personal in (ready.household, "赵某", ACCOUNT, "某病", "重病", application):
        assert personal not in article


def test_who_may_not_do_a_thing_is_not_offered_it(ready: Station) -> None:
    auditor = ready.person(Role.DISTRICT_AUDITOR, "auditor")
    assert "/households/find" not in auditor.open("/households")
    assert auditor.client.get(f"{auditor.here}/pay-lists/enter").status_code == 403


def test_a_household_shows_its_file_masked_and_its_applications(ready: Station, today: str) -> None:
    application = apply(ready, today)
    page = ready.person(Role.CLERK).open(f"/households/{ready.household}")
    assert f"/applications/{application}" in page
    assert "某病" not in page
    assert ACCOUNT not in page
