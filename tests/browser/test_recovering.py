"""A second factor is lost: waived by one, enrolled by its person, agreed to by another, who finds it in their work."""

from playwright.sync_api import expect
from pyotp import TOTP

from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.people import Person
from tests.browser.site import STATION, Site

NARROW = WIDTHS[0]
VICE_CHAIR = f"/persons/{STATION}.vice-chair"


def test_a_waived_second_factor_counts_again_once_the_chair_agrees(page_as: PageAs, site: Site) -> None:
    administrator = Person(page_as("administrator", width=NARROW), looks=True)
    vice_chair = Person(page_as("vice_chair", width=NARROW), looks=True)
    chair = Person(page_as("chair", width=NARROW), looks=True)
    administrator.open(VICE_CHAIR)
    administrator.go("解除其验证器")
    administrator.send(ground="手机丢了")
    expect(administrator.main).to_contain_text("账号恢复待同意")
    vice_chair.open("/account/second-factor")
    secret = vice_chair.page.locator('input[name="secret"]').input_value()
    vice_chair.send(code=TOTP(secret).at(site.demo.clock()))
    expect(vice_chair.main).to_contain_text("账号被恢复过")
    chair.open("/work")
    chair.go("待同意的账号恢复")
    chair.go("同意恢复账号")
    chair.send()
    expect(chair.main).not_to_contain_text("账号恢复待同意")
    vice_chair.open("/account")
    expect(vice_chair.main).not_to_contain_text("账号被恢复过")


def test_whose_aid_is_a_persons_own_is_shown_to_those_who_know_them(page_as: PageAs) -> None:
    head, administrator = (Person(page_as(role), looks=True) for role in ("station_head", "administrator"))
    head.open(VICE_CHAIR)
    household = head.page.locator("#household").locator("..")
    expect(household).to_contain_text("同一家庭")
    administrator.open(VICE_CHAIR)
    administrator.go("解除关联会员")
    expect(administrator.main).to_contain_text("不要写身份证号")
